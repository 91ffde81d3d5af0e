"""create_account, create_user, create_token: what the operator does at the shell."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from resolutionflow.accounts.models import Account, ApiToken, Event, User
from tests.conftest import PASSWORD


def run(*args: str, **options) -> str:
    out = StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


def link_in(text: str) -> str:
    return next(word for word in text.split() if "/password/" in word).split("8000")[-1]


def test_an_account_has_its_owner_who_sets_a_password_by_a_link(client, db):
    said = run("create_account", "Contoso IT", owner="Olga@Contoso.example")
    owner = User.objects.get(email="olga@contoso.example")
    assert (owner.account.name, owner.role, owner.has_usable_password()) == ("Contoso IT", "owner", False)
    assert client.get(link_in(said), follow=True).status_code == 200


def test_the_time_zone_is_given_and_said(db):
    assert "Europe/Oslo" in run("create_account", "Contoso", owner="o@contoso.example", time_zone="Europe/Oslo")
    assert Account.objects.get().time_zone == "Europe/Oslo"


@pytest.mark.parametrize(("zone", "near"), [("Europe/Olso", "Europe/Oslo"), ("oslo", "Europe/Oslo")])
def test_a_time_zone_that_is_none_is_refused_with_what_looks_like_it(db, zone, near):
    with pytest.raises(CommandError, match=near):
        run("create_account", "Contoso", owner="o@contoso.example", time_zone=zone)
    assert not Account.objects.exists()


def test_with_a_password_no_link_is_needed(client, db):
    said = run("create_account", "Contoso", owner="olga@contoso.example", password=PASSWORD)
    assert "/password/" not in said
    assert client.post("/login/", {"login": "olga@contoso.example", "password": PASSWORD}).status_code == 302


def test_a_member_gets_role_lead_and_name(northwind):
    run("create_user", "zoe@northwind.example", account="Northwind", role="viewer", name="Zoë  Z", lead=True)
    zoe = User.objects.get(email="zoe@northwind.example")
    assert (zoe.account, zoe.role, zoe.name, zoe.lead) == (northwind, "viewer", "Zoë Z", True)
    assert Event.objects.get(kind="member.changed").origin == "command"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["create_user", "x@y.example", "--account", "Nowhere", "--role", "engineer"], "no account named Nowhere"),
        (["create_user", "ANA@northwind.example", "--account", "Northwind", "--role", "viewer"], "already"),
        (["create_user", "x@y.example", "--account", "Northwind", "--role", "boss"], "admin, engineer or viewer"),
        (["create_user", "x@y.example", "--account=Northwind", "--role=viewer", "--password=12345678"], "common"),
        (["create_user", "not an address", "--account", "Northwind", "--role", "viewer"], "not an email address"),
        (["create_account", "Northwind", "--owner", "x@y.example"], "already"),
        (["create_account", " ", "--owner", "x@y.example"], "needs a name"),
        (["create_account", "New", "--owner", "ana@northwind.example"], "already"),
        (["create_token", "nobody@y.example"], "Nobody signs in"),
        (["create_token", "ana@northwind.example", "--scope", "all"], "read or write"),
        (["create_token", "ana@northwind.example", "--days", "0"], "1 to 3650"),
        (["create_token", "vic@northwind.example", "--scope", "write"], "only read"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_left_behind(ana, vic, args, says):
    before = (Account.objects.count(), User.objects.count(), ApiToken.objects.count())
    with pytest.raises(CommandError, match=says):
        run(*args)
    assert (Account.objects.count(), User.objects.count(), ApiToken.objects.count()) == before


def test_a_token_stands_alone_on_stdout(ana):
    key = run("create_token", "ana@northwind.example", scope="write", days=30)
    assert key == key.strip() + "\n"
    token = ApiToken.find(key.strip())
    assert token is not None
    assert (token.user, token.scope) == (ana, "write")
