"""The form of a time entry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from handoffs.worked_time import MOST
from notifications.models import Delivery
from notifications.models.timed import LONGEST, MINUTES, SAID_ALREADY
from notifications.note import moved, signed
from resolutionflow.accounts.models import User
from resolutionflow.core.text import LINE
from resolutionflow.web.form_fields import AlwaysSentCheckbox, KeyedForm, TextField, focus
from sessions_app.models import Session

WRONG = dict.fromkeys(("required", "invalid", "min_value", "max_value"), MINUTES)


class TimeForm(KeyedForm):
    """How long, and what was done. It carries the ticket it was shown for, and books on no other; and the newest entry
    of its reader that it was shown with, so that two tabs do not book the same time. Where the ticket
    system knows no time that the client sees, it does not ask about that."""

    minutes = forms.IntegerField(
        label="Minutes",
        min_value=1,
        max_value=MOST,
        error_messages=WRONG,
        widget=forms.NumberInput(attrs={"class": "digits"}),
    )
    text = TextField(label="What was done", limit=LONGEST, rows=4, error_messages={"required": "Say what was done."})
    internal = forms.BooleanField(
        label="Internal: the client does not see the text", required=False, initial=True, widget=AlwaysSentCheckbox
    )
    ticket = forms.CharField(required=False, max_length=LINE, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, min_value=0, max_value=10**18, widget=forms.HiddenInput)

    def __init__(self, *args: Any, session: Session, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session, self.user = session, user
        focus(self, "minutes")
        if session.psa_connection is None or not session.psa_connection.shows_time:
            del self.fields["internal"]

    def full_clean(self) -> None:
        super().full_clean()
        if not self.is_bound or not self.is_valid():
            return
        made = Delivery.objects.filter(session=self.session, form_key=self.cleaned_data["form_key"] or UUID(int=0))
        newer = Delivery.logged_since(self.session, self.user, self.cleaned_data["seen"])
        if newer is not None and not made.exists():
            self.add_error(None, newer.logged_meanwhile)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        connection, seen, text = self.session.psa_connection, data.get("ticket"), data.get("text")
        if "internal" in self.fields and self.add_prefix("internal") not in self.data:
            data["internal"] = True  # nobody has unticked what was not there
        if connection is None or not self.session.takes_notes:
            return data
        if seen and seen != self.session.ticket_key:
            self.add_error(None, moved(self.session, "time"))
        if text and Delivery.says(self.session, signed(text, connection, self.user), kind=Delivery.Kind.NOTE):
            self.add_error("text", SAID_ALREADY)
        return data
