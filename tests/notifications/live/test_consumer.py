"""The consumer behind its middleware, driven by Channels' own communicator: who is let in, and what they hear first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import channels.testing.application
import pytest
from channels.testing import WebsocketCommunicator
from django.db import close_old_connections

from handoffs.models import Handoff
from notifications.live import hub
from notifications.live.routing import application
from resolutionflow.accounts.models import ApiToken, User
from sessions_app.models import Session
from tests.live_site import PATIENCE
from tests.notifications.live.socket_client import in_thread, signed_in

pytestmark = pytest.mark.django_db(transaction=True)

HOST = (b"host", b"testserver")
OUR_ORIGIN = (b"origin", b"http://testserver")


@pytest.fixture(autouse=True)
def hosts(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]


@pytest.fixture(autouse=True)
def connections_go_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A communicator keeps them, for tests inside one transaction. These are not: each would take some for good."""
    monkeypatch.setattr(channels.testing.application, "no_op", close_old_connections)


@pytest.fixture(autouse=True)
async def hub_that_ends() -> AsyncIterator[None]:
    """A server's loop ends with its process, and the hub with it; a test's loop is one of thousands in a process."""
    yield
    if (running := hub._hubs.get(asyncio.get_running_loop())) is not None:  # not get_hub(), which would make one
        tasks = list(running._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def cookie_of(user: User) -> tuple[bytes, bytes]:
    return (b"cookie", f"session={await in_thread(signed_in, user)}".encode())


def communicator(*headers: tuple[bytes, bytes], path: str = "/ws/live/") -> WebsocketCommunicator:
    return WebsocketCommunicator(application, path, headers=[HOST, *headers])


async def test_who_has_signed_in_is_let_in_and_hears_the_newest_number(bo: User) -> None:
    socket = communicator(OUR_ORIGIN, await cookie_of(bo))
    assert (await socket.connect())[0]
    assert await socket.receive_json_from() == {"type": "ready", "seq": 0}
    await socket.send_json_to({"type": "nonsense"})
    assert (await socket.receive_json_from())["code"] == "invalid"
    await socket.disconnect()


async def test_a_token_needs_no_origin_and_is_taken_out_of_the_address(bo: User) -> None:
    _token, key = await in_thread(ApiToken.issue, bo, name="feed")
    socket = communicator(path=f"/ws/live/?token={key}")
    assert (await socket.connect())[0]
    assert (await socket.receive_json_from())["type"] == "ready"
    assert socket.scope["query_string"] == b""
    await socket.disconnect()


async def test_who_has_not_signed_in_is_told_why() -> None:
    socket = communicator(OUR_ORIGIN)
    assert (await socket.connect())[0]
    assert await socket.receive_output() == {"type": "websocket.close", "code": 4401}
    await socket.disconnect()


@pytest.mark.parametrize("origin", [b"http://evil.example", b"null", b"https://testserver", b""])
async def test_another_sites_page_is_refused_at_the_handshake(bo: User, origin: bytes) -> None:
    socket = communicator((b"origin", origin), await cookie_of(bo))
    assert await socket.connect() == (False, 4403)


async def test_what_happens_is_heard_with_its_card_where_it_is_watched(bo: User, session: Session, ana: User) -> None:
    socket = communicator(OUR_ORIGIN, await cookie_of(bo))
    assert (await socket.connect())[0]
    ready = await socket.receive_json_from()
    await socket.send_json_to({"type": "watch", "page": "queue"})
    assert (await socket.receive_json_from())["type"] == "presence"
    handoff = await in_thread(Handoff.escalate, session, ana, notes="Stuck")
    heard = await socket.receive_json_from(timeout=PATIENCE)
    assert (heard["kind"], heard["seq"]) == ("handoff.escalated", ready["seq"] + 1)
    assert [part["id"] for part in heard["fragments"] if part["html"]] == [f"card-{handoff.pk}"]
    await socket.disconnect()
    assert not hub.get_hub().feeds, "nobody of the account is left"


async def test_no_other_address_is_a_socket(bo: User) -> None:
    socket = communicator(OUR_ORIGIN, await cookie_of(bo), path="/ws/other/")
    assert await socket.connect() == (False, 4403)
