"""The queue of a busy account: 5,000 cards waiting among a million handoffs that are closed, and beside it the
people and queues of many other accounts.

The rows are copies of one session and its handoff, made by the verbs, with what filters look at varied; they are
strewn among each other as years of work would leave them. The plans are those of the statements the page sends.
"""

from __future__ import annotations

import statistics
import time
from functools import partial
from typing import Any

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from handoffs.models import Handoff, SavedView
from resolutionflow.accounts.models import Account, Team, User
from sessions_app.models import Session, Step
from tests.bench.measuring import Ask, Bench, Client, head, ms, row, say

OPEN, CLOSED = 5_000, 1_000_000
ACCOUNTS, PEOPLE, THEIRS = 120, 10, 50  # other accounts; people in each, ours too; open cards in each
EVERY = CLOSED // OPEN + 1  # one in so many is open
PAGES, WARM, GOAL = 40, 5, 0.1
VIEWS = (
    "priority=urgent",
    "q=offline&target=me",
    "lane=claimed",
    "client=client+7&sort=wait",
    "older_than=2h&ticket=no",
)

Columns = dict[str, str]  # by name: what stands there instead of the template row's


def measure(bench: Bench) -> None:
    dataset = bench.dataset
    fill(dataset)
    head(f"Queue with {OPEN:,} open and {CLOSED:,} closed beside {ACCOUNTS} accounts, p50 / p95")
    mine, its = Client(bench.ours.port, cookie=dataset.cookie()), Client(bench.twin.port)
    plain = timed(partial(its.get, f"/queue/{dataset.bo.pk}/"))
    for name, query in queries(dataset).items():
        took = timed(partial(mine.get, f"/queue/?{query}"))
        row(f"Queue, {name}", shown(took), shown(plain), f"p95 ≤ {GOAL * 1000:.0f} ms", met=p95(took) <= GOAL)
    plans(dataset, "q=offline&client=client&sort=client")
    plans(dataset, "")


def queries(dataset: Any) -> dict[str, str]:
    team = Team.objects.get(account=dataset.account)
    sorts = {f"sort by {sort}": f"sort={sort}" for sort in ("wait", "client")}
    return {
        "first page": "",
        **sorts,
        **{f"lane {lane}": f"lane={lane}" for lane in ("mine", "claimed", "parked")},
        "two priorities": "priority=urgent&priority=low",
        "two domains": "domain=network&domain=email",
        "part of the client": "client=client+19",
        "sender": f"sender={dataset.ana.pk}",
        "aimed at me": "target=me",
        "aimed at anyone": "target=anyone",
        "team": f"team={team.pk}",
        "age": "older_than=1d",
        "has a ticket": "ticket=yes",
        "text": "q=printer+offline",
        "text nobody wrote": "q=zeppelin",
        "everything at once": f"q=offline&priority=high&domain=network&client=client&sender={dataset.ana.pk}"
        "&target=anyone&older_than=1m&ticket=yes&sort=client",
    }


def timed(ask: Ask) -> list[float]:
    for _warm in range(WARM):
        ask()
    took = []
    for _page in range(PAGES):
        began = time.perf_counter()
        ask()
        took.append(time.perf_counter() - began)
    return took


def p95(took: list[float]) -> float:
    return sorted(took)[min(len(took) - 1, int(len(took) * 0.95))]


def shown(took: list[float]) -> str:
    return f"{ms(statistics.median(took))} / {ms(p95(took))} ms"


def plans(dataset: Any, query: str) -> None:
    """EXPLAIN of every statement of the page that reads handoffs: the counts, the cards, the frame's badge."""
    browser = Browser()
    browser.force_login(dataset.bo)
    with CaptureQueriesContext(connection) as asked:
        browser.get(f"/queue/?{query}", headers={"host": "127.0.0.1"})
    for statement in (one["sql"] for one in asked.captured_queries):
        if '"handoffs_handoff"' in statement and statement.startswith("SELECT"):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {statement}".replace("%", "%%"))
                plan = "\n".join(line for (line,) in cursor.fetchall())
            say(f"\n/queue/?{query}\n{statement[:400]} …\n\n{plan}")


# --- a million rows --------------------------------------------------------------------------------


def fill(dataset: Any) -> None:
    [pattern] = dataset.handoffs(1)
    handoff = Handoff.objects.get(pk=pattern)
    team = Team.objects.create(account=dataset.account, name="Network")
    team.members.add(dataset.bo)
    for query in VIEWS:
        SavedView.add(dataset.bo, name=query, query=query)
    people = neighbours(dataset)
    first = 10 * (handoff.pk + handoff.session_id)  # beyond what the verbs made
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET session_replication_role = replica")  # no foreign keys are checked row by row
        copy(cursor, Session, handoff.session_id, first, CLOSED + OPEN, session_columns())
        copy(cursor, Handoff, pattern, first, CLOSED + OPEN, handoff_columns(dataset, team.pk, people[0], first))
        beyond = first + CLOSED + OPEN + 10
        for model, row in ((Session, handoff.session_id), (Handoff, pattern)):
            copy(cursor, model, row, beyond, ACCOUNTS * THEIRS, their_columns(model, people, beyond))
        for step in Step.objects.filter(session=handoff.session_id):
            step_first = first + step.order * OPEN * 2
            copy(cursor, Step, step.pk, step_first, OPEN, {"session_id": f"{first} + n * {EVERY}", "branch_id": "NULL"})
        cursor.execute("RESET session_replication_role")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")


def neighbours(dataset: Any) -> list[int]:
    """More people for our account and as many for each of the others; the first of each ten, ours first."""
    accounts = [dataset.account, *(Account.objects.create(name=f"Other {n}") for n in range(ACCOUNTS))]
    people = User.objects.bulk_create(
        User(account=accounts[n // PEOPLE], name=f"Person {n}", email=f"person{n}@others.example")
        for n in range(len(accounts) * PEOPLE)
    )
    return [person.pk for person in people[::PEOPLE]]


def their_columns(model: Any, people: list[int], first: int) -> Columns:
    """The open cards of the other accounts: each account's are sent by its own people."""
    accounts = list(User.objects.filter(pk__in=people[1:]).order_by("pk").values_list("account_id", flat=True))
    whose, person = f"n %% {ACCOUNTS}", f"{people[1]} + (n %% {ACCOUNTS}) * {PEOPLE} + n %% {PEOPLE}"
    changed = {"account_id": f"(ARRAY{accounts})[1 + {whose}]", "form_key": "NULL"}
    if model is Session:
        summary = "'Printer offline since ' || n"
        return changed | {"started_by_id": person, "assignee_id": person, "problem_summary": summary}
    return changed | {"session_id": f"{first} + n", "sender_id": person, "holder_id": person, "status": "'open'"}


def copy(cursor: Any, model: Any, pattern: int, first: int, count: int, changed: Columns) -> None:
    """`count` copies of row `pattern`, numbered from `first` + 1."""
    table, columns = model._meta.db_table, [field.column for field in model._meta.concrete_fields]
    values = ({"id": f"{first} + n", **changed}.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f'INSERT INTO "{table}" ({names}) SELECT {", ".join(values)}'
        f' FROM "{table}" t CROSS JOIN generate_series(1, %s) n WHERE t.id = %s',
        [count, pattern],
    )
    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), %s)", [first + count + 1])


IS_OPEN = f"n %% {EVERY} = 0"
NTH = f"(n / {EVERY})"  # counts the open ones
CLAIMED, PARK = (f"({IS_OPEN} AND {NTH} %% 20 = {remainder})" for remainder in (1, 2))


def session_columns() -> Columns:
    return {
        "problem_summary": "(ARRAY['Printer', 'VPN', 'Mailbox', 'Server'])[1 + n %% 4] || ' offline since ' || n",
        "client_name": "'Client ' || n %% 200",
        "asset_name": "'PC-' || n %% 5000",
        "problem_domain": "(ARRAY['network', 'email', 'server', 'printing', 'other'])[1 + n %% 5]",
        "psa_ticket_id": "CASE WHEN n %% 2 = 0 THEN '' ELSE (40000 + n)::text END",
        "status": f"CASE WHEN {CLAIMED} THEN 'active' WHEN {PARK} THEN 'paused' WHEN {IS_OPEN} THEN 'escalated'"
        " ELSE 'resolved' END",
        "active_branch_id": "NULL",
        "form_key": "NULL",
    }


def handoff_columns(dataset: Any, team: int, people: int, first: int) -> Columns:
    """Of the open ones: every fourth aimed at a person or a team, a few claimed, a few parked."""
    bo, has_claimer = dataset.bo.pk, f"NOT ({IS_OPEN}) OR {CLAIMED}"
    return {
        "session_id": f"{first} + n",
        "sender_id": f"CASE WHEN {NTH} %% 2 = 0 THEN {dataset.ana.pk} ELSE {people} + n %% {PEOPLE} END",
        "status": f"CASE WHEN {CLAIMED} THEN 'claimed' WHEN {IS_OPEN} THEN 'open' ELSE 'closed' END",
        "closed_reason": f"CASE WHEN {IS_OPEN} THEN '' ELSE 'resolved' END",
        "intent": f"CASE WHEN {PARK} THEN 'park' ELSE 'escalate' END",
        "priority": f"{NTH} %% 4",
        "snapshot": "'{}'::jsonb",
        "opened_at": "now() - interval '1 minute' * (n / 50)",
        "created_at": "now() - interval '1 minute' * (n / 50)",
        "claimed_by_id": f"CASE WHEN {has_claimer} THEN {bo} END",
        "claimed_at": f"CASE WHEN {has_claimer} THEN now() - interval '1 minute' * (n / 50) END",
        "target_user_id": f"CASE WHEN {NTH} %% 8 = 3 THEN {bo} END",
        "target_team_id": f"CASE WHEN {NTH} %% 8 = 7 THEN {team} END",
    }
