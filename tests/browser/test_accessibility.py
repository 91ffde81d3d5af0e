"""Every page of the site, looked at by axe and measured, in light and dark, on a desk and on a phone.

The walk takes the addresses from the URL list: a new page without a line here fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from playwright.sync_api import Page

from handoffs.models import Handoff, SavedView
from notifications import demo
from notifications.models import Channel, ChannelTest, Delivery
from resolutionflow.accounts.models import Account, Event, Team, User
from sessions_app.models import AiCall, Checklist, PsaConnection, Session, Step
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.conftest import add_picture

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Not our pages: they answer machines, or take a POST and lead to a page.
NO_PAGES = {
    "healthz", "readyz", "metrics", "me_css", "schema", "account_login", "account_logout", "jsi18n", "autocomplete",
    "session_resume", "step_add", "message_add", "branch_activate", "psa_check", "psa_state",
    "channel_test", "channel_state", "channel_secret", "delivery_again",
    "psa_members_read", "psa_members_state",
    "checklist_use", "checklist_starters", "checklist_remove", "message_step",
    "session_watch", "session_mute", "mentionable",
    "already_open", "ticket_lookup", "session_ticket", "ticket_renew",
    "session_devices", "session_brief", "file", "file_thumbnail",
    "handoff_claim", "handoff_undo", "handoff_release", "handoff_return", "handoff_transfer", "handoff_take_over",
    "handoff_withdraw", "handoff_priority", "handoff_preview", "handoff_text", "queue_bulk", "handoff_extend",
    "handoff_read_back", "handoff_hold", "handoff_let_go",
    "escalation_proposals", "resolution_proposals", "escalation_notifies",
    "summary_renew", "summary_feedback",
    "view_delete", "shift_end", "shift_start", "notification_read", "notifications_read_all", "notifications_newest",
    "delivery_retry", "psa_retry", "token_revoke", "member_deactivate", "member_activate", "member_link",
    "member_invite", "briefing_ask",
}  # fmt: skip

# Of each kind the first few: all of the API's docs take axe half a minute.
UNFOLD = """() => { const open = {}
  for (const part of document.querySelectorAll('details:not(.menu)')) {
    const kind = part.className
    open[kind] = (open[kind] ?? 0) + 1
    part.open ||= open[kind] <= 3
  } }"""

EVERYBODY = ["bo", "olga", "dev", "ana", "vic", "cy", ""]  # whoever opens a page of the walk; "" is nobody


@pytest.fixture
def cast(transactional_db: None) -> dict[str, User]:
    demo.load()
    return {user.email.split("@")[0]: user for user in demo.people()}


def names(resolver: URLResolver) -> Iterator[str]:
    """Of every address but the admin's, which is walked by its models. The API's have none, but its docs."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if str(pattern.pattern) != "admin/":
                yield from names(pattern)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name


def pages(cast: dict[str, User]) -> list[tuple[str, str, str]]:
    """Who opens which address, by name; several for an address that looks different in each state."""
    sessions = Session.objects.visible_to(cast["olga"])
    handoffs = Handoff.objects.visible_to(cast["olga"])
    working = sessions.filter(assignee=cast["dev"], status="active").earliest("id")
    rich = handoffs.waiting()[0]
    claimed = handoffs.claimed().filter(claimed_by=cast["bo"]).get()
    parked = handoffs.parked().of(cast["ana"]).get()
    closed = handoffs.filter(closed_reason="resolved").earliest("id")
    dead = sessions.filter(status="abandoned").get()
    branch, step = rich.session.branches.get(label="Update broke the KDC"), working.steps.earliest("id")
    assert isinstance(step, Step)
    temporary = Step.objects.visible_to(cast["olga"]).get(temporary=True)
    file = add_picture(rich.session, cast["ana"], step=rich.session.steps.earliest("id"))
    view = SavedView.objects.get()
    team, desk = Team.objects.earliest("id"), PsaConnection.objects.get()
    channel, webhook = Channel.objects.get(kind="email"), Channel.objects.get(kind="webhook")

    def at(who: str, name: str, *args: Any, query: str = "") -> tuple[str, str, str]:
        return who, name, reverse(name, args=args) + query

    return [
        at("", "login"),
        at("", "docs"),
        at("", "account_reset_password"),
        at("", "account_reset_password_done"),
        at("", "account_reset_password_from_key", "1", "abc-def"),
        ("", "404", "/nothing/here/"),
        ("ana", "404", "/handoffs/999999/"),
        at("vic", "session_escalate", working.pk),  # refused
        at("vic", "handoff", rich.pk),
        at("vic", "home"),
        at("ana", "home"),
        at("ana", "file_remove", rich.session_id, file.pk),
        at("ana", "handoff", rich.pk),
        at("ana", "handoff", parked.pk),
        at("ana", "session", parked.session_id),
        at("bo", "logout"),
        at("bo", "home"),
        at("bo", "shift"),
        at("vic", "shift"),  # refused
        at("bo", "queue"),
        *(at("bo", "queue", query=f"?lane={lane}") for lane in ("mine", "claimed", "parked")),
        *(at("bo", "queue", query=f"?open={one.pk}") for one in (rich, claimed, closed)),
        at("bo", "queue", query="?priority=urgent&q=nothing-like-it&sort=client"),
        at("bo", "queue", query="?sender=999999&older_than=1y&priority=worst"),  # said at each filter
        at("bo", "views_save", query="?query=priority=urgent"),
        *(at(who, "view_change", view.pk) for who in ("cy", "bo")),  # its owner; who may not change it
        *(at("bo", "handoff", one.pk) for one in (rich, claimed, closed)),
        *(at("bo", "session", one.session_id) for one in (rich, claimed, closed)),
        at("bo", "session", dead.pk),
        at("bo", "session_timeline", rich.session_id),
        at("bo", "session_timeline", rich.session_id, query="?order=newest&upto=9&kind=step,branch"),
        at("bo", "session_timeline", rich.session_id, query="?origin=email"),
        at("bo", "handoff_timeline", closed.pk),
        at("bo", "summary_versions", closed.pk),
        at("bo", "notifications"),
        at("bo", "sessions"),
        at("bo", "sessions", query="?q=nothing-like-it"),
        at("bo", "session_new"),
        at("dev", "session", working.pk),
        *(at("dev", name, working.pk) for name in ("session_change", "session_escalate", "session_park")),
        *(at("dev", name, working.pk) for name in ("session_resolve", "session_abandon", "branch_add")),
        at("bo", "session", temporary.session_id),
        at("bo", "session_resolve", temporary.session_id),
        at("bo", "step_change", temporary.session_id, temporary.pk),
        at("dev", "session_reopen", closed.session_id),
        at("dev", "step_change", working.pk, step.pk),
        at("dev", "branch_change", rich.session_id, branch.pk),
        *(at("olga", name) for name in ("settings_me", "settings_password", "settings_tokens", "settings_members")),
        *(at("olga", name) for name in ("settings_teams", "settings_psa", "settings_channels")),
        *(at(who, name) for who in ("olga", "bo") for name in ("settings_account", "settings_ai", "settings_ladder")),
        *(at("olga", name) for name in ("settings_time_zone", "settings_account_notifications")),
        *(at(who, "settings_notifications") for who in ("olga", "vic")),
        at("olga", "settings_checklists"),
        at("olga", "settings_checklist", Checklist.objects.earliest("id").pk),
        at("dev", "session_script", working.pk),
        at("olga", "settings_member", cast["bo"].pk),
        at("olga", "settings_team", team.pk),
        *(at("olga", "settings_channel", one.pk) for one in (channel, webhook)),
        *(at("olga", "channel_new", kind) for kind in Channel.Kind.values),
        at("olga", "channel_deliveries", webhook.pk),
        at("vic", "settings_channels"),
        at("olga", "psa_new", "connectwise"),
        at("olga", "psa_change", desk.pk),
        at("olga", "psa_members", desk.pk),
        at("vic", "psa_members", desk.pk),
        at("olga", "handoff_note", rich.pk),  # without a ticket system
        *(at("dev", name, working.pk) for name in ("session_note", "escalation_note", "resolution_note")),
        at("dev", "session_time", working.pk),
        at("olga", "session_time", rich.pk),  # without a ticket system
        at("bo", "handoff_ask", rich.pk),
        at("ana", "handoff_correct", rich.pk),
    ]


def test_the_walk_knows_every_page(cast: dict[str, User], furniture: None) -> None:
    known = {name for _who, name, _path in pages(cast)} | NO_PAGES
    assert set(names(get_resolver())) - known == set()
    assert {who for who, _name, _path in pages(cast)} == set(EVERYBODY)


@pytest.fixture
def furniture(cast: dict[str, User]) -> None:
    """What the demo has none of, so that their pages have something to show."""
    olga = cast["olga"]
    SavedView.add(cast["cy"], name="Burning", query="priority=urgent", shared=True)
    Channel.add(olga, name="Shared inbox", address="desk@harbour.example")
    webhook = Channel.add(olga, name="Dashboard", kind="webhook", address="https://dash.harbour.example/in/4711")
    events = Event.objects.filter(account=olga.account).order_by("-seq")
    outcomes = [("done", "", 204), ("failed", "The other side answered 500.", 500), ("pending", "It is away.", 503)]
    for event, (status, error, code) in zip(events, outcomes, strict=False):
        Delivery.objects.create(
            account=olga.account, kind="webhook", channel=webhook, event=event, address=webhook.address, tries=1,
            status=status, error=error, answer_code=code, answer_ms=35, taken_at=event.at,
        )  # fmt: skip
    chat = Channel.add(olga, name="Chat", kind="slack", address="https://hooks.slack.com/services/T0/B0/12345678")
    chat.refresh_from_db()
    chat.switch_off("Slack says: the channel is archived (channel_is_archived).")
    ChannelTest.objects.create(
        account=olga.account, channel=webhook, status="done", found="It answered 204 No Content."
    )
    tracker = PsaConnection.connect(
        olga, kind="request_tracker", name="Request Tracker", base_url="https://rt.harbour.example",
        credentials={"token": "1-2-3"},
    )  # fmt: skip
    for _unused in range(5):
        tracker.count_failure("rt.harbour.example cannot be reached: no answer", after=None, mark=None)  # it rests
    Delivery.objects.create(account=olga.account, kind="note", connection=tracker, address="7", status="failed")
    Account.objects.update(ai_monthly_tokens=10_000, ai_instructions="Firmware first.", ai_model="of-last-year")
    asked = {"account": olga.account, "purpose": "summary", "model": "claude", "tokens_read": 10_000}
    AiCall.objects.create(**asked, outcome="answered", session=Session.objects.earliest("id"))
    AiCall.objects.create(**asked, outcome="bad_key", asked={"record": "RECORD"})


@pytest.mark.parametrize("who", EVERYBODY)
def test_every_page_is_for_everybody(browse: Browse, cast: dict[str, User], furniture: None, who: str) -> None:
    mine = sorted(path for name, _, path in pages(cast) if name == who)
    page = browse(cast.get(who), "/login/")
    wrong = {path: found for path in mine if (found := _seen(page, path))}
    assert not wrong, "\n".join(f"{path}\n    " + "\n    ".join(found) for path, found in wrong.items())


def test_the_admin_is_for_everybody(browse: Browse, cast: dict[str, User]) -> None:
    page = browse(cast["olga"], "/admin/")
    wrong = {"/admin/": look(page)}
    for model in (User, Session, Handoff):
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        row = model._default_manager.earliest("id")
        wrong[path] = _seen(page, path)
        wrong[f"{path}{row.pk}"] = _seen(page, f"{path}{row.pk}/change/")
    assert not any(wrong.values()), "\n".join(f"{path}\n    " + "\n    ".join(found) for path, found in wrong.items())


def _seen(page: Page, path: str) -> list[str]:
    """The page as it stands, unfolded."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status < 500
    assert urlsplit(page.url).path == urlsplit(path).path, f"{path} leads away"
    page.evaluate(UNFOLD)
    return look(page)
