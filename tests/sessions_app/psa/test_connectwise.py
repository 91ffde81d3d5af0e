"""ConnectWise, against a fake that refuses what the vendor's documents refuse."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest

from resolutionflow.core import outgoing_http
from resolutionflow.core.work import GiveUp, Later, Unknown
from sessions_app.psa import PROVIDERS, Provider, TextPart
from tests.fakes.connectwise import CREDENTIALS, TICKET, ConnectWise


@pytest.fixture
def fake(settings, monkeypatch) -> Iterator[ConnectWise]:
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    monkeypatch.setattr(outgoing_http, "READ", 0.3)
    with ConnectWise() as fake:
        yield fake


@pytest.fixture
def psa(fake) -> Provider:
    return PROVIDERS["connectwise"](fake.url, CREDENTIALS)


def broken(fake: ConnectWise, **credentials: str) -> Provider:
    return PROVIDERS["connectwise"](fake.url, {**CREDENTIALS, **credentials})


def test_the_connection_is_checked(psa):
    psa.check()


@pytest.mark.parametrize("wrong", [{"private_key": "x"}, {"client_id": ""}, {"client_id": "x"}, {"company": "nobody"}])
def test_wrong_credentials_are_said_to_be_wrong(fake, wrong):
    with pytest.raises(GiveUp, match=r"credentials|company"):
        broken(fake, **wrong).check()


def test_a_ticket_is_got(psa):
    assert psa.ticket(f"#{TICKET}").title == "VPN drops"


def test_an_unknown_ticket_is_refused(psa):
    for call in (lambda: psa.ticket("5002"), lambda: psa.post_note("5002", TextPart("x", "AAAA2222"))):
        with pytest.raises(GiveUp, match=r"no such ticket.*Ticket 5002 not found"):
            call()


@pytest.mark.parametrize("ticket", ["", "../system/info", "5001/notes?", "५००१", "T-5001"])
def test_what_is_no_ticket_number_never_becomes_part_of_an_address(psa, fake, ticket):
    with pytest.raises(GiveUp, match="not a ConnectWise PSA ticket number"):
        psa.ticket(ticket)
    assert fake.requests == []


def test_a_note_is_internal_and_mails_nobody(psa, fake):
    assert psa.post_note(TICKET, TextPart("Line one\nline two", "AAAA2222"), author="atech") == "88000"
    sent = json.loads(fake.posts[0]["body"])
    assert sent == {
        "text": "Line one\nline two\n[rf:AAAA2222]",
        "internalAnalysisFlag": True,
        "detailDescriptionFlag": False,
        "resolutionFlag": False,
        "processNotifications": False,
        "customerUpdatedFlag": False,
        "member": {"identifier": "atech"},
    }
    assert fake.mails == 0


def test_its_headers_are_the_documented_ones(psa, fake):
    psa.check()
    headers = {name.lower(): value for name, value in fake.requests[-1]["headers"].items()}
    assert headers["clientid"] == CREDENTIALS["client_id"]
    assert headers["accept"] == "application/vnd.connectwise.com+json; version=2025.16"
    assert headers["authorization"].startswith("Basic ")


def test_a_note_is_found_by_its_marker_and_nothing_else(psa):
    psa.post_note(TICKET, TextPart("same text", "AAAA2222"))
    second = psa.post_note(TICKET, TextPart("same text", "BBBB3333"))
    assert psa.find_note(TICKET, "BBBB3333") == second
    assert psa.find_note(TICKET, "CCCC4444") is None


def test_it_is_found_below_many_newer_ones(psa, fake):
    first = psa.post_note(TICKET, TextPart("first", "AAAA2222"))
    for number in range(120):
        fake.store({"text": f"newer {number}", "internalAnalysisFlag": True})
    assert psa.find_note(TICKET, "AAAA2222") == first


def test_a_long_note_goes_in_parts_each_with_a_marker_of_its_own(psa, fake):
    text = "\n".join(f"line {number} of the log" for number in range(500))
    parts = psa.parts(text, "AAAA2222")
    for part in parts:
        psa.post_note(TICKET, part)
    assert [part.text.split("\n")[0] for part in parts] == ["(1/3)", "(2/3)", "(3/3)"]
    assert psa.find_note(TICKET, "AAAA2222-2") == "88001"
    joined = "\n".join(part.text.split("\n", 1)[1] for part in parts)
    assert joined == text


def test_a_short_note_is_one_part(psa):
    assert psa.parts("short", "AAAA2222") == [TextPart("short", "AAAA2222")]


def test_a_refused_note_says_why(psa):
    with pytest.raises(GiveUp, match="Member nobody not found"):
        psa.post_note(TICKET, TextPart("x", "AAAA2222"), author="nobody")


def test_too_many_requests_is_later_by_as_much_as_it_asks(psa, fake):
    fake.script = [429]
    with pytest.raises(Later) as later:
        psa.post_note(TICKET, TextPart("x", "AAAA2222"))
    assert later.value.after == 30


@pytest.mark.parametrize("action", [500, 502, 503, "hang", "drop", "store-then-drop", "store-then-hang", "nonsense"])
def test_whatever_may_have_landed_is_unknown(psa, fake, action):
    fake.script = [action]
    with pytest.raises(Unknown):
        psa.post_note(TICKET, TextPart("x", "AAAA2222"))


def test_a_server_that_is_not_there_was_not_sent_anything(settings):
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    with pytest.raises(Later):
        PROVIDERS["connectwise"](f"http://127.0.0.1:{port}", CREDENTIALS).post_note(TICKET, TextPart("x", "AAAA2222"))


@pytest.mark.parametrize(
    ("base_url", "codebase", "api"),
    [
        ("https://na.myconnectwise.net", "v2025_1/", "https://api-na.myconnectwise.net/v2025_1/apis/3.0"),
        ("https://api-eu.myconnectwise.net/", "v2025_1/", "https://api-eu.myconnectwise.net/v2025_1/apis/3.0"),
        ("https://cw.example.com", "v4_6_release/", "https://cw.example.com/v4_6_release/apis/3.0"),
    ],
)
def test_the_interface_is_where_companyinfo_says(monkeypatch, base_url, codebase, api):
    answer = outgoing_http.OutgoingResponse(200, {}, json.dumps({"Codebase": codebase}).encode())
    monkeypatch.setattr(outgoing_http, "request", lambda *args, **kwargs: answer)
    assert PROVIDERS["connectwise"](base_url, CREDENTIALS).url("") == api
