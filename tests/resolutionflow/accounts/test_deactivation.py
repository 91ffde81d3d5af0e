"""Deactivation ends every sign-in, link and token for good, whichever way it comes; activation revives none."""

from __future__ import annotations

import ast
import json
from contextlib import ExitStack

import pytest
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.http import int_to_base36
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from resolutionflow.accounts.models import ApiToken, User
from resolutionflow.accounts.sign_in.passwords import is_earlier
from resolutionflow.core.refusals import WrongState
from tests.conftest import PASSWORD
from tests.live_site import session_cookie, wait_until
from tests.locks import meanwhile
from tests.resolutionflow.accounts.sign_in.test_password_cost import earlier_hash
from tests.test_house import SOURCES, name, tree

FINAL = (4401, 4403)  # a client does not come back after these
BEFORE = [("accounts", "0003_lease_and_shift")]


def by_page(client, member, owner, verb):
    client.force_login(owner)
    assert client.post(f"/settings/members/{member.pk}/{verb}/").status_code == 302


def by_admin(client, member, owner, verb):
    client.force_login(owner)
    form = {"action": verb, "_selected_action": [member.pk], "index": 0}
    assert client.post("/admin/accounts/user/", form).status_code == 302


def by_verb(client, member, owner, verb):
    getattr(User.objects.get(pk=member.pk), verb)(by=None)


@pytest.mark.parametrize("change", [by_page, by_admin, by_verb])
def test_nothing_of_before_comes_back(client, ana, olga, change):
    ana.change_password(PASSWORD)
    browser, office = client.__class__(), client.__class__()
    browser.force_login(ana)
    _token, key = ApiToken.issue(ana, name="script", scope="write")
    link = ana.password_link().split("/", 3)[3]
    assert browser.get("/settings/").status_code == 200
    change(office, ana, olga, "deactivate")
    change(office, ana, olga, "activate")
    assert User.objects.get(pk=ana.pk).is_active
    assert browser.get("/settings/").status_code == 302
    assert ApiToken.find(key) is None
    assert ApiToken.objects.get().revoked_at is not None
    assert client.get(f"/{link}").status_code == 410
    assert client.post("/login/", {"login": ana.email, "password": PASSWORD}).status_code == 302


def test_no_token_is_issued_to_who_was_active_when_it_was_asked_for(ana):
    asking = User.objects.get(pk=ana.pk)
    ana.deactivate(by=None)
    with pytest.raises(WrongState, match="active members"):
        ApiToken.issue(asking, name="late")
    assert not ApiToken.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nor_while_they_are_deactivated(real, ana):
    asking = User.objects.get(pk=ana.pk)
    with pytest.raises(WrongState, match="active members"), meanwhile(lambda: ApiToken.issue(asking, name="late")):
        ana.deactivate(by=None)
    assert not ApiToken.objects.exists()


def test_sockets_close_and_are_not_let_in_again(live_site, ana, olga):
    cookie = session_cookie(ana, live_site)
    _token, key = ApiToken.issue(ana, name="script")
    credentials = [
        {"Cookie": f"{cookie['name']}={cookie['value']}", "Origin": live_site.url},
        {"Authorization": f"Token {key}"},
    ]
    with ExitStack() as open_, ExitStack() as later:
        sockets = [
            open_.enter_context(connect(live_site.ws, additional_headers=credential)) for credential in credentials
        ]
        assert [json.loads(socket.recv(5))["type"] for socket in sockets] == ["ready", "ready"]
        ana.deactivate(by=olga)
        User.objects.get(pk=ana.pk).activate(by=olga)
        for socket in sockets:
            assert wait_until(lambda socket=socket: _closed_with(socket)) in FINAL
        for credential in credentials:
            again = later.enter_context(connect(live_site.ws, additional_headers=credential))
            assert wait_until(lambda again=again: _closed_with(again)) in FINAL


def _closed_with(socket) -> int | None:
    """The code it was closed with, after whatever was said before; None while it is open."""
    try:
        socket.recv(0.5)
    except ConnectionClosed:
        return socket.close_code
    except TimeoutError:
        return None
    return None


def test_nobody_is_deactivated_past_the_verb():
    """Whoever sets `is_active` of a person elsewhere leaves their sign-ins alive."""
    setting = [
        f"{name(path)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assign)
        for target in ast.walk(ast.Tuple(node.targets, ast.Store()))
        if isinstance(target, ast.Attribute) and target.attr == "is_active"
    ]
    verbs = [place for place in setting if "models/user.py" in place]
    assert len(verbs) == 2, verbs  # deactivate and activate
    others = {place.split(":")[0] for place in setting} - {"resolutionflow/accounts/models/user.py"}
    assert others <= {"notifications/models/channel.py", "sessions_app/models/psa.py"}, "channels and connections only"


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_an_upgrade_keeps_sign_ins_and_ends_those_of_the_deactivated(ana, bo, cy, adam, client):
    tables = MigrationExecutor(connection)
    latest = tables.loader.graph.leaf_nodes()  # those of others stand on ours, and go back with them
    for user in (ana, bo):
        user.password = earlier_hash(PASSWORD)
        user.save()
        ApiToken.issue(user, name="x")
    signed_in = client.__class__()
    signed_in.force_login(ana)
    session = signed_in.session
    session[HASH_SESSION_KEY] = AbstractBaseUser._get_session_auth_hash(ana)  # Django's own, as it was before
    session.save()
    link = "/".join(["/password", int_to_base36(ana.pk), default_token_generator.make_token(ana), ""])
    tables.migrate(BEFORE)
    try:
        users = tables.loader.project_state(BEFORE).apps.get_model("accounts", "User").objects
        users.filter(pk=bo.pk).update(is_active=False)
        users.filter(pk=cy.pk).update(last_login="2026-01-01T00:00Z")
    finally:
        MigrationExecutor(connection).migrate(latest)
    now = {user.pk: user for user in User.objects.all()}
    assert {now[user.pk].is_confirmed for user in (ana, bo, cy)} == {True}
    assert not now[adam.pk].is_confirmed  # invited, never came
    assert now[bo.pk].stamp != bo.password
    assert [token.revoked_at is None for token in ApiToken.objects.order_by("user_id")] == [True, False]
    assert client.get(link).status_code == 302  # a link mailed before
    assert client.post("/login/", {"login": ana.email, "password": PASSWORD}).status_code == 302
    assert not is_earlier(User.objects.get(pk=ana.pk).password), "renewed at another browser"
    assert signed_in.get("/settings/").status_code == 200
