"""The API of tickets: those of the account's ticket systems, as a worker reads them."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from resolutionflow.api.endpoint import ApiRequest, endpoint
from resolutionflow.api.fields import (
    IdFilter,
    NullableIdField,
    NullableTextField,
    Output,
    Query,
    SearchField,
    TimeField,
)
from resolutionflow.core.refusals import Invalid
from sessions_app.from_ticket import connection_of
from sessions_app.models import PsaConnection, TicketCopy, TicketSearch, number_of
from sessions_app.models.ticket import FEWEST

TAG = "tickets"
ASKED = "A worker asks the ticket system: while `state` is `asking`, ask again for the answer."


class TicketFactsOut(Output):
    """What a ticket system says of a ticket."""

    number = serializers.CharField(source="id")
    title = NullableTextField()
    description = NullableTextField(help_text="Not in a list.")
    client = NullableTextField()
    contact = NullableTextField()
    phone = NullableTextField()
    email = NullableTextField()
    device = NullableTextField()
    queue = NullableTextField(help_text="Or board, or project.")
    status = NullableTextField(help_text="As the ticket system calls it.")
    is_closed = serializers.BooleanField()
    owner = NullableTextField()
    due_at = TimeField(allow_null=True)
    merged_into = NullableTextField(help_text="The ticket that it has become a part of.")
    link = NullableTextField(help_text="Where people read it.")


class TicketOut(Output):
    """A ticket as it was read last."""

    connection = serializers.IntegerField(source="connection_id")
    number = serializers.CharField()
    state = serializers.ChoiceField(choices=TicketCopy.State.choices, help_text=ASKED)
    error = NullableTextField(help_text="Why it could not be read, or not anew.")
    read_at = TimeField(allow_null=True)
    ticket = TicketFactsOut(allow_null=True)


class TicketMatchesOut(Output):
    """Open tickets with the words in their title."""

    connection = NullableIdField(source="connection_id")
    q = NullableTextField(source="words")
    state = serializers.ChoiceField(choices=TicketCopy.State.choices, help_text=ASKED)
    error = NullableTextField()
    results = TicketFactsOut(many=True, source="tickets")


class TicketQuery(Query):
    connection = IdFilter(help_text="A ticket system's id. The account's only active one when not given.")
    q = SearchField(help_text="Words of the title: three letters and more.")
    cursor = limit = None  # type: ignore[assignment]


def ticket_of(request: ApiRequest, pk: int, number: str) -> TicketCopy:
    """The ticket of this number, which a worker is asked to read where that was not done lately."""
    active = PsaConnection.objects.visible_to(request.user).filter(is_active=True)
    connection = get_object_or_404(active, pk=pk)
    try:
        return TicketCopy.ask(connection, number_of(connection, number))
    except Invalid as error:
        raise Http404 from error


@endpoint(tag=TAG, summary="Look for tickets", gives=TicketMatchesOut, query=TicketQuery, one=True)
def tickets(request: ApiRequest, *, connection: int | None = None, q: str = "") -> TicketSearch:
    """The newest ten; none for fewer than three letters. A search that no worker has begun gives way to its person's
    next one."""
    system = connection_of(request.user, "" if connection is None else str(connection))
    if system is None or len(q) < FEWEST:
        return TicketSearch(connection=system, words=q, status=TicketSearch.Status.DONE)
    return TicketSearch.ask(system, q, request.user)


@endpoint(tag=TAG, of=ticket_of, summary="A ticket", gives=TicketOut)
def ticket(request: ApiRequest, copy: Any) -> None:
    """As it was read within the last ten minutes; `missing` is what its system says, too."""
