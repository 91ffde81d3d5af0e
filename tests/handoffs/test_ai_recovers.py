"""The AI's errors, each with what its page says and who can mend it. Nothing is asked in vain; it recovers alone."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from handoffs.models import Handoff, Summary
from notifications.models import Delivery, Notification
from notifications.prune import prune
from resolutionflow.accounts.models import Account, Event, User
from resolutionflow.core.refusals import WrongState
from sessions_app.models import AiCall, Session
from sessions_app.models.ai_call import next_month_of
from tests.api_client import client_of
from tests.conftest import relay_all, summarised
from tests.fakes import messages_api as fake
from tests.handoffs.test_races import at_once
from tests.handoffs.test_summary import GOOD

pytestmark = pytest.mark.thorough

TAKES = 150  # tokens, by the fake


@pytest.fixture
def api(api: Any) -> Any:
    api.says(fake.answer(GOOD))
    return api


@pytest.fixture
def now(time_machine: Any) -> Any:
    """Moves the time; it stands still in between."""
    moment = timezone.now().replace(day=10, hour=12)

    def move(**ahead: float) -> None:
        nonlocal moment
        moment += timedelta(**ahead)
        time_machine.move_to(moment, tick=False)

    move()
    return move


def sweep() -> None:
    call_command("sweep", verbosity=0)


def read(handoff: Handoff) -> Summary:
    """As a worker does, again and again until it is done or has failed."""
    for _try in range(4):
        Summary.objects.filter(handoff=handoff).update(due_at=timezone.now())
        Summary.run(handoff.summary.pk)
    return stored(handoff)


def stored(handoff: Handoff) -> Summary:
    found: Summary = Summary.objects.select_related("handoff__session", "current").get(handoff=handoff.pk)
    return found


def page(user: User, handoff: Handoff) -> str:
    client = Client()
    client.force_login(user)
    return " ".join(unescape(client.get(handoff.get_absolute_url()).content.decode()).split())


def use_up(account: Account, **fields: Any) -> None:
    account.change(by=None, ai_monthly_tokens=10_000)
    call = {"purpose": "summary", "outcome": "answered", "model": "m", "tokens_read": 10_000, **fields}
    AiCall.keep(account_id=account.pk, **call)


# each error

ERRORS = [
    (fake.failure(401), "The AI key is not valid. Whoever runs this server has to set another."),
    (fake.failure(429), "The AI is busy. Try again in a while; where it lasts, whoever runs this server can look"),
    (fake.answer("No", stop_reason="refusal"), "The model declined to read this session"),
    (fake.failure(413), "The session is too long for the model. The brief has what was recorded. An owner or"),
    (fake.DROP, "The connection to the AI was lost, or there was none. Try again in a while"),
    (fake.failure(429, details={"error_code": "enforced_spend_limit_reached"}), "Whoever runs this server can raise"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "said"), ERRORS, ids=["bad key", "over limit", "refused", "too long", "unreachable", "spend limit"]
)
def test_each_error_says_what_to_do_and_who_can(api, waiting, bo, olga, reply, said) -> None:
    api.says(reply)
    assert read(waiting).state == "failed"
    shown = page(bo, waiting)
    assert said in shown
    assert "Try again</button>" in shown
    assert "Restarted the VPN service" in shown, "the brief is there all the same"
    client = Client()
    client.force_login(olga)
    told = " ".join(unescape(client.get("/settings/ai/").content.decode()).split())
    assert said in told
    assert not Notification.objects.exists()


def test_over_budget_is_said_and_nothing_is_asked(api, waiting, bo, olga, northwind, now) -> None:
    use_up(northwind)
    failed = read(waiting)
    assert not api.requests
    assert "This month's AI budget is used up. An owner or admin can raise it; it begins anew on 1 " in failed.error
    assert failed.again_at == next_month_of(northwind, timezone.now())
    shown = page(bo, waiting)
    assert shown.count(failed.error) == 1
    assert "Try again</button>" not in shown
    assert "AI settings" not in shown
    assert 'href="/settings/ai/">AI settings</a>' in page(olga, waiting)
    assert AiCall.objects.count() == 1, "what was not asked is no call"


def test_used_up_is_said_before_somebody_asks_for_another(api, waiting, bo, northwind) -> None:
    summarised(waiting, summary_prose="It is the tunnel.", steps_seen=3)
    assert ">Renew</button>" in page(bo, waiting)
    use_up(northwind)
    shown = page(bo, waiting)
    assert "It is the tunnel." in shown
    assert "This month's AI budget is used up." in shown
    assert ">Renew</button>" not in shown
    with pytest.raises(WrongState, match="budget is used up"):
        Summary.ask(waiting, bo)
    answer = client_of(bo).post(f"/api/v1/handoffs/{waiting.pk}/summary/")
    assert (answer.status_code, "budget is used up" in answer.json()["detail"]) == (409, True)
    assert stored(waiting).state == "ready"


def test_a_budget_asks_the_queue_no_more(api, waiting, bo, northwind, client, django_assert_num_queries) -> None:
    client.force_login(bo)
    client.get(f"/queue/?open={waiting.pk}")
    with CaptureQueriesContext(connection) as usual:
        client.get(f"/queue/?open={waiting.pk}")
    count = len(usual)
    use_up(northwind)
    client.get(f"/queue/?open={waiting.pk}")  # a visit is noted anew where something has happened
    with django_assert_num_queries(count):
        client.get(f"/queue/?open={waiting.pk}")


def test_off_is_a_quiet_word_with_its_reason(api, session, ana, olga, northwind, settings) -> None:
    northwind.change(by=None, ai_enabled=False)
    session.refresh_from_db()
    off = Handoff.escalate(session, ana, notes="Stuck")
    assert "The AI is off. It is switched off for this account. An owner or admin can switch it on" in page(olga, off)
    settings.ANTHROPIC_API_KEY = ""
    assert "The AI is off. This server has no key for a language model. Whoever runs this server can" in page(olga, off)


# it recovers


def test_after_a_wrong_key_was_set_right(api, waiting, settings, now) -> None:
    settings.ANTHROPIC_API_KEY = "wrong"
    assert read(waiting).state == "failed"
    asked = AiCall.objects.count()
    sweep()
    assert AiCall.objects.count() == asked, "it is not asked again at once"
    now(days=3)  # a weekend
    sweep()
    now(minutes=1)
    sweep()
    assert (stored(waiting).state, AiCall.objects.count()) == ("failed", asked + 1)
    settings.ANTHROPIC_API_KEY = "right"
    now(hours=6)
    sweep()
    assert stored(waiting).state == "ready"


def test_after_the_budget_was_raised(api, waiting, northwind, olga, now) -> None:
    use_up(northwind)
    read(waiting)
    now(minutes=1)
    sweep()
    assert not api.requests
    northwind.change(by=olga, ai_monthly_tokens=1_000_000)
    sweep()  # relays it
    sweep()
    assert (stored(waiting).state, len(api.requests)) == ("ready", 1)


def test_next_month_in_the_accounts_own_time_zone(api, waiting, northwind, time_machine) -> None:
    northwind.change(by=None, time_zone="Pacific/Auckland")
    time_machine.move_to("2026-11-30T10:59:00Z", tick=False)  # 23:59 there
    use_up(northwind)
    assert "it begins anew on 1 December" in read(waiting).error
    sweep()
    assert not api.requests
    time_machine.move_to("2026-11-30T11:00:00Z", tick=False)
    sweep()
    assert (stored(waiting).state, len(api.requests)) == ("ready", 1)


def test_after_the_api_was_down_for_an_hour(api, waiting, now) -> None:
    api.says(fake.DROP)
    read(waiting)
    for _unused in range(12):
        now(minutes=5)
        sweep()
        read(waiting)
    assert stored(waiting).state == "failed"
    assert Event.objects.filter(kind="summary.failed").count() == 1, "it is said once"
    api.says(fake.answer(GOOD))
    now(hours=1)
    sweep()
    assert stored(waiting).state == "ready"


def test_asked_to_wait_an_hour_it_waits_an_hour(api, waiting, now) -> None:
    api.says(fake.failure(429, headers={"retry-after": "3600"}), fake.answer(GOOD))
    assert "asks to wait 60 minutes" in read(waiting).error
    now(minutes=59)
    sweep()
    assert len(api.requests) == 1
    now(minutes=1)
    sweep()
    assert stored(waiting).state == "ready"


def test_what_was_not_read_while_it_was_off_is_once_it_is_on(api, waiting, northwind, olga, now) -> None:
    northwind.change(by=olga, ai_enabled=False)
    assert read(waiting).state == "off"
    now(minutes=1)
    sweep()
    assert not api.requests
    northwind.change(by=olga, ai_enabled=True)
    sweep()
    assert stored(waiting).state == "ready"


def test_another_model_is_asked_at_once(api, waiting, northwind, olga, settings, now) -> None:
    settings.ANTHROPIC_MODELS = ["one", "two"]
    api.says(fake.failure(404))
    assert "An owner or admin can choose another model in Settings." in read(waiting).error
    api.says(fake.answer(GOOD))
    northwind.change(by=olga, ai_model="two")
    sweep()
    sweep()
    assert (stored(waiting).state, api.requests[-1]["model"]) == ("ready", "two")


def test_what_the_model_declined_is_not_asked_again(api, waiting, now, northwind, olga) -> None:
    api.says(fake.answer("No", stop_reason="refusal"))
    read(waiting)
    for ahead in (1, 24, 100):
        now(hours=ahead)
        sweep()
    northwind.change(by=olga, ai_instructions="Short.")
    sweep()
    sweep()
    assert len(api.requests) == 1


# the notice


@pytest.mark.parametrize(("tokens", "percent"), [(8_000, 80), (10_000, 100), (10_001, 100)])
def test_owners_and_admins_are_notified_of_each_mark_once(northwind, olga, adam, lea, bo, mailoutbox, tokens, percent):
    northwind.change(by=None, ai_monthly_tokens=10_000)
    call = {"account_id": northwind.pk, "purpose": "summary", "outcome": "answered", "model": "m"}
    AiCall.keep(**call, tokens_read=7_999)
    assert not Event.objects.filter(kind="ai.budget").exists()
    AiCall.keep(**call, tokens_read=tokens - 7_999)
    AiCall.keep(**call, tokens_read=1 if percent == 80 else 500)
    relay_all()
    event = Event.objects.get(kind="ai.budget")
    assert event.facts == {"percent": percent, "tokens": tokens, "budget": 10_000}
    lines = Notification.objects.filter(event=event)
    assert {line.user for line in lines} == {olga, adam}
    assert lines[0].get_absolute_url() == "/settings/ai/"
    sweep()
    assert sorted(mail.to for mail in mailoutbox) == [[adam.email], [olga.email]]
    said = "80 % of this month's AI budget is used" if percent == 80 else "This month's AI budget is used up"
    assert said in mailoutbox[0].subject
    assert said in mailoutbox[0].body
    assert f"Used: {tokens:,} of 10,000 tokens" in mailoutbox[0].body
    assert "/settings/ai/" in mailoutbox[0].body
    assert Delivery.objects.filter(event=event).count() == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_calls_at_once_pass_a_mark_once(northwind) -> None:
    northwind.change(by=None, ai_monthly_tokens=10_000)
    call = {"account_id": northwind.pk, "purpose": "summary", "outcome": "answered", "model": "m", "tokens_read": 1_000}
    at_once([lambda: AiCall.keep(**call)] * 12)
    told = Event.objects.filter(kind="ai.budget").order_by("seq")
    assert [event.facts["percent"] for event in told] == [80, 100]
    assert AiCall.objects.of_month(northwind).tokens() == 12_000


def test_last_months_calls_count_no_more(northwind, elsewhere, time_machine) -> None:
    northwind.change(by=None, time_zone="America/New_York", ai_monthly_tokens=10_000)
    time_machine.move_to("2026-12-01T04:59:59Z", tick=False)  # still November there
    use_up(northwind)
    time_machine.move_to("2026-12-01T05:00:00Z", tick=False)
    assert AiCall.objects.of_month(northwind).tokens() == 0
    use_up(northwind)
    assert Event.objects.filter(kind="ai.budget").count() == 2, "each month anew"
    assert AiCall.objects.of_month(elsewhere).tokens() == 0


# what is kept


def test_after_ninety_days_the_texts_go_and_the_figures_stay(northwind, session) -> None:
    texts = {"asked": {"record": "RECORD"}, "answered": "It is the tunnel"}
    about = {"account": northwind, "session": session, "purpose": "summary", "outcome": "answered", "tokens_read": 9}
    for days in (89, 91):
        AiCall.objects.create(**about, **texts, created_at=timezone.now() - timedelta(days=days))
    assert prune(days=1)["texts of AI calls"] == 1
    assert prune(days=1)["texts of AI calls"] == 0
    kept, emptied = AiCall.objects.order_by("-created_at")
    assert (kept.asked, kept.answered) == (texts["asked"], texts["answered"])
    assert (emptied.asked, emptied.answered, emptied.tokens) == ({}, "", 9)
    assert Session.objects.filter(pk=session.pk).exists()
