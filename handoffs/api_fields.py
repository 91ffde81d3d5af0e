"""What the API reads and writes of handoffs and their summaries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from handoffs.brief import FACTS, FOUND, Brief
from handoffs.brief.found_lines import Line
from handoffs.models import Handoff, Summary, count_attempts
from handoffs.queue import filters
from handoffs.summary_fields import SUMMARY_STATES, PlainSummaryOut, SummaryOut
from resolutionflow.accounts.models import PRIORITY_WORDS, Priority, Team, User
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
from resolutionflow.core import clock
from resolutionflow.core.text import LINE, LONG
from resolutionflow.core.work import Work
from sessions_app.api_fields import MessageOut, SnapshotOut
from sessions_app.models import Domain, Session

WAKES = ["next_business_day", "none"]
NOTE_STATES = ["pending", "sending", "posted", "failed", "cancelled"]


# --- out ---------------------------------------------------------------------------------------


class QuestionOut(MessageOut):
    """A message that asks somebody."""

    location = "sessions/{session}/messages/{id}/"

    session = serializers.IntegerField(source="session_id")


class SessionBriefOut(Output):
    """The session of a handoff; all of it is at `sessions/ID/`."""

    id = serializers.IntegerField()
    problem_summary = serializers.CharField()
    problem_domain = serializers.ChoiceField(choices=Domain.choices)
    client_name = NullableTextField()
    psa_ticket_id = NullableTextField()
    due_at = TimeField(allow_null=True)
    status = serializers.ChoiceField(choices=Session.Status.choices)
    assignee = person_field()


class AttemptsOut(StoredJson):
    """Steps of the session by outcome."""

    pending = serializers.IntegerField()
    worked = serializers.IntegerField()
    failed = serializers.IntegerField()
    ruled_out = serializers.IntegerField()
    inconclusive = serializers.IntegerField()
    skipped = serializers.IntegerField()


class NextLadderStepOut(StoredJson):
    """Whom the ladder calls next, while nobody claims it."""

    at = TimeField()
    to = serializers.CharField(help_text="In words: leads, everyone on shift, or a name.")


class HandoffOut(Output):
    """One passing-on of a session."""

    location = "handoffs/{id}/"

    id = serializers.IntegerField()
    session = SessionBriefOut()
    intent = serializers.ChoiceField(choices=Handoff.Intent.choices)
    priority = serializers.ChoiceField(choices=PRIORITY_WORDS, source="priority_word")
    notes = NullableTextField()
    affected = NullableTextField(help_text="How many, and what they cannot do. By the sender, as the next four.")
    suspect = NullableTextField(help_text="The leading hypothesis.")
    next_step = NullableTextField(help_text="To try next.")
    watch_out = NullableTextField(help_text="What must not be done, what is temporary, deadlines.")
    contact = NullableTextField(help_text="Who at the client, and how to reach them.")
    status = serializers.ChoiceField(choices=Handoff.Status.choices)
    closed_reason = NullableChoiceField(Handoff.ClosedReason.choices)
    sender = person_field(help_text="Who escalated it.")
    holder = person_field(help_text="Who worked on it before: work that comes back goes to them.")
    target_user = person_field()
    target_team = team_field()
    created_at = TimeField()
    opened_at = TimeField(help_text="When it was first opened: its place in the queue.")
    widens_at = TimeField(allow_null=True, help_text="Until then it is kept for its target.")
    next_ladder_step = serializers.SerializerMethodField()
    ladder_held_by = person_field(help_text="Who holds the ladder: while it waits, it calls nobody.")
    claimed_by = person_field()
    claimed_at = TimeField(allow_null=True)
    lease_until = TimeField(allow_null=True, help_text="A claim without work on it goes back to the queue then.")
    undo_until = TimeField(allow_null=True, help_text="Until then the claimer may undo.")
    read_back = NullableTextField(help_text="The claimer's next step, in one line.")
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

    @extend_schema_field(NextLadderStepOut(allow_null=True))
    def get_next_ladder_step(self, handoff: Handoff) -> dict[str, Any] | None:
        if not handoff.is_open or handoff.ladder_at is None:
            return None
        return {"at": clock.iso(handoff.ladder_at), "to": handoff.ladder_to}

    @classmethod
    def load(cls, rows: list[Any]) -> None:
        """The attempts and the newest ticket note of each, in a query each; the summary comes with the row."""
        count_attempts(rows)
        notes = _notes(rows)
        for handoff in rows:
            _show_note(handoff, *notes.get(handoff.pk, ("", "", "")))
            _show_summary(handoff)


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


def _show_summary(handoff: Any) -> None:
    version = handoff.summary_version
    handoff.ai_assessment_data = version.as_plain() if version else None
    handoff.ai_assessment = handoff.ai_assessment_data["summary_prose"] if version else ""


class LineOut(StoredJson):
    """A line of the brief, and where it stands."""

    text = serializers.CharField()
    source = serializers.RegexField(  # type: ignore[assignment]
        r"^([sm]\d+|log|note|branch|session|sender)$",
        help_text="A step (s12), a message (m4), log, note (of this escalation or an earlier one, with what its sender"
        " confirmed), branch, session (its facts), or sender (confirmed).",
    )


class FoundOut(LineOut):
    """The best line of a kind."""

    more = LineOut(many=True, help_text="Others of its kind, best first.")


class LastErrorOut(LineOut):
    """The last error of the record."""

    more = serializers.ListField(child=serializers.CharField(), help_text="Lines that belong to it.")


class BriefOut(StoredJson):
    """The record put in order without AI: every line stands in it. Null where nothing was recorded."""

    last_error = LastErrorOut(allow_null=True)
    affected = FoundOut(allow_null=True)
    suspect = FoundOut(allow_null=True)
    next_step = FoundOut(allow_null=True)
    watch_out = FoundOut(allow_null=True)
    ruled_out = LineOut(many=True)
    contact = FoundOut(allow_null=True)
    access = LineOut(allow_null=True, help_text="How to get onto the device.")
    changed_before = LineOut(allow_null=True, help_text="What changed before it began.")


class HandoffDetailOut(HandoffOut):
    """… with what was true at its moment, its brief, and the AI's summary."""

    snapshot = SnapshotOut()
    brief = serializers.SerializerMethodField()
    summary = serializers.SerializerMethodField()

    @extend_schema_field(BriefOut)
    def get_brief(self, handoff: Handoff) -> dict[str, Any]:
        return brief_as_data(handoff.brief())

    @extend_schema_field(SummaryOut)
    def get_summary(self, handoff: Handoff) -> Any:
        return SummaryOut().to_representation(summary_of(handoff))


def brief_as_data(brief: Brief) -> dict[str, Any]:
    """A brief as BriefOut describes it."""
    lines = {name: [_line_as_data(line) for line in found] for name, found in brief.lines.items()}
    best = {name: {**lines[name][0], "more": lines[name][1:]} if lines[name] else None for name in FOUND}
    error = {**lines["last_error"][0], "more": list(brief.error.more)} if brief.error else None
    facts = {name: lines[name][0] if lines[name] else None for name in FACTS}
    return {"last_error": error, **best, **facts, "ruled_out": lines["ruled_out"]}


def _line_as_data(line: Line) -> dict[str, str]:
    return {"text": line.text, "source": "note" if line.source == "earlier" else line.source}


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


class LinesBody(Body):
    """What an escalation carries beside its notes."""

    affected = StrictLineField(required=False, help_text="How many, and what they cannot do.")
    suspect = StrictLineField(required=False, help_text="The leading hypothesis.")
    next_step = StrictLineField(required=False, help_text="To try next.")
    watch_out = StrictLineField(required=False, help_text="What must not be done, what is temporary, deadlines.")
    contact = StrictLineField(
        required=False, help_text="Who at the client, and how to reach them. Written to the session too."
    )


class EscalateBody(LinesBody):
    notes = StrictTextField(allow_blank=True, help_text="Why: the first thing a colleague reads.")
    priority = PriorityWord(required=False, help_text="`normal` when not given.")
    target_user = VisibleIdField(User, required=False, allow_null=True, help_text="An active engineer, admin or owner.")
    target_team = VisibleIdField(Team, required=False, allow_null=True)


class HandoffChange(LinesBody):
    priority = PriorityWord(required=False)
    notes = StrictTextField(required=False)


class OptionalReasonBody(Body):
    reason = StrictTextField(required=False)


class ClaimBody(Body):
    analysis = StrictBooleanField(required=False, help_text="Put the summary, or the brief, into the conversation.")
    reason = StrictTextField(required=False, help_text="Taken for symmetry; a claim keeps none.")


class TransferBody(OptionalReasonBody):
    to = VisibleIdField(User)


class AskBody(Body):
    text = StrictTextField(max_length=LONG, help_text="The question. The sender's name is put before it.")


class HoldBody(Body):
    reason = StrictLineField(max_length=LINE, help_text="One line.")


class ReadBackBody(Body):
    text = StrictLineField(max_length=LINE, help_text="One line.")
