"""A summary is renewed once, by whoever comes first, and stands in nobody's way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from handoffs.models import Handoff, Summary
from resolutionflow.accounts.models import Account, Event
from resolutionflow.core.refusals import WrongState
from sessions_app.models import AiCall
from tests.conftest import summarised
from tests.fakes import messages_api as fake
from tests.handoffs.test_summary import GOOD

pytestmark = pytest.mark.thorough


@pytest.fixture
def api(api):
    api.says(fake.answer(GOOD))
    return api


@pytest.fixture
def read(api, claimed) -> Summary:
    """Of a handoff that Bo has: read, and nothing new since."""
    return summarised(claimed, summary_prose="The tunnel drops.", steps_seen=claimed.session.step_count)


def run(summary: Summary) -> Summary:
    Summary.objects.filter(pk=summary.pk).update(due_at=timezone.now())
    Summary.run(summary.pk)
    return Summary.objects.get(pk=summary.pk)


def with_step(handoff: Handoff, user) -> Handoff:
    handoff.session.add_step(user, text="Lowered the MTU")
    return Handoff.objects.get(pk=handoff.pk)


def test_handing_on_renews_what_is_out_of_date(read, claimed, bo, cy) -> None:
    claimed = with_step(claimed, bo)
    claimed.transfer(bo, to=cy)
    assert Summary.objects.get().state == "pending"
    assert run(read).current.number == 2


def test_handing_on_renews_nothing_that_is_fresh(read, claimed, bo) -> None:
    Handoff.objects.get(pk=claimed.pk).release(bo)
    assert Summary.objects.get().state == "ready"


@pytest.mark.parametrize("status", ["pending", "running", "done"])
def test_a_release_is_not_refused_where_somebody_renews_it_at_that_moment(read, claimed, bo, status) -> None:
    """The row was read before it was renewed."""
    claimed = with_step(claimed, bo)
    assert claimed.summary.state == "ready"
    Summary.objects.update(status=status, attempt=claimed.summary.attempt + 1)
    claimed.release(bo)
    assert Handoff.objects.get(pk=claimed.pk).is_open
    assert Summary.objects.get().status == status


def test_the_sweep_renews_after_a_quiet_minute_and_once(read, claimed, bo, api) -> None:
    with_step(claimed, bo)
    long_ago = timezone.now() - timedelta(minutes=2)
    type(claimed.session).objects.update(updated_at=long_ago)
    assert not Summary.objects.to_renew(timezone.now()).exists(), "the account does not want it"
    Account.objects.update(ai_after_quiet_minute=True)
    assert not Summary.objects.to_renew(long_ago).exists(), "it is not quiet yet"
    found, other = (Summary.objects.to_renew(timezone.now()).get() for _sweep in range(2))
    assert found.renew_by_time()
    assert run(read).current.number == 2
    assert not other.renew_by_time(), "it was renewed since this sweep read it"
    assert len(api.requests) == 1


def test_a_budget_that_is_used_up_makes_no_failure_of_a_summary(read, claimed, bo) -> None:
    with_step(claimed, bo)
    Account.objects.update(ai_after_quiet_minute=True, ai_monthly_tokens=10_000)
    about = {"account": claimed.account, "session": claimed.session, "purpose": "summary", "outcome": "answered"}
    AiCall.keep(**about, tokens_read=10_000)
    type(claimed.session).objects.update(updated_at=timezone.now() - timedelta(minutes=2))
    assert not Summary.objects.to_renew(timezone.now()).exists()
    Handoff.objects.get(pk=claimed.pk).release(bo)
    assert Summary.objects.get().state == "ready"


def test_the_sweep_leaves_out_what_is_closed(read, claimed, bo) -> None:
    Summary.objects.update(status="failed", again_at=timezone.now())
    assert Summary.objects.to_renew(timezone.now()).exists()
    claimed.session.refresh_from_db()
    claimed.session.resolve(bo, resolution="Lowered the MTU")
    assert not Summary.objects.to_renew(timezone.now()).exists()


def test_a_passing_error_after_weeks_of_waiting_for_somebody_is_tried_again(api, waiting) -> None:
    api.says(fake.failure(401), fake.DROP, fake.DROP, fake.DROP)
    failed = run(waiting.summary)
    assert failed.needs_somebody
    weeks_ago = timezone.now() - timedelta(days=25)
    Summary.objects.update(failed_since=weeks_ago, again_at=timezone.now())
    assert Summary.objects.get().renew_by_time()
    for _try in range(3):
        failed = run(failed)
    assert (failed.state, failed.needs_somebody) == ("failed", False)
    assert failed.again_at is not None
    assert Event.objects.filter(kind="summary.failed").count() == 1


@pytest.mark.parametrize("wait", ["inf", "nan", "-5", "soon", "1e400"])
def test_a_senseless_wait_is_none(api, waiting, wait) -> None:
    api.says(fake.failure(429, headers={"retry-after": wait}))
    failed = run(waiting.summary)
    assert "busy" in failed.error
    assert failed.due_at < timezone.now() + timedelta(seconds=10)


@pytest.mark.parametrize("text", [f"raw:{'9' * 5_000}", f"raw:{'[' * 100_000}"], ids=["digits", "depth"])
def test_an_answer_nobody_can_read_is_kept_and_counted(api, waiting, text) -> None:
    api.says(fake.answer(text) | {"text": text.removeprefix("raw:"), "unchecked": True})
    assert "JSON" in run(waiting.summary).error
    call = AiCall.objects.get()
    assert (call.outcome, call.tokens_read, call.tokens_written) == ("unreadable", 120, 30)


def test_why_a_request_was_refused_is_kept_without_secrets(api, waiting, adam, client) -> None:
    api.says(fake.failure(400))
    failed = run(waiting.summary)
    assert "The model refused the request." in failed.error
    assert failed.again_at is not None, "another model may take it"
    call = AiCall.objects.get()
    assert (call.outcome, call.request_id) == ("bad_request", "req_1")
    assert "scripted" in call.answered
    client.force_login(adam)
    assert "scripted" in client.get(f"/admin/sessions_app/aicall/{call.pk}/change/").content.decode()


def test_a_price_is_found_by_the_name_that_was_asked_for(waiting, settings) -> None:
    settings.AI_PRICES = {"claude-haiku-5-5": (1, 5)}
    about = {"account": waiting.account, "session": waiting.session, "purpose": "summary", "outcome": "answered"}
    call = AiCall.keep(**about, model="claude-haiku-5-5-20260801", priced_as="claude-haiku-5-5", tokens_read=1_000_000)
    assert call.cost == 1
    assert AiCall.keep(**about, model="other", priced_as="other", tokens_read=1).cost is None


def test_what_is_parked_has_no_summary(api, session, ana) -> None:
    parked = Handoff.park(session, ana, notes="Later", wake_at=None)
    with pytest.raises(WrongState, match="parked"):
        Summary.ask(parked, ana)
    Summary.objects.create(account=ana.account, handoff=parked, status="cancelled")
    assert not Summary.objects.to_renew(timezone.now()).exists()


@pytest.mark.parametrize(
    "usage",
    [None, [], "many", {"input_tokens": 2**70, "output_tokens": -5}, {"input_tokens": "9", "output_tokens": []}],
)
def test_odd_figures_cost_no_answer(api, waiting, usage) -> None:
    api.says(fake.answer(GOOD) | {"usage": usage})
    assert run(waiting.summary).state == "ready"
    assert AiCall.objects.get().tokens == 0


@pytest.mark.parametrize("content", [[None], "text", {"type": "text"}, [["x"]], [{"type": "text", "text": 5}], None])
def test_odd_content_is_an_answer_that_cannot_be_read(api, waiting, content) -> None:
    api.says({"content": content, "stop_reason": "end_turn"})
    failed = run(waiting.summary)
    assert "not the JSON" in failed.error
    assert AiCall.objects.get().outcome == "unreadable"
