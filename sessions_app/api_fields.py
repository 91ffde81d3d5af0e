"""What the API reads and writes of sessions, their steps, messages and branches."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Max, Q
from rest_framework import serializers

from resolutionflow.accounts.event_facts import OptionOut
from resolutionflow.accounts.models import PRIORITY_WORDS, Team, User
from resolutionflow.api.fields import (
    Body,
    FractionField,
    IdFilter,
    NullableChoiceField,
    NullableIdField,
    NullableTextField,
    Output,
    PersonFilter,
    Query,
    SearchField,
    StoredJson,
    StrictBooleanField,
    StrictChoiceField,
    StrictLineField,
    StrictOutputField,
    StrictTextField,
    TimeField,
    VisibleIdField,
    person_field,
    team_field,
)
from resolutionflow.core.text import LINE, LONG
from sessions_app.api_file_fields import FileOut, HasFilesOut
from sessions_app.models import Branch, Domain, Message, PsaConnection, Session, Step, with_files

TIERS = ["discovery", "exploring", "guided"]
FILES = "In the order they came, those that were removed among them."

# Session.handoffs is declared by the next app. A session's JSON shows its newest handoff and escalation: known here by
# that relation alone, as imports run only the other way.
Handoff: Any = Session._meta.get_field("handoffs").related_model


# --- out ---------------------------------------------------------------------------------------


class BranchOut(Output):
    """One hypothesis."""

    location = "sessions/{pk}/branches/{id}/"

    id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    order = serializers.IntegerField()
    parent = NullableIdField(source="parent_id")  # type: ignore[assignment]
    status = serializers.ChoiceField(choices=Branch.Status.choices)
    status_reason = NullableTextField()
    status_changed_by = person_field()


class StepOut(HasFilesOut):
    """A line of the ledger of what was tried."""

    location = "sessions/{pk}/steps/{id}/"

    id = serializers.IntegerField()
    ref = serializers.CharField(help_text="How evidence names it: s12.")
    order = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Step.Kind.choices)
    text = serializers.CharField()
    options = OptionOut(many=True)
    selected_option = NullableTextField()
    free_text = NullableTextField(help_text="What came of it: output, an answer, an error; exactly as it was sent.")
    skipped = serializers.BooleanField()
    outcome = serializers.ChoiceField(choices=Step.Outcome.choices)
    temporary = serializers.BooleanField(help_text="It has to be undone later.")
    author = person_field()
    branch = NullableIdField(source="branch_id")
    message = NullableIdField(source="message_id", help_text="The message it was made of.")
    created_at = TimeField()
    files = FileOut(many=True, source="shown_files", help_text=FILES)


class MessageOut(HasFilesOut):
    """A line of the conversation."""

    location = "sessions/{pk}/messages/{id}/"

    id = serializers.IntegerField()
    ref = serializers.CharField(help_text="How evidence names it: m4.")
    order = serializers.IntegerField()
    role = serializers.ChoiceField(choices=Message.Role.choices)
    author = person_field(help_text="Null for the system and the assistant.")
    content = serializers.CharField()
    created_at = TimeField()
    files = FileOut(many=True, source="shown_files", help_text=FILES)


class SnapshotStepOut(StoredJson):
    """A step as it stood."""

    ref = serializers.CharField(help_text="How evidence names it: s12.")
    kind = serializers.ChoiceField(choices=Step.Kind.choices)
    text = serializers.CharField()
    answer = serializers.CharField(allow_null=True)
    outcome = serializers.ChoiceField(choices=Step.Outcome.choices)
    branch = serializers.IntegerField(allow_null=True)
    author = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class SnapshotBranchOut(StoredJson):
    """A branch as it stood."""

    id = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]
    status = serializers.ChoiceField(choices=Branch.Status.choices)
    status_reason = serializers.CharField(allow_null=True)
    parent = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]


class SnapshotOut(StoredJson):
    """What was true at the moment of the handoff, frozen."""

    problem_summary = serializers.CharField()
    problem_domain = serializers.ChoiceField(choices=Domain.choices)
    status = serializers.ChoiceField(choices=Session.Status.choices)
    step_count = serializers.IntegerField()
    confidence_tier = serializers.ChoiceField(choices=TIERS)
    client_name = serializers.CharField(allow_null=True)
    asset_name = serializers.CharField(allow_null=True)
    psa_ticket_id = serializers.CharField(allow_null=True)
    affected = serializers.CharField(allow_null=True, required=False, help_text="By the sender, as the next four.")
    suspect = serializers.CharField(allow_null=True, required=False)
    next_step = serializers.CharField(allow_null=True, required=False)
    watch_out = serializers.CharField(allow_null=True, required=False)
    contact = serializers.CharField(allow_null=True, required=False)
    steps = SnapshotStepOut(many=True, help_text="The last ones, in order.")
    branch_map = SnapshotBranchOut(many=True, required=False, help_text="Where there were several branches.")
    active_branch_id = serializers.IntegerField(required=False, allow_null=True)


class EscalationPackageOut(StoredJson):
    """A handoff as older clients read it."""

    snapshot = SnapshotOut()
    intent = serializers.ChoiceField(choices=Handoff.Intent.choices)
    engineer_notes = serializers.CharField(allow_null=True)
    handoff_id = serializers.IntegerField()
    suggested_next_steps = serializers.ListField(child=serializers.CharField())


class OpenHandoffOut(Output):
    """The session's unclosed handoff; all of it is at `handoffs/ID/`."""

    id = serializers.IntegerField()
    intent = serializers.ChoiceField(choices=Handoff.Intent.choices)
    priority = serializers.ChoiceField(choices=PRIORITY_WORDS, source="priority_word")
    notes = NullableTextField()
    status = serializers.ChoiceField(choices=Handoff.Status.choices)
    sender = person_field()
    holder = person_field()
    target_user = person_field()
    target_team = team_field()
    created_at = TimeField()
    opened_at = TimeField()
    widens_at = TimeField(allow_null=True)
    claimed_by = person_field()
    claimed_at = TimeField(allow_null=True)
    wake_at = TimeField(allow_null=True)


TICKET_STATES = ["unchecked", "found", "missing"]


class SessionOut(Output):
    """A technical problem being worked."""

    location = "sessions/{id}/"

    id = serializers.IntegerField()
    problem_summary = serializers.CharField()
    problem_domain = serializers.ChoiceField(choices=Domain.choices)
    client_name = NullableTextField()
    asset_name = NullableTextField()
    intake = serializers.ChoiceField(choices=Session.Intake.choices)
    status = serializers.ChoiceField(choices=Session.Status.choices)
    confidence = serializers.FloatField(allow_null=True)
    confidence_tier = serializers.ChoiceField(choices=TIERS)
    started_by = person_field()
    assignee = person_field()
    team = team_field()
    active_branch = NullableIdField(source="active_branch_id")
    step_count = serializers.IntegerField()
    message_count = serializers.IntegerField()
    handoff_count = serializers.IntegerField()
    psa_connection = NullableIdField(source="psa_connection_id")
    psa_ticket_id = NullableTextField()
    ticket_state = NullableChoiceField(
        choices=TICKET_STATES,
        help_text="What is known of the ticket: `unchecked` until its system has answered. Null: no ticket, or none in "
        "a connected system.",
    )
    contact = NullableTextField(help_text="Who at the client, how and when to reach them.")
    access = NullableTextField(help_text="How to get onto the device.")
    due_at = TimeField(allow_null=True)
    changed_before = NullableTextField(help_text="What changed before it began.")
    root_cause = NullableTextField()
    resolution = NullableTextField()
    resolution_step = NullableIdField(source="resolution_step_id", help_text="The step that showed what fixed it.")
    created_at = TimeField()
    updated_at = TimeField()
    finished_at = TimeField(allow_null=True)
    escalated_to_id = NullableIdField(help_text="The claimer, else the target, of the newest escalation.")
    escalation_reason = NullableTextField(help_text="The notes of the newest escalation.")
    escalation_package = EscalationPackageOut(allow_null=True, help_text="Of the newest handoff.")

    @classmethod
    def load(cls, rows: list[Any]) -> None:
        """The newest handoff and the newest escalation of each session."""
        handoffs = Handoff._default_manager
        by_session = handoffs.filter(session__in=rows).order_by().values_list("session")
        newest = by_session.annotate(newest=Max("id"), escalation=Max("id", filter=Q(intent="escalate")))
        last = {session: ids for session, *ids in newest}
        wanted = {pk for ids in last.values() for pk in ids if pk}
        related = ("summary__current", "sender", "holder", "target_user", "target_team", "claimed_by")
        found = handoffs.select_related(*related).in_bulk(wanted) if wanted else {}
        for session in rows:
            handoff, escalation = (found.get(pk) for pk in last.get(session.pk, (None, None)))
            session.open_handoff = None if handoff is None or handoff.is_closed else handoff
            session.escalation_package = _package(handoff) if handoff else None
            session.escalated_to_id = escalation and (escalation.claimed_by_id or escalation.target_user_id)
            session.escalation_reason = escalation.notes if escalation else ""


def _package(handoff: Any) -> dict[str, Any]:
    version = handoff.summary_version
    plain = version.as_plain() if version else {"suggested_steps": []}
    return {
        "snapshot": handoff.snapshot,
        "intent": handoff.intent,
        "engineer_notes": handoff.notes or None,
        "handoff_id": handoff.pk,
        "suggested_next_steps": plain["suggested_steps"],
    }


class SessionDetailOut(SessionOut):
    """… with everything in it."""

    intake_text = NullableTextField(help_text="The log it was opened with, exactly as it was sent.")
    branches = BranchOut(many=True)
    steps = StepOut(many=True, help_text="In order.")
    messages = MessageOut(many=True, help_text="In order.")
    files = FileOut(many=True, source="shown_files", help_text=f"Those of no step or message. {FILES}")
    open_handoff = OpenHandoffOut(allow_null=True)
    watching = serializers.ChoiceField(choices=["watching", "muted"], allow_null=True, help_text="By the caller.")

    @classmethod
    def load(cls, rows: list[Any]) -> None:
        super().load(rows)
        with_files(place for session in rows for place in (session, *session.steps.all(), *session.messages.all()))


# --- in ----------------------------------------------------------------------------------------


class SessionQuery(Query):
    status = serializers.ChoiceField(choices=Session.Status.choices, required=False)
    assignee = PersonFilter()
    team = IdFilter(help_text="A team's id.")
    domain = serializers.ChoiceField(choices=Domain.choices, required=False)
    q = SearchField(help_text="Every word is in the problem, the client, the device or the ticket number.")
    mine = serializers.BooleanField(required=False, help_text="Only what I work on.")


class FactsBody(Body):
    problem_domain = StrictChoiceField(choices=Domain.choices, required=False, help_text="`other` when not given.")
    client_name = StrictLineField(required=False)
    asset_name = StrictLineField(required=False)
    team = VisibleIdField(Team, required=False, allow_null=True)
    psa_connection = VisibleIdField(
        PsaConnection,
        required=False,
        allow_null=True,
        help_text="A ticket system's id. The account's only active one when not given; null for none.",
    )
    psa_ticket_id = StrictLineField(required=False)
    contact = StrictLineField(required=False, help_text="Who at the client, how and when to reach them.")
    access = StrictLineField(max_length=LINE, required=False, help_text="How to get onto the device.")
    due_at = TimeField(required=False, allow_null=True)
    changed_before = StrictLineField(max_length=LINE, required=False, help_text="What changed before it began.")


NEW_ROLES = ["user"]
INTAKES = [each for each in Session.Intake.choices if each[0] != Session.Intake.IMPORT]  # only an import imports


AS_IT_CAME = (
    "Kept as it came, with its first blanks and terminal escapes, but for NUL and line ends, which become \\n; pages, "
    "mails and notes show it without escapes."
)


class SessionBody(FactsBody):
    problem_summary = StrictLineField(max_length=LINE)
    intake = StrictChoiceField(choices=INTAKES, required=False)
    intake_text = StrictOutputField(required=False, help_text=f"A log. {AS_IT_CAME}")


class SessionChange(FactsBody):
    problem_summary = StrictLineField(max_length=LINE, required=False, allow_null=False)
    confidence = FractionField(required=False, allow_null=True)


class OptionBody(Body):
    value = StrictLineField()
    label = StrictLineField(required=False, help_text="The value, when not given.")  # type: ignore[assignment]


class StepChange(Body):
    text = StrictTextField(required=False, allow_null=False, help_text="Changed by its author only.")
    options = serializers.ListField(child=OptionBody(), required=False, max_length=50)
    selected_option = StrictLineField(required=False)
    free_text = StrictOutputField(
        required=False,
        max_length=settings.MAX_BODY,
        help_text=f"{AS_IT_CAME} Over 200,000 characters it becomes a file of the step, which keeps its telling lines.",
    )
    skipped = StrictBooleanField(required=False)
    outcome = StrictChoiceField(
        choices=Step.Outcome.choices,
        required=False,
        help_text="`worked`: it helped. `ruled_out`: it was fine, not the cause. `inconclusive`: it showed neither.",
    )
    temporary = StrictBooleanField(required=False, help_text="It has to be undone later.")


class StepBody(StepChange):
    text = StrictTextField()
    kind = StrictChoiceField(choices=Step.Kind.choices, required=False)
    branch = VisibleIdField(Branch, required=False, allow_null=True, help_text="The active branch when not given.")


class MessageBody(Body):
    content = StrictTextField(max_length=LONG)
    asked = serializers.ListField(
        child=VisibleIdField(User), required=False, max_length=20, help_text="Whom it is meant for: they are notified."
    )
    role = StrictChoiceField(
        choices=NEW_ROLES, required=False, help_text="People write as `user`; other roles are the system's."
    )


class BranchBody(Body):
    label = StrictLineField()  # type: ignore[assignment]
    parent = VisibleIdField(  # type: ignore[assignment]
        Branch, required=False, allow_null=True, help_text="The active branch when not given."
    )


class BranchChange(Body):
    status = StrictChoiceField(choices=Branch.Status.choices, required=False)
    status_reason = StrictTextField(required=False)


class ResolveBody(Body):
    resolution = StrictTextField(allow_blank=True)
    root_cause = StrictTextField(required=False)
    step = VisibleIdField(Step, required=False, allow_null=True, help_text="The step that showed it.")
    undone = serializers.ListField(
        child=VisibleIdField(Step),
        required=False,
        max_length=100,
        help_text="Temporary steps that have been undone. The others stay temporary; the event and the mail name them.",
    )


class ReasonBody(Body):
    reason = StrictTextField(allow_blank=True)
