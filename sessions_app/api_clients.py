"""The API of clients: who the sessions of an account are for."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, QuerySet
from rest_framework import serializers

from resolutionflow.api.endpoint import ApiRequest, endpoint
from resolutionflow.api.fields import Output, Query, SearchField, TimeField
from sessions_app.api import TAG
from sessions_app.models import Session, spelling


class ClientOut(Output):
    """A client, as the account's sessions know it."""

    name = serializers.CharField(source="client_name", help_text="As it was written last.")
    devices = serializers.ListField(
        child=serializers.CharField(), source="known_devices", help_text="The newest first, at most 50."
    )
    sessions = serializers.IntegerField(source="session_count", help_text="All of them, the finished ones too.")
    last_at = TimeField(source="updated_at", help_text="When one of them last changed.")

    @classmethod
    def load(cls, rows: list[Any]) -> None:
        """The devices of each client and the number of its sessions, in one query. `rows`: its newest session."""
        clients = {row.client: row for row in rows}
        devices: dict[str, dict[str, str]] = {client: {} for client in clients}
        counts = dict.fromkeys(clients, 0)
        for client, device, count, _last in _known(rows) if rows else ():
            counts[client] += count
            if device:
                devices[client].setdefault(device.lower().replace(" ", ""), device)
        for client, row in clients.items():
            row.session_count, row.known_devices = counts[client], list(devices[client].values())[:50]


def _known(rows: list[Any]) -> Any:
    """Client, device and how many sessions they have, the newest first."""
    sessions = Session.objects.filter(account=rows[0].account_id).annotate(client=spelling("client_name"))
    known = sessions.filter(client__in=[row.client for row in rows]).values_list("client", "asset_name")
    return known.annotate(count=Count("pk"), last=Max("updated_at")).order_by("-last")


class ClientQuery(Query):
    q = SearchField(help_text="Every word is in its name.")


@endpoint(tag=TAG, summary="Clients", gives=ClientOut, query=ClientQuery, order=("-updated_at", "-id"))
def clients(request: ApiRequest, *, q: str = "") -> QuerySet[Session]:
    """Who the sessions of the account are for, the newest first. Names that differ in case or blanks alone are one."""
    found = (
        Session.objects.visible_to(request.user).newest_of_each("client_name").annotate(client=spelling("client_name"))
    )
    for word in q.split():
        found = found.filter(client_name__icontains=word)
    return found.defer("intake_text")
