"""What is sent in somebody's name: it puts no words in their forms, leads to no other site, and makes no session."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.contrib.sessions.models import Session as SignIn
from django.core import signing
from django.template import loader
from django.test import Client, RequestFactory
from django.urls import get_resolver

from resolutionflow.accounts.models import User
from resolutionflow.web import requests
from tests.conftest import PASSWORD
from tests.every_address.addresses import walk
from tests.resolutionflow.web.test_unsent_text import SITE, WHY, browser_of, hidden

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
AWAY = f"{SITE}//evil.example/x"
SIBLING = {"Origin": "http://evil.testserver", "Referer": "http://evil.testserver/"}


def sealed(**over: Any) -> str:
    """As one of ours, of before it was looked at whose it is and where it leads."""
    words = {"by": "None", "to": "/sessions/new/", "page": "/sessions/new/", "fields": [("problem_summary", WHY)]}
    return signing.dumps({**words, **over}, salt="typed", compress=True)


def asked_for(by: Any, *, page: str = f"{SITE}/sessions/new/") -> Any:
    """What the sign-in page says to anybody who sends words in that name."""
    body = {"typed_by": str(by), "problem_summary": WHY}
    return Client(enforce_csrf_checks=True).post("/sessions/new/", body, headers={"Referer": page})


def carried(answer: Any) -> str:
    return hidden(answer.content.decode()).get("carried", "") if answer.status_code == 403 else ""


def rows() -> list[tuple[str, str]]:
    return sorted(SignIn.objects.values_list("session_key", "session_data"))


# --- an anonymous person -----------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["None", "", "-1", "1 ", "²", "١", "olga"])
def test_words_of_nobody_are_not_sealed(by: str) -> None:
    assert "carried" not in asked_for(by).content.decode()


def test_the_sign_in_page_is_no_way_to_another_site(ana: User) -> None:
    answer = asked_for(ana.pk, page=AWAY)
    assert "evil.example" not in answer.content.decode()
    assert "evil.example" not in answer.get("Location", "")


@pytest.mark.parametrize("where", ["//evil.example/x", "/sessions/new/"])
@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Referer": f"{SITE}/login/"}, {"Referer": AWAY}]
)
def test_a_seal_of_nobodys_makes_no_session_and_leads_nowhere(where: str, headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/login/", {"carried": sealed(page=where)}, headers=headers)
    assert (answer.status_code, answer.get("Location")) == (403, None)
    assert "session" not in answer.cookies
    assert not SignIn.objects.exists()


def test_no_request_of_a_stranger_touches_a_session(ana: User) -> None:
    """At every address there is, with and without a token, with a cookie that is none any more.

    Any two of whose words, whence and whether a token is asked for meet at each address, all three at every other.
    """
    browser_of(ana)
    before, seals = rows(), {str(ana.pk): carried(asked_for(ana.pk)), "None": sealed()}
    assert all(seals.values())
    for number, path in enumerate(sorted({address(route) for route, _name in walk(get_resolver())})):
        for by, seal in seals.items():
            for referer in (SITE + path, AWAY):
                # Refused for its token, or let through to the view.
                checks = (number + (by == "None") + (referer == AWAY)) % 2 == 0
                client = Client(enforce_csrf_checks=checks, raise_request_exception=False)
                client.cookies["session"] = "x" * 32
                answer = client.post(path, {"typed_by": by, "text": WHY, "carried": seal}, headers={"Referer": referer})
                assert not answer.cookies.get("session", {"max-age": 0})["max-age"], (path, by, referer, checks)
                assert "evil.example" not in answer.get("Location", ""), (path, referer)
        client.get(path, {"carried": seals["None"], "typed_by": "None"})
        assert rows() == before, path


def address(route: str) -> str:
    return "/" + re.sub(r"[\^$?]|\\Z", "", re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", "1", route)).replace(r"\.", ".")


# --- somebody who is signed in -----------------------------------------------------------------------


def test_a_sibling_puts_no_words_into_a_form(ana: User) -> None:
    """Its browser sends our cookie along from there, and no token."""
    client, seal = browser_of(ana), carried(asked_for(ana.pk))
    assert seal
    client.get("/settings/")
    before = rows()
    for path in ("/login/", "/sessions/new/", "/settings/"):
        for headers in (SIBLING, {"Origin": SIBLING["Origin"]}, {"Referer": AWAY}, {}):
            answer = client.post(path, {"carried": seal, "typed_by": str(ana.pk), "text": WHY}, headers=headers)
            assert (answer.status_code, answer.get("Location")) == (403, None)
            assert "printer wakes" not in answer.content.decode()
            assert rows() == before
    assert "printer wakes" not in client.get("/sessions/new/").content.decode()


def test_a_form_of_ours_brings_back_what_another_tab_carried(ana: User) -> None:
    """Signed in meanwhile: the sign-in page of before has an old token, and what it carries is not lost."""
    client = browser_of(ana)
    answer = client.post("/login/", {"carried": sealed(by=str(ana.pk))}, headers={"Referer": f"{SITE}/sessions/new/"})
    assert (answer.status_code, answer["Location"]) == (302, "/sessions/new/")
    assert "printer wakes" in client.get("/sessions/new/").content.decode()


def test_a_seal_that_leads_away_is_not_opened(ana: User) -> None:
    client = browser_of(ana)
    for page in ("//evil.example/x", r"/\evil.example", "/\t/evil.example", "https://evil.example/", "javascript:1"):
        body = {"carried": sealed(by=str(ana.pk), page=page)}
        answer = client.post("/login/", body, headers={"Referer": f"{SITE}/login/"})
        assert (answer.status_code, answer.get("Location")) == (403, None)
        assert "typed" not in client.session


def test_what_lies_in_a_session_is_shown_to_its_writer_alone(ana: User, bo: User) -> None:
    client = browser_of(bo)
    session = client.session
    session["typed"] = signing.loads(sealed(by=str(ana.pk)), salt="typed") | {"at": int(time.time())}
    session.save()
    assert "printer wakes" not in client.get("/sessions/new/").content.decode()
    assert "typed" not in client.session


def test_a_sign_in_takes_only_what_is_its_own(ana: User, bo: User) -> None:
    bo.set_password(PASSWORD)
    bo.save()
    for by in (str(ana.pk), "None"):
        client = Client()
        client.post("/login/", {"login": bo.email, "password": PASSWORD, "carried": sealed(by=by)})
        assert client.session["_auth_user_id"] == str(bo.pk)
        assert "typed" not in client.session


# --- the page a form was sent from ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "back", ["/", "/queue/?q=a%26b", r"/queue/?q=CORP\ana", "/sessions/1/", "/queue/?next=//evil.example/"]
)
def test_a_page_of_ours_is_one(back: str) -> None:
    assert requests.page_before(RequestFactory().post("/", headers={"Referer": SITE + back})) == back


@pytest.mark.parametrize(
    "back",
    [
        *("//", "//evil.example/", "///evil.example/", "/\\evil.example/", "\\\\evil.example/", ".evil.example/"),
        *("@evil.example/", ":80/", "/\t/evil.example", "/\n/evil.example", "/queue/\x00", "/\x7f", ""),
    ],
)
def test_what_leads_away_is_no_page_of_ours(back: str) -> None:
    assert requests.page_before(RequestFactory().post("/", headers={"Referer": SITE + back})) == ""


# --- before there is a request -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["429.html", "500.html", "503.html"])
def test_a_page_that_says_no_needs_no_request(name: str) -> None:
    assert "<h1>" in loader.render_to_string(name)
