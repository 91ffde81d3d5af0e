"""ConnectWise's tickets: read, searched, given a status and an owner."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from resolutionflow.core.work import GiveUp, Later, Unknown
from sessions_app.psa import PROVIDERS, NoSuchTicket, Technician, TextPart, Ticket
from tests.fakes.connectwise import CREDENTIALS, TICKET

PROJECT = "7001"


def discussion(fake, text: str, ticket: str = TICKET) -> None:
    fake.store({"text": text, "detailDescriptionFlag": True}, ticket)


# --- read ----------------------------------------------------------------------------------------


def test_a_ticket_is_read_with_all_that_a_session_begins_with(psa, fake):
    fake.store({"text": "Looked at by Anna", "internalAnalysisFlag": True})
    discussion(fake, "VPN drops every ten minutes.\nSince Monday.")
    discussion(fake, "Still dropping")
    assert psa.ticket(f"#{TICKET}") == Ticket(
        TICKET,
        "VPN drops",
        description="VPN drops every ten minutes.\nSince Monday.",
        client="Lighthouse Dental",
        contact="Mia Holm",
        phone="8135156666 ext. 12",
        email="mia@lighthouse.example",
        device="LH-LAPTOP-07",
        queue="Help Desk",
        status="New",
        is_closed=False,
        owner="Anna Tech",
        due_at=datetime(2026, 12, 1, 16, tzinfo=UTC),
        merged_into="",
        link=f"{fake.url}/v4_6_release/services/system_io/Service/fv_sr100_request.rails?service_recid={TICKET}",
    )


def test_what_is_not_set_is_empty(psa, fake):
    number = fake.add("Printer", company=None, board=None, status=None)
    found = psa.ticket(number)
    assert (found.title, found.client, found.contact, found.phone, found.device) == ("Printer", "", "", "", "")
    assert (found.queue, found.status, found.owner, found.due_at, found.description) == ("", "", "", None, "")


def test_its_contact_is_named_where_only_the_reference_is_set(psa, fake):
    assert psa.ticket(fake.add("Printer", contact={"id": 2, "name": "Mia Holm"})).contact == "Mia Holm"


def test_a_ticket_that_was_merged_says_into_which(psa, fake):
    number = fake.add("VPN again", closedFlag=True, mergedParentTicket={"id": 5001, "summary": "VPN drops"})
    assert (psa.ticket(number).merged_into, psa.ticket(number).is_closed) == (TICKET, True)


def test_a_device_that_may_not_be_seen_is_none(psa, fake):
    fake.denied = {"configurations"}
    assert psa.ticket(TICKET).device == ""


def test_null_among_the_devices_is_passed_over(psa, fake):
    fake.devices[int(TICKET)] = [None, {"id": 32, "deviceIdentifier": None}, {"id": 33, "deviceIdentifier": "LH-PC"}]
    assert psa.ticket(TICKET).device == "LH-PC"


def test_a_ticket_of_a_project_is_read_and_written_like_any(psa, fake):
    assert (psa.ticket(PROJECT).title, psa.ticket(PROJECT).queue) == ("New firewall", "Projects")
    assert psa.statuses(PROJECT) == ["Planned", "Built"]
    note = psa.post_note(PROJECT, TextPart("racked", "AAAA2222"))
    assert psa.find_note(PROJECT, "AAAA2222") == note
    psa.set_status(PROJECT, "Built")
    assert fake.named(PROJECT)["status"]["name"] == "Built"


def test_where_projects_may_not_be_seen_a_ticket_that_is_not_there_is_said_to_be_absent(psa, fake):
    fake.denied = {"projects"}
    with pytest.raises(NoSuchTicket, match="Ticket 5002 not found"):
        psa.ticket("5002")


@pytest.mark.parametrize("action", [500, "html", "hang", "drop", "nonsense", "busy", 429])
def test_what_fails_to_be_read_is_read_later(psa, fake, impatient, action):
    fake.read_script = [action]
    with pytest.raises(Later):
        psa.ticket(TICKET)


@pytest.mark.parametrize(
    ("base_url", "link"),
    [
        ("https://na.myconnectwise.net", "https://na.myconnectwise.net/v4_6_release/services/system_io/Service/"),
        ("https://api-eu.myconnectwise.net", "https://eu.myconnectwise.net/v4_6_release/services/system_io/Service/"),
    ],
)
def test_its_page_is_on_the_host_for_people(base_url, link):
    provider = PROVIDERS["connectwise"](base_url, CREDENTIALS)
    assert provider.page("5001") == f"{link}fv_sr100_request.rails?service_recid=5001"
    assert provider.page("50/01") == ""


# --- searched ------------------------------------------------------------------------------------


def titles(psa, words: str, limit: int = 10) -> list[str]:
    return [found.title for found in psa.search(words, limit)]


def test_a_search_finds_open_tickets_with_all_its_words_newest_first(psa, fake):
    fake.add("VPN slow on wifi")
    fake.add("VPN drops", closedFlag=True)
    fake.add("Wifi: VPN drops")
    assert titles(psa, "vpn") == ["Wifi: VPN drops", "VPN slow on wifi", "VPN drops"]
    assert titles(psa, "drops vpn") == ["Wifi: VPN drops", "VPN drops"]
    assert titles(psa, "vpn", limit=1) == ["Wifi: VPN drops"]
    assert titles(psa, "toner") == []


def test_what_is_found_says_what_a_list_shows(psa):
    [found] = psa.search("vpn")
    assert (found.id, found.client, found.queue, found.status) == (TICKET, "Lighthouse Dental", "Help Desk", "New")
    assert (found.contact, found.owner, found.description, found.device) == ("Mia Holm", "Anna Tech", "", "")


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("O'Brien", "Laptop of O'Brien"),
        ('19"', 'Monitor 19" is dark'),
        ("""O'Brien's 19\"""", """O'Brien's 19" screen"""),
        ("LH\\mia", "Locked out: LH\\mia"),
        ("[URGENT]", "[URGENT] server down"),
        ("100%", "CPU at 100%"),
        ("*.docx", "Cannot open *.docx"),
        ('" or closedFlag=true or summary contains "', 'He typed " or closedFlag=true or summary contains " here'),
        ("a_b", "file a_b is gone"),
        ("Zürich æøå", "Zürich: æøå shown wrongly"),
    ],
)
def test_whatever_people_type_is_found_as_they_typed_it(psa, fake, words, title):
    fake.add(title)
    fake.add("O Brien s 19 LH mia URGENT 100 docx a-b or closed", closedFlag=False)
    fake.add("closed", closedFlag=True)
    assert titles(psa, words) == [title]


def test_only_signs_find_nothing_that_has_them_not(psa):
    assert titles(psa, '"') == []


def test_a_long_search_goes_in_the_body(psa, fake):
    words = " ".join(f"word{number:03}" for number in range(90))
    fake.add(f"{words} end")
    assert titles(psa, words) == [f"{words} end"]
    [asked] = fake.sent("POST", "/search")
    assert asked["conditions"].startswith('closedFlag=false and summary contains "word000" and')
    assert all(len(request["path"]) < 2_000 for request in fake.requests)


def test_a_long_search_that_fails_is_asked_later(psa, fake):
    fake.read_script = ["drop"]
    with pytest.raises(Later):
        psa.search("x" * 3_000)


# --- status --------------------------------------------------------------------------------------


def test_statuses_are_those_of_its_board_in_its_order_without_old_ones(psa):
    assert psa.statuses(TICKET) == ["New", "In Progress", "Done"]


def test_a_status_is_set_by_its_name_with_the_whole_reference(psa, fake):
    psa.set_status(TICKET, "in progress")
    assert fake.named(TICKET)["status"]["name"] == "In Progress"
    assert fake.sent("PATCH", TICKET) == [[{"op": "replace", "path": "status", "value": {"id": 501}}]]


def test_the_status_that_it_has_is_not_set_again(psa, fake):
    psa.set_status(TICKET, "New")
    assert fake.sent("PATCH", TICKET) == []


def test_a_status_of_another_board_is_refused_by_name(psa, fake):
    with pytest.raises(GiveUp, match="Help Desk has no status “Planned”"):
        psa.set_status(TICKET, "Planned")
    assert fake.sent("PATCH", TICKET) == []


def test_an_answer_that_says_yes_and_changed_nothing_is_found_out(psa, fake):
    fake.script = ["false-200", "false-200"]
    with pytest.raises(GiveUp, match="said yes and left the status at New"):
        psa.set_status(TICKET, "Done")
    with pytest.raises(GiveUp, match="said yes and left the ticket with atech"):
        psa.set_owner(TICKET, "ana")


@pytest.mark.parametrize(
    ("action", "outcome"),
    [(429, Later), ("busy", Later), ("forbidden", GiveUp), (500, Unknown), ("store-then-drop", Unknown)],
)
def test_a_change_that_fails_is_one_of_four_outcomes(psa, fake, action, outcome):
    fake.script = [action]
    with pytest.raises(outcome):
        psa.set_status(TICKET, "Done")


def test_a_role_that_may_not_edit_is_said_to_lack_the_right(psa, fake):
    fake.denied = {"edit"}
    with pytest.raises(GiveUp, match=r"does not allow this.*security permission"):
        psa.set_status(TICKET, "Done")


# --- technicians and owner -----------------------------------------------------------------------


def test_technicians_are_active_members_but_no_programs(psa):
    assert psa.technicians() == [
        Technician("ana", "Ana Petrov", "ana@harbour.example"),
        Technician("atech", "Anna Tech", "atech@harbour.example"),
    ]


def test_all_pages_of_technicians_are_read(psa, fake):
    first = fake.members[0]
    fake.members = [{**first, "id": 100 + number, "identifier": f"t{number:04}"} for number in range(450)]
    assert [found.id for found in psa.technicians()] == [f"t{number:04}" for number in range(450)]
    pages = [request["query"]["page"] for request in fake.requests if request["path"].endswith("/members")]
    assert pages == [["1"], ["2"], ["3"]]


def test_technicians_that_may_not_be_seen_are_a_missing_right(psa, fake):
    fake.denied = {"members"}
    with pytest.raises(GiveUp, match="Check the rights of its user"):
        psa.technicians()


def test_an_owner_is_set_by_identifier(psa, fake):
    psa.set_owner(TICKET, "ana")
    assert psa.ticket(TICKET).owner == "Ana Petrov"
    assert fake.sent("PATCH", TICKET) == [[{"op": "replace", "path": "owner", "value": {"identifier": "ana"}}]]
    psa.set_owner(TICKET, "ANA")
    assert len(fake.sent("PATCH", TICKET)) == 1


@pytest.mark.parametrize("who", ["nobody", "leaver"])
def test_an_owner_who_is_no_active_member_is_refused(psa, who):
    with pytest.raises(GiveUp, match=f"Member {who} not found"):
        psa.set_owner(TICKET, who)
