"""The form of a ticket note."""

from __future__ import annotations

from typing import Any

from django import forms

from notifications.note import LONGEST, moved
from resolutionflow.core.text import LINE
from resolutionflow.web.form_fields import KeyedForm, TextField
from sessions_app.models import Session


class NoteForm(KeyedForm):
    """Its buttons: post it, which is internal; `look` at it as it would be posted; post it where the client sees it,
    `public`, which takes a tick beside it. It carries the ticket it was shown for, and is sent into no other."""

    body = TextField(label="Note for the ticket", limit=LONGEST, rows=18)
    client_may_read = forms.BooleanField(label="The client may read every word of it", required=False)
    look = forms.BooleanField(required=False)
    public = forms.BooleanField(required=False)
    ticket = forms.CharField(required=False, max_length=LINE, widget=forms.HiddenInput)
    keyed = ("body", "public", "ticket")

    def __init__(self, *args: Any, session: Session, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session

    def clean(self) -> dict[str, Any]:
        """With `internal` for `public`."""
        data = super().clean() or {}
        is_public, is_agreed = data.pop("public", False), data.pop("client_may_read", False)
        if is_public and not is_agreed and not data.get("look"):
            self.add_error("client_may_read", "Tick this to post it where the client sees it.")
        data["internal"] = not is_public
        seen = data.get("ticket")
        is_sure = not seen and not is_public  # a page from before these fields
        if self.session.takes_notes and seen != self.session.ticket_key and not is_sure:
            self.add_error(None, moved(self.session))
            kept = {name: self.data.get(name) for name in self.data}
            self.data = {**kept, "client_may_read": ""}  # agreed to for the other ticket
        return data
