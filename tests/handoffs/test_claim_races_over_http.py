"""Fifty engineers press Claim at the same moment, over HTTP: one has it, 49 read who and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from threading import Barrier

import httpx2
import pytest

from handoffs import consistency
from handoffs.models import Handoff
from resolutionflow.accounts.models import Account, ApiToken, Event, User
from tests.conftest import person
from tests.live_site import Site, session_cookie

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROUNDS = 3


@pytest.fixture
def clients(live_site: Site) -> Iterator[Callable[..., httpx2.Client]]:
    """`clients(headers)`: a client with its connection open already."""
    with ExitStack() as stack:

        def opened(headers: dict[str, str]) -> httpx2.Client:
            client = httpx2.Client(base_url=live_site.url, headers=headers, timeout=60, trust_env=False)
            stack.enter_context(client).get("/healthz")
            return client

        yield opened


@pytest.fixture
def fifty(northwind: Account) -> list[User]:
    return [person(northwind, f"E{number}") for number in range(50)]


def token(user: User) -> dict[str, str]:
    return {"Authorization": f"Token {ApiToken.issue(user, name='test', scope='write')[1]}"}


def all_claim(clients: list[httpx2.Client], path: str) -> list[httpx2.Response]:
    """Every client's answer to a POST sent at the same moment as the others'."""
    gate = Barrier(len(clients))

    def press(client: httpx2.Client) -> httpx2.Response:
        gate.wait()
        return client.post(path)

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(press, clients))


def claims(handoff: Handoff) -> int:
    return Event.objects.filter(kind="handoff.claimed", handoff_id=handoff.pk).count()


def test_one_of_fifty_wins_and_the_others_read_who_and_when(waiting, fifty, clients) -> None:
    scripts = [clients(token(user)) for user in fifty]
    for number in range(1, ROUNDS + 1):
        answers = all_claim(scripts, f"/api/v1/handoffs/{waiting.pk}/claim/")
        assert sorted(answer.status_code for answer in answers) == [200] + [409] * 49

        waiting.refresh_from_db()
        winner, bodies = waiting.claimed_by, [answer.json() for answer in answers if answer.status_code == 409]
        won = next(answer.json() for answer in answers if answer.status_code == 200)
        assert won["claimed_by"] == {"id": winner.pk, "name": winner.name}
        assert {body["code"] for body in bodies} == {"already_claimed"}
        assert all(body["claimed_by"] == won["claimed_by"] for body in bodies)
        assert {body["claimed_at"] for body in bodies} == {won["claimed_at"]}
        assert all(datetime.fromisoformat(body["now"]) >= waiting.claimed_at for body in bodies)
        assert all(winner.name in body["detail"] for body in bodies)
        assert claims(waiting) == number

        again = all_claim([scripts[fifty.index(winner)]] * 5, f"/api/v1/handoffs/{waiting.pk}/claim/")
        assert [(answer.status_code, answer.json()["claimed_at"]) for answer in again] == [(200, won["claimed_at"])] * 5
        assert claims(waiting) == number, "a repeat is no second claim"
        waiting.release(winner)
    assert not consistency.inconsistent_sessions().exists()


def test_one_of_the_pages_wins_too(waiting, live_site, fifty, clients) -> None:
    pages = [clients({"Cookie": f"session={session_cookie(user, live_site)['value']}"}) for user in fifty[:12]]
    for page in pages:
        page.get("/queue/").raise_for_status()
        page.headers["X-CSRFToken"] = page.cookies["csrf"]
        page.headers["Cookie"] += f"; csrf={page.cookies['csrf']}"
    answers = all_claim(pages, f"/handoffs/{waiting.pk}/claim/")
    assert sorted(answer.status_code for answer in answers) == [302] + [409] * 11

    waiting.refresh_from_db()
    [won] = [answer for answer in answers if answer.status_code == 302]
    assert won.headers["Location"].startswith(f"/sessions/{waiting.session_id}/")
    assert all(waiting.claimed_by.name in answer.text for answer in answers if answer.status_code == 409)
    assert claims(waiting) == 1
