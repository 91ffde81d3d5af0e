"""Who may do what at every address. The addresses come from the URL list: a new one without a rule here fails.

Not signed in, a page leads to the sign-in and the API answers 401; another account's object is 404
everywhere; a viewer writes only what is their own; reading changes nothing. The socket has one
address, and its own tests (tests/notifications/test_live.py); the API's addresses have their own too
(tests/resolutionflow/api/test_every_address.py), because each says in its code what it takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from handoffs.models import Handoff, SavedView
from notifications.live.routing import websocket_urlpatterns
from notifications.models import Channel, Delivery, Notification
from resolutionflow.accounts.models import ApiToken, Event, User
from sessions_app.models import PsaConnection, Visit
from tests.conftest import PASSWORD
from tests.resolutionflow.api import test_every_address as api

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
OURS = [
    model
    for app in ("accounts", "sessions_app", "handoffs", "notifications")
    for model in apps.get_app_config(app).get_models()
]
DONE = (200, 302)

# --- the rules of the pages ------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """`posts`: who may, from the role up; "" where there is nothing to post. `by`: one who can, as things stand."""

    get: bool = True
    posts: str = ""
    by: str = "bo"
    body: dict[str, Any] = field(default_factory=dict)


def read() -> Rule:
    return Rule()


def form(posts: str, by: str = "bo", **body: Any) -> Rule:
    return Rule(posts=posts, by=by, body=body)


def button(posts: str, by: str = "bo", **body: Any) -> Rule:
    return Rule(get=False, posts=posts, by=by, body=body)


# fmt: off
PAGES = {
    "home": read(), "queue": read(), "sessions": read(), "session": read(), "handoff": read(), "notifications": read(),
    "me_css": read(), "session_timeline": read(), "handoff_timeline": read(), "handoff_preview": read(),
    # the work: engineers
    "session_new": form("engineer", problem_summary="New", problem_domain="other", intake="free_text"),
    "session_change": form("engineer", problem_summary="Changed", problem_domain="other"),
    "session_resolve": form("engineer", resolution="Fixed"),
    "session_abandon": form("engineer", reason="Gone"),
    "session_reopen": form("engineer", reason="Back again"),
    "session_resume": button("engineer"),
    "session_park": form("engineer", wake="none"),
    "session_escalate": form("engineer", notes="Stuck", priority="2"),
    "step_add": button("engineer", text="Tried"),
    "step_change": form("engineer", outcome="worked"),
    "message_add": button("engineer", text="Hello"),
    "branch_add": form("engineer", label="Perhaps"),
    "branch_change": form("engineer", status="dead_end", reason="No"),
    "branch_activate": button("engineer"),
    "handoff_claim": button("engineer"), "handoff_undo": button("engineer"), "handoff_release": button("engineer"),
    "handoff_return": button("engineer", reason="Yours"),
    "handoff_transfer": button("engineer", to="cy"),
    "handoff_take_over": button("lead", "lea", reason="Ill"),
    "handoff_withdraw": button("engineer"),
    "handoff_priority": button("lead", "lea", priority="0"),
    "queue_bulk": button("engineer", do="transfer", to="cy", pk="claimed"),
    "handoff_extend": button("engineer"), "handoff_read_back": button("engineer", text="First the tunnel"),
    "summary_renew": button("engineer"), "delivery_retry": button("engineer"),
    "note_send": form("engineer", body="Note"),
    "shift": read(), "shift_end": form("engineer", "cy", end="yes"), "shift_start": button("engineer"),
    # one's own: everybody
    "notification_read": button("own"), "notifications_read_all": button("own"),
    "settings_me": form("own", name="Me"),
    "settings_password": form("own", old_password=PASSWORD, new_password1="a staple", new_password2="a staple"),
    "settings_tokens": form("own", name="mine", scope="read", days="30"),
    "token_revoke": button("own"),
    "views_save": form("own", name="Urgent", query="priority=urgent"),
    "view_change": form("own", name="Renamed"), "view_delete": button("own"),
    # the account: owner and admin
    "settings_account": form("admin", "olga", name="Northwind", time_zone="UTC", widen_after="5",
                             lease_urgent="60", lease_high="120", lease_normal="240", lease_low="never"),
    "settings_time_zone": form("admin", "olga", time_zone="Europe/Oslo"),
    "settings_members": form("admin", "olga", email="new@northwind.example", name="New", role="engineer"),
    "settings_member": form("admin", "olga", name="Ana", role="engineer"),
    "member_deactivate": button("admin", "olga"), "member_activate": button("admin", "olga"),
    "member_link": button("admin", "olga"),
    "member_invite": button("admin", "olga"),
    "settings_teams": form("admin", "olga", name="Servers"), "settings_team": form("admin", "olga", name="Servers"),
    "settings_channels": form("admin", "olga", name="Desk", address="new@northwind.example"),
    "settings_channel": form("admin", "olga", name="Desk", address="new@northwind.example"),
    "settings_psa": read(), "psa_state": read(),
    "psa_new": form("admin", "olga", name="RT", base_url="https://rt.example", credential_token="x"),
    "psa_change": form("admin", "olga", name="RT", base_url="https://rt.example"),
    "psa_check": button("admin", "olga"),
}
# fmt: on

NOT_NOW = {  # they may, but as things stand there is nothing to do: Bo has it, in the only branch; the AI is off
    "handoff_claim", "handoff_extend", "branch_activate",
    "session_resume", "session_reopen", "handoff_withdraw", "handoff_undo", "summary_renew", "note_send",
    "member_activate", "branch_change", "psa_new", "shift_start",
}  # fmt: skip
# The one thing that reading writes: who has seen a session, for its sender and for "what changed since".
VISITS = {"session", "handoff", "handoff_preview"}
# forms with nothing to read for anybody else
HIDDEN = {"psa_new", "psa_change", "settings_channel", "settings_time_zone"}
WORKING = {"shift"}  # nothing to read for who does not work
WITHOUT_SIGN_IN = {
    "healthz", "readyz", "metrics", "login", "account_login", "logout", "account_logout", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key", "schema", "docs",
}  # fmt: skip


# --- the addresses ---------------------------------------------------------------------------------


def walk(resolver: Any, before: str = "") -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, route)
        else:
            assert isinstance(pattern, URLPattern)
            yield route, pattern.name or ""


ROUTES = list(walk(get_resolver()))
OF_PAGES = [(route, name) for route, name in ROUTES if name in PAGES]


@pytest.fixture
def things(claimed, ana, bo, lea, olga, vic, network) -> dict[str, Any]:
    """One of everything in Northwind, and what stands in each address for it."""
    account, session = ana.account, claimed.session
    event = Event.objects.filter(kind="handoff.escalated").get()
    for user in (bo, vic):
        user.set_password(PASSWORD)
        user.save()
    User.objects.filter(pk=ana.pk).update(confirmed_email="")  # a new link can be made for her
    line = Notification.objects.create(account=account, user=bo, event=event, handoff=claimed, title="x", why="y")
    mail = Delivery.objects.create(
        account=account, handoff=claimed, kind="email", address="x@y.example", status="failed"
    )
    rt = PsaConnection.connect(olga, kind="request_tracker", name="RT", base_url="https://rt.example", credentials={})
    return {
        "sessions": session.pk, "handoffs": claimed.pk, "notifications": line.pk, "deliveries": mail.pk,
        "tokens": ApiToken.issue(bo, name="bo's", scope="read")[0].pk, "members": ana.pk, "teams": network.pk,
        "channels": Channel.add(olga, name="Desk", address="desk@northwind.example").pk, "psa": rt.pk,
        "queue": SavedView.add(bo, name="Ours", query="", shared=True).pk,
        "step_pk": session.steps.get(order=1).pk, "branch_pk": session.active_branch_id, "kind": "request_tracker",
        "message_pk": session.add_message(bo, content="Looking at it").pk,
    }  # fmt: skip


def filled(route: str, things: dict[str, Any]) -> str:
    for name in api.PARTS:
        route = route.replace(f"<int:{name}>", str(things[name]))
    route = route.replace("<str:kind>", str(things["kind"]))
    kind = route.removeprefix("settings/").split("/")[0]
    return "/" + (route.replace("<int:pk>", str(things[kind])) if "<int:pk>" in route else route)


def filled_api(route: str, things: dict[str, Any]) -> str:
    return "v1/" + api.filled(route, things)


@contextmanager
def rolled_back() -> Iterator[None]:
    undoing = transaction.atomic()
    undoing._from_testcase = True  # as Django's own tests say it: this transaction is none of the product's
    with undoing:
        yield
        transaction.set_rollback(True)


def page_of(user: User | None, method: str, path: str, body: dict[str, Any] | None = None, **client: Any) -> Any:
    """The answer; whatever it did is undone."""
    with rolled_back():
        return getattr(browser_of(user, **client), method.lower())(path, body or {})


def ask(user: User | None, method: str, path: str, body: dict[str, Any] | None = None, **client: Any) -> Any:
    """The answer, and whether it `changed` anything and counts as a visit; whatever it did is undone."""
    writes = Writes()
    with rolled_back():
        browser = browser_of(user, **client)
        with connection.execute_wrapper(writes):
            answer = getattr(browser, method.lower())(path, body or {})
        after = writes.ours and contents()
    answer.changed = bool(after) and after != contents()
    answer.visited = writes.visit
    return answer


def browser_of(user: User | None, **client: Any) -> Client:
    browser = Client(**client)
    if user is not None:
        browser.force_login(user)
    return browser


class Writes:
    """Whether statements write to our tables, as the database gets them. Visits are not looked at further."""

    ours = visit = False

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        if not sql.startswith("SELECT"):
            self.visit |= f'"{Visit._meta.db_table}"' in sql
            self.ours |= any(f'"{model._meta.db_table}"' in sql for model in OURS if model is not Visit)
        return execute(sql, *rest)


def contents() -> str:
    """Everything in our tables, but for when people last signed in, and who has seen what."""
    rows = [list(model._base_manager.order_by("pk").values()) for model in OURS if model is not Visit]
    return repr([{**row, "last_login": None} for table in rows for row in table])


def body_of(rule: Rule) -> dict[str, Any]:
    sent = dict(rule.body)
    if "to" in sent:
        sent["to"] = User.objects.get(name="Cy Tester").pk
    if "pk" in sent:
        sent["pk"] = Handoff.objects.claimed().get().pk
    return sent


class Wrong(list[str]):
    """What does not hold, all of it at once."""

    def unless(self, holds: bool, *words: Any) -> None:
        if not holds:
            self.append(" ".join(map(str, words)))


@pytest.fixture
def wrong() -> Iterator[Wrong]:
    found = Wrong()
    yield found
    assert not found, "\n" + "\n".join(found)


# --- every address has a rule ----------------------------------------------------------------------


def test_every_address_has_a_rule() -> None:
    other = [
        (route, name) for route, name in ROUTES
        if name not in PAGES and name not in WITHOUT_SIGN_IN and not route.startswith(("admin/", "api/"))
    ]  # fmt: skip
    assert not other, f"Addresses without a rule in PAGES: {other}"
    assert not PAGES.keys() - {name for _route, name in ROUTES}, "rules for addresses that are gone"
    unwalked = {route for route, name in ROUTES if route.startswith("api/") and name not in WITHOUT_SIGN_IN}
    assert {f"api/{route}" for _method, route in api.EVERY} | {"api/"} == unwalked


def test_the_socket_has_one_address() -> None:
    assert [str(one.pattern) for one in websocket_urlpatterns] == ["ws/live/", ""]


# --- pages -----------------------------------------------------------------------------------------


def test_not_signed_in_a_page_leads_to_the_sign_in(things, bo, wrong) -> None:
    key = {"HTTP_AUTHORIZATION": f"Token {ApiToken.issue(bo, name='x', scope='write')[1]}"}  # opens the API alone
    for route, name in OF_PAGES:
        for method, headers in (("GET", {}), ("POST", {}), ("DELETE", {}), ("GET", key), ("POST", key)):
            answer = ask(None, method, filled(route, things), body_of(PAGES[name]), **headers)
            there = answer.status_code == 302 and answer["Location"].startswith("/login/?next=")
            wrong.unless(there and not answer.changed, method, name, "without sign-in:", answer.status_code)


def test_another_accounts_page_is_404(things, eve, wrong) -> None:
    for route, name in OF_PAGES:
        if "<int:pk>" not in route:
            text = ask(eve, "GET", filled(route, things)).content.decode().replace("Eve Tester", "")
            told = [word for word in ("Northwind", "northwind", "VPN drops", "Tester") if word in text]
            wrong.unless(not told, name, "tells Eve of", told)
            continue
        rule = PAGES[name]
        for method, body in [("GET", {})] * rule.get + [("POST", {}), ("POST", body_of(rule))] * bool(rule.posts):
            answer = ask(eve, method, filled(route, things), body)
            wrong.unless(answer.status_code == 404 and not answer.changed, method, name, "for Eve:", answer.status_code)


def test_a_page_answers_only_its_methods(things, bo, olga, wrong) -> None:
    for route, name in OF_PAGES:
        rule = PAGES[name]
        allowed = {"GET", "HEAD"} if rule.get else set()
        allowed |= {"POST"} if rule.posts else set()
        for method in METHODS:
            if method in allowed or (method == "HEAD" and rule.get):
                continue
            answer = ask(olga, method, filled(route, things))
            wrong.unless(answer.status_code == 405 and not answer.changed, method, name, answer.status_code)


ROLES = {"viewer": 0, "engineer": 1, "lead": 2, "admin": 3}
PEOPLE = {"vic": "viewer", "cy": "engineer", "bo": "engineer", "lea": "lead", "adam": "admin", "olga": "admin"}


@pytest.mark.parametrize("who", PEOPLE)
def test_writing_takes_the_right_role(who, request, things, cy, wrong) -> None:
    user = request.getfixturevalue(who)
    for route, name in OF_PAGES:
        rule, role = PAGES[name], PEOPLE[who]
        if not rule.posts or rule.posts == "own":
            continue
        answer = ask(user, "POST", filled(route, things), body_of(rule))
        if ROLES[role] < ROLES[rule.posts]:
            wrong.unless(answer.status_code == 403 and not answer.changed, "POST", name, "by", who, answer.status_code)
            empty = ask(user, "POST", filled(route, things)) if role == "viewer" else answer
            wrong.unless(empty.status_code == 403, "POST", name, "by", who, "without fields:", empty.status_code)
        elif who == rule.by and name not in NOT_NOW:
            wrong.unless(answer.status_code in DONE and answer.changed, "POST", name, "by", who, answer.status_code)
        else:
            wrong.unless(
                answer.status_code < 500 and answer.status_code != 404, "POST", name, "by", who, answer.status_code
            )


@pytest.mark.parametrize("who", ["vic", "bo"])
def test_what_is_ones_own_everybody_writes(who, request, things, bo, wrong) -> None:
    user = request.getfixturevalue(who)
    for route, name in OF_PAGES:
        if PAGES[name].posts != "own":
            continue
        answer = ask(user, "POST", filled(route, things), body_of(PAGES[name]))
        somebody_elses = "<int:pk>" in route and user != bo  # a line of Bo's bell, a token of Bo's
        expected = (403, 404) if somebody_elses else DONE
        wrong.unless(answer.status_code in expected, "POST", name, "by", who, answer.status_code)
        wrong.unless(
            answer.changed != somebody_elses or not answer.changed, "POST", name, "by", who, "changed something"
        )


@pytest.mark.parametrize("who", ["vic", "cy", "olga"])
def test_reading_is_open_to_every_member_and_changes_nothing(who, request, things, wrong) -> None:
    user = request.getfixturevalue(who)
    for route, name in OF_PAGES:
        for method in ("GET", "HEAD") if who == "olga" else ("GET",):
            answer = ask(user, method, filled(route, things))
            wrong.unless(not answer.changed, method, name, "changes the database")
            wrong.unless(answer.visited == (method == "GET" and name in VISITS), method, name, "and who has seen it")
            hidden = (name in HIDDEN and PEOPLE[who] != "admin") or (name in WORKING and who == "vic")
            if PAGES[name].get and hidden:
                wrong.unless(answer.status_code == 403, method, name, "by", who, answer.status_code)
            elif PAGES[name].get and not (who == "vic" and PAGES[name].posts == "engineer"):
                wrong.unless(answer.status_code in DONE, method, name, "by", who, answer.status_code)


def test_no_page_is_written_without_its_forms_token(things, olga, wrong) -> None:
    for route, name in OF_PAGES:
        if PAGES[name].posts:
            answer = ask(olga, "POST", filled(route, things), body_of(PAGES[name]), enforce_csrf_checks=True)
            wrong.unless(answer.status_code == 403 and not answer.changed, "POST", name, answer.status_code)


def test_the_platforms_operator_has_no_pages(things, root, wrong) -> None:
    for route, name in OF_PAGES:
        for method in ("GET", "POST"):
            answer = ask(root, method, filled(route, things), body_of(PAGES[name]))
            there = (answer.status_code, answer.headers.get("Location")) == (302, "/admin/")
            wrong.unless(there and not answer.changed, method, name, "for the operator:", answer.status_code)


@pytest.fixture
def root(db) -> User:
    return User.objects.create_superuser("root@platform.example", PASSWORD, name="Root")


# fmt: on
