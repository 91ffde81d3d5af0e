"""The page of a session of 20 steps and 20 messages, and of one of 1,000 and 1,000."""

from __future__ import annotations

import statistics
from typing import Any

from sessions_app.models import Message, Session, Step
from tests.bench.measuring import Bench, Client, figures, head, row
from tests.bench.pickup import OUTCOMES, OUTPUT, in_turn

SHORT, LONG = 20, 1000  # steps, and messages
GOAL = 2  # times the short one


def measure(bench: Bench) -> None:
    head("The page of a session, p50 / p99")
    client = Client(bench.ours.port, cookie=bench.dataset.cookie())
    asks = {}
    for size in (SHORT, LONG):
        address = recorded(bench.dataset, size).get_absolute_url()
        asks[size] = lambda address=address: client.get(address)  # type: ignore[misc]
    took = in_turn(asks)
    for size in (SHORT, LONG):
        row(f"Session, {size} steps and messages", figures(took[size]), "", "", met=None)
    growth = statistics.median(took[LONG]) / statistics.median(took[SHORT])
    row(f"Session, {LONG} against {SHORT}", f"{growth:.2f} x", "", f"< {GOAL} x", met=growth < GOAL)


def recorded(dataset: Any, size: int) -> Session:
    """A session with so many steps and messages, in turn; half of the steps with output."""
    ana = dataset.ana
    session = Session.open(ana, problem_summary=f"Nobody signs in, {size} steps and messages")
    own = {"account_id": session.account_id, "session": session, "author": ana}
    for n in range(1, size + 1):
        text, output = f"Tried number {n} on HD-DC01", OUTPUT if n % 2 else ""
        Step.objects.create(
            **own, branch=session.active_branch, order=n, text=text, outcome=OUTCOMES[n % 6], free_text=output
        )
        Message.objects.create(**own, order=n, content=f"60 users wait. Mrs Hart rings at 0441 555 {n:04}.")
    Session.objects.filter(pk=session.pk).update(step_count=size, message_count=size)
    return session
