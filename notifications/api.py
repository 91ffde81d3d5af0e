"""The API of the bell, of who was notified and what went into the ticket and how that went, and of notes and time."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from handoffs.api import handoff_of
from handoffs.models import Handoff
from handoffs.worked_time import MOST
from notifications import note as note_text
from notifications.models import Delivery, Notification
from notifications.models.timed import LONGEST
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
    RedactedOut,
    StrictBooleanField,
    StrictNumberField,
    StrictTextField,
    TimeField,
    person_field,
)
from resolutionflow.core.redaction import counted
from resolutionflow.core.work import Work
from sessions_app.api import session_of
from sessions_app.models import Session

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
    digest = NullableIdField(
        source="digest_id", help_text="The mail with others that it went, or goes, with; by itself it is cancelled."
    )
    internal = serializers.BooleanField(help_text="A ticket note or time entry the client does not see.")
    minutes = serializers.IntegerField(allow_null=True, help_text="Of a time entry.")
    remote_id = NullableTextField(help_text="The ticket note's or time entry's number over there.")
    created_at = TimeField()
    due_at = TimeField(help_text="When it is, or was, to be tried.")
    done_at = TimeField(allow_null=True)


class NoteOut(RedactedOut):
    """What a ticket note would say now."""

    body = serializers.CharField()
    signature = NullableTextField(
        help_text="The line that is put at its end when it is posted, because the ticket system cannot name you; null "
        "where it can, or where there is none."
    )
    parts = serializers.IntegerField(help_text="In how many notes it is posted, as long as it is.")


class PostedNoteOut(RedactedOut, DeliveryOut):
    """A ticket note on its way."""

    body = serializers.CharField(help_text="As it is posted.")


class PostedTimeOut(RedactedOut, DeliveryOut):
    """Time on its way into a ticket."""

    started_at = TimeField(help_text="As it is booked: so long before the end of what you worked, or now.")
    text = serializers.CharField(source="body", help_text="As it is booked.")


class TimeBody(Body):
    minutes = StrictNumberField(min_value=1, max_value=MOST, help_text="Booked as they are, not rounded.")
    text = StrictTextField(max_length=LONGEST, help_text="What was done. No note of the session may say the same.")
    internal = StrictBooleanField(
        required=False,
        help_text="true, the default: the client does not see the text, where the ticket system makes a difference. "
        "false: they see it; refused where there is no such time.",
    )


class NoteBody(Body):
    body = StrictTextField(max_length=note_text.LONGEST)
    internal = StrictBooleanField(
        required=False,
        help_text="true, the default: the client does not see it. false: they see it, and may be mailed it at once.",
    )


# --- the bell ----------------------------------------------------------------------------------


def line_of(request: ApiRequest, pk: int) -> Notification:
    return get_object_or_404(Notification.objects.for_bell(request.user), pk=pk)


@endpoint(tag=BELL, summary="My bell", gives=NotificationOut, query=BellQuery, order=("-event_id",))
def notifications(request: ApiRequest, *, unread: bool = False) -> QuerySet[Notification]:
    """Newest first."""
    lines = Notification.objects.for_bell(request.user)
    return lines.unread() if unread else lines


@endpoint(tag=BELL, of=line_of, summary="Mark what there is of a session read", gives=NotificationOut, own=True)
def read(request: ApiRequest, line: Notification) -> Notification:
    """Mine only, and with it my other lines about its session. Read already: nothing changes."""
    Notification.objects.of(request.user).beside(line).mark_read()
    return line_of(request, line.pk)


@endpoint(tag=BELL, summary="Mark all read", gives=ReadOut, own=True)
def read_all(request: ApiRequest) -> dict[str, int]:
    """Mine only."""
    mine = Notification.objects.of(request.user)
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
    """Mails, ticket notes, and the ticket's status and owner, with how each went, newest first."""
    return _visible(request).filter(handoff=handoff)


@endpoint(tag=DELIVERIES, of=delivery_of, summary="Try a failed delivery again", gives=DeliveryOut)
def retry(request: ApiRequest, delivery: Delivery) -> None:
    """By any engineer. Where it "may have been sent", look there first. Refused for a note that is in its ticket, but
    as one of the other kind: seen by the client, or not seen."""
    delivery.retry_by(request.user)


@endpoint(tag=DELIVERIES, of=handoff_of, summary="Preview the ticket note of a handoff", gives=NoteOut)
def note(request: ApiRequest, handoff: Handoff) -> dict[str, Any]:
    """What the ticket note of this handoff says as things stand. Secrets are taken out."""
    return _note(request, handoff.session, handoff)


@endpoint(tag=DELIVERIES, of=session_of, summary="Preview the ticket note of a session", gives=NoteOut)
def session_note(request: ApiRequest, session: Session) -> dict[str, Any]:
    """What fixed it, where that is said; else where it stands. Secrets are taken out."""
    return _note(request, session, session)


def _note(request: ApiRequest, session: Session, about: Handoff | Session) -> dict[str, Any]:
    body, connection = note_text.note_preview(about), session.psa_connection
    signature = note_text.signature(connection, request.user) if connection else ""
    leaves = note_text.signed(body, connection, request.user) if connection else body
    parts = len(connection.note_parts(leaves)) if connection else 1
    left_out = counted(body)
    return {
        "body": body,
        "signature": signature,
        "parts": parts,
        "redacted": list(left_out),
        "redacted_count": sum(left_out.values()),
    }


POSTING: dict[str, Any] = {"tag": DELIVERIES, "gives": PostedNoteOut, "takes": NoteBody, "status": 202}


@endpoint(of=handoff_of, summary="Post a ticket note about a handoff", **POSTING)
def send_note(request: ApiRequest, handoff: Handoff, *, body: str, internal: bool = True) -> Delivery:
    """By any engineer, into the session's ticket. A worker posts it; `handoffs/ID/deliveries/` says how it went."""
    return Delivery.send_note(handoff.session, request.user, handoff=handoff, body=body, internal=internal)


@endpoint(of=session_of, summary="Post a ticket note about a session", **POSTING)
def send_session_note(request: ApiRequest, session: Session, *, body: str, internal: bool = True) -> Delivery:
    """By any engineer. A worker posts it; `note.posted` or `note.failed` in `sessions/ID/events/` says how it went."""
    return Delivery.send_note(session, request.user, body=body, internal=internal)


@endpoint(
    tag=DELIVERIES,
    of=session_of,
    summary="Log time on a session's ticket",
    gives=PostedTimeOut,
    takes=TimeBody,
    status=202,
)
def send_time(request: ApiRequest, session: Session, *, minutes: int, text: str, internal: bool = True) -> Delivery:
    """By any engineer. A worker books it, once; `time.posted` or `time.failed` in `sessions/ID/events/` says how it
    went. The client is not mailed about it."""
    return Delivery.send_time(session, request.user, minutes=minutes, text=text, internal=internal)
