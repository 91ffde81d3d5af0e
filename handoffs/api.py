"""The API of passing the work on: the queue, handoffs and their verbs, summary and briefing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from handoffs.api_fields import (
    AskBody,
    ClaimBody,
    EscalateBody,
    HandoffChange,
    HandoffDetailOut,
    HandoffOut,
    HandoffQuery,
    HoldBody,
    OptionalReasonBody,
    ParkBody,
    QuestionOut,
    ReadBackBody,
    TransferBody,
    summary_of,
)
from handoffs.models import Briefing, Handoff, Summary, SummaryFeedback, SummaryVersion
from handoffs.queue import filters
from handoffs.summary_fields import BriefingOut, FeedbackBody, FeedbackOut, SummaryOut
from resolutionflow.accounts.api import EventOut, TimelineQuery, narrowed
from resolutionflow.accounts.models import Event, User
from resolutionflow.api.endpoint import ApiRequest, endpoint
from resolutionflow.api.fields import Query
from resolutionflow.core.refusals import WrongState
from sessions_app.api import session_of
from sessions_app.api_fields import ReasonBody
from sessions_app.models import Message, Session

TAG = "handoffs"

# --- from a session ----------------------------------------------------------------------------


def _visible(request: ApiRequest) -> QuerySet[Handoff]:
    seen: QuerySet[Handoff] = Handoff.objects.visible_to(request.user).with_people()
    return seen


def handoff_of(request: ApiRequest, pk: int) -> Handoff:
    """The handoff with this id, if it is one of the caller's account."""
    return get_object_or_404(_visible(request), pk=pk)


@endpoint(tag=TAG, of=session_of, summary="Park a session", gives=HandoffOut, takes=ParkBody, status=201)
def park(
    request: ApiRequest, session: Session, *, notes: str = "", wake_at: datetime | None = None, wake: str = "none"
) -> Handoff:
    """By the assignee or a lead. A wake rule is needed: a time, the next business day, or none on purpose."""
    if wake == "next_business_day":
        wake_at = session.account.next_business_day(timezone.now())
    return handoff_of(request, Handoff.park(session, request.user, notes=notes, wake_at=wake_at).pk)


@endpoint(tag=TAG, of=session_of, summary="Escalate a session", gives=HandoffOut, takes=EscalateBody, status=201)
def escalate(request: ApiRequest, session: Session, **fields: Any) -> Handoff:
    """By the assignee or a lead: to a person, to a team, or to nobody in particular.

    Aimed at somebody it is kept for them until `widens_at`. An open park or own claim is closed (superseded).
    """
    return handoff_of(request, Handoff.escalate(session, request.user, **fields).pk)


@endpoint(tag=TAG, of=session_of, summary="The handoffs of a session", gives=HandoffOut, query=Query)
def session_handoffs(request: ApiRequest, session: Session) -> QuerySet[Handoff]:
    """Newest first."""
    return _visible(request).filter(session=session).defer("snapshot")


# --- handoffs ----------------------------------------------------------------------------------


def _order(*, status: str = "open", **rest: Any) -> tuple[str, ...]:
    return ("priority", "opened_at", "id") if status == "open" else ("-id",)


@endpoint(tag=TAG, summary="The queue", gives=HandoffOut, query=HandoffQuery, order=_order)
def handoffs(
    request: ApiRequest, *, status: str = "open", intent: str = "escalate", **wanted: Any
) -> QuerySet[Handoff]:
    """Open escalations, priority first, then the longest wait. With another `status`: newest first."""
    found = _visible(request).filter(filters.matching(user=request.user, **wanted))
    found = found if status == "any" else found.filter(status=status)
    found = found if intent == "any" else found.filter(intent=intent)
    return found.defer("snapshot", "session__intake_text", "session__root_cause", "session__resolution")


@endpoint(tag=TAG, of=handoff_of, summary="A handoff", gives=HandoffDetailOut)
def show_handoff(request: ApiRequest, handoff: Handoff) -> None:
    """With the snapshot and the AI's summary."""


@endpoint(tag=TAG, of=handoff_of, summary="Correct a handoff", gives=HandoffDetailOut, takes=HandoffChange)
def change_handoff(request: ApiRequest, handoff: Handoff, *, priority: int | None = None, **fields: str) -> None:
    """By the sender, the holder or a lead: the priority while it is unclosed, the notes and the five lines while it
    waits. Old values are kept in an event."""
    handoff.correct(request.user, priority=priority, **fields)


@endpoint(tag=TAG, of=handoff_of, summary="Claim", gives=HandoffOut, takes=ClaimBody)
def claim(request: ApiRequest, handoff: Handoff, *, analysis: bool = False, reason: str = "") -> None:
    """waiting -> claimed. One wins; the others get 409 `already_claimed` with who and when.

    Mine already: 200, nothing changes. Kept for somebody else: 403 `directed` with `target` and
    `widens_at`. Not by the sender or the holder.
    """
    handoff.claim(request.user, analysis=analysis)


@endpoint(tag=TAG, of=handoff_of, summary="Undo my claim", gives=HandoffOut, takes=OptionalReasonBody)
def undo(request: ApiRequest, handoff: Handoff, *, reason: str = "") -> None:
    """Within 60 seconds, while nothing else happened to it. Back to its old place; no reason is kept."""
    handoff.undo(request.user)


@endpoint(tag=TAG, of=handoff_of, summary="Release", gives=HandoffOut, takes=OptionalReasonBody)
def release(request: ApiRequest, handoff: Handoff, *, reason: str = "") -> None:
    """claimed -> waiting, by the claimer: open to everybody, in its old place."""
    handoff.release(request.user, reason=reason)


@endpoint(tag=TAG, of=handoff_of, summary="Return", gives=HandoffOut, takes=ReasonBody)
def return_(request: ApiRequest, handoff: Handoff, *, reason: str) -> None:
    """claimed -> working, by the claimer: back to the holder, who is notified why."""
    handoff.return_(request.user, reason=reason)


@endpoint(tag=TAG, of=handoff_of, summary="Transfer", gives=HandoffOut, takes=TransferBody)
def transfer(request: ApiRequest, handoff: Handoff, *, to: User, reason: str = "") -> None:
    """claimed by me (or, for a lead, by anybody) -> claimed by `to`, an active engineer."""
    handoff.transfer(request.user, to=to, reason=reason)


@endpoint(tag=TAG, of=handoff_of, summary="Take over", gives=HandoffOut, takes=ReasonBody)
def take_over(request: ApiRequest, handoff: Handoff, *, reason: str) -> None:
    """claimed by another -> claimed by me, a lead. By the sender or holder it is a return to them."""
    handoff.take_over(request.user, reason=reason)


@endpoint(tag=TAG, of=handoff_of, summary="Withdraw", gives=HandoffOut, takes=OptionalReasonBody)
def withdraw(request: ApiRequest, handoff: Handoff, *, reason: str = "") -> None:
    """waiting -> working, by the sender, the holder or a lead: it leaves every queue."""
    handoff.withdraw(request.user, reason=reason)


@endpoint(tag=TAG, of=handoff_of, summary="Hold the ladder", gives=HandoffOut, takes=HoldBody)
def hold(request: ApiRequest, handoff: Handoff, *, reason: str) -> None:
    """While it waits, by the sender, the holder or a lead: it calls nobody until somebody lets it go."""
    handoff.hold(request.user, reason=reason)


@endpoint(tag=TAG, of=handoff_of, summary="Let the ladder go on", gives=HandoffOut)
def let_go(request: ApiRequest, handoff: Handoff) -> None:
    """By the sender, the holder or a lead. What was due meanwhile calls once."""
    handoff.let_go(request.user)


@endpoint(tag=TAG, of=handoff_of, summary="Extend a claim", gives=HandoffOut, takes=OptionalReasonBody)
def extend(request: ApiRequest, handoff: Handoff, *, reason: str = "") -> None:
    """The lease of my claim starts anew, as by any step or message of mine. No reason is kept."""
    handoff.extend(request.user)


@endpoint(tag=TAG, of=handoff_of, summary="Read it back", gives=HandoffOut, takes=ReadBackBody)
def read_back(request: ApiRequest, handoff: Handoff, *, text: str) -> None:
    """The claimer's next step, in one line: sender and holder see that it was understood."""
    handoff.leave_read_back(request.user, text=text)


@endpoint(tag=TAG, of=handoff_of, summary="Ask the sender", gives=QuestionOut, takes=AskBody, status=201)
def ask(request: ApiRequest, handoff: Handoff, *, text: str) -> Message:
    """A message in the session, of which the sender is notified. It claims nothing; in any position but resolved and
    abandoned. Not by the sender; 409 when they are deactivated or a viewer by now."""
    return handoff.ask(request.user, text=text)


@endpoint(tag=TAG, of=handoff_of, summary="History of a handoff", gives=EventOut, query=TimelineQuery, order=("seq",))
def handoff_events(request: ApiRequest, handoff: Handoff, **wanted: Any) -> QuerySet[Event]:
    """Its events in order, from the verb that made it to the one that closed it."""
    events = Event.objects.visible_to(request.user).of_handoff(handoff.pk, session_id=handoff.session_id)
    return narrowed(events, **wanted)


# --- summary and briefing ----------------------------------------------------------------------


@endpoint(tag=TAG, of=handoff_of, summary="The AI's summary", gives=SummaryOut)
def summary(request: ApiRequest, handoff: Handoff) -> Summary:
    """State and data. Off where the AI is switched off; it never blocks anything."""
    return summary_of(handoff)


@endpoint(tag=TAG, of=handoff_of, summary="Say whether the summary was useful", gives=FeedbackOut, takes=FeedbackBody)
def summary_feedback(
    request: ApiRequest, handoff: Handoff, *, useful: bool, version: int | None = None, comment: str = ""
) -> SummaryFeedback:
    """Said again, it replaces what was said. 409 where there is no such version yet."""
    found = SummaryVersion.of(handoff, version)
    if found is None:
        raise WrongState("No such summary was written yet.")
    return SummaryFeedback.give(found, request.user, useful=useful, comment=comment)


@endpoint(tag=TAG, of=handoff_of, summary="Regenerate the summary", gives=SummaryOut, status=202)
def renew_summary(request: ApiRequest, handoff: Handoff) -> Summary:
    """Written by a worker, whatever the last one says. By any engineer; 409 while one is written, and while the AI is
    off or its budget used up, with who can change that."""
    return Summary.ask(handoff, request.user)


@endpoint(tag=TAG, of=handoff_of, summary="My briefing", gives=BriefingOut)
def briefing(request: ApiRequest, handoff: Handoff) -> Briefing:
    """What I do not know yet of this escalation: as the AI wrote it for me, and by rules (`news`)."""
    return Briefing.shown_to(request.user, handoff)


@endpoint(tag=TAG, of=handoff_of, summary="Ask for my briefing", gives=BriefingOut, status=202)
def ask_for_briefing(request: ApiRequest, handoff: Handoff) -> Briefing:
    """Written by a worker: ask GET, or wait for `briefing.ready` or `briefing.failed`. One that is being written, or
    since which nothing was put on record, is given back as it is. By any engineer; 409 of a park and of what is over.
    """
    return Briefing.ask(handoff, request.user)
