"""Two people are briefed on one session: each reads their own, and nothing above it moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from handoffs.models import Handoff, Summary
from resolutionflow.accounts.models import User
from tests.browser.conftest import Browse
from tests.browser.page_checks import WIDE, look
from tests.browser.waiting import live, place
from tests.fakes import messages_api as fake
from tests.live_site import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture
def api(settings: Any) -> Iterator[fake.MessagesApi]:
    with fake.running(settings) as api:
        settings.AI_TIMEOUT_SECONDS = 5
        yield api


def briefing(page: Page, handoff: Handoff) -> Locator:
    return page.locator(f"#briefing-{handoff.pk}")


def said(name: str) -> dict[str, Any]:
    line = {"text": "The router model is still unknown.", "evidence": ["s1"]}
    return fake.answer({"prose": f"{name}, the tunnel drops.", "lines": [line, {**line, "evidence": []}]})


def test_two_people_are_briefed_on_one_session(
    browse: Browse, api: fake.MessagesApi, session: Any, ana: User, bo: User, cy: User, request: pytest.FixtureRequest
) -> None:
    for number in range(15):
        session.add_step(ana, text=f"Tried cable {number}", outcome="failed")
    handoff = Handoff.escalate(session, ana, notes="Stuck.", priority=1)
    Summary.objects.all().delete()  # nothing else asks the AI
    bos, cys = (live(browse(user, handoff.get_absolute_url(), reduced_motion="reduce")) for user in (bo, cy))
    above = [place(bos.locator(part)) for part in (f"#brief-{handoff.pk}", "#go-on")]

    bos.get_by_role("button", name="Brief me").focus()
    bos.keyboard.press("Enter")
    expect(briefing(bos, handoff)).to_contain_text("Being written")
    expect(briefing(bos, handoff).locator("summary")).to_be_focused()
    assert look(bos) == []
    bos.set_viewport_size(WIDE)

    api.says(said("Bo"))
    request.getfixturevalue("workers")
    expect(briefing(bos, handoff)).to_contain_text("Bo, the tunnel drops.")
    expect(briefing(bos, handoff).locator("summary")).to_be_focused()
    assert [place(bos.locator(part)) for part in (f"#brief-{handoff.pk}", "#go-on")] == above
    assert look(bos) == []
    bos.set_viewport_size(WIDE)

    expect(briefing(cys, handoff)).not_to_contain_text("Bo, the tunnel drops.")
    api.says(said("Cy"))
    cys.get_by_role("button", name="Brief me").click()
    expect(briefing(cys, handoff)).to_contain_text("Cy, the tunnel drops.")
    expect(briefing(bos, handoff)).to_contain_text("Bo, the tunnel drops.")

    briefing(bos, handoff).locator("a.ref", has_text="s1").click()
    expect(bos.locator("#s1")).to_be_in_viewport()
    briefing(bos, handoff).locator("summary").click()
    expect(briefing(bos, handoff).get_by_text("the tunnel drops.")).to_be_hidden()
    session.add_step(cy, text="Compared them: equal")
    expect(briefing(bos, handoff)).to_contain_text("1 new step since")
    expect(briefing(bos, handoff).get_by_text("the tunnel drops.")).to_be_hidden()  # folded as it was left
    bos.reload()
    expect(briefing(live(bos), handoff)).to_contain_text("Bo, the tunnel drops.")
    briefing(bos, handoff).get_by_role("button", name="Renew").click()
    expect(briefing(bos, handoff)).to_contain_text("Cy, the tunnel drops.")
    assert len(api.requests) == 3


def test_a_failure_is_said_and_can_be_tried_again_without_scripts(
    browse: Browse, waiting: Handoff, api: fake.MessagesApi, bo: User, workers: Any
) -> None:
    page = browse(bo, waiting.get_absolute_url(), java_script_enabled=False, viewport={"width": 360, "height": 780})
    api.says(fake.failure(401), said("Bo"))
    page.get_by_role("button", name="Brief me").click()
    expect(page).to_have_url(f"/handoffs/{waiting.pk}/#briefing-{waiting.pk}")
    reloaded(page, waiting, "key is not valid")
    briefing(page, waiting).get_by_role("button", name="Try again").click()
    reloaded(page, waiting, "Bo, the tunnel drops.")


def reloaded(page: Page, handoff: Handoff, words: str) -> None:
    """Without scripts one looks again by hand."""

    def look_again() -> bool:
        page.reload()
        return words in (briefing(page, handoff).text_content() or "")

    wait_until(look_again)
