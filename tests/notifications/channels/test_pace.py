"""At what pace a channel is posted to, and that one which is slow or dead delays only itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from handoffs.models import Handoff
from notifications.models import Channel, Delivery
from notifications.transports import hook
from resolutionflow.accounts.models import Event, User
from sessions_app.models import Session
from tests.conftest import relay_all
from tests.fakes.hooks import WEBHOOK
from tests.live_site import wait_until
from tests.notifications.channels.conftest import deliver


def escalated(ana: User, count: int) -> None:
    for number in range(count):
        session = Session.open(ana, problem_summary=f"Problem {number}", problem_domain="other")
        Handoff.escalate(session, ana, notes="Stuck")


def rows(kind: str) -> Any:
    return Delivery.objects.filter(kind=kind).order_by("event")


@pytest.mark.parametrize(("kind", "pause"), [("slack", 1.0), ("teams", 0.25)])
def test_the_next_message_waits_untried_until_there_is_room(hooks, request, ana, bo, kind, pause, time_machine) -> None:
    request.getfixturevalue(kind)
    time_machine.move_to(timezone.now(), tick=False)  # however slow the machine is
    escalated(ana, 2)
    relay_all()
    first, second = rows(kind)
    Delivery.run(first.pk)
    Delivery.run(second.pk)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status, second.tries) == ("done", "pending", 0)
    free_at = Channel.objects.get().free_at
    assert free_at >= first.taken_at + timedelta(seconds=pause)
    assert free_at <= second.due_at < free_at + timedelta(seconds=5)
    assert len(hooks.messages(kind)) == 1


def test_what_was_never_tried_lets_earlier_events_go_first(hooks, webhook, session) -> None:
    relay_all()
    first, second, *_others = rows("webhook")
    Delivery.run(second.pk)
    second.refresh_from_db()
    assert (second.status, second.tries) == ("pending", 0)
    Delivery.run(first.pk)
    Delivery.objects.update(due_at=timezone.now())
    Delivery.run(second.pk)
    assert [one["seq"] for one in hooks.messages("webhook")] == [first.event.seq, second.event.seq]


def test_one_that_is_tried_again_does_not_hold_up_the_others(hooks, webhook, session) -> None:
    relay_all()
    first, second, *_others = rows("webhook")
    hooks.script = [500]
    Delivery.run(first.pk)
    Channel.objects.update(free_at=timezone.now())
    Delivery.run(second.pk)
    assert [one["seq"] for one in hooks.messages("webhook")] == [second.event.seq]


def test_after_a_failure_it_rests_and_nothing_is_tried_meanwhile(hooks, webhook, session) -> None:
    relay_all()
    first, second, *_others = rows("webhook")
    hooks.script = [503]
    Delivery.run(first.pk)
    Delivery.run(second.pk)
    second.refresh_from_db()
    assert (second.status, second.tries) == ("pending", 0)
    assert timedelta(seconds=5) < second.due_at - timezone.now() < timedelta(seconds=15)
    assert len(hooks.raw) == 1
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.last_error) == (1, "The other side answered 503 Service Unavailable.")


def test_rests_grow_and_end_with_the_first_that_arrives(hooks, webhook, session) -> None:
    relay_all()
    hooks.script = [503] * 3
    lasted = []
    for row in list(rows("webhook"))[:3]:
        Channel.objects.update(free_at=timezone.now())
        Delivery.run(row.pk)
        webhook.refresh_from_db()
        lasted.append(round((webhook.free_at - timezone.now()).total_seconds()))
    assert lasted == [10, 60, 300]
    Channel.objects.update(free_at=timezone.now())
    Delivery.run(list(rows("webhook"))[3].pk)
    webhook.refresh_from_db()
    assert (webhook.failures, webhook.last_error) == (0, "")


@pytest.mark.parametrize(("kind", "status"), [("slack", "failed"), ("teams", "failed"), ("webhook", "pending")])
def test_what_does_not_answer_in_time_is_let_go(hooks, request, monkeypatch, waiting, kind, status) -> None:
    request.getfixturevalue(kind)
    monkeypatch.setattr(hook, "TIMEOUT", 0.5)
    hooks.script = ["hang"]
    Event.objects.filter(kind="handoff.escalated").update(relayed_at=None)
    sent = deliver(kind)[0]
    assert sent.status == status
    assert "did not answer in time" in sent.error
    assert sent.error.startswith("May have been sent.") == (status == "failed")
    assert sent.answer_code is None
    assert sent.answer_ms >= 400


@pytest.mark.parametrize(("kind", "status", "posts"), [("slack", "failed", 0), ("webhook", "done", 1)])
def test_of_a_worker_that_was_lost_while_sending(hooks, request, waiting, kind, status, posts) -> None:
    """A chat message may have been sent and is not sent again by itself; a webhook is, with its id."""
    request.getfixturevalue(kind)
    Event.objects.filter(kind="handoff.escalated").update(relayed_at=None)
    relay_all()
    row = rows(kind).get(event__kind="handoff.escalated")
    long_ago = timezone.now() - timedelta(minutes=5)
    Delivery.objects.filter(pk=row.pk).update(status="sending", attempt=1, tries=1, taken_at=long_ago)
    Delivery.run(row.pk)
    row.refresh_from_db()
    assert row.status == status
    assert row.error.startswith("May have been sent.") == (status == "failed")
    assert len(hooks.raw) == posts


def test_without_its_key_it_says_so_and_stays_on(settings, hooks, slack, waiting) -> None:
    settings.FIELD_ENCRYPTION_KEYS = ["x" * 43 + "="]
    (sent,) = deliver("slack")
    assert sent.status == "failed"
    assert "not in FIELD_ENCRYPTION_KEYS" in sent.error
    slack.refresh_from_db()
    assert slack.is_active


# --- with workers --------------------------------------------------------------------------------


@pytest.fixture
def stalled(hooks) -> Iterator[threading.Event]:
    """What is posted to the webhook is answered once this is set."""
    event = hooks.stalled[WEBHOOK] = threading.Event()
    yield event
    event.set()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_keep_the_pace_of_a_chat(hooks, slack, ana, bo, workers) -> None:
    escalated(ana, 4)
    wait_until(lambda: len(hooks.messages("slack")) == 4)
    gaps = [later - earlier for earlier, later in zip(hooks.times, hooks.times[1:], strict=False)]
    assert min(gaps) >= 0.9, gaps
    wait_until(lambda: set(rows("slack").values_list("status", "tries")) == {("done", 1)})


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_workers_post_events_one_at_a_time_and_in_order(hooks, webhook, ana, bo, workers) -> None:
    escalated(ana, 6)
    count = Event.objects.count()
    wait_until(lambda: len(hooks.messages("webhook")) == count)
    numbers = [one["seq"] for one in hooks.messages("webhook")]
    assert sorted(numbers) == list(range(1, count + 1))
    assert hooks.most_at_once == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_webhook_that_does_not_answer_delays_no_mail_and_no_chat(hooks, stalled, webhook, slack, ana, bo, workers):
    escalated(ana, 1)
    wait_until(lambda: hooks.at_once == 1)
    wait_until(lambda: rows("email").filter(status="done").exists())
    stalled_row = Delivery.objects.filter(kind="webhook", status="sending")
    assert stalled_row.count() == 1
    wait_until(lambda: rows("slack").filter(status="done").exists())
    assert stalled_row.count() == 1, "which was still waiting"
