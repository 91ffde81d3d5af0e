"""An import beside people who work on what it brought in before: neither ever waits for the other in a circle."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from resolutionflow.accounts.models import Account
from sessions_app.models import Session, Step
from tests.conftest import person
from tests.locks import Other, until_it_waits

EXCERPT = Path(__file__).parents[2] / "data/incidents.csv"


def bring_in(*options: str) -> None:
    call_command("import_incidents", str(EXCERPT), "--account", "Northwind", *options)


@pytest.mark.django_db(transaction=True)
def test_a_step_is_added_while_the_import_goes_on(real):
    bo = person(Account.objects.create(name="Northwind"), "Bo")
    bring_in("--until", "2016-03-05T12:00")
    session = Session.objects.exclude(status="resolved").order_by("pk").first()
    with transaction.atomic():
        session.lock()
        importing = Other(bring_in)
        until_it_waits(importing)
        session.add_step(bo, text="Looked at it meanwhile")
    importing.result()
    session.refresh_from_db()
    assert Step.objects.filter(session=session, text="Looked at it meanwhile").exists()
    assert session.status != "resolved", "what somebody works on here is left alone"
