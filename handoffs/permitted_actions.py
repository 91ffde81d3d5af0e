"""Which verbs a page offers to whom. It only tidies the page: the verbs themselves decide."""

from __future__ import annotations

from handoffs.models import Handoff
from resolutionflow.accounts.models import User


def permitted_for(handoff: Handoff, user: User) -> set[str]:
    """The verbs that this handoff would accept from this person now, as far as its row tells."""
    if not user.is_engineer or handoff.is_closed:
        return set()
    side = handoff.is_of(user)
    offered = {"priority"} if side or user.is_lead else set()
    if handoff.intent == Handoff.Intent.PARK:
        return {"resume"} if handoff.holder_id == user.pk else set()
    if handoff.is_open:
        return offered | _while_waiting(handoff, user, side)
    return offered | _while_claimed(handoff, user)


def can_ask(handoff: Handoff, user: User) -> bool:
    """Whether this person may ask the sender: of a handoff that is over, too, while its session goes on."""
    here = user.is_engineer and handoff.sender.is_engineer and not handoff.session.is_finished
    return here and handoff.sender_id != user.pk


def can_be_briefed(handoff: Handoff, user: User, *, has_news: bool) -> bool:
    """Whether a briefing is for this person: who may pick it up, or has; its sender and holder where they have news."""
    here = user.is_engineer and handoff.intent == Handoff.Intent.ESCALATE and not handoff.is_closed
    return here and (has_news or not handoff.is_of(user))


def _while_waiting(handoff: Handoff, user: User, side: bool) -> set[str]:
    ladder = {"let_go"} if handoff.ladder_held_at else {"hold"} if handoff.ladder_at else set()
    withdraw = {"withdraw", "correct", *ladder} if side or user.is_lead else set()
    return withdraw if side or handoff.kept_for(user) else withdraw | {"claim"}


def _while_claimed(handoff: Handoff, user: User) -> set[str]:
    if handoff.claimed_by_id != user.pk:
        return {"transfer", "take_over"} if user.is_lead else set()
    offered = {"release", "transfer", "read_back"}
    if handoff.holder is not None and handoff.holder.is_engineer:
        offered.add("return")
    if handoff.can_be_undone:
        offered.add("undo")
    if handoff.lease_until:
        offered.add("extend")
    return offered
