"""Visit: who has opened a session, when last, and which events they had seen before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models

from resolutionflow.accounts.models import Event, Owned, OwnedQuerySet, User
from resolutionflow.core import clock
from sessions_app.models.session import Session

AWAY = timedelta(minutes=15)  # who comes back later than this has to be told what changed
OFTEN = timedelta(minutes=1)  # no row is written more often than this, unless there was something new to see


class Visit(Owned):
    """One person's visits of one session. `last_seq`: the account's events up to this number were on their screen. In
    their first visit both other numbers are 0: they had seen nothing, and none of it is a change."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="visits")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    first_at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(default=clock.now)
    last_seq = models.PositiveBigIntegerField()
    since_seq = models.PositiveBigIntegerField(help_text="What they had seen when this visit began.")
    began_seq = models.PositiveBigIntegerField(default=0, help_text="What there was to see when this visit began.")

    objects: ClassVar[Any] = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at"]
        constraints = [models.UniqueConstraint(fields=["session", "user"], name="one_visit_per_session_and_person")]

    def __str__(self) -> str:
        return f"{self.user} at {self.session}"

    @classmethod
    def note(cls, session: Session, user: User) -> Visit:
        """Note that this person opens the session now. `user.account` must have been read before what the page
        shows."""
        assert user.account is not None
        now, seq = clock.now(), user.account.last_seq
        first = {"account_id": session.account_id, "first_at": now, "last_at": now, "last_seq": seq, "since_seq": 0}
        visit, made = cls.objects.get_or_create(session=session, user=user, defaults=first)
        if not made and (now - visit.last_at >= OFTEN or seq > visit.last_seq):
            visit._again(now, seq)
        return visit

    @classmethod
    def of(cls, session: Session, user: User) -> Visit | None:
        """The visit that was noted when they opened the session; None where there is none."""
        visit: Visit | None = cls.objects.visible_to(user).filter(session=session, user=user).first()
        return visit

    def _again(self, now: datetime, seq: int) -> None:
        if now - self.last_at >= AWAY:
            self.since_seq, self.began_seq = self.last_seq, seq
        self.last_at, self.last_seq = now, max(seq, self.last_seq)
        self.save(update_fields=["since_seq", "began_seq", "last_at", "last_seq"])

    def changes(self) -> models.QuerySet[Event]:
        """Events of the session between the last visit and this one, by others or by time, oldest first. What comes
        during this visit is seen as it comes, and is not told again on the next page."""
        return self._by_others(after=self.since_seq, upto=self.began_seq)

    def changes_since(self, seq: int) -> models.QuerySet[Event]:
        """The same from the event number `seq` on, up to when they last opened it: a page that is brought up to date
        says no more."""
        return self._by_others(after=seq, upto=self.last_seq)

    def _by_others(self, *, after: int, upto: int) -> models.QuerySet[Event]:
        by_others = Event.objects.of_session(self.session_id).by_others(self.user_id, after=after)
        changes: models.QuerySet[Event] = by_others.filter(seq__lte=upto).select_related("actor").order_by("seq")
        return changes
