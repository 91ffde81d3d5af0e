"""The ledger: PostgreSQL itself refuses to change it; only a whole account goes, and then all of it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from notifications.models import Channel, Notification
from resolutionflow.accounts.models import Account, ApiToken, Event, Owned, User
from sessions_app.models import Session

refused = pytest.raises(IntegrityError, match="append-only")


@pytest.mark.real
@pytest.mark.parametrize(
    "change", [{"kind": "x"}, {"facts": {}}, {"actor": None}, {"relayed_at": None}, {"origin": "x"}]
)
def test_an_event_is_not_changed(real, session, change):
    Event.objects.update(relayed_at=timezone.now())  # once, from null: this may be
    with refused, transaction.atomic():
        Event.objects.update(**change)
    with refused, transaction.atomic():
        Event.objects.update(relayed_at=timezone.now())


@pytest.mark.real
def test_an_event_is_not_changed_while_it_is_relayed(real, session):
    with refused, transaction.atomic():
        Event.objects.update(relayed_at=timezone.now(), kind="x")


@pytest.mark.real
def test_an_event_is_not_deleted(real, session, elsewhere):
    with refused, transaction.atomic():
        Event.objects.all().delete()
    with refused, transaction.atomic():  # nor while another account is deleted
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('resolutionflow.deleting_account', %s, true)", [str(elsewhere.pk)])
        Event.objects.all().delete()


def test_a_whole_account_goes_and_nothing_of_another(claimed, network, olga, eve):
    Event.objects.update(relayed_at=timezone.now())
    about = Event.objects.last()
    Notification.objects.create(account=olga.account, user=olga, event=about, handoff=claimed, title="x", why="y")
    Channel.add(olga, name="Desk", address="desk@northwind.example")
    ApiToken.issue(olga, name="x")
    theirs = Session.open(eve, problem_summary="Theirs")
    olga.account.delete()
    assert list(Account.objects.all()) == [eve.account]
    assert list(User.objects.all()) == [eve]
    assert list(Session.objects.all()) == [theirs]
    for model in apps.get_models():
        if issubclass(model, Owned):
            assert not model._base_manager.exclude(account=eve.account).exists(), model


@pytest.mark.real
def test_after_an_account_is_deleted_the_ledger_is_locked_again(real, session, eve):
    session.account.delete()
    Session.open(eve, problem_summary="Theirs")
    with refused, transaction.atomic():
        Event.objects.all().delete()
