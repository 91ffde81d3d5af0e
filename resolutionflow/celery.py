"""The Celery application: its two queues and its periodic tasks.

`fast` relays events and delivers mails and ticket notes, `slow` waits for the AI and for connection checks; each has
workers of its own, so that a slow model never delays a notice. Tasks only speed things up: what is due is in the
database, and the sweep finds it.
"""

from __future__ import annotations

import os
import time

import structlog
from celery import Celery, Task, shared_task
from celery.schedules import crontab
from django.core.cache import cache
from django.dispatch import receiver
from django_structlog.celery.receivers import CeleryReceiver
from django_structlog.celery.signals import bind_extra_task_metadata

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "resolutionflow.settings")

FAST, SLOW = QUEUES = ("fast", "slow")
HEARTBEAT_EVERY = 5.0


def make_app(*, current: bool) -> Celery:
    """A new application; each worker inside one process needs its own, because an application selects its queues."""
    made = Celery("resolutionflow", set_as_current=current)
    made.config_from_object("django.conf:settings", namespace="CELERY")
    made.conf.beat_schedule = SCHEDULE
    made.autodiscover_tasks()
    return made


def _every(seconds: float, task: str, queue: str, *args: str) -> dict[str, object]:
    """A periodic task; one that no worker took before the next is due is dropped."""
    return {"task": task, "schedule": seconds, "args": args, "options": {"queue": queue, "expires": seconds * 2}}


SCHEDULE = {
    "sweep": _every(5.0, "notifications.sweep", FAST),
    "heartbeat of fast": _every(HEARTBEAT_EVERY, "resolutionflow.heartbeat", FAST, FAST),
    "heartbeat of slow": _every(HEARTBEAT_EVERY, "resolutionflow.heartbeat", SLOW, SLOW),
    "prune": {"task": "notifications.prune", "schedule": crontab(hour="3", minute="17"), "options": {"queue": SLOW}},
}

app = make_app(current=True)
app.set_default()  # threads of web processes send by it

# Each log line of a task carries its id, name and arguments, and the id of the request that led to it. Connected once
# per process, not once per worker: embedded there are several workers in one.
log_ids = CeleryReceiver()
log_ids.connect_worker_signals()


@receiver(bind_extra_task_metadata)
def _name_task(task: Task, **_unused: object) -> None:
    structlog.contextvars.bind_contextvars(task=task.name, args=task.request.argsrepr)


@shared_task(name="resolutionflow.heartbeat")
def heartbeat(queue: str) -> None:
    """Note the time: a worker of `queue` takes tasks and reaches the database."""
    cache.set(f"heartbeat:{queue}", time.time(), timeout=None)
