"""/sessions/7/: the page of one session."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handoffs.models import Handoff
from notifications.models import Delivery
from sessions_app.models import PsaConnection
from tests.conftest import add_picture


def refs(response):
    return [entry.ref for entry in response.context["trail"].entries]


def test_shows_the_trail_in_order(as_user, session, ana):
    session.add_message(ana, content="Is it only at home?")
    session.add_step(ana, text="Swapped the router")
    response = as_user(ana).get(session.get_absolute_url())
    assert response.status_code == 200
    assert refs(response) == ["s1", "s2", "s3", "m1", "s4"]
    text = response.content.decode()
    assert f'data-watch="session:{session.pk}"' in text
    for step in session.steps.all():
        assert f'id="step-{step.pk}"' in text
    for ref in refs(response):
        assert f'id="{ref}"' in text


def test_ids_are_unique(as_user, session, ana):
    session.add_branch(ana, label="Router")
    ids = re.findall(r'\sid="([^"]+)"', as_user(ana).get(session.get_absolute_url()).content.decode())
    assert len(ids) == len(set(ids)), sorted(one for one in ids if ids.count(one) > 1)


def test_500_steps_come_a_window_at_a_time(as_user, long_session, ana):
    client, url = as_user(ana), long_session.get_absolute_url()
    newest = client.get(url)
    assert len(refs(newest)) == 60
    assert refs(newest)[-1] == "m50"
    earlier = client.get(url, {"at": newest.context["trail"].earlier})
    assert newest.context["trail"].earlier in refs(earlier)
    assert refs(earlier)[0] == "s462"
    assert 'id="trail"' not in earlier.content.decode()  # live.js adds nothing to an old window
    before = client.get(url, {"until": "s491"})
    assert (refs(before)[0], refs(before)[-1], len(refs(before))) == ("s432", "s491", 60)


@pytest.mark.thorough
def test_earlier_reaches_the_beginning_and_later_the_end(as_user, long_session, ana):
    client, url, seen = as_user(ana), long_session.get_absolute_url(), set()
    trail = client.get(url).context["trail"]
    while trail.earlier:
        trail = client.get(url, {"at": trail.earlier}).context["trail"]
        seen |= {entry.ref for entry in trail.entries}
    assert trail.entries[0].ref == "s1"
    while trail.later:
        trail = client.get(url, {"at": trail.later}).context["trail"]
        seen |= {entry.ref for entry in trail.entries}
    assert len(seen) == 550


@pytest.mark.parametrize("at", ["s12", "s1", "m3", "s500"])
def test_any_entry_can_be_linked_to(as_user, long_session, ana, at):
    assert at in refs(as_user(ana).get(long_session.get_absolute_url(), {"at": at}))


@pytest.mark.parametrize("at", ["s9999", "x", "s-1", "s99999999999999999999", ""])
def test_a_link_to_nothing_shows_the_newest(as_user, session, ana, at):
    assert refs(as_user(ana).get(session.get_absolute_url(), {"at": at})) == ["s1", "s2", "s3"]


def test_entries_of_one_moment_keep_their_order(as_user, long_session, ana):
    """Imported steps may share one time."""
    moment = long_session.created_at
    long_session.steps.update(created_at=moment)
    long_session.messages.update(created_at=moment)
    client, url = as_user(ana), long_session.get_absolute_url()
    first = client.get(url).context["trail"]
    older = client.get(url, {"at": "s300"}).context["trail"]
    assert [entry.ref for entry in first.entries][:2] == ["s491", "s492"]
    assert [entry.order for entry in older.entries] == list(range(271, 331))


def test_one_branch_shows_its_steps(as_user, session, ana):
    branch = session.add_branch(ana, label="The router")
    session.add_step(ana, text="Swapped it", branch=branch)
    session.add_message(ana, content="hello")
    response = as_user(ana).get(session.get_absolute_url(), {"branch": branch.pk})
    assert refs(response) == ["s4"]
    assert as_user(ana).get(session.get_absolute_url(), {"branch": "nonsense"}).status_code == 200


def test_query_count_does_not_grow(
    as_user, session, long_session, ana, django_assert_num_queries, django_assert_max_num_queries
):
    client, url = as_user(ana), session.get_absolute_url()
    client.get(url)
    with django_assert_max_num_queries(20) as some:
        client.get(url)
    few = len(some)
    for n in range(5):
        branch = session.add_branch(ana, label=f"b{n}")
        session.add_step(ana, text="more", branch=branch)
    client.get(url)  # notes that there was more to see
    with django_assert_num_queries(few):
        client.get(url)


def test_its_files_are_read_once(as_user, session, ana, files_on_disk):
    for place in ({}, {"step": session.steps.first()}, {"message": session.add_message(ana, content="look")}):
        add_picture(session, ana, **place)
    with CaptureQueriesContext(connection) as queries:
        page = as_user(ana).get(session.get_absolute_url()).content.decode()
    assert page.count('class="file-link"') == 3
    assert len([query for query in queries if 'FROM "sessions_app_sessionfile"' in query["sql"]]) == 1


def test_steps_made_of_messages_ask_for_no_more(as_user, session, ana):
    client, url = as_user(ana), session.get_absolute_url()
    said = [session.add_message(ana, content=f"Tried cable {n}") for n in range(8)]
    asked = []
    for messages in (said[:1], said):
        for message in messages:
            message.make_step(ana)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        asked.append(
            [query["sql"] for query in queries if re.search("FROM .sessions_app_(step|message)", query["sql"])]
        )
    assert len(asked[0]) == len(asked[1])


def test_long_output_is_folded_under_its_error(as_user, session, ana):
    session.add_step(ana, text="Read the log", free_text="\n".join(["line"] * 40 + ["error 809: no carrier"]))
    text = as_user(ana).get(session.get_absolute_url()).content.decode()
    assert re.search(r"<summary>\s*<code[^>]*>error 809: no carrier</code>", text)


def test_what_was_typed_is_escaped(as_user, session, ana):
    session.add_step(ana, text="<script>alert(1)</script>", free_text="<img src=x onerror=alert(1)>")
    session.add_message(ana, content="<b hx-get=/logout/>")
    text = as_user(ana).get(session.get_absolute_url()).content.decode()
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "<b hx-get" not in text


def offered(response):
    return {verb for verb in ("resume", "escalate", "park", "resolve", "abandon", "reopen") if f"/{verb}/" in response}


@pytest.mark.parametrize(
    ("who", "where", "verbs"),
    [
        ("ana", "working", {"escalate", "park", "resolve", "abandon"}),
        ("lea", "working", {"escalate", "park", "resolve", "abandon"}),
        ("bo", "working", set()),
        ("vic", "working", set()),
        ("ana", "parked", {"resume", "escalate", "resolve", "abandon"}),
        ("lea", "parked", {"escalate", "resolve", "abandon"}),
        ("ana", "waiting", {"resolve", "abandon"}),
        ("bo", "resolved", {"reopen"}),
        ("vic", "resolved", set()),
    ],
)
def test_shows_the_verbs_of_each_person(request, as_user, session, ana, who, where, verbs):
    match where:
        case "parked":
            Handoff.park(session, ana)
        case "waiting":
            Handoff.escalate(session, ana, notes="stuck")
        case "resolved":
            session.resolve(ana, resolution="new cable")
    text = as_user(request.getfixturevalue(who)).get(session.get_absolute_url()).content.decode()
    assert offered(text) == verbs


def test_a_viewer_reads_and_finds_nothing_to_press(as_user, session, vic):
    text = as_user(vic).get(session.get_absolute_url()).content.decode()
    assert 'id="composer"' not in text
    assert "Restarted the VPN service" in text


def test_a_finished_session_says_what_fixed_it(as_user, session, ana):
    session.resolve(ana, resolution="Replaced the firmware", root_cause="MTU bug")
    text = as_user(ana).get(session.get_absolute_url()).content.decode()
    assert "Replaced the firmware" in text
    assert "MTU bug" in text
    assert 'id="composer"' not in text


def test_a_waiting_session_leads_to_its_handoff(as_user, waiting, ana):
    text = as_user(ana).get(waiting.session.get_absolute_url()).content.decode()
    assert f'href="/handoffs/{waiting.pk}/"' in text


def test_compose_puts_the_focus_in_the_composer(as_user, session, ana):
    client, url = as_user(ana), session.get_absolute_url()
    assert "autofocus" in client.get(f"{url}?compose=1").content.decode()
    assert "autofocus" not in client.get(url).content.decode()


def test_another_accounts_session_is_not_found(as_user, session, eve):
    assert as_user(eve).get(session.get_absolute_url()).status_code == 404


def test_the_ticket_leads_to_its_page(as_user, session, ana, northwind):
    tracker = PsaConnection.objects.create(
        account=northwind, name="RT", kind="request_tracker", base_url="https://rt.example/REST/2.0"
    )
    session.change(ana, psa_connection=tracker)
    text = as_user(ana).get(session.get_absolute_url()).content.decode()
    assert 'href="https://rt.example/Ticket/Display.html?id=48190"' in text


def test_a_note_that_failed_can_be_sent_again(as_user, session, ana):
    note = Delivery.objects.create(
        account=session.account, session=session, kind="note", address="48190", status="failed", error="Wrong key"
    )
    text = as_user(ana).get(session.get_absolute_url()).content.decode()
    assert "Wrong key" in text
    assert f"/deliveries/{note.pk}/retry/" in text
