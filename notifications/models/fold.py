"""Fold: what a bell shows of one session, its newest line with the earlier ones under it; of no session, one line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Window
from django.db.models.functions import RowNumber

from notifications.models.notification import Notification, NotificationQuerySet
from resolutionflow.accounts.models import User
from sessions_app.models import SessionWatch

EARLIER = 20  # lines under the newest one; of more only their number is said


@dataclass
class Fold:
    """The lines of one person about one session, newest first, and what holds for all of them."""

    lines: list[Notification] = field(default_factory=list)
    count: int = 1  # of all there are, which may be more than are shown
    is_unread: bool = False
    is_muted: bool = False

    @property
    def line(self) -> Notification:
        """The newest, which stands for all."""
        return self.lines[0]

    @property
    def earlier(self) -> list[Notification]:
        return self.lines[1:]

    @property
    def earlier_count(self) -> int:
        return self.count - 1

    @property
    def not_shown(self) -> int:
        return self.count - len(self.lines)


def folds_of(user: User, *, unread: bool, before: int | None, limit: int) -> list[Fold]:
    """The bell of this person, newest first, a fold for each session: of all lines, or of the unread ones alone;
    `before`: those whose newest line is of an event before this one."""
    lines = Notification.objects.of(user)
    lines = lines.unread() if unread else lines
    newest = lines.newest_of_sessions()
    newest = newest if before is None else newest.filter(event_id__lt=before)
    heads = list(newest.values_list("pk", "session_id")[:limit])
    return _filled(user, lines, heads)


def _filled(user: User, lines: NotificationQuerySet, heads: Sequence[tuple[int, int | None]]) -> list[Fold]:
    """Which rows is asked by their ids alone, and only then for all that comes with them: see pagination.py."""
    sessions = {session for _pk, session in heads if session is not None}
    counts = _newest_by_session(lines, sessions)
    alone = [pk for pk, session in heads if session is None]
    rows = Notification.objects.for_bell(user).filter(pk__in=[*counts, *alone])
    unread = set(Notification.objects.of(user).unread().filter(session__in=sessions).values_list("session", flat=True))
    watches = SessionWatch.objects.visible_to(user).muted().filter(user=user, session__in=sessions)
    muted = set(watches.values_list("session", flat=True))
    folds: defaultdict[int, Fold] = defaultdict(Fold)
    for line in rows:
        fold = folds[line.session_id or -line.pk]
        fold.lines.append(line)
        fold.count = counts.get(line.pk, 1)
        fold.is_unread = line.is_unread if line.session_id is None else line.session_id in unread
        fold.is_muted = line.session_id in muted
    keys = [session or -pk for pk, session in heads]
    return [folds[key] for key in keys if key in folds]  # one may have ceased to fit meanwhile


def _newest_by_session(lines: NotificationQuerySet, sessions: set[int]) -> dict[int, int]:
    """The ids of the newest lines of these sessions, each with how many there are of its session."""
    place = Window(RowNumber(), partition_by="session", order_by="-event_id")
    count = Window(Count("pk"), partition_by="session")
    ranked = lines.filter(session__in=sessions).order_by().annotate(place=place, count=count)
    return dict(ranked.filter(place__lte=1 + EARLIER).values_list("pk", "count")) if sessions else {}
