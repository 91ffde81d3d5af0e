"""{% load watching %}: how the reader of a page stands to a session."""

from __future__ import annotations

from django import template
from django.template import Context

from sessions_app.models import Session, SessionWatch

register = template.Library()


@register.simple_tag(takes_context=True)
def watching(context: Context, session: Session) -> str:
    """watching, muted, or empty for neither."""
    return SessionWatch.state_of(session, context["user"])
