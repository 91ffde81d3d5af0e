"""A member's phone number: what is taken for one, who changes it, and where it is shown."""

from __future__ import annotations

import pytest
from django.test import Client

from resolutionflow.accounts.models import Event, User
from resolutionflow.core.refusals import Invalid
from tests.api_client import client_of

SAID = "A phone number has digits"


@pytest.fixture
def signed_in(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


@pytest.mark.parametrize(
    ("typed", "kept", "address"),
    [
        ("+44 20 7946 0143", "+44 20 7946 0143", "tel:+442079460143"),
        ("  +44 (0)20\n7946-0143 ext. 7 ", "+44 (0)20 7946-0143 ext. 7", "tel:+442079460143;ext=7"),
        ("020/7946.0143 X12", "020/7946.0143 X12", "tel:02079460143;ext=12"),
        ("", "", ""),
    ],
)
def test_a_number_is_kept_as_it_is_written_and_can_be_dialled(ana, typed, kept, address) -> None:
    ana.change_profile(name="Ana Tester", time_zone="", phone=typed)
    ana.refresh_from_db()
    assert (ana.phone, ana.phone_address) == (kept, address)


@pytest.mark.parametrize("typed", ["call me", "x", "+()", "٠٢٠", "1;javascript:2", "020 7946 0143 home", "1" * 41])
def test_what_is_no_number_is_refused_with_a_sentence(signed_in, ana, typed) -> None:
    answer = signed_in.post("/settings/", {"name": "Ana Tester", "phone": typed})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert SAID in said or "41 characters long and 40 fit" in said
    assert typed in said
    with pytest.raises(Invalid, match="phone number"):
        ana.change_profile(name="Ana Tester", time_zone="", phone=typed)
    ana.refresh_from_db()
    assert ana.phone == ""


def test_ones_own_number_is_set_in_the_settings_and_the_old_one_is_on_record(signed_in, ana) -> None:
    for number in ("020 7946 0143", "020 7946 0144"):
        assert signed_in.post("/settings/", {"name": "Ana Tester", "phone": number}).status_code == 302
    assert 'value="020 7946 0144"' in signed_in.get("/settings/").content.decode()
    assert Event.objects.filter(kind="member.changed").latest("seq").facts["before"]["phone"] == "020 7946 0143"


def test_an_admin_sets_a_members_number_and_another_change_keeps_it(client, adam, ana) -> None:
    client.force_login(adam)
    page = f"/settings/members/{ana.pk}/"
    assert client.post(page, {"name": "Ana", "role": "engineer", "phone": "ring me"}).status_code == 422
    client.post(page, {"name": "Ana", "role": "engineer", "phone": "020 7946 0143"})
    ana.change_membership(by=adam, lead=True)
    ana.change_profile(name="Ana", time_zone="")
    assert 'href="tel:02079460143"' in client.get("/settings/members/").content.decode()
    assert 'value="020 7946 0143"' in client.get(page).content.decode()


def test_a_new_member_has_one_from_the_start(client, adam) -> None:
    client.force_login(adam)
    new = {"email": "zoe@northwind.example", "name": "Zoe", "role": "engineer", "phone": "020 7946 0199"}
    assert client.post("/settings/members/", new).status_code == 302
    assert User.objects.get(name="Zoe").phone == "020 7946 0199"


def test_the_admin_changes_it_and_refuses_what_is_none(client, olga, ana) -> None:
    client.force_login(olga)
    page = f"/admin/accounts/user/{ana.pk}/change/"
    assert SAID in client.post(page, {"name": "Ana", "role": "engineer", "phone": "none"}).content.decode()
    assert client.post(page, {"name": "Ana", "role": "engineer", "phone": "020 7946 0143"}).status_code == 302
    assert User.objects.get(pk=ana.pk).phone == "020 7946 0143"
    new = {"email": "zoe@northwind.example", "name": "Zoe", "role": "engineer", "phone": "020 7946 0199"}
    client.post("/admin/accounts/user/add/", new)
    assert User.objects.get(name="Zoe").phone == "020 7946 0199"


def test_the_api_says_it(ana, bo) -> None:
    ana.change_profile(name="Ana", time_zone="", phone="020 7946 0143")
    client = client_of(bo)
    phones = {row["name"]: row["phone"] for row in client.get("members/").json()["results"]}
    assert phones == {"Ana": "020 7946 0143", "Bo Tester": None}
    assert client.get("me/").json()["phone"] is None
