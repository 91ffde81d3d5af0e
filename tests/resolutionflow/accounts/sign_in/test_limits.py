"""Too many tries: whom they stop, and whom they never stop. For sign-ins and for mailed links alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import signing
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resolutionflow.accounts.models import Attempts, PasswordMail, User
from resolutionflow.accounts.models.attempt_limit import Limit
from resolutionflow.accounts.sign_in import known_browser, limits
from tests.conftest import PASSWORD
from tests.web_process import Website, sign_in

pytestmark = pytest.mark.thorough

ADMINS = "/admin/password_change/"
CHANGE = {"old_password": PASSWORD, "new_password1": "a wholly new phrase", "new_password2": "a wholly new phrase"}
TIGHT, NOBODY = limits.SIGN_IN.both.most, "nobody@nowhere.example"


def try_password(client: Client, email: str, password: str = "not it at all", address: str = "198.51.100.1") -> int:
    return client.post("/login/", {"login": email, "password": password}, REMOTE_ADDR=address).status_code


def ask_for_mail(client: Client, email: str, _password: str = "", address: str = "198.51.100.1") -> int:
    status = client.post("/password/", {"email": email}, REMOTE_ADDR=address).status_code
    return 422 if status == 302 else status  # taken, like a wrong password


WAYS = [try_password, ask_for_mail]


@pytest.fixture(autouse=True)
def cheap(settings):
    """How often, not how long."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ana(ana):
    ana.change_password(PASSWORD)
    return ana


@pytest.mark.parametrize("email", ["ana@northwind.example", NOBODY])
@pytest.mark.parametrize("attempt", WAYS)
def test_from_one_address_five_for_one_person(client, ana, bo, attempt, email):
    assert [attempt(client, email) for _unused in range(TIGHT + 2)] == [422] * TIGHT + [429] * 2
    assert attempt(client, email.upper()) == 429
    assert attempt(client, bo.email) == 422  # another person
    assert attempt(client, email, address="198.51.100.2") == 422  # another address


def test_who_is_stopped_is_told_when_to_come_again(client, ana):
    for _unused in range(TIGHT):
        try_password(client, ana.email)
        ask_for_mail(client, ana.email)
    assert int(client.post("/login/", {"login": ana.email, "password": "x"}, REMOTE_ADDR="198.51.100.1")["Retry-After"])
    answer = client.post("/password/", {"email": ana.email}, REMOTE_ADDR="198.51.100.1")
    assert int(answer["Retry-After"])
    assert ana.email in answer.content.decode()
    assert PasswordMail.objects.count() == TIGHT


@pytest.mark.parametrize("attempt", WAYS)
def test_one_address_may_not_try_everybody(client, db, attempt):
    statuses = [attempt(client, f"{n}@x.example") for n in range(31)]
    assert (statuses[0], statuses[-1]) == (422, 429)


@pytest.mark.parametrize("attempt", WAYS)
def test_who_is_stopped_makes_no_further_rows(client, ana, attempt):
    for n in range(100):
        attempt(client, f"{n}@x.example")
    kept = Attempts.objects.count()
    assert kept < 100
    for n in range(100):
        attempt(client, f"{n}@another.example")
    assert Attempts.objects.count() == kept
    for _unused in range(TIGHT + 1):
        attempt(client, ana.email, address="198.51.100.2")
    assert Attempts.objects.count() == kept + 3


def test_counters_are_thrown_away_a_day_after_they_counted(db, time_machine):
    time_machine.move_to("2026-11-20T08:00:00Z", tick=False)
    limit = Limit(3, 60)
    assert limit.take("old")
    time_machine.shift(24 * 60 * 60 + 61)
    assert limit.take("young")
    call_command("prune", days=30)
    assert Attempts.objects.get().ends_at > timezone.now()


@pytest.mark.parametrize("attempt", WAYS)
def test_one_address_of_ipv6_is_its_64(client, ana, attempt):
    for n in range(TIGHT):
        assert attempt(client, ana.email, address=f"2001:db8:1:2::{n}") == 422
    assert attempt(client, ana.email, address="2001:db8:1:2:ffff::1") == 429
    assert attempt(client, ana.email, address="2001:db8:1:3::1") == 422
    assert attempt(client, ana.email, address="::ffff:198.51.100.9") == 422


def test_strangers_from_many_addresses_do_not_lock_a_person_out(client, ana):
    for n in range(10):
        for _unused in range(TIGHT + 1):
            try_password(client, ana.email, address=f"203.0.113.{n}")
    assert try_password(client, ana.email, PASSWORD) == 302  # from an address of her own, in any browser


@pytest.mark.parametrize("attempt", WAYS)
def test_for_one_person_there_is_a_wide_limit(client, ana, attempt):
    statuses = [attempt(client, ana.email, address=f"203.0.{n // 200}.{n % 200}") for n in range(110)]
    assert statuses[:30] == [422] * 30
    assert statuses[-1] == 429


@pytest.mark.parametrize("attempt", WAYS)
def test_a_browser_that_signed_in_before_is_never_stopped_by_others(client, ana, bo, attempt):
    """Not by who tries her email from everywhere, nor by who sits behind the same router."""
    assert try_password(client, ana.email, PASSWORD) == 302
    client.post("/logout/")
    stranger = Client()
    for n in range(110):
        attempt(stranger, ana.email, address=f"203.0.113.{n}")
        attempt(stranger, f"{n}@x.example")
    assert attempt(stranger, ana.email, address="192.0.2.1") == 429
    assert attempt(client, ana.email) == 422
    assert try_password(client, ana.email, PASSWORD) == 302


@pytest.mark.parametrize("attempt", WAYS)
def test_a_known_browser_has_a_limit_too_and_only_for_its_person(client, ana, bo, attempt):
    try_password(client, ana.email, PASSWORD)
    client.post("/logout/")
    statuses = [attempt(client, ana.email) for _unused in range(12)]
    assert (statuses[0], statuses[-1]) == (422, 429)
    assert [attempt(client, bo.email) for _unused in range(TIGHT + 1)] == [422] * TIGHT + [429]


def test_the_cookie_is_for_the_server_alone_and_ends_with_the_password(client, ana):
    answer = client.post("/login/", {"login": ana.email, "password": PASSWORD})
    cookie = answer.cookies[known_browser.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"] > 300 * 86400) == (True, "Lax", True)
    assert ana.email not in cookie.value
    request = answer.wsgi_request
    request.COOKIES = {known_browser.COOKIE: cookie.value}
    assert known_browser.known_browser_of(request, ana.email)
    User.objects.get(pk=ana.pk).change_password("a wholly new phrase")
    assert not known_browser.known_browser_of(request, ana.email)


def test_after_a_change_of_password_it_is_known_under_the_new_one(client, ana):
    client.force_login(ana)
    form = {"old_password": PASSWORD, "new_password1": "a wholly new phrase", "new_password2": "a wholly new phrase"}
    answer = client.post("/settings/password/", form)
    request = answer.wsgi_request
    request.COOKIES = {known_browser.COOKIE: answer.cookies[known_browser.COOKIE].value}
    assert known_browser.known_browser_of(request, ana.email)


@pytest.mark.parametrize("cookie", ["", "x", "a:b:c", "another salt"])
def test_a_forged_cookie_is_none(client, ana, cookie):
    if cookie == "another salt":
        cookie = signing.dumps({"browser": "b", "people": {}}, salt="another")
    client.cookies[known_browser.COOKIE] = cookie
    assert [try_password(client, ana.email) for _unused in range(TIGHT + 1)][-1] == 429


def test_the_right_password_is_no_wrong_attempt(client, ana):
    for _unused in range(TIGHT + 3):
        browser = Client()
        assert try_password(browser, ana.email, PASSWORD) == 302


def test_the_time_ends(client, ana, time_machine):
    time_machine.move_to("2026-11-20T08:00:00Z", tick=False)
    for _unused in range(TIGHT):
        try_password(client, ana.email)
    assert try_password(client, ana.email, PASSWORD) == 429
    time_machine.shift(5 * 60 + 1)
    assert try_password(client, ana.email, PASSWORD) == 302


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root@platform.example", PASSWORD, name="Root")


@pytest.mark.parametrize(("who", "path", "again"), [("ana", "/settings/password/", 422), ("root", ADMINS, 200)])
def test_changing_ones_password_is_limited_too(client, request, who, path, again):
    client.force_login(request.getfixturevalue(who))
    form = {"old_password": "wrong", "new_password1": "x", "new_password2": "x"}
    answers = [client.post(path, form) for _unused in range(6)]
    assert [answer.status_code for answer in answers] == [again] * 5 + [429]
    assert answers[-1]["Retry-After"] == "60"


def test_a_member_changes_their_password_in_the_settings_alone(client, olga):
    olga.change_password(PASSWORD)
    client.force_login(olga)
    for answer in (client.get(ADMINS), client.post(ADMINS, CHANGE)):
        assert (answer.status_code, answer["Location"]) == (302, "/settings/password/")
    assert User.objects.get(pk=olga.pk).check_password(PASSWORD)


def test_the_operator_changes_theirs_in_the_admin_and_nothing_else_of_them(client, root):
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.force_login(root)
    assert "Current password" in client.get(ADMINS).content.decode()
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(ADMINS, CHANGE)
    assert answer["Location"] == "/admin/password_change/done/"
    stored = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "accounts_user"')]
    assert len(stored) == 1
    assert "role" not in stored[0]
    assert User.objects.get(pk=root.pk).check_password(CHANGE["new_password1"])
    assert client.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302
    request = answer.wsgi_request
    request.COOKIES = {known_browser.COOKIE: answer.cookies[known_browser.COOKIE].value}
    assert known_browser.known_browser_of(request, root.email)


def test_nobodys_email_stands_in_the_counters(client, ana):
    try_password(client, ana.email)
    assert ana.email not in str(list(Attempts.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_at_the_same_moment_no_more_get_through():
    limit = Limit(3, 60)

    def take(_n: int) -> bool:
        try:
            return limit.take("x")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as crowd:
        assert sum(crowd.map(take, range(8))) == 3


def test_a_proxy_is_believed_and_nobody_else(website: Website, live_site, ana):
    """The process believes 127.0.0.1; the site in this one believes nobody: there X-Forwarded-For changes nothing."""
    email = "who@nowhere.example"
    answers = [sign_in(website.url, email, "x", address=f"198.51.100.{n}").status_code for n in range(TIGHT + 1)]
    assert answers == [422] * (TIGHT + 1)
    email = "who.else@nowhere.example"
    answers = [sign_in(live_site.url, email, "x", address=f"198.51.100.{n}").status_code for n in range(TIGHT + 1)]
    assert answers == [422] * TIGHT + [429]
