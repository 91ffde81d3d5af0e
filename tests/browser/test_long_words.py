"""Words without an end, as paths and names can be, on a phone: nothing is wider than the screen, or becomes markup."""

from __future__ import annotations

import pytest

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import NARROW, TOO_WIDE
from tests.browser.test_live_page import escalated
from tests.browser.waiting import live

pytestmark = pytest.mark.browser
WORD = "\\\\server\\share\\" + "x" * 90
MARKUP = "\"><img src=x onerror=alert(1)>'`"


def test_nothing_is_wider_than_a_phone(browse: Browse, ana: User, bo: User) -> None:
    ana.name = f"{MARKUP}{WORD}"[:100]
    ana.save()
    handoff = escalated(ana, f"{MARKUP} {WORD}", priority=0)
    mine = Session.open(bo, problem_summary=WORD)
    everywhere = dict.fromkeys(("client_name", "asset_name", "contact", "access", "changed_before"), WORD)
    handoff.session.change(ana, **everywhere)
    handoff.change(ana, **{name: f"{name} {WORD}" for name in Handoff.LINES}, notes=WORD * 9)
    for texts in ({"text": WORD * 9, "free_text": WORD * 20}, {"text": WORD, "free_text": f"error: {WORD}\n" * 20}):
        handoff.session.add_step(ana, outcome="failed", **texts)
    for content in (WORD, WORD * 15):
        handoff.session.add_message(ana, content=content)
    page = browse(bo, "/", viewport=NARROW)
    for path in (
        "/queue/",
        f"/queue/?q={'x' * 90}&priority=urgent",
        handoff.get_absolute_url(),
        f"{handoff.get_absolute_url()}timeline/",
        f"{handoff.get_absolute_url()}correct/",
        f"{handoff.get_absolute_url()}ask/",
        handoff.session.get_absolute_url(),
        mine.get_absolute_url(),
        f"{mine.get_absolute_url()}park/",
        f"{mine.get_absolute_url()}escalate/",
    ):
        page.goto(path)
        live(page)
        assert (path, page.evaluate(TOO_WIDE)) == (path, [])
        assert page.locator("img[src=x]").count() == 0
