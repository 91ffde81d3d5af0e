"""Markup in every text there is, at every address: it is shown as text and never becomes an element or an attribute.

The texts come from the models and the addresses from the URL list, so that a new one of either is walked as well.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import models
from django.test import Client

from handoffs.models import Handoff
from notifications.live import fragments
from notifications.models import Delivery
from resolutionflow.accounts.models import Event, User
from sessions_app.models import Session
from tests.conftest import Wrong, summarised
from tests.every_address.addresses import OF_PAGES, OURS, PAGES, admin_addresses, filled, rolled_back
from tests.every_address.test_bad_input_pages import FIELDS
from tests.test_house import ROOT

pytestmark = pytest.mark.django_db

PROBE = "\"'><probe data-probe=1>{{ 7*7 }}"
# What no person types: codes, keys and settings that have a form of their own.
CODES = {"time_zone", "stamp", "kind", "origin", "base_url", "query", "digest", "hint", "key", "password", "model"}
CODE = re.compile(r"[a-z_.]*|[smh]?\d+|[\d:TZ.+-]+")  # in JSON: an outcome, a step's number, a time
FACTS = (
    "reason", "name", "error", "to", "text", "summary", "root_cause", "resolution", "label", "address", "notes",
    "remote_id", "priority", "status", "off_shift", "lease_until", "wake_at",
)  # fmt: skip


class Page(HTMLParser):
    """What of the probe has become an element, an attribute or a script's address; and whether it is there as text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.broken: list[str] = []
        self.shown = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _value in attrs}
        if tag == "probe" or "data-probe" in names or any(name.startswith("on") for name in names):
            self.broken.append(self.get_starttag_text() or tag)
        for name, value in attrs:
            self.shown |= "<probe" in (value or "")
            if name in ("href", "src", "action", "formaction") and (value or "").strip().lower().startswith(
                "javascript:"
            ):
                self.broken.append(self.get_starttag_text() or tag)

    handle_startendtag = handle_starttag

    def handle_data(self, data: str) -> None:
        self.shown |= "<probe" in data


def texts_of(model: type[models.Model]) -> list[models.Field]:
    """The fields of a model that hold what somebody typed, or what another system or the AI has said."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not field.unique
        and field.name not in CODES
        and (field.max_length or 999) >= len(PROBE)
    ]


def spoiled(value: Any, text: str) -> Any:
    """JSON with `text` for every text of it."""
    match value:
        case str():
            return value if CODE.fullmatch(value) else text
        case list():
            return [spoiled(one, text) for one in value]
        case dict():
            return {name: spoiled(one, text) for name, one in value.items()}
    return value


@pytest.fixture
def full(things, bo) -> dict[str, Any]:
    return with_texts(things, bo, PROBE)


def with_texts(things: dict[str, Any], bo: User, text: str) -> dict[str, Any]:
    """One of everything, and `text` for every text of it; events of every kind that is worded."""
    handoff = Handoff.objects.get(pk=things["handoffs"])
    line = {"text": "It is the tunnel", "evidence": ["s1"]}
    handoff.summary.delete()
    steps = [{**line, "why": "Because it is", "rationale": "Because it is"}]
    summarised(handoff, summary_prose="x", likely_cause=line, what_we_know=[line], suggested_steps=steps)
    Delivery.objects.create(
        account=handoff.account, handoff=handoff, kind="note", address="x", status="failed", error="x"
    )
    Handoff.park(Session.open(bo, problem_summary="Parked"), bo, notes="Later", wake_at=None)
    Handoff.escalate(Session.open(bo, problem_summary="Waiting"), bo, notes="Stuck", target_user=None)
    for folder in sorted((ROOT / "templates/events").iterdir()):
        if folder.is_dir():
            about = {"session_id": handoff.session_id, "handoff_id": handoff.pk}
            facts: dict[str, Any] = dict.fromkeys(FACTS, text)
            facts |= {"lease_until": "2026-11-26T12:00:00Z", "wake_at": "2026-11-26T12:00:00Z", "to_user": bo.pk}
            facts |= {side: {"problem_summary": text, "client_name": text} for side in ("before", "after")}
            facts |= {"step": things["step_pk"], "message": things["message_pk"], "order": 1}
            Event.record(handoff.account_id, folder.name.replace("_", ".", 1), actor=bo, facts=facts, **about)
    for model in OURS:
        if model is not Event:
            rows = model._base_manager
            rows.update(**{field.name: text for field in texts_of(model)})
            for row in rows.all():
                found = [field.name for field in model._meta.concrete_fields if type(field) is models.JSONField]
                rows.filter(pk=row.pk).update(**{name: spoiled(getattr(row, name), text) for name in found})
    return things


def look(wrong: Wrong, answer: Any, *where: Any) -> bool:
    """Whether the probe is shown, as text."""
    if "html" not in answer.get("Content-Type", ""):
        return False
    page = Page(answer.content.decode())
    wrong.unless(not page.broken, *where, page.broken[:3])
    wrong.unless("49" not in re.findall(r"<probe data-probe=1>(\S*)", answer.content.decode()), *where, "is a template")
    return page.shown


def answer_to(user: User | None, method: str, path: str, sent: dict[str, Any] | None = None, **more: Any) -> Any:
    """Whatever it did is undone."""
    with rolled_back():
        browser = Client(raise_request_exception=False)
        if user is not None:
            browser.force_login(user)
        return getattr(browser, method.lower())(path, sent or {}, **more)


def whoever(name: str) -> User:
    return User.objects.get(email=f"{PAGES[name].by}@northwind.example")


def test_many_texts_are_tried() -> None:
    tried = {f"{model.__name__}.{field.name}" for model in OURS for field in texts_of(model)}
    known = {"Session.problem_summary", "Step.text", "User.name", "Delivery.error", "SummaryVersion.summary_prose"}
    assert known <= tried
    assert len(tried) > 30


def test_no_text_becomes_markup_on_a_page(full, wrong) -> None:
    shown = set()
    for route, name in OF_PAGES:
        for headers in ({}, {"headers": {"HX-Request": "true"}}):
            if look(wrong, answer_to(whoever(name), "GET", filled(route, full), **headers), name, headers):
                shown.add(name)
    assert {"home", "queue", "session", "handoff", "session_timeline", "settings_members", "notifications"} <= shown


def test_no_text_becomes_markup_in_the_admin(full, olga, wrong) -> None:
    for route, name, model in admin_addresses():
        path = "/" + route.format(pk=getattr(model._base_manager.first(), "pk", 1))
        look(wrong, answer_to(olga, "GET", path), name)


def test_nothing_that_is_sent_becomes_markup_in_the_answer(full, wrong) -> None:
    names = (
        "q",
        "client",
        "ticket",
        "sender",
        "kind",
        "actor",
        "origin",
        "lane",
        "sort",
        "query",
        "next",
        "at",
        "compose",
    )
    query = urlencode(dict.fromkeys(names, PROBE))
    for route, name in OF_PAGES:
        look(wrong, answer_to(whoever(name), "GET", f"{filled(route, full)}?{query}"), "GET", name)
        if PAGES[name].posts:
            sent = answer_to(whoever(name), "POST", filled(route, full), dict.fromkeys(FIELDS, PROBE))
            look(wrong, sent, "POST", name)
    look(wrong, answer_to(None, "GET", f"/login/?{urlencode({'next': PROBE})}"), "login")
    look(wrong, answer_to(None, "POST", "/login/", {"login": PROBE, "password": PROBE}), "login")
    look(wrong, answer_to(None, "GET", f"/{PROBE}/"), "404")


def test_no_text_becomes_markup_in_what_open_pages_are_sent(full, wrong) -> None:
    events = list(Event.objects.order_by("seq"))
    drawn = fragments.fragments_of(
        events, {"queue", *(f"session:{pk}" for pk in Session.objects.values_list("pk", flat=True))}
    )
    parts = [part["html"] for watches in drawn.values() for found in watches.values() for part in found if part["html"]]
    assert len(parts) > 5
    for html in parts:
        page = Page(html)
        wrong.unless(not page.broken, page.broken)
    assert any(Page(html).shown for html in parts)
