"""The form that asks the sender of a handoff."""

from __future__ import annotations

from typing import Any

from resolutionflow.core.text import LONG
from resolutionflow.web.form_fields import KeyedForm, TextField


class AskForm(KeyedForm):
    text = TextField(
        label="Your question",
        rows=3,
        limit=LONG,
        mentions=True,
        help_text="It goes into the session as a message. Asking does not claim it.",
        error_messages={"required": "Write your question."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "ask_%s", **kwargs})
