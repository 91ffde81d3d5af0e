"""What the AI costs beside the model's own time, and what a model that takes 25 seconds costs those who click."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from handoffs.models import Handoff, SummaryVersion
from resolutionflow.accounts.models import Account
from tests.bench.measuring import ROUNDS, Client, Site, figures, head, ms, row, worker
from tests.fakes.messages_api import MessagesApi, answer

SUMMARIES, CLICKS = 30, 20
MODEL, SLOW = 0.2, 25.0  # seconds it takes to answer
OVERHEAD, SLOWER = 0.150, 1.05
READING = {
    "summary_prose": "It was restarted in vain.",
    "what_we_know": [{"text": "A restart did not help.", "evidence": ["s1"]}],
    "likely_cause": {"text": "The log says more.", "evidence": ["s2"]},
    "suggested_steps": [{"text": "Compare the lifetimes.", "evidence": ["s2"]}],
    "confidence": "low",
}


def measure(dataset: Any, environment: dict[str, str]) -> None:
    head("The AI, p50 / p99")
    model = MessagesApi()
    asking = {**environment, "ANTHROPIC_API_KEY": "sk-ant-bench", "ANTHROPIC_BASE_URL": model.url}
    with ExitStack() as stopping:
        stopping.callback(model.stop)
        site = Site(asking)
        stopping.callback(site.stop)
        for queue in ("fast", "slow"):
            stopping.enter_context(worker(queue, asking))
        overhead(dataset, site, model)
        clicks(dataset, site, model)


def overhead(dataset: Any, site: Site, model: MessagesApi) -> None:
    """From the answer to Escalate to the stored summary, less the model's time: one after the other."""
    model.says(answer(READING, after=MODEL))
    client, took = Client(site.port, dataset.junior), []
    for n, session in enumerate(dataset.sessions(SUMMARIES + 3)):
        client.post(f"/api/v1/sessions/{session}/escalate/", '{"notes": "stuck"}')
        began = time.perf_counter()
        while not SummaryVersion.objects.filter(summary__handoff__session=session).exists():
            if time.perf_counter() - began > 60:
                sys.exit("No summary within a minute.")
            time.sleep(0.002)
        if n >= 3:  # the first ones wait for the workers to start
            took.append(time.perf_counter() - began - MODEL)
    p50 = statistics.median(took)
    row(
        "Summary stored, beyond the model's own time", figures(took), "", f"p50 < {ms(OVERHEAD)} ms", met=p50 < OVERHEAD
    )


def clicks(dataset: Any, site: Site, model: MessagesApi) -> None:
    """The same clicks with the AI off and with a model that takes 25 seconds, in turn."""
    model.says(answer(READING, after=SLOW))
    mine, its = Client(site.port, dataset.junior), Client(site.port, dataset.senior)
    page = Client(site.port, cookie=dataset.cookie())
    count = 2 * ROUNDS * CLICKS
    sessions, waiting = iter(dataset.sessions(count)), iter(dataset.handoffs(count))
    shown = Handoff.objects.order_by("pk").last().get_absolute_url()
    asks: dict[str, Callable[[], None]] = {
        "Escalate": lambda: mine.post(f"/api/v1/sessions/{next(sessions)}/escalate/", '{"notes": "stuck"}'),
        "Claim": lambda: its.post(f"/api/v1/handoffs/{next(waiting)}/claim/"),
        "Pick-up page": lambda: page.get(shown),
    }
    took: dict[tuple[str, bool], list[float]] = {(name, on): [] for name in asks for on in (False, True)}
    for _round in range(ROUNDS):
        for on in (False, True):
            Account.objects.filter(pk=dataset.account.pk).update(ai_enabled=on)
            for name, ask in asks.items():
                for _n in range(CLICKS):
                    began = time.perf_counter()
                    ask()
                    took[name, on].append(time.perf_counter() - began)
    for name in asks:
        off, on = took[name, False], took[name, True]
        ratio = statistics.median(on) / statistics.median(off)
        goal = f"≤ {SLOWER:.2f} x of AI off: {ratio:.2f}"
        row(f"{name}, the model takes {SLOW:.0f} s", figures(on), f"{figures(off)} off", goal, met=ratio <= SLOWER)
