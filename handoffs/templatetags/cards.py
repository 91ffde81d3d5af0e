"""{% load cards %}: cards, and the parts of them that are the same on many."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from handoffs.models import Handoff
from handoffs.queue.cards import card_html

register = template.Library()


@register.simple_tag
def card(handoff: Handoff) -> SafeString:
    """_card.html of a handoff fetched with as_cards()."""
    return card_html(handoff)


@register.simple_tag
def attempts(handoff: Handoff) -> SafeString:
    """_attempts.html: how the steps ended. Cached for all cards with the same counts."""
    return _drawn(tuple(handoff.attempts.items()))


@lru_cache(maxsize=1000)
def _drawn(counted: tuple[tuple[str, int], ...]) -> SafeString:
    handoff = Handoff()
    handoff.counted = dict(counted)
    return render_to_string("handoffs/_attempts.html", {"handoff": handoff})
