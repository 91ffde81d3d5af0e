"""The form of a ticket note."""

from __future__ import annotations

from typing import Any

from django import forms

from notifications.note import LONGEST
from resolutionflow.web.form_fields import KeyedForm, TextField


class NoteForm(KeyedForm):
    """Its buttons: post it, which is internal; `look` at it as it would be posted; post it where the client sees it,
    `public`, which takes a tick beside it."""

    body = TextField(label="Note for the ticket", limit=LONGEST, rows=18)
    client_may_read = forms.BooleanField(label="The client may read every word of it", required=False)
    look = forms.BooleanField(required=False)
    public = forms.BooleanField(required=False)
    keyed = ("body", "public")

    def clean(self) -> dict[str, Any]:
        """With `internal` for `public`."""
        data = super().clean() or {}
        is_public, is_agreed = data.pop("public", False), data.pop("client_may_read", False)
        if is_public and not is_agreed and not data.get("look"):
            self.add_error("client_may_read", "Tick this to post it where the client sees it.")
        data["internal"] = not is_public
        return data
