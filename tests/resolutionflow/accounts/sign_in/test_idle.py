"""Twelve idle hours end a sign-in, however busy the page is that was left open."""

from __future__ import annotations

import re

import pytest

from tests.test_house import ROOT, TEMPLATES

pytestmark = pytest.mark.thorough

BY_ITSELF = {"X-Requested-With": "live"}
PAGES = ["/", "/queue/", "/notifications/", "/settings/"]


@pytest.mark.parametrize("page", PAGES)
def test_what_an_open_page_asks_for_by_itself_keeps_nobody_signed_in(client, ana, time_machine, page):
    time_machine.move_to("2026-11-20T08:00:00Z", tick=False)
    client.force_login(ana)
    assert client.get(page).status_code == 200
    for _unused in range(12 * 6):
        assert client.get(page, headers=BY_ITSELF).status_code == 200
        time_machine.shift(10 * 60)
    time_machine.shift(1)
    assert client.get(page, headers=BY_ITSELF).status_code == 302
    assert client.get(page).status_code == 302


def test_what_somebody_does_does(client, ana, time_machine):
    time_machine.move_to("2026-11-20T08:00:00Z", tick=False)
    client.force_login(ana)
    for _unused in range(4):
        assert client.get("/queue/").status_code == 200
        time_machine.shift(11 * 3600)


def test_whatever_asks_by_itself_says_so():
    """Polls in templates, and every fetch of the live page: with the header by which the server knows."""
    for path in TEMPLATES:
        for tag in re.findall(
            r"<[^<>]*hx-trigger=\"[^\"]*\b(?:every|load|revealed|intersect)\b[^>]*", path.read_text()
        ):
            assert "X-Requested-With" in tag, f"{path.name}: {tag[:200]}"
    scripts = [ROOT / "static/js/live.js", *(ROOT / "static/js/live").glob("*.js")]
    calls = [call for path in scripts for call in re.findall(r"\bfetch\((.*)", path.read_text())]
    by_itself = [call for call in calls if 'method: "POST"' not in call]  # a press on a notice reads it
    assert by_itself
    assert all('"X-Requested-With": "live"' in call for call in by_itself), by_itself
