"""What a load balancer asks: whether this process is up, and whether it can serve. Answers within a second."""

from __future__ import annotations

import functools
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse

from resolutionflow.celery import QUEUES

log = logging.getLogger(__name__)

SECONDS = 0.8  # for all parts together
HEARD_WITHIN = {"fast": 30, "slow": 180}  # seconds; the slow ones may all be waiting for a model


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200: this process answers requests."""
    return JsonResponse({"status": "ok"})


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """503 where this process cannot serve: without the database, or with tables of another version. Whatever else is
    down is named, and the answer is 200: the site works without Redis or workers."""
    newest_migrations()
    asked = {part.name: part.ask() for part in DEPENDENCIES}
    wait(asked.values(), timeout=SECONDS)
    down = [name for name, answer in asked.items() if not (answer.done() and answer.result())]
    if DATABASE in down:
        response = JsonResponse({"status": "down", "down": [DATABASE]}, status=503)
        response._has_been_logged = True  # type: ignore[attr-defined]  # Part logs it, once
        return response
    return JsonResponse({"status": "degraded", "degraded": down} if down else {"status": "ok"})


class Dependency:
    """Something this process needs, asked in a thread of its own, one at a time: where it hangs, only that thread is
    stuck, and everybody who asks meanwhile waits for the same answer."""

    def __init__(self, name: str, answers: Callable[[], bool]) -> None:
        self.name, self._answers = name, answers
        self._asked: Future[bool] | None = None
        self._asking = threading.Lock()
        self._was_down = False

    def ask(self) -> Future[bool]:
        with self._asking:
            if self._asked is None or self._asked.done():
                self._asked = Future()
                threading.Thread(target=self._find_out, args=[self._asked], name=self.name, daemon=True).start()
            return self._asked

    def _find_out(self, asked: Future[bool]) -> None:
        error: Exception | None = None
        try:
            answered = self._answers()
        except Exception as caught:  # whatever the libraries of a database or broker raise: it does not answer
            answered, error = False, caught
        finally:
            connections.close_all()
        if not answered and not self._was_down:
            log.warning("%s is down: %s", self.name, error or "not as it has to be")
        self._was_down = not answered
        asked.set_result(answered)


# --- the parts -----------------------------------------------------------------------------------

DATABASE = "database"


def _database_answers() -> bool:
    """Whether the database is there and has the tables of this code. Uses a connection of its own: a full pool does not
    mean that it is down."""
    mine = connection.copy(DATABASE)
    mine.settings_dict["OPTIONS"].pop("pool", None)
    try:
        with mine.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            return newest_migrations() <= set(cursor.fetchall())
    finally:
        mine.close()


@functools.cache
def newest_migrations() -> frozenset[Any]:
    """The last migration of each app in this code; where these are applied, all are."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


def _channel_layer_answers() -> bool:
    if not settings.REDIS_URL:
        return True
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS) as asked:
        return bool(asked.ping())


def _worker_was_heard(queue: str) -> bool:
    return seconds_since_heartbeat(queue) < HEARD_WITHIN[queue]


def seconds_since_heartbeat(queue: str) -> float:
    """Seconds since a worker of this queue last reported."""
    return time.time() - float(cache.get(f"heartbeat:{queue}") or 0)


DEPENDENCIES = [
    Dependency(DATABASE, _database_answers),
    Dependency("channel layer", _channel_layer_answers),
    *(Dependency(f"worker {queue}", functools.partial(_worker_was_heard, queue)) for queue in QUEUES),
]
