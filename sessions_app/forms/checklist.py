"""The form of a checklist."""

from __future__ import annotations

from typing import Any

from django import forms

from resolutionflow.accounts.models import User
from resolutionflow.core.text import LINE, SHORT, one_line
from resolutionflow.web.form_fields import CorrectionForm, LineField, TextField
from sessions_app.models import Checklist, Domain
from sessions_app.models.checklist import MOST


class ChecklistForm(CorrectionForm):
    """Name, domain and checks of a checklist; without one, of a new one."""

    name = LineField(label="Name", limit=SHORT, help_text="What fails, such as: VPN down.")
    domain = forms.ChoiceField(label="Domain", choices=Domain, help_text="Sessions of this domain offer it first.")
    checks = TextField(label="Checks, one per line", rows=6, limit=MOST * LINE)

    def __init__(self, *args: Any, by: User, checklist: Checklist | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial=checklist.written if checklist else {}, **kwargs)
        self.by, self.checklist = by, checklist

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        others = Checklist.objects.visible_to(self.by).exclude(pk=self.checklist.pk if self.checklist else 0)
        if others.filter(name=name).exists():
            raise forms.ValidationError("There is a checklist of this name already.")
        return name

    def clean_checks(self) -> str:
        lines = str(self.cleaned_data["checks"]).splitlines()
        if sum(1 for line in lines if line.strip()) > MOST:
            raise forms.ValidationError(f"A checklist has at most {MOST} checks.")
        if any(len(line) > LINE for line in lines):
            raise forms.ValidationError(f"A check has at most {LINE} characters.")
        return "\n".join(lines)
