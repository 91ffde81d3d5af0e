"""Only an owner changes an owner: every way by which an admin reaches a member, tried against one."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from resolutionflow.accounts.models import ApiToken, Team, User
from resolutionflow.core.refusals import NotAllowed
from tests.every_address.addresses import OF_PAGES, PAGES, admin_addresses, body_of, filled, rolled_back

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]

TYPED = {
    "name": "Robbed", "email": "robbed@northwind.example", "role": "viewer", "lead": "on", "time_zone": "UTC", "q": "",
    "is_active": "", "members": [], "teams": [], "password": "x", "user": "", "owner": "", "reason": "x",
}  # fmt: skip


def state(owner: User) -> Any:
    """All that is theirs: what they are, where they belong, and what lets them in."""
    row = User.objects.filter(pk=owner.pk).values().get()
    tokens = ApiToken.objects.filter(user=owner).order_by("pk").values("pk", "revoked_at", "scope")
    return row, sorted(owner.teams.values_list("pk", flat=True)), list(tokens)


@pytest.fixture
def owner(olga: User, things: Any, network: Team) -> User:
    """Signs in without a password yet, is in one team of two and has a key: everything there is to take."""
    network.members.add(olga)
    Team.objects.create(account=olga.account, name="Servers")
    things |= {"members": olga.pk, "tokens": ApiToken.issue(olga, name="hers", scope="write")[0].pk}
    return User.objects.get(pk=olga.pk)


def sent(browser: Client, path: str, body: dict[str, Any], owner: User) -> tuple[int, bool]:
    """What is answered, and whether the owner is as they were."""
    before = state(owner)
    with rolled_back():
        status = browser.post(path, body).status_code
        return status, state(owner) == before


def bodies(rule_body: dict[str, Any], owner: User) -> list[dict[str, Any]]:
    others = [team.pk for team in Team.objects.exclude(members=owner)]
    aimed = {"members": [owner.pk], "teams": others, "user": owner.pk, "to": owner.pk}
    return [rule_body, {**rule_body, **TYPED}, {**rule_body, **TYPED, **aimed}, {**TYPED, **aimed, "role": "owner"}]


def test_no_page_of_an_admin_changes_an_owner(owner, things, adam, wrong) -> None:
    browser = Client()
    browser.force_login(adam)
    tried = 0
    for route, name in OF_PAGES:
        if PAGES[name].posts in ("", "own") and not route.startswith("settings/tokens"):
            continue
        teams = Team.objects.filter(account=owner.account).values_list("pk", flat=True)
        for path in {filled(route, {**things, "teams": team}) for team in teams}:
            for body in bodies(body_of(PAGES[name]), owner):
                status, same = sent(browser, path, body, owner)
                wrong.unless(same, name, "changes an owner", body)
                wrong.unless(status < 500, name, status)
                tried += 1
    assert tried > 100


def test_nothing_in_the_admin_of_an_admin_changes_an_owner(owner, adam, wrong) -> None:
    browser = Client()
    browser.force_login(adam)
    for model, desk in admin.site._registry.items():
        chosen = list(model._base_manager.values_list("pk", flat=True))
        for action in desk.actions:
            path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            body = {"action": action, "_selected_action": chosen, "reason": "x"}
            wrong.unless(sent(browser, path, body, owner)[1], action, "changes an owner")
    for route, name, model in admin_addresses():
        rows = model._base_manager.all()[:3] if model is not User else [owner]
        for row in rows if "{pk}" in route else [owner]:
            for body in bodies({}, owner):
                status, same = sent(browser, "/" + route.format(pk=row.pk), body, owner)
                wrong.unless(same, name, "changes an owner", body)
                wrong.unless(status < 500, name, status)


def test_no_verb_of_an_admin_changes_an_owner(owner, adam, network) -> None:
    verbs = (
        lambda: owner.change_membership(by=adam, name="Robbed"),
        lambda: owner.change_membership(by=adam, lead=True),
        lambda: owner.change_membership(by=adam, teams=[]),
        lambda: owner.deactivate(by=adam),
        lambda: owner.activate(by=adam),
        lambda: owner.invite_again(by=adam),
        lambda: owner.go_off_shift(by=adam),
        lambda: network.change(by=adam, name="Network", members=[]),
        lambda: adam.account.add_team(by=adam, name="New", members=[owner]),
        lambda: ApiToken.objects.get(user=owner).revoke(by=adam),
    )
    before = state(owner)
    for verb in verbs:
        with pytest.raises(NotAllowed, match="Only an owner can change owners"):
            verb()
    assert state(owner) == before


def test_another_owner_may(owner, ana, olga, network) -> None:
    ana.change_membership(by=olga, role="owner")
    owner.change_membership(by=ana, name="Olga T", lead=True, teams=[])
    network.change(by=ana, name="Network", members=[owner])
    owner.go_off_shift(by=ana)
    owner.refresh_from_db()
    assert (owner.name, owner.lead, owner.is_off_shift, list(owner.teams.all())) == ("Olga T", True, True, [network])


def test_an_admin_changes_a_team_in_which_an_owner_is(owner, adam, bo, cy, network) -> None:
    browser = Client()
    browser.force_login(adam)
    path = f"/settings/teams/{network.pk}/"
    page = browser.get(path).content.decode()
    assert "Its owners stay in it" in page
    assert owner.name not in page.split("<main")[1]
    assert browser.post(path, {"name": "Core", "members": [cy.pk]}).status_code == 302
    network.refresh_from_db()
    assert (network.name, set(network.members.all())) == ("Core", {owner, cy})


def test_an_admin_is_not_offered_what_an_owner_alone_may(owner, adam) -> None:
    browser = Client()
    browser.force_login(adam)
    page = browser.get(f"/settings/members/{owner.pk}/").content.decode()
    assert "Only an owner can change owners." in page
    assert "Save" not in page
    assert "Deactivate" not in page
    desk = browser.get(f"/admin/accounts/user/{owner.pk}/change/").content.decode()
    assert 'name="_save"' not in desk
