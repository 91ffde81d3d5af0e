"""The form of a ticket note."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

from resolutionflow.core.text import NOTE
from resolutionflow.web.form_fields import FormKeyField


class NoteForm(forms.Form):
    body = forms.CharField(label="Note for the ticket", max_length=NOTE, widget=forms.Textarea)
    form_key = FormKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["form_key"] = uuid4()
