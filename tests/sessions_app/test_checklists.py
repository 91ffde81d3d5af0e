"""Checklists: written by leads, put on the trail as to-do steps by one press."""

from __future__ import annotations

import pytest

from resolutionflow.accounts.models import Event
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from sessions_app.models import Checklist
from sessions_app.models.checklist import MOST, STARTERS

CHECKS = "Does the internet work?\n\n  Is the account   locked? \nDoes the internet work?\nWhat does the log say?"


@pytest.fixture
def checklist(lea) -> Checklist:
    return Checklist.add(lea, name="VPN down", domain="network", checks=CHECKS)


def test_one_press_puts_it_on_the_trail(client, session, checklist, bo) -> None:
    client.force_login(bo)
    address = f"/sessions/{session.pk}/checklists/{checklist.pk}/"
    page = client.get(session.get_absolute_url()).content.decode()
    assert "<bdi>VPN down</bdi>: 3 checks" in page and address in page  # noqa: PT018
    before = session.steps.count()
    answer = client.post(address)
    assert answer["Location"] == f"{session.get_absolute_url()}?compose=1#s{before + 1}"
    made = list(session.steps.all())[before:]
    assert [step.text for step in made] == [
        "Does the internet work?",
        "Is the account locked?",
        "What does the log say?",
    ]
    assert {(step.kind, step.outcome, step.author, step.branch_id) for step in made} == {
        ("check", "pending", bo, session.active_branch_id)
    }
    assert Event.objects.filter(kind="step.added", session_id=session.pk).count() == before + 3


def test_a_second_press_adds_what_is_missing_alone(client, session, checklist, bo) -> None:
    client.force_login(bo)
    address = f"/sessions/{session.pk}/checklists/{checklist.pk}/"
    client.post(address)
    count = session.steps.count()
    page = client.post(address, follow=True)
    assert session.steps.count() == count
    assert "All checks of VPN down are in this session already." in page.content.decode()


def test_other_domains_stand_behind_a_fold(client, session, checklist, bo, lea) -> None:
    Checklist.add(lea, name="Does not print", domain="printing", checks="Paper?")
    client.force_login(bo)
    page = client.get(session.get_absolute_url()).content.decode()
    assert (
        page.index("<bdi>VPN down</bdi>: 3 checks")
        < page.index("Other checklists")
        < page.index("<bdi>Does not print</bdi>: 1 check")
    )


def test_not_in_a_finished_session_nor_by_a_viewer(client, session, checklist, ana, vic) -> None:
    with pytest.raises(NotAllowed):
        session.add_checklist(vic, checklist)
    session.resolve(ana, resolution="Fixed")
    with pytest.raises(WrongState):
        session.add_checklist(ana, checklist)


def test_another_accounts_is_not_there(client, session, checklist, eve, ana) -> None:
    theirs = Checklist.objects.create(account=eve.account, name="Theirs", domain="network", checks="x")
    client.force_login(ana)
    assert client.post(f"/sessions/{session.pk}/checklists/{theirs.pk}/").status_code == 404
    assert "Theirs" not in client.get("/settings/checklists/").content.decode()
    client.force_login(eve)
    assert client.post(f"/sessions/{session.pk}/checklists/{checklist.pk}/").status_code == 404


def test_leads_write_them(client, checklist, lea, bo) -> None:
    client.force_login(bo)
    assert "VPN down" in client.get("/settings/checklists/").content.decode()
    for address in ("", f"{checklist.pk}/", "starters/", f"{checklist.pk}/remove/"):
        assert (
            client.post(f"/settings/checklists/{address}", {"name": "x", "domain": "other", "checks": "x"}).status_code
            == 403
        )
    client.force_login(lea)
    page = client.get(f"/settings/checklists/{checklist.pk}/").content.decode()
    assert "Is the account locked?" in page
    client.post(f"/settings/checklists/{checklist.pk}/", {"name": "VPN", "domain": "network", "checks": "One\r\nTwo"})
    checklist.refresh_from_db()
    assert (checklist.name, checklist.lines) == ("VPN", ["One", "Two"])
    facts = Event.objects.filter(kind="account.changed").latest("seq").facts
    assert facts["after"]["checklist"] == "VPN\nnetwork\nOne\nTwo"
    assert facts["before"]["checklist"].startswith("VPN down\nnetwork\nDoes the")
    client.post(f"/settings/checklists/{checklist.pk}/remove/")
    assert not Checklist.objects.exists()


def test_starters_are_added_once(client, lea, checklist) -> None:
    client.force_login(lea)
    client.post("/settings/checklists/starters/")
    client.post("/settings/checklists/starters/")
    assert Checklist.objects.count() == len(STARTERS)
    checklist.refresh_from_db()
    assert len(checklist.lines) == 3  # the account's own of that name is left alone


@pytest.mark.parametrize("bad", [
    {"checks": " \n "}, {"checks": "\n".join(map(str, range(MOST + 1)))}, {"checks": "x" * 501}, {"name": "\u200b"},
    {"domain": "vpn"}, {"name": "x" * 201},
])  # fmt: skip
def test_what_is_no_checklist_is_said(client, lea, bad) -> None:
    sent = {"name": "VPN", "domain": "network", "checks": "One", **bad}
    client.force_login(lea)
    assert client.post("/settings/checklists/", sent).status_code == 422
    if "x" * 201 not in sent["name"]:
        with pytest.raises(Invalid):
            Checklist.add(lea, **sent)
    assert not Checklist.objects.exists()


def test_two_of_one_name_are_refused(client, lea, checklist) -> None:
    client.force_login(lea)
    answer = client.post("/settings/checklists/", {"name": "VPN  down", "domain": "network", "checks": "x"})
    assert answer.status_code == 422
    assert "There is a checklist of this name already." in answer.content.decode()
