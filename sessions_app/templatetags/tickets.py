"""{% load tickets %}: the address of a session's ticket, and what is taken from it."""

from __future__ import annotations

from django import template
from django.utils.safestring import mark_safe

from sessions_app.models import Session
from sessions_app.psa import PROVIDERS

register = template.Library()


FROM = mark_safe('<span class="muted small">from the ticket</span>')


@register.simple_tag
def from_ticket(session: Session, name: str) -> str:
    """Says that this fact is the ticket's."""
    return FROM if session.from_ticket.get(name) else ""


@register.filter
def ticket_url(session: Session) -> str:
    """The ticket's page in its own system; empty where there is none."""
    connection = session.psa_connection
    if connection is None or connection.kind not in PROVIDERS or connection.address_problem:
        return ""
    return PROVIDERS[connection.kind](connection.base_url, {}).page(session.psa_ticket_id)
