"""The form of an account's channel. The address of all but email is typed and never shown again."""

from __future__ import annotations

from typing import Any

from django import forms

from notifications.models import Channel
from notifications.models.channel import LONGEST_ADDRESS
from resolutionflow.accounts.models import User
from resolutionflow.core.text import SHORT
from resolutionflow.web.form_fields import AddressField, LineField

HELP = {
    "email": "Such as the shared inbox of the escalation desk.",
    "slack": "Of an incoming webhook; it begins with https://hooks.slack.com/services/.",
    "teams": "Of a workflow “When a Teams webhook request is received”, as the workflow shows it.",
    "webhook": "Where a program of yours takes every event of this account. Only https.",
}
KEPT = "Empty: as it is."


class ChannelForm(forms.Form):
    """The fields of one kind of channel; `channel` is None for a new one."""

    name = LineField(label="Name", limit=SHORT)
    is_active = forms.BooleanField(label="Send to it", required=False, initial=True)

    field_order = ("name", "address", "is_active")

    def __init__(self, *args: Any, by: User, kind: str, channel: Channel | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.kind, self.channel = by, kind, channel
        self.label = Channel.Kind(kind).label
        if kind == Channel.Kind.EMAIL:
            self.fields["address"] = AddressField(label="Email", help_text=HELP[kind])
        else:
            self.fields["address"] = forms.CharField(
                label="Address",
                help_text=f"{HELP[kind]} {KEPT}" if channel else HELP[kind],
                max_length=LONGEST_ADDRESS,
                required=channel is None,
                widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )
        if channel is None:
            del self.fields["is_active"]
        self.order_fields(self.field_order)

    def add_prefix(self, field_name: str) -> str:
        """On a page a secret has a name that says so: what was typed into it is kept nowhere."""
        is_secret = field_name == "address" and self.kind != Channel.Kind.EMAIL
        return super().add_prefix("secret_address" if is_secret else field_name)

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"])
        if address and (problem := self._problem(address)):
            raise forms.ValidationError(problem)
        return address

    def _problem(self, address: str) -> str:
        channel = self.channel or Channel(account_id=self.by.home, kind=self.kind)
        return channel.problem_with(address)
