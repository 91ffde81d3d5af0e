"""What a step of the ladder does to the bell lines that people have of that escalation: each keeps one."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from notifications.audience import STEPPED, EventContext, Recipient
from notifications.models import CALLS, Notification, claim_of


def without_who_keeps_a_line(
    context: EventContext, people: list[Recipient], mailed: Collection[int]
) -> list[Recipient]:
    """Those who get a line of this event. Of a step it takes the place of the line that called them before, so that
    their browser rings; who is not mailed the step keeps that line, unread again: a mail about it may still wait."""
    if context.event.kind != STEPPED or context.handoff is None:
        return people
    claim = claim_of(context.handoff)
    not_over = Q(done_at=None) | Q(settled_by=claim) if claim else Q(done_at=None)  # an undo opens what it settled
    lines = context.handoff.notifications.filter(not_over, event__kind__in=CALLS)
    lines = lines.filter(user__in=[person.user.pk for person in people]).exclude(cause=Notification.Cause.MENTION)
    kept = lines.exclude(user__in=mailed)
    keepers = set(kept.values_list("user_id", flat=True))
    kept.by_number().update(read_at=None)
    lines.filter(user__in=mailed).delete()
    return [person for person in people if person.user.pk not in keepers]
