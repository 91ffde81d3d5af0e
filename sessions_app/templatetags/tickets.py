"""{% load tickets %}: the address of a session's ticket."""

from __future__ import annotations

from django import template

from sessions_app.models import Session
from sessions_app.psa import PROVIDERS

register = template.Library()


@register.filter
def ticket_url(session: Session) -> str:
    """The ticket's page in its own system; empty where there is none."""
    connection = session.psa_connection
    if connection is None or connection.kind not in PROVIDERS or connection.address_problem:
        return ""
    return PROVIDERS[connection.kind](connection.base_url, {}).page(session.psa_ticket_id)
