"""Words without an end, as paths and names can be, on a phone: nothing is wider than the screen, or becomes markup."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from handoffs.models import Briefing, Handoff, Proposals
from resolutionflow.accounts.models import Account, User
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import NARROW, TOO_WIDE
from tests.browser.test_live_page import escalated
from tests.browser.waiting import live
from tests.conftest import summarised

pytestmark = pytest.mark.browser
WORD = "\\\\server\\share\\" + "x" * 90
MARKUP = "\"><img src=x onerror=alert(1)>'`"


def test_nothing_is_wider_than_a_phone(browse: Browse, ana: User, bo: User, settings: Any) -> None:
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
    line = {"text": f"{MARKUP}{WORD * 3}", "evidence": ["s1"], "unseen": [WORD]}
    words = {"summary_prose": WORD * 3, "likely_cause": line, "what_we_know": [line], "suggested_steps": [line]}
    summarised(handoff, **words)
    about: dict[str, Any] = {"account": ana.account, "status": "done"}
    Briefing.objects.create(handoff=handoff, user=bo, account=ana.account, status="done", prose=WORD * 3, lines=[line])
    proposed = [{**line, "field": name} for name in Handoff.LINES]
    mine.add_step(bo, text="Looked")
    about |= {"lines": proposed, "steps_seen": 1, "messages_seen": 0}
    about["seen_seq"] = Account.objects.get(pk=ana.account_id).last_seq
    Proposals.objects.create(session=mine, kind="escalation", **about)
    settings.ANTHROPIC_API_KEY = "key"
    page = browse(bo, "/", viewport=NARROW)
    for path in (
        "/queue/",
        f"/queue/?q={'x' * 90}&priority=urgent",
        handoff.get_absolute_url(),
        f"{handoff.get_absolute_url()}timeline/",
        f"{handoff.get_absolute_url()}summary/versions/",
        f"{handoff.get_absolute_url()}correct/",
        f"{handoff.get_absolute_url()}ask/",
        handoff.session.get_absolute_url(),
        mine.get_absolute_url(),
        f"{mine.get_absolute_url()}park/",
        f"{mine.get_absolute_url()}escalate/",
    ):
        page.goto(path)
        live(page)
        if path.endswith("escalate/"):
            expect(page.get_by_role("button", name="Use").first).to_be_visible()
        assert (path, page.evaluate(TOO_WIDE)) == (path, [])
        assert page.locator("img[src=x]").count() == 0
