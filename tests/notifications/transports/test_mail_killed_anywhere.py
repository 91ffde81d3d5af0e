"""A worker killed before any line it runs while it sends a mail, puts one into a digest or sends the digest: each is
there once, or stands as one that may have been sent, with a button; never twice by itself, none missing without a word.

The moments are spread evenly over all lines. KILLS says how many are tried of each; without it 24.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from handoffs.models import Handoff
from notifications.models import Delivery, Preference
from notifications.models.to_people import IN_DIGEST
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.conftest import relay_all
from tests.fakes import smtp
from tests.live_site import wait_until
from tests.notifications.transports.killed_worker import BeforeLine, killed, lines_of

pytestmark = [pytest.mark.real, pytest.mark.django_db(transaction=True)]

KILLS = int(os.environ.get("KILLS", "24"))
TRIES = 3


class NoProxy:
    """A mail passes no proxy: what was sent has arrived once the server has ended its conversations."""

    def watch(self, _at: Any = None) -> None: ...
    def caller_is(self, _pid: int | None) -> None: ...

    def settle(self) -> None:
        wait_until(lambda: not [one for one in threading.enumerate() if "process_request_thread" in one.name])


@dataclass
class Trial:
    ana: User
    bo: User
    server: smtp.FakeSmtp
    wrong: Any
    proxy: Any = field(default_factory=NoProxy)
    number: int = 0

    def mail(self) -> Delivery:
        """One more mail to Bo that is due."""
        self.number += 1
        session = Session.open(self.ana, problem_summary=f"Printer {self.number} jams")
        Handoff.escalate(session, self.ana, notes="Stuck", target_user=self.bo)
        relay_all()
        mail: Delivery = Delivery.objects.get(session=session, recipient=self.bo)
        return mail

    def digest(self) -> Delivery:
        """A digest of two mails that is due."""
        for _unused in range(2):
            Delivery.run(self.mail().pk)
        digest: Delivery = Delivery.objects.digests().filter(status="pending").get()
        Delivery.objects.filter(pk=digest.pk).update(due_at=timezone.now())
        return digest

    def moments(self, prepared: Callable[[], Delivery]) -> Iterator[BeforeLine]:
        Delivery.run(prepared().pk)  # from now on what is made once is made
        lines = lines_of(prepared().pk, self.proxy)
        last = sorted({place: number for number, place in enumerate(lines, start=1)}.items(), key=lambda one: one[1])
        count = min(KILLS, len(last))
        for index in range(count):
            place, number = last[index * len(last) // count]
            yield BeforeLine(number, place)

    def killed_and_finished(self, prepared: Callable[[], Delivery]) -> Iterator[tuple[BeforeLine, Delivery]]:
        for at in list(self.moments(prepared)):
            row = prepared()
            killed(row.pk, self.proxy, at)
            for _try in range(TRIES):
                past = timezone.now() - Delivery.time_limit - timedelta(seconds=1)
                Delivery.objects.filter(pk=row.pk).unfinished().update(taken_at=past, due_at=past)
                Delivery.run(row.pk)
            row.refresh_from_db()
            yield at, row

    def arrived(self, row: Delivery) -> int:
        return sum(mail["Message-ID"].startswith(f"<delivery-{row.pk}.") for mail in self.server.mails)

    def once_or_said(self, at: BeforeLine, row: Delivery) -> None:
        arrived = self.arrived(row)
        if row.status == "done":
            self.wrong.unless(arrived == 1, at, "is done and arrived", arrived, "times")
        else:
            said = row.status == "failed" and row.error.startswith("May have been sent.")
            self.wrong.unless(said and arrived <= 1, at, row.status, row.error, "arrived", arrived, "times")


@pytest.fixture
def trial(real, settings, ana, bo, wrong) -> Iterator[Trial]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with smtp.running() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield Trial(ana, bo, server, wrong)


def test_a_mail(trial) -> None:
    Preference.choose(trial.bo, digest=False)
    for at, row in trial.killed_and_finished(trial.mail):
        trial.once_or_said(at, row)
        if row.status == "failed":
            row.retry_by(trial.bo)
            Delivery.run(row.pk)
            trial.wrong.unless(Delivery.objects.get(pk=row.pk).status == "done", at, "cannot be sent again")


def test_one_put_into_a_digest(trial) -> None:
    Delivery.run(trial.mail().pk)
    put_in = []
    for at, row in trial.killed_and_finished(trial.mail):
        waits = row.status == "cancelled" and row.digest is not None and row.digest.status == "pending"
        trial.wrong.unless(waits and trial.arrived(row) == 0, at, row.status, row.error)
        put_in.append(row)
    (digest,) = Delivery.objects.digests()
    Delivery.objects.filter(pk=digest.pk).update(due_at=timezone.now())
    Delivery.run(digest.pk)
    text = smtp.text_of(trial.server.mails[-1])
    assert {row.event_id for row in put_in} <= {*digest.put_into.values_list("event_id", flat=True)}
    for row in put_in[: IN_DIGEST - 2]:  # two were put in before
        said = text.count(f"{row.session.problem_summary}\n") + text.count(f"{row.session.problem_summary} ")
        trial.wrong.unless(said == 1, row.session.problem_summary, "stands there", said, "times")


def test_a_digest(trial) -> None:
    Delivery.run(trial.mail().pk)
    for at, row in trial.killed_and_finished(trial.digest):
        trial.once_or_said(at, row)
