"""Faults, on real processes: Redis gone or hanging, workers killed. Nothing is lost, nothing comes twice."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import IO, Any

import httpx2
import pytest
from django.utils import timezone

from handoffs.models import Handoff, Summary
from notifications.models import Delivery, Notification, Preference
from notifications.sweep import do_it, sweep
from resolutionflow.accounts.models import Account, ApiToken, Event, User
from resolutionflow.core.work import Work
from resolutionflow.ops.workers import THREADS
from sessions_app.models import PsaConnection, Session
from tests import servers
from tests.conftest import relay_all
from tests.fakes import messages_api, smtp
from tests.fakes.connectwise import CREDENTIALS, TICKET, ConnectWise
from tests.live_site import PATIENCE, process_environment, stop, wait_until

pytestmark = [pytest.mark.real, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

UNFINISHED = (Work.Status.PENDING, Work.Status.RUNNING, Work.Status.SENDING)


@pytest.fixture
def mail_server() -> Iterator[smtp.FakeSmtp]:
    with smtp.running() as server:
        yield server


@pytest.fixture
def ticket_system() -> Iterator[ConnectWise]:
    with ConnectWise() as server:
        yield server


@pytest.fixture
def model(settings: Any) -> Iterator[messages_api.MessagesApi]:
    api = messages_api.MessagesApi()
    settings.ANTHROPIC_API_KEY = "sk-ant-test"
    api.says(messages_api.answer(READING))
    yield api
    api.stop()


READING = {
    "summary_prose": "It jams.",
    "what_we_know": [],
    "likely_cause": {"text": "", "evidence": []},
    "suggested_steps": [],
    "confidence": "low",
}


@pytest.fixture
def outside(mail_server: smtp.FakeSmtp, ticket_system: ConnectWise, model: messages_api.MessagesApi) -> dict[str, str]:
    """The settings by which processes find the servers outside."""
    return {
        "EMAIL_URL": mail_server.url,
        "OUTBOUND_ALLOWLIST": "127.0.0.1",
        "ANTHROPIC_API_KEY": "sk-ant-test",
        "ANTHROPIC_BASE_URL": model.url,
    }


@pytest.fixture
def helpdesk(northwind: Account, ticket_system: ConnectWise) -> dict[str, Any]:
    """The fields of a session whose ticket is in the ticket system."""
    connection = PsaConnection.objects.create(
        account=northwind, name="Helpdesk", kind="connectwise", base_url=ticket_system.url, credentials=CREDENTIALS
    )
    return {"psa_connection": connection, "psa_ticket_id": TICKET}


@dataclass
class Site:
    """The parts of the site as processes, on a Redis of their own."""

    redis: servers.Redis
    outside: dict[str, str]
    port: int = field(default_factory=servers.free_port)
    parts: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, part: str, stderr: IO[str] | None = None) -> subprocess.Popen[bytes]:
        environment = process_environment(PORT=str(self.port), **self.outside)
        command = [sys.executable, str(servers.ROOT / "manage.py"), "up", "--only", part]
        process = subprocess.Popen(command, env={**environment, "REDIS_URL": self.redis.url}, stderr=stderr)
        self.parts.append(process)
        return process

    def start_all(self) -> None:
        for part in ("web", "fast", "slow", "beat"):
            self.start(part)
        wait_until(self._answers)

    def _answers(self) -> bool:
        try:
            return httpx2.get(f"http://127.0.0.1:{self.port}/healthz").status_code == 200
        except httpx2.TransportError:
            return False

    def post(self, user: User, path: str, **body: Any) -> tuple[int, float]:
        """The id of the answer, and the seconds it took."""
        _token, key = ApiToken.issue(user, name="test", scope="write")
        began = time.monotonic()
        answer = httpx2.post(
            f"http://127.0.0.1:{self.port}/api/v1/{path}",
            json=body,
            headers={"Authorization": f"Token {key}"},
            timeout=PATIENCE,
        )
        took = time.monotonic() - began
        answer.raise_for_status()
        return answer.json()["id"], took


@pytest.fixture
def site(real: None, transactional_db: None, outside: dict[str, str], tmp_path: Path) -> Iterator[Site]:
    site = Site(servers.Redis(tmp_path / "redis", servers.free_port()).start(), outside)
    yield site
    site.redis.resume()
    for part in site.parts:
        part.kill()
        stop(part)
    site.redis.stop()


@pytest.fixture(autouse=True)
def one_by_one(northwind) -> None:
    """Each mail by itself: what of many goes together is no fault."""
    Preference.objects.create(account=northwind, digest=False)


def gone(redis: servers.Redis) -> Callable[[], object]:
    redis.stop()
    return redis.start


def hanging(redis: servers.Redis) -> Callable[[], object]:
    redis.hang()
    return redis.resume


@pytest.mark.parametrize("fault", [gone, hanging])
def test_without_redis_clicks_are_quick_and_nothing_is_lost(
    site, ana, bo, cy, helpdesk, mail_server, ticket_system, model, fault
) -> None:
    first, *others = [Session.open(ana, problem_summary=f"Printer {number} jams", **helpdesk) for number in range(5)]
    site.start_all()
    site.post(ana, f"sessions/{first.pk}/escalate/", notes="Stuck")
    _unused, healthy = site.post(bo, f"handoffs/{first.handoffs.get().pk}/claim/")

    mend = fault(site.redis)
    answers = [site.post(ana, f"sessions/{session.pk}/escalate/", notes="Stuck") for session in others]
    answers.append(site.post(bo, f"handoffs/{answers[-1][0]}/claim/"))
    # Waiting for Redis would slow every one of them; a busy machine, one or the other.
    assert median(took for _unused, took in answers) < max(1, 2 * healthy)
    mend()

    wait_until(lambda: not Event.objects.unrelayed().exists())
    wait_until(lambda: not Delivery.objects.filter(status__in=UNFINISHED).exists())
    # A note waits a minute for its summary, which may come after it.
    wait_until(lambda: not Summary.objects.filter(status__in=UNFINISHED).exists())
    got = Counter((mail["To"], smtp.text_of(mail).splitlines()[0]) for mail in mail_server.mails)
    calls = {(person.email, f"Ana Tester escalated #5001 Printer {n} jams") for person in (bo, cy) for n in (1, 2, 3)}
    claims = {(ana.email, f"Bo Tester claimed #5001 Printer {n} jams") for n in (0, 4)}
    assert got == Counter(calls | claims | (got.keys() & _calls_before_the_claim(bo, cy)))
    assert set(Summary.objects.values_list("status", flat=True)) == {"done"}
    assert len(model.requests) == len(ticket_system.notes) == 5
    assert Notification.objects.for_bell(cy).unread().count() == 3
    assert Notification.objects.for_bell(ana).unread().count() == 2


def test_a_web_process_killed_before_it_rings_costs_a_sweep(site, ana, bo, mail_server) -> None:
    """Redis hangs, so the nudge is still on its way when the process dies: only the database knows."""
    session = Session.open(ana, problem_summary="Printer jams")
    web = site.start("web")
    wait_until(site._answers)
    site.redis.hang()
    handoff, _took = site.post(ana, f"sessions/{session.pk}/escalate/", notes="Stuck", target_user=bo.pk)
    _kill(web)
    site.redis.resume()
    assert Event.objects.unrelayed().filter(handoff_id=handoff).exists()

    site.start("fast")
    site.start("beat")
    wait_until(lambda: Delivery.objects.filter(recipient=bo, status="done").exists())
    wait_until(lambda: not Event.objects.unrelayed().exists())
    assert Counter(mail["To"] for mail in mail_server.mails) == {bo.email: 1}
    assert Notification.objects.for_bell(bo).count() == 1


def test_a_worker_whose_acknowledgements_are_lost_goes_on(site, ana, bo, mail_server, tmp_path) -> None:
    """All its threads finish while Redis is away. None of them is acknowledged, unless its loop has heard of it by then
    and lets them be."""
    threads, may_go_on = THREADS["fast"], threading.Event()
    mail_server.answers["connect"] = may_go_on
    site.start("web")
    site.start("beat")
    log = tmp_path / "fast.log"
    with log.open("w") as stderr:
        site.start("fast", stderr)
    wait_until(site._answers)
    for number in range(threads):
        session = Session.open(ana, problem_summary=f"Printer {number} jams")
        site.post(ana, f"sessions/{session.pk}/escalate/", notes="Stuck", target_user=bo.pk)
    wait_until(lambda: Delivery.objects.filter(status="running").count() == threads)
    site.redis.stop()
    may_go_on.set()
    wait_until(lambda: Delivery.objects.filter(status="done").count() == threads)
    wait_until(
        lambda: log.read_text().count("Couldn't ack") >= threads or "Connection to broker lost" in log.read_text()
    )
    site.redis.start()

    last = Session.open(ana, problem_summary="Scanner jams")
    site.post(ana, f"sessions/{last.pk}/escalate/", notes="Stuck", target_user=bo.pk)
    wait_until(lambda: Delivery.objects.filter(session=last, status="done").exists())
    assert len(mail_server.mails) == threads + 1


def _calls_before_the_claim(*people: User) -> set[tuple[str, str]]:
    """What may have left in the moment between the first escalation and its claim."""
    return {(person.email, "Ana Tester escalated #5001 Printer 0 jams") for person in people}


def test_a_worker_killed_while_sending_sends_nothing_twice(session, ana, bo, mail_server, worker_process) -> None:
    mail = _being_sent(session, ana, bo, mail_server, worker_process, stalls_at="body")
    assert mail.status == "sending"
    _time_passes(mail)
    sweep(do_it)
    mail.refresh_from_db()
    assert (mail.status, mail.error[:18]) == ("failed", "May have been sent")
    assert len(mail_server.mails) == 1
    assert Event.objects.filter(kind="delivery.failed").count() == 1, "the sender is told"


def test_a_worker_killed_before_sending_is_replaced(session, ana, bo, mail_server, worker_process) -> None:
    mail = _being_sent(session, ana, bo, mail_server, worker_process, stalls_at="connect")
    assert mail.status == "running"
    mail_server.answers.clear()
    _time_passes(mail)
    worker_process("fast", EMAIL_URL=mail_server.url)
    mail.nudge_worker()
    wait_until(lambda: Delivery.objects.get(pk=mail.pk).status == "done")
    assert len(mail_server.mails) == 1


def test_a_worker_killed_while_posting_a_note_posts_nothing_twice(
    ana, bo, helpdesk, outside, ticket_system, worker_process
) -> None:
    ticket_system.script = ["store-then-hang"]
    worker = worker_process("fast", **outside)
    Handoff.escalate(Session.open(ana, problem_summary="Printer jams", **helpdesk), ana, notes="Stuck", target_user=bo)
    Summary.objects.all().delete()  # nothing to wait for
    relay_all()
    wait_until(lambda: ticket_system.notes)
    _kill(worker)
    note = Delivery.objects.notes().get()
    assert note.status == "sending"
    _time_passes(note)
    worker_process("fast", **outside)
    note.nudge_worker()
    wait_until(lambda: Delivery.objects.get(pk=note.pk).status == "done")
    assert len(ticket_system.notes) == len(ticket_system.posts) == 1


def test_a_worker_killed_while_the_model_thinks_is_replaced(session, ana, bo, outside, model, worker_process) -> None:
    model.says(messages_api.HANG)
    worker = worker_process("slow", **outside)
    handoff = Handoff.escalate(session, ana, notes="Stuck", target_user=bo)
    wait_until(lambda: model.requests)
    _kill(worker)
    model.says(messages_api.answer(READING))
    _time_passes(handoff.summary)
    worker_process("slow", **outside)
    handoff.summary.nudge_worker()
    wait_until(lambda: Summary.objects.get().state == "ready")
    assert Event.objects.filter(kind__startswith="summary.").count() == 1


def _kill(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGKILL)
    worker.wait()


def _being_sent(session, ana, bo, server: smtp.FakeSmtp, worker_process, *, stalls_at: str) -> Delivery:
    """A mail whose worker was killed at that step of the conversation."""
    server.answers[stalls_at] = 60
    worker = worker_process("fast", EMAIL_URL=server.url)
    Handoff.escalate(session, ana, notes="Stuck", target_user=bo)
    relay_all()
    assert server.reached.wait(PATIENCE)
    _kill(worker)
    return Delivery.objects.get(recipient=bo)


def _time_passes(work: Work) -> None:
    """So much that its worker counts as dead."""
    kind = type(work)
    kind.objects.filter(pk=work.pk).update(taken_at=timezone.now() - kind.time_limit - timedelta(seconds=1))
