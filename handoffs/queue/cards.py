"""The card of a handoff as HTML, cached until something on it changes.

A card is the same for every viewer: after each event every open queue asks for the same fifty again. The cache key is
made from everything the card shows, so that a cached card is never out of date.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from handoffs.models import Handoff
from handoffs.models.queryset import CARD
from resolutionflow.web.templatetags import span

_own = attrgetter("pk", "session_id", *(name for name in CARD if "__" not in name))
_named = [name.split("__") for name in CARD if "__" in name]


def card_html(handoff: Handoff) -> SafeString:
    """_card.html of this handoff, rendered now or taken from this process's cache."""
    if settings.DEBUG:  # whoever edits the template wants to see it
        return _draw(handoff)
    key = blake2b("\0".join(map(str, _all_that_is_shown(handoff))).encode()).hexdigest()
    return SafeString(caches["local"].get_or_set(key, lambda: _draw(handoff)))


def _draw(handoff: Handoff) -> SafeString:
    return render_to_string("handoffs/_card.html", {"handoff": handoff})


def _all_that_is_shown(handoff: Handoff) -> Iterable[Any]:
    others = (getattr(getattr(handoff, one, None), name, None) for one, name in _named)
    frame = (timezone.get_current_timezone_name(), _as_time_passes(handoff))
    return (*_own(handoff), *others, *handoff.attempts.values(), *frame)


def _as_time_passes(handoff: Handoff) -> str:
    """The part of the key that time changes: how long it waits, in words (for a claim, whose clocks show minutes, the
    minute), and whether it is overdue."""
    now = timezone.now()
    waits = span(now - handoff.opened_at) if handoff.is_open else int(now.timestamp()) // 60
    return f"{waits} {handoff.session.is_overdue}"
