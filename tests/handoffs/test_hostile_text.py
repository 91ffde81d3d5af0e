"""Whatever is written in a session, and whatever the model answers: nothing acts, leaks or renders."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from handoffs.models import Handoff, Summary, SummaryVersion
from handoffs.prompt.record import read_record
from notifications.note import note_preview
from notifications.relay import relay
from notifications.wording import event_body
from resolutionflow.accounts.models import Event
from sessions_app.models import AiCall
from tests.api_client import client_of
from tests.fakes import messages_api as fake
from tests.quality.asking.hostile import answer_faults, load_answers, load_texts, prompt_faults, recorded, sent

pytestmark = pytest.mark.thorough

TEXTS = load_texts()
ANSWERS = load_answers()
PLAIN_TAGS = {
    *("section", "h2", "h3", "p", "ul", "li", "bdi", "a", "small", "time"),
    *("details", "summary", "div", "form", "button", "input", "span", "strong", "svg", "use"),
}
APPS = ("accounts", "sessions_app", "handoffs", "notifications")


@pytest.fixture
def api(settings):
    with fake.running(settings) as api:
        yield api


def test_there_are_enough_of_both() -> None:
    assert len(TEXTS) >= 80
    assert len(ANSWERS) >= 25


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_acts_nowhere_even_where_the_model_repeats_it(api, client, ana, bo, wrong, name) -> None:
    handoff = recorded(TEXTS[name], ana)
    for fault in prompt_faults(handoff):
        wrong.append(fault)
    claim = {"text": TEXTS[name], "evidence": ["s1"]}
    answer = {"summary_prose": TEXTS[name], "what_we_know": [claim], "likely_cause": claim, "suggested_steps": [claim]}
    asked(api, handoff, {**answer, "confidence": "high"}, wrong)
    assert TEXTS[name][:30] not in fake.sent_system(api.requests[0])
    shown(client, bo, handoff, wrong)
    assert "://" not in ai_part(note_preview(handoff)).replace("hxxps://", "").replace("hxxp://", "")


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.name)
def test_an_answer_acts_nowhere_and_what_is_not_in_the_record_stays_on_the_page(
    api, client, waiting, bo, wrong, answer
) -> None:
    read = read_record(waiting.session, waiting.from_sender)
    for fault in answer_faults(answer, content=read.content, ids=read.ids):
        wrong.append(fault)
    done = asked(api, waiting, sent(answer, read.content), wrong)
    handoff = Handoff.objects.get(pk=waiting.pk)
    shown(client, bo, handoff, wrong)
    event = Event.objects.get(kind="handoff.escalated", handoff_id=handoff.pk)
    places = {
        "the ticket note": note_preview(handoff),
        "the mail": event_body(event, handoff.session, handoff),
        "the text to copy": client.get(f"/handoffs/{handoff.pk}/text/").content.decode(),
    }
    plain = client_of(bo).get(f"handoffs/{handoff.pk}/").json()
    package = client_of(bo).get(f"sessions/{handoff.session_id}/").json()["escalation_package"]
    places["the API's plain fields"] = str((plain["ai_assessment"], plain["ai_assessment_data"], package))
    if done.state == "ready":
        places["what Start from an analysis writes"] = done.current.as_text()
    for part in answer.never:
        for place, text in places.items():
            wrong.unless(part not in text, place, "has", repr(part))
    for place, text in places.items():
        wrong.unless("<script" not in ai_part(text) or "://" not in ai_part(text), place, "has markup")
    given = client_of(bo).get(f"handoffs/{handoff.pk}/summary/").json()
    wrong.unless(given["state"] == done.state, "the API says", given["state"])
    for line in (given["likely_cause"] or {}, *given["what_we_know"], *given["suggested_steps"]):
        flagged = (
            line.get("unseen")
            or not line.get("evidence")
            or not any(part in line.get("text", "") for part in answer.never)
        )
        wrong.unless(bool(flagged), "the API gives without a flag", line)


def asked(api, handoff: Handoff, answer: dict[str, Any], wrong) -> Summary:
    """Ask with this answer; nothing but the summary may be different afterwards."""
    relay(Event.objects.get(kind="handoff.escalated", handoff_id=handoff.pk).pk)
    api.says(fake.answer(answer))
    Summary.objects.update(due_at=timezone.now())
    before, events = everything(), set(Event.objects.values_list("pk", flat=True))
    Summary.run(handoff.summary.pk)
    after = everything()
    for model, rows in before.items():
        wrong.unless(after[model] == rows, model, "was changed")
    kinds = set(Event.objects.exclude(pk__in=events).values_list("kind", flat=True))
    wrong.unless(kinds <= {"summary.ready"}, "it left the events", kinds)
    handoff.refresh_from_db()
    return Summary.objects.get(handoff=handoff)


def everything() -> dict[str, list[Any]]:
    """Every row but of summaries, calls and events, without the number of the account's last event."""
    changing = (Summary, SummaryVersion, AiCall, Event)
    models = [model for app in APPS for model in apps.get_app_config(app).get_models() if model not in changing]
    names = {model: [one.attname for one in model._meta.fields if one.name != "last_seq"] for model in models}
    return {model._meta.label: list(model._base_manager.order_by("pk").values_list(*names[model])) for model in models}


class Tags(HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, {name: value or "" for name, value in attributes}))


def shown(client, reader, handoff: Handoff, wrong) -> None:
    """The pick-up screen and the preview: no markup of the text, and the summary leads to its own session alone."""
    client.force_login(reader)
    for address in (f"/handoffs/{handoff.pk}/", f"/handoffs/{handoff.pk}/preview/"):
        page = client.get(address).content.decode()
        for tag, attributes in Tags(page).all:
            wrong.unless(not any(name.startswith("on") for name in attributes), address, tag, attributes)
            wrong.unless(tag not in ("iframe", "object", "embed", "style", "base"), address, tag)
            wrong.unless("javascript:" not in str(attributes.get("href")).lower(), address, tag, attributes)
            wrong.unless(tag != "script" or bool(attributes.get("src")), address, "a script of its own")
            source = attributes.get("src", "")
            wrong.unless(not re.match(r"(https?:)?//", source), address, tag, source)
        summary = re.search(r'<section[^>]*id="summary-\d+".*?</section>', page, re.S)
        for tag, attributes in Tags(summary[0]).all if summary else ():
            wrong.unless(tag in PLAIN_TAGS, address, "in the summary:", tag)
            wrong.unless(
                re.match(r"/(sessions|handoffs)/|/static/icons.svg#|#|$", attributes.get("href") or ""),
                address,
                attributes,
            )


def ai_part(text: str) -> str:
    return text.partition("AI-generated")[2]
