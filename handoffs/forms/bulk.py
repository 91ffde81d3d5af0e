"""The form for several cards at once: the ids, the verb, and the fields of that verb."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from handoffs.forms.handoff import ParkForm, PersonField
from handoffs.models import Handoff
from resolutionflow.accounts.models import Priority, User
from resolutionflow.core.text import as_id
from resolutionflow.web.form_fields import LocalTimeField
from resolutionflow.web.templatetags import clock_time

MOST = 100


class ChosenField(forms.Field):
    """The ids that were ticked, each once. What is no number is passed over, like an id that does not exist."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[str]:
        return list(dict.fromkeys(value or []))

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if len(value) > MOST:
            raise forms.ValidationError(f"These are {len(value)} cards. Choose at most {MOST} at once.")  # fmt: skip


class BulkForm(forms.Form):
    """One of three verbs; fields of the other two are ignored."""

    use_required_attribute = False  # a browser would ask for the other verbs' fields too

    pk = ChosenField(error_messages={"required": "Choose at least one card."})
    do = forms.ChoiceField(
        choices=[("priority", ""), ("transfer", ""), ("park", "")],
        error_messages={"required": "Choose what to do with them.", "invalid_choice": "Choose what to do."},
    )
    priority = forms.TypedChoiceField(
        label="Priority",
        choices=Priority,
        coerce=int,
        initial=Priority.HIGH,
        error_messages={"required": "Choose a priority."},
    )
    to = PersonField(
        User.objects.none(),
        label="Colleague",
        empty_label="Choose a colleague",
        error_messages={
            "required": "Choose who gets them.",
            "invalid_choice": "Choose an active engineer.",
        },
    )
    wake = forms.ChoiceField(
        label="Bring them back",
        initial=ParkForm.NEXT,
        error_messages={"required": "Choose when they come back."},
    )
    wake_at = LocalTimeField(label="Time", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "bulk_%s", **kwargs})
        assert user.account is not None
        self.user = user
        self.next_business_day = user.account.next_business_day(timezone.now())
        to, wake = self.fields["to"], self.fields["wake"]
        assert isinstance(to, forms.ModelChoiceField)
        assert isinstance(wake, forms.ChoiceField)
        to.queryset = User.objects.visible_to(user).engineers()
        wake.choices = [
            (ParkForm.NEXT, f"On the next business day, {clock_time(self.next_business_day)}"),
            (ParkForm.AT, "Pick a time"),
            (ParkForm.NONE, "No reminder"),
        ]

    def clean(self) -> dict[str, Any]:
        wanted = {"priority": ("priority",), "transfer": ("to",), "park": ("wake", "wake_at")}
        mine = ("pk", "do", *wanted.get(str(self.cleaned_data.get("do")), ()))
        for name in list(self.errors):
            if name not in mine:
                del self.errors[name]  # the other verbs' fields stand beside it, untouched
        if self.cleaned_data.get("do") == "park":
            self._check_wake()
        return self.cleaned_data

    def _check_wake(self) -> None:
        fields = self.cleaned_data
        match fields.get("wake"):
            case ParkForm.NEXT:
                fields["wake_at"] = self.next_business_day
            case ParkForm.NONE:
                fields["wake_at"] = None
            case ParkForm.AT:
                self._check_time()

    def _check_time(self) -> None:
        wake_at = self.cleaned_data.get("wake_at")
        if "wake_at" in self.errors:
            return
        if wake_at is None:
            self.add_error("wake_at", "Choose when they come back.")
        elif wake_at <= timezone.now():
            self.add_error("wake_at", "This time has passed. Choose one to come.")

    @property
    def chosen(self) -> list[Handoff]:
        """The handoffs of this account among the chosen ids, in the queue's order."""
        known = [number for pk in self.cleaned_data.get("pk", []) if (number := as_id(pk))]
        rows = Handoff.objects.visible_to(self.user).with_people().filter(pk__in=known)
        return list(rows.order_by("priority", "opened_at", "id"))

    @property
    def fields_of_verb(self) -> dict[str, Any]:
        name = {"priority": "priority", "transfer": "to", "park": "wake_at"}[self.cleaned_data["do"]]
        return {name: self.cleaned_data[name]}
