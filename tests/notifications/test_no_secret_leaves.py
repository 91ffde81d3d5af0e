"""No way out lets a secret through: one in every text field of a session, and what five servers received.

A webhook alone gets what the API's feed holds, as it is there: who reads that by a key reads the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.db import models
from django.utils import timezone

from handoffs.models import Handoff, Summary
from notifications.models import Delivery
from notifications.transports import TRANSPORTS
from sessions_app.models import Branch, Message, Session, Step
from tests.conftest import relay_all
from tests.fakes import messages_api, smtp
from tests.notifications.channels.conftest import hooks, slack, teams  # noqa: F401  fixtures
from tests.notifications.transports.test_email import server as mail_server  # noqa: F401  a fixture
from tests.notifications.transports.test_note import helpdesk, ticket  # noqa: F401  fixtures

# A field that names something, is chosen from a list or is a ticket's own number is no text that people write.
NO_TEXT = {"psa_ticket_id", "client_ref", "key", "model", "request_id", "error", "marker"}
ANSWER = {
    "summary_prose": "Stuck. The password is Answered77!x",
    "what_we_know": [{"text": "pw: Answered78!x", "evidence": ["s1"]}],
    "likely_cause": {"text": "", "evidence": []},
    "suggested_steps": [],
    "confidence": "low",
}


@pytest.fixture
def api(settings) -> Iterator[messages_api.MessagesApi]:
    with messages_api.running(settings) as api:
        api.says(messages_api.answer(ANSWER))
        yield api


def put_secrets(rows: dict[type[models.Model], Any]) -> list[str]:
    """A secret of its own into every text field of these rows."""
    numbers, secrets = count(10), []
    for model, found in rows.items():
        for field in model._meta.fields:
            is_text = isinstance(field, (models.TextField, models.CharField)) and not field.choices
            if is_text and field.name not in NO_TEXT and not field.unique:
                secrets.append(f"Zebra{next(numbers)}!x")
                found.update(**{field.name: f"Set {field.name[:12]} password: {secrets[-1]}"})
    return secrets


def send_all() -> None:
    relay_all()
    for delivery in Delivery.objects.filter(status="pending"):
        Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now())
        Delivery.run(delivery.pk)


def test_every_way_out_is_looked_at() -> None:
    known = {"email", "slack", "teams", "webhook", "note", "time", "ticket"}
    assert set(TRANSPORTS) == known, "let the test below send by the new one, too"


def test_no_secret_of_any_field_reaches_a_server(ticket, ana, bo, mail_server, api, fake, slack, teams, hooks) -> None:
    ticket.add_message(ana, content="Hello")
    Handoff.escalate(ticket, ana, notes="Stuck")
    handoff = Handoff.objects.get(session=ticket)
    secrets = put_secrets(
        {
            Session: Session.objects.filter(pk=ticket.pk),
            Step: Step.objects.filter(session=ticket),
            Message: Message.objects.filter(session=ticket).exclude(role="system"),
            Branch: Branch.objects.filter(session=ticket),
            Handoff: Handoff.objects.filter(pk=handoff.pk),
        }
    )
    assert len(secrets) > 20
    send_all()
    Summary.run(Summary.objects.get(handoff=handoff).pk)
    ticket.refresh_from_db()
    secrets += ["Typed77!xy", "Booked77!xy", "Solved77!xy", "Cause77!xy", "Answered77!x", "Answered78!x"]
    Delivery.send_note(ticket, ana, body="Called. The password is Typed77!xy")
    Delivery.send_time(ticket, ana, minutes=5, text="Did it, pw Booked77!xy")
    Handoff.objects.get(pk=handoff.pk).claim(bo)
    ticket.refresh_from_db()
    ticket.resolve(bo, resolution="Set password to Solved77!xy", root_cause="The password was Cause77!xy")
    send_all()

    parts = [(mail.as_string(), mail["Subject"], smtp.text_of(mail), smtp.html_of(mail)) for mail in mail_server.mails]
    mails = "\n".join(text for of_one in parts for text in of_one)
    received = {"mail": mails, "ticket": json.dumps(fake.requests, default=str), "AI": json.dumps(api.requests)}
    received |= {kind: json.dumps(hooks.messages(kind)) for kind in ("slack", "teams")}
    for server, text in received.items():
        assert "[REDACTED:" in text, server
        assert not [secret for secret in secrets if secret in text], server
    assert "secrets were left out (password)." in mails
    assert Summary.objects.get(handoff=handoff).current.redacted["password"] > 4
    assert Session.objects.get(pk=ticket.pk).resolution == "Set password to Solved77!xy", "what is stored stays"
