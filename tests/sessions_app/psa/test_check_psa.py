"""`manage.py check_psa`: which connection works, and why another does not."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from sessions_app.models import PsaConnection
from tests.fakes.connectwise import CREDENTIALS, ConnectWise


def connected(account, url: str, **fields) -> PsaConnection:
    fields = {"name": "Helpdesk", "kind": "connectwise", "credentials": CREDENTIALS, **fields}
    return PsaConnection.objects.create(account=account, base_url=url, **fields)


def said(**options) -> str:
    out = io.StringIO()
    try:
        call_command("check_psa", stdout=out, **options)
    except CommandError as error:
        out.write(f"error: {error}")
    return out.getvalue()


def test_what_works_is_said_and_kept(northwind, settings):
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    with ConnectWise() as fake:
        connection = connected(northwind, fake.url)
        assert said() == "Northwind / Helpdesk: works (ConnectWise PSA v2025.1.1)\n"
    connection.refresh_from_db()
    assert (connection.check_error, connection.checked_at is None) == ("", False)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"credentials": {**CREDENTIALS, "private_key": "canary"}}, "does not accept the credentials"),
        ({"credentials": {}}, "does not know this company"),
        ({"kind": "nosuch"}, "not supported"),
        ({"base_url": "http://127.0.0.2:1"}, "https"),
        ({"base_url": "http://127.0.0.1:9"}, "cannot be reached"),
    ],
)
def test_what_does_not_work_says_why_and_no_secret(northwind, settings, fields, reason):
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    with ConnectWise() as fake:
        connection = connected(northwind, **{"url": fields.pop("base_url", fake.url), **fields})
        text = said()
    connection.refresh_from_db()
    assert reason in text
    assert reason in connection.check_error
    assert "error: 1 of 1 do not work." in text
    assert "canary" not in text


def test_a_lost_key_is_said(northwind, settings):
    connection = connected(northwind, "https://na.myconnectwise.net")
    PsaConnection.objects.filter(pk=connection.pk).update(credentials="00000000:gone")
    assert "not in FIELD_ENCRYPTION_KEYS" in said()


def test_only_active_ones_of_the_named_account(northwind, elsewhere):
    connected(northwind, "https://na.myconnectwise.net", is_active=False)
    connected(elsewhere, "https://na.myconnectwise.net")
    assert said(account="Northwind") == "No active connection.\n"


def test_an_account_that_is_not_there_is_said(northwind):
    assert said(account="Nope") == "error: There is no account named Nope. There are: Northwind."
