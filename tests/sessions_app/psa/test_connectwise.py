"""ConnectWise's address, keys and notes, against a fake that refuses what the vendor's documents refuse."""

from __future__ import annotations

import json
import re
import socket

import pytest

from resolutionflow.core import outgoing_http
from resolutionflow.core.work import GiveUp, Later, Unknown
from sessions_app.models import PsaConnection
from sessions_app.psa import PROVIDERS, Provider, TextPart, WrongKind
from sessions_app.psa.connectwise import PAGE, PAGES
from tests.fakes.connectwise import CREDENTIALS, TICKET, ConnectWise, records


def broken(fake: ConnectWise, **credentials: str) -> Provider:
    return PROVIDERS["connectwise"](fake.url, {**CREDENTIALS, **credentials})


def test_the_connection_is_checked(psa):
    psa.check()


@pytest.mark.parametrize("wrong", [{"private_key": "x"}, {"client_id": ""}, {"client_id": "x"}, {"company": "nobody"}])
def test_wrong_credentials_are_said_to_be_wrong(fake, wrong):
    with pytest.raises(GiveUp, match=r"credentials|company"):
        broken(fake, **wrong).check()


def test_an_upgrade_that_moves_it_is_followed_by_the_next_exchange(fake, settings, monkeypatch):
    look_up = outgoing_http.resolve
    monkeypatch.setattr(outgoing_http, "resolve", lambda host, *args, **more: look_up("127.0.0.1", *args, **more))
    settings.OUTBOUND_ALLOWLIST = ["na.myconnectwise.net", "api-na.myconnectwise.net"]
    cloud = fake.url.replace("127.0.0.1", "na.myconnectwise.net")
    fake.codebase = "v2025_1/"
    before = PROVIDERS["connectwise"](cloud, CREDENTIALS)
    before.ticket(TICKET)
    fake.codebase = "v2026_1/"
    with pytest.raises(GiveUp, match="no such ticket"):
        before.ticket(TICKET)
    assert PROVIDERS["connectwise"](cloud, CREDENTIALS).ticket(TICKET).title == "VPN drops"


def test_a_cloud_that_says_not_found_to_bad_keys_is_put_in_words(fake):
    fake.hides_bad_keys = True
    with pytest.raises(GiveUp, match=r"no such ticket, or does not take the keys in the settings"):
        broken(fake, private_key="x").ticket(TICKET)


@pytest.mark.parametrize("action", [429, "busy", 500, "html", "hang", "drop"])
def test_where_it_is_can_be_asked_later(psa, fake, impatient, action):
    fake.company_script = [action]
    with pytest.raises(Later) as later:
        psa.post_note(TICKET, TextPart("x", "AAAA2222"))
    assert later.value.after == (None if action in ("hang", "drop") else 30)
    assert fake.notes == []


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


def test_a_public_note_is_for_the_discussion_and_the_board_may_mail_it(psa, fake):
    made = psa.post_public_note(TICKET, TextPart("Fixed.", "AAAA2222"), author="ana")
    assert psa.find_note(TICKET, "AAAA2222", internal=False) == made
    [sent] = fake.sent("POST", "/notes")
    assert (sent["detailDescriptionFlag"], sent["internalAnalysisFlag"], sent["processNotifications"]) == (
        True,
        False,
        True,
    )
    assert (sent["text"], sent["member"], fake.mails) == ("Fixed.\n[rf:AAAA2222]", {"identifier": "ana"}, 1)


def test_a_note_of_the_other_kind_is_no_success_when_it_is_found(psa, fake):
    for marker, flag in (("AAAA2222", "detailDescriptionFlag"), ("BBBB3333", "resolutionFlag")):
        fake.store({"text": f"x [rf:{marker}]", "internalAnalysisFlag": True, flag: True})
        with pytest.raises(WrongKind, match="shows this note to the client, against what was asked"):
            psa.find_note(TICKET, marker)
    psa.post_note(TICKET, TextPart("x", "CCCC4444"))
    with pytest.raises(WrongKind, match="has this note as an internal one") as wrong:
        psa.find_note(TICKET, "CCCC4444", internal=False)
    assert wrong.value.note_id == "88002"


def test_a_note_that_is_answered_as_a_public_one_is_said_at_once(psa, fake):
    fake.ignores_internal = True
    with pytest.raises(WrongKind, match="shows this note to the client"):
        psa.post_note(TICKET, TextPart("x", "AAAA2222"))


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


def test_a_check_whose_keys_are_not_found_says_that_they_may_be_wrong(psa, fake):
    fake.read_script = [404]
    with pytest.raises(GiveUp, match=r"it may to keys that it does not take\. Check company, keys and client ID"):
        psa.check()


@pytest.mark.parametrize("look", ["find_note", "find_time"])
def test_where_there_are_too_many_to_look_through_none_is_said_to_be_absent(psa, fake, look):
    for number in range(PAGE * PAGES):
        fake.store({"text": f"newer {number}", "internalAnalysisFlag": True})
        fake.times.append(records.time_entry(number, {}, chargeToId=int(TICKET)))
    with pytest.raises(GiveUp, match=r"more than 500 (notes|entries) there"):
        getattr(psa, look)(TICKET, "AAAA2222")


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


def test_how_long_a_note_may_be_is_an_option(psa_with):
    parts = psa_with(note_length="300").parts("word " * 200, "AAAA2222")
    assert len(parts) == 4
    assert all(len(f"{part.text}\n[rf:{part.marker}]") <= 300 for part in parts)


def test_line_ends_can_be_marked_where_they_do_not_show(psa_with):
    text = "What was tried\n- DNS  \n\n- MTU"
    assert psa_with().parts(text, "AAAA2222")[0].text == text
    assert psa_with(lines="mark").parts(text, "AAAA2222")[0].text == "What was tried ·\n- DNS ·\n\n- MTU"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"note_length": "long"}, "from 200 to 100000"),
        ({"note_length": "20"}, "from 200 to 100000"),
        ({"lines": "no"}, "“keep” or “mark”"),
        ({"billable": "free"}, "Billable, DoNotBill, NoCharge or NoDefault"),
    ],
)
def test_a_check_says_which_option_is_wrong_and_nothing_is_sent(psa_with, fake, options, said):
    with pytest.raises(GiveUp, match=said):
        psa_with(**options).check()
    with pytest.raises(GiveUp, match=said):
        psa_with(**options).parts("x", "AAAA2222")
    assert fake.requests == []


def test_options_are_chosen_in_the_settings_and_defaults_are_not_stored(as_user, adam):
    client, url = as_user(adam), "/settings/psa/new/connectwise/"
    assert "Close Service Tickets" in client.get(url).content.decode(), "it says which rights the API member needs"
    typed = {f"credential_{name}": value for name, value in CREDENTIALS.items()}
    chosen = {"option_note_length": "4000", "option_lines": "keep", "option_billable": "NoCharge"}
    named = {"name": "Desk", "base_url": "https://na.myconnectwise.net"}
    assert client.post(url, {**named, **typed, **chosen}).status_code == 302
    assert PsaConnection.objects.get().options == {"billable": "NoCharge"}


def test_a_refused_note_says_why(psa):
    with pytest.raises(GiveUp, match="Member nobody not found"):
        psa.post_note(TICKET, TextPart("x", "AAAA2222"), author="nobody")


def test_too_many_requests_is_later_by_as_much_as_it_asks(psa, fake):
    fake.script = [429]
    with pytest.raises(Later) as later:
        psa.post_note(TICKET, TextPart("x", "AAAA2222"))
    assert later.value.after == 30


def test_busy_without_a_word_of_how_long_is_half_a_minute(psa, fake):
    fake.script = ["busy"]
    with pytest.raises(Later) as later:
        psa.post_note(TICKET, TextPart("x", "AAAA2222"))
    assert later.value.after == 30


def test_a_500_that_says_the_right_is_missing_is_a_refusal(psa, fake):
    fake.script = ["forbidden"]
    with pytest.raises(GiveUp, match=r"does not allow this.*You do not have security permission"):
        psa.post_note(TICKET, TextPart("x", "AAAA2222"))


@pytest.mark.parametrize("action", ["html", "hang", "drop", "nonsense", "busy"])
def test_a_look_up_that_fails_is_not_an_absent_note(psa, fake, impatient, action):
    fake.read_script = [action]
    with pytest.raises(Later):
        psa.find_note(TICKET, "AAAA2222")


@pytest.mark.parametrize(
    "action", [500, 502, 503, "html", "hang", "drop", "store-then-drop", "store-then-hang", "nonsense"]
)
def test_whatever_may_have_landed_is_unknown(psa, fake, impatient, action):
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
        ("https://staging.connectwisedev.com", "v2025_1/", "https://api-staging.connectwisedev.com/v2025_1/apis/3.0"),
        ("https://api-cw.example.com", "v2025_1/", "https://api-cw.example.com/v2025_1/apis/3.0"),
        ("https://cw.example.com", "v4_6_release/", "https://cw.example.com/v4_6_release/apis/3.0"),
    ],
)
def test_the_interface_is_where_companyinfo_says(monkeypatch, base_url, codebase, api):
    answer = outgoing_http.OutgoingResponse(200, {}, json.dumps({"Codebase": codebase}).encode())
    monkeypatch.setattr(outgoing_http, "request", lambda *args, **kwargs: answer)
    assert PROVIDERS["connectwise"](base_url, CREDENTIALS).url("") == api


@pytest.mark.parametrize("host", ["connectwise-acme.com", "cw.example.com", "xmyconnectwise.net", "myconnectwise.net"])
def test_the_keys_are_sent_to_no_host_that_we_made_up(monkeypatch, host):
    """api-connectwise-acme.com is a domain that anybody may register."""
    called = []

    def request(method, url, **more):
        called.append(url)
        return outgoing_http.OutgoingResponse(200, {}, b'{"Codebase": "v2025_1/"}')

    monkeypatch.setattr(outgoing_http, "request", request)
    with pytest.raises(GiveUp, match=f"{re.escape(host)} does not say.*Type that host: it begins with “api-”"):
        PROVIDERS["connectwise"](f"https://{host}", CREDENTIALS).check()
    assert called == [f"https://{host}/login/companyinfo/{CREDENTIALS['company']}"]
