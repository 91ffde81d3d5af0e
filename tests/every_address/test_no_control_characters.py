"""Output that would control a terminal or turn a line around, at every address: it is shown and sent on without.

The API alone gives it as it came, spelled out in JSON. The addresses come from the URL list, so that a new page is
walked as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from handoffs.models import Handoff
from handoffs.prompt.record import read_record
from handoffs.snapshot import snapshot_of
from notifications import wording
from notifications.live import fragments
from notifications.note import note_preview
from resolutionflow.accounts.models import Event
from sessions_app.models import Session, Step
from tests.api_client import client_of
from tests.every_address.addresses import OF_PAGES, admin_addresses, filled, page_of
from tests.every_address.test_markup import whoever
from tests.resolutionflow.api.addresses import EVERY
from tests.resolutionflow.api.addresses import filled as filled_api

pytestmark = pytest.mark.django_db

OUTPUT = (
    "  \x1b]0;owned-title\x07probe one \x1b[1;31mERROR\x1b[0m 0x80070005: access denied\n"
    "\x1b]8;;https://owned.example/\x1b\\probe two\x1b]8;;\x1b\\ \x9b31mred\x9b0m\x07 \x9d0;owned-title\x9c\n"
    "owned-10%\rprobe three\r\x1b[Kprobe four\u202eevil\u2066 \ufeff\n"
    "\x1bPowned-dcs\x1b\\\x1b_owned-apc\x1b\\probe\x0cfive\x0bsix \x1b(Bseven\x08n\x1b[2J\x7f \x1b]0;never ended\nlast"
)
RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
UNSEEN = re.compile(rf"{RAW.pattern}|owned|\[[0-9;]*[mKJ]|\(Bseven")
EXACT = {"free_text", "intake_text"}


@pytest.fixture
def printed(things, bo, ana, olga) -> dict[str, Any]:
    """One of everything; all the output there is would control a terminal, and events tell of it."""
    handoff = Handoff.objects.get(pk=things["handoffs"])
    session = Session.objects.get(pk=handoff.session_id)
    Session.objects.filter(pk=session.pk).update(intake_text=OUTPUT, intake="log_paste")
    for number, outcome in enumerate([*Step.Outcome.values, "failed"]):
        session.add_step(bo, text=f"Looked, {number}", kind=Step.Kind.values[number % 5], outcome=outcome)
    step = session.steps.get(pk=things["step_pk"])
    step.change(bo, free_text="before")
    step.change(bo, free_text=OUTPUT)
    step.change(bo, free_text="between")
    session.steps.update(free_text=OUTPUT)
    waiting = Session.open(ana, problem_summary="Waiting", intake_text=OUTPUT)
    waiting.add_step(ana, text="Looked", outcome="failed", free_text=OUTPUT)
    Handoff.escalate(waiting, ana, notes="Stuck")
    return things


def unseen(text: str) -> list[str]:
    return [text[max(0, found.start() - 60) : found.end() + 30] for found in UNSEEN.finditer(text)][:3]


def texts(data: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in JSON, with the name of the field it stands in."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from texts(value, key)
    elif isinstance(data, list):
        for value in data:
            yield from texts(value, name)
    elif isinstance(data, str):
        yield name, data


def body_of(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    kind = answer.get("Content-Type", "text/html")
    if "csv" in kind:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    return "" if kind.startswith("image/") else content.decode()


def test_no_page_has_them(printed, wrong) -> None:
    shown = set()
    for route, name in OF_PAGES:
        for query in ("", "?format=csv") if "timeline" in name else ("",):
            for headers in ({}, {"headers": {"HX-Request": "true"}}):
                answer = page_of(whoever(name), "GET", filled(route, printed) + query, **headers)
                body = body_of(answer)
                if "csv" in answer["Content-Type"]:
                    body = re.sub(r'""(?:before|after)"": \{[^}]*\}', "", body)  # spelled out, as in the API
                wrong.unless(not unseen(body), name, query, headers, unseen(body))
                if "probe one" in body:
                    shown.add(name)
    assert {"session", "handoff", "handoff_text", "step_change", "handoff_preview"} <= shown


def test_the_admin_has_none_of_them(printed, olga, wrong) -> None:
    shown = set()
    for route, name, model in admin_addresses():
        for row in model._base_manager.order_by("-pk")[:12]:
            body = body_of(page_of(olga, "GET", "/" + route.format(pk=row.pk)))
            wrong.unless(not RAW.search(body), name)
            if name != "accounts_event_change":  # exact, spelled out
                wrong.unless(not unseen(body), name, unseen(body))
            if "probe one" in body:
                shown.add(name)
    assert {"sessions_app_step_change", "sessions_app_session_change"} <= shown


def test_the_api_spells_them_out_where_it_is_exact_and_has_none_elsewhere(printed, bo, olga, wrong) -> None:
    exact = set()
    for method, route in EVERY:
        if method != "get":
            continue
        answer = client_of(olga).get(filled_api(route, printed))
        if answer["Content-Type"].startswith("image/"):
            continue  # a file's bytes
        raw = answer.content.decode()
        wrong.unless(not RAW.search(raw), route, "is raw")
        for name, text in texts(json.loads(raw)):
            if name in EXACT:
                exact |= {name} if text == OUTPUT else set()
            else:
                wrong.unless(not unseen(text), route, name, unseen(text))
    assert exact == EXACT


def test_nothing_sent_on_has_them(printed, bo, wrong) -> None:
    handoff = Handoff.objects.get(pk=printed["handoffs"])
    session = Session.objects.get(pk=handoff.session_id)
    sent = {
        "note": note_preview(handoff),
        "prompt": read_record(session).content,
        "snapshot": json.dumps(snapshot_of(session), ensure_ascii=False),
    }
    for event in Event.objects.filter(session_id=session.pk):
        sent[f"line of {event.kind}"] = wording.event_line(event)
        if event.kind in ("handoff.escalated", "handoff.claimed"):
            sent[f"mail of {event.kind}"] = wording.event_body(event, session, handoff)
    out = StringIO()
    call_command("queue", stdout=out)
    sent["queue"] = out.getvalue()
    for name, text in sent.items():
        wrong.unless(not unseen(text), name, unseen(text))
    for name in ("note", "prompt", "snapshot", "mail of handoff.escalated"):
        wrong.unless("probe" in sent[name], name, "shows none")


def test_open_pages_are_sent_none_of_them(printed, wrong) -> None:
    events = list(Event.objects.order_by("seq"))
    watched = {"queue", *(f"session:{pk}" for pk in Session.objects.values_list("pk", flat=True))}
    drawn = fragments.fragments_of(events, watched)
    parts = [part["html"] for watches in drawn.values() for found in watches.values() for part in found if part["html"]]
    for html in parts:
        wrong.unless(not unseen(html), unseen(html))
    assert any("probe one" in html for html in parts)
