"""Who the members are in a ticket system: by their email, or as somebody said; and the page where they say it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from resolutionflow.accounts.models import Event, User
from sessions_app.models import (
    ConnectionCheck,
    MemberMapping,
    PsaConnection,
    TechnicianList,
    count_unmapped,
    technician_of,
)
from tests.conftest import person, shown_by
from tests.fakes.connectwise.records import member
from tests.sessions_app.tickets.conftest import work

HOSTILE = '"><script>alert(1)</script>\u202e'


@pytest.fixture
def listed(connected, fake, ana) -> PsaConnection:
    """The connection, its technicians read: ana there is Ana here."""
    fake.members[1]["primaryEmail"] = "ANA@Northwind.example"
    return read(connected)


def read(connection: PsaConnection) -> PsaConnection:
    TechnicianList.objects.update(read_at=None)
    TechnicianList.ask(connection)
    work()
    return connection


def page_of(connection: PsaConnection) -> str:
    return f"/settings/psa/{connection.pk}/members/"


def mappings() -> dict[str, str]:
    return {one.user.first_name: one.identifier for one in MemberMapping.objects.select_related("user")}


# --- reading them ------------------------------------------------------------------------------


def test_technicians_are_read_after_a_connection_was_made_changed_or_checked(connected, fake, adam):
    how = {"name": "Two", "base_url": fake.url, "credentials": dict(connected.credentials)}
    made = PsaConnection.connect(adam, kind="connectwise", **how)
    work()
    assert [one.id for one in TechnicianList.objects.get(connection=made).technicians] == ["ana", "atech"]
    TechnicianList.objects.update(told=[])
    made.change(adam, **how)
    work()
    assert len(TechnicianList.objects.get(connection=made).told) == 2
    ConnectionCheck.run(ConnectionCheck.ask(connected, adam).pk)
    work()
    assert len(TechnicianList.objects.get(connection=connected).told) == 2


def test_a_check_that_failed_reads_nothing(connected, fake, adam):
    fake.company_script = [503]
    ConnectionCheck.run(ConnectionCheck.ask(connected, adam).pk)
    assert not TechnicianList.objects.exists()


def test_another_hosts_technicians_are_forgotten_at_once(listed, adam):
    listed.change(adam, name="Desk", base_url="https://other.example", credentials={"company": "x"})
    assert TechnicianList.objects.get().told == []


def test_what_is_on_its_way_while_the_connection_is_changed_is_dropped(listed, adam):
    TechnicianList.objects.update(read_at=None)
    taken = TechnicianList._take(TechnicianList.ask(listed).pk)
    listed.change(adam, name="Desk", base_url=listed.base_url, credentials=dict(listed.credentials))
    taken._store(status="done", told=[])
    assert len(TechnicianList.objects.get().told) == 2
    assert TechnicianList.objects.get().status == "pending"


def test_asked_for_twice_they_are_read_once(listed, fake):
    before = len(fake.requests)
    TechnicianList.ask(listed)
    work()
    assert len(fake.requests) == before, "read a second ago"


def test_why_they_cannot_be_read_is_said_and_the_old_list_stays(listed, fake, adam, as_user):
    fake.denied = {"members"}
    read(listed)
    page = as_user(adam).get(page_of(listed)).content.decode()
    assert "were not read" in page
    assert "does not allow this" in page
    assert "Ana Petrov (ana)" in page


def test_an_id_that_could_not_be_sent_back_is_left_out_and_names_are_cleaned(connected, fake):
    fake.members += [
        member(50, "two  blanks", "A", "B"),
        member(51, "-", "C", "D"),
        member(52, "x", HOSTILE, "E" * 500),
    ]
    found = TechnicianList.objects.get(connection=read(connected)).technicians
    assert [one.id for one in found] == ["ana", "atech", "x"]
    assert "\u202e" not in found[2].name
    assert len(found[2].name) == 200


# --- who is who --------------------------------------------------------------------------------


def test_a_confirmed_email_of_one_technician_maps_by_itself_and_follows(listed, ana, fake):
    assert technician_of(listed, ana) == "ana"
    User.objects.filter(pk=ana.pk).update(confirmed_email="")
    assert technician_of(listed, User.objects.get(pk=ana.pk)) == "", "not shown to be hers"
    User.objects.filter(pk=ana.pk).update(email="atech@harbour.example", confirmed_email="atech@harbour.example")
    assert technician_of(listed, User.objects.get(pk=ana.pk)) == "atech"
    fake.members[0]["inactiveFlag"] = True
    read(listed)
    assert technician_of(listed, User.objects.get(pk=ana.pk)) == "", "there no more"


def test_an_email_that_several_technicians_have_maps_nobody(listed, ana, fake, adam, as_user):
    fake.members[0]["officeEmail"] = "ana@northwind.example"
    assert technician_of(read(listed), ana) == ""
    assert "several there have this email" in as_user(adam).get(page_of(listed)).content.decode()


def test_what_was_said_by_hand_stays(listed, ana, adam, fake):
    MemberMapping.choose(listed, adam, {ana.pk: "atech"})
    assert technician_of(read(listed), ana) == "atech"
    MemberMapping.choose(listed, adam, {ana.pk: ""})
    assert technician_of(read(listed), ana) == "", "nobody, whatever her email says"
    MemberMapping.choose(listed, adam, {ana.pk: None})
    assert technician_of(listed, ana) == "ana"
    assert not MemberMapping.objects.exists()


def test_only_members_of_the_account_who_work_are_mapped(listed, adam, vic, eve):
    MemberMapping.choose(listed, adam, {vic.pk: "ana", eve.pk: "ana"})
    assert not MemberMapping.objects.exists()
    assert not Event.objects.filter(kind="connection.changed").exists()


def test_how_many_are_not_mapped(listed, ana, bo, adam, vic, eve):
    count_unmapped([listed], adam)
    assert listed.unmapped == 2, "Bo and Adam"
    MemberMapping.choose(listed, adam, {bo.pk: ""})
    count_unmapped([listed], adam)
    assert listed.unmapped == 1, "nobody there, as was said"


# --- the page ----------------------------------------------------------------------------------


def test_the_unmapped_come_first_and_all_are_saved_with_one_event(listed, ana, bo, cy, adam, as_user):
    client = as_user(adam)
    page = client.get(page_of(listed)).content.decode()
    assert page.index("Bo Tester") < page.index("Cy Tester") < page.index("Ana Tester")
    assert "Mapped by itself, by email" in page
    sent = {f"member_{bo.pk}": "atech", f"member_{cy.pk}": "-", f"member_{ana.pk}": ""}
    shown = shown_by(client.get(page_of(listed)))["shown"]
    for _pressed_twice in range(2):
        assert client.post(page_of(listed), {**sent, "shown": shown}).status_code == 302
    assert mappings() == {"Bo": "atech", "Cy": ""}
    event = Event.objects.get(kind="connection.changed")
    assert (event.actor, event.facts["fields"]) == (adam, ["mappings"])
    page = client.get(page_of(listed)).content.decode()
    assert re.search(r'<option value="atech" selected>Anna Tech \(atech\)</option>', page)
    assert page.count(" selected>") == 4
    assert page.count('aria-current="page"') == 1, "one tab"


def test_a_stale_form_asks_once_before_it_replaces(listed, bo, cy, adam, olga, as_user):
    client = as_user(adam)
    sent = {**shown_by(client.get(page_of(listed))), f"member_{bo.pk}": "atech"}
    MemberMapping.choose(listed, olga, {bo.pk: "ana", cy.pk: "ana"})
    answer = client.post(page_of(listed), sent)
    assert answer.status_code == 422
    assert "This was changed to “ana” while the page was open" in answer.content.decode()
    assert '<option value="atech" selected>' in answer.content.decode()
    assert mappings() == {"Bo": "ana", "Cy": "ana"}
    again = {**sent, "shown": shown_by(answer)["shown"]}
    assert client.post(page_of(listed), again).status_code == 302
    assert mappings() == {"Bo": "atech", "Cy": "ana"}, "Cy was left alone"


def test_somebody_who_joined_meanwhile_is_left_alone(listed, bo, adam, as_user):
    client = as_user(adam)
    sent = shown_by(client.get(page_of(listed)))
    person(adam.account, "New")
    assert client.post(page_of(listed), {**sent, f"member_{bo.pk}": "ana"}).status_code == 302
    assert mappings() == {"Bo": "ana"}


def test_where_none_is_listed_ids_are_typed(connected, bo, adam, as_user):
    client = as_user(adam)
    page = client.get(page_of(connected)).content.decode()
    assert "were not read yet" in page
    assert "<select" not in page
    assert "nobody there has" not in page
    sent = shown_by(client.get(page_of(connected)))
    read(connected)  # the list comes while they type
    assert client.post(page_of(connected), {**sent, f"member_{bo.pk}": " bo.there "}).status_code == 302
    assert mappings() == {"Bo": "bo.there"}
    page = client.get(page_of(connected)).content.decode()
    assert "bo.there, who is not listed any more" in page
    assert '<option value="bo.there" selected>bo.there, not listed</option>' in page
    answer = client.post(page_of(connected), {f"member_{bo.pk}": "x" * 300})
    assert answer.status_code == 422
    assert "x" * 300 in answer.content.decode()


def test_a_system_that_lists_nobody_says_so(connected, fake, adam, as_user):
    fake.members.clear()
    page = as_user(adam).get(page_of(read(connected))).content.decode()
    assert "lists no technicians" in page
    assert "<select" not in page


def test_hostile_names_and_ids_stay_text(connected, fake, adam, bo, as_user):
    fake.members.append(member(60, HOSTILE.replace("\u202e", ""), HOSTILE, "x"))
    User.objects.filter(pk=bo.pk).update(name=HOSTILE)
    MemberMapping.choose(read(connected), adam, {bo.pk: '"><script>alert(2)</script>', adam.pk: HOSTILE})
    page = as_user(adam).get(page_of(connected)).content.decode()
    assert "<script>alert" not in page
    assert page.count(" selected>") == 2


def test_viewers_and_engineers_look_and_cannot_change(listed, ana, vic, bo, as_user):
    for who in (vic, bo):
        page = as_user(who).get(page_of(listed)).content.decode()
        assert "Ana Petrov" in page
        assert "<select" not in page
        assert "Read again" not in page
        assert as_user(who).post(page_of(listed), {f"member_{bo.pk}": "ana"}).status_code == 403
        assert as_user(who).post(f"{page_of(listed)}read/").status_code == 403
    assert not MemberMapping.objects.exists()


def test_another_accounts_page_is_none(listed, eve, as_user):
    client = as_user(eve)
    assert client.get(page_of(listed)).status_code == 404
    assert client.post(page_of(listed), {}).status_code == 404
    assert client.get(f"{page_of(listed)}state/").status_code == 404
    assert client.post(f"{page_of(listed)}read/").status_code == 404


def test_an_old_list_is_read_again_when_an_admin_opens_the_page(listed, adam, vic, as_user):
    client, opens = as_user(adam), 'hx-trigger="load"'
    assert opens not in client.get(page_of(listed)).content.decode()
    one = TechnicianList.objects.get()
    TechnicianList.objects.update(read_at=one.read_at - timedelta(days=2))
    assert opens in client.get(page_of(listed)).content.decode()
    assert opens not in as_user(vic).get(page_of(listed)).content.decode()
    answer = client.post(f"{page_of(listed)}read/?seen=1", headers={"HX-Request": "true"}).content.decode()
    assert "Asking" in answer
    assert f'hx-get="{page_of(listed)}state/?asks=1&amp;seen=1"' in answer
    assert "hx-get" not in client.get(f"{page_of(listed)}state/?asks=30").content.decode()
    work()
    answer = client.get(f"{page_of(listed)}state/?asks=1&seen=1").content.decode()
    assert "The list of technicians is new" in answer
    assert 'hx-trigger="load"' not in answer
    assert client.post(f"{page_of(listed)}read/").status_code == 302, "without scripts, back to the page"


def test_the_connections_panel_says_how_many_are_not_mapped(listed, ana, bo, adam, as_user):
    for page in ("/settings/psa/", f"/settings/psa/{listed.pk}/state/"):
        text = as_user(adam).get(page).content.decode()
        assert "2 not mapped" in text
        assert page_of(listed) in text


def test_many_connections_ask_the_database_no_more(listed, adam, as_user):
    client = as_user(adam)
    client.get("/settings/psa/")
    few = len(queries_of(client, "/settings/psa/"))
    for n in range(5):
        other = PsaConnection.objects.create(
            account=adam.account, name=f"D{n}", kind="connectwise", base_url=listed.base_url, credentials={}
        )
        MemberMapping.choose(other, adam, {adam.pk: "x"})
    assert len(queries_of(client, "/settings/psa/")) == few


def test_three_hundred_technicians_and_many_members(connected, fake, adam, as_user):
    fake.members += [member(1000 + n, f"t{n}", f"First{n}", f"Last{n}") for n in range(300)]
    read(connected)
    client = as_user(adam)
    client.get(page_of(connected))
    few = len(queries_of(client, page_of(connected)))
    for n in range(40):
        person(adam.account, f"P{n}", confirmed_email="", role="engineer")
    assert len(queries_of(client, page_of(connected))) == few
    page = client.get(page_of(connected)).content.decode()
    assert page.count("<select") == 41
    assert page.count("First299") == 41


def queries_of(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(database) as queries:
        assert client.get(path).status_code == 200
    return [one["sql"] for one in queries.captured_queries]
