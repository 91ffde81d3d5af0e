"""Nudges: after a commit a background thread notifies web processes and workers; no request waits for it.

Nothing correct may depend on a nudge. A lost one costs half a second (web processes look that
often anyway), a few (the sweep finds every event and every piece of work that is due), or, where it
is the sweep's own, some fifteen.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal, NamedTuple

import structlog
from celery import current_app
from channels.layers import get_channel_layer
from django.conf import settings
from django.utils import timezone

log = logging.getLogger(__name__)

GROUP = "nudges"  # every web process listens here
RELAY = "notifications.relay"  # the task that turns one event into notices
EXPIRES = 60  # seconds: a worker that was away need not read a night's nudges; the sweep sends new ones
SOON = 5.0  # seconds, as often as is swept: a worker may hold a nudge for so long
PATIENCE = 2  # seconds with a Redis that accepts and never answers; the broker's own limits are in the settings


What = Literal["event", "account", "answer"]  # what open screens look at: new events; bells and sign-ins; answers


class Nudge(NamedTuple):
    account_id: int | None  # whose web processes look, if any
    task: str  # which task a worker takes; empty: none
    pk: int  # of its row
    queue: str
    expires: int  # in so many seconds
    log_ids: dict[str, Any]  # of the request that led to it: the task's log lines carry them too
    wait: float  # seconds from now
    what: What


_queued: queue.Queue[Nudge] = queue.Queue(maxsize=1000)
_subscribers: list[Callable[[int, What], None]] = []
_sender: threading.Thread | None = None
_starting = threading.Lock()


def event_recorded(account_id: int, event_id: int) -> None:
    """An event of this account is committed: open screens show it, and a worker relays it."""
    _tell(account_id, "event")
    _enqueue(account_id, RELAY, event_id, "fast")


def account_changed(account_id: int) -> None:
    """Something that is no event is committed: a bell, a sign-out. Open screens of the account look again."""
    _tell(account_id, "account")
    _enqueue(account_id, "", 0, "", what="account")


def answered(account_id: int) -> None:
    """A service outside has answered what somebody of this account asked: pages that wait for it ask for the answer."""
    _tell(account_id, "answer")
    _enqueue(account_id, "", 0, "", what="answer")


def work_due(task: str, pk: int, *, queue: str = "fast", expires: int = EXPIRES, at: datetime | None = None) -> None:
    """Work row `pk` is due: `task` may take it now rather than at the next sweep, within `expires` seconds; or `at` a
    moment that comes before a sweep would: a later one is left to that."""
    wait = (at - timezone.now()).total_seconds() if at is not None else 0.0
    if wait < SOON:
        _enqueue(None, task, pk, queue, expires, wait=max(0.0, wait))


def subscribe(heard: Callable[[int, What], None]) -> None:
    """Call `heard(account_id, what)` in the thread that has committed."""
    _subscribers.append(heard)


def unsubscribe(heard: Callable[[int, What], None]) -> None:
    _subscribers.remove(heard)


def _tell(account_id: int, what: What) -> None:
    for heard in _subscribers:
        heard(account_id, what)


def _enqueue(
    account_id: int | None,
    task: str,
    pk: int,
    to: str,
    expires: int = EXPIRES,
    *,
    wait: float = 0.0,
    what: What = "event",
) -> None:
    log_ids = structlog.contextvars.get_contextvars()
    try:
        _queued.put_nowait(Nudge(account_id, task, pk, to, expires, log_ids, wait, what))
    except queue.Full:
        log.warning("nudge dropped, the sweep will find it", extra={"task": task, "pk": pk})
    _start_sender()


def _start_sender() -> None:
    global _sender
    if _sender is None or not _sender.is_alive():
        with _starting:
            if _sender is None or not _sender.is_alive():
                _sender = threading.Thread(target=_send_queued, name="nudges", daemon=True)
                _sender.start()


def _send_queued() -> None:
    loop = asyncio.new_event_loop()  # one for good: the layer keeps a connection to each loop it is used from
    while True:
        nudge = _queued.get()
        with structlog.contextvars.bound_contextvars(**nudge.log_ids):
            try:
                _send_again_if_stale(nudge, loop)
            except Exception as error:  # the broker's libraries raise anything; nothing may end this thread
                said = str(error) or type(error).__name__
                log.warning("cannot nudge: %s", said, extra={"task": nudge.task, "pk": nudge.pk})
                time.sleep(1)
                _drop_queued()


def _send_again_if_stale(nudge: Nudge, loop: asyncio.AbstractEventLoop) -> None:
    """Connections are kept, and that Redis has been restarted since is only seen by using them."""
    try:
        _send(nudge, loop)
    except Exception:
        _send(nudge, loop)


def _send(nudge: Nudge, loop: asyncio.AbstractEventLoop) -> None:
    if nudge.account_id is not None and settings.REDIS_URL:  # embedded there is no other process
        message = {"type": "nudge", "account": nudge.account_id, "what": nudge.what}
        loop.run_until_complete(send_to_web_processes(message))
    if nudge.task:
        when = {"countdown": nudge.wait or None, "expires": nudge.expires}
        current_app.send_task(nudge.task, args=[nudge.pk], queue=nudge.queue, retry=False, **when)


async def send_to_web_processes(message: dict[str, Any]) -> None:
    """Every web process hears it, this one too; with a Redis that hangs, an error comes soon."""
    layer = get_channel_layer()
    if layer is not None:
        async with asyncio.timeout(PATIENCE):
            await layer.group_send(GROUP, message)


def _drop_queued() -> None:
    """Drop what waits behind a dead or hanging Redis: the sweep finds it, late nudges help nobody."""
    while not _queued.empty():
        _queued.get_nowait()
