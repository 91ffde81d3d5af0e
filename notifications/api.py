"""The API of the bell, of who was notified and how that went, and of the ticket note."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from handoffs.api import handoff_of
from handoffs.models import Handoff
from notifications.models import Delivery, Notification
from notifications.note import note_preview
from resolutionflow.accounts.event_facts import KINDS
from resolutionflow.api.endpoint import ApiRequest, endpoint
from resolutionflow.api.fields import (
    Body,
    NullableChoiceField,
    NullableIdField,
    NullableTextField,
    Output,
    PersonOut,
    Query,
    StrictBooleanField,
    StrictTextField,
    TimeField,
    person_field,
)
from resolutionflow.core.work import Work

BELL, DELIVERIES = "notifications", "deliveries"


class NotificationOut(Output):
    """A line in my bell."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=KINDS, source="event.kind")
    title = serializers.CharField()
    why = NullableTextField(help_text="Why I was notified.")
    actor = person_field(source="event.actor")
    session = NullableIdField(source="session_id")
    handoff = NullableIdField(source="handoff_id")
    url = serializers.CharField(source="get_absolute_url", help_text="The page it is about.")
    created_at = TimeField()
    unread = serializers.BooleanField(
        source="is_unread",
        help_text="Neither read nor handled; what I am told because I watch a session is read by opening that.",
    )
    read_at = TimeField(allow_null=True)
    done_at = TimeField(allow_null=True, help_text="Somebody handled it.")


class BellQuery(Query):
    unread = serializers.BooleanField(required=False, help_text="true: only what is `unread`.")


class ReadOut(Output):
    read = serializers.IntegerField(help_text="How many lines were unread before.")


class ChannelOut(PersonOut):
    """An account's shared way out."""


class DeliveryOut(Output):
    """One event, one address, one outcome."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Delivery.Kind.choices)
    event = NullableChoiceField(KINDS, source="event.kind", default=None, help_text="The kind of event it tells of.")
    recipient = person_field()
    channel = ChannelOut(allow_null=True)
    address = serializers.CharField()
    status = serializers.ChoiceField(choices=Work.Status.choices)
    attempt = serializers.IntegerField()
    error = NullableTextField(help_text="Why it failed, or is tried again.")
    internal = serializers.BooleanField(help_text="A ticket note the client does not see.")
    remote_id = NullableTextField(help_text="The ticket note's number over there.")
    created_at = TimeField()
    due_at = TimeField(help_text="When it is, or was, to be tried.")
    done_at = TimeField(allow_null=True)


class NoteOut(Output):
    """What a ticket note would say now."""

    body = serializers.CharField()


class NoteBody(Body):
    body = StrictTextField()
    internal = StrictBooleanField(required=False, help_text="Only true, the default: the customer does not see it.")


# --- the bell ----------------------------------------------------------------------------------


def line_of(request: ApiRequest, pk: int) -> Notification:
    return get_object_or_404(Notification.objects.for_bell(request.user), pk=pk)


@endpoint(tag=BELL, summary="My bell", gives=NotificationOut, query=BellQuery, order=("-event_id",))
def notifications(request: ApiRequest, *, unread: bool = False) -> QuerySet[Notification]:
    """Newest first."""
    lines = Notification.objects.for_bell(request.user)
    return lines.unread() if unread else lines


@endpoint(tag=BELL, of=line_of, summary="Mark one read", gives=NotificationOut, own=True)
def read(request: ApiRequest, line: Notification) -> Notification:
    """Mine only. Read already: nothing changes."""
    Notification.objects.for_bell(request.user).filter(pk=line.pk).mark_read()
    return line_of(request, line.pk)


@endpoint(tag=BELL, summary="Mark all read", gives=ReadOut, own=True)
def read_all(request: ApiRequest) -> dict[str, int]:
    """Mine only."""
    mine = Notification.objects.for_bell(request.user)
    unread = mine.unread().count()
    mine.mark_read()
    return {"read": unread}


# --- deliveries --------------------------------------------------------------------------------


def _visible(request: ApiRequest) -> QuerySet[Delivery]:
    seen: QuerySet[Delivery] = Delivery.objects.visible_to(request.user)
    return seen.select_related("event", "recipient", "channel")


def delivery_of(request: ApiRequest, pk: int) -> Delivery:
    return get_object_or_404(_visible(request), pk=pk)


@endpoint(tag=DELIVERIES, of=handoff_of, summary="Who was notified of a handoff", gives=DeliveryOut, query=Query)
def handoff_deliveries(request: ApiRequest, handoff: Handoff) -> QuerySet[Delivery]:
    """Mails and ticket notes with how each went, newest first."""
    return _visible(request).filter(handoff=handoff)


@endpoint(tag=DELIVERIES, of=delivery_of, summary="Try a failed delivery again", gives=DeliveryOut)
def retry(request: ApiRequest, delivery: Delivery) -> None:
    """By any engineer. Where it "may have been sent", look there first."""
    delivery.retry_by(request.user)


@endpoint(tag=DELIVERIES, of=handoff_of, summary="Preview the ticket note", gives=NoteOut)
def note(request: ApiRequest, handoff: Handoff) -> dict[str, str]:
    """What the ticket note of this handoff says as things stand. Secrets are taken out."""
    return {"body": note_preview(handoff)}


@endpoint(tag=DELIVERIES, of=handoff_of, summary="Post a ticket note", gives=DeliveryOut, takes=NoteBody, status=202)
def send_note(request: ApiRequest, handoff: Handoff, *, body: str, internal: bool = True) -> Delivery:
    """By any engineer, into the session's ticket. A worker posts it; `handoffs/ID/deliveries/` says how it went."""
    return Delivery.send_note(handoff, request.user, body=body, internal=internal)
