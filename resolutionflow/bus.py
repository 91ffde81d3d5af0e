"""Ringing after a commit: a background thread tells web processes and workers; nobody waits for it.

Nothing correct may depend on a ring. A lost one costs a second (screens look once a second
anyway) or a few (the sweep finds every event and every piece of work that is due).
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from celery import current_app
from channels.layers import get_channel_layer
from django.conf import settings

log = logging.getLogger(__name__)

GROUP = "rings"  # every web process listens here
RELAY = "notifications.relay"  # the task that turns one event into notices
EXPIRES = 60  # seconds: a worker that was away need not read a night's rings; the sweep rings anew
PATIENCE = 2  # seconds with a Redis that accepts and never answers; the broker's own limits are in the settings

_calls: queue.Queue[tuple[int | None, str, int, str]] = queue.Queue(maxsize=1000)
_listeners: list[Callable[[int, bool], None]] = []
_speaker: threading.Thread | None = None
_starting = threading.Lock()


def ring(account_id: int, event_id: int) -> None:
    """An event of this account is committed: open screens want it, and it wants relaying."""
    for heard in _listeners:
        heard(account_id, False)
    _say(account_id, RELAY, event_id, "fast")


def tell(account_id: int) -> None:
    """Something that is no event is committed: a bell, a sign-out. Open screens of the account look again."""
    for heard in _listeners:
        heard(account_id, True)
    _say(account_id, "", 0, "")


def poke(task: str, pk: int, *, queue: str = "fast") -> None:
    """Work row `pk` is due: `task` may take it now rather than at the next sweep."""
    _say(None, task, pk, queue)


def listen(heard: Callable[[int, bool], None]) -> None:
    """Call `heard(account_id, told)` in the ringing thread for every `ring` and (told) `tell` of this process."""
    _listeners.append(heard)


def unlisten(heard: Callable[[int, bool], None]) -> None:
    _listeners.remove(heard)


def _say(account_id: int | None, task: str, pk: int, to: str) -> None:
    try:
        _calls.put_nowait((account_id, task, pk, to))
    except queue.Full:
        log.warning("ring dropped, the sweep will find it", extra={"task": task, "pk": pk})
    _start()


def _start() -> None:
    global _speaker
    if _speaker is None or not _speaker.is_alive():
        with _starting:
            if _speaker is None or not _speaker.is_alive():
                _speaker = threading.Thread(target=_speak, name="bus", daemon=True)
                _speaker.start()


def _speak() -> None:
    loop = asyncio.new_event_loop()  # one for good: the layer keeps a connection to each loop it is used from
    while True:
        account_id, task, pk, to = _calls.get()
        try:
            if account_id is not None and settings.REDIS_URL:  # embedded there is no other process to tell
                loop.run_until_complete(to_web_processes({"type": "ring", "account": account_id, "told": not task}))
            if task:
                current_app.send_task(task, args=[pk], queue=to, retry=False, expires=EXPIRES)
        except Exception as error:  # the broker's libraries raise anything; nothing may end this thread
            log.warning("cannot ring: %s", str(error) or type(error).__name__, extra={"task": task, "pk": pk})
            time.sleep(1)
            _forget()


async def to_web_processes(message: dict[str, Any]) -> None:
    """Every web process hears it, this one too; with a Redis that hangs, an error comes soon."""
    layer = get_channel_layer()
    if layer is not None:
        await asyncio.wait_for(layer.group_send(GROUP, message), PATIENCE)


def _forget() -> None:
    """Drop what waits behind a dead or hanging Redis: the sweep finds it, late rings help nobody."""
    while not _calls.empty():
        _calls.get_nowait()
