"""The form that resolves a session. What is on record is offered: the step that worked, and what is to be undone."""

from __future__ import annotations

from typing import Any

from django import forms

from resolutionflow.core.text import cut, one_line
from resolutionflow.web.form_fields import ModelMultipleField, TextField, focus
from sessions_app.forms.session import asks
from sessions_app.models import Session, Step, that_worked

NAME = 80  # characters of a step in a choice
OTHERS = 100  # the newest, beside those that worked


class ResolveForm(forms.Form):
    """Resolve: what fixed it, which step showed it, and what of the temporary has been undone."""

    undone = ModelMultipleField(
        Step.objects.none(),
        label="To be undone",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick what is undone. Everyone notified reads what is still temporary.",
        error_messages=dict.fromkeys(("invalid_choice", "invalid_pk_value"), Session.NOT_TEMPORARY),
    )
    resolution = TextField(label="What fixed it", rows=3, error_messages=asks("Say what fixed it."))
    step = forms.ModelChoiceField(
        Step.objects.none(),
        label="Which step showed it",
        required=False,
        error_messages={"invalid_choice": "There is no such step in this session."},
    )
    root_cause = TextField(label="Root cause", required=False, rows=2, help_text="Why it broke, as far as you know.")

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps: list[Step] = list(session.steps.defer("free_text", "options").order_by("-order"))
        self.temporary = [step for step in self.steps if step.temporary][::-1]
        focus(self, "resolution")
        self._offer_rows("undone", session.temporary_steps, [(step.pk, _named(step)) for step in self.temporary])
        self._offer_rows("step", session.steps.all(), _grouped(self.steps))
        if offered := that_worked(self.steps, session.active_branch_id):
            self._offer(offered)

    def _offer_rows(self, name: str, rows: Any, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.choices = rows, choices

    def _offer(self, step: Step) -> None:
        """Fill in what this step says, as long as nobody has written anything else."""
        self.initial = {"resolution": step.text, "step": step.pk, **self.initial}
        if not self.is_bound:
            self.fields["resolution"].help_text = f"From {step.ref}, which worked. Change it as needed."


def _grouped(newest_first: list[Step]) -> list[Any]:
    """The choices of a step: none, those that worked, the others."""
    worked = [step for step in newest_first if step.outcome == Step.Outcome.WORKED and not step.only_showed]
    others = [step for step in newest_first if step not in worked][:OTHERS]
    groups = [("Worked", [(step.pk, _named(step)) for step in worked])]
    groups.append(("Others", [(step.pk, f"{_named(step)} ({step.ended.lower()})") for step in others]))
    return [("", "None"), *(group for group in groups if group[1])]


def _named(step: Step) -> str:
    return f"{step.ref} {cut(one_line(step.text), NAME)}"
