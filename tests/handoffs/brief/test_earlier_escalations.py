"""What the sender of an earlier escalation confirmed, and their note, are sources of every later brief."""

from __future__ import annotations

import pytest

from handoffs.brief import brief_for
from handoffs.brief.found_lines import Source, find_lines
from handoffs.brief.text import text_to_copy
from handoffs.models import Handoff
from notifications.note import note_preview
from notifications.wording import event_body
from resolutionflow.accounts.models import Event
from tests.api_client import client_of

CONFIRMED = {
    "affected": "Two partners, no VPN since Monday",
    "suspect": "The tunnel's rekey",
    "next_step": "Lower the lifetime to one hour",
    "watch_out": "Hull shares the proposal",
    "contact": "Callum, Tuesdays only",
}


@pytest.fixture
def returned(session, ana, bo) -> Handoff:
    """Ana escalated with all five lines, and Bo returned it."""
    handoff = Handoff.escalate(session, ana, notes="Stuck. Don't touch phase 1.", **CONFIRMED)
    handoff.claim(bo)
    handoff.return_(bo, reason="Ask the other side first")
    session.refresh_from_db()
    return handoff


def lines(handoff: Handoff) -> dict[str, list[tuple[str, str]]]:
    return {name: [(line.text, line.source) for line in found] for name, found in handoff.brief().lines.items()}


def test_the_next_brief_says_what_was_confirmed_before(returned, session, ana):
    found = lines(Handoff.escalate(session, ana, notes="Back again"))
    for name in ("affected", "suspect", "watch_out"):
        assert found[name][0] == (CONFIRMED[name], "earlier")
    assert (CONFIRMED["next_step"], "earlier") in found["next_step"]
    assert ("Don't touch phase 1.", "earlier") in found["watch_out"]
    assert found["contact"][0] == (CONFIRMED["contact"], "session")


def test_what_the_sender_confirms_now_comes_first_and_nothing_is_said_twice(returned, session, ana):
    same = Handoff.escalate(session, ana, notes="Again", affected="All partners", watch_out=CONFIRMED["watch_out"])
    found = lines(same)
    assert [source for _text, source in found["affected"]][:2] == ["sender", "earlier"]
    assert [text for text, _source in found["watch_out"]].count(CONFIRMED["watch_out"]) == 1
    assert found["watch_out"][0][1] == "sender"


def test_the_escalate_form_is_filled_in_with_it(returned, session, ana, client):
    client.force_login(ana)
    page = client.get(f"/sessions/{session.pk}/escalate/").content.decode()
    for text in ("Two partners, no VPN since Monday", "Hull shares the proposal"):
        assert text in page
    assert "earlier escalation" in page


def test_its_own_lines_are_not_earlier(waiting):
    assert not any(source == "earlier" for found in lines(waiting).values() for _text, source in found)


def test_page_note_mail_api_and_copied_text_say_the_same(returned, session, ana, bo, client, wrong):
    handoff = Handoff.escalate(session, ana, notes="Back again")
    client.force_login(bo)
    event = Event.objects.filter(kind="handoff.escalated").latest("id")
    places = {
        "page": client.get(handoff.get_absolute_url()).content.decode(),
        "note": note_preview(handoff),
        "mail": event_body(event, session, handoff),
        "copy": text_to_copy(handoff.brief(), about="", link="/"),
    }
    for text in ("Two partners, no VPN since Monday", "Hull shares the proposal"):
        for name, place in places.items():
            wrong.unless(text in place, name, "lacks", repr(text))
    brief = client_of(bo).get(f"handoffs/{handoff.pk}/").json()["brief"]
    assert (brief["watch_out"]["text"], brief["watch_out"]["source"]) == ("Hull shares the proposal", "note")
    assert "(earlier escalation)" in places["copy"]


def test_one_more_query_where_it_was_escalated_before(returned, session, waiting, django_assert_num_queries):
    with django_assert_num_queries(5):
        brief_for(session)


def test_no_more_queries_where_it_was_not(session, django_assert_num_queries):
    with django_assert_num_queries(4):
        brief_for(session)


# --- what was said since ------------------------------------------------------------------------


def texts(name: str, *sources: Source) -> list[str]:
    return [line.text for line in find_lines(sources)[name]]


def earlier(name: str) -> Source:
    return Source("earlier", "confirmed", CONFIRMED[name], says=name)


def test_a_clear_word_that_came_later_goes_first():
    newer = Source("m9", "message", "All 14 branches are down now.")
    assert texts("affected", newer, earlier("affected")) == ["All 14 branches are down now.", CONFIRMED["affected"]]
    assert texts("affected", earlier("affected"), newer)[0] == CONFIRMED["affected"]


def test_a_warning_that_came_later_does_not_overtake_it():
    newer = Source("m9", "message", "Careful with the firewall.")
    assert texts("watch_out", newer, earlier("watch_out"))[0] == CONFIRMED["watch_out"]


def test_a_suspicion_that_was_ruled_out_since_is_gone():
    newer = Source("m9", "message", "It's not the rekey.")
    assert texts("suspect", newer, earlier("suspect")) == []
    assert texts("suspect", earlier("suspect"), newer) == [CONFIRMED["suspect"]]


@pytest.mark.parametrize("outcome", ["failed", "worked", "ruled_out", "inconclusive", "skipped"])
def test_a_next_step_that_was_taken_since_is_gone(outcome):
    taken = Source("s9", "step", "Lowered the lifetime to 1 hour on both sides", outcome=outcome)
    assert texts("next_step", taken, earlier("next_step")) == []
    assert texts("next_step", earlier("next_step"), taken) == [CONFIRMED["next_step"]]


def test_what_somebody_proposed_is_gone_once_it_was_done():
    proposed = Source("m2", "message", "Next I would swap the core switch.")
    done = Source("s3", "step", "Swapped the core switch", outcome="failed")
    assert texts("next_step", done, proposed) == []
    assert texts("next_step", proposed, done) == ["Next I would swap the core switch."]


# --- the contact, which the session has -----------------------------------------------------------


def test_a_contact_corrected_since_stands_alone(session, ana, bo):
    handoff = Handoff.escalate(session, ana, notes="Stuck", contact="Jo, ext. 4")
    assert lines(handoff)["contact"] == [("Jo, ext. 4", "sender")]
    handoff.session.change(bo, contact="Ms Ray, ext. 9")
    handoff = Handoff.objects.get(pk=handoff.pk)
    assert lines(handoff)["contact"] == [("Ms Ray, ext. 9", "session")]
    handoff.session.change(bo, contact="")
    assert lines(Handoff.objects.get(pk=handoff.pk))["contact"] == []
