"""Forms that pass work on. A form with errors keeps everything that was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.utils import timezone

from handoffs.brief import Brief
from handoffs.brief.found_lines import Line
from handoffs.models import Handoff
from handoffs.models.feedback import COMMENT
from resolutionflow.accounts.models import Priority, Team, User
from resolutionflow.core.text import SHORT
from resolutionflow.web.form_fields import (
    CorrectionForm,
    FocusableRadios,
    LineField,
    LocalTimeField,
    TextField,
    check_sum,
    focus,
)
from resolutionflow.web.templatetags import clock_time
from sessions_app.models import Session


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
    return [(f"{word}-{row.pk}", _option(row)) for row in rows]


def _option(row: User | Team) -> str:
    """A person's name with whether they are off shift, else how many sessions they hold."""
    if isinstance(row, Team) or row.is_off_shift:
        return row.name if isinstance(row, Team) else row.choice
    held = getattr(row, "holds", 0)
    return f"{row.name} (holds {held})" if held else f"{row.name} (free)"


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
        """Everybody but this person and the holder, who is on shift first, each with how many sessions they hold."""
        others = User.objects.visible_to(user).engineers().exclude(pk__in=[user.pk, holder or 0])
        held = Count("sessions_assigned", filter=Q(sessions_assigned__status=Session.Status.ACTIVE))
        people = list(others.annotate(holds=held).order_by("name", "id"))
        people.sort(key=lambda person: person.is_off_shift)
        return cls(people, list(Team.objects.visible_to(user)))


class AffectedForm(forms.Form):
    """Who is affected: a line that the end of a shift asks for, too."""

    affected = LineField(label="Affected", limit=SHORT, required=False, help_text="How many, and what they cannot do.")


class LinesForm(AffectedForm):
    """The five lines that an escalation carries beside its note."""

    suspect = LineField(label="Suspect", limit=SHORT, required=False, help_text="The likeliest cause so far.")
    next_step = LineField(label="Next", limit=SHORT, required=False, help_text="What to try next.")
    watch_out = LineField(
        label="Watch out",
        limit=SHORT,
        required=False,
        help_text="What must not be done, what is temporary, deadlines.",
    )
    contact = LineField(
        label="Contact", limit=SHORT, required=False, help_text="Who at the client, how and when to reach them."
    )

    @property
    def lines(self) -> list[forms.BoundField]:
        return [self[name] for name in LinesForm.base_fields]


ASKED = "Who is affected, and what can they not do? Send it again to leave it out."


class EscalateFields(AffectedForm):
    """What every escalation needs: why, how urgent, for whom, and who is affected, which is asked for once where it
    presses."""

    notes = TextField(
        label="Why are you escalating?",
        rows=6,
        mentions=True,
        help_text="Your colleague reads this first; your steps are included. **bold**, `code` and - lists show.",
        error_messages={"required": "Say why you are escalating: it is the first thing your colleague reads."},
    )
    priority = forms.TypedChoiceField(label="Priority", choices=Priority, coerce=int, initial=Priority.NORMAL)
    target = TargetField(label="For", required=False)
    asked = forms.BooleanField(required=False, widget=forms.HiddenInput)  # for whom is affected, once already

    def __init__(self, *args: Any, session: Session, user: User, targets: Targets | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        targets = targets or Targets.of(user, holder=session.assignee_id)
        target = self.fields["target"]
        assert isinstance(target, TargetField)
        target.offer(targets.people, targets.teams)
        minutes = session.account.widen_after
        target.help_text = f"A person or team gets {minutes} minutes before it opens to anyone."

    @property
    def was_asked(self) -> bool:
        """Whether it has asked for whom is affected: sent once more, it takes no for an answer."""
        return self.is_bound and (self.cleaned_data.get("asked", False) or self.has_error("affected", "asked"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        fields = self.cleaned_data
        pressing = fields.get("priority") in (Priority.URGENT, Priority.HIGH)
        if pressing and not fields.get("affected") and not self.has_error("affected") and not fields.get("asked"):
            self.add_error("affected", forms.ValidationError(ASKED, code="asked"))
        return fields


class EscalateForm(LinesForm, EscalateFields):
    """Escalate a session: the lines are filled in with what the record says, to be confirmed or corrected."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)  # a check sum of the session's contact

    def __init__(self, *args: Any, brief: Brief, **kwargs: Any) -> None:
        initial = {name: brief.known(name)[0].text for name in LinesForm.base_fields if brief.known(name)}
        initial["shown"] = check_sum(brief.session.contact)
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.brief = brief

    def clean(self) -> dict[str, Any]:
        """A contact that was left as the session had it is the one that the session has by now."""
        fields = super().clean()
        if check_sum(fields.get("contact", "-")) == fields.pop("shown", ""):
            fields["contact"] = self.brief.session.contact
        return fields

    def full_clean(self) -> None:
        super().full_clean()
        first = "affected" if self.is_bound and list(self.errors) == ["affected"] else "notes"
        focus(self, first)

    @property
    def found(self) -> list[tuple[forms.BoundField, list[Line]]]:
        """Each line's field with what was found for it, best first."""
        return [(field, self.brief.known(field.name)) for field in self.lines]

    @property
    def missing(self) -> list[str]:
        """The labels of the lines of which nothing is on record."""
        return [str(field.label) for field in self.lines if not self.brief.known(field.name)]


class CorrectForm(CorrectionForm, LinesForm):
    """Correct the note and the lines of an escalation that waits."""

    notes = EscalateFields.base_fields["notes"]
    field_order = ["notes"]

    def __init__(self, *args: Any, handoff: Handoff, **kwargs: Any) -> None:
        written = {name: getattr(handoff, name) for name in ("notes", *LinesForm.base_fields)}
        written["contact"] = handoff.session.contact  # the one that counts
        super().__init__(*args, initial=written, **kwargs)


class ParkForm(forms.Form):
    """Park a session, with a rule for when it comes back."""

    AT, NEXT, NONE = "at", "next_business_day", "none"

    notes = TextField(label="Note to yourself", rows=3, mentions=True, required=False)
    wake = forms.ChoiceField(
        label="Bring it back",
        widget=FocusableRadios,
        initial=NEXT,
    )
    wake_at = LocalTimeField(label="Time", required=False)

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        focus(self, "wake")
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
    reason = TextField(label="Why", rows=2, mentions=True, required=False)


class WithdrawForm(ReleaseForm):
    pass


class ReturnForm(forms.Form):
    reason = TextField(
        label="What should they do?",
        rows=3,
        mentions=True,
        error_messages={"required": "Say why it comes back, and what to do next."},
    )


class TakeOverForm(forms.Form):
    reason = TextField(label="Why", rows=2, mentions=True, error_messages={"required": "Say why you take it over."})


class TransferForm(forms.Form):
    to = forms.ModelChoiceField(
        User.objects.none(),
        label="To",
        empty_label="Choose a colleague",
        error_messages={"required": "Choose who gets it.", "invalid_choice": "Choose an active engineer."},
    )
    reason = TextField(label="Why", rows=2, mentions=True, required=False)

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


class HoldForm(forms.Form):
    reason = LineField(label="Why", error_messages={"required": "Say why nobody should be called."})


class FeedbackForm(forms.Form):
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False, widget=forms.HiddenInput)
    useful = forms.TypedChoiceField(choices=[("yes", "Yes"), ("no", "No")], coerce=lambda said: said == "yes")
    comment = LineField(limit=COMMENT, required=False)


class PriorityForm(forms.Form):
    priority = forms.TypedChoiceField(label="Priority", choices=Priority, coerce=int)
