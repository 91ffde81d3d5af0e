"""Event: the account's ledger, and the outbox of everything people are notified of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.db import models, transaction
from django.db.models import F, Q

from resolutionflow.accounts.models.tenancy import Owned, OwnedQuerySet
from resolutionflow.core import clock, nudges
from resolutionflow.core.origin import current as current_origin

if TYPE_CHECKING:
    from resolutionflow.accounts.models.user import User

BY_TIME = 0  # as an actor: nobody's number


class EventQuerySet(OwnedQuerySet["Event"]):
    def after(self, seq: int) -> Self:
        return self.filter(seq__gt=seq).order_by("seq")

    def unrelayed(self) -> Self:
        return self.filter(relayed_at=None)

    def of_session(self, session_id: int) -> Self:
        """Everything that happened to a session, its handoffs among it."""
        return self.filter(session_id=session_id)

    def of_handoff(self, handoff_id: int, *, session_id: int) -> Self:
        """History of a handoff, and the verb of its session that closed it on the way."""
        closed = Q(session_id=session_id, facts__closed__handoff=handoff_id)
        return self.filter(Q(handoff_id=handoff_id) | closed)

    def by_others(self, user_id: int, *, after: int) -> Self:
        """What others have done, or time, since the event of this number; texts written for one person are no news."""
        return self.filter(seq__gt=after).exclude(actor_id=user_id).exclude(kind__startswith="briefing.")

    def narrowed(self, *, kinds: Iterable[str] = (), actor: int | None = None, origin: str = "") -> Self:
        """Of these kinds (`handoff.claimed`, or all of `handoff`), by this person (or BY_TIME), from this origin."""
        found = self
        if kinds := list(kinds):
            wanted = (Q(kind=kind) if "." in kind else Q(kind__startswith=f"{kind}.") for kind in kinds)
            found = found.filter(reduce(or_, wanted))
        if actor is not None:
            found = found.filter(actor=actor or None)
        return found.filter(origin=origin) if origin else found


class Event(Owned):
    """One row for everything that happened: timeline, audit trail, outbox and source of the metrics.

    `seq` grows by one per event of an account, without holes, in commit order: it comes from the
    account's counter row, updated last in the verb's transaction. Session and handoff are plain
    numbers, so that accounts import nothing of the apps to their right. Append-only: on PostgreSQL a
    trigger refuses DELETE and any UPDATE but `relayed_at` from null.
    """

    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor = models.ForeignKey("User", on_delete=models.DO_NOTHING, null=True, related_name="+")
    origin = models.CharField(max_length=10)
    session_id = models.BigIntegerField(null=True)
    handoff_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    relayed_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = EventQuerySet.as_manager()

    class Meta:
        ordering = ["account_id", "seq"]
        constraints = [models.UniqueConstraint(fields=["account", "seq"], name="event_seq_once_per_account")]
        indexes = [
            models.Index(fields=["session_id", "seq"], name="event_by_session"),
            models.Index(fields=["handoff_id", "seq"], name="event_by_handoff"),
            models.Index(fields=["id"], name="event_unrelayed", condition=Q(relayed_at=None)),
        ]

    def __str__(self) -> str:
        return f"#{self.seq} {self.kind}"

    @classmethod
    def record(
        cls,
        account_id: int,
        kind: str,
        *,
        actor: User | None,
        session_id: int | None = None,
        handoff_id: int | None = None,
        facts: dict[str, Any] | None = None,
        at: datetime | None = None,
        relayed: bool = False,
    ) -> Event:
        """Write the account's next event: the last thing a verb does in its transaction.

        The counter row is locked from here to the commit. `at` and `relayed` are for imports: their events have times
        of their own and notify nobody.
        """
        accounts = apps.get_model("accounts", "Account").objects  # by name: it stands on people, people on Event
        accounts.filter(pk=account_id).update(last_seq=F("last_seq") + 1)
        seq = accounts.values_list("last_seq", flat=True).get(pk=account_id)
        now = clock.now()
        event: Event = cls.objects.create(
            account_id=account_id,
            seq=seq,
            kind=kind,
            at=at or now,
            actor=actor,
            origin=current_origin(),
            session_id=session_id,
            handoff_id=handoff_id,
            facts=facts or {},
            relayed_at=now if relayed else None,
        )
        if not relayed:
            pk = event.pk
            transaction.on_commit(lambda: nudges.event_recorded(account_id, pk))
        return event
