"""The API of passing the work on: the queue, handoffs and their verbs, the summary."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from handoffs.models import Handoff, Summary, count_attempts
from handoffs.queue import filters
from resolutionflow.accounts.api import EventOut, TimelineQuery, narrowed
from resolutionflow.accounts.models import PRIORITY_WORDS, Event, Priority, Team, User
from resolutionflow.api.endpoint import ApiRequest, endpoint
from resolutionflow.api.fields import (
    Body,
    IdFilter,
    NullableChoiceField,
    NullableTextField,
    Output,
    PersonFilter,
    Query,
    SearchField,
    StoredJson,
    StrictBooleanField,
    StrictChoiceField,
    StrictLineField,
    StrictTextField,
    TimeField,
    VisibleIdField,
    person_field,
    team_field,
)
from resolutionflow.core.text import LINE
from resolutionflow.core.work import Work
from sessions_app.api import ReasonBody, SnapshotOut, session_of
from sessions_app.models import Domain, Session

TAG = "handoffs"
SUMMARY_STATES = ["pending", "ready", "failed", "off"]
WAKES = ["next_business_day", "none"]
NOTE_STATES = ["pending", "sending", "posted", "failed", "cancelled"]


# --- out ---------------------------------------------------------------------------------------


class SessionBriefOut(Output):
    """The session of a handoff; all of it is at `sessions/ID/`."""

    id = serializers.IntegerField()
    problem_summary = serializers.CharField()
    problem_domain = serializers.ChoiceField(choices=Domain.choices)
    client_name = NullableTextField()
    psa_ticket_id = NullableTextField()
    status = serializers.ChoiceField(choices=Session.Status.choices)
    assignee = person_field()


class AttemptsOut(StoredJson):
    """Steps of the session by outcome."""

    pending = serializers.IntegerField()
    worked = serializers.IntegerField()
    failed = serializers.IntegerField()
    inconclusive = serializers.IntegerField()
    skipped = serializers.IntegerField()


class StatementOut(StoredJson):
    """A line of the AI's, and what of the record it rests on."""

    text = serializers.CharField()
    evidence = serializers.ListField(
        child=serializers.RegexField(r"^[sm]\d+$"), help_text="Steps (s12) and messages (m4) of the session."
    )

    def to_representation(self, instance: Any) -> Any:
        return instance or None  # it had nothing to say


class PlainSummaryOut(StoredJson):
    """The AI's summary as older clients read it: plain strings, without evidence."""

    summary_prose = serializers.CharField()
    what_we_know = serializers.ListField(child=serializers.CharField())
    likely_cause = serializers.CharField(allow_null=True)
    suggested_steps = serializers.ListField(child=serializers.CharField())
    confidence = serializers.ChoiceField(choices=Summary.Confidence.choices)


class HandoffOut(Output):
    """One passing-on of a session."""

    location = "handoffs/{id}/"

    id = serializers.IntegerField()
    session = SessionBriefOut()
    intent = serializers.ChoiceField(choices=Handoff.Intent.choices)
    priority = serializers.ChoiceField(choices=PRIORITY_WORDS, source="priority_word")
    notes = NullableTextField()
    status = serializers.ChoiceField(choices=Handoff.Status.choices)
    closed_reason = NullableChoiceField(Handoff.ClosedReason.choices)
    sender = person_field(help_text="Who handed it over.")
    holder = person_field(help_text="Who worked on it before: work that comes back goes to them.")
    target_user = person_field()
    target_team = team_field()
    created_at = TimeField()
    opened_at = TimeField(help_text="When it was first opened: its place in the queue.")
    widens_at = TimeField(allow_null=True, help_text="Until then it is kept for its target.")
    claimed_by = person_field()
    claimed_at = TimeField(allow_null=True)
    lease_until = TimeField(allow_null=True, help_text="A claim without work on it goes back to the queue then.")
    undo_until = TimeField(allow_null=True, help_text="Until then the claimer may undo.")
    read_back = NullableTextField(help_text="The claimer's first move, in one line.")
    wake_at = TimeField(allow_null=True)
    attempts = AttemptsOut()
    summary_state = serializers.ChoiceField(choices=SUMMARY_STATES)
    note_state = NullableChoiceField(NOTE_STATES, help_text="Of the newest ticket note.")
    note_error = NullableTextField()
    handed_off_by_name = serializers.CharField(source="sender.name")
    ai_assessment = NullableTextField(help_text="The summary's prose.")
    ai_assessment_data = PlainSummaryOut(allow_null=True)
    psa_note_pushed = serializers.BooleanField()
    psa_note_id = NullableTextField(help_text="The ticket note's number over there.")

    @classmethod
    def load(cls, rows: list[Any]) -> None:
        """The attempts and the newest ticket note of each, in a query each; the summary comes with the row."""
        count_attempts(rows)
        notes = _notes(rows)
        for handoff in rows:
            _show_note(handoff, *notes.get(handoff.pk, ("", "", "")))
            _show_summary(handoff, getattr(handoff, "summary", None))


_NOTE_STATES: dict[str, str] = {Work.Status.DONE: "posted", Work.Status.RUNNING: "pending"}


def _notes(rows: list[Any]) -> dict[int, tuple[str, str, str]]:
    """The newest ticket note of each: status, error and number over there."""
    deliveries: Any = Handoff._meta.get_field("deliveries").related_model._default_manager
    notes = deliveries.notes().filter(handoff_id__in=[handoff.pk for handoff in rows]).order_by("id")
    return {pk: note for pk, *note in notes.values_list("handoff_id", "status", "error", "remote_id")}


def _show_note(handoff: Any, status: str, error: str, remote_id: str) -> None:
    handoff.note_state = _NOTE_STATES.get(status, status)
    handoff.note_error = error
    handoff.psa_note_pushed = handoff.note_state == "posted"
    handoff.psa_note_id = remote_id


def _show_summary(handoff: Any, summary: Summary | None) -> None:
    ready = summary if summary is not None and summary.state == "ready" else None
    handoff.ai_assessment = ready.summary_prose if ready else ""
    handoff.ai_assessment_data = _plain(ready) if ready else None


def _plain(summary: Summary) -> dict[str, Any]:
    return {
        "summary_prose": summary.summary_prose,
        "what_we_know": [line["text"] for line in summary.what_we_know],
        "likely_cause": summary.likely_cause.get("text"),
        "suggested_steps": [line["text"] for line in summary.suggested_steps],
        "confidence": summary.confidence,
    }


class SummaryOut(Output):
    """The AI's summary: state and data."""

    state = serializers.ChoiceField(choices=SUMMARY_STATES)
    error = NullableTextField(help_text="Why it failed.")
    summary_prose = NullableTextField()
    what_we_know = StatementOut(many=True)
    suggested_steps = StatementOut(many=True)
    likely_cause = StatementOut(allow_null=True)
    confidence = serializers.ChoiceField(choices=Summary.Confidence.choices)
    steps_since = serializers.IntegerField(help_text="Steps added since it was read: it is stale by so many.")
    model = NullableTextField()
    done_at = TimeField(allow_null=True)


class HandoffDetailOut(HandoffOut):
    """… with what was true at its moment, and the AI's reading."""

    snapshot = SnapshotOut()
    summary = serializers.SerializerMethodField()

    @extend_schema_field(SummaryOut)
    def get_summary(self, handoff: Handoff) -> Any:
        return SummaryOut().to_representation(summary_of(handoff))


def summary_of(handoff: Handoff) -> Summary:
    """Its summary; one that is off where none was ever asked for."""
    found: Summary | None = getattr(handoff, "summary", None)
    return found or Summary(handoff=handoff, status=Work.Status.CANCELLED)


# --- in ----------------------------------------------------------------------------------------


class OlderThan(serializers.CharField):
    """How long it has waited at least: `15` (minutes), `90s`, `15m`, `2h`, `1d`, or since which time (ISO 8601)."""

    def to_internal_value(self, data: Any) -> datetime:  # type: ignore[override]
        try:
            return filters.waited_since(str(data))
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from None


class PriorityWord(StrictChoiceField):
    """urgent, high, normal or low; in the code a number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=PRIORITY_WORDS, **options)

    def to_internal_value(self, data: Any) -> Any:
        return Priority[super().to_internal_value(data).upper()]


class Words(serializers.CharField):
    """One or several of a few words, with commas between."""

    def __init__(self, word: serializers.ChoiceField, **options: Any) -> None:
        self.word = word
        super().__init__(required=False, **options)

    def to_internal_value(self, data: Any) -> list[Any]:  # type: ignore[override]
        return [self.word.run_validation(part) for part in str(data).split(",")]


class TargetFilter(PersonFilter):
    """A person's id, `me`, or `anyone`."""

    not_one = "This must be an id, `me` or `anyone`."

    def to_internal_value(self, data: Any) -> Any:
        return data if data == "anyone" else super().to_internal_value(data)


class HandoffQuery(Query):
    several = ("priority", "domain")

    status = serializers.ChoiceField(
        choices=[*Handoff.Status.choices, ("any", "Any")], required=False, help_text="`open` when not given."
    )
    intent = serializers.ChoiceField(
        choices=[*Handoff.Intent.choices, ("any", "Any")], required=False, help_text="`escalate` when not given."
    )
    priority = Words(PriorityWord(), help_text="urgent, high, normal, low; several with commas between.")
    domain = Words(StrictChoiceField(choices=Domain.choices), help_text="Of the problem; several with commas between.")
    client = SearchField(help_text="Part of the client's name.")
    sender = PersonFilter()
    target = TargetFilter(
        help_text="A person's id, or `me`: aimed at them or at one of their teams. Or `anyone`: open to everybody."
    )
    team = IdFilter(help_text="Aimed at this team: its id.")
    q = SearchField(help_text="Every word is in the problem, the client, the device or the ticket number.")
    older_than = OlderThan(required=False, help_text=OlderThan.__doc__)
    ticket = SearchField(help_text="The ticket's number; or `yes`, `no`: whether it has one.")


class ParkBody(Body):
    notes = StrictTextField(required=False)
    wake_at = TimeField(required=False, allow_null=True)
    wake = StrictChoiceField(choices=WAKES, required=False)

    def validate_wake_at(self, at: datetime | None) -> datetime | None:
        if at is not None and at <= timezone.now():
            raise serializers.ValidationError("This time has passed.")
        return at

    def validate(self, sent: dict[str, Any]) -> dict[str, Any]:
        if bool(sent.get("wake_at")) == bool(sent.get("wake")):
            raise serializers.ValidationError({"wake": ["Give a `wake_at`, or `next_business_day`, or `none`."]})
        return sent


class EscalateBody(Body):
    notes = StrictTextField(allow_blank=True, help_text="Why: the first thing a colleague reads.")
    priority = PriorityWord(required=False, help_text="`normal` when not given.")
    target_user = VisibleIdField(User, required=False, allow_null=True, help_text="An active engineer, admin or owner.")
    target_team = VisibleIdField(Team, required=False, allow_null=True)


class HandoffChange(Body):
    priority = PriorityWord(required=False)


class OptionalReasonBody(Body):
    reason = StrictTextField(required=False)


class ClaimBody(Body):
    analysis = StrictBooleanField(required=False, help_text="Put the summary, or the brief, into the conversation.")
    reason = StrictTextField(required=False, help_text="Taken for symmetry; a claim keeps none.")


class TransferBody(OptionalReasonBody):
    to = VisibleIdField(User)


class ReadBackBody(Body):
    text = StrictLineField(max_length=LINE, help_text="One line.")


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
    found = _visible(request).filter(filters.fits(user=request.user, **wanted))
    found = found if status == "any" else found.filter(status=status)
    found = found if intent == "any" else found.filter(intent=intent)
    return found.defer("snapshot", "session__intake_text", "session__root_cause", "session__resolution")


@endpoint(tag=TAG, of=handoff_of, summary="A handoff", gives=HandoffDetailOut)
def show_handoff(request: ApiRequest, handoff: Handoff) -> None:
    """With the snapshot and the AI's summary."""


@endpoint(tag=TAG, of=handoff_of, summary="Change the priority", gives=HandoffDetailOut, takes=HandoffChange)
def change_handoff(request: ApiRequest, handoff: Handoff, *, priority: int | None = None) -> None:
    """By the sender, the holder or a lead, while it is unclosed."""
    if priority is not None:
        handoff.reprioritise(request.user, priority=priority)


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
    """claimed -> working, by the claimer: back to the holder, who is told why."""
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


@endpoint(tag=TAG, of=handoff_of, summary="Still on it", gives=HandoffOut, takes=OptionalReasonBody)
def extend(request: ApiRequest, handoff: Handoff, *, reason: str = "") -> None:
    """The lease of my claim starts anew, as by any step or message of mine. No reason is kept."""
    handoff.extend(request.user)


@endpoint(tag=TAG, of=handoff_of, summary="Read it back", gives=HandoffOut, takes=ReadBackBody)
def read_back(request: ApiRequest, handoff: Handoff, *, text: str) -> None:
    """The claimer's first move, in one line: sender and holder see that it was understood."""
    handoff.leave_read_back(request.user, text=text)


@endpoint(
    tag=TAG, of=handoff_of, summary="What happened to a handoff", gives=EventOut, query=TimelineQuery, order=("seq",)
)
def handoff_events(request: ApiRequest, handoff: Handoff, **wanted: Any) -> QuerySet[Event]:
    """Its events in order, from the verb that made it to the one that closed it."""
    events = Event.objects.visible_to(request.user).of_handoff(handoff.pk, session_id=handoff.session_id)
    return narrowed(events, **wanted)


# --- the summary -------------------------------------------------------------------------------


@endpoint(tag=TAG, of=handoff_of, summary="The AI's summary", gives=SummaryOut)
def summary(request: ApiRequest, handoff: Handoff) -> Summary:
    """State and data. Off where the AI is switched off; it never blocks anything."""
    return summary_of(handoff)


@endpoint(tag=TAG, of=handoff_of, summary="Make the summary anew", gives=SummaryOut, status=202)
def renew_summary(request: ApiRequest, handoff: Handoff) -> Summary:
    """After a failure, or when steps have come since. By any engineer."""
    return Summary.ask(handoff, request.user)
