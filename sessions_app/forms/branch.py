"""Forms of a branch: one more possible cause, and what became of it."""

from __future__ import annotations

from typing import Any

from django import forms

from resolutionflow.core.text import SHORT
from resolutionflow.web.form_fields import KeyedForm, LineField, TextField
from sessions_app.forms.session import asks
from sessions_app.models import Branch, Session


class BranchChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Branch.objects.none(), required=False, empty_label=None, **kwargs)

    def offer(self, session: Session, branches: list[Branch] | None) -> None:
        """Offer the branches of the session to choose from; `branches` where the page has read them already."""
        self.queryset = session.branches.all()
        if branches is not None:
            self.choices = [(one.pk, one.label) for one in branches]


class BranchForm(KeyedForm):
    """Add a branch: one more possible cause."""

    label = LineField(label="Possible cause", limit=SHORT, error_messages=asks("Say what this branch supposes."))
    parent = BranchChoice(label="Under")

    def __init__(self, *args: Any, session: Session, branches: list[Branch] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "branch_%s", **kwargs})
        self.initial = {"parent": session.active_branch_id, **self.initial}
        parent = self.fields["parent"]
        assert isinstance(parent, BranchChoice)
        parent.offer(session, branches)


class BranchChangeForm(forms.Form):
    """Set the status of a branch; none is preselected."""

    status = forms.ChoiceField(
        label="Branch status",
        choices=Branch.Status,
        widget=forms.RadioSelect,
        error_messages=asks("Choose a status."),
    )
    reason = TextField(label="Why", required=False, rows=2, help_text="A dead end needs it.")

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("status") == Branch.Status.DEAD_END and not self.cleaned_data.get("reason"):
            self.add_error("reason", "Say why it leads nowhere, so that nobody walks it again.")
        return self.cleaned_data
