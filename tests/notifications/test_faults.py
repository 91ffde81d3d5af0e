"""Faults, on real processes: Redis gone or hanging, workers killed. Nothing is lost, nothing comes twice."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from django.utils import timezone

from handoffs.models import Handoff
from notifications.models import Delivery, Notification
from notifications.relay import relay
from notifications.sweep import do_it, sweep
from resolutionflow.accounts.models import ApiToken, Event, User
from resolutionflow.work import Work
from sessions_app.models import Session
from tests import servers
from tests.fakes import smtp
from tests.live import process_environment, stop, wait_until

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

UNFINISHED = (Work.Status.PENDING, Work.Status.RUNNING, Work.Status.SENDING)


@pytest.fixture
def mail_server() -> Iterator[smtp.FakeSmtp]:
    with smtp.running() as server:
        yield server


@dataclass
class Site:
    """The parts of the site as processes, on a Redis of their own."""

    redis: servers.Redis
    mail: smtp.FakeSmtp
    port: int = field(default_factory=servers.free_port)
    parts: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, part: str) -> subprocess.Popen[bytes]:
        environment = process_environment(PORT=str(self.port), EMAIL_URL=self.mail.url)
        command = [sys.executable, servers.ROOT / "manage.py", "up", "--only", part]
        process = subprocess.Popen(command, env={**environment, "REDIS_URL": self.redis.url})
        self.parts.append(process)
        return process

    def start_all(self) -> None:
        for part in ("web", "fast", "beat"):
            self.start(part)
        wait_until(self._answers, 30)

    def _answers(self) -> bool:
        try:
            return httpx2.get(f"http://127.0.0.1:{self.port}/healthz").status_code == 200
        except httpx2.TransportError:
            return False

    def post(self, user: User, path: str, **body: Any) -> httpx2.Response:
        _token, key = ApiToken.issue(user, name="test", scope="write")
        answer = httpx2.post(
            f"http://127.0.0.1:{self.port}/api/v1/{path}",
            json=body,
            headers={"Authorization": f"Token {key}"},
            timeout=30,
        )
        answer.raise_for_status()
        return answer


@pytest.fixture
def site(real: None, transactional_db: None, mail_server: smtp.FakeSmtp, tmp_path: Path) -> Iterator[Site]:
    site = Site(servers.Redis(tmp_path / "redis", servers.free_port()).start(), mail_server)
    yield site
    site.redis.resume()
    for part in site.parts:
        part.kill()
        stop(part)
    site.redis.stop()


def gone(redis: servers.Redis) -> Callable[[], object]:
    redis.stop()
    return redis.start


def hanging(redis: servers.Redis) -> Callable[[], object]:
    redis.hang()
    return redis.resume


@pytest.mark.parametrize("fault", [gone, hanging])
def test_without_redis_clicks_are_quick_and_nothing_is_lost(site, ana, bo, cy, fault) -> None:
    sessions = [Session.open(ana, problem_summary=f"Printer {number} jams") for number in range(4)]
    site.start_all()
    mend = fault(site.redis)
    slowest = 0.0
    for session in sessions:
        began = time.monotonic()
        handoff = site.post(ana, f"sessions/{session.pk}/escalate/", notes="Stuck").json()["id"]
        slowest = max(slowest, time.monotonic() - began)
    began = time.monotonic()
    site.post(bo, f"handoffs/{handoff}/claim/")
    slowest = max(slowest, time.monotonic() - began)
    assert slowest < 1
    mend()

    wait_until(lambda: not Event.objects.unrelayed().exists(), 60)
    wait_until(lambda: not Delivery.objects.filter(status__in=UNFINISHED).exists(), 60)
    got = Counter((mail["To"], mail["Subject"]) for mail in site.mail.mails)
    calls = {(person.email, f"Ana Tester hands over Printer {n} jams") for person in (bo, cy) for n in range(3)}
    assert got == Counter({*calls, (ana.email, "Bo Tester claimed Printer 3 jams")})
    assert Notification.objects.for_bell(cy).unread().count() == 3
    assert Notification.objects.for_bell(ana).unread().count() == 1


def test_a_worker_killed_while_sending_sends_nothing_twice(session, ana, bo, mail_server, worker_process) -> None:
    mail = _being_sent(session, ana, bo, mail_server, worker_process, stalls_at="body")
    assert mail.status == "sending"
    _time_passes(mail)
    sweep(do_it)
    mail.refresh_from_db()
    assert (mail.status, mail.error[:18]) == ("failed", "May have been sent")
    assert len(mail_server.mails) == 1
    assert Event.objects.filter(kind="delivery.failed").count() == 1, "the sender is told"


def test_a_worker_killed_before_sending_is_replaced(session, ana, bo, mail_server, worker_process, settings) -> None:
    mail = _being_sent(session, ana, bo, mail_server, worker_process, stalls_at="connect")
    assert mail.status == "running"
    mail_server.answers.clear()
    _time_passes(mail)
    worker_process("fast", EMAIL_URL=mail_server.url)
    mail.poke()
    wait_until(lambda: Delivery.objects.get(pk=mail.pk).status == "done", 30)
    assert len(mail_server.mails) == 1


def _being_sent(session, ana, bo, server: smtp.FakeSmtp, worker_process, *, stalls_at: str) -> Delivery:
    """A mail whose worker was killed at that step of the conversation."""
    server.answers[stalls_at] = 60
    worker = worker_process("fast", EMAIL_URL=server.url)
    Handoff.escalate(session, ana, notes="Stuck", target_user=bo)
    for pk in Event.objects.unrelayed().order_by("pk").values_list("pk", flat=True):
        relay(pk)
    assert server.reached.wait(30)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    return Delivery.objects.get(recipient=bo)


def _time_passes(mail: Delivery) -> None:
    Delivery.objects.filter(pk=mail.pk).update(taken_at=timezone.now() - Delivery.time_limit - timedelta(seconds=1))
