"""demo: what the first screen shows."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from handoffs import consistency
from handoffs.models import Handoff
from notifications.models import Delivery, Notification
from resolutionflow.accounts.models import Account, Event, User
from sessions_app.models import Session


@pytest.mark.django_db
def test_a_small_msp_with_work_in_every_position(settings, capsys):
    settings.DEBUG = True
    call_command("demo")
    assert "ana@harbour.example" in capsys.readouterr().out
    msp = Account.objects.get(name="Harbour IT")
    assert (Account.objects.count(), User.objects.count()) == (2, 8)
    waiting = Handoff.objects.waiting().filter(account=msp)
    assert [h.get_priority_display() for h in waiting] == ["Urgent", "High", "Normal"]
    assert waiting[0].session.branches.count() == 4
    assert set(Session.objects.values_list("status", flat=True)) == set(Session.Status.values)
    assert Handoff.objects.claimed().count() == 2
    assert not Handoff.objects.to_expire(timezone.now() + timedelta(hours=1)).exists()
    assert not consistency.inconsistent_sessions().exists()
    assert not Event.objects.unrelayed().exists()
    assert Notification.objects.filter(done_at=None).exists()
    assert not Delivery.objects.filter(status="pending").exists()


@pytest.mark.django_db
def test_only_into_an_empty_database_and_only_while_debugging(settings, northwind):
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("demo")
    settings.DEBUG = True
    with pytest.raises(CommandError, match="empty"):
        call_command("demo")
