"""Anything typed into pages and their addresses is done, or answered clearly; never a crash."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils.html import escape

from resolutionflow.accounts.models import User
from tests.every_address.addresses import (
    OF_PAGES,
    PAGES,
    body_of,
    filled,
    page_of,
    rolled_back,
)
from tests.every_address.test_bad_input import CLEAR, CURSORS, HUGE, LONG, NUMBERS, STRANGE, TEXTS

pytestmark = pytest.mark.django_db

WRITTEN = [(route, name) for route, name in OF_PAGES if PAGES[name].posts]

NAMES = (
    "problem_summary problem_domain client_name asset_name team psa_ticket_id psa_connection intake intake_text"
    " contact access due_at changed_before second"
    " session end opens_0 closes_0 holidays widen_after reply_to lease_urgent lease_low"
    " ai_enabled ai_model ai_instructions ai_after_quiet_minute ai_monthly_tokens"
    " form_key confidence text free_text kind outcome branch options selected_option label parent status reason"
    " resolution root_cause step undone temporary notes priority target wake wake_at to pk do body name time_zone"
    " old_password new_password1"
    " new_password2 scope days email role lead teams members address is_active base_url credential_token way"
)

FIELDS = NAMES.split()

FREE_TEXT = (
    "text free_text notes reason resolution root_cause label problem_summary body intake_text name ai_instructions"
)

FREE = FREE_TEXT.split()


def person_for(name: str) -> User:
    return User.objects.get(name__startswith=PAGES[name].by.capitalize())


@pytest.mark.parametrize(
    "text", ["", " ", STRANGE, LONG, "word " * 50_000, "\x00", "-1", "9" * 40, "1e999", "٣", "x" * 201]
)
def test_a_form_takes_anything_or_says_why_not(text, things, wrong) -> None:
    typed = text.replace("\ud800", "\ufffd").replace("\udfff", "\ufffd")  # as a browser would send it
    for route, name in WRITTEN:
        answer = page_of(person_for(name), "POST", filled(route, things), dict.fromkeys(FIELDS, typed))
        wrong.unless(answer.status_code in CLEAR, name, answer.status_code)
        if answer.status_code == 422 and text == LONG:
            wrong.unless("END" in answer.content.decode(), name, "has lost what was typed")


def test_each_field_of_each_form_alone(things, wrong) -> None:
    for route, name in WRITTEN:
        right = body_of(PAGES[name])
        for field in right:
            for value in ("", STRANGE.replace("\ud800", "").replace("\udfff", ""), LONG, "9" * 40, "-1"):
                others = {other: f"kept {other} <i>" if other in FREE else right[other] for other in right}
                answer = page_of(person_for(name), "POST", filled(route, things), {**others, field: value})
                wrong.unless(answer.status_code in CLEAR, name, field, repr(value[:20]), answer.status_code)
                kept = [other for other in right if other in FREE and other != field]
                lost = [other for other in kept if escape(others[other]) not in answer.content.decode()]
                wrong.unless(answer.status_code != 422 or not lost, name, field, repr(value[:20]), "loses", lost)


QUERIES = [
    *({name: cursor} for name in ("cursor", "after") for cursor in CURSORS),
    *(
        {name: value}
        for name in (
            "after", "team", "sender", "target", "before", "branch", "at", "until", "open",
        )
        for value in NUMBERS
    ),
    *(
        {name: value}
        for name in (
            "q", "status", "client", "ticket", "domain", "priority", "mine", "lane", "older_than",
            "sort", "query", "open", "kind", "compose", "origin", "order", "upto",
        )
        for value in TEXTS
    ),
]  # fmt: skip


KNOWN = {name for query in QUERIES for name in query}
looked_for: set[str] = set()


class Noted(QueryDict):
    """Notes which parameters are looked for, sent or not."""

    def __getitem__(self, name: str) -> Any:
        looked_for.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        looked_for.add(str(name))
        return super().__contains__(name)

    def getlist(self, name: str, default: Any = None) -> Any:
        looked_for.add(name)
        return super().getlist(name, default)


def noting(get_response: Any) -> Any:
    def answer(request: Any) -> Any:
        request.GET = Noted(request.META["QUERY_STRING"])
        return get_response(request)

    return answer


def queries_of(name: str) -> list[dict[str, Any]]:
    """What is tried with this parameter: numbers and texts, unless it is known what it should be."""
    return [query for query in QUERIES if name in query] or [{name: value} for value in (*NUMBERS, *TEXTS)]


def test_any_query_of_a_page_is_answered(things, settings, wrong) -> None:
    """Of each parameter the page looks for, whatever makes it look, and of one that nobody looks for."""
    settings.MIDDLEWARE = [f"{__name__}.noting", *settings.MIDDLEWARE]
    everywhere = set()
    for route, page in OF_PAGES:
        looked_for.clear()
        tried, queries = {"nobody"}, [{}, {"nobody": STRANGE}] if PAGES[page].get else []
        while queries:
            for query in queries:
                path = f"{filled(route, things)}?{urlencode(query, errors='replace')}"
                answer = page_of(person_for(page), "GET", path)
                wrong.unless(answer.status_code in CLEAR, page, str(query)[:200], answer.status_code)
            queries = [query for name in sorted(looked_for - tried) for query in queries_of(name)]
            tried |= looked_for
        everywhere |= tried
    wrong.unless(everywhere >= KNOWN, "no page looks for", KNOWN - everywhere)


NO_NUMBERS = ("-1", "x", "%00", "9" * 4500)


@pytest.mark.parametrize("number", [0, *HUGE, *NO_NUMBERS])
def test_any_number_in_an_address_is_404(number, things, olga, wrong) -> None:
    """What is no number is no address, whatever the page: each is asked for at every fourth.

    Those of the admin are in tests/resolutionflow/web/test_admin_lists.py.
    """
    numbered = [(route, name) for route, name in OF_PAGES if "<int:" in route]
    for route, name in numbered[NO_NUMBERS.index(number) :: 4] if number in NO_NUMBERS else numbered:
        for method in ("GET", "POST"):
            answer = page_of(olga, method, filled(route, dict.fromkeys(things, number)), body_of(PAGES[name]))
            nothing = (404, 405) if not (PAGES[name].get and method == "GET") else (404,)
            wrong.unless(answer.status_code in nothing, method, name, answer.status_code)


RAW = [b"%FF%FE", b"text=%ED%A0%80", b"text=%00", b"&&&===", b"text=" + b"x" * 3_000_000, b"a=1&" * 2000]


@pytest.mark.parametrize("raw", RAW)
def test_a_form_that_no_browser_sends(raw, things, bo, wrong) -> None:
    """Every address gets two of them: they are taken apart before the page is known."""
    for route, name in WRITTEN[RAW.index(raw) % 3 :: 3]:
        answer = ask_raw(person_for(name), filled(route, things), raw)
        wrong.unless(answer.status_code in CLEAR, name, answer.status_code)


def ask_raw(user: User, path: str, raw: bytes) -> Any:
    with rolled_back():
        browser = Client(raise_request_exception=False)
        browser.force_login(user)
        return browser.generic("POST", path, raw, "application/x-www-form-urlencoded")
