"""The pick-up screen of a short and of a long record, beside a bare view of the same rows."""

from __future__ import annotations

import statistics
import time
from typing import Any

from handoffs.models import Handoff
from sessions_app.models import Session
from tests.bench.measuring import ROUNDS, WARM, Ask, Bench, Client, figures, head, row

PAGES = 20
SHORT, LONG = 20, 500  # steps
GOAL = 1.5  # times the bare view; and the long record at most twice the short one
OUTCOMES = ("failed", "worked", "inconclusive", "ruled_out", "failed", "pending")
OUTPUT = """\
C:\\> Test-NetConnection HD-DC01 -Port 88
WARNING: TCP connect to (10.0.0.5 : 88) failed
ComputerName     : HD-DC01
RemoteAddress    : 10.0.0.5
TcpTestSucceeded : False"""


def measure(bench: Bench) -> None:
    head("The pick-up screen, p50 / p99")
    mine, its = Client(bench.ours.port, cookie=bench.dataset.cookie()), Client(bench.twin.port)
    asks: dict[tuple[str, int], Ask] = {}
    for steps in (SHORT, LONG):
        handoff = recorded(bench.dataset, steps)
        asks["ours", steps] = lambda pk=handoff.pk: mine.get(f"/handoffs/{pk}/")  # type: ignore[misc]
        asks["twin", steps] = lambda pk=handoff.pk: its.get(f"/pick-up/{bench.dataset.bo.pk}/{pk}/")  # type: ignore[misc]
    took = in_turn(asks)
    middle = {key: statistics.median(times) for key, times in took.items()}
    for steps in (SHORT, LONG):
        ratio = middle["ours", steps] / middle["twin", steps]
        goal, met = (f"≤ {GOAL} x: {ratio:.2f} x", ratio <= GOAL) if steps == SHORT else (f"{ratio:.2f} x", None)
        row(f"Pick-up, {steps} steps", figures(took["ours", steps]), figures(took["twin", steps]), goal, met=met)
    growth = middle["ours", LONG] / middle["ours", SHORT]
    row(f"Pick-up, {LONG} steps against {SHORT}", f"{growth:.2f} x", "", "≤ 2 x", met=growth <= 2)


def in_turn(asks: dict[Any, Ask]) -> dict[Any, list[float]]:
    """All in turn, so that the machine's moods meet all of them."""
    took: dict[Any, list[float]] = {key: [] for key in asks}
    for rounds in range(ROUNDS + 1):
        for key, ask in asks.items():
            for _page in range(PAGES if rounds else WARM):
                began = time.perf_counter()
                ask()
                if rounds:
                    took[key].append(time.perf_counter() - began)
    return took


def recorded(dataset: Any, steps: int) -> Handoff:
    """An escalation with so many steps, half of them with output, a dozen messages, a log and two branches."""
    ana = dataset.ana
    log = "\n".join(f"2026-11-26 02:{n % 60:02} INFO worker {n} polled the queue" for n in range(300))
    session = Session.open(ana, problem_summary=f"Nobody signs in, {steps} steps", intake_text=log)
    for n in range(steps):
        if n == steps // 2:
            session.add_branch(ana, label="The update broke it").activate(ana)
            session.refresh_from_db()
        output = OUTPUT if n % 2 else ""
        session.add_step(ana, text=f"Tried number {n} on HD-DC01", outcome=OUTCOMES[n % 6], free_text=output)
    for n in range(12):
        session.add_message(
            ana, content=f"60 users wait. Mrs Hart rings at 0441 555 01{n:02}. Do not restore before 18:00."
        )
    return Handoff.escalate(session, ana, notes="I think the update broke the KDC. Next I would roll it back.")
