"""Members and teams: who may change whom, one active owner, and what the pages do."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from resolutionflow.accounts.models import Event, Team, User
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from tests.conftest import person
from tests.handoffs.test_races import at_once


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


NEW = {"email": "Zoe@Northwind.example", "name": "Zoë Z", "role": "engineer"}


def test_a_new_member_is_shown_a_link_once(olga, network):
    client = signed_in(olga)
    answer = client.post("/settings/members/", {**NEW, "lead": "on", "teams": [network.pk]})
    page, again = client.get(answer["Location"]), client.get(answer["Location"])
    zoe = User.objects.get(email="zoe@northwind.example")
    assert (zoe.account, zoe.name, zoe.role, zoe.lead) == (olga.account, "Zoë Z", "engineer", True)
    assert list(zoe.teams.all()) == [network]
    assert page.context["link"] in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert "/password/" in page.context["link"]
    assert 'id="link"' not in again.content.decode()
    event = Event.objects.get(kind="member.changed")
    assert (event.actor, event.facts["member"], event.origin) == (olga, zoe.pk, "web")


def test_a_link_can_be_made_again_until_they_have_come(olga):
    client = signed_in(olga)
    zoe = olga.account.add_member(by=olga, email="zoe@northwind.example")
    assert "/password/" in client.post(f"/settings/members/{zoe.pk}/link/", follow=True).context["link"]
    User.objects.get(pk=zoe.pk).confirm()
    assert client.post(f"/settings/members/{zoe.pk}/link/").status_code == 409


@pytest.mark.parametrize("where", ["/settings/members/{pk}/", "/admin/accounts/user/"])
@pytest.mark.parametrize("become", ["owner", "confirmed", "deactivated", "nothing"])
def test_a_link_that_waits_to_be_shown_is_asked_for_again(olga, adam, where, become):
    zoe, client = olga.account.add_member(by=olga, email="zoe@northwind.example"), signed_in(adam)
    if where.startswith("/admin/"):
        client.post(where, {"action": "invite_again", "_selected_action": [zoe.pk]})
    else:
        client.post(f"{where.format(pk=zoe.pk)}link/")
    match become:
        case "owner":
            zoe.change_membership(by=olga, role="owner")
        case "confirmed":
            User.objects.get(pk=zoe.pk).confirm()
        case "deactivated":
            zoe.deactivate(by=olga)
    shown = re.search(r"/password/\w+/\w", client.get(where.format(pk=zoe.pk)).content.decode())
    assert bool(shown) == (become == "nothing")


def test_an_engineers_link_is_not_an_owners(olga, client):
    zoe = olga.account.add_member(by=olga, email="zoe@northwind.example")
    old = zoe.password_link()
    zoe.change_membership(by=olga, role="owner")
    assert 'name="password1"' not in client.get(old, follow=True).content.decode()
    assert 'name="password1"' in client.get(zoe.password_link(), follow=True).content.decode()


@pytest.mark.parametrize(("who", "offered"), [("adam", False), ("olga", True)])
def test_the_admin_offers_an_owner_to_owners_alone(request, ana, who, offered):
    client = signed_in(request.getfixturevalue(who))
    for address in ("/admin/accounts/user/add/", f"/admin/accounts/user/{ana.pk}/change/"):
        assert ('<option value="owner"' in client.get(address).content.decode()) == offered, address


@pytest.mark.parametrize("bad", [{"email": "x"}, {"email": "eve@elsewhere.example"}, {"role": "boss"}, {"name": " "}])
def test_a_wrong_form_comes_back_with_what_was_typed(olga, eve, bad):
    page = signed_in(olga).post("/settings/members/", {**NEW, **bad})
    assert page.status_code == 422
    assert not User.objects.filter(email="zoe@northwind.example").exists()


def test_an_admin_makes_no_owner_and_changes_none(adam, olga, ana):
    client = signed_in(adam)
    assert client.post("/settings/members/", {**NEW, "role": "owner"}).status_code == 422
    assert client.post(f"/settings/members/{ana.pk}/", {"name": "Ana", "role": "owner"}).status_code == 422
    assert client.post(f"/settings/members/{olga.pk}/", {"name": "Olga", "role": "viewer"}).status_code == 403
    assert client.post(f"/settings/members/{olga.pk}/deactivate/").status_code == 403
    assert client.post(f"/settings/members/{olga.pk}/link/").status_code == 403
    with pytest.raises(NotAllowed):
        ana.change_membership(by=adam, role="owner")
    with pytest.raises(NotAllowed):
        olga.account.add_member(by=adam, email="new@northwind.example", role="owner")


def test_an_owner_steps_down_only_when_there_is_another(olga, ana):
    client = signed_in(olga)
    assert client.post(f"/settings/members/{olga.pk}/", {"name": "Olga", "role": "admin"}).status_code == 409
    assert client.post(f"/settings/members/{olga.pk}/deactivate/").status_code == 409
    assert client.post(f"/settings/members/{ana.pk}/", {"name": "Ana", "role": "owner"}).status_code == 302
    assert client.post(f"/settings/members/{olga.pk}/", {"name": "Olga", "role": "admin"}).status_code == 302


def test_what_a_stale_page_sends_is_measured_by_what_is(adam, olga, ana):
    """Adam's page was loaded before Olga made Ana an owner."""
    stale = User.objects.get(pk=ana.pk)
    ana.change_membership(by=olga, role="owner")
    with pytest.raises(NotAllowed):
        stale.change_membership(by=adam, role="viewer")
    old_olga = User.objects.get(pk=olga.pk)
    olga.change_membership(by=ana, role="engineer")
    with pytest.raises(NotAllowed):
        adam.deactivate(by=old_olga)


def test_deactivate_and_activate(olga, ana):
    client = signed_in(olga)
    theirs = signed_in(ana)
    assert client.post(f"/settings/members/{ana.pk}/deactivate/").status_code == 302
    assert theirs.get("/settings/").status_code == 302
    assert client.post(f"/settings/members/{ana.pk}/deactivate/").status_code == 409
    assert client.post(f"/settings/members/{ana.pk}/activate/").status_code == 302
    assert client.post(f"/settings/members/{ana.pk}/activate/").status_code == 409
    assert list(Event.objects.values_list("kind", flat=True)) == ["member.deactivated", "member.changed"]


def test_teams_are_made_renamed_and_filled(olga, ana, bo, eve):
    client = signed_in(olga)
    assert client.post("/settings/teams/", {"name": "Network", "members": [ana.pk]}).status_code == 302
    team = Team.objects.get()
    assert client.post("/settings/teams/", {"name": "Network"}).status_code == 422
    url = f"/settings/teams/{team.pk}/"
    assert client.post(url, {"name": "Core", "members": [ana.pk, eve.pk]}).status_code == 422
    assert client.post(url, {"name": "Core", "members": [bo.pk]}).status_code == 302
    team.refresh_from_db()
    assert (team.name, list(team.members.all())) == ("Core", [bo])


WRITES = [
    "/settings/members/",
    "/settings/members/{ana}/",
    "/settings/members/{ana}/deactivate/",
    "/settings/members/{ana}/activate/",
    "/settings/members/{ana}/link/",
    "/settings/teams/",
    "/settings/teams/{network}/",
]


@pytest.mark.parametrize("url", WRITES)
@pytest.mark.parametrize("who", ["vic", "bo", "lea"])
def test_only_owner_and_admin_write_but_everybody_reads(request, ana, network, who, url):
    client = signed_in(request.getfixturevalue(who))
    url = url.format(ana=ana.pk, network=network.pk)
    assert client.post(url, {"name": "x", "email": "x@y.example", "role": "viewer"}).status_code == 403
    assert client.get(url).status_code in (200, 405)


@pytest.mark.parametrize("url", [url for url in WRITES if "{" in url])
def test_another_accounts_people_and_teams_are_not_found(eve, ana, network, url):
    url = url.format(ana=ana.pk, network=network.pk)
    assert signed_in(eve).post(url, {"name": "x", "role": "viewer"}).status_code == 404


def test_verbs_refuse_the_owner_of_another_account(eve, ana, network):
    for call in (
        lambda: ana.change_membership(by=eve, role="viewer"),
        lambda: ana.deactivate(by=eve),
        lambda: network.change(by=eve, name="Eve's", members=[]),
        lambda: ana.account.add_member(by=eve, email="x@y.example"),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_viewers_do_what_is_their_own(vic):
    client = signed_in(vic)
    assert client.post("/settings/", {"name": "Vic V", "time_zone": "Europe/Oslo"}).status_code == 302
    assert client.post("/settings/", {"name": "Vic", "time_zone": "Mars/Base"}).status_code == 422
    vic.refresh_from_db()
    assert (vic.name, vic.time_zone) == ("Vic V", "Europe/Oslo")


def test_the_lists_cost_the_same_for_many(olga, network, django_assert_max_num_queries):
    client = signed_in(olga)
    for n in range(20):
        network.members.add(person(olga.account, f"P{n}"))
    for url in ("/settings/members/", "/settings/teams/"):
        with django_assert_max_num_queries(14):
            client.get(url)


def step_down(user: User) -> None:
    User.objects.get(pk=user.pk).change_membership(by=user, role="engineer")


def leave(user: User) -> None:
    User.objects.get(pk=user.pk).deactivate(by=user)


@pytest.mark.slow
@pytest.mark.parametrize("go", [step_down, leave])
@pytest.mark.django_db(transaction=True)
def test_of_owners_who_go_at_once_one_stays(olga, go):
    owners = [olga, *(person(olga.account, f"O{n}", "owner") for n in range(4))]
    results = at_once([lambda user=user: go(user) for user in owners])
    assert sum(isinstance(result, WrongState) for result in results) == 1
    assert User.objects.filter(account=olga.account, role="owner", is_active=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_accounts_invite_one_address_at_the_same_moment(northwind, elsewhere):
    results = at_once([lambda a=a: a.add_member(by=None, email="zoe@both.example") for a in (northwind, elsewhere)])
    assert User.objects.filter(email="zoe@both.example").count() == 1
    [refused] = [result for result in results if isinstance(result, Invalid)]
    assert refused.errors == {"email": ["Somebody signs in as zoe@both.example already."]}
