"""The form that asks the sender of a handoff."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

from resolutionflow.core.text import LONG
from resolutionflow.web.form_fields import FormKeyField, TextField


class AskForm(forms.Form):
    text = TextField(
        label="Your question",
        rows=3,
        limit=LONG,
        help_text="It goes into the session as a message. Asking does not claim it.",
        error_messages={"required": "Write your question."},
    )
    form_key = FormKeyField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "ask_%s", **kwargs})
        self.initial = {"form_key": uuid4(), **self.initial}
