"""The cast, and what most tests share.

Northwind is the MSP every test is about; Eve of Elsewhere must never see any of it.
"""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management.color import no_style
from django.core.management.commands import flush
from django.db import connection, transaction
from django.utils import timezone
from PIL import Image

from handoffs.models import Handoff, SavedView, Summary, SummaryFeedback
from notifications.models import Channel, Delivery, Notification, Preference
from notifications.relay import relay
from resolutionflow.accounts.models import Account, ApiToken, Event, Team, User
from resolutionflow.core import outgoing_http
from sessions_app.files.reading import ready
from sessions_app.models import AiCall, Checklist, PsaConnection, Session, SessionFile, Step, StoredFile
from tests.fakes.connectwise import ConnectWise

pytest_plugins = ["tests.live_site", "tests.web_process", "tests.real_systems"]


PROCESSES = {"live_site", "workers", "worker_process", "website"}  # fixtures that start what takes a while
DATABASES = {"db", "transactional_db", "real"}
TWICE = {"handoffs", "notifications", "sessions_app"}  # make test runs them on both databases, see test_sets.py
COLLECTED = pytest.StashKey[list[pytest.Function]]()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Function]) -> None:
    """Walks over every address, and what starts a server or a worker, are thorough without saying so.

    And what asks for no database is the same on both: pure, and run once.
    """
    config.stash[COLLECTED] = list(items)
    for item in items:
        asked = set(item.fixturenames)
        if item.path.parent.name == "every_address" or PROCESSES & asked:
            item.add_marker("thorough")
        twice = item.path.relative_to(Path(__file__).parent).parts[0] in TWICE
        if twice and not DATABASES & asked and not item.get_closest_marker("django_db"):
            item.add_marker("pure")


def pytest_collection_finish() -> None:
    gc.freeze()  # ten thousand tests and what they import stay: walking over them took a tenth of a run


@pytest.fixture(autouse=True)
def no_update_over_a_subquery() -> Iterator[None]:
    """PostgreSQL looks again at a row it waited for, not into the subquery that found it: OwnedQuerySet.by_number."""

    def refuse(execute: Any, sql: str, *rest: Any) -> Any:
        assert not (sql.startswith("UPDATE") and "SELECT" in sql), f"An UPDATE over a subquery: {sql}"
        return execute(sql, *rest)

    with connection.execute_wrapper(refuse):
        yield


MIGRATED = {"django_content_type", "auth_permission"}  # what migrate writes; no test changes it


def empty_tables(_self: flush.Command, **_options: Any) -> None:
    """What a test that committed has left. Django's own way empties all tables, and writes anew what migrate did: that
    took twice as long, after hundreds of tests."""
    tables = sorted(set(connection.introspection.django_table_names()) - MIGRATED)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # waits for whoever still writes
            cursor.execute(f"LOCK TABLE {', '.join(tables)}")
        cursor.execute(" UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM {one})" for one in tables))
        if filled := [name for (name,) in cursor.fetchall()]:
            sql = connection.ops.sql_flush(no_style(), filled, allow_cascade=connection.vendor == "postgresql")
            connection.ops.execute_sql_flush(sql)


@pytest.fixture(scope="session", autouse=True)
def quick_flush() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", empty_tables)
        yield


def shown_by(answer: Any) -> dict[str, Any]:
    """The fields of a page's form as a browser would send them, were nothing touched."""
    sent = {field.html_name: field.field.widget.format_value(field.value()) for field in answer.context["form"]}
    return {name: value for name, value in sent.items() if value is not None}


def relay_all() -> None:
    """What a worker would do about the events there are."""
    for pk in Event.objects.unrelayed().order_by("pk").values_list("pk", flat=True):
        relay(pk)


def summarised(handoff: Handoff, **words: Any) -> Summary:
    """As the AI's answer is stored: its words are a new version."""
    done = {"account": handoff.account, "status": "done", "done_at": timezone.now()}
    summary, _made = Summary.objects.update_or_create(handoff=handoff, defaults=done)
    summary.add_version(**words)
    return summary


PASSWORD = "correct horse battery"


@cache
def hashed_password() -> str:
    """PASSWORD as it is stored, made once a process: it is meant to take long."""
    return make_password(PASSWORD)


def person(account: Account, name: str, role: str = "engineer", **fields) -> User:
    """Somebody who has signed in before."""
    email = f"{name.lower()}@{account.name.lower()}.example"
    fields = {"account": account, "name": f"{name} Tester", "role": role, "confirmed_email": email, **fields}
    return User.objects.create_user(email, **fields)


@pytest.fixture
def northwind(db) -> Account:
    return Account.objects.create(name="Northwind")


@pytest.fixture
def elsewhere(db) -> Account:
    return Account.objects.create(name="Elsewhere")


@pytest.fixture
def ana(northwind) -> User:
    """Junior: opens sessions and escalates them."""
    return person(northwind, "Ana")


@pytest.fixture
def bo(northwind) -> User:
    """Senior: claims."""
    return person(northwind, "Bo")


@pytest.fixture
def cy(northwind) -> User:
    """Another senior: claims at the same moment."""
    return person(northwind, "Cy")


@pytest.fixture
def lea(northwind) -> User:
    """Lead, by the flag."""
    return person(northwind, "Lea", lead=True)


@pytest.fixture
def olga(northwind) -> User:
    """Owner."""
    return person(northwind, "Olga", "owner")


@pytest.fixture
def adam(northwind) -> User:
    """Admin."""
    return person(northwind, "Adam", "admin")


@pytest.fixture
def vic(northwind) -> User:
    """Viewer."""
    return person(northwind, "Vic", "viewer")


@pytest.fixture
def eve(elsewhere) -> User:
    """Owner of another account."""
    return person(elsewhere, "Eve", "owner")


@pytest.fixture
def network(northwind, bo) -> Team:
    team = Team.objects.create(account=northwind, name="Network")
    team.members.add(bo)
    return team


@pytest.fixture
def session(ana) -> Session:
    """Ana works on it: three steps, one still open."""
    session = Session.open(
        ana,
        problem_summary="VPN drops every ten minutes for two users",
        problem_domain="network",
        client_name="Northgate Legal",
        asset_name="NL-FW01",
        psa_ticket_id="48190",
    )
    session.add_step(ana, text="Restarted the VPN service", outcome=Step.Outcome.FAILED, free_text="error 809 again")
    session.add_step(ana, text="Checked the firewall log", kind="check", outcome=Step.Outcome.INCONCLUSIVE)
    session.add_step(ana, text="Ask the user for the router model", kind="question")
    return session


@pytest.fixture
def waiting(session, ana, bo, cy) -> Handoff:
    """Ana's session, escalated to anyone."""
    return Handoff.escalate(session, ana, notes="I am stuck, it looks like the tunnel itself.", priority=1)


@pytest.fixture
def claimed(waiting, bo) -> Handoff:
    """… and claimed by Bo."""
    waiting.claim(bo)
    return waiting


@pytest.fixture
def fake(settings) -> Iterator[ConnectWise]:
    """A ConnectWise PSA that may be called."""
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    with ConnectWise() as fake:
        yield fake


@pytest.fixture
def impatient(monkeypatch) -> None:
    """What does not answer is not waited for long. Only for tests of that: a busy machine may not answer either."""
    monkeypatch.setattr(outgoing_http, "READ", 2.0)


@pytest.fixture
def files_on_disk(tmp_path, settings) -> Path:
    """The storage of files is a folder of the test's own."""
    folder = tmp_path / "files"
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}
    settings.STORAGES = {**settings.STORAGES, "files": disk}
    return folder


def add_picture(session: Session, user: User, **place: Any) -> SessionFile:
    """A small picture, by this person."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    stored = StoredFile(session.account_id, ready("error.png", out.getvalue()))
    return session.add_file(user, stored=stored, **place)


@pytest.fixture
def things(claimed, ana, bo, lea, olga, vic, network) -> dict[str, Any]:
    """One of everything in Northwind, and what stands in each address for it."""
    account, session = ana.account, claimed.session
    event = Event.objects.filter(kind="handoff.escalated").get()
    for user in (bo, vic):
        user.password = hashed_password()
        user.save()
    User.objects.filter(pk=ana.pk).update(confirmed_email="")  # a new link can be made for her
    line = Notification.objects.create(account=account, user=bo, event=event, handoff=claimed, title="x", why="y")
    mail = Delivery.objects.create(
        account=account, handoff=claimed, kind="email", address="x@y.example", status="failed"
    )
    rt = PsaConnection.connect(olga, kind="request_tracker", name="RT", base_url="https://rt.example", credentials={})
    Session.objects.filter(pk=session.pk).update(psa_connection=rt)
    asked = {"system": "Summarise it.", "record": "RECORD", "task": "Now."}
    about = {"account": account, "session": session, "purpose": "summary", "prompt_version": "summary-1"}
    call = AiCall.objects.create(
        **about, outcome="cut_off", model="claude", asked=asked, answered="It is", tokens_read=9
    )
    version = summarised(claimed, summary_prose="It is the tunnel.", steps_seen=1, call=call).current
    Channel.add(olga, name="Inbox", address="desk@northwind.example")
    SummaryFeedback.give(version, lea, useful=False, comment="It was the firewall")
    Preference.choose(bo, digest=False)
    return {
        "sessions": session.pk, "handoffs": claimed.pk, "notifications": line.pk, "deliveries": mail.pk,
        "tokens": ApiToken.issue(bo, name="bo's", scope="read")[0].pk, "members": ana.pk, "teams": network.pk,
        "channels": Channel.add(olga, name="Desk", kind="webhook", address="https://hooks.example/northwind").pk,
        "psa": rt.pk, "channel_kind": "email",
        "checklists": (vpn := Checklist.add(lea, name="VPN down", domain="network", checks="Ping it\nRead its log")).pk,
        "checklist_pk": vpn.pk, "queue": SavedView.add(bo, name="Ours", query="", shared=True).pk,
        "step_pk": session.steps.get(order=1).pk, "branch_pk": session.active_branch_id, "kind": "request_tracker",
        "file_pk": add_picture(session, bo, step=session.steps.first()).pk,
        "tickets": rt.pk, "message_pk": session.add_message(bo, content="Looking at it").pk,
    }  # fmt: skip


class Wrong(list[str]):
    """What does not hold, all of it at once."""

    def unless(self, holds: bool, *words: Any) -> None:
        if not holds:
            self.append(" ".join(map(str, words)))


@pytest.fixture
def wrong() -> Iterator[Wrong]:
    """Collects with `wrong.unless(holds, …)`; the test fails at its end and names everything that did not hold."""
    found = Wrong()
    yield found
    assert not found, "\n" + "\n".join(found)


@pytest.fixture
def root(db) -> User:
    """The operator of the platform: of no account."""
    return User.objects.create_superuser("root@platform.example", PASSWORD, name="Root")
