"""Browsers without JavaScript, and long sessions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from resolutionflow.accounts.models import User
from sessions_app.models import Session, Step

UNSEEN = "a\x00b\x1b[31mc\u202ed\u2066e"  # cleaned: abcde


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def long_session(session, ana) -> Session:
    """500 steps and 50 messages."""
    branch = session.branches.get()
    Step.objects.bulk_create(
        Step(account_id=session.account_id, session=session, branch=branch, author=ana, order=n, text=f"Try {n}")
        for n in range(4, 501)
    )
    Session.objects.filter(pk=session.pk).update(step_count=500)
    session.refresh_from_db()
    for n in range(50):
        session.add_message(ana, content=f"word {n}")
    return session
