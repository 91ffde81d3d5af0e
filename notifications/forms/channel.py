"""The form of an account's channel."""

from __future__ import annotations

from typing import Any

from django import forms

from notifications.models import Channel
from resolutionflow.accounts.models import User
from resolutionflow.core.text import SHORT
from resolutionflow.web.form_fields import AddressField, LineField


class ChannelForm(forms.Form):
    name = LineField(label="Name", limit=SHORT)
    address = AddressField(label="Email", help_text="Such as the shared inbox of the escalation desk.")
    is_active = forms.BooleanField(label="Send to it", required=False, initial=True)

    def __init__(self, *args: Any, by: User, channel: Channel | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.channel = by, channel
        if channel is None:
            del self.fields["is_active"]

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).lower()
        others = Channel.objects.visible_to(self.by).exclude(pk=self.channel.pk if self.channel else 0)
        if others.filter(address=address).exists():
            raise forms.ValidationError("There is a channel to this address already.")
        return address
