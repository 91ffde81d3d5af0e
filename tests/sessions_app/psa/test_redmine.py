"""Redmine's dialect: against answers as a real one gave them, and against a real one where there is one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from resolutionflow.core import outgoing_http
from resolutionflow.core.work import GiveUp, Later, Unknown
from sessions_app.psa import PROVIDERS, CannotOwn, Provider, TextPart, TimeEntry
from tests.real_redmine import RealRedmine

NOTE = TextPart("line one\nline two", "AAAA2222")
WORKED = TimeEntry(10, datetime(2026, 11, 23, 14, 0, tzinfo=UTC), "Restarted\nthe VPN service", "TTTT4444")
HTML = (200, b"<html>Sign in</html>")
DONE = (204, b"")

ME = {"id": 7, "login": "bot", "admin": False, "memberships": [
    {"id": 1, "project": {"id": 3, "name": "Harbour"}, "roles": [{"id": 4, "name": "Desk"}, {"id": 5, "name": "Time"}]},
    {"id": 2, "project": {"id": 9, "name": "Mill"}, "roles": [{"id": 6, "name": "Reporter"}]},
]}  # fmt: skip
ROLES = {
    4: {
        "permissions": ["add_issue_notes", "set_notes_private", "view_private_notes"],
        "time_entries_visibility": "own",
    },
    5: {"permissions": ["log_time", "view_time_entries"], "time_entries_visibility": "all"},
    6: {"permissions": ["add_issue_notes", "log_time", "view_time_entries"], "time_entries_visibility": "own"},
}
ISSUE = {
    "id": 48190, "project": {"id": 3, "name": "Harbour"}, "subject": "VPN drops", "description": "a\r\nb",
    "status": {"id": 1, "name": "New", "is_closed": False}, "author": {"id": 8, "name": "Bob Client"},
    "assigned_to": {"id": 7, "name": "Ana Petrov"}, "due_date": "2026-11-30",
    "allowed_statuses": [{"id": 1, "name": "New"}, {"id": 2, "name": "In Progress"}],
    "custom_fields": [
        {"id": 1, "name": "Device", "value": "HB-FW-01"}, {"id": 2, "name": "Company", "value": ["Harbour", "Dock"]},
        {"id": 3, "name": "Phone", "value": None}, {"id": 4, "name": "Caller", "value": "Bea"},
    ],
}  # fmt: skip


def provider(url: str = "https://redmine.example", key: str = "abc", **options: str) -> Provider:
    return PROVIDERS["redmine"](url, {"key": key}, options)


def journal(marker: str, *, private: bool = True) -> dict[str, Any]:
    return {"id": 61, "notes": f"line one\r\nline two\r\n[rf:{marker}]", "private_notes": private}


class Redmine(dict[str, Any]):
    """What it answers, by method and path; the last answer of a list stays. Each call made is left in `calls`."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self["GET /users/current.json"] = (200, {"user": ME})
        for number, role in ROLES.items():
            self[f"GET /roles/{number}.json"] = (200, {"role": role})
        self["GET /issues/48190.json"] = (200, {"issue": {**ISSUE, "journals": [journal("AAAA2222")]}})
        self["PUT /issues/48190.json"] = DONE

    def request(self, method: str, url: str, **more: Any) -> outgoing_http.OutgoingResponse:
        path = url.removeprefix("https://redmine.example")
        self.calls.append((method, path, more))
        answer = self[f"{method} {path}"]
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        return outgoing_http.OutgoingResponse(
            status, {}, body if isinstance(body, bytes) else json.dumps(body).encode()
        )

    @property
    def written(self) -> list[tuple[str, dict[str, Any]]]:
        return [(path, more["body"]) for method, path, more in self.calls if method != "GET"]


@pytest.fixture
def redmine(monkeypatch) -> Redmine:
    fake = Redmine()
    monkeypatch.setattr(outgoing_http, "request", fake.request)
    return fake


@pytest.mark.parametrize("url", ["https://redmine.example", "https://redmine.example/"])
def test_a_note_is_private_and_has_its_marker_in_its_last_line(redmine, url):
    assert provider(url).post_note("#48190", NOTE) == "61"
    fields = {"notes": "line one\nline two\n[rf:AAAA2222]", "private_notes": True}
    assert redmine.written == [("/issues/48190.json", {"issue": fields})]
    assert {more["headers"]["X-Redmine-API-Key"] for _method, _path, more in redmine.calls} == {"abc"}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ((401, b""), GiveUp),
        ((403, b""), GiveUp),
        ((404, b""), GiveUp),
        ((409, b""), GiveUp),
        ((422, {"errors": ["Due date is invalid"]}), GiveUp),
        ((302, b""), GiveUp),
        ((429, b""), Later),
        ((500, b"<html>"), Unknown),
        ((502, b"<html>"), Unknown),
    ],
)
def test_every_answer_is_one_of_four_outcomes(redmine, answer, outcome):
    redmine["PUT /issues/48190.json"] = answer
    with pytest.raises(outcome):
        provider().post_note("48190", NOTE)


def test_what_a_refusal_says_is_said(redmine):
    redmine["PUT /issues/48190.json"] = (422, {"errors": ["Due date is invalid", "Client cannot be blank"]})
    with pytest.raises(GiveUp, match=r"says: Due date is invalid\. Client cannot be blank\."):
        provider().post_note("48190", NOTE)


@pytest.mark.parametrize("answer", [HTML, (404, b""), (403, b""), (500, b""), Later("slow"), Unknown("lost")])
def test_a_look_up_that_fails_after_the_write_leaves_it_unknown(redmine, answer):
    redmine["GET /issues/48190.json"] = [(200, {"issue": ISSUE}), answer]
    with pytest.raises(Unknown):
        provider().post_note("48190", NOTE)


def test_nothing_is_posted_where_the_notes_are_too_long_to_be_read(redmine):
    redmine["GET /issues/48190.json"] = Unknown("The answer is too long.")
    with pytest.raises(Later):
        provider().post_note("48190", NOTE)
    assert redmine.written == []


def test_a_note_that_was_taken_and_is_not_there_is_refused(redmine):
    redmine["GET /issues/48190.json"] = (200, {"issue": {**ISSUE, "journals": [journal("BBBB3333")]}})
    with pytest.raises(GiveUp, match="did not keep it"):
        provider().post_note("48190", NOTE)


@pytest.mark.parametrize("right", ROLES[4]["permissions"])
def test_without_proof_that_it_stays_internal_nothing_is_posted(redmine, right):
    rest = [other for other in ROLES[4]["permissions"] if other != right]
    redmine["GET /roles/4.json"] = (200, {"role": {"permissions": rest}})
    with pytest.raises(GiveUp, match=r"Nothing was posted.*the user bot lacks .* in the project “Harbour”"):
        provider().post_note("48190", NOTE)
    assert redmine.written == []


def test_rights_in_another_project_prove_nothing(redmine):
    elsewhere = {**ISSUE, "project": {"id": 77, "name": "Public"}, "journals": []}
    redmine["GET /issues/48190.json"] = (200, {"issue": elsewhere})
    with pytest.raises(GiveUp, match="would show it to the client"):
        provider().post_note("48190", NOTE)
    assert redmine.written == []


@pytest.mark.parametrize(("answer", "said"), [(DONE, "was deleted there"), ((403, b""), "Delete it there")])
def test_a_note_that_became_public_all_the_same_is_taken_back_and_said(redmine, answer, said):
    public = {**ISSUE, "journals": [journal("AAAA2222", private=False)]}
    redmine["GET /issues/48190.json"] = (200, {"issue": public})
    redmine["PUT /journals/61.json"] = answer
    with pytest.raises(GiveUp, match=f"shows this note to the client.*{said}"):
        provider().post_note("48190", NOTE)
    assert redmine.written[-1] == ("/journals/61.json", {"journal": {"notes": ""}})


def test_a_public_note_says_so(redmine):
    assert provider().post_public_note("48190", NOTE) == "61"
    assert redmine.written[0][1]["issue"]["private_notes"] is False


def test_a_wrong_key_is_anonymous_and_gets_nowhere(redmine):
    redmine["GET /users/current.json"] = (401, b"")
    for refused in (
        lambda wrong: wrong.check(),
        lambda wrong: wrong.ticket("48190"),
        lambda wrong: wrong.find_note("48190", "AAAA2222"),
        lambda wrong: wrong.post_public_note("48190", NOTE),
        lambda wrong: wrong.set_status("48190", "In Progress"),
    ):
        with pytest.raises(GiveUp, match="credentials"):
            refused(provider())
    assert {path for _method, path, _more in redmine.calls} == {"/users/current.json"}


def test_what_is_no_redmine_is_said_to_be_none(redmine):
    redmine["GET /users/current.json"] = HTML
    with pytest.raises(GiveUp, match="no Redmine at this address"):
        provider().check()
    with pytest.raises(Later):
        provider().ticket("48190")
    with pytest.raises(Later):
        provider().find_note("48190", "AAAA2222")


def test_a_check_names_the_projects_without_internal_notes(redmine):
    assert provider().check() == "Redmine, as bot; no handoffs in Mill"
    redmine["GET /roles/4.json"] = (200, {"role": {}})
    with pytest.raises(GiveUp, match="No handoff could be posted: the user bot lacks “Add notes”"):
        provider().check()


def test_a_look_up_that_makes_no_sense_is_not_an_absent_note(redmine):
    for answer in (HTML, (200, {"issue": ISSUE})):  # the second has no journals
        redmine["GET /issues/48190.json"] = answer
        with pytest.raises(Later):
            provider().find_note("48190", "AAAA2222")


def test_a_ticket_and_what_custom_fields_say_of_it(redmine):
    plain = provider().ticket("48190")
    assert (plain.title, plain.description, plain.queue) == ("VPN drops", "a\nb", "Harbour")
    assert (plain.client, plain.contact, plain.device) == ("Harbour", "Bob Client", "")
    assert (plain.status, plain.owner, plain.is_closed) == ("New", "Ana Petrov", False)
    assert plain.due_at == datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
    assert plain.link == "https://redmine.example/issues/48190"
    told = {"client_field": "company", "contact_field": "Caller", "phone_field": "Phone", "device_field": "DEVICE"}
    ticket = provider(**told).ticket("48190")
    assert (ticket.client, ticket.contact, ticket.phone, ticket.device) == ("Harbour, Dock", "Bea", "", "HB-FW-01")


def test_a_search_asks_for_words_and_sees_to_the_rest(redmine):
    redmine["GET /issues.json"] = (200, {"issues": [ISSUE, {**ISSUE, "id": 2, "subject": "Printer"}]})
    assert [ticket.id for ticket in provider().search('~vpn | "drops"')] == []
    assert [ticket.id for ticket in provider().search('VPN | "drops"')] == ["48190"]
    asked = redmine.calls[-1][2]["params"]
    assert asked == {"subject": "~vpn drops", "status_id": "open", "sort": "updated_on:desc", "limit": "10"}
    assert provider().search(" | ") == []


def test_a_status_that_is_not_allowed_is_not_asked_for_and_one_that_is_ignored_is_refused(redmine):
    with pytest.raises(GiveUp, match="does not allow the status “Closed”"):
        provider().set_status("48190", "Closed")
    assert redmine.written == []
    with pytest.raises(GiveUp, match="left the ticket in the status “New”"):
        provider().set_status("48190", "in progress")
    assert redmine.written == [("/issues/48190.json", {"issue": {"status_id": 2}})]


@pytest.mark.parametrize("nobody", ["me", "", "ana", "-1", "1/2"])
def test_an_owner_is_a_number(redmine, nobody):
    with pytest.raises(GiveUp, match="not the number of a Redmine user"):
        provider().set_owner("48190", nobody)
    assert redmine.written == []


def test_an_owner_that_is_ignored_is_refused(redmine):
    provider().set_owner("48190", "7")
    with pytest.raises(GiveUp, match="left the ticket with its owner"):
        provider().set_owner("48190", "8")


def test_whoever_is_not_in_the_project_is_told_from_what_else_redmine_refuses(redmine):
    redmine["PUT /issues/48190.json"] = (422, {"errors": ["Zugewiesen an ist nicht gültig"]})
    members = [{"id": 1, "user": {"id": 7, "name": "Ana"}}, {"id": 2, "group": {"id": 8, "name": "Desk"}}]
    redmine["GET /projects/3/memberships.json"] = (200, {"memberships": members})
    with pytest.raises(CannotOwn, match=r"no member of the project “Harbour”\. Its administrator adds them"):
        provider().set_owner("48190", "8")
    redmine["GET /projects/3/memberships.json"] = (403, b"")
    with pytest.raises(GiveUp, match="says: Zugewiesen") as refused:
        provider().set_owner("48190", "8")
    assert not isinstance(refused.value, CannotOwn)


# --- a real one: what is its own (test_real_systems.py has what is alike in all) ------------------


@pytest.fixture
def real(settings) -> RealRedmine:
    real = RealRedmine()
    settings.OUTBOUND_ALLOWLIST = [real.host]
    return real


@pytest.mark.redmine
def test_real_without_the_right_redmine_would_post_publicly_and_we_do_not(real):
    key = real.new_key("Reporter")
    with pytest.raises(GiveUp, match=r"Nothing was posted.*“Set notes as private” in the project"):
        provider(real.url, key).post_note(real.ticket, NOTE)
    assert real.notes() == {}
    with pytest.raises(GiveUp, match="No handoff could be posted"):
        provider(real.url, key).check()
    body = {"issue": {"notes": "meant to be private", "private_notes": True}}
    real.call("PUT", f"/issues/{real.ticket}.json", key=key, json=body)
    assert list(real.notes().values()) == [False], "Redmine does"


@pytest.mark.redmine
def test_real_whoever_is_no_administrator_can_do_all_of_it(real):
    def ours() -> Provider:
        return provider(real.url, key)

    key = real.new_key("Developer")
    assert ours().check().startswith("Redmine, as ")
    made = ours().post_note(real.ticket, NOTE)
    assert real.notes() == {made: True}
    booked = ours().add_time(real.ticket, WORKED)
    assert ours().find_time(real.ticket, WORKED.marker) == booked
    number, _email = real.technician()
    assert number in [one.id for one in ours().technicians()]
    ours().set_owner(real.ticket, number)
    ours().set_status(real.ticket, ours().statuses(real.ticket)[-1])
    assert ours().ticket(real.ticket).is_closed


@pytest.mark.redmine
def test_real_an_owner_that_redmine_ignores_is_refused(real):
    number, _email = real.technician()
    with pytest.raises(GiveUp, match="left the ticket with its owner"):
        provider(real.url, real.new_key("Reporter")).set_owner(real.ticket, number)


@pytest.mark.redmine
def test_real_whoever_is_not_in_the_project_cannot_own_its_tickets(real):
    stranger = real.me(real.new_key())
    with pytest.raises(CannotOwn, match="they are no member of the project"):
        provider(real.url, real.new_key("Developer")).set_owner(real.ticket, stranger)


@pytest.mark.redmine
def test_real_whoever_sees_no_ticket_is_said_to_lack_the_right(real):
    stranger = provider(real.url, real.new_key())
    for refused in (
        lambda: stranger.ticket(real.ticket),
        lambda: stranger.post_note(real.ticket, NOTE),
        lambda: stranger.find_time(real.ticket, WORKED.marker),
    ):
        with pytest.raises(GiveUp, match="does not allow this"):
            refused()


@pytest.mark.redmine
def test_real_a_note_that_is_emptied_is_gone(real):
    """As one is that became public because the right was withdrawn between the proof and the note."""
    body = {"issue": {"notes": "public [rf:AAAA2222]", "private_notes": False}}
    real.call("PUT", f"/issues/{real.ticket}.json", json=body)
    [public] = real.notes()
    real.call("PUT", f"/journals/{public}.json", json={"journal": {"notes": ""}})
    assert real.notes() == {}


@pytest.mark.redmine
def test_real_a_key_is_wrong_without_redmine_saying_so(real):
    assert httpx2.get(f"{real.url}/issues.json", headers={"X-Redmine-API-Key": "wrong"}).status_code in (200, 401)
    with pytest.raises(GiveUp, match="credentials"):
        provider(real.url, "wrong").check()


@pytest.mark.redmine
def test_real_a_due_date_ends_that_day(real):
    real.ticket = real.new_ticket("Certificate ends", due_date="2026-12-24", start_date="2026-11-01")
    assert provider(real.url, real.key).ticket(real.ticket).due_at == datetime(2026, 12, 24, 23, 59, tzinfo=UTC)
