"""manage.py queue: what waits, in the terminal, in the order of the page."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.http import QueryDict

from handoffs.models import Handoff, with_counts
from handoffs.queue.filters import SORTS, QueueQuery, matching
from resolutionflow.accounts.management import base
from resolutionflow.accounts.models import Account, Priority
from resolutionflow.core import clock
from resolutionflow.ops.terminal import plain, table, wants_colour
from resolutionflow.web.templatetags import span
from sessions_app.models import Domain

WIDTH = 100  # where there is no terminal to ask
HEAD = ("", "waits", "problem", "client", "ticket", "from", "for", "tried")
LIMITS = (6, 9, 24, 16, 12, 12, 12, 11)
PROBLEM, LEAVE_OUT = 2, (5, 3, 7, 6)  # where it is narrow: from, client, tried, for
MARKS = {"failed": "✗", "ruled_out": "∅", "inconclusive": "?", "worked": "✓"}
LEGEND = "tried: ✗ failed, ∅ ruled out, ? unclear, ✓ worked"
BOLD, RED, YELLOW, END = "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[0m"
COLOURS = {Priority.URGENT: RED, Priority.HIGH: YELLOW}


class Command(base.SiteCommand):
    help = "Show the open queue: priority first, then the longest wait."

    def add_arguments(self, parser: CommandParser) -> None:
        words = ", ".join(priority.word for priority in Priority)
        parser.add_argument("--account", metavar="NAME", help="of this account alone; all accounts when not said")
        parser.add_argument("--priority", action="append", metavar="WORD", help=f"{words}; may be given several times")
        parser.add_argument("--domain", action="append", metavar="WORD", help=", ".join(Domain.values))
        parser.add_argument("--client", metavar="TEXT", help="the client's name has this in it")
        parser.add_argument("--ticket", metavar="NUMBER", help="this ticket; or yes, no: with one or without")
        parser.add_argument("--older-than", metavar="AGE", help="waiting at least so long: 30m, 2h, 1d")
        parser.add_argument("--q", metavar="WORDS", help="every word is in problem, client, device or ticket")
        parser.add_argument("--sort", choices=tuple(SORTS), help="priority when not said")
        parser.add_argument("--json", action="store_true", help="for scripts: a list of handoffs")

    def run(self, options: dict[str, Any]) -> None:
        listing = _listing(options)
        accounts = (
            Account.objects.order_by("name") if options["account"] is None else [self.account(options["account"])]
        )
        found = [(account, _waiting(account, listing)) for account in accounts]
        for line in _as_json(found) if options["json"] else self._as_text(found, listing, options):
            self.stdout.paint(line)

    def _as_text(
        self, found: list[tuple[Account, list[Handoff]]], listing: QueueQuery, options: dict[str, Any]
    ) -> Iterable[str]:
        colour = wants_colour(self.stdout, options)
        columns = shutil.get_terminal_size((WIDTH, 24)).columns if self.stdout.isatty() else WIDTH
        if not found:
            yield "There is no account yet: create_account makes one."
        for number, (account, rows) in enumerate(found):
            yield from [""] if number else []
            yield _painted(_heading(account, rows, listing), BOLD, colour)
            yield from _lines(rows, columns, colour) if rows else []
        if any(row.tried for _account, waiting in found for row in waiting):
            yield f"\n{LEGEND}"


# --- what waits --------------------------------------------------------------------------------


def _listing(options: dict[str, Any]) -> QueueQuery:
    """The options, read as filters of the queue's page."""
    asked = QueryDict(mutable=True)
    for name in ("priority", "domain", "client", "ticket", "older_than", "q", "sort"):
        given = options[name] or []
        asked.setlist(name, given if isinstance(given, list) else [given])
    listing = QueueQuery.read(asked)
    if listing.errors:
        raise CommandError(" ".join(f"--{name.replace('_', '-')}: {said}" for name, said in listing.errors.items()))
    return listing


def _waiting(account: Account, listing: QueueQuery) -> list[Handoff]:
    rows = Handoff.objects.filter(account=account).waiting().filter(matching(**listing.values)).with_card()
    return with_counts(rows.order_by(*listing.order).defer("snapshot", "notes", "session__intake_text"))


def _for(handoff: Handoff) -> str:
    return plain(str(handoff.target)) if handoff.target and handoff.widens_at else "anyone"


# --- as lines ----------------------------------------------------------------------------------


def _heading(account: Account, rows: list[Handoff], listing: QueueQuery) -> str:
    if not rows:
        return f"{plain(account.name)}: {'nothing fits' if listing.values else 'the queue is empty'}"
    longest = span(clock.now() - min(row.opened_at for row in rows))
    return f"{plain(account.name)}: {len(rows)} {'fit' if listing.values else 'waiting'}, the longest {longest}"


def _lines(rows: list[Handoff], columns: int, colour: bool) -> Iterable[str]:
    cells = [HEAD, *map(_cells, rows)]
    lines = table(cells, LIMITS, columns=columns, rest=PROBLEM, drop=LEAVE_OUT)
    yield lines[0]
    for row, line in zip(rows, lines[1:], strict=True):
        word = row.priority_word
        yield _painted(word, COLOURS.get(Priority(row.priority), ""), colour) + line[len(word) :]


def _cells(handoff: Handoff) -> tuple[str, ...]:
    session = handoff.session
    waits = clock.now() - handoff.opened_at
    return (
        handoff.priority_word,
        span(waits) if waits.total_seconds() >= 60 else "now",
        plain(session.problem_summary),
        plain(session.client_name) or "-",
        plain(session.psa_ticket_id) or "-",
        plain(handoff.sender.name),
        _for(handoff),
        " ".join(f"{MARKS[outcome]}{count}" for outcome, count, _each in handoff.marks) or "-",
    )


def _painted(text: str, colour: str, wanted: bool) -> str:
    return f"{colour}{text}{END}" if wanted and colour else text


# --- as JSON -----------------------------------------------------------------------------------


def _as_json(found: list[tuple[Account, list[Handoff]]]) -> Iterable[str]:
    """Lines of a JSON list, one handoff a line, in ASCII."""
    lines = [json.dumps(_row(account, row)) for account, waiting in found for row in waiting]
    return ["[", *(f"  {line}," for line in lines[:-1]), *(f"  {line}" for line in lines[-1:]), "]"]


def _row(account: Account, handoff: Handoff) -> dict[str, Any]:
    session = handoff.session
    return {
        "id": handoff.pk,
        "account": account.name,
        "priority": handoff.priority_word,
        "opened_at": clock.iso(handoff.opened_at, "seconds"),
        "waits_seconds": int((clock.now() - handoff.opened_at).total_seconds()),
        "problem": session.problem_summary,
        "domain": session.problem_domain,
        "client": session.client_name or None,
        "ticket": session.psa_ticket_id or None,
        "from": handoff.sender.name,
        "for": _for(handoff),
        "attempts": handoff.attempts,
        "url": f"{settings.SITE_URL}{handoff.get_absolute_url()}",
    }
