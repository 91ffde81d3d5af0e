"""The preview beside the queue's list: what decides whether somebody claims a handoff."""

from __future__ import annotations

from dataclasses import dataclass

from handoffs import permitted_actions
from handoffs.brief import Brief
from handoffs.forms.handoff import ReleaseForm
from handoffs.models import Handoff
from resolutionflow.accounts.models import Event, Team, User
from resolutionflow.core.text import as_id


@dataclass(frozen=True)
class Preview:
    """A handoff as one person sees it beside the list."""

    handoff: Handoff
    brief: Brief
    permitted: set[str]  # verbs of the handoff
    moves: set[str]  # verbs of its session, where it is claimed
    kept_for: User | Team | None
    ended: Event | None  # what closed it, by whom
    release: ReleaseForm


def preview_for(handoff: Handoff, user: User) -> Preview:
    return Preview(
        handoff=handoff,
        brief=handoff.brief(),
        permitted=permitted_actions.permitted_for(handoff, user),
        moves=handoff.session.permitted_for(user) if handoff.is_claimed else set(),
        kept_for=handoff.kept_for(user) if handoff.is_open else None,
        ended=_end_of(handoff, user) if handoff.is_closed else None,
        release=ReleaseForm(auto_id="preview_%s"),
    )


def opened_preview(user: User, pk: str) -> Preview | None:
    """The preview of `?open=42`; None where this person has no such handoff."""
    number = as_id(pk)
    handoff = Handoff.objects.visible_to(user).with_card().filter(pk=number).first() if number else None
    return preview_for(handoff, user) if handoff else None


# What closes a handoff: its own verb, or one of its session. Notes and summaries may come later still.
ENDS = ("handoff.returned", "handoff.withdrawn", "handoff.escalated", "handoff.parked", "session")


def _end_of(handoff: Handoff, user: User) -> Event | None:
    happened = Event.objects.visible_to(user).of_handoff(handoff.pk, session_id=handoff.session_id)
    last: Event | None = happened.narrowed(kinds=ENDS).select_related("actor").order_by("-seq").first()
    return last
