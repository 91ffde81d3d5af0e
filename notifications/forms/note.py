"""The form of a ticket note."""

from __future__ import annotations

from django import forms

from resolutionflow.core.text import NOTE
from resolutionflow.web.form_fields import KeyedForm


class NoteForm(KeyedForm):
    body = forms.CharField(label="Note for the ticket", max_length=NOTE, widget=forms.Textarea)
