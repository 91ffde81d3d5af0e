"""Channel: an address of the whole account, such as the inbox of its escalation desk."""

from __future__ import annotations

from typing import Any

from django.db import models

from resolutionflow.accounts.models import Event, Owned, User
from resolutionflow.core.text import SHORT, one_line
from resolutionflow.core.verbs import verb


class Channel(Owned):
    """An address of the whole account, such as the inbox of the escalation desk: it gets what is sent to everyone."""

    class Kind(models.TextChoices):
        EMAIL = "email", "Email"

    name = models.CharField(max_length=SHORT)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.EMAIL)
    address = models.EmailField()
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind", "address"],
                name="channel_address_once",
                violation_error_message="There is a channel to this address already.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.name, self.address = one_line(self.name), self.address.lower()

    @classmethod
    @verb
    def add(cls, by: User, *, name: str, address: str) -> Channel:
        channel = cls(account_id=by.home, name=name, address=address)
        channel.account.lock_people(by)
        channel.must_fit()
        channel.save(force_insert=True)
        channel._changed(by)
        return channel

    @verb
    def change(self, by: User, *, name: str, address: str, is_active: bool) -> None:
        self.account.lock_people(by)
        self.refresh_from_db(fields=["name", "address", "is_active"])  # a verb may be repeated
        before = {"name": self.name, "address": self.address, "is_active": self.is_active}
        self.name, self.address, self.is_active = name, address, is_active
        self.must_fit()
        self.save(update_fields=list(before))
        self._changed(by, before=before)

    def _changed(self, by: User, **facts: Any) -> None:
        facts = {"channel": self.pk, "name": self.name, **facts}
        Event.record(self.account_id, "connection.changed", actor=by, facts=facts)
