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

SHOWN = 50


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
    """{% told handoff as told %}: its notes, its mails and bell lines, newest first, so many as people read."""
    deliveries = Delivery.objects.filter(handoff=handoff).select_related("recipient", "channel", "connection")
    mails = deliveries.filter(kind=Delivery.Kind.EMAIL).order_by("-id")
    return {
        "notes": deliveries.notes().order_by("-id")[:SHOWN],
        "mails": mails.exclude(status=Delivery.Status.FAILED)[:SHOWN],
        "failed": mails.failed().order_by("-id")[:SHOWN],
        "lines": handoff.notifications.select_related("user").order_by("-id")[:SHOWN],
        "people": handoff.notifications.order_by().values("user").distinct().count(),
    }
