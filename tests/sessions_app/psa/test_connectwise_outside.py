"""The fake and what we send, held to the outside: to pyconnectwise, which others wrote for the real service.

Its models are generated from the vendor's own description. It drives the fake through the calls that our provider makes
and reads the answers into those models, so that a name or a type we made up would show. It is under the GPL: a tool of
these tests, which nothing of the product imports.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Literal, get_args, get_origin

import pytest
from pyconnectwise import ConnectWiseManageAPIClient, exceptions
from pyconnectwise.models import manage
from pydantic import BaseModel, ValidationError

from resolutionflow.core import outgoing_http
from sessions_app.psa import TextPart, TimeEntry
from tests.fakes.connectwise import CLIENT_ID, COMPANY, CREDENTIALS, PRIVATE, PUBLIC, TICKET, records
from tests.test_house import SOURCES

NUMBER = int(TICKET)

# What we read and write of each model: a time is text there, and a reference an object, of which we use some fields.
FIELDS: dict[str, dict[str, type]] = {
    "Ticket": {
        "id": int,
        "summary": str,
        "recordType": str,
        "board/id": int,
        "board/name": str,
        "status/id": int,
        "status/name": str,
        "company/name": str,
        "contact/name": str,
        "contactName": str,
        "contactPhoneNumber": str,
        "contactPhoneExtension": str,
        "contactEmailAddress": str,
        "closedFlag": bool,
        "owner/identifier": str,
        "owner/name": str,
        "requiredDate": datetime,
        "mergedParentTicket/id": int,
        "initialDescription": str,
    },
    "ServiceNote": {
        "id": int,
        "ticketId": int,
        "text": str,
        "internalAnalysisFlag": bool,
        "detailDescriptionFlag": bool,
        "resolutionFlag": bool,
        "processNotifications": bool,
        "customerUpdatedFlag": bool,
        "member/identifier": str,
    },
    "TimeEntry": {
        "id": int,
        "chargeToId": int,
        "chargeToType": str,
        "timeStart": datetime,
        "timeEnd": datetime,
        "notes": str,
        "addToInternalAnalysisFlag": bool,
        "addToDetailDescriptionFlag": bool,
        "addToResolutionFlag": bool,
        "emailContactFlag": bool,
        "emailResourceFlag": bool,
        "emailCcFlag": bool,
        "billableOption": str,
        "member/identifier": str,
    },
    "BoardStatus": {"id": int, "name": str, "inactive": bool, "sortOrder": int, "closedStatus": bool},
    "Member": {
        "id": int,
        "identifier": str,
        "firstName": str,
        "lastName": str,
        "primaryEmail": str,
        "officeEmail": str,
        "inactiveFlag": bool,
        "licenseClass": str,
    },
    "ConfigurationReference": {"id": int, "deviceIdentifier": str},
    "Info": {"version": str},
}
FIELDS["ProjectTicket"] = {
    name: kind for name, kind in FIELDS["Ticket"].items() if name not in ("recordType", "mergedParentTicket/id")
}
FIELDS["TicketNote"] = FIELDS["ServiceNote"]  # what a note of a project's ticket is


class Client(ConnectWiseManageAPIClient):
    """Theirs, but by plain http: the fake speaks no TLS."""

    def _make_request(self, method: str, url: str, *args: Any, **more: Any) -> Any:
        return super()._make_request(method, url.replace("https://", "http://", 1), *args, **more)


@pytest.fixture
def theirs(fake, monkeypatch) -> Client:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return Client(COMPANY, fake.url.removeprefix("http://"), CLIENT_ID, PUBLIC, PRIVATE)


def test_nothing_of_the_product_imports_it():
    assert not [path for path in SOURCES if "pyconnectwise" in path.read_text()]


# --- our table and their models ------------------------------------------------------------------


def fields(model: type[BaseModel]) -> dict[str, Any]:
    """Their fields by the names that are sent."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def kinds(annotation: Any) -> set[Any]:
    """The types that a field takes; a choice of words is text."""
    parts = get_args(annotation) if get_origin(annotation) not in (None, Literal, dict, list) else (annotation,)
    return {str if get_origin(part) is Literal else get_origin(part) or part for part in parts} - {type(None)}


@pytest.mark.parametrize("model", FIELDS)
def test_the_fields_we_use_have_the_names_and_types_of_their_models(model):
    for path, kind in FIELDS[model].items():
        first, _, rest = path.partition("/")
        found = fields(getattr(manage, model))
        assert first in found, f"{model} has no {first}"
        [taken] = kinds(found[first])
        if rest:
            assert rest in fields(taken), f"{model} has no {path}"
            [taken] = kinds(fields(taken)[rest])
        assert taken is kind, f"{model}.{path}"


@pytest.mark.parametrize(
    ("model", "record"),
    [
        ("Ticket", records.tickets()[0]),
        ("ProjectTicket", records.tickets()[1]),
        ("ServiceNote", records.note(1, 1, text="x", member=records.reference(records.members()[0], "identifier"))),
        ("TimeEntry", {**records.time_entry(1, {}), "timeStart": "2026-11-23T14:00:00Z"}),
        *[("BoardStatus", status) for status in records.statuses()[:1]],
        ("Member", records.members()[0]),
        ("ConfigurationReference", records.device(1, "LH-LAPTOP-07")),
    ],
)
def test_the_fakes_records_have_them_and_fit_their_models_whole(model, record):
    read = getattr(manage, model).model_validate(record)
    assert read.id == record["id"]
    for path, kind in FIELDS[model].items():
        if path == "initialDescription":  # only sent, never answered
            continue
        first, _, rest = path.partition("/")
        assert first in record, f"the fake's {model} has no {first}"
        value = (record[first] or {}).get(rest) if rest else record[first]
        assert value is None or isinstance(value, str if kind is datetime else kind), f"{model}.{path} is {value!r}"


def make_every_call(psa: Any) -> None:
    entry = TimeEntry(12, datetime(2026, 11, 23, 14, tzinfo=UTC), "worked", "DDDD5555")
    psa.check()
    psa.ticket(TICKET)
    psa.search("vpn drops")
    psa.search("x" * 3_000)
    psa.post_note(TICKET, TextPart("x", "AAAA2222"), author="ana")
    psa.post_public_note(TICKET, TextPart("x", "BBBB3333"))
    psa.find_note(TICKET, "AAAA2222")
    psa.statuses(TICKET)
    psa.set_status(TICKET, "Done")
    psa.technicians()
    psa.set_owner(TICKET, "ana")
    psa.add_time(TICKET, entry, technician="ana")
    psa.find_time(TICKET, "DDDD5555")


MODELS = {
    "tickets": "Ticket", "search": "Ticket", TICKET: "Ticket", "notes": "ServiceNote", "entries": "TimeEntry",
    "statuses": "BoardStatus", "members": "Member", "configurations": "ConfigurationReference",
}  # fmt: skip


def whole(model: type[BaseModel], record: Any) -> None:
    """Of this model by each name, type and choice: nothing is made of another type, and nothing is passed over. What is
    left out was not asked for, or stays as it is."""
    wrong: list[Any] = []
    try:
        model.model_validate_json(json.dumps(record), strict=True)
    except ValidationError as found:
        wrong = [one for one in found.errors() if one["type"] != "missing"]
    assert not wrong, model
    assert set(record) <= set(fields(model)), model


def test_each_request_is_whole_in_their_models_and_each_answer_to_it(psa, fake, monkeypatch):
    """Of all that we call: notes, time entries and patches of status and owner among it."""
    answers, real = [], outgoing_http.request

    def kept(method: str, url: str, **more: Any) -> outgoing_http.OutgoingResponse:
        answers.append((method, url.split("?")[0].rsplit("/", 1)[1], more.get("body"), real(method, url, **more)))
        return answers[-1][-1]

    monkeypatch.setattr(outgoing_http, "request", kept)
    make_every_call(psa)
    seen = set()
    for method, end, body, answer in answers:
        if end not in MODELS:  # companyinfo, which is no part of the interface, and info
            continue
        seen.add((method, MODELS[end]))
        model = getattr(manage, MODELS[end])
        if method == "PATCH":
            for operation in body:
                whole(manage.PatchOperation, operation)
                whole(model, {operation["path"]: operation["value"]})
        elif body is not None:
            whole(manage.FilterValues if end == "search" else model, body)
        found = answer.json()
        for record in found if isinstance(found, list) else [found]:
            whole(model, record)
    written = {("POST", "Ticket"), ("POST", "ServiceNote"), ("POST", "TimeEntry"), ("PATCH", "Ticket")}
    assert written | {("GET", name) for name in set(MODELS.values())} == seen


def test_all_that_our_provider_sends_and_asks_for_is_in_the_table(psa, fake):
    make_every_call(psa)
    filters = fields(manage.FilterValues)
    for request in fake.requests:
        end = request["path"].rsplit("/", 1)[1]
        known = {path.split("/")[0] for path in FIELDS.get(MODELS.get(end, ""), {})}
        asked = {name: values[0] for name, values in request["query"].items()}
        assert set(asked) <= {"conditions", "orderBy", "fields", "page", "pageSize"}
        assert set(asked.get("fields", "id").split(",")) <= known | {"id"}
        assert asked.get("orderBy", "id").split(" ")[0] in known | {"id"}
        body = json.loads(request["body"] or "null")
        if request["method"] == "PATCH":
            assert {one["path"] for one in body} <= known
        elif body:
            assert set(body) <= (set(filters) if end == "search" else known), request["path"]


# --- their client and the fake -------------------------------------------------------------------


def test_they_read_what_we_wrote(theirs, psa, fake):
    psa.post_note(TICKET, TextPart("Line one\nline two", "AAAA2222"), author="ana")
    psa.set_status(TICKET, "In Progress")
    psa.set_owner(TICKET, "ana")
    psa.add_time(TICKET, TimeEntry(12, datetime(2026, 11, 23, 14, tzinfo=UTC), "worked", "BBBB3333"), technician="ana")
    ticket = theirs.service.tickets.id(NUMBER)
    [note] = ticket.notes.get()
    assert (note.text, note.internal_analysis_flag) == ("Line one\nline two\n[rf:AAAA2222]", True)
    assert (note.detail_description_flag, note.process_notifications) == (False, False)
    assert note.member.identifier == "ana"
    assert (ticket.get().status.name, ticket.get().owner.identifier) == ("In Progress", "ana")
    [entry] = theirs.time.entries.get(params={"conditions": f"chargeToId={NUMBER} and chargeToType='ServiceTicket'"})
    assert (entry.time_start, entry.actual_hours) == (datetime(2026, 11, 23, 14, tzinfo=UTC), 0.2)
    assert (entry.add_to_internal_analysis_flag, entry.email_contact_flag) == (True, False)


def test_we_read_what_they_wrote(theirs, psa, fake):
    ticket = theirs.service.tickets.id(NUMBER)
    ticket.notes.post(data={"text": "It began on Monday.", "detailDescriptionFlag": True})
    ticket.patch(data=[{"op": "replace", "path": "status", "value": {"name": "Done"}}])
    theirs.time.entries.post(
        data={
            "chargeToId": NUMBER,
            "chargeToType": "ServiceTicket",
            "timeStart": "2026-11-23T14:00:00Z",
            "timeEnd": "2026-11-23T14:30:00Z",
            "notes": "theirs [rf:CCCC4444]",
        }
    )
    found = psa.ticket(TICKET)
    assert (found.description, found.status, found.is_closed) == ("It began on Monday.", "Done", True)
    assert psa.find_time(TICKET, "CCCC4444") == "91000"


def test_they_understand_every_answer(theirs, fake):
    service = theirs.service
    assert theirs.system.info.get().version == "v2025.1.1"
    assert [found.id for found in service.tickets.get()] == [NUMBER]
    assert [found.id for found in service.tickets.search.post(data={"conditions": 'summary like "vpn*"'})] == [NUMBER]
    assert [found.device_identifier for found in service.tickets.id(NUMBER).configurations.get()] == ["LH-LAPTOP-07"]
    assert [found.name for found in service.boards.id(2).statuses.get()] == ["Planned", "Built"]
    assert [found.identifier for found in theirs.system.members.get()] == ["atech", "ana", "leaver", "robot"]
    assert theirs.project.tickets.id(7001).get().summary == "New firewall"
    assert theirs.project.tickets.id(7001).notes.post(data={"text": "x", "resolutionFlag": True}).ticket_id == 7001


def test_their_pages_end_where_the_links_do(theirs, fake):
    for number in range(60):
        fake.store({"text": f"note {number}", "internalAnalysisFlag": True})
    pages = theirs.service.tickets.id(NUMBER).notes.paginated(1, 25)
    assert (pages.has_prev_page, pages.has_next_page, pages.last_page) == (False, True, 3)
    assert [found.text for found in pages.all()] == [f"note {number}" for number in range(60)]


def test_they_know_each_refusal(theirs, fake):
    ticket = theirs.service.tickets.id(NUMBER)
    with pytest.raises(exceptions.NotFoundException):
        theirs.service.tickets.id(5002).get()
    with pytest.raises(exceptions.MalformedRequestException) as refused:
        ticket.notes.post(data={"text": "nowhere"})
    assert "Please choose where to display the notes" in refused.value.details()
    with pytest.raises(exceptions.MalformedRequestException):
        theirs.service.tickets.get(params={"conditions": "summary ~ 'x'"})
    with pytest.raises(exceptions.MethodNotAllowedException):
        ticket.delete()
    fake.denied = {"notes"}
    with pytest.raises(exceptions.PermissionsFailedException):
        ticket.notes.get()
    fake.read_script = [500]
    with pytest.raises(exceptions.ServerError):
        ticket.get()
    theirs.private_key = "x"
    with pytest.raises(exceptions.AuthenticationFailedException):
        ticket.get()


def test_they_say_the_company_is_unknown_by_null_too(fake, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with pytest.raises(AttributeError, match="NoneType"):  # theirs: it expects an object
        Client("nobody", fake.url.removeprefix("http://"), CREDENTIALS["client_id"], PUBLIC, PRIVATE)
