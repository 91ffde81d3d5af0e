"""What a client may send on the socket: each frame is done, or answered with what is wrong with it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.live import consumer
from notifications.live.socket import Socket, SocketUser
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.notifications.live.socket_client import SocketEndpoint, hear, in_thread

pytestmark = pytest.mark.django_db(transaction=True)

STRANGE = [
    "", "{", "[]", "null", "7", "[" * 2000, "{}", '{"type":7}', '{"type":null}', '{"type":["resume"]}',
    '{"type":"nonsense"}', '{"type":"Resume","after":1}', b"\x00\x01", b'{"type":"resume","after":0}',
    '{"type":"resume"}', '{"type":"resume","after":"1"}', '{"type":"resume","after":true}',
    '{"type":"resume","after":1.5}', '{"type":"resume","after":NaN}', '{"type":"resume","after":null}',
    '{"type":"watch","session":"7 OR 1"}', '{"type":"watch","session":true}', '{"type":"watch","session":-1}',
    f'{{"type":"watch","session":{2**63}}}', '{"type":"watch","page":"nowhere"}', '{"type":"watch","page":null}',
    '{"type":"presence"}', '{"type":"presence","session":1}', '{"type":"presence","session":1,"typing":"yes"}',
    '{"type":"presence","session":[1],"typing":true}', '{"type":"presence","session":0,"typing":true}',
]  # fmt: skip


@pytest.mark.parametrize("text", [*STRANGE, "x" * 5000, '"' + "\u20ac" * 4100 + '"'])
async def test_a_frame_that_cannot_be_read_is_answered(
    endpoint: SocketEndpoint, session: Session, bo: User, text: str | bytes
) -> None:
    """With what is wrong; the socket stays, and what it watched."""
    async with await in_thread(endpoint.open, bo) as socket:
        await hear(socket)
        await socket.send(text)
        error = await hear(socket, "error")
        assert error["code"] == ("too_large" if len(text) > 4096 else "invalid")
        assert error["detail"].endswith((".", "}."))
        await in_thread(session.add_step, bo, text="Swapped the cable")
        assert (await hear(socket, "event"))["seq"] == 5


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FRAMES = st.fixed_dictionaries(
    {"type": st.sampled_from(["resume", "watch", "presence", "ready", "error", ""]) | JSON},
    optional=dict.fromkeys(("after", "session", "page", "typing", "x"), JSON),
)


def can_be_read(said: Any) -> bool:
    """By the description's words."""

    def is_id(value: Any) -> bool:
        return type(value) is int and 0 < value < 2**63

    match said if isinstance(said, dict) else {}:
        case {"type": "resume", "after": after}:
            return type(after) is int
        case {"type": "watch", "session": pk} if is_id(pk):
            return True
        case {"type": "watch", **rest}:
            return rest.get("page") in ("queue", "people") if {"page", "session"} & set(rest) else True
        case {"type": "presence", "session": pk, **rest}:
            return pk is None or (is_id(pk) and isinstance(rest.get("typing"), bool))
    return False


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=FRAMES | JSON)
def test_every_frame_is_done_or_answered(bo: User, said: Any) -> None:
    """Of whatever JSON: never a crash, and never silence where nothing was done."""

    async def heard() -> Any:
        assert bo.account_id is not None
        socket = Socket(SocketUser(bo.pk, bo.account_id, bo.role), send=asyncio.Queue().put)
        return await consumer.answer_to(socket, json.dumps(said))

    wrong = asyncio.run(heard())
    assert (wrong is None) == can_be_read(said)
    if wrong:
        answer = json.loads(wrong["text"])
        assert (answer["type"], answer["code"]) == ("error", "invalid")
