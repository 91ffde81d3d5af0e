"""Request Tracker's dialect: against answers as a real one gave them, and against a real one where there is one."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime

import pytest

from resolutionflow.core import outgoing_http
from resolutionflow.core.work import GiveUp, Later, Unknown
from sessions_app.psa import PROVIDERS, NoSuchTicket, Provider, TextPart, TimeEntry
from tests.real_request_tracker import RealRequestTracker

NOTE = TextPart("line one\nline two", "AAAA2222", "Escalation")


def provider(url: str = "https://rt.example", token: str = "1-14-abc") -> Provider:
    return PROVIDERS["request_tracker"](url, {"token": token})


@pytest.fixture
def answers(monkeypatch) -> list[tuple]:
    """What it answers, in order; each call made is left in `answers.calls`."""

    class Answers(list):
        calls: list[tuple] = []

    queue, calls = Answers(), []
    queue.calls = calls

    def request(method, url, **more):
        calls.append((method, url, more))
        status, headers, body = queue.pop(0)
        return outgoing_http.OutgoingResponse(
            status, headers, body if isinstance(body, bytes) else json.dumps(body).encode()
        )

    monkeypatch.setattr(outgoing_http, "request", request)
    return queue


KNOWN = (200, {}, {"id": 48190, "Status": "open"})
LANDED = (201, {"location": "https://rt.example/REST/2.0/transaction/61"}, ["Comments added"])


@pytest.mark.parametrize("url", ["https://rt.example", "https://rt.example/", "https://rt.example/REST/2.0"])
def test_a_note_is_a_comment_with_its_marker_in_the_subject(answers, url):
    answers += [KNOWN, LANDED]
    assert provider(url).post_note("#48190", NOTE) == "61"
    method, called, more = answers.calls[1]
    assert (method, called) == ("POST", "https://rt.example/REST/2.0/ticket/48190/comment")
    assert more["body"] == {
        "Subject": "Escalation [rf:AAAA2222]", "Content": "line one\nline two", "ContentType": "text/plain",
    }  # fmt: skip
    assert more["headers"]["Authorization"] == "token 1-14-abc"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((400, {}, {"message": "Message could not be recorded"}), GiveUp),
        ((400, {}, {"message": "Permission Denied"}), GiveUp),
        ((401, {}, {"message": "Unauthorized"}), GiveUp),
        ((403, {}, {"message": "Forbidden"}), GiveUp),
        ((302, {"location": "/login"}, b""), GiveUp),
        ((429, {"retry-after": "5"}, b""), Later),
        ((500, {}, b""), Unknown),
        ((502, {}, b"<html>"), Unknown),
        ((200, {}, b"<html>Sign in</html>"), Unknown),  # a 2xx is not success
        ((201, {}, ["Comments added"]), Unknown),
        ((201, {"location": "/REST/2.0/transaction/61"}, b"<html>"), Unknown),
    ],
)
def test_every_answer_is_one_of_four_outcomes(answers, answer, outcome):
    answers += [KNOWN, answer]
    with pytest.raises(outcome):
        provider().post_note("1", NOTE)


def test_files_of_the_server_are_not_shown_to_people(answers):
    answers.append((200, {}, {"id": 1}))
    answers.append((400, {}, {"message": "Bad search at /usr/share/request-tracker5/lib/RT.pm line 12."}))
    with pytest.raises(GiveUp) as refused:
        provider().find_note("1", "AAAA2222")
    assert "/usr" not in str(refused.value)


def test_a_look_up_that_makes_no_sense_is_not_an_absent_note(answers):
    for before in ([], [(200, {}, {"id": 1})]):
        answers += [*before, (200, {}, b"<html>Sign in</html>")]
        with pytest.raises(Later):
            provider().find_note("1", "AAAA2222")


# --- a real one: what is its own (test_real_systems.py has what is alike in all) ------------------


WORKED = TimeEntry(12, datetime(2026, 11, 23, tzinfo=UTC), "Handoff", "TTTT4444")


@pytest.mark.parametrize(
    "write",
    [
        lambda rt: rt.set_status("7", "open"), lambda rt: rt.set_owner("7", "bo"), lambda rt: rt.add_time("7", WORKED),
        lambda rt: rt.post_note("7", NOTE),
    ],
    ids=["status", "owner", "time", "note"],
)  # fmt: skip
def test_a_deleted_ticket_is_not_brought_back_and_takes_nothing(answers, write):
    answers.append((200, {}, {"id": 7, "Status": "deleted", "Owner": {"id": "Nobody"}}))
    with pytest.raises(NoSuchTicket, match="was deleted in Request Tracker"):
        write(provider())
    assert [method for method, _url, _more in answers.calls] == ["GET"]


def test_technicians_are_read_to_their_last_page_though_pages_are_short(answers):
    """What our user may not see is left out of a page after it was cut."""
    names = ["ana", "bo", "cy"]
    found = [{"Name": name, "RealName": "", "EmailAddress": f"{name}@x.example", "Disabled": "0"} for name in names]
    pages = [[found[0]], [found[1], found[2]], []]
    answers += [(200, {}, {"items": items, "pages": None, "total": None}) for items in pages]
    assert [one.id for one in provider().technicians(["dee@x.example"])] == names
    assert [more["params"]["page"] for _method, _url, more in answers.calls] == ["1", "2", "3"]
    answers += [(200, {}, {"items": found, "pages": 1})]
    assert [one.id for one in provider().technicians(["dee@x.example"])] == names


@pytest.fixture
def rt(settings) -> RealRequestTracker:
    real = RealRequestTracker()
    settings.OUTBOUND_ALLOWLIST = [real.host]
    return real


@pytest.mark.rt
def test_real_only_a_public_note_mails_the_requestor(rt):
    real = provider(rt.url, rt.token)
    real.post_note(rt.ticket, NOTE)
    real.add_time(rt.ticket, WORKED)
    real.set_status(rt.ticket, "open")
    assert rt.new_mails() == 0
    real.post_public_note(rt.ticket, TextPart("It works again.", "BBBB3333"))
    if os.environ.get("RT_MAIL_DIR"):
        assert rt.new_mails() == 1


@pytest.mark.rt
def test_real_a_merged_ticket_says_what_it_became_and_keeps_its_notes_found(rt):
    """Notes of before stay with the old number; one posted to it later is the other ticket's."""
    real, other = provider(rt.url, rt.token), rt.new_ticket("The same once more")
    before = real.post_note(rt.ticket, NOTE)
    rt.merge(other)
    ticket = real.ticket(rt.ticket)
    assert (ticket.id, ticket.title, ticket.merged_into) == (rt.ticket, "The same once more", other)
    later = real.post_note(rt.ticket, TextPart("later", "BBBB3333"))
    assert real.find_note(rt.ticket, NOTE.marker) == before
    assert real.find_note(rt.ticket, "BBBB3333") == later
    assert real.find_note(rt.ticket, "CCCC5555") is None
    real.set_status(rt.ticket, "open")
    assert real.ticket(other).status == "open"
