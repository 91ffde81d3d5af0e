"""ApiToken, the key of a script; IdempotencyKey, by which a request sent twice is done once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from resolutionflow.accounts.models.event import Event
from resolutionflow.accounts.models.tenancy import Owned, OwnedQuerySet
from resolutionflow.accounts.models.user import User
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from resolutionflow.core.text import SHORT, one_line
from resolutionflow.core.verbs import verb


class ApiTokenQuerySet(OwnedQuerySet["ApiToken"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user)

    def end(self, session_id: int) -> None:
        """Revoke those that add steps to this session, within the verb that finishes it."""
        self.filter(session_id=session_id, revoked_at=None).update(revoked_at=clock.now())


class ApiToken(Owned):
    """A named key for scripts. Only its SHA-256 is stored: with 256 random bits a slow hash would add nothing."""

    class Scope(models.TextChoices):
        READ = "read", "Read"
        WRITE = "write", "Read and write"
        STEPS = "steps", "Add steps to one session"

    ACCOUNT_WIDE: ClassVar[list[tuple[str, str]]] = [(one.value, str(one.label)) for one in (Scope.READ, Scope.WRITE)]

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=SHORT)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=12, editable=False)
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.READ)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    session_id = models.PositiveBigIntegerField(
        null=True, editable=False, help_text="The one session to which a token of this permission may add steps."
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[Any] = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="steps", session_id__isnull=False) | (~Q(scope="steps") & Q(session_id=None)),
                name="token_for_steps_is_of_one_session",
            )
        ]
        indexes = [models.Index(fields=["session_id"], name="token_of_session", condition=Q(session_id__isnull=False))]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @property
    def is_live(self) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > clock.now())

    @property
    def is_of_account(self) -> bool:
        """Whether it may look at the account at all; one that adds steps to a session may not."""
        return self.scope != self.Scope.STEPS

    @classmethod
    @verb
    def issue(
        cls,
        user: User,
        *,
        name: str,
        scope: str = Scope.READ,
        days: int | None = None,
        by: User | None = None,
        session_id: int | None = None,
    ) -> tuple[ApiToken, str]:
        """A new token, and its key, which is shown only this once. Viewers get read scope only. `session_id`: one that
        adds steps to this session and does nothing else, whatever `scope` says."""
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)  # a deactivation ends it, or is over
        if not user.is_active or user.account_id is None:
            raise WrongState("Tokens belong to active members of an account.")
        if session_id is not None:
            scope = cls.Scope.STEPS
        elif scope not in (cls.Scope.READ, cls.Scope.WRITE):
            raise Invalid(scope="A token's scope is read or write.")
        if days is not None and not 0 < days <= 3650:
            raise Invalid(days="A token lasts from 1 to 3650 days, or for ever when nothing is said.")
        if scope != cls.Scope.READ and not user.is_engineer:
            raise NotAllowed("A viewer's token can only read.")
        name = one_line(name)[:SHORT] or "token"
        key = f"rf_{secrets.token_urlsafe(32)}"
        token = cls.objects.create(
            account_id=user.account_id,
            user=user,
            name=name,
            scope=scope,
            session_id=session_id,
            digest=cls.digest_of(key),
            hint=key[:8],
            expires_at=clock.now() + timedelta(days=days) if days else None,
        )
        facts = {"token": token.pk, "name": name, "scope": scope}
        Event.record(user.account_id, "token.created", actor=by or user, session_id=session_id, facts=facts)
        return token, key

    @classmethod
    def find(cls, key: str) -> ApiToken | None:
        """The token with this key, with its user and account; None where it is unknown, expired or revoked, or the user
        inactive. Who takes it asks whether it is of one session: `is_of_account`."""
        tokens = cls.objects.select_related("user__account").filter(digest=cls.digest_of(key), revoked_at=None)
        token: ApiToken | None = tokens.filter(user__is_active=True).first()
        if token is None or not token.is_live:
            return None
        token._seen()
        return token

    @verb
    def revoke(self, *, by: User) -> None:
        if by.pk != self.user_id:
            by.must_administer()
            self.user.must_be_changeable_by(by)
        if not type(self).objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=clock.now()):
            raise WrongState("This token is revoked already.")
        Event.record(self.account_id, "token.revoked", actor=by, facts={"token": self.pk, "name": self.name})

    @staticmethod
    def digest_of(key: str) -> str:
        return hashlib.sha256(key.encode()).hexdigest()

    def _seen(self) -> None:
        """Store the time of use, at most once a minute: writing at each request would lock the row at each."""
        now = clock.now()
        if self.last_used_at is None or self.last_used_at < now - timedelta(minutes=1):
            type(self).objects.filter(pk=self.pk).update(last_used_at=now)


class IdempotencyKey(models.Model):
    """The first answer to a request that carried this key; see resolutionflow/api/idempotency.py."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=SHORT)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)  # null only inside the transaction that makes the answer
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once_per_user")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_age")]

    def __str__(self) -> str:
        return f"{self.key} of {self.user_id}"
