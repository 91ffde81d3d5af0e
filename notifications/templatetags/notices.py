"""{% load notices %}: events in words, and who was notified of a handoff."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.timezone import localtime

from handoffs.models import Handoff
from notifications import wording
from notifications.models import MESSAGES, Delivery, Notification
from resolutionflow.accounts.models import Event, words_of
from resolutionflow.core.text import as_sentences, cut, one_line, readable
from resolutionflow.web.templatetags import span
from sessions_app.files.reading import in_words
from sessions_app.models import Step

register = template.Library()

SHOWN = 50


@register.filter
def size(count: Any) -> str:
    """283000 -> 283 kB"""
    return in_words(count) if isinstance(count, int) else ""


@register.filter
def sentence(text: str) -> str:
    """Acme Inc. -> Acme Inc., and with a full stop where there is none"""
    return as_sentences(one_line(text))


_YOU = {"for you": "for them", "yours": "theirs", "your": "their", "you": "they"}
_SAYS_YOU = re.compile(r"\b(for you|yours|your|you)\b")


@register.filter
def of_them(why: str) -> str:
    """it is for you -> it is for them: a reason that its reader gets, as others read it. Names keep what they say."""
    return _SAYS_YOU.sub(lambda found: _YOU[found[1]], why, count=1)


@register.filter
def minutes(count: Any) -> str:
    """5 -> 5 min, 3735 -> 2 days"""
    return span(timedelta(minutes=count)) if isinstance(count, int) else ""


@register.filter
def called_by_step(step: dict[str, Any]) -> str:
    """Whom a step of the ladder calls: leads, or a name"""
    return words_of(step)  # type: ignore[arg-type]


@register.filter
def called(steps: list[dict[str, Any]]) -> str:
    """leads, everyone on shift and Network: whom steps of the ladder called"""
    return get_text_list([called_by_step(step) for step in steps], "and") or "nobody"


@register.filter
def words(value: str) -> str:
    """dead_end -> dead end"""
    return str(value).replace("_", " ")


# What people call the fields whose names say something else; numbers of rows (MUTE) say nothing to them.
FIELDS = {
    "free_text": "what came of it",
    "selected_option": "answer",
    "problem_summary": "the problem",
    "problem_domain": "domain",
    "asset_name": "device",
    "psa_ticket_id": "ticket",
    "psa_connection": "ticket system",
    "due_at": "due",
    "changed_before": "what changed before it began",
}
MUTE = ("team", "psa_connection")
LONGEST = 100  # characters of an old or new value in a line


@register.filter
def changes(facts: dict[str, Any]) -> str:
    """{"before": {"outcome": "failed"}, "after": {"outcome": "worked"}} -> outcome: failed → worked"""
    before, after = facts.get("before") or {}, dict(facts.get("after") or {})
    if "outcome" in after:
        after.pop("skipped", None)  # says the same
    return ", ".join(_change(name, before.get(name), value) for name, value in after.items())


@register.filter
def outcome(value: str) -> str:
    """inconclusive -> unclear"""
    return str(Step.Outcome(value).label).lower() if value in Step.Outcome.values else words(value)


def _change(name: str, before: Any, after: Any) -> str:
    if name == "temporary":
        return "now temporary" if after else "no longer temporary"
    label = str(FIELDS.get(name) or words(name))
    if name == "outcome":
        before, after = outcome(before), outcome(after)
    if name == "due_at":
        before, after = (moment(each) if each else None for each in (before, after))
    return label if name in MUTE else f"{label}: {_value(before)} → {_value(after)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        value = ", ".join(str(option.get("label", "")) for option in value)
    if value in (None, ""):
        return "nothing"
    return cut(one_line(readable(str(value))), LONGEST)


@register.filter
def moment(iso: str) -> str:
    """2026-11-24T08:00:00+00:00 -> 24 Nov 2026 09:00, in the zone of who reads it"""
    return date_format(localtime(datetime.fromisoformat(iso)), "j M Y H:i")


register.filter(wording.in_zone_of)


@register.simple_tag
def worded(events: Iterable[Event]) -> list[Event]:
    """{% worded events as events %}: sets `.line` of each, the event in words; one query for all."""
    rows = list(events)
    names = wording.names_in(rows)
    for event in rows:
        event.line = wording.event_line(event, names)  # type: ignore[attr-defined]
    return rows


@dataclass
class Notified:
    """One person who was notified of a handoff: their newest bell line, and the mails about it, newest first."""

    line: Notification
    mails: list[Delivery]


@register.simple_tag
def notified(handoff: Handoff) -> dict[str, Any]:
    """{% notified handoff as notified %}: what went into its ticket, what failed, and who was notified, how."""
    deliveries = Delivery.objects.filter(handoff=handoff).exclude(kind=Delivery.Kind.WEBHOOK).as_lines().order_by("-id")
    messages, setting = MESSAGES, Delivery.Kind.TICKET
    listed = list(deliveries.exclude(~Q(status=Delivery.Status.FAILED), kind__in=messages)[: 2 * SHOWN])
    overtaken = [one for one in listed if one.kind == setting][1:]
    lines = handoff.notifications.select_related("user").order_by("-id")
    people: dict[int, Notified] = {}
    for line in lines.only("why", "done_at", "read_at", "created_at", "user__name")[: 2 * SHOWN]:
        people.setdefault(line.user_id, Notified(line, []))
    shown = list(people.values())[:SHOWN]
    wanted = Q(recipient=None) | Q(recipient__in=[told.line.user_id for told in shown])
    to_channels: list[Delivery] = []
    for mail in deliveries.filter(wanted, kind__in=messages).exclude(status=Delivery.Status.FAILED)[: 4 * SHOWN]:
        (to_channels if mail.recipient_id is None else people[mail.recipient_id].mails).append(mail)
    count = handoff.notifications.order_by().values("user").distinct().count()
    return {
        "ticket": [one for one in listed if one.kind not in messages and one not in overtaken],
        "failed": [one for one in listed if one.kind in messages],
        "channels": to_channels,
        "people": shown,
        "count": count,
        "more": count - len(shown),
    }
