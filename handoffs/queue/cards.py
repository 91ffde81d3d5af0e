"""The card of a handoff as HTML, kept as long as nothing on it changes.

A card is for no viewer in particular: after each event every open queue asks for the same fifty again. It is known
by everything that stands on it, so what is kept cannot be out of date; it can only be no longer asked for.
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
    """_card.html, rendered now or as it was rendered before in this process."""
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


def _as_time_passes(handoff: Handoff) -> str | int:
    """How long it waits, in words; of a claim, with its lease and its own clock, the minute."""
    now = timezone.now()
    return span(now - handoff.opened_at) if handoff.is_open else int(now.timestamp()) // 60
