"""What the feed tells: the kinds of events there are, and the facts an event may carry, for the API's description.

Facts are stored as the verbs write them and shown as they are. Which are there depends on the kind; one
flat object with a name and a type for each is what clients generated from the description read best.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from resolutionflow.accounts.models import Whom
from resolutionflow.api.fields import StoredJson

_KINDS: dict[str, str] = {
    "session": "opened changed resumed resolved abandoned reopened",
    "handoff": "parked escalated claimed claim_undone released returned transferred taken_over withdrawn widened woken "
    "expiring expired extended reprioritised read_back changed stepped held",
    "summary": "ready failed",
    "briefing": "ready failed",
    "note": "posted failed",
    "time": "posted failed",
    "delivery": "failed",
    "step": "added changed",
    "message": "added",
    "branch": "changed",
    "file": "added removed",
    "ticket": "linked changed updated update_failed",
    "member": "changed deactivated",
    "token": "created revoked",
    "connection": "changed refused",
    "channel": "failed",
    "account": "changed",
    "ai": "budget",
    "view": "changed",
}
KINDS = tuple(f"{noun}.{verb}" for noun, verbs in _KINDS.items() for verb in verbs.split())


def _number(help_text: str = "", **options: Any) -> serializers.IntegerField:
    return serializers.IntegerField(required=False, help_text=help_text, **options)


def _text(help_text: str = "", **options: Any) -> serializers.CharField:
    return serializers.CharField(required=False, help_text=help_text, **options)


def _flag(help_text: str = "") -> serializers.BooleanField:
    return serializers.BooleanField(required=False, help_text=help_text)


def _numbers(help_text: str = "") -> serializers.ListField:
    return serializers.ListField(child=serializers.IntegerField(), required=False, help_text=help_text)


def _texts(help_text: str = "", **options: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(), required=False, help_text=help_text, **options)


class OptionOut(StoredJson):
    """An answer that a question offers."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class CalledOut(StoredJson):
    """Whom a step of the ladder calls."""

    whom = serializers.ChoiceField(choices=Whom.choices)
    id = _number("Of the team, person or channel.")
    name = _text("Of it, when it was chosen.")


class LadderStepOut(CalledOut):
    """A step of the account's ladder."""

    minutes = serializers.IntegerField(help_text="Since the card was opened to be claimed.")
    working_time = serializers.BooleanField(help_text="Of the account's working time; false: of any.")


class ValuesOut(StoredJson):
    """Fields of what was changed, by their names, as they were or are: only those that differ."""

    # of a session
    problem_summary = _text()
    problem_domain = _text()
    client_name = _text()
    asset_name = _text()
    team = _number(allow_null=True)
    assignee = _number(allow_null=True)
    psa_connection = _number(allow_null=True)
    psa_ticket_id = _text()
    contact = _text("Of a session or handoff.")
    access = _text()
    due_at = serializers.DateTimeField(required=False, allow_null=True)
    changed_before = _text()
    confidence = serializers.FloatField(required=False, allow_null=True)
    # of a handoff
    notes = _text()
    affected = _text()
    suspect = _text()
    next_step = _text()
    watch_out = _text()
    # of a step or branch
    text = _text()
    options = OptionOut(many=True, required=False)
    selected_option = _text()
    free_text = _text()
    skipped = _flag()
    outcome = _text()
    temporary = _flag()
    status = _text()
    status_reason = _text()
    # of a member, team, channel or view
    name = _text()
    phone = _text()
    role = _text()
    lead = _flag()
    is_active = _flag()
    members = _numbers()
    address = _text()
    query = _text()
    shared = _flag()
    # of the account
    time_zone = _text()
    business_hours = serializers.DictField(child=_texts(), required=False, help_text="Opens and closes, by weekday.")
    holidays = _texts()
    lease_minutes = serializers.DictField(child=_number(allow_null=True), required=False, help_text="By priority.")
    widen_after = _number()
    ladder = serializers.DictField(child=LadderStepOut(many=True), required=False, help_text="Steps by priority.")
    reply_to = _text()
    ai_enabled = _flag()
    ai_model = _text()
    ai_instructions = _text()
    ai_monthly_tokens = _number(allow_null=True)
    ai_after_quiet_minute = _flag()
    checklist = _text("Name, domain and checks, one a line; empty where there was or is none.")


@extend_schema_field({"oneOf": [{"$ref": "#/components/schemas/Values"}, {"type": "string"}]})
class Before(serializers.Field[Any, Any, Any, Any]):
    """What was changed, as it was."""


class ClosedOut(StoredJson):
    """The handoff that this closed on the way, as it was."""

    handoff = serializers.IntegerField()
    intent = serializers.CharField()
    status = serializers.CharField()
    sender = serializers.IntegerField()
    claimed_by = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()


class StepFactOut(StoredJson):
    """A step, as it was."""

    step = serializers.IntegerField()
    order = serializers.IntegerField(help_text="s<order> is how evidence names it.")
    text = serializers.CharField(help_text="Its beginning, in one line.")


class FactsOut(StoredJson):
    """What an event says beside who, when and about what; which of it is there depends on its kind. People, teams and
    the like are ids."""

    before = Before(required=False, help_text="What was changed, as it was; of a priority, the word.")
    after = ValuesOut(required=False)
    closed = ClosedOut(required=False)
    reason = _text()
    # sessions and their parts
    summary = _text("The problem.")
    resolution = _text()
    root_cause = _text()
    step = _number("Of a session that was resolved: the one that showed what fixed it; of a file: its own.")
    undone = StepFactOut(
        many=True, required=False, help_text="Steps that were temporary until the session was resolved."
    )
    still_temporary = StepFactOut(
        many=True,
        required=False,
        help_text="Steps that had still to be undone when the session was resolved or abandoned.",
    )
    message = _number("A message; of a step that was added, the one it was made of.")
    mentioned = _numbers("The people whom a message, step, note or reason names; of a corrected note, those new in it.")
    asked = _numbers("Those of them whom a message asks: by `asked`, or by the names it begins with.")
    file = _number()
    size = _number("Of a file, in bytes.")
    order = _number("Of a step or message: s<order> and m<order> are how evidence names them.")
    outcome = _text()
    branch = _number()
    label = _text("Of a branch.")  # type: ignore[assignment]
    status = _text("Of a branch.")
    ticket = _text("The number of a session's ticket.")
    ticket_status = _text("What its system calls the status that it has now.")
    owner = _number("Who owns the ticket now.")
    cannot_own = _number("Who cannot own the ticket, as no member of its project.")
    ticket_project = _text("The number of that project there.")
    ticket_closed = _flag("It was closed there; false: opened again.")
    merged_into = _text("The ticket that it has become a part of.")
    missing = _flag("Its system has none of this number.")
    corrected = _number("How many imported texts were read anew in their right encoding.")
    # handoffs
    priority = _text()
    target_user = _number(allow_null=True)
    target_team = _number(allow_null=True)
    called = CalledOut(many=True, required=False, help_text="Whom the ladder called again.")
    waited = _number("How many minutes nobody had claimed it by then.")
    held = _flag("Whether the ladder was held; false: let go again.")
    wake_at = serializers.DateTimeField(required=False, allow_null=True)
    lease_until = serializers.DateTimeField(required=False)
    claimed_by = _number("Who had claimed it.", allow_null=True)
    from_user = _number()
    to_user = _number()
    text = _text(
        "The next step that was shared; of a session that was resolved, the beginning of the step; of a ticket, what "
        "was set in it, or was not."
    )
    # work that was done, or failed
    error = _text()
    delivery = _number()
    to = _text("Who or what it goes to, by name.")
    recipient = _number("Of a message to a person: whose it was.", allow_null=True)
    address = _text()
    remote_id = _text("The ticket note's or time entry's number over there.")
    internal = _flag("Of a ticket note or time entry; false: one that the client sees.")
    minutes = _number("Of a time entry; null of whatever else is delivered.", allow_null=True)
    requested_by = _number(allow_null=True)
    # the account
    percent = _number("Of the month's AI budget that is used: 80 or 100.")
    tokens = _number("That the AI took this month.")
    budget = _number("Of tokens a month.")
    member = _number()
    team = _number()
    members = _numbers()
    name = _text("Of the file, member, team, token, channel, ticket system or view.")
    role = _text("Of a message or member.")
    added = _flag("A member who is new.")
    invited = _flag()
    password = _flag("It was changed.")
    off_shift = _flag()
    token = _number()
    scope = _text("Of a token.")
    connection = _number("A ticket system.")
    channel = _number()
    kind = _text("Of a ticket system or channel.")
    fields = _texts("Which were changed; what they hold is not told.")  # type: ignore[assignment]
    view = _number()
    shared = _flag()
    deleted = _flag()
