"""The pick-up in brief, beside the list."""

from __future__ import annotations

import pytest
from django.urls import reverse

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from tests.conftest import summarised

pytestmark = pytest.mark.django_db


def seen(client, user: User, handoff: Handoff) -> str:
    client.force_login(user)
    answer = client.get(reverse("handoff_preview", args=[handoff.pk]))
    assert answer.status_code == 200
    html = answer.content.decode()
    assert html.lstrip().startswith("<article")
    return " ".join(html.split())


def test_it_says_what_decides(client, waiting, bo) -> None:
    html = seen(client, bo, waiting)
    for said in (
        "VPN drops every ten minutes", "High", "Northgate Legal", "NL-FW01", "#48190", "escalated by Ana Tester",
        "I am stuck, it looks like the tunnel itself.", "Restarted the VPN service", "error 809 again", "Unclear",
        "Last error", "Continue where Ana left off", "Start from an analysis", "Start fresh", "anyone",
    ):  # fmt: skip
        assert said in html
    assert f'href="{waiting.get_absolute_url()}"' in html
    assert f'data-session="{waiting.session_id}"' in html


def test_the_likely_cause_once_it_is_ready(client, waiting, bo) -> None:
    cause = {"text": "The key lifetime does not match.", "evidence": ["s1"]}
    summarised(waiting, confidence="low", likely_cause=cause)
    html = seen(client, bo, waiting)
    assert "The key lifetime does not match." in html
    assert "low confidence" in html


def test_a_card_somebody_took_says_who_and_offers_no_claim(client, claimed, cy, bo) -> None:
    html = seen(client, cy, claimed)
    assert "Bo Tester claimed this" in html
    assert "Continue where" not in html
    mine = seen(client, bo, claimed)
    for key, said in (("p", "Park"), ("e", "Escalate"), ("r", "Release it to the queue")):
        assert f'data-key="{key}"' in mine
        assert said in mine


def test_a_card_that_is_over_says_how_and_by_whom(client, waiting, ana, bo) -> None:
    waiting.withdraw(ana, reason="Found it")
    assert "It is over: withdrawn, by Ana Tester" in seen(client, bo, waiting)


def test_what_comes_after_the_end_did_not_end_it(client, waiting, ana, bo) -> None:
    waiting.withdraw(ana)
    waiting.session.record_event("note.posted", None, handoff_id=waiting.pk)
    assert "It is over: withdrawn, by Ana Tester" in seen(client, bo, waiting)


def test_one_that_was_passed_over_says_by_whom(client, claimed, bo, cy) -> None:
    Handoff.escalate(claimed.session, bo, notes="this needs a third pair of eyes")
    claimed.refresh_from_db()
    assert "It is over: superseded, by Bo Tester" in seen(client, cy, claimed)


def test_the_sender_and_a_viewer_cannot_claim(client, waiting, ana, vic) -> None:
    assert "You escalated this." in seen(client, ana, waiting)
    for user in (ana, vic):
        assert "Continue where" not in seen(client, user, waiting)


def test_a_directed_one_says_for_whom_it_is_kept(client, session, ana, bo, cy) -> None:
    handoff = Handoff.escalate(session, ana, notes="For you", target_user=bo)
    assert "This is kept for Bo Tester" in seen(client, cy, handoff)
    assert "Continue where" in seen(client, bo, handoff)


def test_the_address_shows_it_at_first_paint(client, waiting, bo, eve) -> None:
    client.force_login(bo)
    shown = f'id="preview-{waiting.pk}"'
    assert shown in client.get("/queue/", {"open": waiting.pk}).content.decode()
    assert shown in client.get("/queue/", {"open": waiting.pk, "lane": "parked"}).content.decode()
    for nothing in ("", "x", "-1", "0", "9" * 40, "٣"):
        assert "<article" not in client.get("/queue/", {"open": nothing}).content.decode()
    client.force_login(eve)
    assert "VPN" not in client.get("/queue/", {"open": waiting.pk}).content.decode()
    assert client.get(reverse("handoff_preview", args=[waiting.pk])).status_code == 404
