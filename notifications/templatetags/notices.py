"""{% load notices %}: events in words, and who was told of a handoff."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template

from handoffs.models import Handoff
from notifications import wording
from notifications.models import Delivery
from resolutionflow.accounts.models import Event

register = template.Library()


@register.filter
def words(value: str) -> str:
    """dead_end -> dead end"""
    return str(value).replace("_", " ")


@register.filter
def fields(changed: dict[str, Any] | None) -> str:
    """{"client_name": …, "asset_name": …} -> client name, asset name"""
    return ", ".join(words(name) for name in changed or {})


@register.simple_tag
def event_line(event: Event) -> str:
    """{% event_line event %}: one event in one line."""
    return wording.line(event)


@register.simple_tag
def worded(events: Iterable[Event]) -> list[Event]:
    """{% worded events as events %}: each with `.line`, in one query for all."""
    rows = list(events)
    names = wording.names_in(rows)
    for event in rows:
        event.line = wording.line(event, names)  # type: ignore[attr-defined]
    return rows


@register.simple_tag
def told(handoff: Handoff) -> dict[str, Any]:
    """{% told handoff as told %}: its notes, its mails, its bell lines; two queries."""
    deliveries = Delivery.objects.filter(handoff=handoff).select_related("recipient", "channel", "connection", "event")
    rows = list(deliveries.order_by("-id"))
    lines = handoff.notifications.select_related("user", "event").order_by("-id")
    notes = [row for row in rows if row.kind == Delivery.Kind.NOTE]
    mails = [row for row in rows if row.kind == Delivery.Kind.EMAIL]
    return {
        "notes": notes,
        "mails": mails,
        "failed": [mail for mail in mails if mail.status == Delivery.Status.FAILED],
        "lines": list(lines),
        "people": len({line.user_id for line in lines} | {mail.recipient_id for mail in mails}),
    }
