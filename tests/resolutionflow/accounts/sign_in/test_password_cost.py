"""What a password costs: two hashes at a time, no database connection meanwhile, the same for every address."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import argon2
import httpx2
import pytest
from django.contrib.auth import hashers
from django.db import connection, transaction

from resolutionflow.accounts.models import ApiToken, User
from resolutionflow.accounts.sign_in import passwords
from tests.conftest import PASSWORD, person
from tests.live_site import wait_until
from tests.web_process import Website, sign_in

pytestmark = pytest.mark.thorough

CROWD = 40
OWASP = {(19 * 1024, 2, 1), (46 * 1024, 1, 1)}


def earlier_hash(password: str) -> str:
    """As it was stored before."""
    hasher = argon2.PasswordHasher(time_cost=2, memory_cost=102_400, parallelism=8)
    return f"argon2{hasher.hash(password)}"


class Counted(passwords.Argon2):
    """The same, with a list of what was made."""

    made: ClassVar[list[int]] = []

    def encode(self, password, salt):
        self.made.append(self.memory_cost)
        return super().encode(password, salt)

    def verify(self, password, encoded):
        self.made.append(self.decode(encoded)["memory_cost"])
        return super().verify(password, encoded)


@pytest.fixture
def costs(settings):
    """The memory of each hash that was made, in order: what an attempt cost."""
    settings.PASSWORD_HASHERS = [f"{__name__}.Counted"]
    Counted.made = []
    return Counted.made


@pytest.fixture(autouse=True)
def afresh():
    """What is known for a minute is not known from the test before."""
    passwords.anybody_has_the_earlier_cost.cache_clear()


@pytest.fixture
def busy():
    """Both turns are taken until the test lets go."""
    let_go = threading.Event()
    jobs = [passwords.pool.submit(let_go.wait) for _unused in range(passwords.AT_ONCE)]
    yield let_go
    let_go.set()
    for job in jobs:
        job.result()


def test_the_cost_is_one_of_those_owasp_names(db):
    stored = hashers.get_hasher().decode(hashers.make_password(PASSWORD))
    assert (stored["memory_cost"], stored["time_cost"], stored["parallelism"]) in OWASP
    assert stored["variety"] == "argon2id"


def test_a_hash_of_the_earlier_cost_still_signs_in_and_is_renewed(client, ana):
    User.objects.filter(pk=ana.pk).update(password=earlier_hash(PASSWORD))
    assert client.post("/login/", {"login": ana.email, "password": PASSWORD}).status_code == 302
    ana.refresh_from_db()
    assert not passwords.is_earlier(ana.password)
    assert ana.check_password(PASSWORD)


class Overtaken(passwords.Argon2):
    """While it renews a hash, the person sets another password."""

    meanwhile: ClassVar[list[User]] = []

    def encode(self, password, salt):
        if self.meanwhile:
            self.meanwhile.pop().change_password("set in the meantime")
        return super().encode(password, salt)


@pytest.mark.parametrize(
    "give_the_old_one",
    [
        lambda ana: passwords.sign_in(ana.email, PASSWORD),
        lambda ana: User.objects.get(pk=ana.pk).check_password(PASSWORD),
    ],
)
def test_a_password_set_while_a_hash_is_renewed_stays(ana, settings, give_the_old_one):
    """And who gave the old one has no sign-in by it."""
    User.objects.filter(pk=ana.pk).update(password=earlier_hash(PASSWORD))
    settings.PASSWORD_HASHERS = [f"{__name__}.Overtaken"]
    Overtaken.meanwhile = [User.objects.get(pk=ana.pk)]
    given = give_the_old_one(ana)
    now = User.objects.get(pk=ana.pk)
    assert Overtaken.meanwhile == []
    assert now.check_password("set in the meantime")
    assert not isinstance(given, User) or given.get_session_auth_hash() != now.get_session_auth_hash()


@pytest.mark.parametrize("somebody_has_the_earlier_cost", [True, False])
def test_every_address_costs_the_same(client, ana, bo, cy, adam, vic, costs, somebody_has_the_earlier_cost):
    ana.change_password(PASSWORD)
    User.objects.filter(pk=bo.pk).update(password=earlier_hash(PASSWORD) if somebody_has_the_earlier_cost else "!")
    User.objects.filter(pk=cy.pk).update(is_active=False, password=earlier_hash(PASSWORD))  # which is nobody's by now
    spent = {}
    for email in (ana.email, bo.email, cy.email, adam.email, "nobody@nowhere.example"):
        costs.clear()
        assert client.post("/login/", {"login": email, "password": "not it at all"}).status_code == 422
        spent[email] = sorted(costs)
    assert len({tuple(memory) for memory in spent.values()}) == 1, spent
    both = [passwords.Argon2.memory_cost, passwords.EARLIER["memory_cost"]]
    assert spent[ana.email] == (both if somebody_has_the_earlier_cost else both[:1])


def test_all_people_are_looked_through_once_a_minute(ana, time_machine, django_assert_num_queries):
    time_machine.move_to("2026-11-20T08:00:00Z", tick=False)
    for seconds, queries in ((0, 2), (0, 1), (59, 1), (1, 2)):
        time_machine.shift(seconds)
        with django_assert_num_queries(queries):
            assert passwords.sign_in("nobody@nowhere.example", PASSWORD) is None


@pytest.mark.parametrize("password", [PASSWORD, "not it at all"])
def test_the_right_password_costs_no_more_than_a_wrong_one(client, ana, bo, costs, password):
    """… but for the one time that renews it, which only who knows it can see."""
    ana.change_password(PASSWORD)
    User.objects.filter(pk=bo.pk).update(password=earlier_hash("another one"))
    costs.clear()
    client.post("/login/", {"login": ana.email, "password": password})
    assert sorted(costs) == [passwords.Argon2.memory_cost, passwords.EARLIER["memory_cost"]]


@pytest.mark.django_db(transaction=True)
def test_no_connection_is_held_while_hashing(ana):
    assert connection.connection is not None
    passwords.Argon2().encode(PASSWORD, "a salt of its own")
    assert connection.connection is None


@pytest.mark.django_db(transaction=True)
def test_hashing_in_a_transaction_is_a_mistake(ana):
    with transaction.atomic(), pytest.raises(RuntimeError, match="before the transaction"):
        ana.set_password(PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_who_gets_no_turn_is_told_when_to_come_again(client, ana, busy):
    User.objects.filter(pk=ana.pk).update(password=earlier_hash(PASSWORD))
    answer = client.post("/login/", {"login": ana.email, "password": PASSWORD})
    assert (answer.status_code, answer["Retry-After"]) == (429, "5")
    assert ana.email in answer.content.decode()
    client.force_login(User.objects.get(pk=ana.pk))
    form = {"old_password": PASSWORD, "new_password1": "a wholly new phrase", "new_password2": "a wholly new phrase"}
    answer = client.post("/settings/password/", form)
    assert (answer.status_code, answer["Retry-After"]) == (429, "5")


def test_who_waits_for_a_turn_is_in_nobodys_way(live_site, ana, elsewhere, busy):
    """The request's thread waits; others answer meanwhile; then it is served."""
    User.objects.filter(pk=ana.pk).update(password=earlier_hash(PASSWORD))
    _token, key = ApiToken.issue(person(elsewhere, "Eve"), name="x")
    with ThreadPoolExecutor(1) as waiting, httpx2.Client(base_url=live_site.url) as other:
        answer = waiting.submit(sign_in, live_site.url, ana.email, PASSWORD)
        wait_until(lambda: passwords.pool._work_queue.qsize() == 1)
        assert other.get("/api/v1/me/", headers={"Authorization": f"Token {key}"}).status_code == 200
        assert not answer.done()
        busy.set()
        assert answer.result().status_code == 302


def test_those_who_sign_in_wait_in_a_line_of_their_own(live_site, elsewhere, busy, monkeypatch):
    """However many they are they have four threads; who comes when the line is long is told to come again."""
    from resolutionflow import asgi  # the test database is set up by now

    monkeypatch.setattr(passwords, "WAIT", 60)
    _token, key = ApiToken.issue(person(elsewhere, "Eve"), name="x")
    with ThreadPoolExecutor(asgi.SIGN_IN_LINE) as crowd, httpx2.Client(base_url=live_site.url) as other:
        line = [crowd.submit(sign_in, live_site.url, f"{n}@x.example", "x") for n in range(asgi.SIGN_IN_LINE)]
        wait_until(lambda: asgi.pages.line == asgi.SIGN_IN_LINE)
        threads = [thread.name for thread in threading.enumerate() if thread.name.startswith("sign-in")]
        assert len(threads) <= asgi.SIGN_IN_THREADS
        assert other.get("/api/v1/me/", headers={"Authorization": f"Token {key}"}).status_code == 200
        late = sign_in(live_site.url, "late@x.example", "x")
        assert (late.status_code, late.headers["Retry-After"]) == (429, "5")
        assert not any(one.done() for one in line)
        busy.set()
        assert {one.result().status_code for one in line} == {422, 429}  # from one address 30 a minute may try


def test_a_full_line_is_answered_by_a_page_that_no_cache_keeps(live_site, monkeypatch):
    from resolutionflow import asgi  # the test database is set up by now

    monkeypatch.setattr(asgi, "SIGN_IN_LINE", 0)
    answer = sign_in(live_site.url, "late@x.example", "x")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")
    assert "Too many tries" in answer.text
    with httpx2.Client(base_url=live_site.url) as client:
        others = client.get("/login/").headers
    theirs = {"cache-control", "x-content-type-options", "x-frame-options", "referrer-policy"}
    assert {name: answer.headers[name] for name in theirs} == {name: others[name] for name in theirs}
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.slow
@pytest.mark.parametrize("somebody_has_the_earlier_cost", [False, True])
def test_forty_sign_ins_at_once_leave_the_site_to_others(website: Website, elsewhere, somebody_has_the_earlier_cost):
    """40 addresses, 40 unknown emails, one process: another tenant is answered, and memory stays what it was."""
    eve = person(elsewhere, "Eve")
    if somebody_has_the_earlier_cost:
        User.objects.filter(pk=eve.pk).update(password=earlier_hash(PASSWORD))
    _token, key = ApiToken.issue(eve, name="x")
    overtaken: list[int] = []  # how many sign-ins were answered while the other one waited
    with ThreadPoolExecutor(CROWD) as crowd, website.client(key) as other:
        for _unused in range(CROWD // 4):
            assert other.get("/api/v1/handoffs/").status_code == 200
        before = website.peak()
        signing_in = [
            crowd.submit(sign_in, website.url, f"who{n}@nowhere.example", "x", address=f"198.51.100.{n}")
            for n in range(CROWD)
        ]
        while not all(one.done() for one in signing_in):
            done = sum(one.done() for one in signing_in)
            assert other.get("/api/v1/handoffs/").status_code == 200
            overtaken.append(sum(one.done() for one in signing_in) - done)
    answers = [one.result() for one in signing_in]
    assert {answer.status_code for answer in answers} <= {422, 429}
    assert all(answer.headers.get("Retry-After") for answer in answers if answer.status_code == 429)
    assert sum(answer.status_code == 422 for answer in answers) >= passwords.AT_ONCE
    assert max(overtaken) < CROWD // 2, overtaken  # behind all of them it would have been CROWD
    assert website.peak() - before < 200 << 20
