"""The pick-up screen: what it says before a claim, who may do what after it, and who lost the race."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from handoffs.models import Handoff, Summary
from sessions_app.models import Session, Step
from tests.conftest import summarised

pytestmark = pytest.mark.django_db
READING = {
    "summary_prose": "The tunnel drops.",
    "likely_cause": {"text": "The MTU is too large.", "evidence": ["s1", "m1"]},
    "what_we_know": [{"text": "Error 809 comes back", "evidence": ["s1"]}],
    "suggested_steps": [{"text": "Lower the MTU <b>now</b>", "evidence": []}],
    "confidence": "medium",
}


def screen(client, user, handoff: Handoff) -> str:
    client.force_login(user)
    response = client.get(f"/handoffs/{handoff.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def post(client, user, handoff: Handoff, verb: str, data: dict | None = None, **headers: str):
    client.force_login(user)
    return client.post(f"/handoffs/{handoff.pk}/{verb}/", data or {}, headers=headers)


class TestBeforeTheClaim:
    def test_everything_to_decide_is_there_without_ai(self, client, waiting, bo):
        html = screen(client, bo, waiting)
        for said in (
            "VPN drops every ten minutes", "Northgate Legal", "NL-FW01", "#48190", "High", "waited", "Ana's note",
            "I am stuck, it looks like the tunnel itself.", "Restarted the VPN service", "error 809 again",
            "Unclear", "To do", "Ask the user for the router model", "The AI is off",
        ):  # fmt: skip
            assert said in html
        assert html.index('id="s2"') < html.index('id="s1"') < html.index('id="s3"'), "what is to do stands apart"

    def test_three_ways_each_claim_and_go_somewhere(self, client, waiting, bo):
        html = screen(client, bo, waiting)
        for way in ("Continue where Ana left off", "Start from an analysis", "Start fresh", "Back to the queue"):
            assert way in html
        assert html.count('name="way"') == 3

    @pytest.mark.parametrize(("way", "place"), [("continue", "s3"), ("analysis", "m1"), ("own", "composer")])
    def test_a_way_claims_and_opens_the_session(self, client, waiting, bo, way, place):
        response = post(client, bo, waiting, "claim", {"way": way})
        assert response["Location"] == f"/sessions/{waiting.session_id}/?compose=1#{place}"
        waiting.refresh_from_db()
        assert waiting.claimed_by == bo
        assert waiting.session.messages.filter(role="system").exists() == (way == "analysis")

    def test_branch_by_branch_with_the_active_one_first(self, client, session, ana, bo):
        clock = session.add_branch(ana, label="Clock skew")
        session.add_step(ana, text="Measured the drift", branch=clock, outcome="failed")
        clock.change_status(ana, status="dead_end", reason="0.4 s only")
        html = screen(client, bo, Handoff.escalate(session, ana, notes="Help"))
        assert html.index("Restarted the VPN service") < html.index("Measured the drift")
        assert "dead end</span>" in html
        assert "0.4 s only" in html

    def test_the_sender_sees_no_ways_but_may_withdraw(self, client, waiting, ana):
        html = screen(client, ana, waiting)
        assert 'name="way"' not in html
        assert "You escalated this" in html
        assert "Withdraw it" in html

    def test_a_kept_one_says_for_whom(self, client, session, ana, bo, cy):
        html = screen(client, cy, Handoff.escalate(session, ana, notes="Bo knows this", target_user=bo))
        assert "This is kept for Bo Tester" in html
        assert 'name="way"' not in html

    def test_a_viewer_reads_all_and_is_offered_nothing(self, client, waiting, vic):
        html = screen(client, vic, waiting)
        assert "Restarted the VPN service" in html
        assert 'name="way"' not in html
        assert "Change the priority" not in html

    def test_another_account_is_told_there_is_nothing(self, client, waiting, eve):
        client.force_login(eve)
        assert client.get(f"/handoffs/{waiting.pk}/").status_code == 404

    def test_what_changed_since_stands_beside_what_was(self, client, waiting, session, ana, bo):
        session.add_step(ana, text="The user called again")
        html = screen(client, bo, waiting)
        assert "Then and now" in html


class TestTheReading:
    def test_ready_with_evidence_to_follow(self, client, waiting, bo):
        summarised(waiting, steps_seen=3, **READING)
        html = screen(client, bo, waiting)
        assert "medium confidence" in html
        assert '<a class="ref" href="#s1">s1</a>' in html
        assert f'href="/sessions/{waiting.session_id}/?at=m1#m1"' in html
        assert "Lower the MTU &lt;b&gt;now&lt;/b&gt;" in html
        assert "new step" not in html

    def test_stale(self, client, waiting, bo):
        summarised(waiting, steps_seen=1, **READING)
        assert "2 new steps since" in screen(client, bo, waiting)

    def test_being_written(self, client, waiting, bo):
        Summary.objects.create(account=waiting.account, handoff=waiting)
        assert "Being written" in screen(client, bo, waiting)

    def test_failed_with_its_reason_and_a_button(self, client, waiting, bo, vic, settings):
        settings.ANTHROPIC_API_KEY = "key"
        Summary.objects.create(account=waiting.account, handoff=waiting, status="failed", error="The AI is overloaded.")
        html = screen(client, bo, waiting)
        assert "The AI is overloaded." in html
        assert f'formaction="/handoffs/{waiting.pk}/summary/"' in html
        assert f'formaction="/handoffs/{waiting.pk}/summary/"' not in screen(client, vic, waiting)

    def test_renewing_answers_with_the_region(self, client, waiting, bo, settings):
        settings.ANTHROPIC_API_KEY = "key"
        Summary.objects.create(account=waiting.account, handoff=waiting, status="failed", error="The AI is overloaded.")
        response = post(client, bo, waiting, "summary", **{"HX-Request": "true"})
        assert response.status_code == 200
        assert f'id="summary-{waiting.pk}"' in response.content.decode()
        assert waiting.summary.__class__.objects.get(handoff=waiting).state == "pending"

    def test_renewing_while_it_is_off_is_refused(self, client, waiting, bo):
        assert post(client, bo, waiting, "summary").status_code == 409


class TestTheLoser:
    def test_reads_who_won_and_what_is_next(self, client, waiting, ana, bo, cy):
        other = Handoff.escalate(Session.open(ana, problem_summary="Printer on fire"), ana, notes="Help")
        waiting.claim(bo)
        response = post(client, cy, waiting, "claim")
        html = response.content.decode()
        assert response.status_code == 409
        assert "Bo Tester claimed this" in html
        assert "ago" in html
        assert f'href="/sessions/{waiting.session_id}/"' in html
        assert f'href="/handoffs/{other.pk}/"' in html
        assert "Printer on fire" in html

    def test_gets_it_as_a_toast_from_htmx(self, client, waiting, bo, cy):
        waiting.claim(bo)
        response = post(client, cy, waiting, "claim", **{"HX-Request": "true"})
        assert response.status_code == 409
        assert response["HX-Retarget"] == "#toasts"
        assert "Bo Tester claimed this" in response.content.decode()

    def test_is_offered_only_what_may_be_claimed(self, client, waiting, ana, bo, cy):
        Handoff.escalate(Session.open(ana, problem_summary="Kept for Bo"), ana, notes="Help", target_user=bo)
        Handoff.escalate(Session.open(cy, problem_summary="Of Cy himself"), cy, notes="Help")
        waiting.claim(bo)
        html = post(client, cy, waiting, "claim").content.decode()
        assert "Kept for Bo" not in html
        assert "Of Cy himself" not in html

    def test_a_kept_one_answers_403(self, client, session, ana, bo, cy):
        kept = Handoff.escalate(session, ana, notes="For Bo", target_user=bo)
        assert post(client, cy, kept, "claim").status_code == 403


class TestAfterTheClaim:
    def test_it_reopens_as_context(self, client, claimed, bo):
        html = screen(client, bo, claimed)
        for said in ("Your claim", "You have it", "Undo the claim", "Return it to Ana", "Release it", "Transfer it"):
            assert said in html
        assert 'name="way"' not in html

    def test_undo_is_offered_for_a_minute(self, client, claimed, bo):
        Handoff.objects.filter(pk=claimed.pk).update(undo_until=timezone.now())
        assert "Undo the claim</button>" not in screen(client, bo, claimed)

    def test_others_watch(self, client, claimed, cy, lea):
        html = screen(client, cy, claimed)
        assert "Bo Tester has it" in html
        assert "Take it over" not in html
        assert "Take it over" in screen(client, lea, claimed)

    def test_a_closed_one_says_how_it_ended(self, client, claimed, session, bo, ana):
        session.refresh_from_db()
        session.resolve(bo, resolution="Lowered the MTU to 1400")
        html = screen(client, ana, claimed)
        assert "This handoff is over: resolved" in html
        assert "Lowered the MTU to 1400" in html

    def test_every_handoff_of_the_session_is_listed(self, client, claimed, session, bo):
        session.refresh_from_db()
        second = Handoff.escalate(session, bo, notes="Beyond me")
        html = screen(client, bo, second)
        assert "Handoffs of this session" in html
        assert "superseded" in html


class TestVerbs:
    @pytest.mark.parametrize(
        ("verb", "data", "status"),
        [
            ("undo", {}, "open"), ("release", {"reason": ""}, "open"), ("return", {"reason": "Try the wiki"}, "closed"),
            ("priority", {"priority": "0"}, "claimed"),
        ],
    )  # fmt: skip
    def test_the_claimer(self, client, claimed, bo, verb, data, status):
        if verb == "priority":
            claimed.refresh_from_db()
            assert post(client, bo, claimed, verb, data).status_code == 403
            return
        assert post(client, bo, claimed, verb, data).status_code == 302
        claimed.refresh_from_db()
        assert claimed.status == status

    def test_transfer(self, client, claimed, bo, cy):
        assert post(client, bo, claimed, "transfer", {"to": cy.pk, "reason": "Knows it"}).status_code == 302
        claimed.refresh_from_db()
        assert claimed.claimed_by == cy

    def test_transfer_is_offered_to_those_it_did_not_come_from(self, client, claimed, bo, ana, cy):
        html = screen(client, bo, claimed)
        assert f'<option value="{cy.pk}">' in html
        assert f'<option value="{ana.pk}">' not in html
        assert post(client, bo, claimed, "transfer", {"to": ana.pk}).status_code == 409

    def test_take_over(self, client, claimed, lea):
        response = post(client, lea, claimed, "take-over", {"reason": "Bo left"})
        assert response["Location"] == f"/sessions/{claimed.session_id}/"
        claimed.refresh_from_db()
        assert claimed.claimed_by == lea

    def test_withdraw(self, client, waiting, ana):
        assert post(client, ana, waiting, "withdraw").status_code == 302
        waiting.refresh_from_db()
        assert waiting.closed_reason == "withdrawn"

    def test_priority(self, client, waiting, ana):
        assert post(client, ana, waiting, "priority", {"priority": "0"}).status_code == 302
        waiting.refresh_from_db()
        assert waiting.priority == 0

    @pytest.mark.parametrize(("verb", "data"), [("return", {"reason": ""}), ("transfer", {"to": "", "reason": "kept"})])
    def test_a_form_that_is_not_right_comes_again(self, client, claimed, bo, verb, data):
        response = post(client, bo, claimed, verb, data)
        html = response.content.decode()
        assert response.status_code == 422
        assert '<details class="disclosure" open>' in html
        assert 'aria-invalid="true"' in html
        assert all(text in html for text in data.values())

    def test_somebody_of_another_account_cannot_be_chosen(self, client, claimed, bo, eve):
        assert post(client, bo, claimed, "transfer", {"to": eve.pk}).status_code == 422

    VERBS = ("claim", "undo", "release", "return", "transfer", "take-over", "withdraw", "priority", "summary")

    @pytest.mark.parametrize("verb", VERBS)
    def test_a_viewer_is_refused(self, client, claimed, vic, verb):
        assert post(client, vic, claimed, verb).status_code == 403

    @pytest.mark.parametrize("verb", VERBS)
    def test_another_account_finds_nothing(self, client, claimed, eve, verb):
        assert post(client, eve, claimed, verb).status_code == 404

    @pytest.mark.parametrize("verb", VERBS)
    def test_reading_changes_nothing(self, client, claimed, bo, verb):
        client.force_login(bo)
        assert client.get(f"/handoffs/{claimed.pk}/{verb}/").status_code == 405


def test_queries_do_not_grow_with_steps_branches_or_history(client, session, waiting, ana, bo):
    screen(client, bo, waiting)
    few = _queries(client, waiting)
    for number in range(8):
        branch = session.add_branch(ana, label=f"Branch {number}")
        session.add_step(bo, text=f"Step {number}", branch=branch, outcome=Step.Outcome.FAILED)
    assert _queries(client, waiting) == few


def _queries(client, handoff: Handoff) -> int:
    client.get(f"/handoffs/{handoff.pk}/")  # notes that there was more to see
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/handoffs/{handoff.pk}/").status_code == 200
    return len(queries)


def test_a_trail_of_hundreds_shows_the_newest_and_the_way_to_the_rest(client, waiting, session, ana, bo):
    Step.objects.bulk_create(
        Step(account=session.account, session=session, branch_id=session.active_branch_id, author=ana, order=order,
             text=f"Try {order}", outcome="failed")
        for order in range(4, 504)
    )  # fmt: skip
    type(session).objects.filter(pk=session.pk).update(step_count=503)
    html = screen(client, bo, waiting)
    assert 'id="s503"' in html
    assert 'id="s459"' in html
    assert 'id="s458"' not in html
    assert 'id="s3"' not in html, "to do, but too long ago"
    assert "All 503 steps are in the session" in html


def test_a_reason_reaches_the_next_person(client, claimed, bo, cy):
    claimed.release(bo, reason="Waits for the carrier until two")
    assert "Bo released it:</strong> <bdi>Waits for the carrier until two" in screen(client, cy, claimed)
    claimed.claim(cy)
    html = client.get(f"/sessions/{claimed.session_id}/").content.decode()
    for said in ("Waits for the carrier until two", "Return, release or transfer", f"/handoffs/{claimed.pk}/undo/"):
        assert said in html


def test_what_came_back_says_why_where_it_is_worked_on(client, claimed, ana, bo):
    claimed.return_(bo, reason="Swap the cable first")
    client.force_login(ana)
    html = client.get(f"/sessions/{claimed.session_id}/").content.decode()
    assert "Bo returned this:</strong> <bdi>Swap the cable first" in html


def test_an_untried_branch_with_steps_was_set_aside(client, session, ana, bo):
    session.add_branch(ana, label="Never begun")
    session.add_branch(ana, label="The router").activate(ana)
    handoff = Handoff.escalate(session, ana, notes="x", target_user=bo)
    for html in (screen(client, bo, handoff), client.get(f"/sessions/{session.pk}/").content.decode()):
        assert "<small>set aside" in html
        assert "<small>untried" in html


def test_the_sender_reads_who_is_told_and_when_it_opens(client, session, ana, bo):
    client.force_login(ana)
    sent = {"notes": "x", "priority": "2", "target": f"user-{bo.pk}"}
    html = client.post(f"/sessions/{session.pk}/escalate/", sent, follow=True).content.decode()
    assert "Escalated. Bo Tester was notified; it opens to everyone at " in html


def test_a_correction_by_somebody_else_is_not_passed_off_as_the_senders(client, waiting, ana, bo, lea):
    client.force_login(bo)
    page = f"/handoffs/{waiting.pk}/"
    waiting.change(ana, suspect="The tunnel")
    assert "corrected by" not in client.get(page).content.decode()
    waiting.change(lea, notes="They have no VPN at all", suspect="The line")
    assert "The note, Suspect corrected by Lea Tester" in client.get(page).content.decode()
    waiting.change(ana, notes="They have none at all")
    assert ">Suspect corrected by Lea Tester" in client.get(page).content.decode()


def test_many_corrections_do_not_hide_why_it_was_given_back(client, waiting, bo, lea):
    waiting.claim(bo)
    waiting.release(bo, reason="Needs somebody who knows the carrier")
    for number in range(60):
        waiting.change(lea, suspect=f"Line {number}")
    client.force_login(bo)
    assert "Needs somebody who knows the carrier" in client.get(f"/handoffs/{waiting.pk}/").content.decode()


@pytest.mark.parametrize("where", ["step", "message", "log"])
@pytest.mark.parametrize("before", [100, 12_500, 30_000])
def test_what_a_chip_leads_to_holds_the_line(client, session, ana, bo, where, before):
    """However long the text, of which a part is shown."""
    session.steps.all().delete()
    dull = "INFO all is well here, nothing to see\n" * 900
    error, printed = "ERROR 0x80070005 access is denied", "ERROR\t0x80070005   access is denied"
    text = f"{dull[:before]}\n{printed}\n{dull[: 33_000 - before]}"
    match where:
        case "step":
            session.add_step(ana, text="Ran the check", outcome="failed", free_text=text)
        case "message":
            session.add_message(ana, content=text)
        case "log":
            session.intake_text = text
            session.save(update_fields=["intake_text"])
    handoff = Handoff.escalate(session, ana, notes="Stuck")
    client.force_login(bo)
    html = client.get(f"/handoffs/{handoff.pk}/").content.decode()
    assert handoff.brief().lines["last_error"][0].text == error
    folded = re.findall(r"<(?:pre|div class=\"content\")[^>]*>(.*?)</", html, re.S)
    assert any(printed in text for text in folded)


def test_who_escalated_it_is_not_sent_to_themselves(client, session, ana, bo):
    session.steps.all().delete()
    handoff = Handoff.escalate(session, ana, notes="Stuck")
    for user, asked in ((bo, True), (ana, False)):
        client.force_login(user)
        html = client.get(f"/handoffs/{handoff.pk}/").content.decode()
        assert "Nothing was tried yet." in html
        assert ("Ask Ana, or read what was said." in html) == asked


def test_what_is_temporary_is_said_to_be_still_in_place(client, session, ana, bo):
    session.add_step(ana, text="Switched the scanner off on PC 2", outcome="worked", temporary=True)
    handoff = Handoff.escalate(session, ana, notes="Stuck")
    client.force_login(bo)
    html = client.get(f"/handoffs/{handoff.pk}/").content.decode()
    said = re.search(r"Still in place:</span>\s*<span class=\"text\"[^>]*>(.*?)</span>", html)
    assert said
    assert said[1] == "Switched the scanner off on PC 2"
