"""Every address of the site, from its URL list: who may do what at each page, and how a test asks for one.

PAGES holds the rules; a page without one fails test_access.py. Whatever is asked is undone again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from handoffs.models import Handoff
from notifications.models import SUBJECTS, Way
from resolutionflow.accounts.models import User
from sessions_app.models import Visit
from tests.conftest import PASSWORD
from tests.live_site import session_of
from tests.resolutionflow.api import addresses as api

OURS = [
    model
    for app in ("accounts", "sessions_app", "handoffs", "notifications")
    for model in apps.get_app_config(app).get_models()
]

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


LEVELS = {f"{subject.name}_{way}": f"{subject.default_by(way)}" for subject in SUBJECTS for way in Way}

# fmt: off
PAGES = {
    "home": read(), "queue": read(), "sessions": read(), "session": read(), "handoff": read(), "notifications": read(),
    "notifications_newest": read(),
    "already_open": read(), "ticket_lookup": read(), "session_devices": read(), "mentionable": read(),
    "me_css": read(), "session_timeline": read(), "handoff_timeline": read(), "handoff_preview": read(),
    "handoff_text": read(), "session_brief": read(), "escalation_notifies": read(),
    # the work: engineers
    "session_new": form("engineer", problem_summary="New", problem_domain="other", intake="free_text"),
    "session_change": form("engineer", problem_summary="Changed", problem_domain="other"),
    "session_resolve": form("engineer", resolution="Fixed"),
    "session_abandon": form("engineer", reason="Gone"),
    "session_reopen": form("engineer", reason="Back again"),
    "session_resume": button("engineer"),
    "session_watch": button("engineer", "lea"), "session_mute": button("engineer"),
    "session_park": form("engineer", wake="none"),
    "session_escalate": form("engineer", notes="Stuck", priority="2"),
    "escalation_proposals": form("engineer"), "resolution_proposals": form("engineer"),
    "step_add": button("engineer", text="Tried"),
    "step_change": form("engineer", outcome="worked"),
    "session_script": form("engineer"), "checklist_use": button("engineer"),
    "message_add": button("engineer", text="Hello"),
    "message_step": button("engineer"),
    "session_ticket": read(), "ticket_renew": button("engineer"),
    "file": read(), "file_thumbnail": read(), "file_remove": form("engineer"),
    "branch_add": form("engineer", label="Perhaps"),
    "branch_change": form("engineer", status="dead_end", reason="No"),
    "branch_activate": button("engineer"),
    "handoff_claim": button("engineer"), "handoff_undo": button("engineer"), "handoff_release": button("engineer"),
    "handoff_return": button("engineer", reason="Yours"),
    "handoff_transfer": button("engineer", to="cy"),
    "handoff_take_over": button("lead", "lea", reason="Ill"),
    "handoff_withdraw": button("engineer"),
    "handoff_hold": button("lead", "lea", reason="Part is ordered"), "handoff_let_go": button("engineer"),
    "handoff_priority": button("lead", "lea", priority="0"),
    "queue_bulk": button("engineer", do="transfer", to="cy", pk="claimed"),
    "handoff_extend": button("engineer"), "handoff_read_back": button("engineer", text="First the tunnel"),
    "handoff_correct": form("engineer", notes="Stuck", affected="60 users"),
    "handoff_ask": form("engineer", text="Which firmware is it?"),
    "summary_renew": button("engineer"), "briefing_ask": button("engineer"), "summary_versions": read(),
    "summary_feedback": button("engineer", useful="yes"), "delivery_retry": button("engineer"),
    "handoff_note": form("engineer", body="Note"), "session_note": form("engineer", body="Note"),
    "escalation_note": read(), "resolution_note": read(),
    "session_time": form("engineer", minutes="5", text="Looked at it"),
    "shift": read(), "shift_end": form("engineer", "cy", end="yes"), "shift_start": button("engineer"),
    # one's own: everybody
    "notification_read": button("own"), "notifications_read_all": button("own"),
    "settings_me": form("own", name="Me"),
    "settings_password": form("own", old_password=PASSWORD, new_password1="a staple", new_password2="a staple"),
    "settings_tokens": form("own", name="mine", scope="read", days="30"),
    "token_revoke": button("own"),
    "settings_notifications": form("own", digest="no", quiet_from="22:00", quiet_until="06:00"),
    "views_save": form("own", name="Urgent", query="priority=urgent"),
    "view_change": form("own", name="Renamed"), "view_delete": button("own"),
    # the account: owner and admin
    "settings_account": form("admin", "olga", name="Northwind", time_zone="UTC", widen_after="5",
                             reply_to="help@example.org", lease_urgent="60", lease_high="120",
                             lease_normal="240", lease_low="never"),
    "settings_ai": form("admin", "olga", ai_enabled="", ai_instructions="Firmware first", ai_monthly_tokens="50,000"),
    "settings_account_notifications": form("admin", "olga", **LEVELS),
    "settings_time_zone": form("admin", "olga", time_zone="Europe/Oslo"),
    "settings_members": form("admin", "olga", email="new@northwind.example", name="New", role="engineer"),
    "settings_member": form("admin", "olga", name="Ana", role="engineer"),
    "member_deactivate": button("admin", "olga"), "member_activate": button("admin", "olga"),
    "member_link": button("admin", "olga"),
    "member_invite": button("admin", "olga"),
    "settings_teams": form("admin", "olga", name="Servers"), "settings_team": form("admin", "olga", name="Servers"),
    "settings_ladder": form("admin", "olga", low_0_minutes="60", low_0_time="any", low_0_whom="leads"),
    "settings_channels": read(), "channel_state": read(), "channel_deliveries": read(),
    "channel_new": form("admin", "olga", name="Desk", address="new@northwind.example"),
    "settings_channel": form("admin", "olga", name="Desk"),
    "channel_test": button("admin", "olga"), "channel_secret": button("admin", "olga"),
    "delivery_again": button("admin", "olga"),
    "settings_checklists": form("lead", "lea", name="VPN down again", domain="network", checks="Ping it"),
    "settings_checklist": form("lead", "lea", name="VPN down", domain="network", checks="Ping it"),
    "checklist_starters": button("lead", "lea"), "checklist_remove": button("lead", "lea"),
    "settings_psa": read(), "psa_state": read(),
    "psa_new": form("admin", "olga", name="RT", base_url="https://rt.example", credential_token="x"),
    "psa_change": form("admin", "olga", name="RT", base_url="https://rt.example"),
    "psa_check": button("admin", "olga"),
    "psa_members": form("admin", "olga", member="ana"), "psa_members_state": read(),
    "psa_members_read": button("admin", "olga"),
    "psa_retry": button("admin", "olga"),
}
# fmt: on

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


MODELS = {f"admin/{model._meta.app_label}/{model._meta.model_name}/": model for model in admin.site._registry}


def admin_addresses() -> Iterator[tuple[str, str, Any]]:
    """Route, name and model of each address of the admin that is about a model."""
    for route, name in ROUTES:
        if route.startswith("admin/"):
            model = next((model for prefix, model in MODELS.items() if route.startswith(prefix)), None)
            if model is not None:
                yield route.replace("<path:object_id>", "{pk}"), name, model


def filled(route: str, things: dict[str, Any]) -> str:
    for name in (*api.PARTS, "checklist_pk"):
        route = route.replace(f"<int:{name}>", str(things[name]))
    for name in ("kind", "channel_kind"):
        route = route.replace(f"<str:{name}>", str(things[name]))
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
    """Signed in with one row: a sign-in, for each of thousands of requests, took a fourth of their time."""
    browser = Client(**client)
    if user is not None:
        browser.cookies[settings.SESSION_COOKIE_NAME] = session_of(user)
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
    if "member" in sent:
        sent[f"member_{User.objects.get(name='Cy Tester').pk}"] = sent.pop("member")
    if "pk" in sent:
        sent["pk"] = Handoff.objects.claimed().get().pk
    return sent
