"""Who would be notified if this session were escalated now, why and how: by the rules of audience.py themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from handoffs.ladder import Due, steps_left
from handoffs.models import Handoff
from notifications.audience import EventContext, audience_of, is_for_everybody
from notifications.models import BY_KIND, MESSAGES, Channel, Delivery, Preference, Scope, Way
from resolutionflow.accounts.models import Event, Team, User
from resolutionflow.core import clock
from sessions_app.models import Session

KIND = "handoff.escalated"


@dataclass(frozen=True)
class Reader:
    """One person: why they would be notified, and how beside the bell."""

    user: User
    why: str
    how: str


@dataclass(frozen=True)
class Preview:
    """`everyone_at`: when it opens to everyone, if nobody has claimed it by then; None where it is open at once.
    `steps`: of the ladder, by then."""

    people: list[Reader]
    channels: list[Channel]
    everyone_at: datetime | None
    steps: list[Due]


def of_escalation(session: Session, sender: User, *, to: User | Team | None, priority: int) -> Preview:
    """As if `sender` escalated it now; nothing is stored."""
    directed = {"target_user": to} if isinstance(to, User) else {"target_team": to}
    handoff = Handoff(
        account=session.account,
        session=session,
        sender=sender,
        holder=session.assignee,
        priority=priority,
        open_since=clock.now(),
        **directed,
    )
    event = Event(account_id=session.account_id, kind=KIND, actor=sender, session_id=session.pk, facts={})
    context = EventContext(event, session, handoff)
    told = audience_of(context)
    preferences = Preference.objects.of(recipient.user for recipient in told)
    lately = Delivery.objects.sent_lately().filter(recipient__in=preferences)
    had = set(lately.values_list("recipient_id", "aimed"))
    people = [
        Reader(
            one.user,
            one.why.phrase,
            _how(
                preferences[one.user.pk],
                one.why.scope,
                presses=handoff.is_urgent and one.why.aimed,
                had_one=(one.user.pk, one.why.aimed) in had,
            ),
        )
        for one in told
    ]
    channels = Channel.objects.active(session.account_id, *MESSAGES) if is_for_everybody(context) else ()
    everyone_at = clock.now() + timedelta(minutes=session.account.widen_after) if to else None
    return Preview(sorted(people, key=lambda one: one.user.name), list(channels), everyone_at, steps_left(handoff))


def _how(preference: Preference, scope: Scope, *, presses: bool, had_one: bool) -> str:
    user = preference.user
    mailed = user is not None and bool(user.email) and user.confirmed_email == user.email
    if not mailed or not preference.wants(BY_KIND[KIND], Way.EMAIL, scope):
        return "bell"
    if presses:
        return "bell, mail"
    if preference.held_until(clock.now()) is None:
        return "bell; in one mail with others" if had_one and preference.is_digest else "bell, mail"
    off_shift = user is not None and user.is_off_shift and preference.on_shift_only
    return "bell; mail once they are on shift" if off_shift else "bell; mail after their quiet hours"
