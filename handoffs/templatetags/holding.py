"""{% load holding %}: what pages of a session show of its claim."""

from __future__ import annotations

from django import template

from handoffs import permitted_actions
from handoffs.forms.handoff import ReadBackForm
from handoffs.models import Handoff
from resolutionflow.accounts.models import User

register = template.Library()


@register.simple_tag
def permitted_for(handoff: Handoff, user: User) -> set[str]:
    """{% permitted_for handoff user as can %}: the verbs of the handoff to show to this person."""
    return permitted_actions.permitted_for(handoff, user)


@register.simple_tag
def read_back_form(handoff: Handoff) -> ReadBackForm:
    """{% read_back_form handoff as form %}: the form, with the read-back so far."""
    return ReadBackForm(initial={"text": handoff.read_back}, auto_id="read_back_%s")
