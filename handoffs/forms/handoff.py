"""Forms that pass work on. A form with errors keeps everything that was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from handoffs.models import Handoff
from resolutionflow.accounts.models import Priority, Team, User
from resolutionflow.core.text import cut, one_line
from resolutionflow.web.form_fields import LineField, LocalTimeField, TextField
from resolutionflow.web.templatetags import clock_time
from sessions_app.models import Session, Step


class TargetField(forms.ChoiceField):
    """Anyone, one person or one team, in one select. Its value is the arguments of Handoff.escalate()."""

    def offer(self, people: list[User], teams: list[Team]) -> None:
        self._offered = {f"user-{user.pk}": user for user in people} | {f"team-{team.pk}": team for team in teams}
        groups = {"People": _options(people, "user"), "Teams": _options(teams, "team")}
        self.choices = [("", "Anyone"), *((name, options) for name, options in groups.items() if options)]

    def clean(self, value: Any) -> dict[str, Any]:
        key = super().clean(value)
        chosen = self._offered.get(key)
        return {"target_team" if isinstance(chosen, Team) else "target_user": chosen} if chosen else {}


def _options(rows: Sequence[User | Team], word: str) -> list[tuple[str, str]]:
    return [(f"{word}-{row.pk}", row.choice if isinstance(row, User) else row.name) for row in rows]


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # it takes none at run time
    """A select of people; it says who is off shift."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.choice)


@dataclass(frozen=True)
class Targets:
    """The people and teams that may be chosen: read once for a page with several forms."""

    people: list[User]
    teams: list[Team]

    @classmethod
    def of(cls, user: User, *, holder: int | None = None) -> Targets:
        others = User.objects.visible_to(user).engineers().exclude(pk__in=[user.pk, holder or 0])
        return cls(list(others), list(Team.objects.visible_to(user)))


class EscalateForm(forms.Form):
    """Escalate a session."""

    notes = TextField(
        label="Why are you escalating?",
        rows=6,
        help_text="Your colleague reads this first. Your steps are included automatically.",
        error_messages={"required": "Say why you are escalating: it is the first thing your colleague reads."},
    )
    priority = forms.TypedChoiceField(label="Priority", choices=Priority, coerce=int, initial=Priority.NORMAL)
    target = TargetField(label="For", required=False)

    def __init__(
        self,
        *args: Any,
        session: Session,
        user: User,
        steps: Sequence[Step] | None = None,
        targets: Targets | None = None,
        **kwargs: Any,
    ) -> None:
        self.draft = draft(list(session.steps.order_by("order")) if steps is None else steps)
        super().__init__(*args, **{"initial": {"notes": self.draft}, **kwargs})
        targets = targets or Targets.of(user, holder=session.assignee_id)
        target = self.fields["target"]
        assert isinstance(target, TargetField)
        target.offer(targets.people, targets.teams)
        minutes = session.account.widen_after
        target.help_text = f"A person or team gets {minutes} minutes before it opens to anyone."

    def clean_notes(self) -> str:
        notes = str(self.cleaned_data["notes"])
        if self.draft and notes == self.draft.strip():
            raise forms.ValidationError("Say why you are escalating, too: these lines are included automatically.")
        return notes


def draft(steps: Sequence[Step]) -> str:
    """A reason to begin with: what was tried and what is missing, in two lines."""
    lines = []
    if failed := [step.text for step in steps if step.outcome == "failed"]:
        lines.append(f"Tried, didn't work: {_in_words(failed)}.")
    if missing := [step.text for step in steps if step.outcome == "pending"]:
        lines.append(f"Still open: {_in_words(missing)}.")
    return "\n".join(lines)


def _in_words(texts: list[str]) -> str:
    return cut("; ".join(cut(one_line(text), 80).rstrip(".") for text in texts), 400)


class ParkForm(forms.Form):
    """Park a session, with a rule for when it comes back."""

    AT, NEXT, NONE = "at", "next_business_day", "none"

    notes = TextField(label="Note to yourself", rows=3, required=False)
    wake = forms.ChoiceField(
        label="Bring it back",
        widget=forms.RadioSelect,
        initial=NEXT,
    )
    wake_at = LocalTimeField(label="Time", required=False)

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.next_business_day: datetime = session.account.next_business_day(timezone.now())
        wake = self.fields["wake"]
        assert isinstance(wake, forms.ChoiceField)
        next_day = f"On the next business day, {clock_time(self.next_business_day)}"
        wake.choices = [
            (self.NEXT, next_day),
            (self.AT, "Pick a time"),
            (self.NONE, "No reminder"),
        ]

    def clean(self) -> dict[str, Any]:
        fields = self.cleaned_data
        match fields.get("wake"):
            case self.AT:
                self._check_time(fields.get("wake_at"))
            case self.NEXT:
                fields["wake_at"] = self.next_business_day
            case _:
                fields["wake_at"] = None
        return fields

    def _check_time(self, wake_at: datetime | None) -> None:
        if "wake_at" in self.errors:
            return
        if wake_at is None:
            self.add_error("wake_at", "Choose when it comes back.")
        elif wake_at <= timezone.now():
            self.add_error("wake_at", "This time has passed. Choose one to come.")


class ReleaseForm(forms.Form):
    reason = TextField(label="Why", rows=2, required=False)


class WithdrawForm(ReleaseForm):
    pass


class ReturnForm(forms.Form):
    reason = TextField(
        label="What should they do?",
        rows=3,
        error_messages={"required": "Say why it comes back, and what to do next."},
    )


class TakeOverForm(forms.Form):
    reason = TextField(label="Why", rows=2, error_messages={"required": "Say why you take it over."})


class TransferForm(forms.Form):
    to = forms.ModelChoiceField(
        User.objects.none(),
        label="To",
        empty_label="Choose a colleague",
        error_messages={"required": "Choose who gets it.", "invalid_choice": "Choose an active engineer."},
    )
    reason = TextField(label="Why", rows=2, required=False)

    def __init__(
        self,
        *args: Any,
        handoff: Handoff | None,
        user: User,
        people: Sequence[User] | None = None,
        **kwargs: Any,
    ) -> None:
        """`people` are the account's engineers without the user, where a page with several forms has read them."""
        super().__init__(*args, **kwargs)
        engineers = User.objects.visible_to(user).engineers()
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)
        to.queryset = engineers
        # Those it came from get it back by a return: the verb says so where one is sent all the same.
        left_out = {handoff.claimed_by_id, handoff.sender_id, handoff.holder_id} if handoff else set()
        known = engineers if people is None else people
        to.choices = lambda: [
            ("", to.empty_label),
            *((person.pk, person.choice) for person in known if person.pk not in left_out),
        ]


class ReadBackForm(forms.Form):
    text = LineField(label="Next step", error_messages={"required": "Say in one line what you do next."})


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(label="Priority", choices=Priority, coerce=int)
