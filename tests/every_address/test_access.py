"""Who may do what at every address. The addresses come from the URL list: one without a rule in PAGES fails.

Not signed in, a page leads to the sign-in and the API answers 401; another account's object is 404
everywhere; a viewer writes only what is their own; reading changes nothing. The socket has one
address, and its own tests (tests/notifications/live/test_socket.py); the API's addresses have their own too
(tests/resolutionflow/api/test_every_address.py), because each says in its code what it takes.
"""

from __future__ import annotations

import pytest

from notifications.live.routing import websocket_urlpatterns
from resolutionflow.accounts.models import ApiToken
from tests.every_address.addresses import OF_PAGES, PAGES, ROUTES, ask, body_of, filled, page_of
from tests.resolutionflow.api import addresses as api

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
DONE = (200, 302)

NOT_NOW = {  # they may, but as things stand there is nothing to do: Bo has it, in the only branch; the AI is off
    "handoff_claim", "handoff_extend", "branch_activate",
    "session_resume", "session_reopen", "handoff_withdraw", "handoff_correct", "handoff_undo", "summary_renew",
    "handoff_note", "session_note", "psa_retry", "member_activate", "branch_change", "psa_new", "shift_start",
    "delivery_again", "briefing_ask", "handoff_hold", "handoff_let_go", "escalation_proposals", "resolution_proposals",
}  # fmt: skip
# The one thing that reading writes: who has seen a session, for its sender and for "what changed since".
VISITS = {"session", "handoff", "handoff_preview"}
# forms with nothing to read for anybody else
HIDDEN = {
    "psa_new", "psa_change", "settings_channel", "channel_new", "channel_deliveries", "settings_checklist",
    "settings_time_zone", "settings_account_notifications",
}  # fmt: skip
WORKING = {"shift"}  # nothing to read for who does not work
WITHOUT_SIGN_IN = {
    "healthz", "readyz", "metrics", "login", "account_login", "logout", "account_logout", "account_reset_password",
    "account_reset_password_done", "account_reset_password_from_key", "schema", "docs",
}  # fmt: skip


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
        done = who == rule.by and name not in NOT_NOW
        look = page_of if not done and ROLES[role] >= ROLES[rule.posts] else ask  # where it matters what has changed
        answer = look(user, "POST", filled(route, things), body_of(rule))
        if ROLES[role] < ROLES[rule.posts]:
            wrong.unless(answer.status_code == 403 and not answer.changed, "POST", name, "by", who, answer.status_code)
            empty = ask(user, "POST", filled(route, things)) if role == "viewer" else answer
            wrong.unless(empty.status_code == 403, "POST", name, "by", who, "without fields:", empty.status_code)
        elif done:
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
