"""Pages, mails, ticket notes and the API show the same brief: every line of it stands in each of them."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from handoffs.models import Handoff
from notifications.note import note_preview, outgoing_text
from notifications.wording import event_body
from resolutionflow.accounts.models import Event, User
from tests.api_client import client_of
from tests.conftest import person
from tests.quality.cases import Case, load_cases, normalised
from tests.quality.recording import play

CASES = load_cases()[::2]  # one of each family

pytestmark = pytest.mark.thorough


@pytest.fixture
def dev(northwind) -> User:
    return person(northwind, "Dev")


@pytest.fixture(params=CASES, ids=[case.name for case in CASES])
def handoff(request, ana, dev) -> Handoff:
    case: Case = request.param
    return play(case, {"ana": ana, "dev": dev}, escalated_at=timezone.now() - timedelta(minutes=5))


def lines_of(handoff: Handoff) -> list[str]:
    return [line.text for row in handoff.brief().rows for line in row.lines]


def shown(page: str) -> str:
    """What a reader sees of a page, as texts are compared."""
    without_markup = re.sub(r"<script.*?</script>|<[^>]*>", "", page, flags=re.S)
    return normalised(html.unescape(without_markup))


def page(reader: Client, address: str) -> str:
    answer = reader.get(address)
    assert answer.status_code == 200, address
    return shown(answer.content.decode())


def test_everybody_is_shown_the_same_brief(handoff, bo, wrong) -> None:
    reader = Client()
    reader.force_login(bo)
    event = Event.objects.get(kind="handoff.escalated", handoff_id=handoff.pk)
    places = {
        "the pick-up page": page(reader, handoff.get_absolute_url()),
        "the preview": page(reader, f"/handoffs/{handoff.pk}/preview/"),
        "the text to copy": normalised(reader.get(f"/handoffs/{handoff.pk}/text/").content.decode()),
        "the mail": normalised(event_body(event, handoff.session, handoff)),
    }
    for text in lines_of(handoff):
        for name, place in places.items():
            wrong.unless(normalised(text) in place, name, "lacks", repr(text))
    note = normalised(note_preview(handoff))
    for text in lines_of(handoff):  # a note leaves without secrets, and ends what it says with its own full stop
        wrong.unless(normalised(outgoing_text(text)).rstrip(".") in note, "the ticket note lacks", repr(text))
    assert_given_by_the_api(handoff, client_of(bo).get(f"handoffs/{handoff.pk}/").json()["brief"])
    handoff.claim(bo)
    address = f"/sessions/{handoff.session_id}/brief/"
    assert f'hx-get="{address}"' in reader.get("/").content.decode()
    opened = page(reader, address)
    for text in (handoff.notes[:500], *lines_of(handoff)):
        wrong.unless(normalised(text) in opened, "My work lacks", repr(text))


def assert_given_by_the_api(handoff: Handoff, brief: dict[str, Any]) -> None:
    rows = handoff.brief().rows
    given = {name: _lines(value) for name, value in brief.items() if value}
    assert given == {row.name: [(line.text, line.source) for line in row.lines] for row in rows}


def _lines(value: dict | list | None) -> list[tuple[str, str]]:
    """The lines of one kind, the best first; `more` of an error are lines of its output."""
    if isinstance(value, dict):
        more = [line for line in value.get("more", []) if isinstance(line, dict)]
        value = [value, *more]
    return [(line["text"], line["source"]) for line in value or []]
