"""The forms that pass a session on, or put it aside."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.utils import timezone

from handoffs.forms.handoff import CorrectForm
from handoffs.models import Handoff
from resolutionflow.accounts.models import Event
from sessions_app.models import Session
from tests.conftest import shown_by

pytestmark = pytest.mark.django_db


def form(client, user, session, verb: str = "escalate") -> str:
    client.force_login(user)
    response = client.get(f"/sessions/{session.pk}/{verb}/")
    assert response.status_code == 200
    return response.content.decode()


def opened(client, user, session) -> tuple[str, dict[str, str]]:
    """The address of the form to escalate, and its fields as they were shown, with a note."""
    client.force_login(user)
    address = f"/sessions/{session.pk}/escalate/"
    return address, shown_by(client.get(address)) | {"notes": "Help"}


def post(client, user, session, verb: str, **data):
    client.force_login(user)
    return client.post(f"/sessions/{session.pk}/{verb}/", data)


class TestEscalate:
    def test_the_form_begins_with_what_is_known(self, client, session, ana):
        html = form(client, ana, session)
        assert 'value="Ask the user for the router model"' in html
        assert "<strong>Missing: Suspect, Watch out, Contact.</strong>" in html
        assert "Tried, didn't work" in html
        assert "Restarted the VPN service" in html
        assert "error 809 again" in html

    def test_it_goes_to_anyone(self, client, session, ana, bo):
        response = post(client, ana, session, "escalate", notes="I am stuck", priority="2", target="")
        handoff = Handoff.objects.get()
        assert response["Location"] == f"/handoffs/{handoff.pk}/"
        assert (handoff.notes, handoff.priority, handoff.target) == ("I am stuck", 2, None)
        assert "Everyone sees it in the queue" in client.get(response["Location"]).content.decode()

    def test_it_goes_to_a_person_or_a_team(self, client, session, ana, bo, network):
        html = form(client, ana, session)
        assert f'value="user-{bo.pk}"' in html
        assert f'value="team-{network.pk}"' in html
        post(client, ana, session, "escalate", notes="Bo's team", priority="2", target=f"team-{network.pk}")
        assert Handoff.objects.get().target_team == network

    def test_only_colleagues_who_can_take_it_are_offered(self, client, session, ana, bo, cy, vic, eve, adam):
        cy.deactivate(by=adam)
        html = form(client, ana, session)
        for person, offered in ((bo, True), (ana, False), (cy, False), (vic, False), (eve, False)):
            assert (f'value="user-{person.pk}"' in html) is offered

    def test_a_lead_cannot_aim_at_who_works_on_it(self, client, session, ana, lea):
        assert f'value="user-{ana.pk}"' not in form(client, lea, session)

    @pytest.mark.parametrize("notes", ["", "   ", "x" * 20_001])
    def test_what_was_typed_comes_back(self, client, session, ana, bo, notes):
        response = post(client, ana, session, "escalate", notes=notes, priority="0", target=f"user-{bo.pk}")
        html = response.content.decode()
        assert response.status_code == 422
        assert 'aria-invalid="true"' in html
        assert f'<option value="user-{bo.pk}" selected>' in html
        assert notes.strip() in html
        assert not Handoff.objects.exists()

    @pytest.mark.parametrize("priority", ["0", "1"])
    def test_who_is_affected_is_asked_once_where_it_presses(self, client, session, ana, priority):
        answer = post(client, ana, session, "escalate", notes="Help", priority=priority)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "Send it again to leave it out." in html
        assert '<input type="hidden" name="asked" value="on">' in html
        assert post(client, ana, session, "escalate", notes="Help", priority=priority, asked="on").status_code == 302

    def test_a_question_that_was_asked_is_not_asked_again_nor_taken_for_asked(self, client, session, ana):
        asked = '<input type="hidden" name="asked" value="on">'
        answer = post(client, ana, session, "escalate", notes=" ", priority="0", asked="on").content.decode()
        assert "Send it again" not in answer
        assert asked in answer
        too_long = post(client, ana, session, "escalate", notes="Help", priority="2", affected="x" * 201)
        assert asked not in too_long.content.decode()

    def test_the_question_has_the_focus(self, client, session, ana):
        answer = post(client, ana, session, "escalate", notes="Help", priority="0")
        focused = [field.name for field in answer.context["form"] if field.field.widget.attrs.get("autofocus")]
        assert focused == ["affected"]

    def test_what_was_found_stands_beside_what_was_typed_instead(self, client, session, ana):
        session.change(ana, contact="Jo, ext. 4")
        assert "found: Jo" not in form(client, ana, session)
        answer = post(client, ana, session, "escalate", notes=" ", priority="2", contact="Ms Ray")
        assert "<span>found: Jo, ext. 4</span>" in answer.content.decode()

    def test_a_contact_corrected_while_the_form_was_open_stays(self, client, session, ana, bo):
        session.change(bo, contact="Jo, ext. 4")
        address, page = opened(client, ana, session)
        session.change(bo, contact="Ms Ray, ext. 9")
        assert client.post(address, page).status_code == 302
        handoff = Handoff.objects.get()
        assert handoff.contact == handoff.session.contact == "Ms Ray, ext. 9"

    def test_one_that_was_emptied_meanwhile_does_not_come_back(self, client, session, ana, lea):
        session.change(lea, contact="Jo, ext. 4")
        address, page = opened(client, ana, session)
        session.change(lea, contact="")
        reworded = client.post(address, page | {"contact": "Joe, ext. 4", "notes": " "})
        assert reworded.status_code == 422
        assert client.post(address, page).status_code == 302
        handoff = Handoff.objects.get()
        assert handoff.contact == handoff.session.contact == ""

    def test_what_was_found_after_the_page_was_opened_is_not_confirmed(self, client, session, ana, bo):
        session.add_message(ana, content="Call Joe Miller on 0441 555 0142 if you need him.")
        address, page = opened(client, ana, session)
        session.add_message(bo, content="Call Mia Brown on 0441 555 0199, she has the keys.")
        assert client.post(address, page).status_code == 302
        assert Handoff.objects.get().contact == page["contact"]
        assert "Joe Miller" in page["contact"]

    def test_a_wrong_contact_can_be_taken_away(self, client, session, ana, bo):
        session.change(bo, contact="Jo, ext. 4")
        address, page = opened(client, ana, session)
        assert client.post(address, page | {"contact": ""}).status_code == 302
        handoff = Handoff.objects.get()
        assert handoff.contact == handoff.session.contact == ""
        assert Event.objects.get(kind="handoff.escalated").facts["before"] == {"contact": "Jo, ext. 4"}
        handoff.change(ana, contact="Ray")
        handoff.change(ana, contact="")
        assert Session.objects.get().contact == ""

    def test_the_lines_go_with_it_as_they_were_left(self, client, session, ana):
        lines = {
            "affected": "Two users,  no VPN",
            "suspect": "The tunnel",
            "next_step": "",
            "contact": "Ms Ray, ext. 4",
        }
        post(client, ana, session, "escalate", notes="Help", priority="0", **lines)
        handoff = Handoff.objects.get()
        assert (handoff.affected, handoff.suspect, handoff.next_step) == ("Two users, no VPN", "The tunnel", "")
        assert handoff.snapshot["affected"] == "Two users, no VPN"
        assert handoff.snapshot["contact"] == handoff.session.contact == "Ms Ray, ext. 4"

    def test_who_is_free_stands_first_and_who_holds_how_much(self, client, session, ana, bo, cy):
        Session.open(bo, problem_summary="Something else")
        cy.go_off_shift()
        html = form(client, ana, session)
        assert html.index("Bo Tester (holds 1)") < html.index("Cy Tester (off shift)")

    def test_somebody_of_another_account_cannot_be_chosen(self, client, session, ana, eve):
        response = post(client, ana, session, "escalate", notes="Help", priority="2", target=f"user-{eve.pk}")
        assert response.status_code == 422

    def test_a_second_time_is_refused_with_since_when(self, client, waiting, session, ana):
        response = post(client, ana, session, "escalate", notes="Again", priority="2")
        assert response.status_code == 409
        assert "waiting for somebody to claim it since" in response.content.decode()


class TestCorrect:
    def test_the_note_and_a_line_while_it_waits(self, client, waiting, ana):
        client.force_login(ana)
        address = f"/handoffs/{waiting.pk}/correct/"
        assert "I am stuck, it looks like the tunnel itself." in client.get(address).content.decode()
        sent = {"notes": waiting.notes, "affected": "Both users at the branch", "contact": "Ms Ray, ext. 4"}
        assert client.post(address, sent)["Location"] == f"/handoffs/{waiting.pk}/"
        waiting.refresh_from_db()
        event = Event.objects.get(kind="handoff.changed")
        assert waiting.affected == event.facts["after"]["affected"] == "Both users at the branch"
        assert event.facts["before"] == {"affected": "", "contact": ""}
        assert waiting.session.contact == "Ms Ray, ext. 4"
        assert waiting.snapshot["affected"] is None

    def test_saved_as_it_is_it_changes_nothing(self, client, waiting, ana):
        client.force_login(ana)
        client.post(f"/handoffs/{waiting.pk}/correct/", {"notes": waiting.notes})
        assert not Event.objects.filter(kind="handoff.changed").exists()

    def test_two_people_at_once_lose_nothing(self, client, waiting, ana, lea):
        """Of two pages opened before either is saved: a field left alone stays, one both changed is asked about."""
        client.force_login(ana)
        address = f"/handoffs/{waiting.pk}/correct/"
        waiting.change(lea, suspect="The router")
        page = shown_by(client.get(address)) | {"affected": "Two users"}
        waiting.change(lea, affected="The whole branch", suspect="The firewall")
        answer = client.post(address, page)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["affected"]
        said = "This was changed to “The whole branch” while the page was open. Save again to replace it."
        assert said in answer.content.decode()
        assert "to copy" not in answer.content.decode(), "every text is in its field"
        waiting.refresh_from_db()
        assert (waiting.affected, waiting.suspect) == ("The whole branch", "The firewall")
        assert client.post(address, shown_by(answer)).status_code == 302
        waiting.refresh_from_db()
        assert (waiting.affected, waiting.suspect) == ("Two users", "The firewall")

    def test_at_the_same_moment_too(self, waiting, ana, lea):
        """Both forms were read before either verb."""
        mine, theirs = (Handoff.objects.get(pk=waiting.pk) for _person in "12")
        form = CorrectForm(QueryDict(f"affected=Two+users&notes={quote(waiting.notes)}"), handoff=mine)
        assert form.is_valid()
        theirs.change(lea, notes="They have no VPN at all")
        mine.change(ana, **form.cleaned_data)
        waiting.refresh_from_db()
        assert (waiting.notes, waiting.affected) == ("They have no VPN at all", "Two users")

    @pytest.mark.parametrize("text", ["None", "False", "0", "[]"])
    def test_a_word_is_not_taken_for_nothing(self, client, waiting, ana, text):
        client.force_login(ana)
        address = f"/handoffs/{waiting.pk}/correct/"
        client.post(address, shown_by(client.get(address)) | {"affected": text})
        waiting.refresh_from_db()
        assert waiting.affected == text
        client.post(address, shown_by(client.get(address)) | {"affected": ""})
        waiting.refresh_from_db()
        assert waiting.affected == ""

    def test_it_begins_with_the_contact_that_counts(self, client, session, ana, bo):
        handoff = Handoff.escalate(session, ana, notes="Stuck", contact="Jo, ext. 4")
        handoff.session.change(bo, contact="Ms Ray, ext. 9")
        client.force_login(ana)
        address = f"/handoffs/{handoff.pk}/correct/"
        page = shown_by(client.get(address))
        assert page["contact"] == "Ms Ray, ext. 9"
        client.post(address, page | {"contact": "Jo, ext. 4"})
        assert Session.objects.get().contact == "Jo, ext. 4"

    def test_the_contact_that_a_correction_replaces_stays_in_the_history(self, waiting, session, ana, bo):
        session.change(bo, contact="Jo Marsh, ext. 9")
        waiting = Handoff.objects.get(pk=waiting.pk)
        waiting.change(ana, contact="Ms Ray, ext. 4")
        assert Event.objects.get(kind="handoff.changed").facts["before"] == {"contact": "Jo Marsh, ext. 9"}

    def test_by_nobody_else_and_not_after_a_claim(self, client, waiting, ana, bo, eve):
        address = f"/handoffs/{waiting.pk}/correct/"
        for user, status in ((bo, 403), (eve, 404)):
            client.force_login(user)
            assert client.post(address, {"notes": "Mine"}).status_code == status
        waiting.claim(bo)
        client.force_login(ana)
        assert client.post(address, {"notes": "Too late"}).status_code == 409
        assert client.get(address)["Location"] == f"/handoffs/{waiting.pk}/"

    def test_an_empty_note_is_refused_with_what_was_typed(self, client, waiting, ana):
        client.force_login(ana)
        answer = client.post(f"/handoffs/{waiting.pk}/correct/", {"notes": " ", "suspect": "The router"})
        assert answer.status_code == 422
        assert 'value="The router"' in answer.content.decode()


class TestPark:
    def test_until_a_time_in_the_persons_own_zone(self, client, session, ana):
        ana.time_zone = "Europe/Oslo"
        ana.save()
        tomorrow = (timezone.now().astimezone(ZoneInfo("Europe/Oslo")) + timedelta(days=1)).replace(hour=9, minute=30)
        typed = f"{tomorrow:%Y-%m-%dT%H:%M}"
        assert post(client, ana, session, "park", wake="at", wake_at=typed).status_code == 302
        woken = Handoff.objects.get().wake_at.astimezone(ZoneInfo("Europe/Oslo"))
        assert f"{woken:%Y-%m-%dT%H:%M}" == typed

    def test_until_the_next_business_day(self, client, session, ana):
        assert post(client, ana, session, "park", wake="next_business_day", notes="Part ordered").status_code == 302
        parked = Handoff.objects.get()
        assert parked.wake_at == session.account.next_business_day(parked.created_at)
        assert parked.notes == "Part ordered"

    def test_until_i_resume_it_on_purpose(self, client, session, ana):
        assert post(client, ana, session, "park", wake="none").status_code == 302
        assert Handoff.objects.get().wake_at is None

    @pytest.mark.parametrize(
        "data", [{}, {"wake": "at"}, {"wake": "at", "wake_at": "2020-01-01T10:00"}, {"wake": "at", "wake_at": "soon"}]
    )
    def test_a_rule_is_needed(self, client, session, ana, data):
        response = post(client, ana, session, "park", notes="kept as typed", **data)
        assert response.status_code == 422
        assert "kept as typed" in response.content.decode()

    def test_a_park_has_a_page(self, client, session, ana, bo):
        parked = Handoff.park(session, ana, notes="Waiting for the part")
        client.force_login(ana)
        html = client.get(f"/handoffs/{parked.pk}/").content.decode()
        assert "Waiting for the part" in html
        assert "Resume" in html
        client.force_login(bo)
        assert "/resume/" not in client.get(f"/handoffs/{parked.pk}/").content.decode()


@pytest.mark.parametrize("verb", ["escalate", "park"])
class TestWho:
    def test_a_viewer_is_refused(self, client, session, vic, verb):
        assert post(client, vic, session, verb).status_code == 403

    def test_another_account_finds_nothing(self, client, session, eve, verb):
        assert post(client, eve, session, verb).status_code == 404

    def test_a_colleague_who_does_not_work_on_it_is_refused(self, client, session, bo, verb):
        fine = {"escalate": {"notes": "Help", "priority": "2"}, "park": {"wake": "none"}}[verb]
        assert post(client, bo, session, verb, **fine).status_code == 403
