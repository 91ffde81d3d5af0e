"""The forms of what people hear of beside the bell: a person's own, what the account's people have otherwise; and whom
an escalation would notify."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from handoffs.forms.handoff import TargetField, Targets
from notifications.models import BY_NAME, SUBJECTS, Preference, Subject, Way
from notifications.models.preference import problem_with_hours
from resolutionflow.accounts.models import Priority, User
from resolutionflow.web.form_fields import AlwaysSentCheckbox
from sessions_app.models import Session


class LevelsForm(forms.Form):
    """A choice for each subject and way; `otherwise` says what holds where nothing is chosen, None if it must be."""

    otherwise: Preference | None = None

    def __init__(self, *args: Any, preference: Preference, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for subject in SUBJECTS:
            for way in Way:
                chosen = preference.levels.get(subject.name, {}).get(way.value)
                if self.otherwise is None:
                    chosen = preference.scope(subject, way)
                self.fields[_name(subject, way)] = forms.TypedChoiceField(
                    label=way.label,
                    choices=self._choices(subject, way),
                    coerce=int,
                    empty_value=None,
                    required=self.otherwise is None,
                    initial="" if chosen is None else chosen,
                )

    def _choices(self, subject: Subject, way: Way) -> list[tuple[Any, str]]:
        choices: list[tuple[Any, str]] = [(scope.value, scope.label) for scope in subject.scopes_by(way)]
        if self.otherwise is None:
            return choices
        return [("", f"{self.otherwise.scope(subject, way).label} (account)"), *choices]

    def rows(self) -> Iterator[tuple[Subject, list[forms.BoundField]]]:
        """Each subject with its fields, one for each way."""
        for subject in SUBJECTS:
            yield subject, [self[_name(subject, way)] for way in Way]

    @property
    def levels(self) -> dict[str, dict[str, int]]:
        """What was chosen, as Preference stores it."""
        data = self.cleaned_data
        found = {
            subject.name: {way.value: data[_name(subject, way)] for way in Way if data[_name(subject, way)] is not None}
            for subject in SUBJECTS
        }
        return {name: by_way for name, by_way in found.items() if by_way}


def _name(subject: Subject, way: Way) -> str:
    return f"{subject.name}_{way.value}"


def _time(label: str) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(label=label, required=False, input_formats=["%H:%M", "%H:%M:%S"], widget=widget)


class PreferenceForm(LevelsForm):
    """One's own."""

    digest = forms.TypedChoiceField(
        label="When there are many mails",
        required=False,
        coerce=lambda chosen: chosen == "yes",
        empty_value=None,
        help_text="What is urgent and for you always comes at once.",
    )
    quiet_from = _time("From")
    quiet_until = _time("Until")
    on_shift_only = forms.BooleanField(
        label="Mail me only while I am on shift",
        required=False,
        widget=AlwaysSentCheckbox,
        help_text="What came meanwhile is in one mail once you are back.",
    )

    def __init__(self, *args: Any, preference: Preference, **kwargs: Any) -> None:
        self.otherwise = preference.account_wide or Preference()
        super().__init__(*args, preference=preference, **kwargs)
        usual = "The first at once, then one in 15 minutes" if self.otherwise.is_digest else "Each at once"
        choices = [("", f"{usual} (account)"), ("yes", "The first at once, then one in 15 minutes")]
        self.fields["digest"].choices = [*choices, ("no", "Each at once")]  # type: ignore[attr-defined]
        self.initial["digest"] = {None: "", True: "yes", False: "no"}[preference.digest]
        for name in ("quiet_from", "quiet_until", "on_shift_only"):
            self.initial[name] = getattr(preference, name)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        if not self.errors.keys() & {"quiet_from", "quiet_until"}:
            for name, problem in problem_with_hours(data["quiet_from"], data["quiet_until"]).items():
                self.add_error(name, problem)
        return data

    @property
    def chosen(self) -> dict[str, Any]:
        """As Preference.choose() takes it."""
        names = ("digest", "quiet_from", "quiet_until", "on_shift_only")
        return {"levels": self.levels, **{name: self.cleaned_data[name] for name in names}}


class AccountPreferenceForm(LevelsForm):
    """What the account's people have who chose nothing."""

    digest = forms.BooleanField(
        label="Of many mails the first at once, then one in 15 minutes",
        required=False,
        widget=AlwaysSentCheckbox,
        help_text="It lists what is still true. What is urgent and for its reader always comes at once.",
    )

    def __init__(self, *args: Any, preference: Preference, **kwargs: Any) -> None:
        super().__init__(*args, preference=preference, **kwargs)
        self.initial["digest"] = preference.is_digest

    @property
    def chosen(self) -> dict[str, Any]:
        """As Preference.choose_for_account() takes it: what differs from the product's own."""
        differs = {
            name: {way: scope for way, scope in by_way.items() if scope != BY_NAME[name].default_by(way)}
            for name, by_way in self.levels.items()
        }
        levels = {name: by_way for name, by_way in differs.items() if by_way}
        return {"levels": levels, "digest": None if self.cleaned_data["digest"] else False}


class TargetForm(forms.Form):
    """For whom, and how urgent: as the escalate form has them."""

    target = TargetField(required=False)
    priority = forms.TypedChoiceField(choices=Priority.choices, coerce=int, required=False)

    def __init__(self, *args: Any, session: Session, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        targets, target = Targets.of(user, holder=session.assignee_id), self.fields["target"]
        assert isinstance(target, TargetField)
        target.offer(targets.people, targets.teams)

    @property
    def chosen(self) -> dict[str, Any]:
        """As preview.of_escalation() takes it."""
        to = next(iter(self.cleaned_data["target"].values()), None)
        priority = self.cleaned_data["priority"]
        return {"to": to, "priority": Priority.NORMAL if priority == "" else priority}
