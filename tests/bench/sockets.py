"""A thousand open queues of one account: how soon, how fast, how much memory, and back after a loss.

The clients are a process of their own (open_pages.py). The twin writes the same to as many sockets in a plain loop;
it has no beat, looks for no lost nudge, and asks nobody's rights again.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from handoffs.models import Handoff
from sessions_app.models import Session
from tests.bench.measuring import Bench, Client, Server, figures, ms, p99, row
from tests.bench.open_pages import OpenPages

FEW, MANY = 100, 1000
POSTS = {FEW: 100, MANY: 150}
THIN, CARDS, BURSTS = 200, 40, 3
LOST_RINGS = 8
SETTLE = 11.0  # two beats

Post = Callable[[], object]


def measure(bench: Bench, *, idle: int) -> None:
    memory(bench)
    for count in POSTS:
        card_on_last(bench, count)
    fan_out(bench)
    with open_pages(bench, bench.ours, MANY) as ours:
        lost_nudge(bench, ours)
    storms(bench)
    stay(bench, idle)


@contextmanager
def open_pages(bench: Bench, server: Server, count: int) -> Iterator[OpenPages]:
    pages = OpenPages(server.port, bench.dataset.pages(count))
    try:
        yield pages
    finally:
        pages.close()


# --- memory --------------------------------------------------------------------------------------


def memory(bench: Bench) -> None:
    """What a thousand idle sockets add to a process that has served a few."""
    servers = (bench.ours, bench.twin)
    for server in servers:
        with open_pages(bench, server, 20):
            time.sleep(1)
    before = [server.memory() for server in servers]
    with open_pages(bench, bench.ours, MANY), open_pages(bench, bench.twin, MANY):
        time.sleep(SETTLE)
        ours, twin = ((server.memory() - was) / MANY / 1024 for server, was in zip(servers, before, strict=True))
    row("Memory per idle socket, of 1,000", f"{ours:.1f} KiB", f"{twin:.1f} KiB", "≤ 64 KiB", met=ours <= 64)


# --- a card --------------------------------------------------------------------------------------


def card_on_last(bench: Bench, count: int) -> None:
    """From the start of the POST to the frame on the last of `count` open queues."""
    goals = {FEW: (0.027, 0.066), MANY: (0.064, 0.110)}[count]
    sessions = iter(bench.dataset.sessions(2 * (POSTS[count] + 10)))
    mine, its = Client(bench.ours.port, bench.dataset.junior), Client(bench.twin.port, bench.dataset.junior)
    took, answered = last_socket(
        bench,
        bench.ours,
        count,
        lambda: mine.post(f"/api/v1/sessions/{next(sessions)}/escalate/", '{"notes": "stuck"}'),
    )
    bare, bare_answered = last_socket(bench, bench.twin, count, lambda: its.post(f"/escalate/{next(sessions)}/"))
    met = statistics.median(took) <= goals[0] and p99(took) <= goals[1]
    times = f"{statistics.median(took) / statistics.median(bare):.1f}× / {p99(took) / p99(bare):.1f}× twin"
    goal = f"≤ {goals[0] * 1000:.0f} / {goals[1] * 1000:.0f} ms ({times})"
    row(f"POST to card on the last of {count:,}", figures(took), figures(bare), goal, met=met)
    row("  that POST's own answer", figures(answered), figures(bare_answered), "")


def last_socket(bench: Bench, server: Server, count: int, post: Post) -> tuple[list[float], list[float]]:
    took, answered = [], []
    with open_pages(bench, server, count) as pages:
        time.sleep(1)
        for n in range(POSTS[count] + 10):
            began = time.perf_counter()
            post()
            done = time.perf_counter()
            [(_seq, _first, last)] = pages.arrivals(1)
            if n >= 10:
                took.append(last - began)
                answered.append(done - began)
            time.sleep(random.uniform(0.02, 0.06))
    return took, answered


# --- many at once --------------------------------------------------------------------------------


def fan_out(bench: Bench) -> None:
    """Deliveries a second of what another process commits at once, counted by the clients from its commit."""
    cards = iter(bench.dataset.sessions(CARDS * (BURSTS + 1)))
    its = Client(bench.twin.port, bench.dataset.junior)

    def escalate() -> None:
        with bench.dataset.nudging():
            for session in Session.objects.filter(pk__in=[next(cards) for _each in range(CARDS)]):
                Handoff.escalate(session, bench.dataset.ana, notes="stuck")

    def record() -> None:
        with bench.dataset.nudging():
            bench.dataset.events(THIN)

    with open_pages(bench, bench.ours, MANY) as pages:
        thin, drawn = rate(pages, THIN, record), rate(pages, CARDS, escalate)
    with open_pages(bench, bench.twin, MANY) as pages:
        bare_thin = rate(pages, THIN, lambda: its.get(f"/burst/{THIN}/150/"))
        bare_drawn = rate(pages, CARDS, lambda: its.get(f"/burst/{CARDS}/1500/"))
    for name, ours, twin in (
        (f"{THIN} events to {MANY:,} sockets, deliveries/s", thin, bare_thin),
        (f"{CARDS} cards, drawn, to {MANY:,}, deliveries/s", drawn, bare_drawn),
    ):
        row(name, f"{ours:,.0f}", f"{twin:,.0f}", "≥ 20,000", met=ours >= 20_000)


def rate(pages: OpenPages, count: int, burst: Post) -> float:
    rates = []
    for _n in range(BURSTS + 1):
        time.sleep(1)
        burst()
        done = time.perf_counter()
        arrived = pages.arrivals(count)
        began = min(done, *(first for _seq, first, _last in arrived))  # the first may be there before the answer
        rates.append(count * pages.size / (max(last for _seq, _first, last in arrived) - began))
    return statistics.median(rates[1:])


# --- what goes wrong -----------------------------------------------------------------------------


def lost_nudge(bench: Bench, pages: OpenPages) -> None:
    """A row committed by another process, and nobody is told."""
    took = []
    for _n in range(LOST_RINGS):
        time.sleep(random.uniform(0.3, 1.3))
        bench.dataset.events()
        began = time.perf_counter()
        [(_seq, _first, last)] = pages.arrivals(1)
        took.append(last - began)
    worst = max(took)
    row("A silently lost nudge costs, at most", f"{ms(worst)} ms", "(for ever)", "≤ 2 s", met=worst <= 2)


def storms(bench: Bench) -> None:
    """A thousand connections gone at once; meanwhile one event. Until the last page is back and has it."""
    for name, jitter in (("back at once", False), ("back as live.js comes, within 3 s", True)):
        ours, twin = (storm(bench, server, jitter=jitter) for server in (bench.ours, bench.twin))
        met = ours[0] <= 5 and ours[1] == 0
        row(f"{MANY:,} lost, {name}", came_back(ours), came_back(twin), "≤ 5 s, 0 refused", met=met)
    began, refused, start = restart(bench)
    row(
        f"{MANY:,} lost, the server killed and started",
        came_back((began, refused)),
        "",
        f"(its start took {start:.1f} s)",
    )


def came_back(took: tuple[float, int]) -> str:
    return f"{took[0]:.2f} s, {took[1]} refused"


def storm(bench: Bench, server: Server, *, jitter: bool) -> tuple[float, int]:
    with open_pages(bench, server, MANY) as pages:
        time.sleep(1)
        began = pages.ask("cut")
        seq = bench.dataset.events()
        pages.ask("watch_for_loss", jitter=jitter)
        return caught_up(pages, seq, began)


def restart(bench: Bench) -> tuple[float, int, float]:
    with open_pages(bench, bench.ours, MANY) as pages:
        time.sleep(1)
        pages.ask("watch_for_loss", jitter=True)
        began = time.perf_counter()
        bench.ours.kill()
        seq = bench.dataset.events()
        bench.ours.start()
        return *caught_up(pages, seq, began), bench.ours.started_in


def caught_up(pages: OpenPages, seq: int, began: float) -> tuple[float, int]:
    answer = pages.ask("caught_up", seq=seq)
    return (answer["at"] or float("inf")) - began, answer["refused"]


# --- nothing at all ------------------------------------------------------------------------------


def stay(bench: Bench, seconds: int) -> None:
    """Idle sockets: none is lost, and the beats come."""
    with open_pages(bench, bench.ours, FEW) as pages:
        before = pages.ask("count")["beats"]
        time.sleep(seconds)
        found = pages.ask("count")
    beats = (found["beats"] - before) / FEW
    met = found["lost"] == 0 and beats >= seconds / 5 - 1.5
    more = "" if seconds >= 600 else "; IDLE=600"
    row(
        f"{FEW} idle sockets for {seconds} s",
        f"{found['lost']} lost, {beats:.1f} beats",
        "",
        f"0 lost, beats every 5 s{more}",
        met=met,
    )
