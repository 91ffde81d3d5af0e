"""A worker killed before any line it runs, and in the middle of any call it makes: what it was to write is in the
ticket once, and whoever goes on has looked for it before writing.

The moments are spread evenly over all that there are. KILLS says how many are tried of each kind with each ticket
system: without it 48 with the fake one, and fewer with real ones.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from notifications.models import Delivery
from resolutionflow.accounts.models import Event
from sessions_app.models import PsaConnection, Session
from tests.fakes.connectwise import CREDENTIALS, TICKET, ConnectWise
from tests.fakes.killing_proxy import DONE, NEVER_ARRIVES, STAGES, InCall, KillingProxy
from tests.fakes.swallowing_proxy import is_write
from tests.notifications.transports.killed_worker import BeforeLine, killed, lines_of
from tests.real_systems import SYSTEMS

pytestmark = [pytest.mark.real, pytest.mark.django_db(transaction=True)]

ON_A_TICKET = 25  # rows, so that one page shows all they wrote
RETRIES = 3
KILLS = int(os.environ.get("KILLS", "0"))

Moment = BeforeLine | InCall


class Fake(ConnectWise):
    """Asked as the real ones are."""

    kind, ticket, credentials = "connectwise", TICKET, CREDENTIALS

    def new_ticket(self, title: str) -> str:
        return self.add(title)

    def said(self) -> dict[str, str]:
        return {str(note["id"]): note["text"] for note in self.notes if note["ticketId"] == int(self.ticket)}

    def booked(self) -> dict[str, str]:
        return {str(entry["id"]): entry["notes"] for entry in self.times if entry["chargeToId"] == int(self.ticket)}


@dataclass(frozen=True)
class Kind:
    """What is to be in the ticket once: the kind and fields of its row, in how many parts it is written, the event that
    says that it is there, and how to read what is there, by its id, with its marker."""

    name: str
    fields: dict[str, Any]
    event: str
    there: Callable[[Any], dict[str, str]]
    # Of each ticket system: what is in a request that looks for it, and in which order whoever has to look makes those,
    # L, and writes, W, for each part.
    looks: dict[str, tuple[bytes, str]]
    parts: int = 1
    options: dict[str, str] = field(default_factory=dict)


NOTE = Kind(
    "note",
    {"body": "Stuck."},
    "note.posted",
    lambda desk: desk.said(),
    {
        "connectwise": (b"/notes?", "LW?"),
        "request_tracker": (b"/transactions?", "LW?"),
        "redmine": (b"include=journals", "L(LWL)?"),  # to write it looks as well, before and after
    },
)
LONG_NOTE = replace(NOTE, fields={"body": "Stuck. " * 40}, parts=2, options={"note_length": "200"})
TIME = Kind(
    "time",
    {"body": "Replaced the router.", "minutes": 45, "started_at": datetime(2026, 11, 23, 9, tzinfo=UTC)},
    "time.posted",
    lambda desk: desk.booked(),
    {
        "connectwise": (b"/time/entries?", "LW?"),
        "request_tracker": (b"/transactions?", "LW?"),
        "redmine": (b"/time_entries.json?", "LW?"),
    },
)
KINDS = [pytest.param(NOTE, id="note"), pytest.param(TIME, id="time")]


@pytest.fixture(params=[pytest.param(Fake, id="fake"), *SYSTEMS])
def desk(request: Any, settings: Any, real: None) -> Iterator[Any]:
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    made = request.param()
    with made if isinstance(made, Fake) else nullcontext(made):
        yield made


@dataclass
class Trial:
    """Workers killed on their way to one ticket system, and what does not hold afterwards."""

    desk: Any
    kind: Kind
    proxy: KillingProxy
    session: Session
    connection: PsaConnection
    wrong: Any
    rows: list[Delivery] = field(default_factory=list)
    write: int = 0  # which of a worker's calls it is

    @property
    def kills(self) -> int:
        """Of each of the three tests that each kind takes with all ticket systems."""
        return -(-(KILLS or (48 if isinstance(self.desk, Fake) else 6)) // 3)

    def row(self) -> Delivery:
        """One more to write. A ticket that is full is looked at, and the next one is taken."""
        if len(self.rows) == ON_A_TICKET:
            self.check()
            self.desk.ticket = self.desk.new_ticket("VPN drops")
        made: Delivery = Delivery.objects.create(
            account_id=self.session.account_id,
            session=self.session,
            connection=self.connection,
            kind=self.kind.name,
            address=self.desk.ticket,
            **self.kind.fields,
        )
        self.rows.append(made)
        return made

    def sent(self, stage: str) -> Delivery:
        """One whose first worker was killed at this stage of its first write."""
        if not self.write:
            lines_of(self.row().pk, self.proxy)
            self.write = self.proxy.writing_calls()[0]
        row = self.row()
        self.kill(row, InCall(self.write, stage))
        _time_passes(row)
        return row

    def moments(self, prepared: Callable[[], Delivery], kills: int) -> list[Moment]:
        """So many: in each write and, spread evenly, in each other call and before each line, the last time it is run,
        of who takes a row that is so prepared."""
        Delivery.run(prepared().pk)  # from now on what is made once is made
        lines = lines_of(prepared().pk, self.proxy)
        writes = self.proxy.writing_calls()
        calls = [InCall(call, stage) for call in range(1, len(self.proxy.requests) + 1) for stage in STAGES]
        in_writes = [moment for moment in calls if moment.call in writes]
        last = {place: number for number, place in enumerate(lines, start=1)}
        before = [BeforeLine(number, place) for place, number in last.items()]
        others = [moment for moment in calls if moment.call not in writes] + sorted(before)
        return in_writes + _evenly(others, kills - len(in_writes))

    def of(self, prepared: Callable[[], Delivery], kills: int) -> None:
        """Kill so many workers, each with a row that is so prepared, and see what becomes of those."""
        for at in self.moments(prepared, kills):
            row = prepared()
            self.kill(row, at)
            self.finish(row, at)
        self.check()

    def kill(self, row: Delivery, at: Moment) -> None:
        """Kill its worker at this moment; of what that has sent, the row says that it may be there."""
        killed(row.pk, self.proxy, at)
        row.refresh_from_db()
        if self.proxy.writing_calls():
            self.wrong.unless(_may_be_there(row) or row.status == "done", at, "forgot that it may be there")

    def finish(self, row: Delivery, at: Moment) -> None:
        """Have other workers finish it; where it may be there, the first of them looks before writing."""
        may_be_there = _may_be_there(row)
        for _try in range(RETRIES):
            _time_passes(row)
            self.proxy.watch()
            if Delivery.run(row.pk) is None:
                break
            if may_be_there:
                self.wrong.unless(self._looked(), at, "was followed by a blind write, or none")
            may_be_there = False
        row.refresh_from_db()
        self.wrong.unless(row.status == "done", at, "was never made good:", row.status, row.error)

    def check(self) -> None:
        """All rows are in the ticket, each of their parts once; and so is each event."""
        ids = defaultdict(list)
        for number, text in self.kind.there(self.desk).items():
            for marker in re.findall(r"\[rf:(\S+)\]", text):
                ids[marker].append(number)
        for row in self.rows:
            row.refresh_from_db()
            count = self.kind.parts
            parts = [f"{row.marker}-{number}" for number in range(1, count + 1)] if count > 1 else [row.marker]
            found = [ids[part] for part in parts]
            once = [len(one) for one in found] == [1] * count and found[0] == [row.remote_id]
            self.wrong.unless(once, "is not there once, as", row.remote_id, dict(zip(parts, found, strict=True)))
            events = Event.objects.filter(kind=self.kind.event, facts__delivery=row.pk).count()
            self.wrong.unless(events == 1, row.marker, "has", events, "events")
        self.rows.clear()

    def _looked(self) -> bool:
        look, order = self.kind.looks[self.desk.kind]
        made = "".join("W" if is_write(one) else "L" * (look in one.split(b"\r\n")[0]) for one in self.proxy.requests)
        return bool(re.fullmatch(f"({order}){{{self.kind.parts}}}", made))


def _evenly(moments: list[Moment], count: int) -> list[Moment]:
    count = min(count, len(moments))
    return [moments[index * len(moments) // count] for index in range(count)]


def _may_be_there(row: Delivery) -> bool:
    return row.maybe_sent or row.status == "sending"


def _time_passes(row: Delivery) -> None:
    """So much that it is due, and its worker counts as dead."""
    past = timezone.now() - Delivery.time_limit - timedelta(seconds=1)
    Delivery.objects.filter(pk=row.pk).update(taken_at=past, due_at=past)


@pytest.fixture
def trial(desk: Any, kind: Kind, session: Session, wrong: Any) -> Iterator[Trial]:
    with KillingProxy(desk.url) as proxy:
        connection = PsaConnection.objects.create(
            account_id=session.account_id,
            name="Helpdesk",
            kind=desk.kind,
            base_url=proxy.url,
            credentials=desk.credentials,
            options=kind.options,
            calls_per_minute=100_000,
        )
        yield Trial(desk, kind, proxy, session, connection, wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_a_worker_killed_anywhere_leaves_it_written_once(trial) -> None:
    trial.of(trial.row, trial.kills)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stage", [NEVER_ARRIVES, DONE])
def test_so_does_one_killed_anywhere_whose_forerunner_was_killed_too(trial, stage) -> None:
    """It was to look for what that may have written, and to write what was not there."""
    trial.of(lambda: trial.sent(stage), trial.kills)


@pytest.mark.parametrize("desk", [pytest.param(Fake, id="fake")], indirect=True)
@pytest.mark.parametrize("kind", [pytest.param(LONG_NOTE, id="long_note")])
@pytest.mark.parametrize("is_begun", [False, True])
def test_each_part_of_what_is_written_in_several_is_there_once(trial, is_begun) -> None:
    trial.of((lambda: trial.sent(DONE)) if is_begun else trial.row, trial.kills // 2)
