"""SessionWatch: who is notified of what is said in a session, and who has muted it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models

from resolutionflow.accounts.models import Owned, OwnedQuerySet, User

if TYPE_CHECKING:
    from sessions_app.models.session import Session


class WatchQuerySet(OwnedQuerySet["SessionWatch"]):
    def muted(self) -> Self:
        return self.filter(muted=True)


class SessionWatch(Owned):
    """One person's say on one session: they watch it, or have muted it. No row: neither, but for its assignee, who
    watches it."""

    STATES = ("watching", "muted")

    session = models.ForeignKey("Session", on_delete=models.CASCADE, related_name="watches")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    muted = models.BooleanField(default=False)

    objects: ClassVar[Any] = WatchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "session watches"
        constraints = [models.UniqueConstraint(fields=["session", "user"], name="one_watch_per_session_and_person")]

    def __str__(self) -> str:
        return f"{self.user}, {self.state}"

    @property
    def state(self) -> str:
        """watching or muted."""
        return "muted" if self.muted else "watching"

    @classmethod
    def state_of(cls, session: Session, user: User) -> str:
        """watching, muted, or empty for neither."""
        watch = cls.objects.visible_to(user).filter(session=session, user=user).first()
        if watch is not None:
            return watch.state
        return "watching" if session.assignee_id == user.pk else ""

    @classmethod
    def watchers(cls, session: Session) -> set[int]:
        """The ids of those who watch it, its assignee among them unless they have muted it."""
        rows = dict(cls.objects.filter(session=session).values_list("user_id", "muted"))
        assignee = {} if session.assignee_id is None else {session.assignee_id: False}
        return {pk for pk, muted in (assignee | rows).items() if not muted}

    @classmethod
    def begin(cls, session: Any, people: Iterable[int]) -> None:
        """These people watch it from now on; who has muted it has still muted it."""
        cls.objects.bulk_create(cls._rows(session, people, muted=False), ignore_conflicts=True)

    @classmethod
    def choose(cls, session: Any, user: User, *, muted: bool) -> None:
        """They watch it, or mute it, whatever they did before."""
        rows = cls._rows(session, [user.pk], muted=muted)
        cls.objects.bulk_create(rows, update_conflicts=True, unique_fields=["session", "user"], update_fields=["muted"])

    @classmethod
    def _rows(cls, session: Any, people: Iterable[int], *, muted: bool) -> list[SessionWatch]:
        return [cls(account_id=session.account_id, session=session, user_id=pk, muted=muted) for pk in sorted(people)]
