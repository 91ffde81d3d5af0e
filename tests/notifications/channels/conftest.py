"""Channels of each kind, at a server that takes what is posted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone

from notifications.models import Channel, Delivery
from resolutionflow.accounts.models import User
from tests.conftest import relay_all
from tests.fakes.hooks import Hooks


@pytest.fixture
def hooks(settings) -> Iterator[Hooks]:
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    with Hooks() as hooks:
        yield hooks


def add(by: User, kind: str, hooks: Hooks) -> Channel:
    return Channel.add(by, name=f"Desk in {kind}", kind=kind, address=hooks.address(kind))


@pytest.fixture
def slack(hooks, adam) -> Channel:
    return add(adam, "slack", hooks)


@pytest.fixture
def teams(hooks, adam) -> Channel:
    return add(adam, "teams", hooks)


@pytest.fixture
def webhook(hooks, adam) -> Channel:
    return add(adam, "webhook", hooks)


def deliver(kind: str) -> list[Delivery]:
    """Relays what has happened, and sends what is due of this kind, the oldest first; returns all of it."""
    relay_all()
    rows = Delivery.objects.filter(kind=kind).order_by("event")
    for row in rows.filter(status="pending", due_at__lte=timezone.now()):
        Channel.objects.filter(pk=row.channel_id, failures=0).update(free_at=timezone.now())
        Delivery.run(row.pk)
    return list(rows)
