"""Who watches a session, and is notified of what is said there: in the bell alone, one unread line at most."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from handoffs.models import Handoff
from notifications.models import Delivery, Notification
from notifications.prune import prune
from notifications.relay import relay
from notifications.sweep import do_it, sweep
from resolutionflow.accounts.models import Event, User
from resolutionflow.core.refusals import NotAllowed
from sessions_app.models import Session, SessionWatch
from tests.api_client import client_of
from tests.conftest import relay_all

SUBJECT = "#48190 VPN drops every ten minutes for two users"


def watchers(session: Session) -> set[str]:
    return {watch.user.first_name for watch in session.watches.filter(muted=False).select_related("user")}


def lines(user: User) -> Any:
    return Notification.objects.filter(user=user, cause="watch").order_by("event_id")


@pytest.fixture
def quiet(ana) -> Session:
    """Ana has opened it, and nobody has written."""
    return Session.open(ana, problem_summary="No paper")


# --- who watches -------------------------------------------------------------------------------


def test_who_writes_watches(quiet, ana, bo, cy) -> None:
    assert watchers(quiet) == set()
    quiet.add_step(bo, text="Filled in paper")
    quiet.add_message(cy, content="Which tray?")
    assert watchers(quiet) == {"Bo", "Cy"}
    quiet.add_message(cy, content="The upper one?")
    assert quiet.watches.count() == 2


def test_who_is_mentioned_watches(quiet, ana, bo, cy, lea) -> None:
    quiet.add_message(ana, content="Perhaps @Bo knows", asked=[cy])
    Handoff.escalate(quiet, ana, notes="@Lea Tester has the key")
    assert watchers(quiet) == {"Ana", "Bo", "Cy", "Lea"}


def test_what_the_system_writes_watches_for_nobody(quiet) -> None:
    quiet.add_message(None, content="Analysis", role="system")
    assert watchers(quiet) == set()


def test_who_chose_to_watches_and_who_muted_it_does_not(quiet, bo) -> None:
    quiet.watch(bo)
    quiet.watch(bo)
    assert watchers(quiet) == {"Bo"}
    quiet.mute(bo)
    quiet.mute(bo)
    assert (watchers(quiet), quiet.watches.get().muted) == (set(), True)
    quiet.watch(bo)
    assert watchers(quiet) == {"Bo"}


def test_a_mute_stays_whoever_writes_or_mentions(quiet, ana, bo) -> None:
    quiet.mute(bo)
    quiet.add_message(ana, content="@Bo which tray?")
    quiet.add_message(bo, content="The upper one")
    quiet.add_step(bo, text="Filled it")
    assert quiet.watches.get(user=bo).muted


def test_a_viewer_neither_watches_nor_mutes(quiet, vic) -> None:
    for verb in (quiet.watch, quiet.mute):
        with pytest.raises(NotAllowed):
            verb(vic)
    assert not quiet.watches.exists()


# --- what they are notified of -----------------------------------------------------------------


def test_a_message_notifies_those_who_watch_in_the_bell_alone(session, ana, bo, cy, lea) -> None:
    session.watch(bo)
    session.mute(cy)
    relay_all()
    session.add_message(lea, content="\nThe second user has the same router.\nIt is old.")
    relay_all()
    (line,) = lines(bo)
    assert (
        line.title
        == "Lea Tester in #48190 VPN drops every ten minutes for two users: The second user has the same router."
    )
    assert (line.why, line.get_absolute_url()) == ("you watch this session", f"/sessions/{session.pk}/?at=m1#m1")
    assert lines(ana).count() == 1, "she has written steps"
    assert not lines(cy)
    assert not lines(lea)
    assert not Delivery.objects.exists()


def test_who_works_on_it_watches_it_unless_they_mute_it(quiet, ana, bo) -> None:
    assert (SessionWatch.state_of(quiet, ana), SessionWatch.state_of(quiet, bo)) == ("watching", "")
    quiet.add_message(bo, content="Which tray?")
    relay_all()
    assert lines(ana).get().why == "you watch this session"
    lines(ana).mark_read()
    quiet.mute(ana)
    assert SessionWatch.state_of(quiet, ana) == "muted"
    quiet.add_message(bo, content="The upper one?")
    relay_all()
    assert lines(ana).count() == 1
    assert not Delivery.objects.exists()


def test_one_unread_line_at_most(session, ana, bo) -> None:
    session.watch(bo)
    for number in range(3):
        session.add_message(ana, content=f"Message {number}")
    relay_all()
    (line,) = lines(bo)
    assert line.title.endswith(": Message 0")
    lines(bo).mark_read()
    session.add_message(ana, content="Message 3")
    relay_all()
    assert [one.title[-9:] for one in lines(bo)] == ["Message 0", "Message 3"]


def test_who_writes_has_read_what_was_said_before(session, ana, bo) -> None:
    session.watch(bo)
    session.add_message(ana, content="Hello?")
    relay_all()
    assert lines(bo).get().is_unread
    session.add_message(bo, content="Here")
    relay_all()
    assert lines(bo).get().read_at
    assert lines(bo).get().done_at is None


def test_who_opens_the_session_has_read_it(session, ana, bo, cy, client) -> None:
    for person in (bo, cy):
        session.watch(person)
    session.add_message(ana, content="Hello?")
    relay_all()
    client.force_login(bo)
    assert "data-bell>1<" in client.get("/queue/").content.decode()
    client.get(f"/sessions/{session.pk}/", headers={"X-Requested-With": "live"})
    assert lines(bo).unread(), "the page has only brought itself up to date"
    assert "data-bell hidden><" in client.get(f"/sessions/{session.pk}/").content.decode()
    assert not lines(bo).unread()
    assert lines(cy).unread()
    assert 'class="item line"' in client.get("/notifications/").content.decode()
    assert client_of(bo).get("notifications/?unread=true").json()["results"] == []
    session.add_message(ana, content="Are you there?")
    relay_all()
    assert [line.title[-14:] for line in lines(bo).unread()] == ["Are you there?"]
    assert [line.read_at is None for line in lines(bo)] == [False, True], "what is relayed marks what was seen before"
    assert lines(cy).get().read_at is None


def test_prune_forgets_what_was_read_by_opening_and_nothing_unread(session, ana, bo, cy, client, time_machine) -> None:
    for person in (bo, cy):
        session.watch(person)
    session.add_message(ana, content="Hello?")
    relay_all()
    client.force_login(bo)
    client.get(f"/sessions/{session.pk}/")
    time_machine.move_to("2036-01-01T00:00:00Z")
    prune(days=30)
    assert not lines(bo)
    assert lines(cy).get().is_unread


def test_a_mention_is_read_by_a_press_alone(session, ana, bo, client) -> None:
    session.add_message(ana, content="Hello @Bo")
    relay_all()
    client.force_login(bo)
    client.get(f"/sessions/{session.pk}/")
    assert Notification.objects.filter(user=bo).unread()


def test_an_answer_relayed_first_counts_all_the_same(session, ana, bo) -> None:
    session.watch(bo)
    session.add_message(ana, content="Hello?")
    session.add_message(bo, content="Here")
    for event in Event.objects.unrelayed().order_by("-seq"):
        relay(event.pk)
    assert not lines(bo).unread()


def test_a_mention_is_no_second_line(session, ana, bo) -> None:
    session.watch(bo)
    session.add_message(ana, content="Perhaps @Bo knows")
    relay_all()
    line = Notification.objects.get(user=bo)
    assert (line.cause, line.why) == ("mention", "you are mentioned in it")
    assert Delivery.objects.get().recipient == bo


def test_a_mention_comes_beside_an_unread_line(session, ana, bo) -> None:
    session.watch(bo)
    session.add_message(ana, content="Hello")
    session.add_message(ana, content="@Bo are you there?")
    relay_all()
    assert [line.cause for line in Notification.objects.filter(user=bo).order_by("event_id")] == ["watch", "mention"]


def test_the_end_of_a_session_settles_questions_and_leaves_the_lines_of_those_who_watch(session, ana, bo, cy) -> None:
    session.watch(bo)
    session.add_message(ana, content="@Cy which?")
    relay_all()
    session.resolve(ana, resolution="A new router")
    relay_all()
    assert lines(bo).get().is_unread
    assert Notification.objects.get(user=cy, cause="mention").done_at


def test_neither_viewers_nor_who_left_whatever_the_rows_say(session, ana, bo, vic, olga) -> None:
    SessionWatch.begin(session, [bo.pk, vic.pk])
    bo.deactivate(by=olga)
    session.add_message(ana, content="Hello")
    relay_all()
    assert not Notification.objects.filter(user__in=[bo, vic]).exists()


def test_once_however_often_it_is_relayed_and_swept(session, ana, bo) -> None:
    session.watch(bo)
    session.add_message(ana, content="Hello")
    pk = Event.objects.get(kind="message.added").pk
    assert relay(pk)
    assert not relay(pk)
    sweep(do_it)
    assert lines(bo).count() == 1


# --- mentions in notes -------------------------------------------------------------------------


def mention_of(user: User) -> Notification:
    return Notification.objects.get(user=user, cause="mention")


def test_a_note_notifies_whom_it_mentions_also_where_it_is_for_another(session, ana, bo, cy, mailoutbox) -> None:
    Handoff.escalate(session, ana, notes="@Cy Tester knows this firewall.", target_user=bo)
    relay_all()
    line = mention_of(cy)
    assert line.title == f"Ana Tester mentions you: {SUBJECT}"
    assert line.why == "you are mentioned in it"
    assert Notification.objects.get(user=bo).title.startswith("Ana Tester escalated #48190")
    Delivery.run(Delivery.objects.get(recipient=cy).pk)
    (mail,) = mailoutbox
    assert mail.body.splitlines()[0] == line.title
    assert "@Cy Tester knows this firewall." in mail.body


def test_for_whom_it_is_stays_the_reason(session, ana, bo) -> None:
    Handoff.escalate(session, ana, notes="@Bo please", target_user=bo)
    relay_all()
    line = Notification.objects.get(user=bo)
    assert (line.why, line.cause) == ("it is for you", "")
    assert line.title.startswith("Ana Tester escalated")


def test_a_claim_ends_no_mention(session, ana, bo, cy, lea, mailoutbox) -> None:
    waiting = Handoff.escalate(session, ana, notes="@Cy has the key")
    relay_all()
    waiting.claim(bo)
    relay_all()
    assert mention_of(cy).is_unread
    assert Notification.objects.filter(user=lea, event__kind="handoff.escalated").get().done_at
    Delivery.run(Delivery.objects.get(recipient=cy).pk)
    assert mailoutbox[0].to == [cy.email]


def test_a_claim_that_is_relayed_first_ends_none_either(session, ana, bo, cy) -> None:
    Handoff.escalate(session, ana, notes="@Cy has the key").claim(bo)
    for event in Event.objects.unrelayed().order_by("-seq"):
        relay(event.pk)
    assert mention_of(cy).is_unread
    assert Delivery.objects.filter(recipient=cy).exists()


def test_who_is_mentioned_and_claims_has_read_it(session, ana, cy) -> None:
    waiting = Handoff.escalate(session, ana, notes="@Cy has the key")
    relay_all()
    waiting.claim(cy)
    relay_all()
    assert mention_of(cy).read_at


def test_a_release_calls_whom_the_note_mentions_once(session, ana, bo, cy) -> None:
    waiting = Handoff.escalate(session, ana, notes="@Cy has the key")
    waiting.claim(bo)
    relay_all()
    waiting.release(bo)
    relay_all()
    assert Notification.objects.filter(user=cy).count() == 1, "the first is unread"
    waiting.claim(bo)
    relay_all()
    Notification.objects.filter(user=cy).mark_read()
    waiting.release(bo)
    relay_all()
    assert Notification.objects.filter(user=cy, event__kind="handoff.released").get().is_unread


def test_a_correction_notifies_those_alone_whom_it_names_anew(session, ana, bo, cy, lea, mailoutbox) -> None:
    waiting = Handoff.escalate(session, ana, notes="@Cy has the key", target_user=bo)
    relay_all()
    waiting.correct(ana, notes="@Cy has the key, @Lea the password")
    relay_all()
    assert mention_of(cy).event.kind == "handoff.escalated"
    line = mention_of(lea)
    assert (line.event.kind, line.title[:25]) == ("handoff.changed", "Ana Tester mentions you: ")
    Delivery.run(Delivery.objects.get(recipient=lea).pk)
    assert "Note, corrected by Ana Tester:\n@Cy has the key, @Lea the password" in mailoutbox[0].body
    waiting.correct(ana, suspect="The router")
    waiting.correct(ana, notes="@Lea has the password, @Cy the key")
    relay_all()
    assert Notification.objects.filter(cause="mention").count() == 2


def test_the_note_of_a_park_too(session, ana, bo, mailoutbox) -> None:
    Handoff.park(session, ana, notes="Waiting for @Bo Tester")
    relay_all()
    assert mention_of(bo).title.startswith("Ana Tester mentions you: #48190")
    Delivery.run(Delivery.objects.get(recipient=bo).pk)
    assert "Note from Ana Tester:\nWaiting for @Bo Tester" in mailoutbox[0].body


def test_a_step_too_and_once_where_it_is_made_of_a_message(session, ana, bo, cy, mailoutbox) -> None:
    step = session.add_step(ana, text="Restarted it, @Bo saw it", free_text="@Cy Tester")
    relay_all()
    line = mention_of(bo)
    assert (line.title, line.why) == (f"Ana Tester mentions you: {SUBJECT}", "you are mentioned in it")
    assert line.get_absolute_url() == f"/sessions/{session.pk}/?at={step.ref}#{step.ref}"
    Delivery.run(Delivery.objects.get(recipient=bo).pk)
    assert mailoutbox[0].body.startswith(
        f"{line.title}\n\nAna Tester mentions you in a step:\nRestarted it, @Bo saw it\n"
    )
    session.add_message(ana, content="Ask @Cy for the key").make_step(ana)
    relay_all()
    assert mention_of(cy).event.kind == "message.added"


def test_the_reasons_of_what_ends_a_claim_too(claimed, ana, bo, cy, lea) -> None:
    relay_all()
    claimed.return_(bo, reason="Ask @Cy, who was there")
    relay_all()
    assert mention_of(cy).title == f"Bo Tester mentions you: {SUBJECT}: Ask @Cy, who was there"
    (of_ana,) = Notification.objects.filter(user=ana, event__kind="handoff.returned")
    assert of_ana.title == f"Bo Tester returned {SUBJECT} to you: Ask @Cy, who was there"
    assert Notification.objects.filter(event__kind="handoff.returned").count() == 2


# --- an installation of before -----------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.thorough
def test_who_has_written_in_an_unfinished_session_watches_it(ana, bo, cy) -> None:
    going_on, over = (Session.open(ana, problem_summary=word) for word in ("Going on", "Over"))
    for session in (going_on, over):
        session.add_message(bo, content="Hello")
        session.add_message(bo, content="Again")
        session.add_message(None, content="Analysis", role="system")
        session.add_step(cy, text="Looked")
    over.resolve(ana, resolution="Done")
    try:
        MigrationExecutor(connection).migrate([("sessions_app", "0012_files")])
        call_command("migrate", verbosity=0)
        assert {(w.session, w.user, w.muted) for w in SessionWatch.objects.all()} == {
            (going_on, bo, False),
            (going_on, cy, False),
        }
    finally:
        call_command("migrate", verbosity=0)
