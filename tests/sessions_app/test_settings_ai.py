"""Settings, AI: who may change what, what is refused, and what the page says of use, problems and what leaves."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from handoffs.brief import FromSender
from handoffs.prompt.record import read_record
from resolutionflow.accounts.models import Account, Event, User
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid, NotAllowed
from sessions_app import ai_words
from sessions_app.models import AiCall, Session

pytestmark = pytest.mark.django_db

AS_IT_IS = {"ai_enabled": "on", "ai_model": "", "ai_instructions": "", "ai_monthly_tokens": ""}
MODELS = ["claude-haiku-5-5", "claude-sonnet-5-5"]


@pytest.fixture(autouse=True)
def server(settings: Any) -> None:
    settings.ANTHROPIC_API_KEY, settings.ANTHROPIC_BASE_URL = "sk-ant-test", "https://models.example/proxy"
    settings.ANTHROPIC_MODEL, settings.ANTHROPIC_MODELS = MODELS[0], MODELS
    settings.AI_PRICES = {MODELS[0]: (Decimal(1), Decimal(5))}


def save(user: User, **typed: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.post("/settings/ai/", {**AS_IT_IS, **typed})


def page(user: User) -> str:
    client = Client()
    client.force_login(user)
    return " ".join(unescape(client.get("/settings/ai/").content.decode()).split())


def called(session: Session, *, outcome: str = "answered", **fields: Any) -> AiCall:
    about = {"account": session.account, "session": session, "purpose": "summary", "model": MODELS[0]}
    call = AiCall(**{**about, "outcome": outcome, "milliseconds": 3_120, **fields})
    call.save()
    return call


# what is chosen


def test_what_is_typed_is_what_is_kept(olga: User, northwind: Account) -> None:
    typed = {"ai_model": MODELS[1], "ai_instructions": "Firmware first.\r\nNever a reboot.\x07 ", "ai_enabled": ""}
    assert save(olga, **typed, ai_after_quiet_minute="on", ai_monthly_tokens="2,000,000").status_code == 302
    northwind.refresh_from_db()
    assert (northwind.ai_enabled, northwind.ai_model, northwind.ai_monthly_tokens) == (False, MODELS[1], 2_000_000)
    assert northwind.ai_instructions == "Firmware first.\nNever a reboot."
    assert northwind.ai_after_quiet_minute
    event = Event.objects.get(kind="account.changed")
    assert event.actor == olga
    assert event.facts["before"]["ai_monthly_tokens"] is None
    assert save(olga).status_code == 302
    northwind.refresh_from_db()
    assert northwind.ai_monthly_tokens is None


@pytest.mark.parametrize("typed", ["250000", "250,000", "250.000", "250 000", "250’000", "250\u202f000", " 250,000 "])
def test_thousands_may_stand_apart(olga: User, northwind: Account, typed: str) -> None:
    assert save(olga, ai_monthly_tokens=typed).status_code == 302
    northwind.refresh_from_db()
    assert northwind.ai_monthly_tokens == 250_000


NUMBERS = ["0", "9,999", "1,000,000,001", "-5", "2.5", "2M", "1,00", "٣٣٣٣٣", "9" * 29]
WRONG = [
    *(("ai_monthly_tokens", typed) for typed in NUMBERS),
    ("ai_model", "gpt"),
    ("ai_instructions", "x" * 2_001),
    ("ai_instructions", "Log in with password Hunter2!x9"),
    ("ai_instructions", "key sk-ant-api03-" + "Qx7d" * 20),
]


@pytest.mark.parametrize(("field", "typed"), WRONG)
def test_what_is_wrong_is_said_where_it_is(olga: User, field: str, typed: str) -> None:
    answer = save(olga, **{field: typed})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert typed in answer.content.decode() or field == "ai_model", "what was typed is lost"
    assert not Event.objects.exists()


def test_a_secret_in_the_instructions_is_named_by_its_kind(olga: User) -> None:
    said = save(olga, ai_instructions="Log in with password Hunter2!x9").content.decode()
    assert "looks like a secret (password). Take it out: all of this leaves." in said


@pytest.mark.parametrize(
    "fields",
    [{"ai_model": "gpt"}, {"ai_monthly_tokens": 9_999}, {"ai_monthly_tokens": -1}, {"ai_instructions": "x" * 2_001},
     {"ai_instructions": "password: Hunter2!x9"}, {"ai_enabled": None}],
)  # fmt: skip
def test_the_verb_refuses_what_the_form_would(olga: User, northwind: Account, fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        northwind.change(by=olga, **fields)
    assert list(refused.value.errors) == list(fields)


def test_only_owner_and_admin_change_it(
    adam: User, lea: User, bo: User, vic: User, eve: User, northwind: Account
) -> None:
    assert save(adam, ai_monthly_tokens="50000").status_code == 302
    assert [save(user, ai_enabled="").status_code for user in (lea, bo, vic)] == [403, 403, 403]
    with pytest.raises(NotAllowed):
        northwind.change(by=eve, ai_enabled=False)
    northwind.refresh_from_db()
    assert (northwind.ai_enabled, northwind.ai_monthly_tokens) == (True, 50_000)


def test_everybody_reads_it(bo: User, vic: User, northwind: Account) -> None:
    Account.objects.update(ai_instructions="Firmware first.", ai_monthly_tokens=2_000_000)
    for user in (bo, vic):
        shown = page(user)
        assert "<textarea" not in shown
        for said in ("Firmware first.", "2,000,000 tokens", f"This server's: {MODELS[0]}", "models.example"):
            assert said in shown, said
        assert "aicall" not in shown


def test_a_model_that_is_not_offered_any_more_says_so_and_stays(olga: User, northwind: Account) -> None:
    Account.objects.update(ai_model="claude-of-last-year")
    assert "claude-of-last-year: not offered any more, this server's is asked" in page(olga)
    assert save(olga, ai_model="claude-of-last-year", ai_monthly_tokens="50000").status_code == 302
    northwind.refresh_from_db()
    assert (northwind.ai_model, northwind.ai_monthly_tokens) == ("claude-of-last-year", 50_000)


# what was used


def test_what_was_used_this_month(olga: User, session: Session, eve: User) -> None:
    Account.objects.filter(pk=olga.account_id).update(ai_monthly_tokens=100_000)
    called(session, tokens_read=3_000, tokens_written=1_000, cost=Decimal("0.008"))
    called(session, tokens_cached=5_000, tokens_read=1_000, tokens_written=500, model="unpriced")
    called(session, tokens_read=40_000, created_at=clock.now() - timedelta(days=32), cost=Decimal(7))
    called(session, outcome="unreachable")
    shown = page(olga)
    assert "10,500 of 100,000 tokens (10 %), 3 questions, 0.01 US dollars." in shown
    assert "no price for 1 of them" in shown
    assert 'max="100000" value="10500"' in shown
    assert "0 tokens, 0 questions" in page(eve)


def test_without_prices_no_dollars(olga: User, session: Session, settings: Any) -> None:
    settings.AI_PRICES = {}
    called(session, tokens_read=3_000, cost=Decimal("0.008"))
    assert "3,000 tokens, 1 question." in page(olga)


def test_what_a_summary_takes_is_the_accounts_own_figure(olga: User, session: Session) -> None:
    assert "A short session takes about 2,000" in page(olga)
    for tokens in (3_900, 4_230, 90_000):
        called(session, tokens_read=tokens)
    called(session, tokens_read=50, purpose="proposals")
    assert "A summary here takes about 4,200." in page(olga)


def test_used_up_is_said_first(olga: User, bo: User, session: Session, time_machine: Any) -> None:
    time_machine.move_to("2026-11-30T22:30:00Z")
    Account.objects.filter(pk=olga.account_id).update(ai_monthly_tokens=10_000, time_zone="America/New_York")
    called(session, tokens_read=8_500)
    assert "85 %</span>" in page(olga)
    assert "Budget used up" not in page(olga)
    called(session, tokens_read=1_500)
    for user in (olga, bo):
        shown = page(user)
        assert shown.index("Budget used up") < shown.index("Extra instructions")
        assert "until it begins anew on 1 December, or an owner or admin raises it" in shown
    time_machine.move_to("2026-12-01T04:59:00Z")
    assert "Budget used up" in page(bo)
    time_machine.move_to("2026-12-01T05:00:00Z")
    assert "Budget used up" not in page(bo)


# how it answers


def test_the_last_answer_and_the_last_problem(olga: User, session: Session) -> None:
    assert "It has not answered yet." in page(olga)
    called(session, outcome="bad_key")
    shown = page(olga)
    assert 'class="notice danger"' in shown
    assert "The AI key is not valid. Whoever runs this server has to set another." in shown
    assert f'href="/sessions/{session.pk}/"' in shown
    called(session)
    shown = page(olga)
    assert "in 3.1 s." in shown
    assert 'class="notice danger"' not in shown
    assert "Before that," in shown
    AiCall.objects.update(created_at=clock.now() - timedelta(days=31))
    assert "AI key is not valid" not in page(olga)


def test_every_problem_has_words() -> None:
    assert set(ai_words.PROBLEMS) == set(AiCall.Outcome) - {AiCall.Outcome.ANSWERED}


def test_off_is_said_with_who_can_change_it(olga: User, northwind: Account, settings: Any) -> None:
    Account.objects.update(ai_enabled=False)
    assert "An owner or admin can switch it on in Settings." in page(olga)
    settings.ANTHROPIC_API_KEY = ""
    shown = page(olga)
    assert "This server has no key for a language model. Whoever runs this server can set one." in shown
    assert "Nothing: there is no key." in shown


def test_three_queries_more_than_the_accounts_page(
    olga: User, session: Session, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(olga)
    for number in range(30):
        called(session, outcome="answered" if number % 2 else "failed", tokens_read=100)
    client.get("/settings/account/")
    with CaptureQueriesContext(connection) as usual:
        client.get("/settings/account/")
    with django_assert_num_queries(len(usual) + 3):
        client.get("/settings/ai/")


# what leaves

SAID = {  # what the page calls each part of the record
    "problem": "the problem", "domain": "its domain", "client": "client's name", "device": "device's",
    "sender's note": "sender's note", "first report": "first report", "hypotheses": "hypotheses",
    "kind": "what kind", "outcome": "how it ended", "text": "what was tried", "answer": "what was answered or put out",
    "temporary": "whether it is temporary", "id": "", "from": "", "output": "put out",
    "hypothesis": "hypotheses", "status": "how each stands", "reason": "and why",
    "brief": "lines of the brief", "source": "where it stands",
}  # fmt: skip


def test_the_page_names_all_that_leaves(olga: User, bo: User, session: Session) -> None:
    session.add_branch(bo, label="The firewall")
    session.add_step(bo, text="Bridged it", temporary=True, free_text="It holds")
    session.add_message(bo, content="Looking at it")
    Session.objects.filter(pk=session.pk).update(intake_text="error 809", contact="Call Ms Reed", access="VPN first")
    session.refresh_from_db()
    sent = read_record(session, FromSender(bo, "Stuck", {})).content
    shown = page(olga)
    for line in sent.split("\n")[1:-1]:
        for part in json.loads(line):
            assert SAID[part] in shown, part
    assert "Call Ms Reed" not in sent
    assert "VPN first" not in sent
    assert "48190" not in sent
    assert "Bo Tester" not in sent
