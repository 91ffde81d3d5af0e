"""A thousand escalations within a minute, to fifty people each, none of whom wants a digest: when the first attempt of
each mail begins, and what it costs those who click. One of the account's chats hears nothing and answers nobody.

The mails go to a server of the bench's own. The twin sends as many of the same size with smtplib and nothing else, a
connection each.
"""

from __future__ import annotations

import os
import smtplib
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Event as Flag
from threading import Thread
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from notifications.models import Channel, Delivery, Preference
from resolutionflow.accounts.models import Account, ApiToken, User
from resolutionflow.core.work import Work
from sessions_app.models import Session
from tests import servers
from tests.bench.measuring import Client, Site, figures, head, ms, p99, row, say, worker

PEOPLE = 50
SECONDS = 60.0
LOAD = int(os.environ.get("LOAD", "1000"))  # escalations
URGENT_EVERY = 20  # one in so many is urgent
DRAIN = float(os.environ.get("DRAIN", "60"))  # seconds that are waited for what is left after the last click
GOAL, SLOWER = 1.0, 2.0
TWIN = 400  # mails


def measure(dataset: Any, environment: dict[str, str]) -> None:
    head(f"{LOAD} escalations in {SECONDS:.0f} s to {PEOPLE} people each, p50 / p99")
    with mail_server() as port, deaf() as deaf_port, ExitStack() as stopping:
        settings = {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "OUTBOUND_ALLOWLIST": "127.0.0.1"}
        ours = {**environment, **settings}
        desk = Desk(deaf_port)
        site = Site(ours)
        stopping.callback(site.stop)
        for part in ("fast", "slow", "beat"):
            stopping.enter_context(worker(part, ours))
        time.sleep(5)  # until the workers are there
        idle = asked(site, dataset.cookie(), Flag(), seconds=5)
        clicks, busy = desk.escalate_all(site, dataset.cookie())
        done_in = wait_for_the_rest(desk)
        report(desk, port, clicks=clicks, idle=idle, busy=busy, done_in=done_in)


class Desk:
    """An account of PEOPLE and somebody who escalates, each of whom gets each mail, with a chat that never answers."""

    def __init__(self, deaf_port: int) -> None:
        self.account = Account.objects.create(name="Desk")
        self.ana = self._person("ana")
        for n in range(PEOPLE):
            self._person(f"p{n}")
        Preference.objects.create(account=self.account, digest=False)
        chat = Channel(account=self.account, name="Deaf", kind="slack")
        chat.secrets = {"address": f"http://127.0.0.1:{deaf_port}/services/T0/B0/x"}
        chat.address = "127.0.0.1"
        chat.save()
        token, self.key = ApiToken.issue(self.ana, name="bench", scope="write")
        ApiToken.objects.filter(pk=token.pk).update(last_used_at="2100-01-01T00:00Z")
        self.sessions = [
            Session.open(self.ana, problem_summary=f"Printer {n} jams", client_name="Hartwell Dental")
            for n in range(LOAD + PEOPLE)
        ]
        for session in self.sessions[:LOAD]:
            session.add_step(self.ana, text="Restarted it", outcome="failed")

    def _person(self, name: str) -> User:
        email = f"{name}@desk.example"
        return User.objects.create_user(email, account=self.account, name=name.title(), confirmed_email=email)

    def escalate_all(self, site: Site, cookie: str) -> tuple[list[float], list[float]]:
        """By the API, evenly over SECONDS; seconds that each took, and a bystander's pages meanwhile."""
        client, took, over = Client(site.port, self.key), [], Flag()
        pages: list[float] = []
        bystander = Thread(target=lambda: pages.extend(asked(site, cookie, over)))
        bystander.start()
        self.began = timezone.now()
        start = time.monotonic()
        for n, session in enumerate(self.sessions[:LOAD]):
            time.sleep(max(0.0, start + n * SECONDS / LOAD - time.monotonic()))
            priority = "urgent" if n % URGENT_EVERY == 0 else "normal"
            affected = ', "affected": "Two"' if priority == "urgent" else ""
            began = time.perf_counter()
            client.post(
                f"/api/v1/sessions/{session.pk}/escalate/", f'{{"notes": "stuck", "priority": "{priority}"{affected}}}'
            )
            took.append(time.perf_counter() - began)
        self.clicked_in = time.monotonic() - start
        over.set()
        bystander.join()
        return took, pages

    def mails(self) -> Any:
        return Delivery.objects.filter(account=self.account, kind="email")


def asked(site: Site, cookie: str, over: Flag, *, seconds: float = 600) -> list[float]:
    """The queue of another account, a few times a second, until it is over."""
    client, took, until = Client(site.port, cookie=cookie), [], time.monotonic() + seconds
    while not over.is_set() and time.monotonic() < until:
        began = time.perf_counter()
        client.get("/queue/")
        took.append(time.perf_counter() - began)
        time.sleep(0.1)
    return took


def wait_for_the_rest(desk: Desk) -> float | None:
    """Seconds from the first click until no mail is left; None where some are after DRAIN."""
    until = time.monotonic() + DRAIN
    while time.monotonic() < until:
        counts = desk.mails().aggregate(all=Count("pk"), left=Count("pk", filter=Q(status__in=Work.UNFINISHED)))
        if counts["all"] >= LOAD * PEOPLE and not counts["left"]:
            return (timezone.now() - desk.began).total_seconds()
        time.sleep(1)
    return None


def report(
    desk: Desk, port: int, *, clicks: list[float], idle: list[float], busy: list[float], done_in: float | None
) -> None:
    mails = desk.mails()
    for name, urgent in (("urgent", True), ("others", False)):
        mine = mails.filter(handoff__priority=0) if urgent else mails.exclude(handoff__priority=0)
        waited = [one / 1000 for one in mine.exclude(waited_ms=None).values_list("waited_ms", flat=True)]
        if not waited:
            row(f"Commit to first attempt, {name}", "none", "", "", met=False)
            continue
        goal = f"p99 < {GOAL:.0f} s" if urgent else ""
        row(
            f"Commit to first attempt, {name}", figures(waited), f"{len(waited)} of {mine.count()} begun", goal,
            met=p99(waited) < GOAL and len(waited) == mine.count() if urgent else None,
        )  # fmt: skip
    sent = mails.filter(status=Work.Status.DONE)
    last = sent.order_by("-done_at").values_list("done_at", flat=True).first()
    seconds = (last - desk.began).total_seconds() if last else 1.0
    rate, bare = sent.count() / seconds, twin(port)
    row("Mails a second", f"{rate:.0f}", f"{bare:.0f} by smtplib alone", f"{rate / bare:.2f} of its speed")
    kept_up = done_in is not None
    say(
        f"  {sent.count()} of {LOAD * PEOPLE} mails sent, "
        + (f"the last {done_in:.0f} s after the first click" if kept_up else f"the rest not within {DRAIN:.0f} s")
        + f"; the clicks took {desk.clicked_in:.0f} s; failed {mails.filter(status=Work.Status.FAILED).count()}"
    )
    row("Escalate by the API meanwhile", figures(clicks), "", "")
    ratio = statistics.median(busy) / statistics.median(idle)
    row(
        "Another account's queue meanwhile", figures(busy), f"{figures(idle)} idle",
        f"≤ {SLOWER:.1f} x of idle: {ratio:.2f}", met=ratio <= SLOWER,
    )  # fmt: skip
    deaf = Delivery.objects.filter(account=desk.account, kind="slack")
    say(f"  to the chat that answers nobody: {dict(deaf.values_list('status').annotate(n=Count('pk')))}")
    say(f"  longest wait of an urgent mail {ms(longest(mails))} ms")


def longest(mails: Any) -> float:
    waited = mails.filter(handoff__priority=0).exclude(waited_ms=None).values_list("waited_ms", flat=True)
    return max(waited, default=0) / 1000


def twin(port: int) -> float:
    """Mails a second that smtplib sends from one thread."""
    text = "Subject: Printer jams\r\n\r\n" + "All of what a mail about an escalation says, in two versions.\r\n" * 160
    began = time.perf_counter()
    for _n in range(TWIN):
        with smtplib.SMTP("127.0.0.1", port) as server:
            server.sendmail("desk@bench.example", ["p@desk.example"], text)
    return TWIN / (time.perf_counter() - began)


@contextmanager
def mail_server() -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.mail_server"], stdout=subprocess.PIPE, text=True, cwd=servers.ROOT
    )
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


@contextmanager
def deaf() -> Iterator[int]:
    """The port of a server that takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        Thread(target=_hold, args=[listening], daemon=True).start()
        yield listening.getsockname()[1]


def _hold(listening: socket.socket) -> None:
    held = []
    with suppress(OSError):
        while True:
            held.append(listening.accept())
