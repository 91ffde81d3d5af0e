"""The end of a shift as it is typed: for each thing one holds a choice, and the form of what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from handoffs.forms import EscalateForm, ParkForm, ReleaseForm, Targets, draft
from handoffs.models import Handoff, Priority
from resolutionflow.accounts.models import User
from sessions_app.models import Session, Step

HAND_OVER, PARK, RELEASE, KEEP = "hand_over", "park", "release", "keep"


class ChoiceForm(forms.Form):
    do = forms.ChoiceField(
        label=_("What happens with it?"),
        widget=forms.RadioSelect,
        initial=KEEP,
        error_messages={"required": _("Choose what happens with it.")},
    )

    def __init__(self, *args: Any, may_release: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        do = self.fields["do"]
        assert isinstance(do, forms.ChoiceField)
        choices = [(HAND_OVER, _("Hand over")), (PARK, _("Park")), (RELEASE, _("Release")), (KEEP, _("Keep"))]
        do.choices = [(value, word) for value, word in choices if may_release or value != RELEASE]


class ItemForm:
    """One thing on the page; the fields of each form begin with the number of its session."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        session: Session,
        claim: Handoff | None,
        steps: Sequence[Step],
        user: User,
        targets: Targets,
    ) -> None:
        prefix = f"s{session.pk}"
        # What was sent may have been a claim when the page was opened: the verb knows what it is now.
        self.choice = ChoiceForm(data, prefix=prefix, may_release=data is not None or claim is not None)
        self.hand_over = EscalateForm(
            data if self._is(data, HAND_OVER) else None,
            prefix=f"{prefix}-hand_over",
            session=session,
            user=user,
            steps=steps,
            targets=targets,
            initial={"notes": _note(steps), "priority": claim.priority if claim else Priority.NORMAL},
        )
        self.park = ParkForm(data if self._is(data, PARK) else None, prefix=f"{prefix}-park", session=session)
        self.release = ReleaseForm(data if self._is(data, RELEASE) else None, prefix=f"{prefix}-release")
        self.may_release = claim is not None

    def _is(self, data: QueryDict | None, chosen: str) -> bool:
        return data is not None and data.get(self.choice.add_prefix("do")) == chosen

    @property
    def do(self) -> str:
        return str(self.choice["do"].value())

    @property
    def chosen(self) -> forms.Form | None:
        """The form of what was chosen; to keep something takes none."""
        every: dict[str, forms.Form] = {HAND_OVER: self.hand_over, PARK: self.park, RELEASE: self.release}
        return every.get(self.do)

    @property
    def fields(self) -> dict[str, Any]:
        """What the verb takes, once it is valid."""
        return dict(self.chosen.cleaned_data) if self.chosen else {}

    def is_valid(self) -> bool:
        return self.choice.is_valid() and (self.chosen is None or self.chosen.is_valid())

    def refuse(self, said: str) -> None:
        """What the verb said no to comes again, with what was typed and why."""
        self.choice.add_error("do", said)

    @property
    def typed(self) -> str:
        """What would be lost with the form: the text of what was chosen."""
        fields = {HAND_OVER: self.hand_over["notes"], PARK: self.park["notes"], RELEASE: self.release["reason"]}
        return str(fields[self.do].value() or "") if self.do in fields else ""


def _note(steps: Sequence[Step]) -> str:
    """A reason that is true, and what was tried: enough for a colleague to begin with."""
    return "\n".join(line for line in (say("My shift ends."), draft(steps)) if line)
