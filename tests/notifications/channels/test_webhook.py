"""Webhooks over a real socket: every event as the feed shows it, signed so that others' code believes it."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from notifications.models import Channel, Delivery
from resolutionflow.accounts.models import Event
from tests.conftest import relay_all
from tests.fakes.hooks import Hooks
from tests.notifications.channels.conftest import deliver


def test_every_event_is_sent_in_order_as_the_feed_shows_it(hooks, webhook, waiting, session, ana, bo) -> None:
    waiting.claim(bo)
    session.refresh_from_db()
    session.add_step(bo, text="Looked at <b>\x1b[31mit\u202e")
    made = deliver("webhook")
    assert {one.status for one in made} == {"done"}
    client = Client()
    client.force_login(ana)
    answer = client.get("/api/v1/events/")
    feed = answer.json()["results"]
    assert len(feed) > 7
    assert hooks.messages("webhook") == feed[-len(made) :]
    for raw in hooks.raw:
        assert raw in answer.content, "to the byte"
    assert [one["seq"] for one in hooks.messages("webhook")] == list(range(1, 1 + len(feed)))[-len(made) :]
    assert {one.answer_code for one in made} == {204}
    assert all(one.answer_ms is not None for one in made)


def test_an_event_is_sent_once_to_each_webhook(hooks, webhook, adam, waiting) -> None:
    other = Channel.add(adam, name="Other", kind="webhook", address=f"{hooks.webhook}/other")
    deliver("webhook")
    deliver("webhook")
    for channel in (webhook, other):
        rows = Delivery.objects.filter(channel=channel, event__kind="handoff.escalated")
        assert rows.count() == 1
    assert len([one for one in hooks.messages("webhook") if one["kind"] == "handoff.escalated"]) == 1


def test_others_code_believes_the_signature(hooks, webhook, waiting) -> None:
    deliver("webhook")
    for raw, headers in zip(hooks.raw, hooks.headers, strict=True):
        told = Webhook(webhook.secrets["secret"]).verify(raw, headers)
        assert told == json.loads(raw)
    assert len({headers["webhook-id"] for headers in hooks.headers}) == len(hooks.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(webhook.secrets["secret"]).verify(hooks.raw[0] + b" ", hooks.headers[0])
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + base64.b64encode(b"x" * 32).decode()).verify(hooks.raw[0], hooks.headers[0])


def test_the_secret_is_as_the_standard_wants_it(hooks, webhook) -> None:
    prefix, _unused, key = webhook.secrets["secret"].partition("_")
    assert prefix == "whsec"
    assert 24 <= len(base64.b64decode(key)) <= 64


def test_for_a_day_after_a_rotation_both_secrets_sign(hooks, webhook, adam, waiting, ana) -> None:
    older = webhook.secrets["secret"]
    newer = webhook.rotate_secret(adam)
    assert newer != older
    deliver("webhook")
    for secret in (older, newer):
        Webhook(secret).verify(hooks.raw[-1], hooks.headers[-1])
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        waiting.withdraw(ana)
        deliver("webhook")
        Webhook(newer).verify(hooks.raw[-1], hooks.headers[-1])
        with pytest.raises(WebhookVerificationError):
            Webhook(older).verify(hooks.raw[-1], hooks.headers[-1])


@pytest.mark.parametrize("trouble", ["drop", 500, 503])
def test_what_may_not_have_arrived_is_sent_again_with_the_same_id(hooks, webhook, session, trouble) -> None:
    Delivery.objects.all().delete()
    relay_all()
    first = Delivery.objects.order_by("event").first()
    hooks.script = [trouble]
    Delivery.run(first.pk)
    first.refresh_from_db()
    assert first.status == "pending"
    Delivery.objects.update(due_at=timezone.now())
    Channel.objects.update(free_at=timezone.now())
    Delivery.run(first.pk)
    first.refresh_from_db()
    assert first.status == "done"
    assert hooks.headers[0]["webhook-id"] == hooks.headers[1]["webhook-id"]
    assert hooks.raw[0] == hooks.raw[1]


@pytest.mark.parametrize("status", [400, 404, 410])
def test_an_address_that_is_gone_is_switched_off_and_tells_no_webhook_of_itself(
    hooks, webhook, session, status
) -> None:
    hooks.script = [status]
    deliver("webhook")
    webhook.refresh_from_db()
    assert not webhook.is_active
    assert str(status) in webhook.off_reason
    relay_all()
    assert not Delivery.objects.filter(event__kind__in=("channel.failed", "delivery.failed")).filter(kind="webhook")
    others = Delivery.objects.filter(kind="webhook").exclude(status="failed")
    assert {one.status for one in others} == {"cancelled"}


def test_another_webhook_is_told_that_one_was_switched_off(hooks, webhook, adam, session) -> None:
    Channel.add(adam, name="Other", kind="webhook", address=f"{hooks.url}/gone/for/good")
    deliver("webhook")
    deliver("webhook")
    told = [one for one in hooks.messages("webhook") if one["kind"] == "channel.failed"]
    assert [one["facts"]["name"] for one in told] == ["Other"]
    assert "gone/for" not in json.dumps(hooks.messages("webhook"))


def fail_all_tries(hooks: Hooks, delivery: Delivery) -> None:
    hooks.script = [500] * 6
    for _unused in range(6):
        Delivery.objects.filter(pk=delivery.pk).update(due_at=timezone.now())
        Channel.objects.update(free_at=timezone.now())
        Delivery.run(delivery.pk)
    delivery.refresh_from_db()


def test_given_up_after_all_tries_with_nothing_arriving_it_is_switched_off(hooks, webhook, session, ana) -> None:
    relay_all()
    first = Delivery.objects.filter(kind="webhook").order_by("event").first()
    fail_all_tries(hooks, first)
    webhook.refresh_from_db()
    assert first.status == "failed"
    assert not webhook.is_active
    assert webhook.off_reason.startswith("Nothing has arrived there for hours.")


def test_one_that_always_fails_leaves_it_on_while_others_arrive(hooks, webhook, session, ana) -> None:
    relay_all()
    first = Delivery.objects.filter(kind="webhook").order_by("event").first()
    Channel.objects.update(last_sent_at=timezone.now())
    fail_all_tries(hooks, first)
    webhook.refresh_from_db()
    assert first.status == "failed"
    assert webhook.is_active
    assert not Event.objects.filter(kind="delivery.failed")
