"""Time booked in ConnectWise: internal, mailed to nobody, billed as the connection says, found by its marker."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from resolutionflow.core.work import GiveUp, Later, Unknown
from sessions_app.psa import TimeEntry, WrongKind
from tests.fakes.connectwise import TICKET

AT = datetime(2026, 11, 23, 15, 4, 5, 678, tzinfo=timezone(timedelta(hours=1)))
ENTRY = TimeEntry(12, AT, "Changed the MTU.", "AAAA2222")


def test_time_is_an_internal_entry_in_utc_that_mails_nobody(psa, fake):
    assert psa.add_time(TICKET, ENTRY, technician="atech") == "91000"
    assert fake.sent("POST", "/time/entries") == [
        {
            "chargeToId": 5001,
            "chargeToType": "ServiceTicket",
            "timeStart": "2026-11-23T14:04:05Z",
            "timeEnd": "2026-11-23T14:16:05Z",
            "notes": "Changed the MTU.\n[rf:AAAA2222]",
            "addToInternalAnalysisFlag": True,
            "addToDetailDescriptionFlag": False,
            "addToResolutionFlag": False,
            "emailContactFlag": False,
            "emailResourceFlag": False,
            "emailCcFlag": False,
            "member": {"identifier": "atech"},
        }
    ]
    assert (fake.times[0]["actualHours"], fake.mails) == (0.2, 0)


def test_time_that_the_client_may_see_says_so_and_mails_nobody_either(psa, fake):
    public = replace(ENTRY, internal=False)
    assert psa.add_time(TICKET, public) == psa.find_time(TICKET, "AAAA2222", internal=False) == "91000"
    [sent] = fake.sent("POST", "/time/entries")
    assert [name for name, value in sent.items() if value is True] == ["addToDetailDescriptionFlag"]
    assert (fake.mails, fake.notes) == (0, []), "no note beside it"
    with pytest.raises(WrongKind, match="shows this time entry to the client, against what was asked"):
        psa.find_time(TICKET, "AAAA2222")


def test_time_that_turns_out_to_be_shown_to_the_client_is_no_success(psa, fake):
    fake.ignores_internal = True
    with pytest.raises(WrongKind) as wrong:
        psa.add_time(TICKET, ENTRY)
    assert wrong.value.note_id == "91000"


def test_time_on_a_ticket_of_a_project_says_so(psa, fake):
    psa.add_time("7001", ENTRY)
    assert (fake.times[0]["chargeToType"], fake.times[0]["member"]) == ("ProjectTicket", None)


@pytest.mark.parametrize("chosen", ["Billable", "DoNotBill", "NoCharge", "NoDefault"])
def test_how_it_is_billed_is_said_where_the_connection_says_it(psa_with, fake, chosen):
    psa_with(billable=chosen).add_time(TICKET, ENTRY)
    assert fake.sent("POST", "/time/entries")[0]["billableOption"] == chosen


def test_time_is_found_by_its_marker_among_much(psa, fake):
    first = psa.add_time(TICKET, ENTRY)
    fake.times += [{**fake.times[0], "id": 92_000 + number, "notes": None} for number in range(120)]
    assert psa.find_time(TICKET, "AAAA2222") == first
    assert psa.find_time(TICKET, "BBBB3333") is None
    assert psa.find_time("7001", "AAAA2222") is None


@pytest.mark.parametrize("action", [500, "html", "hang", "drop", "store-then-drop", "store-then-500", "nonsense"])
def test_time_that_may_have_landed_is_unknown(psa, fake, impatient, action):
    fake.script = [action]
    with pytest.raises(Unknown):
        psa.add_time(TICKET, ENTRY)


def test_time_for_which_it_is_too_busy_comes_later(psa, fake):
    fake.script = [429, "busy"]
    for _ in range(2):
        with pytest.raises(Later) as later:
            psa.add_time(TICKET, ENTRY)
        assert later.value.after == 30
    assert fake.times == []


@pytest.mark.parametrize("who", ["nobody", "leaver"])
def test_time_of_nobody_is_refused_with_the_reason(psa, who):
    with pytest.raises(GiveUp, match=f"Member {who} not found"):
        psa.add_time(TICKET, ENTRY, technician=who)


def test_a_right_that_is_missing_is_said_whatever_the_status(psa, fake):
    fake.script = ["forbidden"]
    with pytest.raises(GiveUp, match=r"does not allow this. Check the rights of its user.*security permission"):
        psa.add_time(TICKET, ENTRY)
    assert fake.times == []
