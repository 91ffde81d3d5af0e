"""The card of a handoff as HTML, kept as long as nothing on it changes.

A card is for no viewer in particular: after each event every open queue asks for the same fifty again. It is known
by everything that stands on it, so what is kept cannot be out of date; it can only be no longer asked for.
"""

from __future__ import annotations

from collections.abc import Hashable
from operator import attrgetter
from threading import Lock

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from handoffs.models import Handoff
from handoffs.models.queryset import CARD
from resolutionflow.web.templatetags import span

MOST = 2000  # of about 2 KB each

_own = attrgetter("pk", "session_id", *(name for name in CARD if "__" not in name))
_named = [name.split("__") for name in CARD if "__" in name]
_kept: dict[Hashable, SafeString] = {}
_changing = Lock()


def html(handoff: Handoff) -> SafeString:
    """_card.html, drawn or as it was drawn before."""
    if settings.DEBUG:  # whoever edits the template wants to see it
        return _draw(handoff)
    shown = _all_that_is_shown(handoff)
    drawn = _kept.get(shown) or _draw(handoff)
    with _changing:
        _kept.pop(shown, None)
        _kept[shown] = drawn  # the newest stands last
        if len(_kept) > MOST:
            del _kept[next(iter(_kept))]
    return drawn


def _draw(handoff: Handoff) -> SafeString:
    return render_to_string("handoffs/_card.html", {"handoff": handoff})


def _all_that_is_shown(handoff: Handoff) -> Hashable:
    others = (getattr(getattr(handoff, one, None), name, None) for one, name in _named)
    frame = (timezone.get_current_timezone_name(), get_language(), _as_time_passes(handoff))
    return (*_own(handoff), *others, *handoff.attempts.values(), *frame)


def _as_time_passes(handoff: Handoff) -> Hashable:
    """How long it waits, in words; of a claim, with its lease and its own clock, the minute."""
    now = timezone.now()
    return span(now - handoff.opened_at) if handoff.is_open else int(now.timestamp()) // 60
