"""{% load proposals %}: whether a form may ask the AI for proposals."""

from __future__ import annotations

from django import template

from handoffs.models import Proposals
from resolutionflow.accounts.models import Account

register = template.Library()


@register.filter
def takes_proposals(account: Account) -> bool:
    """{% if user.account|takes_proposals %}: the AI is on, and the month's budget is not used up."""
    return Proposals.can_be_asked(account)
