"""Whom a text names by "@": which names count, where they begin and end, and what it costs."""

from __future__ import annotations

import time
import unicodedata
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resolutionflow.accounts.models import Account, Event, User
from sessions_app.mentions import MOST, Mentions, mentions_in
from sessions_app.models import Message
from tests.api_client import client_of
from tests.conftest import person


def named(account: Account, name: str) -> User:
    made = person(account, f"p{User.objects.count()}")
    made.name = name
    made.save(update_fields=["name"])
    return made


@pytest.fixture
def petrov(northwind) -> User:
    return named(northwind, "Ana Petrov")


def names(text: str, account: Account) -> list[str]:
    found = mentions_in(text, account_id=account.pk).people
    by_pk = dict(User.objects.values_list("pk", "name"))
    return [by_pk[pk] for pk in found]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@Ana Petrov which firmware?", "Ana Petrov"),
        ("Ask @Ana Petrov.", "Ana Petrov"),
        ("(@ana petrov)", "Ana Petrov"),
        ("@ANA PETROV's router", "Ana Petrov"),
        ("see:@Ana Petrov,@Bo Tester/@Bo", "Ana Petrov, Bo Tester"),
        ("@Ana which?", "Ana Petrov"),
        ("@ana\nwhich?", "Ana Petrov"),
        ("please @Bo and @Bo Tester", "Bo Tester"),
        # no mention
        ("Ana Petrov", ""),
        ("@Anastasia", ""),
        ("@Ana_Petrov", ""),
        ("ana@ana.example", ""),
        ("bob@Ana Petrov", ""),
        ("@ana.example", ""),
        ("@ana@ana.example", ""),
        ("@Ana-Maria", ""),
        ("@@Ana", ""),
        ("@ Ana", ""),
        ("@Petrov", ""),
        ("https://medium.example/@Ana", ""),
        ("@", ""),
        ("@Ana2", ""),
    ],
)
def test_what_is_a_mention(petrov, bo, northwind, text, meant) -> None:
    assert ", ".join(names(text, northwind)) == meant


@pytest.mark.parametrize(
    ("text", "asked", "length"),
    [
        ("@Bo Tester which?", ["Bo"], 10),
        ("@bo, @Ana Petrov: which?", ["Bo", "Ana"], 16),
        ("Ask @Bo Tester", [], 0),
        ("@Bo ask @Ana", ["Bo"], 3),
        ("@Boris", [], 0),
    ],
)
def test_whom_it_begins_with(petrov, bo, northwind, text, asked, length) -> None:
    found = mentions_in(text, account_id=northwind.pk)
    assert (len(found.asked), found.length) == (len(asked), length)
    assert [User.objects.get(pk=pk).first_name for pk in found.asked] == asked


def test_the_longest_name_counts(northwind) -> None:
    for name in ("Ana", "Ana Maria", "Ana Maria Silva"):
        named(northwind, name)
    assert names("@Ana Maria Silva", northwind) == ["Ana Maria Silva"]
    assert names("@Ana Maria Sousa", northwind) == ["Ana Maria"]
    assert names("@Ana Sousa", northwind) == ["Ana"]


def test_a_first_name_that_two_have_is_nobodys(petrov, ana, northwind, olga) -> None:
    assert names("@Ana which?", northwind) == []
    assert names("@Ana Tester which?", northwind) == ["Ana Tester"]
    ana.deactivate(by=olga)
    assert names("@Ana which?", northwind) == ["Ana Petrov"]


def test_a_list_of_very_many_people_mentions_nobody(northwind) -> None:
    roster = [f"@{named(northwind, f'Member {number}').name}" for number in range(MOST + 1)]
    assert len(names(" ".join(roster[1:]), northwind)) == MOST
    assert len(names(" ".join(roster[1:] * 2), northwind)) == MOST
    assert mentions_in(" ".join(roster), account_id=northwind.pk) == Mentions()


def test_two_of_the_very_same_name_are_both_meant(petrov, northwind) -> None:
    named(northwind, "Ana Petrov")
    assert names("@Ana Petrov", northwind) == ["Ana Petrov", "Ana Petrov"]
    assert names("@Ana", northwind) == []


@pytest.mark.parametrize(
    "name",
    [
        "Zoë Müller",
        "Sean O'Brien",
        "Ana-Maria Silva",
        "J. R. (Night) [x] *+?",
        "علي حسن",
        "דנה לוי",
        "राम कुमार",
        "李小龙",
        "Łukasz Żak",
        "İpek Yıldız",
        "Jürgen Groß",
        "$& \\1 {0}",
    ],
)
def test_names_of_all_kinds(northwind, name) -> None:
    named(northwind, name)
    assert names(f"Ask @{name}, please", northwind) == [name]
    assert names(unicodedata.normalize("NFC", f"@{name}"), northwind) == [name]
    assert names(f"@{name.split()[0]}x", northwind) == []


def test_a_name_of_composed_letters_is_found_in_a_text_that_was_typed_apart(session, ana, northwind) -> None:
    zoe = named(northwind, "Zoë Müller")
    session.add_message(ana, content=unicodedata.normalize("NFD", "Hello @Zoë Müller"))
    assert Event.objects.latest("seq").facts["mentioned"] == [zoe.pk]


def test_a_sign_that_belongs_to_a_letter_makes_another_name(northwind) -> None:
    named(northwind, "राम")
    assert names("@राम।", northwind) == ["राम"]
    assert names("@रामा", northwind) == []


def test_viewers_the_deactivated_and_other_accounts_are_nobody(vic, eve, cy, olga, northwind) -> None:
    cy.deactivate(by=olga)
    assert names("@Vic Tester @Eve Tester @Cy Tester @Vic @Eve @Cy", northwind) == []


# --- in a message ------------------------------------------------------------------------------


def facts(session: Any, author: User, content: str, **more: Any) -> dict[str, Any]:
    session.add_message(author, content=content, **more)
    event: Event = Event.objects.latest("seq")
    return {name: event.facts[name] for name in ("asked", "mentioned")}


def test_a_message_says_whom_it_asks_and_whom_it_mentions(session, ana, bo, cy) -> None:
    assert facts(session, ana, "@Bo which? @Cy knows") == {"asked": [bo.pk], "mentioned": [bo.pk, cy.pk]}
    assert facts(session, ana, "Ask @Cy", asked=[bo]) == {"asked": [bo.pk], "mentioned": [bo.pk, cy.pk]}
    assert facts(session, ana, "@Ana Tester and nobody") == {"asked": [], "mentioned": []}
    assert [message.addressed_to for message in session.messages.all()] == ["@Bo", "", "@Ana Tester"]


def test_of_two_of_the_very_same_name_the_one_who_is_asked_is_meant(session, ana, bo, petrov, northwind) -> None:
    other = named(northwind, "Ana Petrov")
    for one in (petrov, other):
        only = {"asked": [one.pk], "mentioned": [one.pk]}
        assert facts(session, bo, "@Ana Petrov which key?", asked=[one]) == only
    assert facts(session, bo, "Ask @Ana Petrov", asked=[ana])["mentioned"] == [ana.pk, petrov.pk, other.pk]


def test_what_the_system_writes_mentions_nobody(session, bo) -> None:
    session.add_message(None, content="@Bo Tester wrote this", role="system")
    assert Event.objects.latest("seq").facts["mentioned"] == []
    assert Message.objects.get().addressed_to == ""


def test_the_api_reads_mentions_too(session, ana, bo) -> None:
    answer = client_of(ana).post(f"sessions/{session.pk}/messages/", content="Perhaps @bo tester knows")
    assert answer.status_code == 201
    assert Event.objects.latest("seq").facts["mentioned"] == [bo.pk]


# --- what it costs -----------------------------------------------------------------------------


def test_nobody_is_looked_up_without_an_at(northwind) -> None:
    with CaptureQueriesContext(connection) as queries:
        mentions_in("Mail ana@northwind.example, or call", account_id=northwind.pk)
    assert not queries.captured_queries


def test_three_thousand_members_and_a_very_long_text(northwind) -> None:
    User.objects.bulk_create(
        User(
            account=northwind, name=f"Person {number} {'x' * (number % 40)}", email=f"{number}@x.example", password="!"
        )
        for number in range(3_000)
    )
    text = "@Person 7 " + "@Person  " * 20_000 + " @Person 2999 " + "x" * (2999 % 40)
    began = time.process_time()
    found = names(text, northwind)
    assert time.process_time() - began < 3
    assert [name.split()[1] for name in found][-1] == "2999"
