"""What people type on the way out: the text of a ticket note."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from resolutionflow.text import NOTE


class NoteForm(forms.Form):
    body = forms.CharField(label=_("Note for the ticket"), max_length=NOTE, widget=forms.Textarea)
