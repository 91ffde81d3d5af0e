"""One of everything in Northwind for the API's addresses, and its OpenAPI description."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command

from notifications.models import Delivery, Notification
from resolutionflow.accounts.models import Event
from sessions_app.models import PsaConnection
from tests.conftest import add_picture


@pytest.fixture
def ids(claimed, bo) -> dict[str, int]:
    """Of things in Northwind; the same ids for every address, by what it starts with."""
    session = claimed.session
    event = Event.objects.filter(kind="handoff.escalated").get()
    line = Notification.objects.create(account=event.account, user=bo, event=event, handoff=claimed, title="x", why="y")
    mail = Delivery.objects.create(account=event.account, handoff=claimed, kind="email", address="x", status="failed")
    message = session.add_message(bo, content="Looking at it")
    connection = PsaConnection.objects.create(
        account=event.account,
        name="RT",
        kind="request_tracker",
        base_url="https://rt.example",
        credentials={"token": "x"},
    )
    return {
        "tickets": connection.pk,
        "sessions": session.pk, "handoffs": claimed.pk, "notifications": line.pk, "deliveries": mail.pk,
        "step_pk": session.steps.get(order=1).pk, "branch_pk": session.active_branch_id,
        "message_pk": message.pk, "file_pk": add_picture(session, bo, message=message).pk,
    }  # fmt: skip


@pytest.fixture(scope="module")
def schema() -> dict:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", stdout=out)
    return json.loads(out.getvalue())
