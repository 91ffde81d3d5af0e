"""The button that watches and mutes, by page and API; and the list of people who can be mentioned."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from resolutionflow.accounts.models import User
from sessions_app.models import SessionWatch
from sessions_app.views.watching import PEOPLE
from tests.api_client import client_of, errors_of
from tests.conftest import person

PATH = "/sessions/mentionable/"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def region(page: Any) -> str:
    found = re.search(r'<span id="watch".*?</button>\s*</span>', page.content.decode(), re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


# --- the button --------------------------------------------------------------------------------


def test_it_says_how_it_stands_and_changes_it_by_one_press(session, bo) -> None:
    page, client = session.get_absolute_url(), browser(bo)
    assert region(client.get(page)) == "Watch Mute"
    assert client.post(f"{page}watch/")["Location"] == page
    assert region(client.get(page)) == "Watching Mute"
    assert client.post(f"{page}mute/")["Location"] == page
    assert region(client.get(page)) == "Muted Unmute"
    client.post(f"{page}watch/")
    assert region(client.get(page)) == "Watching Mute"


def test_htmx_gets_the_region_alone(session, bo) -> None:
    answer = browser(bo).post(f"{session.get_absolute_url()}watch/", headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<span id="watch"')
    assert region(answer) == "Watching Mute"


def test_the_pick_up_screen_has_it_and_leads_back_there(waiting, bo) -> None:
    page, client = waiting.get_absolute_url(), browser(bo)
    assert region(client.get(page)) == "Watch Mute"
    back = {"Referer": f"http://testserver{page}?from=queue"}
    assert client.post(f"/sessions/{waiting.session_id}/watch/", headers=back)["Location"] == f"{page}?from=queue"
    assert region(client.get(page)) == "Watching Mute"
    elsewhere = {"Referer": "http://testserver/queue/"}
    answer = client.post(f"/sessions/{waiting.session_id}/mute/", headers=elsewhere)
    assert answer["Location"] == waiting.session.get_absolute_url()


def test_a_viewer_has_no_button(session, vic) -> None:
    assert region(browser(vic).get(session.get_absolute_url())) == ""
    assert browser(vic).post(f"{session.get_absolute_url()}watch/").status_code == 403


# --- the API -----------------------------------------------------------------------------------


def test_the_api_watches_and_mutes_as_often_as_it_is_asked(session, bo) -> None:
    api, path = client_of(bo), f"sessions/{session.pk}/"
    assert api.get(path).json()["watching"] is None
    for _again in range(2):
        answer = api.post(f"{path}watch/")
        assert (answer.status_code, answer.json()) == (200, {"watching": "watching"})
    assert api.get(path).json()["watching"] == "watching"
    for _again in range(2):
        answer = api.send("DELETE", f"{path}watch/", {})
        assert (answer.status_code, answer.json()) == (200, {"watching": "muted"})
    assert api.get(path).json()["watching"] == "muted"
    assert session.watches.filter(user=bo).count() == 1


def test_the_api_refuses_viewers_and_other_accounts(session, vic, eve) -> None:
    for method in ("POST", "DELETE"):
        errors_of(client_of(vic).send(method, f"sessions/{session.pk}/watch/", {}), 403, "not_allowed")
        errors_of(client_of(eve).send(method, f"sessions/{session.pk}/watch/", {}), 404, "not_found")
    assert not SessionWatch.objects.filter(user__in=[vic, eve]).exists()


# --- the people --------------------------------------------------------------------------------


def named(answer: Any) -> list[str]:
    return re.findall(r'<li data-name="([^"]*)"', answer.content.decode())


def test_the_engineers_of_the_account_but_oneself(ana, bo, cy, lea, vic, eve, olga) -> None:
    cy.deactivate(by=olga)
    lea.go_off_shift()
    answer = browser(ana).get(PATH)
    assert named(answer) == ["Bo Tester", "Lea Tester", "Olga Tester"]
    assert re.search(r"Lea Tester</bdi> <span[^>]*>off shift<", answer.content.decode())
    assert "data-more" not in answer.content.decode()


def test_a_name_is_text(ana, northwind) -> None:
    person(northwind, "Zoe").change_profile(name='Zoë "<i>', time_zone="")
    assert 'data-name="Zoë &quot;&lt;i&gt;"' in browser(ana).get(PATH).content.decode()


def test_of_many_only_those_whose_names_begin_so(ana, northwind) -> None:
    User.objects.bulk_create(
        User(account=northwind, name=f"Zoë Müller {number}", email=f"{number}@x.example")
        for number in range(PEOPLE + 5)
    )
    client = browser(ana)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(PATH)
    assert len(queries) <= 8
    assert len(named(answer)) == PEOPLE
    assert "<ul data-more>" in answer.content.decode()
    assert named(client.get(PATH, {"q": "zoe mül"}))[0] == "Zoë Müller 0"
    assert named(client.get(PATH, {"q": "mu"}))[0] == "Zoë Müller 0"
    assert named(client.get(PATH, {"q": "304"})) == ["Zoë Müller 304"]
    assert named(client.get(PATH, {"q": "üller"})) == []


@pytest.mark.parametrize("path", ["/sessions/{}/", "/sessions/{}/escalate/", "/sessions/{}/park/"])
def test_where_people_can_be_mentioned_the_field_says_so(session, ana, path) -> None:
    page = browser(ana).get(path.format(session.pk)).content.decode()
    assert re.search(rf'<textarea[^>]*data-mentions="{PATH}"', page)


def test_so_do_the_question_and_the_correction(waiting, bo, ana) -> None:
    for user, path in ((bo, waiting.get_absolute_url()), (ana, f"{waiting.get_absolute_url()}correct/")):
        assert re.search(rf'<textarea[^>]*data-mentions="{PATH}"', browser(user).get(path).content.decode())


def test_a_session_that_is_opened_asks_no_more_than_once_for_it(session, ana) -> None:
    page, client = session.get_absolute_url(), browser(ana)
    client.get(page)
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    assert sum("sessionwatch" in query["sql"] for query in queries.captured_queries) == 1
