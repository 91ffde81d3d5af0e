"""The form for the end of a shift: for each thing one holds a choice, and the fields of what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from handoffs.brief import Brief
from handoffs.forms.handoff import EscalateFields, ParkForm, ReleaseForm, Targets, TransferForm
from handoffs.models import Handoff
from resolutionflow.accounts.models import Priority, User
from sessions_app.models import Session

ESCALATE, TRANSFER, PARK, RELEASE, KEEP = "escalate", "transfer", "park", "release", "keep"
LABELS = {
    ESCALATE: "Escalate",
    TRANSFER: "Transfer",
    PARK: "Park",
    RELEASE: "Release to the queue",
    KEEP: "Keep",
}
# A claim does not outlive the shift, so it cannot be kept, and nothing is chosen for its claimer.
OF_A_CLAIM, OF_ONES_OWN = (TRANSFER, PARK, RELEASE), (ESCALATE, PARK, KEEP)


class WhatField(forms.ChoiceField):
    """Takes any of the choices, also one that is not offered any more: it may have been when the page was opened, and
    the verb decides."""

    def valid_value(self, value: str) -> bool:
        return value in LABELS


class ChoiceForm(forms.Form):
    do = WhatField(
        label="What happens with it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what happens with it: your shift ends with this."},
    )

    def __init__(self, *args: Any, words: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        do = self.fields["do"]
        assert isinstance(do, forms.ChoiceField)
        do.choices = [(word, LABELS[word]) for word in words]
        do.initial = KEEP if KEEP in words else None


class ItemForm:
    """The forms of one thing on the page; their field names begin with the number of its session."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        session: Session,
        claim: Handoff | None,
        user: User,
        targets: Targets,
        brief: Brief,
    ) -> None:
        prefix, known = f"s{session.pk}", brief.known("affected")
        priority = claim.priority if claim else Priority.NORMAL
        escalation = {"notes": "My shift ends.", "priority": priority, "affected": known[0].text if known else ""}
        self.words = OF_A_CLAIM if claim else OF_ONES_OWN
        self.ends = data is not None and data.get("end") == "yes"
        self.choice = ChoiceForm(data, prefix=prefix, words=self.words, use_required_attribute=False)
        self.escalate = EscalateFields(
            data if self._is(data, ESCALATE) else None,
            prefix=f"{prefix}-escalate",
            session=session,
            user=user,
            targets=targets,
            initial=escalation,
            use_required_attribute=False,
        )
        self.transfer = TransferForm(
            data if self._is(data, TRANSFER) else None,
            prefix=f"{prefix}-transfer",
            handoff=claim,
            user=user,
            people=targets.people,
            use_required_attribute=False,  # a browser would ask for it where something else is chosen
        )
        self.park = ParkForm(data if self._is(data, PARK) else None, prefix=f"{prefix}-park", session=session)
        self.release = ReleaseForm(data if self._is(data, RELEASE) else None, prefix=f"{prefix}-release")

    def _is(self, data: QueryDict | None, chosen: str) -> bool:
        return data is not None and data.get(self.choice.add_prefix("do")) == chosen

    @property
    def do(self) -> str:
        """The word of what was chosen; "" for a claim that somebody who stays on shift left as it is."""
        return str(self.choice["do"].value() or "")

    @property
    def is_left(self) -> bool:
        return self.do in ("", KEEP)

    @property
    def offered(self) -> list[tuple[str, forms.Form]]:
        """What is offered, as pairs of its word and its form."""
        return [(word, self._every[word]) for word in self.words if word in self._every]

    @property
    def _every(self) -> dict[str, forms.Form]:
        return {ESCALATE: self.escalate, TRANSFER: self.transfer, PARK: self.park, RELEASE: self.release}

    @property
    def chosen(self) -> forms.Form | None:
        """The form of what was chosen; None where it has no fields."""
        return self._every.get(self.do)

    @property
    def fields(self) -> dict[str, Any]:
        """The arguments of the verb, once the form is valid."""
        fields = self.chosen.cleaned_data if self.chosen else {}
        return {name: value for name, value in fields.items() if name != "asked"}

    def is_valid(self) -> bool:
        if not self.do and not self.ends:
            return True
        if self.choice.is_valid() and self.ends and self.do == KEEP and KEEP not in self.words:
            self.refuse(str(self.choice.fields["do"].error_messages["required"]))  # it has become a claim meanwhile
        return self.choice.is_valid() and (self.chosen is None or self.chosen.is_valid())

    def refuse(self, said: str) -> None:
        """Show a verb's refusal at this thing, which comes again with what was typed."""
        self.choice.add_error("do", said)

    @property
    def typed(self) -> str:
        """The text that was typed for what was chosen, which would otherwise be lost."""
        if self.chosen is None:
            return ""
        return str(self.chosen["notes" if "notes" in self.chosen.fields else "reason"].value() or "")
