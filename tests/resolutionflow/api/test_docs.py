"""The API's description as a page: all of it, for anybody, without script or style of its own."""

from __future__ import annotations

import re

import pytest

from resolutionflow.api.docs import prose
from tests.resolutionflow.api.addresses import EVERY, templated


@pytest.fixture
def page(client, db) -> str:
    """As one who is not signed in sees it."""
    answer = client.get("/api/docs/")
    assert answer.status_code == 200
    assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
    return " ".join(answer.content.decode().split())


@pytest.mark.thorough
def test_every_operation_is_on_it(page) -> None:
    for method, route in EVERY:
        head = rf'>{method.upper()}</span> <span class="mono">{re.escape(templated(route))}</span>'
        assert len(re.findall(head, page)) == 1, (method, route)


def test_an_operation_says_what_it_takes_and_gives(page) -> None:
    claim = page.split('id="claim"')[1].split("</details>")[0]
    assert "<dt><code>analysis</code></dt> <dd>boolean" in claim
    assert '<dt>200</dt> <dd><a href="#Handoff">Handoff</a>' in claim
    assert "<dt>400, 401, 403, 404, 409, 413, 415, 429</dt>" in claim
    assert "/api/v1/handoffs/42/claim/" in claim
    assert "Authorization: Bearer KEY" in claim


def test_every_link_within_leads_somewhere(page) -> None:
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r' id="([^"]+)"', page))


def test_no_id_is_there_twice(page) -> None:
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_nothing_is_inline(page) -> None:
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page)


def test_prose_is_escaped() -> None:
    assert prose("**Bold** `a < b` <b>") == "<strong>Bold</strong> <code>a &lt; b</code> &lt;b&gt;"
