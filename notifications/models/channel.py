"""Channel: a way out of the whole account: the inbox of its escalation desk, a chat, an address of a program."""

from __future__ import annotations

import base64
import logging
import secrets
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.db.models import Prefetch, Q
from django.utils import timezone

from notifications import transports
from notifications.models.paced import Paced
from notifications.transports import hook
from resolutionflow.accounts.models import Event, Owned, OwnedQuerySet, User
from resolutionflow.core import clock
from resolutionflow.core.encrypted_field import CannotDecrypt, EncryptedJSONField
from resolutionflow.core.refusals import Invalid, WrongState
from resolutionflow.core.text import ADDRESS, LINE, SHORT, cut, one_line
from resolutionflow.core.verbs import verb
from resolutionflow.core.work import GiveUp, NotWanted

log = logging.getLogger(__name__)

AS_NEW = ("off_at", "off_reason", "failures", "last_error", "free_at")
SECOND_CLICK = timedelta(seconds=10)  # of a rotation: nobody has read the secret of the first yet
LONGEST_ADDRESS = hook.LONGEST
BOTH_FOR = timedelta(hours=24)  # after a rotation, that a webhook is signed with the older secret, too
TAKEN = "There is a channel to this address already."


class ChannelQuerySet(OwnedQuerySet["Channel"]):
    def active(self, account_id: int, *kinds: str) -> Self:
        return self.filter(account_id=account_id, is_active=True, kind__in=kinds)

    def with_test(self) -> Self:
        """With the newest test of each."""
        tests = apps.get_model("notifications", "ChannelTest").objects  # by name: it stands on this
        return self.prefetch_related(Prefetch("tests", tests.newest_of_each(), to_attr="newest_test"))


class Channel(Paced, Owned):
    """An address of the whole account. Email, Slack and Teams get what is sent to everyone, a webhook every event. The
    address of all but email is a secret: encrypted at rest, and shown by its host and last letters alone."""

    class Kind(models.TextChoices):
        EMAIL = "email", "Email"
        SLACK = "slack", "Slack"
        TEAMS = "teams", "Microsoft Teams"
        WEBHOOK = "webhook", "Webhook"

    name = models.CharField(max_length=SHORT)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.EMAIL)
    address = models.CharField(max_length=ADDRESS, help_text="Of all but email, what is shown of it.")
    secrets = EncryptedJSONField(default=dict, editable=False)
    is_active = models.BooleanField(default=True)
    off_at = models.DateTimeField(null=True, editable=False, help_text="When it was switched off by itself.")
    off_reason = models.CharField(max_length=LINE, blank=True, editable=False)
    last_sent_at = models.DateTimeField(null=True, editable=False)

    newest_test: list[Any]  # as with_test() sets it
    objects: ClassVar[Any] = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind", "address"],
                condition=Q(kind="email"),
                name="channel_address_once",
                violation_error_message=TAKEN,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.name = one_line(self.name)
        if self.kind == self.Kind.EMAIL:
            self.address = self.address.lower()
            try:
                validate_email(self.address)
            except ValidationError as error:
                raise ValidationError({"address": error.messages}) from error

    @classmethod
    @verb
    def add(cls, by: User, *, name: str, address: str, kind: str = Kind.EMAIL) -> Channel:
        """A webhook has its signing secret in `secrets`: it is shown once."""
        channel = cls(account_id=by.home, name=name, kind=kind)
        channel.account.lock_people(by)
        channel._go_to(address)
        if channel.is_webhook:
            channel.secrets = {**channel.secrets, "secret": new_secret()}
        channel.must_fit(exclude=["secrets"])
        channel.save(force_insert=True)
        channel._changed(by, kind=kind)
        return channel

    @verb
    def change(self, by: User, *, name: str, address: str, is_active: bool) -> None:
        """`address` empty: as it is."""
        self.account.lock_people(by)
        self.refresh_from_db()  # a verb may be repeated
        before: dict[str, Any] = {"name": self.name, "is_active": self.is_active}
        before |= {"address": self.address} if self.is_email else {}
        fields = ["address"] if address and not self.is_email else []
        self.name, self.is_active = name, is_active
        if address:
            self._go_to(address)
        if is_active:
            self._as_new()
        self.must_fit(exclude=["secrets"])
        self.save(update_fields=["name", "address", "secrets", "is_active", *AS_NEW])
        self._changed(by, before=before, fields=fields)

    @verb
    def rotate_secret(self, by: User) -> str:
        """A new signing secret, which is returned; for BOTH_FOR the older one signs as well."""
        self.account.lock_people(by)
        if not self.is_webhook:
            raise WrongState("Only a webhook has a signing secret.")
        self.refresh_from_db(fields=["secrets"])
        older, now = self.secrets["secret"], timezone.now()
        if self.secrets.get("made", "") > clock.iso(now - SECOND_CLICK):
            return str(older)
        secret, until = new_secret(), clock.iso(now + BOTH_FOR)
        both = {"secret": secret, "older": older, "until": until, "made": clock.iso(now)}
        self.secrets = {"address": self.secrets["address"], **both}
        self.save(update_fields=["secrets"])
        self._changed(by, fields=["secret"])
        return secret

    def switch_off(self, reason: str) -> None:
        """By itself: nothing arrives there any more. Owners and admins are notified, once; not of an address that has
        been replaced meanwhile."""
        why = cut(one_line(reason), LINE)
        mine = type(self).objects.filter(pk=self.pk, secrets=self.secrets)
        with transaction.atomic():
            self.account.lock_people(None)  # before the channel, as all verbs do
            if mine.filter(is_active=True).update(is_active=False, off_at=timezone.now(), off_reason=why):
                facts = {"channel": self.pk, "name": self.name, "kind": self.kind, "error": why}
                Event.record(self.account_id, "channel.failed", actor=None, facts=facts)
                log.warning("a channel was switched off: %s", why, extra={"channel": self.pk})
            else:
                mine.exclude(off_at=None).update(off_reason=why)

    @verb
    def back_on(self, asked_by: User | None) -> None:
        """A message has arrived there again: it is on, as that was asked for."""
        self.account.lock_people(None)
        self.refresh_from_db()
        if not self.is_active:
            self.is_active = True
            self._as_new()
            self.save(update_fields=["is_active", *AS_NEW])
            self._changed(asked_by, before={"is_active": False})

    def _as_new(self) -> None:
        """Nothing is known against it."""
        self.off_at, self.off_reason, self.failures, self.last_error = None, "", 0, ""
        self.free_at = timezone.now()

    def _changed(self, by: User | None, **facts: Any) -> None:
        facts = {"channel": self.pk, "name": self.name, **{name: value for name, value in facts.items() if value}}
        Event.record(self.account_id, "connection.changed", actor=by, facts=facts)

    # its address

    @property
    def is_email(self) -> bool:
        return self.kind == self.Kind.EMAIL

    @property
    def is_webhook(self) -> bool:
        return self.kind == self.Kind.WEBHOOK

    def _go_to(self, address: str) -> None:
        """Invalid for an address that this kind cannot have, or another channel has."""
        if self.is_email:
            self.address = address.strip()
            return
        if problem := self.problem_with(address):
            raise Invalid(address=problem)
        self.secrets = {**self.secrets, "address": address.strip()}
        self.address = transports.HOOKS[self.kind].shown(address.strip())

    def problem_with(self, address: str) -> str:
        """Why this channel cannot go there, in a sentence; "" where it can. Makes no DNS lookup."""
        others = type(self).objects.filter(account_id=self.account_id, kind=self.kind).exclude(pk=self.pk)
        if self.is_email:
            return TAKEN if others.filter(address=address.strip().lower()).exists() else ""
        try:
            transports.HOOKS[self.kind].check_address(address.strip())
        except GiveUp as error:
            return str(error)
        # No constraint sees it: what is stored is encrypted.
        return TAKEN if any(other.opened().get("address") == address.strip() for other in others) else ""

    def opened(self) -> dict[str, Any]:
        """Its secrets; empty where their key is gone."""
        try:
            return self._decrypted()
        except GiveUp:
            return {}

    def goes_to(self) -> str:
        """The whole address, for what posts there; GiveUp where it cannot be decrypted."""
        return str(self._decrypted()["address"])

    def _decrypted(self) -> dict[str, Any]:
        try:
            return dict(self.secrets)
        except CannotDecrypt as error:
            raise GiveUp(str(error)) from error

    def signing_secrets(self, now: datetime) -> list[str]:
        """The secrets that a webhook is signed with: the newest first, and for a day after a rotation the older."""
        held = self._decrypted()
        both = "older" in held and now < datetime.fromisoformat(held["until"])
        return [held["secret"], held["older"]] if both else [held["secret"]]

    @property
    def signs_with_both(self) -> bool:
        held = self.opened()
        return "until" in held and timezone.now() < datetime.fromisoformat(held["until"])

    def must_be_on(self) -> None:
        if not self.is_active:
            raise NotWanted("The channel is switched off.")


def new_secret() -> str:
    """As Standard Webhooks wants it: `whsec_` and 32 random bytes."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
