"""The end of a shift: everything somebody holds, what becomes of each thing, and then going off shift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import QueryDict

from handoffs.brief import Brief, briefs_for
from handoffs.forms import shift
from handoffs.forms.handoff import Targets
from handoffs.forms.shift import ItemForm
from handoffs.models import Handoff, with_counts
from resolutionflow.accounts.models import User
from resolutionflow.core import pagination
from resolutionflow.core.refusals import WrongState, outcome_of
from resolutionflow.core.text import as_id
from resolutionflow.core.verbs import verb
from resolutionflow.web.templatetags import clock_time
from sessions_app.models import Session, SessionQuerySet

MOST = 40  # things on one page: each is some ten fields, and Django takes a thousand in one form


@dataclass(frozen=True)
class HeldItem:
    """One thing somebody holds, with the form of what to do with it."""

    session: Session
    claim: Handoff | None
    brief: Brief
    form: ItemForm


@dataclass(frozen=True)
class ShiftResult:
    """What became of one thing: whether it was done, and a sentence."""

    item: HeldItem
    done: bool
    said: str


@dataclass(frozen=True)
class ShiftEnd:
    """What became of everything, and what this person still holds."""

    results: list[ShiftResult]
    left: list[HeldItem]
    unseen: int  # things that came to them while they were choosing
    ended: bool

    @property
    def done(self) -> list[ShiftResult]:
        return [result for result in self.results if result.done]

    @property
    def refused(self) -> list[ShiftResult]:
        return [result for result in self.results if not result.done]

    @property
    def lost(self) -> list[ShiftResult]:
        """Things that were refused because somebody else has them by now: nothing to try again, perhaps a text
        to copy."""
        left = {item.session.pk for item in self.left}
        return [result for result in self.refused if result.item.session.pk not in left]


# --- what they hold ----------------------------------------------------------------------------


def held_items(user: User) -> list[HeldItem]:
    """Everything this person holds, each with its brief: claims by priority, then the rest."""
    return _items(user, pagination.first_rows(_held(user), MOST))


def held_count(user: User) -> int:
    return _held(user).count()


def handled(user: User, data: QueryDict) -> list[HeldItem]:
    """The things on the page that was sent, also those somebody else has taken since."""
    pks = [number for pk in data.getlist("session")[:MOST] if (number := as_id(pk))]
    return _items(user, list(_sessions(user).filter(pk__in=pks)), data)


def _sessions(user: User) -> SessionQuerySet:
    sessions: SessionQuerySet = Session.objects.visible_to(user).with_page().order_by("-updated_at", "-id")
    return sessions


def _held(user: User) -> SessionQuerySet:
    return _sessions(user).filter(assignee=user, status=Session.Status.ACTIVE)


def _items(user: User, sessions: Sequence[Session], data: QueryDict | None = None) -> list[HeldItem]:
    """The things for these sessions, claims first; takes the same number of queries however many there are."""
    claims = Handoff.objects.visible_to(user).with_card().claimed().filter(claimed_by=user, session__in=sessions)
    by_session = {claim.session_id: claim for claim in with_counts(claims)}
    briefs = briefs_for(sessions, {pk: claim.from_sender for pk, claim in by_session.items()})
    targets = Targets.of(user)
    items = []
    for session in sessions:
        claim, brief = by_session.get(session.pk), briefs[session.pk]
        form = ItemForm(data, session=session, claim=claim, user=user, targets=targets, brief=brief)
        items.append(HeldItem(session, claim, brief, form))
    return sorted(items, key=_place)


def _place(item: HeldItem) -> tuple[bool, int]:
    return (item.claim is None, item.claim.priority if item.claim else 0)


# --- what becomes of it ------------------------------------------------------------------------


def finish(user: User, items: Sequence[HeldItem], *, end: bool) -> ShiftEnd:
    """Do what was chosen, one transaction each. The shift ends only when all of it was done and nothing new has
    come."""
    results = [_done(item, user) for item in items if not item.form.is_left]
    for result in results:
        if not result.done:
            result.item.form.refuse(result.said)
    seen = {item.session.pk: item for item in items}
    unseen = _held(user).exclude(pk__in=seen).count()
    ended = end and not unseen and all(result.done for result in results)
    if ended:
        user.go_off_shift()
    # The relay gives back the claims of who has gone, in a moment.
    left = [item for item in held_items(user) if not (ended and item.claim)]
    return ShiftEnd(results, [seen.get(item.session.pk, item) for item in left], unseen, ended)


def _done(item: HeldItem, user: User) -> ShiftResult:
    done, said = outcome_of(partial(_act, item, user))
    if not done and _is_so(item, user):
        return ShiftResult(item, done=True, said="done already")
    return ShiftResult(item, done, said)


@verb
def _act(item: HeldItem, user: User) -> str:
    """Do what was chosen with this thing. Refused where this person does not hold it any more, even if a lead would be
    allowed to."""
    session, fields = item.session, item.form.fields
    session.lock()
    if session.assignee_id != user.pk and session.status == Session.Status.ACTIVE and session.assignee:
        raise WrongState(f"{session.assignee.name} has it now.")
    if session.assignee_id != user.pk or session.status != Session.Status.ACTIVE:
        raise WrongState(session.where())
    match item.form.do:
        case shift.ESCALATE:
            return _escalate(session, user, **fields)
        case shift.TRANSFER:
            return _transfer(session, user, **fields)
        case shift.PARK:
            return _park(session, user, **fields)
        case _:
            return _give_back(session, user, **fields)


def _escalate(session: Session, user: User, *, target: dict[str, Any], **fields: Any) -> str:
    handoff = Handoff.escalate(session, user, **fields, **target)
    if handoff.target is None:
        return "escalated to anyone"
    return f"escalated to {handoff.target.name}"


def _transfer(session: Session, user: User, *, to: User, reason: str) -> str:
    _claim(session).transfer(user, to=to, reason=reason)
    return f"transferred to {to.name}"


def _park(session: Session, user: User, *, notes: str, wake_at: Any, **_typed: Any) -> str:
    Handoff.park(session, user, notes=notes, wake_at=wake_at)
    return f"parked until {clock_time(wake_at)}" if wake_at else "parked, with no time set"


def _give_back(session: Session, user: User, *, reason: str) -> str:
    _claim(session).release(user, reason=reason)
    return "released, open to everybody"


def _claim(session: Session) -> Handoff:
    claim: Handoff | None = session.handoffs.claimed().first()
    if claim is None:
        raise WrongState("This is no claim: escalate it instead.")
    return claim


def _is_so(item: HeldItem, user: User) -> bool:
    """Whether it is already as they want it, after the first of two clicks."""
    unclosed = item.session.handoffs.unclosed()
    match item.form.do:
        case shift.ESCALATE:
            found = unclosed.waiting().filter(sender=user)
        case shift.TRANSFER:
            found = unclosed.claimed().filter(claimed_by=item.form.fields["to"])
        case shift.PARK:
            found = unclosed.parked().filter(sender=user)
        case _:
            found = unclosed.waiting().exclude(sender=user)
    return bool(found.exists())
