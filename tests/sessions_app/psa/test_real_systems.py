"""What is alike in all ticket systems, on each real one: every exchange, and an answer that is lost after the write."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from resolutionflow.core.work import GiveUp, Unknown
from sessions_app.psa import NoSuchTicket, TextPart, TimeEntry, WrongKind
from tests.fakes.swallowing_proxy import SwallowingProxy
from tests.real_systems import provider

NOTE = TextPart("line one\nline two", "AAAA2222")
WORKED = TimeEntry(90, datetime(2026, 11, 23, 14, 0, tzinfo=UTC), "Handoff: restarted the VPN service", "TTTT4444")


@pytest.fixture
def proxy(system) -> Iterator[SwallowingProxy]:
    with SwallowingProxy(system.url) as proxy:
        yield proxy


def test_real_a_check_says_what_answered(system):
    assert provider(system).check().startswith(provider(system).label)


def test_real_wrong_credentials_read_nothing_and_write_nothing(system):
    number, _email = system.technician()
    for refused in (
        lambda wrong: wrong.check(),
        lambda wrong: wrong.ticket(system.ticket),
        lambda wrong: wrong.search("vpn"),
        lambda wrong: wrong.find_note(system.ticket, NOTE.marker),
        lambda wrong: wrong.post_note(system.ticket, NOTE),
        lambda wrong: wrong.post_public_note(system.ticket, NOTE),
        lambda wrong: wrong.set_status(system.ticket, "open"),
        lambda wrong: wrong.set_owner(system.ticket, number),
        lambda wrong: wrong.add_time(system.ticket, WORKED),
        lambda wrong: wrong.find_time(system.ticket, WORKED.marker),
    ):
        with pytest.raises(GiveUp, match="credentials"):
            refused(provider(system, credentials=system.wrong_credentials))
    assert (system.notes(), system.minutes()) == ({}, 0)


def test_real_a_ticket_is_read(system):
    ticket = provider(system).ticket(f" #{system.ticket}")
    assert (ticket.id, ticket.title, ticket.description) == (system.ticket, "VPN drops", "help")
    assert ticket.status.lower() == "new"
    assert ticket.queue
    assert (ticket.is_closed, ticket.owner, ticket.due_at, ticket.merged_into) == (False, "", None, "")
    assert ticket.link.endswith(system.ticket)


def test_real_a_ticket_that_is_missing_is_said_to_be(system):
    for refused in (
        lambda real: real.ticket(system.missing),
        lambda real: real.statuses(system.missing),
        lambda real: real.set_status(system.missing, "open"),
    ):
        with pytest.raises(NoSuchTicket, match="no such ticket"):
            refused(provider(system))
    for refused in (
        lambda real: real.post_note(system.missing, NOTE),
        lambda real: real.post_public_note(system.missing, NOTE),
        lambda real: real.add_time(system.missing, WORKED),
    ):
        with pytest.raises(GiveUp, match="no such ticket"):
            refused(provider(system))


def test_real_a_search_finds_open_tickets_by_the_words_of_their_titles(system):
    word = f"zx{secrets.token_hex(4)}"
    older, newer = (
        system.new_ticket(f"Printer (2nd floor) {word}"),
        system.new_ticket(f"{word.upper()} on the 2nd floor burns"),
    )
    assert {ticket.id for ticket in provider(system).search(f"Floor {word} 2nd", 2)} == {older, newer}
    assert provider(system).search(f"{word} nosuchword") == []
    provider(system).set_status(newer, provider(system).statuses(newer)[-1])
    assert [ticket.id for ticket in provider(system).search(f"{word} floor")] == [older]


def test_real_no_sign_in_a_search_is_more_than_a_sign(system):
    for sign in ("'", '"', "\\", "~", "*", "|", "%", "_", "!", "x' OR 1=1", "~vpn|drops", "[x]", "é"):
        assert provider(system).search(f"{sign} nosuchword") == []
    assert provider(system).search("  ") == []
    assert provider(system).search("long " * 60) == []


def test_real_a_note_is_internal_and_found_by_its_marker(system):
    assert provider(system).find_note(system.ticket, NOTE.marker) is None
    made = provider(system).post_note(system.ticket, NOTE)
    assert system.notes() == {made: True}
    assert provider(system).find_note(system.ticket, NOTE.marker) == made
    assert provider(system).find_note(system.ticket, f"{NOTE.marker}-1") is None
    assert provider(system).find_note(system.ticket, NOTE.marker[:-1]) is None
    assert system.text(made).startswith(NOTE.text)


def test_real_a_public_note_is_an_act_of_its_own(system):
    made = provider(system).post_public_note(system.ticket, NOTE)
    assert system.notes() == {made: False}
    assert provider(system).find_note(system.ticket, NOTE.marker, internal=False) == made
    with pytest.raises(WrongKind, match="shows this note to the client"):
        provider(system).find_note(system.ticket, NOTE.marker)
    hidden = provider(system).post_note(system.ticket, replace(NOTE, marker="BBBB3333"))
    with pytest.raises(WrongKind, match="has this note as an internal one") as wrong:
        provider(system).find_note(system.ticket, "BBBB3333", internal=False)
    assert wrong.value.note_id == hidden


def test_real_a_note_of_100_kb_lands_whole(system):
    text = "\n".join(f"line {number:05} of a long log, with æøå" for number in range(3_000))
    [part] = provider(system).parts(text, "BBBB3333")
    assert len(text.encode()) > 100_000
    assert system.text(provider(system).post_note(system.ticket, part)).startswith(text)


def test_real_a_status_is_one_of_those_there_are_and_read_back(system):
    names = provider(system).statuses(system.ticket)
    other = next(name for name in names if name.lower() != "new")
    assert provider(system).set_status(system.ticket, other.upper())
    assert provider(system).ticket(system.ticket).status == other
    assert not provider(system).set_status(system.ticket, other), "it has it already"
    with pytest.raises(GiveUp, match="nosuch"):
        provider(system).set_status(system.ticket, "nosuch")
    assert provider(system).ticket(system.ticket).status == other


def test_real_a_technician_is_found_by_email_and_becomes_the_owner(system):
    number, email = system.technician()
    found = provider(system).technicians([email.upper(), "nobody@elsewhere.example"])
    assert (number, email) in [(one.id, one.email) for one in found]
    assert provider(system).set_owner(system.ticket, number)
    assert not provider(system).set_owner(system.ticket, number), "they have it already"
    assert system.owner() == number
    assert provider(system).ticket(system.ticket).owner in [one.name for one in found if one.id == number]
    for nobody in ("999999", "nosuch"):
        with pytest.raises(GiveUp):
            provider(system).set_owner(system.ticket, nobody)
    assert system.owner() == number


def test_real_time_is_booked_once_and_found_by_its_marker(system):
    assert provider(system).find_time(system.ticket, WORKED.marker) is None
    made = provider(system).add_time(system.ticket, WORKED)
    assert system.minutes() == 90
    assert provider(system).find_time(system.ticket, WORKED.marker) == made
    assert provider(system).find_time(system.ticket, WORKED.marker[:-1]) is None
    assert all(system.notes().values()), "none that the client sees"


@pytest.mark.parametrize("say", ["post_note", "post_public_note"])
def test_real_an_answer_lost_after_a_note_leaves_one_that_is_found(system, proxy, say):
    proxy.swallow = 1
    with pytest.raises(Unknown):
        getattr(provider(system, proxy.url), say)(system.ticket, NOTE)
    found = provider(system, proxy.url).find_note(system.ticket, NOTE.marker, internal=say == "post_note")
    assert system.notes() == {found: say == "post_note"}
    assert proxy.writes == 1


def test_real_an_answer_lost_after_booking_leaves_one_entry_that_is_found(system, proxy):
    proxy.swallow = 1
    with pytest.raises(Unknown):
        provider(system, proxy.url).add_time(system.ticket, WORKED)
    assert provider(system, proxy.url).find_time(system.ticket, WORKED.marker)
    assert (system.minutes(), proxy.writes) == (90, 1)


def test_real_a_status_whose_answer_was_lost_can_be_set_again(system, proxy):
    other = next(name for name in provider(system).statuses(system.ticket) if name.lower() != "new")
    proxy.swallow = 1
    with pytest.raises(Unknown):
        provider(system, proxy.url).set_status(system.ticket, other)
    provider(system, proxy.url).set_status(system.ticket, other)
    assert provider(system).ticket(system.ticket).status == other
