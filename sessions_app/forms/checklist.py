"""The form of a checklist."""

from __future__ import annotations

from typing import Any

from django import forms

from resolutionflow.accounts.models import User
from resolutionflow.core.refusals import Invalid
from resolutionflow.core.text import SHORT, one_line
from resolutionflow.web.form_fields import CorrectionForm, LineField, TextField
from sessions_app.models import Checklist, Domain
from sessions_app.models.checklist import LENGTH, TAKEN, checks_in


class ChecklistForm(CorrectionForm):
    """Name, domain and checks of a checklist; without one, of a new one."""

    name = LineField(label="Name", limit=SHORT, help_text="What fails, such as: VPN down.")
    domain = forms.ChoiceField(label="Domain", choices=Domain, help_text="Sessions of this domain offer it first.")
    checks = TextField(label="Checks, one per line", rows=6, limit=LENGTH)

    def __init__(self, *args: Any, by: User, checklist: Checklist | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial=checklist.written if checklist else {}, **kwargs)
        self.by, self.checklist = by, checklist

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        others = Checklist.objects.visible_to(self.by).exclude(pk=self.checklist.pk if self.checklist else 0)
        if others.filter(name=name).exists():
            raise forms.ValidationError(TAKEN)
        return name

    def clean_checks(self) -> str:
        try:
            return checks_in(self.cleaned_data["checks"])
        except Invalid as refusal:
            raise forms.ValidationError(refusal.detail) from None
