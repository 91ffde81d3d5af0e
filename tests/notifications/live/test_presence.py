"""Who is looking and who types: the state by itself, then the socket, then several web processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from websockets.asyncio.client import ClientConnection

from handoffs.models import Handoff
from notifications.live import hub, presence
from notifications.live.presence import LIVES, PROCESS_LIVES, SHOWN, Person, Place, Presence, written
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests import servers
from tests.live_site import PATIENCE, Site, stop
from tests.notifications.live.socket_client import SocketEndpoint, hear, in_thread, say, watching
from tests.notifications.live.test_without_redis import redis  # noqa: F401  a fixture

BO, CY = Person(5, "Bo", typing=False), Person(6, "Cy", typing=False)
TYPING = Person(5, "Bo", typing=True)
HERE, THERE = Place(1, 7), Place(1, 8)


def passed_on(one: Presence, other: Presence, *, now: float) -> None:
    other.hear(**json.loads(json.dumps(one.tell())), now=now)


# --- the state -----------------------------------------------------------------------------------


def test_who_comes_and_goes_is_told_once() -> None:
    state = Presence()
    state.put("tab", HERE, BO, now=0)
    assert state.news() == {1: {7: (BO,)}}
    state.put("tab", HERE, BO, now=10)
    assert state.news() == {}
    state.leave("tab")
    assert state.news() == {1: {7: ()}}
    assert state.shown(1) == {}


def test_a_tab_is_at_one_place() -> None:
    state = Presence()
    state.put("tab", HERE, BO, now=0)
    state.put("tab", THERE, TYPING, now=1)
    assert state.news() == {1: {8: (TYPING,)}}


def test_two_tabs_are_one_person_and_typing_in_either_is_typing() -> None:
    state = Presence()
    state.put("tab", HERE, BO, now=0)
    state.put("other tab", HERE, TYPING, now=0)
    state.put("colleague", HERE, CY, now=0)
    assert state.news() == {1: {7: (TYPING, CY)}}
    state.leave("other tab")
    assert state.news() == {1: {7: (BO, CY)}}
    state.leave("tab")
    state.put("tab", HERE, BO, now=1)  # a page that is loaded again within the second
    assert state.news() == {}


def test_what_is_not_said_again_ends() -> None:
    state = Presence()
    state.put("tab", HERE, BO, now=0)
    state.put("tab", HERE, BO, now=10)
    state.news()
    state.expire(9 + LIVES)
    assert state.news() == {}
    state.expire(10 + LIVES)
    assert state.news() == {1: {7: ()}}
    assert LIVES + 3 * presence.LOOK_EVERY < 30  # here, to the other process, and there


def test_another_process_is_believed_until_it_falls_silent() -> None:
    mine, other = Presence(), Presence()
    other.put("tab", HERE, TYPING, now=0)
    passed_on(other, mine, now=0)
    assert mine.news() == {1: {7: (TYPING,)}}
    mine.put("tab", HERE, CY, now=0)
    assert mine.news() == {1: {7: (TYPING, CY)}}
    passed_on(other, mine, now=5)
    assert mine.news() == {}
    mine.expire(5 + PROCESS_LIVES)
    assert mine.news() == {1: {7: (CY,)}}
    assert PROCESS_LIVES > 2 * presence.RENEW_EVERY


def test_each_process_tells_its_own_people_whole() -> None:
    mine, other = Presence(), Presence()
    other.put("tab", HERE, BO, now=0)
    passed_on(other, mine, now=0)
    assert mine.is_empty
    assert not mine.unsent
    other.leave("tab")
    assert other.unsent
    passed_on(other, mine, now=1)
    assert mine.news() == {}  # came and went between two looks


def test_what_redis_kept_back_undoes_nothing() -> None:
    mine, other = Presence(), Presence()
    other.put("tab", HERE, BO, now=0)
    old = other.tell()
    other.leave("tab")
    passed_on(other, mine, now=0)
    mine.hear(**old, now=1)
    assert mine.news() == {}


def test_nobody_hears_himself() -> None:
    state = Presence()
    state.put("tab", HERE, BO, now=0)
    state.news()
    state.hear(**state.tell(), now=0)
    state.leave("tab")
    assert state.news() == {1: {7: ()}}


def test_nothing_is_kept_of_who_left() -> None:
    mine, other = Presence(), Presence()
    for number in range(1000):
        for state in (mine, other):
            state.put(number, Place(number % 10, number), BO, now=0)
    passed_on(other, mine, now=0)
    mine.news()
    mine.expire(LIVES)
    mine.news()
    assert not any((mine._marks, mine._here, mine._said, mine._changed, mine._shown))


def test_of_a_crowd_the_first_are_named_and_whoever_types() -> None:
    state = Presence()
    for number in range(100):
        state.put(number, HERE, Person(number, f"P{number:03}", typing=number == 77), now=0)
    [session] = written(state.news()[1])
    assert len(session["people"]) == SHOWN
    assert session["people"][0] == {"id": 77, "name": "P077", "typing": True}
    assert session["more"] == 90


# --- the socket ----------------------------------------------------------------------------------

on_a_site = pytest.mark.django_db(transaction=True)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time runs ten times as fast."""
    for name in ("LIVES", "PROCESS_LIVES", "RENEW_EVERY", "LOOK_EVERY"):
        monkeypatch.setattr(presence, name, getattr(presence, name) / 10)


async def people(socket: ClientConnection, session: Session, within: float = PATIENCE) -> list[tuple[str, bool]]:
    """The next news of who is at this session."""
    while True:
        for told in (await hear(socket, "presence", within))["sessions"]:
            if told["session"] == session.pk:
                return [(person["name"].split()[0], person["typing"]) for person in told["people"]]


@on_a_site
async def test_queue_and_session_are_told_who_looks_and_types(
    endpoint: SocketEndpoint, session: Session, bo: User, cy: User
) -> None:
    async with await in_thread(endpoint.open, bo) as his, await in_thread(endpoint.open, cy) as queue:
        empty = {"type": "presence", "all": True, "sessions": []}
        assert await watching(queue, page="queue") == empty
        assert await watching(his, session=session.pk) == empty
        await say(his, type="presence", session=session.pk, typing=False)
        assert await people(queue, session) == [("Bo", False)]
        assert await people(his, session) == [("Bo", False)]  # his page leaves him out by itself
        await say(his, type="presence", session=session.pk, typing=True)
        assert await people(queue, session) == [("Bo", True)]
        async with await in_thread(endpoint.open, cy) as later:
            assert (await watching(later, session=session.pk))["sessions"][0]["people"][0]["name"] == bo.name
        await say(his, type="presence", session=None)
        assert await people(queue, session) == []


@on_a_site
async def test_a_closed_page_is_gone_at_once(
    endpoint: SocketEndpoint, session: Session, bo: User, cy: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "LIVES", 3600)
    async with await in_thread(endpoint.open, cy) as queue:
        await watching(queue, page="queue")
        for end in ("close", "abort"):
            his = await (await in_thread(endpoint.open, bo))
            await say(his, type="presence", session=session.pk, typing=True)
            assert await people(queue, session) == [("Bo", True)]
            await his.close() if end == "close" else his.transport.abort()
            assert await people(queue, session) == []


@on_a_site
async def test_a_silent_page_is_gone_in_time(
    endpoint: SocketEndpoint, session: Session, bo: User, cy: User, quick: None
) -> None:
    """Its machine is off, its network dead: the socket looks open still."""
    async with await in_thread(endpoint.open, bo) as his, await in_thread(endpoint.open, cy) as queue:
        await watching(queue, page="queue")
        await say(his, type="presence", session=session.pk, typing=True)
        assert await people(queue, session) == [("Bo", True)]
        assert await people(queue, session) == []


@on_a_site
async def test_another_account_sees_nothing_and_is_not_seen(
    endpoint: SocketEndpoint, session: Session, bo: User, cy: User, eve: User
) -> None:
    async with (
        await in_thread(endpoint.open, eve) as outside,
        await in_thread(endpoint.open, bo) as his,
        await in_thread(endpoint.open, cy) as queue,
    ):
        await watching(outside, session=session.pk), await watching(queue, page="queue")
        await say(outside, type="presence", session=session.pk, typing=True)
        await say(his, type="presence", session=session.pk, typing=False)
        while await people(queue, session) != [("Bo", False)]:
            pass
        with pytest.raises(TimeoutError):
            await people(outside, session, within=1.5)


@on_a_site
@pytest.mark.parametrize("change", ["deactivated", "role"])
async def test_whoever_may_no_more_is_gone(
    endpoint: SocketEndpoint,
    session: Session,
    bo: User,
    cy: User,
    olga: User,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
) -> None:
    monkeypatch.setattr(hub, "BEAT_EVERY", 0.1)
    async with await in_thread(endpoint.open, bo) as his, await in_thread(endpoint.open, cy) as queue:
        await watching(queue, page="queue")
        await say(his, type="presence", session=session.pk, typing=True)
        assert await people(queue, session) == [("Bo", True)]
        if change == "deactivated":
            await in_thread(bo.deactivate, by=olga)
        else:
            await in_thread(User.objects.filter(pk=bo.pk).update, role="viewer")
        assert await people(queue, session) == []


@on_a_site
async def test_strange_presence_is_passed_over(endpoint: SocketEndpoint, session: Session, bo: User, cy: User) -> None:
    async with await in_thread(endpoint.open, bo) as his, await in_thread(endpoint.open, cy) as queue:
        await watching(queue, page="queue")
        for strange in (True, "7", 7.0, -1, 0, 2**63, 2**200, [session.pk], {}, 10**9):
            await say(his, type="presence", session=strange, typing=False)
        await say(his, type="presence", session=session.pk, typing="yes")
        await say(his, type="presence", session=session.pk)
        with pytest.raises(TimeoutError):
            await hear(queue, "presence", within=1.2)
        await say(his, type="presence", session=session.pk, typing=True)
        assert await people(queue, session) == [("Bo", True)]


@on_a_site
async def test_the_database_is_asked_once(
    endpoint: SocketEndpoint, session: Session, bo: User, cy: User, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Place] = []
    ask = hub.session_exists
    monkeypatch.setattr(hub, "session_exists", lambda place: asked.append(place) or ask(place))
    async with await in_thread(endpoint.open, bo) as his, await in_thread(endpoint.open, cy) as hers:
        await watching(hers, page="queue")
        for typing in (False, True, False, False, True):
            await say(his, type="presence", session=session.pk, typing=typing)
        assert await people(hers, session) == [("Bo", True)]
        await say(hers, type="presence", session=session.pk, typing=False)
        assert await people(hers, session) == [("Bo", True), ("Cy", False)]
    assert asked == [Place(session.account_id, session.pk)]


@on_a_site
async def test_a_second_has_one_frame_however_much_happens(
    endpoint: SocketEndpoint, session: Session, bo: User, cy: User
) -> None:
    async with await in_thread(endpoint.open, bo) as his, await in_thread(endpoint.open, cy) as queue:
        await watching(queue, page="queue")
        other = await in_thread(Session.open, cy, problem_summary="Where he goes in the end")
        began, frames, told = time.monotonic(), 0, set()
        for number in range(8):
            await say(his, type="presence", session=session.pk, typing=number % 2 == 0)
        await say(his, type="presence", session=other.pk, typing=False)
        while other.pk not in told:
            told = {one["session"] for one in (await hear(queue, "presence"))["sessions"]}
            frames += 1
        assert frames <= 1 + (time.monotonic() - began) / presence.LOOK_EVERY


# --- several web processes, and Redis ------------------------------------------------------------


@pytest.fixture
def other_site(
    live_site: Site, tmp_path: Path
) -> Iterator[Callable[[], tuple[SocketEndpoint, subprocess.Popen[bytes]]]]:
    """A web process of its own on the same database and Redis, to be killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> tuple[SocketEndpoint, subprocess.Popen[bytes]]:
        port = servers.free_port()
        url = f"http://127.0.0.1:{port}"
        (tmp_path / "other_settings.py").write_text(
            "from tests.settings import *\n"
            f"DATABASES['default']['NAME'] = {str(connection.settings_dict['NAME'])!r}\n"
            f"REDIS_URL, CHANNEL_LAYERS = {django_settings.REDIS_URL!r}, {django_settings.CHANNEL_LAYERS!r}\n"
            f"SITE_URL, SECRET_KEY = {url!r}, {django_settings.SECRET_KEY!r}\n"
        )
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "other_settings",
            "PYTHONPATH": f"{tmp_path}:{servers.ROOT}",
        }
        command = [sys.executable, "-m", "uvicorn", "resolutionflow.asgi:application", "--port", str(port)]
        process = subprocess.Popen([*command, "--lifespan", "off"], env=environment, cwd=servers.ROOT)
        started.append(process)
        servers._wait_for(lambda: servers._answers(port), "the other web process")
        return SocketEndpoint(Site(url, live_site.server)), process

    yield start
    for process in started:
        stop(process)


@on_a_site
@pytest.mark.slow
async def test_two_processes_see_each_others_people_and_a_killed_one_is_gone(
    redis: servers.Redis,
    endpoint: SocketEndpoint,
    other_site: Callable[[], tuple[SocketEndpoint, subprocess.Popen[bytes]]],
    session: Session,
    bo: User,
    cy: User,
) -> None:
    far, process = await in_thread(other_site)
    async with await in_thread(endpoint.open, cy) as queue, await in_thread(far.open, bo) as his:
        await watching(queue, page="queue"), await watching(his, session=session.pk)
        await say(queue, type="presence", session=session.pk, typing=False)
        await say(his, type="presence", session=session.pk, typing=True)
        while await people(queue, session) != [("Bo", True), ("Cy", False)]:
            pass
        while await people(his, session) != [("Bo", True), ("Cy", False)]:
            pass
        await say(his, type="presence", session=session.pk, typing=False)
        assert await people(queue, session) == [("Bo", False), ("Cy", False)]
        process.send_signal(signal.SIGKILL)
        assert await people(queue, session) == [("Cy", False)]


@on_a_site
@pytest.mark.parametrize("fault", ["stop", "hang"])
async def test_without_redis_only_the_others_are_missing(
    redis: servers.Redis,
    endpoint: SocketEndpoint,
    session: Session,
    ana: User,
    bo: User,
    cy: User,
    quick: None,
    fault: str,
) -> None:
    async with await in_thread(endpoint.open, bo) as his, await in_thread(endpoint.open, cy) as queue:
        await watching(queue, page="queue")
        await in_thread(getattr(redis, fault))
        for typing in (True, False, True):
            await say(his, type="presence", session=session.pk, typing=typing)
            assert await people(queue, session) == [("Bo", typing)]
        await in_thread(Handoff.escalate, session, ana, notes="I am stuck.")
        assert (await hear(queue, "event"))["kind"] == "handoff.escalated"
        [running] = hub._hubs.values()
        assert len(running._tasks) < 10  # the queue is empty in line for Redis
