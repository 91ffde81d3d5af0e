"""Push while Redis is dead, hanging, back again and empty: nudges come when they can, events always."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import pytest
from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.db import connection
from redis.exceptions import RedisError
from websockets.asyncio.client import ClientConnection

from notifications.live import hub
from resolutionflow.accounts.models import Account, User
from resolutionflow.core import nudges
from tests import servers
from tests.live_site import PATIENCE
from tests.notifications.live.socket_client import SocketEndpoint, hear, in_thread, record

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def redis(tmp_path: Path, settings: Any) -> Iterator[servers.Redis]:
    """A Redis of our own, to be stopped; the site's web processes hear of each other through it."""
    own = servers.Redis(tmp_path, servers.free_port()).start()
    settings.REDIS_URL = own.url
    host = {"address": own.url, "socket_timeout": None, "socket_connect_timeout": 1}
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [host]}}
    }
    yield own
    own.stop()


async def nudge(account: Account) -> None:
    """As another process's bus does."""
    await get_channel_layer().group_send(nudges.GROUP, {"type": "nudge", "account": account.pk, "what": "event"})


async def nudge_until_heard(account: Account, socket: ClientConnection) -> dict[str, Any]:
    """A nudge is lost while the hub does not listen (yet, or again), or Redis has just come back: then another one."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(TimeoutError, RedisError):
                await nudge(account)
                return await hear(socket, "event", within=0.5)


async def test_a_ring_of_another_process_is_heard(
    redis: servers.Redis, endpoint: SocketEndpoint, northwind: Account, bo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "LOOK_EVERY", 60)
    async with await in_thread(endpoint.open, bo) as socket:
        await hear(socket)
        await in_thread(record, northwind, bo, relayed=True)
        assert (await nudge_until_heard(northwind, socket))["seq"] == 1


@pytest.mark.parametrize("fault", ["stop", "hang"])
async def test_without_redis_events_arrive_all_the_same(
    redis: servers.Redis, endpoint: SocketEndpoint, northwind: Account, bo: User, fault: str
) -> None:
    async with await in_thread(endpoint.open, bo) as before:
        await hear(before)
        await in_thread(getattr(redis, fault))
        async with await in_thread(endpoint.open, bo) as after:
            assert (await hear(after))["type"] == "ready"
            await in_thread(record, northwind, bo, relayed=True)
            assert (await hear(before, "event"))["seq"] == 1
            assert (await hear(after, "event"))["seq"] == 1


async def test_rings_come_back_with_redis(
    redis: servers.Redis, endpoint: SocketEndpoint, northwind: Account, bo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "LOOK_EVERY", 60)
    async with await in_thread(endpoint.open, bo) as socket:
        await hear(socket)
        await in_thread(record, northwind, bo, relayed=True)
        assert (await nudge_until_heard(northwind, socket))["seq"] == 1
        await in_thread(redis.stop)
        await in_thread(redis.start)
        await in_thread(record, northwind, bo, relayed=True)
        assert (await nudge_until_heard(northwind, socket))["seq"] == 2


async def test_a_claim_by_another_process_arrives(
    endpoint: SocketEndpoint, northwind: Account, bo: User, tmp_path: Path
) -> None:
    """A command on the same database, which knows nothing of our hub."""
    program = (
        "import django; django.setup(); from django.db import transaction;"
        "from resolutionflow.accounts.models import Event\n"
        f"with transaction.atomic(): Event.record({northwind.pk}, 'session.changed', actor=None, relayed=True)"
    )
    async with await in_thread(endpoint.open, bo) as socket:
        await hear(socket)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, env={**os.environ, **_same_database(tmp_path)}, cwd=servers.ROOT
        )
        assert await process.wait() == 0
        assert (await hear(socket, "event"))["seq"] == 1


def _same_database(home: Path) -> dict[str, str]:
    """Settings of another process that name this test's database."""
    (home / "other_settings.py").write_text(
        f"from tests.settings import *\nDATABASES['default']['NAME'] = {str(connection.settings_dict['NAME'])!r}\n"
    )
    return {"DJANGO_SETTINGS_MODULE": "other_settings", "PYTHONPATH": f"{home}:{servers.ROOT}"}


class Lossy(InMemoryChannelLayer):
    """A layer that refuses the first who come, then hears them, and is lost once more."""

    refusals = 5
    asked: ClassVar[list[float]] = []

    async def group_add(self, group: str, channel: str) -> None:
        Lossy.asked.append(time.monotonic())
        if len(Lossy.asked) <= self.refusals:
            raise ConnectionError("refused")
        await super().group_add(group, channel)

    async def receive(self, channel: str) -> dict[str, Any]:
        if len(Lossy.asked) == self.refusals + 1:
            raise ConnectionError("lost again")
        return await super().receive(channel)


async def test_once_it_was_back_the_next_loss_is_waited_for_as_briefly_as_the_first(
    settings: Any, endpoint: SocketEndpoint, bo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "LISTEN_AGAIN", 0.1)
    settings.REDIS_URL = "redis://the.layer.below"
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": f"{__name__}.Lossy"}}
    Lossy.asked.clear()
    async with await in_thread(endpoint.open, bo), asyncio.timeout(20):
        while len(Lossy.asked) < Lossy.refusals + 2:
            await asyncio.sleep(0.02)
    waits = [after - before for before, after in pairwise(Lossy.asked)]
    assert max(waits[:-1]) > 0.7, "ever longer while it is away"
    assert waits[-1] < 0.7
