"""{% load cards %}: what is the same on many cards, drawn once."""

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
    """_card.html of a row of as_cards()."""
    return card_html(handoff)


@register.simple_tag
def attempts(handoff: Handoff) -> SafeString:
    """How the attempts ended, as _attempts.html has it: the same for all cards with as many of each."""
    return _drawn(tuple(handoff.attempts.items()))


@lru_cache(maxsize=1000)
def _drawn(counted: tuple[tuple[str, int], ...]) -> SafeString:
    handoff = Handoff()
    handoff.counted = dict(counted)
    return render_to_string("handoffs/_attempts.html", {"handoff": handoff})
