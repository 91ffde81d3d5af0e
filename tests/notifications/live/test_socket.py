"""The socket as a client sees it, on a real server: order, gaps, who hears what, and when it ends."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
import websockets
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from handoffs.models import Handoff
from notifications.live import feed, fragments, frames, hub
from notifications.live import socket as sockets
from notifications.models import Notification
from resolutionflow.accounts.models import Account, ApiToken, Event, User
from resolutionflow.core import nudges
from sessions_app.models import Session
from tests.notifications.live.socket_client import (
    SocketEndpoint,
    closed_with,
    hear,
    in_thread,
    record,
    say,
    signed_in,
    watching,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def beats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time runs faster: a beat every look."""
    monkeypatch.setattr(hub, "LOOK_EVERY", 0.1)
    monkeypatch.setattr(hub, "BEAT_EVERY", 0.1)


@pytest.fixture
def no_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    """What happens, happens without one."""
    monkeypatch.setattr(hub, "BEAT_EVERY", 3600)


# --- what is heard -----------------------------------------------------------------------------


async def test_an_event_arrives_with_its_card(endpoint: SocketEndpoint, session: Session, ana: User, bo: User) -> None:
    async with await in_thread(endpoint.open, bo) as socket:
        ready = await hear(socket)
        assert ready == {"type": "ready", "seq": 4}
        await watching(socket, page="queue")
        handoff = await in_thread(Handoff.escalate, session, ana, notes="I am stuck.")
        event = await hear(socket, "event")
        assert (event["seq"], event["kind"]) == (5, "handoff.escalated")
        assert (event["handoff"], event["session"]) == (handoff.pk, session.pk)
        assert event["at"].endswith("Z")
        [card] = event["fragments"]
        assert card["id"] == f"card-{handoff.pk}"
        assert "VPN drops" in card["html"]
        assert "csrf" not in card["html"]
        await in_thread(handoff.claim, bo)
        assert (await hear(socket, "event"))["fragments"] == [{"id": card["id"], "html": ""}]


async def test_fragments_go_only_where_they_are_watched(
    endpoint: SocketEndpoint, session: Session, ana: User, bo: User
) -> None:
    async with await in_thread(endpoint.open, ana) as page, await in_thread(endpoint.open, bo) as other:
        await hear(page), await hear(other)
        await watching(page, session=session.pk)
        await watching(other, session=session.pk + 1)
        step = await in_thread(session.add_step, bo, text="Swapped the cable")
        assert [part["id"] for part in (await hear(page, "event"))["fragments"]] == [f"step-{step.pk}"]
        assert (await hear(other, "event"))["fragments"] == []


async def test_parallel_writers_leave_no_hole_and_keep_the_order(
    endpoint: SocketEndpoint, northwind: Account, bo: User
) -> None:
    async with await in_thread(endpoint.open, bo) as socket:
        await hear(socket)

        await asyncio.gather(*(in_thread(record, northwind, bo, times=15) for _ in range(4)))
        assert [(await hear(socket, "event"))["seq"] for _ in range(60)] == list(range(1, 61))


async def test_a_write_without_a_ring_arrives_with_the_look(
    endpoint: SocketEndpoint, northwind: Account, bo: User
) -> None:
    """Another process wrote, and its nudge was lost."""
    async with await in_thread(endpoint.open, bo) as socket:
        await hear(socket)
        await in_thread(record, northwind, bo, relayed=True)
        assert (await hear(socket, "event"))["seq"] == 1


async def test_another_account_hears_nothing(
    endpoint: SocketEndpoint, session: Session, ana: User, bo: User, eve: User
) -> None:
    async with await in_thread(endpoint.open, eve) as outside, await in_thread(endpoint.open, bo) as inside:
        await hear(outside), await hear(inside)
        await say(outside, type="watch", session=session.pk)
        await say(outside, type="resume", after=0)
        await in_thread(Handoff.escalate, session, ana, notes="I am stuck.")
        await hear(inside, "event")
        with pytest.raises(TimeoutError):
            await hear(outside, "event", within=1)


async def test_the_beat_says_the_newest_number(
    endpoint: SocketEndpoint, session: Session, bo: User, beats: None
) -> None:
    async with await in_thread(endpoint.open, bo) as socket:
        assert (await hear(socket, "beat"))["seq"] == 4


async def test_the_bell_rings_for_its_person_only(
    endpoint: SocketEndpoint, waiting: Handoff, northwind: Account, bo: User, cy: User
) -> None:
    async with await in_thread(endpoint.open, bo) as his, await in_thread(endpoint.open, cy) as other:
        await hear(his), await hear(other)
        event = await in_thread(Event.objects.filter(account=northwind).latest, "seq")
        await in_thread(Notification.objects.create, account=northwind, user=bo, event=event, title="t", why="w")
        nudges.account_changed(northwind.pk)
        assert await hear(his, "bell") == {"type": "bell", "unread": 1}
        assert await hear(other, "bell") == {"type": "bell", "unread": 0}


async def test_an_answer_from_outside_is_heard_by_its_account_only(
    endpoint: SocketEndpoint, northwind: Account, bo: User, eve: User
) -> None:
    async with await in_thread(endpoint.open, bo) as inside, await in_thread(endpoint.open, eve) as outside:
        await hear(inside), await hear(outside)
        nudges.answered(northwind.pk)
        assert await hear(inside, "answer") == {"type": "answer"}
        with pytest.raises(TimeoutError):
            await hear(outside, "answer", within=1)


# --- gaps --------------------------------------------------------------------------------------


async def test_a_gap_is_replayed_in_order_without_fragments(
    endpoint: SocketEndpoint, session: Session, bo: User
) -> None:
    async with await in_thread(endpoint.open, bo) as socket:
        await hear(socket)
        await say(socket, type="watch", session=session.pk)
        await say(socket, type="resume", after=1)
        events = [await hear(socket, "event") for _ in range(3)]
        assert [event["seq"] for event in events] == [2, 3, 4]
        assert all(event["fragments"] == [] for event in events)
        await say(socket, type="resume", after=4)
        await in_thread(session.add_step, bo, text="Swapped the cable")
        assert (await hear(socket, "event"))["seq"] == 5


async def test_a_gap_that_is_too_old_is_answered_with_reload(
    endpoint: SocketEndpoint, session: Session, bo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "REPLAY_LIMIT", 2)
    async with await in_thread(endpoint.open, bo) as socket:
        await hear(socket)
        await say(socket, type="resume", after=1)
        assert await hear(socket) == {"type": "reload"}
        await say(socket, type="resume", after=2)
        assert (await hear(socket, "event"))["seq"] == 3


async def test_a_number_nobody_has_given_out_is_answered_with_reload(
    endpoint: SocketEndpoint, session: Session, bo: User
) -> None:
    async with await in_thread(endpoint.open, bo) as socket:
        await hear(socket)
        await say(socket, type="resume", after=10_000)
        assert await hear(socket) == {"type": "reload"}


# --- who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://evil.example",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1:1",
        "http://x.127.0.0.1:{port}",
    ],
)
async def test_only_our_own_origin_may_use_the_cookie(endpoint: SocketEndpoint, bo: User, origin: str | None) -> None:
    origin = origin and origin.format(port=endpoint.site.url.rsplit(":")[-1])
    with pytest.raises(websockets.InvalidStatus) as refused:
        await (await in_thread(endpoint.open, bo, origin=origin))
    assert refused.value.response.status_code == 403


async def test_nobody_is_told_to_sign_in(endpoint: SocketEndpoint, db: None) -> None:
    async with endpoint.open() as socket:
        assert await closed_with(socket) == 4401


async def test_the_platforms_superuser_has_no_screens(endpoint: SocketEndpoint, db: None) -> None:
    root = await in_thread(User.objects.create_superuser, "root@example.com", name="Root")
    async with await in_thread(endpoint.open, root) as socket:
        assert await closed_with(socket) == 4403


async def test_a_token_needs_no_origin_and_reaches_no_log(
    endpoint: SocketEndpoint, session: Session, vic: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="uvicorn.error")
    _, key = await in_thread(ApiToken.issue, vic, name="feed")
    async with endpoint.open(token=key) as by_address:
        assert (await hear(by_address))["type"] == "ready"
    for scheme in ("Token", "Bearer"):
        async with endpoint.open(origin=None, additional_headers={"Authorization": f"{scheme} {key}"}) as by_header:
            assert (await hear(by_header))["type"] == "ready"
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("websockets.client")]
    assert any("/ws/live/" in line for line in ours)  # the server does write addresses down
    assert not [line for line in ours if key in line]


async def test_a_wrong_token_is_refused_even_with_a_sign_in(endpoint: SocketEndpoint, bo: User) -> None:
    async with await in_thread(endpoint.open, bo, token="rf_wrong") as socket:
        assert await closed_with(socket) == 4401


async def test_the_eleventh_socket_of_a_person_is_refused(endpoint: SocketEndpoint, bo: User, cy: User) -> None:
    open_sockets = [await (await in_thread(endpoint.open, bo)) for _ in range(hub.SOCKETS_PER_USER)]
    for socket in open_sockets:
        assert (await hear(socket))["type"] == "ready"
    async with await in_thread(endpoint.open, bo) as one_more, await in_thread(endpoint.open, cy) as colleague:
        assert await closed_with(one_more) == frames.TRY_AGAIN
        assert (await hear(colleague))["type"] == "ready"
    for socket in open_sockets:
        await socket.close()


# --- when it ends --------------------------------------------------------------------------------


async def test_signing_out_closes_at_once(endpoint: SocketEndpoint, bo: User, no_beat: None) -> None:
    client = Client()
    await in_thread(client.force_login, bo)
    key = client.cookies["session"].value
    cookie = {"Cookie": f"session={key}"}
    async with endpoint.open(additional_headers=cookie) as socket, await in_thread(endpoint.open, bo) as elsewhere:
        await hear(socket), await hear(elsewhere)
        await in_thread(client.post, "/logout/")
        assert await closed_with(socket) == 4401
        await elsewhere.ping()


async def test_deactivation_closes_at_once(
    endpoint: SocketEndpoint, bo: User, cy: User, olga: User, no_beat: None
) -> None:
    async with await in_thread(endpoint.open, bo) as socket, await in_thread(endpoint.open, cy) as colleague:
        await hear(socket), await hear(colleague)
        await in_thread(bo.deactivate, by=olga)
        assert await closed_with(socket) == 4403
        assert (await hear(colleague, "event"))["kind"] == "member.deactivated"


async def test_a_revoked_token_closes_at_once(endpoint: SocketEndpoint, bo: User, no_beat: None) -> None:
    token, key = await in_thread(ApiToken.issue, bo, name="feed")
    async with endpoint.open(token=key) as socket:
        await hear(socket)
        await in_thread(token.revoke, by=bo)
        assert await closed_with(socket) == 4401


def changed(user: User, what: str) -> None:
    if what == "password":
        user.set_password("another correct horse")
        user.save()
    else:
        User.objects.filter(pk=user.pk).update(**{what: {"role": "viewer", "is_active": False}[what]})


@pytest.mark.parametrize("change", ["password", "role", "session", "is_active"])
async def test_rights_are_looked_at_again_at_every_beat(
    endpoint: SocketEndpoint, bo: User, beats: None, change: str
) -> None:
    """By whatever means they changed, without an event."""
    key = await in_thread(signed_in, bo)
    async with endpoint.open(additional_headers={"Cookie": f"session={key}"}) as socket:
        await hear(socket)
        if change == "session":
            await in_thread(SessionStore(key).flush)
        else:
            await in_thread(changed, bo, change)
        expected = {"password": 4401, "session": 4401, "role": frames.TRY_AGAIN, "is_active": 4403}[change]
        assert await closed_with(socket) == expected


# --- abuse ---------------------------------------------------------------------------------------


async def test_a_huge_frame_ends_the_socket(endpoint: SocketEndpoint, bo: User) -> None:
    async with await in_thread(endpoint.open, bo) as socket:
        await hear(socket)
        await socket.send("x" * 1_000_000)
        assert await closed_with(socket) in (1009, 1006)


async def test_a_flood_of_frames_ends_the_socket_and_no_other(
    endpoint: SocketEndpoint, session: Session, bo: User, cy: User
) -> None:
    async with await in_thread(endpoint.open, bo) as flooding, await in_thread(endpoint.open, cy) as quiet:
        await hear(flooding), await hear(quiet)
        with suppress(websockets.ConnectionClosed):
            for _ in range(1000):
                await say(flooding, type="resume", after=0)
        assert await closed_with(flooding) == 1008
        await in_thread(session.add_step, cy, text="Swapped the cable")
        assert (await hear(quiet, "event"))["seq"] == 5


async def test_a_socket_that_stops_reading_is_cut_and_nobody_waits_for_it(
    endpoint: SocketEndpoint, northwind: Account, bo: User, cy: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "QUEUE_LIMIT", 50)
    key = await in_thread(signed_in, bo)
    port = urlsplit(endpoint.site.url).port
    stuck = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    reader, writer = stuck
    writer.write(
        (
            f"GET /ws/live/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {endpoint.site.url}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            f"Cookie: session={key}\r\n\r\n"
        ).encode()
    )
    await reader.readuntil(b"ready")
    writer.transport.pause_reading()
    async with await in_thread(endpoint.open, cy) as other:
        await hear(other)
        [running] = [found for found in hub._hubs.values() if northwind.pk in found.feeds]
        feed = running.feeds[northwind.pk]
        assert len(feed.sockets) == 2
        big = frames.frame(type="event", seq=0, filling="x" * 200_000)
        for _ in range(200):
            running._loop.call_soon_threadsafe(lambda: [running._push(found, big) for found in list(feed.sockets)])
            await hear(other, "event")
        assert len(feed.sockets) == 1
    writer.close()


async def test_a_page_that_joins_as_a_beat_falls_due_is_not_taken_for_stuck() -> None:
    never = asyncio.Event()

    async def send(message: frames.Message) -> None:
        await never.wait()

    socket = sockets.Socket(sockets.SocketUser(user_id=1, account_id=1, role="engineer"), send)
    socket.push(frames.frame(type="ready", seq=0), frames.frame(type="bell", unread=0))
    assert not socket.is_stuck()
    await asyncio.sleep(0)
    assert socket.is_stuck()
    socket.gone()


# --- across processes, and once ------------------------------------------------------------------


async def test_a_fragment_is_drawn_once_for_all_sockets(
    endpoint: SocketEndpoint, session: Session, ana: User, bo: User, cy: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    draw = fragments._draw
    monkeypatch.setattr(fragments, "_draw", lambda name, **context: drawn.append(name) or draw(name, **context))
    opened = [await (await in_thread(endpoint.open, user)) for user in (bo, bo, bo, cy, cy, ana)]
    for socket in opened:
        await hear(socket)
        await watching(socket, page="queue")
    await in_thread(Handoff.escalate, session, ana, notes="I am stuck.")
    for socket in opened:
        assert (await hear(socket, "event"))["fragments"]
        await socket.close()
    assert drawn == ["handoffs/_card.html"]
