"""The zone of a new account: given at the shell, else its owner and admins are asked until one of them has chosen."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from resolutionflow.accounts.models import Account, Event, User
from resolutionflow.core.refusals import Invalid
from tests.conftest import person
from tests.resolutionflow.accounts.test_settings_account import AS_IT_IS

pytestmark = pytest.mark.django_db

ASKED = "use UTC until you choose"
PAGE = "/settings/time-zone/"


@pytest.fixture
def unasked(northwind: Account) -> Account:
    """Northwind as it was when nobody had chosen a zone."""
    Account.objects.filter(pk=northwind.pk).update(time_zone_is_set=False)
    return northwind


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def home(user: User) -> str:
    return browser(user).get("/").content.decode()


def stored(account: Account) -> tuple[str, bool]:
    account.refresh_from_db()
    return account.time_zone, account.time_zone_is_set


def test_who_opens_an_account_without_a_zone_is_asked_on_the_first_page(db: None) -> None:
    account, owner = Account.open(name="Contoso", owner_email="olga@contoso.example", password="correct horse staple")
    assert stored(account) == ("UTC", False)
    client = Client()
    page = client.post("/login/", {"login": owner.email, "password": "correct horse staple"}, follow=True)
    assert ASKED in page.content.decode()
    assert page.context["time_zone_form"]["time_zone"].value() == "UTC"
    after = client.post(PAGE, {"time_zone": "Europe/Oslo"}, follow=True)
    assert after.redirect_chain == [("/", 302)]
    assert "Times and business hours are in Europe/Oslo." in after.content.decode()
    assert ASKED not in after.content.decode()
    assert stored(account) == ("Europe/Oslo", True)


def test_a_zone_given_at_the_shell_is_not_asked_for(db: None, capsys: Any) -> None:
    call_command("create_account", "Contoso", owner="o@contoso.example", time_zone="UTC")
    assert stored(Account.objects.get()) == ("UTC", True)
    assert ASKED not in home(User.objects.get())
    call_command("create_account", "Fabrikam", owner="o@fabrikam.example")
    assert "UTC until its owner chooses one" in capsys.readouterr().out
    assert ASKED in home(User.objects.get(email="o@fabrikam.example"))


def test_owner_and_admins_are_asked_and_nobody_else(unasked, olga, adam, lea, bo, vic) -> None:
    assert {user.name: ASKED in home(user) for user in (olga, adam, lea, bo, vic)} == {
        olga.name: True, adam.name: True, lea.name: False, bo.name: False, vic.name: False,
    }  # fmt: skip
    assert [browser(user).post(PAGE, {"time_zone": "Europe/Oslo"}).status_code for user in (lea, bo, vic)] == [403] * 3
    assert stored(unasked) == ("UTC", False)


def test_who_is_there_already_is_not_asked(northwind, olga) -> None:
    assert stored(northwind) == ("UTC", True)
    assert ASKED not in home(olga)


@pytest.mark.parametrize("zone", ["Mars/Base", "", "\x00"])
def test_what_is_no_zone_is_refused_and_asked_for_again(unasked, olga, zone) -> None:
    again = browser(olga).post(PAGE, {"time_zone": zone})
    assert again.status_code == 422
    assert list(again.context["form"].errors) == ["time_zone"]
    assert f'action="{PAGE}"' in again.content.decode()
    assert (stored(unasked), ASKED in home(olga)) == (("UTC", False), True)


def test_utc_is_an_answer_too(unasked, olga) -> None:
    assert browser(olga).post(PAGE, {"time_zone": "UTC"}).status_code == 302
    assert stored(unasked) == ("UTC", True)
    event = Event.objects.get(kind="account.changed")
    assert event.facts == {"before": {"time_zone": "UTC"}, "after": {"time_zone": "UTC"}}


def by_settings(olga: User, **typed: str) -> None:
    assert browser(olga).post("/settings/account/", {**AS_IT_IS, **typed}).status_code == 302


def by_admin(olga: User, **typed: str) -> None:
    client, address = browser(olga), f"/admin/accounts/account/{olga.account_id}/change/"
    form = client.get(address).context["adminform"].form
    sent = {bound.name: bound.value() for bound in form if bound.value() is not None}
    assert client.post(address, {**sent, **typed}).status_code == 302


@pytest.mark.parametrize("by", [by_settings, by_admin])
def test_a_change_of_the_zone_elsewhere_is_a_choice_and_another_change_is_none(unasked, olga, by) -> None:
    by(olga, widen_after="17")
    unasked.refresh_from_db()
    assert unasked.widen_after == 17
    assert stored(unasked) == ("UTC", False)
    by(olga, time_zone="Europe/Oslo", widen_after="17")
    assert stored(unasked) == ("Europe/Oslo", True)


def test_what_the_verb_refuses_is_not_chosen(unasked, olga) -> None:
    with pytest.raises(Invalid):
        unasked.change(by=olga, time_zone="Mars/Base")
    assert stored(unasked) == ("UTC", False)


def test_another_account_is_not_chosen_for(unasked, elsewhere) -> None:
    Account.objects.filter(pk=elsewhere.pk).update(time_zone_is_set=False)
    assert browser(person(elsewhere, "Ebba", role="owner")).post(PAGE, {"time_zone": "Asia/Tokyo"}).status_code == 302
    assert (stored(unasked), stored(elsewhere)) == (("UTC", False), ("Asia/Tokyo", True))
