"""What the AI proposes comes below a form's fields while somebody types, goes in by a press and out again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from handoffs.models import Handoff, Proposals
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.browser.waiting import live, place
from tests.fakes import messages_api as fake
from tests.handoffs.test_proposals import ESCALATION, RESOLUTION

pytestmark = pytest.mark.browser

SUSPECT = ESCALATION["suspect"][0]["text"]
STILL = {"reduced_motion": "reduce"}  # else place() waits for the dot beside "The AI is reading"
OTHER = "The router lets go of idle tunnels."


@pytest.fixture
def api(settings: Any) -> Iterator[fake.MessagesApi]:
    with fake.running(settings) as api:
        yield api


def answered(page: Page) -> None:
    """The form has asked and waits, and a worker does it."""
    expect(page.get_by_text("The AI is reading the record")).to_be_visible()
    row = Proposals.objects.get()
    Proposals.objects.filter(pk=row.pk).update(due_at=timezone.now())
    Proposals.run(row.pk)
    expect(page.get_by_text("The AI is reading the record")).to_be_hidden()


@pytest.mark.parametrize("width", [1440, 360])
def test_a_line_comes_while_one_types_is_used_undone_and_sent(
    browse: Browse, api: fake.MessagesApi, session: Session, ana: User, width: int
) -> None:
    second = {"text": OTHER, "evidence": ["s2"]}
    api.says(fake.answer({**ESCALATION, "suspect": [*ESCALATION["suspect"], second]}))
    size = {"width": width, "height": 740}
    page = live(browse(ana, f"{session.get_absolute_url()}escalate/", viewport=size, **STILL))
    page.get_by_label("Why are you escalating?").fill("I am stuck.")
    contact = page.get_by_label("Contact")
    contact.fill("Front desk")
    contact.press("ArrowLeft")
    before = place(contact)
    answered(page)
    suspect = page.get_by_label("Suspect")
    lines = page.get_by_role("list", name="Proposed by the AI").filter(has_text=SUSPECT)
    expect(lines).to_contain_text(f"AI: {SUSPECT}")
    assert abs(place(contact)["y"] - before["y"]) < 2
    expect(contact).to_be_focused()
    contact.press_sequentially("X")
    expect(contact).to_have_value("Front desXk")
    expect(suspect).to_have_value("")
    assert look(page) == []

    suspect.fill("The cable?")
    first, other = lines.get_by_role("button").nth(0), lines.get_by_role("button").nth(1)
    first.press("Enter")
    expect(suspect).to_have_value(SUSPECT)
    expect(first).to_be_focused()
    other.click()
    expect(suspect).to_have_value(OTHER)
    expect(first).to_have_text("Use")
    other.click()
    expect(suspect).to_have_value(SUSPECT)
    expect(first).to_have_text("Undo")
    suspect.fill(f"{SUSPECT} Perhaps.")
    first.click()
    expect(suspect).to_have_value("The cable?")
    expect(first).to_have_text("Redo")
    first.click()
    expect(suspect).to_have_value(f"{SUSPECT} Perhaps.")

    page.reload()
    live(page)
    expect(suspect).to_have_value(f"{SUSPECT} Perhaps.")  # the draft, as of any text that was typed
    page.get_by_role("button", name="Escalate").click()
    page.wait_for_url("**/handoffs/**")
    handoff = Handoff.objects.get()
    assert (handoff.notes, handoff.suspect) == ("I am stuck.", f"{SUSPECT} Perhaps.")
    assert handoff.contact == "Front desXk"
    assert len(api.requests) == 1


def test_on_a_short_page_the_last_field_stays_where_it_is(
    browse: Browse, api: fake.MessagesApi, session: Session, ana: User
) -> None:
    session.add_step(ana, text="Lowered the MTU", outcome="worked")
    api.says(fake.answer(RESOLUTION))
    size = {"width": 1440, "height": 1400}
    page = live(browse(ana, f"{session.get_absolute_url()}resolve/", viewport=size, **STILL))
    cause = page.get_by_label("Root cause")
    cause.press_sequentially("The line")
    before = place(cause)
    answered(page)
    use = page.get_by_role("list", name="Proposed by the AI").get_by_role("button")
    expect(use).to_have_count(2)
    assert abs(place(cause)["y"] - before["y"]) < 2
    assert look(page) == []
    use.nth(0).click()
    expect(page.get_by_label("What fixed it")).to_have_value(RESOLUTION["resolution"][0]["text"])
    page.get_by_role("button", name="Resolve", exact=True).click()
    page.wait_for_url(f"**{session.get_absolute_url()}")
    session.refresh_from_db()
    assert (session.resolution, session.root_cause) == (RESOLUTION["resolution"][0]["text"], "The line")


def test_a_failure_is_a_quiet_line_and_the_form_is_sent(
    browse: Browse, api: fake.MessagesApi, session: Session, ana: User
) -> None:
    api.says(fake.failure(401))
    page = live(browse(ana, f"{session.get_absolute_url()}escalate/"))
    answered(page)
    expect(page.get_by_text("The AI could not read the record.")).to_be_visible()
    page.get_by_label("Why are you escalating?").fill("I am stuck.")
    page.get_by_role("button", name="Escalate").click()
    page.wait_for_url("**/handoffs/**")
    assert Handoff.objects.get().notes == "I am stuck."
