"""API tokens: shown once, stored as a hash, ended by time, by hand and with the person."""

from __future__ import annotations

import re

import pytest

from resolutionflow.accounts.models import ApiToken, Event, User
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState


def key_on(page) -> str:
    return re.search(r"rf_[\w-]{43}", page.content.decode())[0]


def create(client, **data):
    return client.post("/settings/tokens/", {"name": "monitoring", "scope": "read", "days": "30", **data})


def test_the_key_is_shown_once_and_only_its_hash_is_stored(client, ana):
    client.force_login(ana)
    answer = create(client)
    assert answer["Location"] == "/settings/tokens/"
    assert client.head("/settings/tokens/").status_code == 200  # looks, and takes nothing
    assert not re.search(r"rf_[\w-]{43}", str(dict(client.session.items())))
    page = client.get("/settings/tokens/")
    key = key_on(page)
    assert page["Cache-Control"].find("no-store") >= 0
    token = ApiToken.objects.get()
    assert key not in str(ApiToken.objects.values().get())
    assert token.digest == ApiToken.digest_of(key)
    assert key not in client.get("/settings/tokens/").content.decode()
    assert key not in str(Event.objects.get(kind="token.created").facts)
    assert ApiToken.find(key) == token


def test_it_ends_with_its_time(client, ana, time_machine):
    time_machine.move_to("2026-11-01T00:00:00Z")
    _token, key = ApiToken.issue(ana, name="x", days=30)
    time_machine.move_to("2026-11-30T23:59:00Z")
    assert ApiToken.find(key)
    time_machine.move_to("2026-12-01T00:00:01Z")
    assert ApiToken.find(key) is None


def test_never_is_never(client, ana):
    client.force_login(ana)
    create(client, days="never")
    assert ApiToken.objects.get().expires_at is None


def test_it_ends_when_revoked_and_with_the_person(client, ana, olga):
    token, key = ApiToken.issue(ana, name="x")
    client.force_login(ana)
    assert client.post(f"/settings/tokens/{token.pk}/revoke/").status_code == 302
    assert ApiToken.find(key) is None
    assert client.post(f"/settings/tokens/{token.pk}/revoke/").status_code == 409
    _token, key = ApiToken.issue(ana, name="y")
    ana.deactivate(by=olga)
    assert ApiToken.find(key) is None


def test_whose_it_is_and_who_else_may_revoke_it(client, ana, bo, eve, adam):
    token, key = ApiToken.issue(ana, name="x")
    for person, status in ((eve, 404), (bo, 403), (adam, 302)):
        client.force_login(person)
        assert client.post(f"/settings/tokens/{token.pk}/revoke/").status_code == status
    assert ApiToken.find(key) is None


def test_a_viewer_gets_read_tokens_only(client, vic):
    client.force_login(vic)
    assert create(client).status_code == 302
    assert create(client, scope="write").status_code == 422
    with pytest.raises(NotAllowed):
        ApiToken.issue(vic, name="x", scope="write")


@pytest.mark.parametrize("bad", [{"scope": "all"}, {"days": 0}, {"days": -1}, {"days": 10**9}])
def test_nonsense_is_refused(ana, bad):
    with pytest.raises(Invalid):
        ApiToken.issue(ana, name="x", **bad)


def test_the_operator_and_the_deactivated_have_none(ana, olga):
    ana.deactivate(by=olga)
    for person in (ana, User.objects.create_superuser("root@platform.example", name="Root")):
        with pytest.raises(WrongState):
            ApiToken.issue(person, name="x")
