"""`make quality`: what of the recorded cases a colleague sees on the pick-up screen, and where; and of secrets that are
pasted, how many the redaction catches; of texts that try to lead the AI astray, how many do no harm; of suggestions
that repeat a step, how many are found; and what the AI makes of the cases, where `ANTHROPIC_API_KEY` is set.

It measures and judges nothing: its exit status is 0 whatever the figures are. `ONLY=redaction`, `injections`, `tried`
or `ai` measures that alone, `ONLY=vpn` the cases with this in their names or their file's. `SHOW=1` prints what is
missed of the texts held out, too, `PICTURES=folder` keeps a picture of each page, `PORT=8671` says where the site is.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import django

from tests import servers
from tests.bench.measuring import Server, say
from tests.quality.asking import hostile_report
from tests.quality.asking.hostile import answer_faults, load_answers, load_texts, prompt_faults, recorded
from tests.quality.cases import Case, load_cases
from tests.quality.redaction.report import report as report_redaction
from tests.quality.redaction.samples import FRESH, READ, load_samples, scores

HOME = Path(tempfile.mkdtemp(prefix="resolutionflow-quality-"))
WAITED = timedelta(minutes=5)  # since each was escalated
ONLY = os.environ.get("ONLY", "")
KEY = os.environ.pop("ANTHROPIC_API_KEY", "")  # of no page: nothing on one changes while it is looked at


def main() -> None:
    """What needs no site first, then the cases: printed part by part."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # however it ends, its server ends too
    try:
        port = int(os.environ.get("PORT") or servers.free_port())
        environment = embedded(port)
        os.environ.update({**environment, "DJANGO_SETTINGS_MODULE": "resolutionflow.settings"})
        django.setup()
        cases = load_cases()
        for name, measure_part in PARTS.items():
            if ONLY in ("", name):
                measure_part()
        chosen = [case for case in cases if ONLY in f"{case.family} {case.name}"]
        if chosen and ONLY not in (*PARTS, AI):
            measure(chosen, port, environment)
        if ONLY in ("", AI):
            measure_ai(cases)
    finally:
        shutil.rmtree(HOME, ignore_errors=True)


def measure_redaction() -> None:
    """The texts of tests/quality/secrets/, secrets_read/ and secrets_fresh/, where it is there, each in five forms."""
    from resolutionflow.core.redaction import redact

    samples = [*load_samples(), *load_samples(READ), *load_samples(FRESH)]
    say(f"Redacting {len(samples)} texts …")
    report_redaction(scores(samples, redact), show_held_out=bool(os.environ.get("SHOW")))


def measure_injections() -> None:
    """The texts of tests/quality/injections/, each recorded and made a prompt of; and the model's answers to one."""
    from django.db import transaction

    from handoffs.prompt.record import read_record

    ana = people()["ana"]
    texts, answers = load_texts(), load_answers()
    say(f"Recording {len(texts)} texts, reading {len(answers)} answers …")
    with transaction.atomic():  # all of it is taken back: the pages show none of these sessions
        faults = {name: prompt_faults(recorded(text, ana)) for name, text in texts.items()}
        handoff = recorded("The tunnel drops.", ana)
        read = read_record(handoff.session, handoff.from_sender)
        wrong = {answer.name: answer_faults(answer, content=read.content, ids=read.ids) for answer in answers}
        transaction.set_rollback(True)
    hostile_report.report(faults, wrong)


def measure_tried() -> None:
    """The suggestions of tests/quality/tried/: which are taken for steps that were tried."""
    from tests.quality.tried.report import report as report_tried
    from tests.quality.tried.suggestions import load

    report_tried(load(), show_held_out=bool(os.environ.get("SHOW")))


def measure_ai(cases: Sequence[Case]) -> None:
    """What the model makes of the cases; last, because it takes minutes and costs money."""
    if not KEY:
        say("\nThe AI's answers: skipped, ANTHROPIC_API_KEY is not set.")
        return
    from django.test import override_settings

    from tests.quality.asking import answers

    say(f"Asking the AI about {len(cases)} cases …")
    handoffs = play_all(cases)
    with override_settings(ANTHROPIC_API_KEY=KEY):
        answers.report([answers.ask(case, handoff) for case, handoff in zip(cases, handoffs, strict=True)])


AI = "ai"
PARTS = {"redaction": measure_redaction, "injections": measure_injections, "tried": measure_tried}


def embedded(port: int) -> dict[str, str]:
    """A site on SQLite, without the AI, and without workers: nothing on a page changes while it is looked at."""
    return servers.environment(
        DEBUG="1", DATA_DIR=str(HOME), PORT=str(port), SITE_URL=f"http://127.0.0.1:{port}", LOG_LEVEL="WARNING"
    )


def measure(cases: Sequence[Case], port: int, environment: dict[str, str]) -> None:
    """Fill a database, start the site on it, open every case in a browser, print."""
    from tests.quality.report import report

    say(f"Playing {len(cases)} cases …")
    readers, addresses = fill(cases)
    server = Server([sys.executable, "-m", "tests.web_process"], port, environment)
    try:
        answers, shown = look_at(cases, readers, addresses)
    finally:
        server.stop()
    report(answers, shown)


@cache
def people() -> dict[str, Any]:
    """The people of an account in the database, which is made now."""
    from resolutionflow.accounts.models import Account, User
    from resolutionflow.ops import prepare
    from tests.quality.measuring import ZONE

    prepare.migrate()
    account = Account.objects.create(name="Harbour IT", time_zone=ZONE)
    names = {"ana": "Ana Petrov", "dev": "Dev Rao", "bo": "Bo Lindqvist", "cy": "Cy Tanaka"}
    return {
        login: User.objects.create_user(
            f"{login}@harbour.example", account=account, name=name, confirmed_email=f"{login}@harbour.example"
        )
        for login, name in names.items()
    }


def play_all(cases: Sequence[Case]) -> list[Any]:
    """The cases, each recorded and escalated."""
    from django.utils import timezone

    from tests.quality.recording import play

    escalated_at = timezone.now() - WAITED
    return [play(case, people(), escalated_at=escalated_at) for case in cases]


def fill(cases: Sequence[Case]) -> tuple[list[Any], list[str]]:
    """Two people who open the cases, and the address of each."""
    from django.conf import settings

    from resolutionflow.ops import prepare

    prepare.collect_static()
    addresses = [f"{settings.SITE_URL}{handoff.get_absolute_url()}" for handoff in play_all(cases)]
    return [people()["bo"], people()["cy"]], addresses


def look_at(cases: Sequence[Case], readers: Sequence[Any], addresses: Sequence[str]) -> tuple[list[Any], list[Any]]:
    from playwright.sync_api import sync_playwright

    from tests.live_site import CHROMIUM, Site, session_cookie
    from tests.quality.measuring import measure as measure_page

    site = Site(addresses[0].rsplit("/handoffs/")[0], server=None)
    cookies = [session_cookie(reader, site) for reader in readers]
    pictures = Path(os.environ["PICTURES"]) if os.environ.get("PICTURES") else None
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    answers, shown = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        for case, address in zip(cases, addresses, strict=True):
            found, lines = measure_page(browser, case, address, cookies, pictures)
            answers += found
            shown.append(lines)
        browser.close()
    return answers, shown


if __name__ == "__main__":
    main()
