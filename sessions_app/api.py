"""The API of the work: sessions, their steps, messages and branches."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.shortcuts import get_object_or_404

from resolutionflow.accounts.api import EventOut, TimelineQuery, narrowed
from resolutionflow.accounts.models import Event
from resolutionflow.api.endpoint import ApiRequest, endpoint
from resolutionflow.core.text import as_it_came
from sessions_app.api_fields import (
    BranchBody,
    BranchChange,
    BranchOut,
    MessageBody,
    MessageOut,
    ReasonBody,
    ResolveBody,
    SessionBody,
    SessionChange,
    SessionDetailOut,
    SessionOut,
    SessionQuery,
    StepBody,
    StepChange,
    StepOut,
)
from sessions_app.files import long_output, reading
from sessions_app.models import Branch, Message, Session, SessionWatch, Step, StoredFile

TAG = "sessions"

# --- sessions ----------------------------------------------------------------------------------


def session_of(request: ApiRequest, pk: int) -> Session:
    """The session with this id, if it is one of the caller's account."""
    seen = Session.objects.visible_to(request.user).select_related(
        "account", "started_by", "assignee", "team", "ticket_copy"
    )
    session: Session = get_object_or_404(seen, pk=pk)
    return session


def session_with_parts(request: ApiRequest, pk: int) -> Session:
    seen = Session.objects.visible_to(request.user).select_related("started_by", "assignee", "team", "ticket_copy")
    parts = ("branches__status_changed_by", "steps__author", "messages__author")
    session: Session = get_object_or_404(seen.prefetch_related(*parts), pk=pk)
    session.watching = SessionWatch.state_of(session, request.user) or None
    return session


def step_of(request: ApiRequest, pk: int, step_pk: int) -> Step:
    step: Step = _part_of(session_of(request, pk), "steps", step_pk)
    return step


def message_of(request: ApiRequest, pk: int, message_pk: int) -> Message:
    message: Message = _part_of(session_of(request, pk), "messages", message_pk)
    return message


def branch_of(request: ApiRequest, pk: int, branch_pk: int) -> Branch:
    branch: Branch = _part_of(session_of(request, pk), "branches", branch_pk)
    return branch


def _part_of(whole: Session, parts: str, pk: int) -> Any:
    """A step or branch of this session, knowing the session it is of."""
    part: Model = get_object_or_404(getattr(whole, parts).all(), pk=pk)
    part.session = whole  # type: ignore[attr-defined]
    return part


@endpoint(tag=TAG, summary="Sessions", gives=SessionOut, query=SessionQuery)
def sessions(request: ApiRequest, *, mine: bool = False, q: str = "", **exact: Any) -> QuerySet[Session]:
    """Newest first."""
    lookups = {"domain": "problem_domain", "assignee": "assignee_id", "team": "team_id", "status": "status"}
    found = Session.objects.visible_to(request.user).filter(**{lookups[name]: exact[name] for name in exact})
    found = found.mine(request.user) if mine else found
    return (
        found.search(q)
        .select_related("started_by", "assignee", "team", "ticket_copy")
        .defer("intake_text", "ticket_copy__told")
    )


@endpoint(tag=TAG, summary="Open a session", gives=SessionOut, takes=SessionBody, status=201)
def open_session(request: ApiRequest, **fields: Any) -> Session:
    """The caller works on it."""
    return Session.open(request.user, **fields)


@endpoint(tag=TAG, of=session_with_parts, summary="A session", gives=SessionDetailOut)
def show_session(request: ApiRequest, session: Session) -> None:
    """With branches, steps, messages and the unclosed handoff."""


@endpoint(
    tag=TAG,
    of=session_with_parts,
    summary="Correct the facts of a session",
    gives=SessionDetailOut,
    takes=SessionChange,
)
def change_session(request: ApiRequest, session: Session, **fields: Any) -> None:
    """Only what is sent is changed; old values are kept in the event. Not once it is resolved or abandoned."""
    session.change(request.user, **fields)


@endpoint(tag=TAG, of=session_of, summary="Resume a parked session", gives=SessionOut)
def resume(request: ApiRequest, session: Session) -> None:
    """By the assignee. The park is closed."""
    session.resume(request.user)


@endpoint(tag=TAG, of=session_of, summary="Resolve a session", gives=SessionOut, takes=ResolveBody)
def resolve(request: ApiRequest, session: Session, **fields: Any) -> None:
    """By the assignee or a lead. An unclosed handoff is closed with it; a ticket gets one internal note. Who escalated
    or claimed it is notified of what fixed it, the root cause, the step that showed it and what is still temporary."""
    session.resolve(request.user, **fields)


@endpoint(tag=TAG, of=session_of, summary="Abandon a session", gives=SessionOut, takes=ReasonBody)
def abandon(request: ApiRequest, session: Session, *, reason: str) -> None:
    """By the assignee or a lead. An unclosed handoff is closed with it."""
    session.abandon(request.user, reason=reason)


@endpoint(tag=TAG, of=session_of, summary="Reopen a session", gives=SessionOut, takes=ReasonBody)
def reopen(request: ApiRequest, session: Session, *, reason: str) -> None:
    """By any engineer, who then works on it."""
    session.reopen(request.user, reason=reason)


@endpoint(tag=TAG, of=session_of, summary="History of a session", gives=EventOut, query=TimelineQuery, order=("seq",))
def session_events(request: ApiRequest, session: Session, **filters: Any) -> QuerySet[Event]:
    """Its events, its handoffs' among them, in order."""
    return narrowed(Event.objects.visible_to(request.user).of_session(session.pk), **filters)


# --- the ledger --------------------------------------------------------------------------------


def must_take_file_now(request: ApiRequest, session: Session) -> None:
    """Refuse before anything is read and stored; not where it may be there already, by the same Idempotency-Key."""
    if "Idempotency-Key" not in request.headers:
        session.must_take_file(request.user)


def move_long_output(request: ApiRequest, place: Session | Step) -> None:
    """Store an output that is too long for a step as a file: the verb gives it to the step. `place`: what the address
    names."""
    session = place.session if isinstance(place, Step) else place
    sent = request.data.get("free_text") if isinstance(request.data, dict) else None
    if isinstance(sent, str) and long_output.is_too_long(output := as_it_came(sent)):
        must_take_file_now(request, session)
        beside = place.names_of_files if isinstance(place, Step) else {}
        with reading.in_turn():
            kept, whole = long_output.moved(output, beside)
            request.prepared = kept, StoredFile(session.account_id, whole)


@endpoint(
    tag=TAG,
    of=session_of,
    summary="Add a step",
    gives=StepOut,
    takes=StepBody,
    status=201,
    by_script=True,
    prepare=move_long_output,
)
def add_step(request: ApiRequest, session: Session, **fields: Any) -> Step:
    """By any engineer, unless the session is resolved or abandoned. Also as a form, which
    `curl --data-urlencode` sends, and by the key of the session's page "Output of a script", which does this alone."""
    return session.add_step_with_files(request.user, **_with_long_output(request, fields))


def _with_long_output(request: ApiRequest, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a step, and its files: what `move_long_output` has left."""
    if (prepared := getattr(request, "prepared", None)) is None:
        return {**fields, "files": []}
    kept, whole = prepared
    return {**fields, "free_text": kept, "files": [whole]}


@endpoint(tag=TAG, of=step_of, summary="A step", gives=StepOut)
def show_step(request: ApiRequest, step: Step) -> None:
    """As it stands in the session's list."""


@endpoint(tag=TAG, of=step_of, summary="Change a step", gives=StepOut, takes=StepChange, prepare=move_long_output)
def change_step(request: ApiRequest, step: Step, **fields: Any) -> None:
    """Outcome, option, answer and whether it is temporary by any engineer, the text by its author; old values are kept
    in the event, and files stay."""
    step.session.change_step_with_files(request.user, step, **_with_long_output(request, fields))


@endpoint(tag=TAG, of=session_of, summary="Write a message", gives=MessageOut, takes=MessageBody, status=201)
def add_message(request: ApiRequest, session: Session, **fields: Any) -> Message:
    """Into the conversation of the session. Whom it mentions, as `@Ana Petrov`, or `@Ana` where one engineer alone has
    that first name, is notified as those in `asked` are; who watches the session, in the bell."""
    return session.add_message(request.user, **fields)


@endpoint(tag=TAG, of=message_of, summary="A message", gives=MessageOut)
def show_message(request: ApiRequest, message: Message) -> None:
    """As it stands in the conversation. A message is never changed."""


@endpoint(tag=TAG, of=session_of, summary="Add a branch", gives=BranchOut, takes=BranchBody, status=201)
def add_branch(request: ApiRequest, session: Session, *, label: str, parent: Branch | None = None) -> Branch:
    """One more hypothesis, untried until somebody activates it."""
    return session.add_branch(request.user, label=label, parent=parent)


@endpoint(tag=TAG, of=branch_of, summary="A branch", gives=BranchOut)
def show_branch(request: ApiRequest, branch: Branch) -> None:
    """As it stands in the session's list."""


@endpoint(tag=TAG, of=branch_of, summary="Set a branch's status", gives=BranchOut, takes=BranchChange)
def change_branch(
    request: ApiRequest, branch: Branch, *, status: str | None = None, status_reason: str | None = None
) -> None:
    """Dead end, solved, untried again, or active: then the branch that was active is untried."""
    status = status or branch.status
    kept = branch.status_reason if status == branch.status else ""  # why it was a dead end is no reason to revive it
    branch.change_status(request.user, status=status, reason=kept if status_reason is None else status_reason)


@endpoint(tag=TAG, of=branch_of, summary="Try this branch now", gives=BranchOut)
def activate_branch(request: ApiRequest, branch: Branch) -> None:
    """The branch that was active becomes untried."""
    branch.activate(request.user)
