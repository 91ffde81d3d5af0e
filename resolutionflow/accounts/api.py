"""The API of accounts: who I am, who else is here, and the account's feed of events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from resolutionflow.accounts.event_facts import KINDS, FactsOut
from resolutionflow.accounts.models import BY_TIME, Event, Team, User
from resolutionflow.api.endpoint import ApiRequest, endpoint
from resolutionflow.api.fields import (
    NullableIdField,
    NullableTextField,
    Output,
    PersonFilter,
    PersonOut,
    Query,
    TimeField,
    person_field,
)
from resolutionflow.core.origin import ORIGINS


class AccountOut(PersonOut):
    """The account all this belongs to."""


class MemberOut(Output):
    """A member of the account."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = NullableTextField(help_text="Null for people who never sign in.")
    phone = NullableTextField()
    role = serializers.ChoiceField(choices=User.Role.choices)
    lead = serializers.BooleanField(source="is_lead", help_text="Owner, admin, or with the lead flag.")
    is_active = serializers.BooleanField()
    off_shift_since = TimeField(
        allow_null=True, help_text="Went off shift then: what they had claimed went back to the queue. Null: on shift."
    )


class MeOut(MemberOut):
    """The person this token or session belongs to."""

    account = AccountOut()
    time_zone = serializers.SerializerMethodField()
    teams = PersonOut(many=True)

    def get_time_zone(self, user: User) -> str:
        return user.zone.key


class TeamMembersOut(Output):
    """A team and who is in it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    members = PersonOut(many=True)


class EventOut(Output):
    """One thing that happened. Clients pass over kinds they do not know."""

    seq = serializers.IntegerField(help_text="Grows by one per event of the account, without holes.")
    kind = serializers.ChoiceField(choices=KINDS)
    at = TimeField()
    actor = person_field(help_text="Null for what time did.")
    origin = serializers.ChoiceField(choices=ORIGINS, help_text="`system` for what time did.")
    session = NullableIdField(source="session_id")
    handoff = NullableIdField(source="handoff_id")
    facts = FactsOut()


class ActorFilter(PersonFilter):
    """A person's id, `me`, or `time` for what nobody did."""

    not_one = "This must be an id, `me` or `time`."

    def __init__(self) -> None:
        super().__init__(help_text="A person's id, `me`, or `time` for what nobody did.")

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]
        return BY_TIME if data == "time" else super().to_internal_value(data)


class TimelineQuery(Query):
    """What to show of a timeline; each that is given narrows it."""

    several = ("kind",)

    kind = serializers.RegexField(
        r"^[a-z_]+(\.[a-z_]+)?(,[a-z_]+(\.[a-z_]+)?)*$",
        required=False,
        max_length=500,
        error_messages={"invalid": "Kinds look like handoff, or handoff.claimed,step.added."},
        help_text="Kinds, with commas between: `handoff.claimed`, or `handoff` for all of them.",
    )
    actor = ActorFilter()
    origin = serializers.ChoiceField(choices=ORIGINS, required=False)

    def validate_kind(self, kind: str) -> list[str]:
        return kind.split(",")


class EventQuery(Query):
    after = serializers.IntegerField(required=False, min_value=0, help_text="Only events with a greater `seq`.")


def narrowed(events: Any, *, kind: Sequence[str] = (), actor: int | None = None, origin: str = "") -> QuerySet[Event]:
    """These events by the filters of TimelineQuery, with who did it."""
    found: QuerySet[Event] = events.narrowed(kinds=kind, actor=actor, origin=origin).select_related("actor")
    return found


@endpoint(tag="people", summary="Who I am", gives=MeOut)
def me(request: ApiRequest) -> User:
    """The person behind the token or session, with role, account and teams."""
    return request.user


@endpoint(tag="people", summary="Members", gives=MemberOut, query=Query, order=("name", "id"))
def members(request: ApiRequest) -> QuerySet[User]:
    """Everybody of the account, by name, the deactivated too."""
    return User.objects.visible_to(request.user)


@endpoint(tag="people", summary="Teams", gives=TeamMembersOut, query=Query, order=("name", "id"))
def teams(request: ApiRequest) -> QuerySet[Team]:
    """Teams and their members. A team narrows lists, never rights."""
    return Team.objects.visible_to(request.user).prefetch_related("members")


@endpoint(tag="events", summary="The account's feed", gives=EventOut, query=EventQuery, order=("seq",))
def events(request: ApiRequest, *, after: int = 0) -> QuerySet[Event]:
    """Everything that happened in the account, in order. To follow it, ask again with `after` = the last `seq`."""
    return Event.objects.visible_to(request.user).after(after).select_related("actor")
