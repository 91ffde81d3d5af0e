"""What is alike in all ticket systems, on each real one: every exchange, and an answer that is lost after the write."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from resolutionflow.core.work import GiveUp, Unknown
from sessions_app.psa import NoSuchTicket, TextPart, TimeEntry
from tests.fakes.swallowing_proxy import SwallowingProxy
from tests.real_systems import provider

NOTE = TextPart("line one\nline two", "AAAA2222")
WORKED = TimeEntry(90, datetime(2026, 11, 23, 14, 0, tzinfo=UTC), "Handoff: restarted the VPN service", "TTTT4444")


@pytest.fixture
def proxy(psa) -> Iterator[SwallowingProxy]:
    with SwallowingProxy(psa.url) as proxy:
        yield proxy


def test_real_a_check_says_what_answered(psa):
    assert provider(psa).check().startswith(provider(psa).label)


def test_real_wrong_credentials_read_nothing_and_write_nothing(psa):
    number, _email = psa.technician()
    for refused in (
        lambda wrong: wrong.check(),
        lambda wrong: wrong.ticket(psa.ticket),
        lambda wrong: wrong.search("vpn"),
        lambda wrong: wrong.find_note(psa.ticket, NOTE.marker),
        lambda wrong: wrong.post_note(psa.ticket, NOTE),
        lambda wrong: wrong.post_public_note(psa.ticket, NOTE),
        lambda wrong: wrong.set_status(psa.ticket, "open"),
        lambda wrong: wrong.set_owner(psa.ticket, number),
        lambda wrong: wrong.add_time(psa.ticket, WORKED),
        lambda wrong: wrong.find_time(psa.ticket, WORKED.marker),
    ):
        with pytest.raises(GiveUp, match="credentials"):
            refused(provider(psa, credentials=psa.wrong_credentials))
    assert (psa.notes(), psa.minutes()) == ({}, 0)


def test_real_a_ticket_is_read(psa):
    ticket = provider(psa).ticket(f" #{psa.ticket}")
    assert (ticket.id, ticket.title, ticket.description) == (psa.ticket, "VPN drops", "help")
    assert ticket.status.lower() == "new"
    assert ticket.queue
    assert (ticket.is_closed, ticket.owner, ticket.due_at, ticket.merged_into) == (False, "", None, "")
    assert ticket.link.endswith(psa.ticket)


def test_real_a_ticket_that_is_missing_is_said_to_be(psa):
    for refused in (
        lambda real: real.ticket(psa.missing),
        lambda real: real.statuses(psa.missing),
        lambda real: real.set_status(psa.missing, "open"),
    ):
        with pytest.raises(NoSuchTicket, match="no such ticket"):
            refused(provider(psa))
    for refused in (
        lambda real: real.post_note(psa.missing, NOTE),
        lambda real: real.post_public_note(psa.missing, NOTE),
        lambda real: real.add_time(psa.missing, WORKED),
    ):
        with pytest.raises(GiveUp, match="no such ticket"):
            refused(provider(psa))


def test_real_a_search_finds_open_tickets_by_the_words_of_their_titles(psa):
    word = f"zx{secrets.token_hex(4)}"
    older, newer = (
        psa.new_ticket(f"Printer (2nd floor) {word}"),
        psa.new_ticket(f"{word.upper()} on the 2nd floor burns"),
    )
    assert {ticket.id for ticket in provider(psa).search(f"Floor {word} 2nd", 2)} == {older, newer}
    assert provider(psa).search(f"{word} nosuchword") == []
    provider(psa).set_status(newer, provider(psa).statuses(newer)[-1])
    assert [ticket.id for ticket in provider(psa).search(f"{word} floor")] == [older]


def test_real_no_sign_in_a_search_is_more_than_a_sign(psa):
    for sign in ("'", '"', "\\", "~", "*", "|", "%", "_", "!", "x' OR 1=1", "~vpn|drops", "[x]", "é"):
        assert provider(psa).search(f"{sign} nosuchword") == []
    assert provider(psa).search("  ") == []
    assert provider(psa).search("long " * 60) == []


def test_real_a_note_is_internal_and_found_by_its_marker(psa):
    assert provider(psa).find_note(psa.ticket, NOTE.marker) is None
    made = provider(psa).post_note(psa.ticket, NOTE)
    assert psa.notes() == {made: True}
    assert provider(psa).find_note(psa.ticket, NOTE.marker) == made
    assert provider(psa).find_note(psa.ticket, f"{NOTE.marker}-1") is None
    assert provider(psa).find_note(psa.ticket, NOTE.marker[:-1]) is None
    assert psa.text(made).startswith(NOTE.text)


def test_real_a_public_note_is_an_act_of_its_own(psa):
    made = provider(psa).post_public_note(psa.ticket, NOTE)
    assert psa.notes() == {made: False}
    assert provider(psa).find_note(psa.ticket, NOTE.marker) == made


def test_real_a_note_of_100_kb_lands_whole(psa):
    text = "\n".join(f"line {number:05} of a long log, with æøå" for number in range(3_000))
    [part] = provider(psa).parts(text, "BBBB3333")
    assert len(text.encode()) > 100_000
    assert psa.text(provider(psa).post_note(psa.ticket, part)).startswith(text)


def test_real_a_status_is_one_of_those_there_are_and_read_back(psa):
    names = provider(psa).statuses(psa.ticket)
    other = next(name for name in names if name.lower() != "new")
    provider(psa).set_status(psa.ticket, other.upper())
    assert provider(psa).ticket(psa.ticket).status == other
    with pytest.raises(GiveUp, match="nosuch"):
        provider(psa).set_status(psa.ticket, "nosuch")
    assert provider(psa).ticket(psa.ticket).status == other


def test_real_a_technician_is_found_by_email_and_becomes_the_owner(psa):
    number, email = psa.technician()
    found = provider(psa).technicians([email.upper(), "nobody@elsewhere.example"])
    assert (number, email) in [(one.id, one.email) for one in found]
    provider(psa).set_owner(psa.ticket, number)
    assert psa.owner() == number
    assert provider(psa).ticket(psa.ticket).owner in [one.name for one in found if one.id == number]
    for nobody in ("999999", "nosuch"):
        with pytest.raises(GiveUp):
            provider(psa).set_owner(psa.ticket, nobody)
    assert psa.owner() == number


def test_real_time_is_booked_once_and_found_by_its_marker(psa):
    assert provider(psa).find_time(psa.ticket, WORKED.marker) is None
    made = provider(psa).add_time(psa.ticket, WORKED)
    assert psa.minutes() == 90
    assert provider(psa).find_time(psa.ticket, WORKED.marker) == made
    assert provider(psa).find_time(psa.ticket, WORKED.marker[:-1]) is None
    assert all(psa.notes().values()), "none that the client sees"


@pytest.mark.parametrize("say", ["post_note", "post_public_note"])
def test_real_an_answer_lost_after_a_note_leaves_one_that_is_found(psa, proxy, say):
    proxy.swallow = 1
    with pytest.raises(Unknown):
        getattr(provider(psa, proxy.url), say)(psa.ticket, NOTE)
    found = provider(psa, proxy.url).find_note(psa.ticket, NOTE.marker)
    assert psa.notes() == {found: say == "post_note"}
    assert proxy.writes == 1


def test_real_an_answer_lost_after_booking_leaves_one_entry_that_is_found(psa, proxy):
    proxy.swallow = 1
    with pytest.raises(Unknown):
        provider(psa, proxy.url).add_time(psa.ticket, WORKED)
    assert provider(psa, proxy.url).find_time(psa.ticket, WORKED.marker)
    assert (psa.minutes(), proxy.writes) == (90, 1)


def test_real_a_status_whose_answer_was_lost_can_be_set_again(psa, proxy):
    other = next(name for name in provider(psa).statuses(psa.ticket) if name.lower() != "new")
    proxy.swallow = 1
    with pytest.raises(Unknown):
        provider(psa, proxy.url).set_status(psa.ticket, other)
    provider(psa, proxy.url).set_status(psa.ticket, other)
    assert provider(psa).ticket(psa.ticket).status == other
