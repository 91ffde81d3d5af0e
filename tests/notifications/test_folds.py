"""The bell by session: what folds under what, what is unread, and what reading one reads."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from handoffs.models import Handoff
from notifications.models import Fold, Notification, folds_of
from notifications.models.fold import EARLIER
from notifications.views.bell import SHOWN
from resolutionflow.accounts.models import Event, User
from sessions_app.models import Session, SessionWatch
from tests.api_client import client_of
from tests.bell_lines import ring
from tests.conftest import relay_all

BELL = "/notifications/"


def bell(user: User, *, unread: bool = False, before: int | None = None, limit: int = SHOWN) -> list[Fold]:
    return folds_of(user, unread=unread, before=before, limit=limit)


def titles(folds: list[Fold]) -> list[list[str]]:
    return [[line.title for line in fold.lines] for fold in folds]


@pytest.fixture
def two(ana) -> tuple[Session, Session]:
    return Session.open(ana, problem_summary="No paper"), Session.open(ana, problem_summary="No mail")


def unread_of(user: User) -> int:
    return Notification.objects.of(user).unread().count_sessions()


# --- what is shown -----------------------------------------------------------------------------


def test_one_line_a_session_newest_first_with_the_earlier_ones_under_it(two, bo, cy) -> None:
    paper, mail = two
    for session, title in ((paper, "1"), (mail, "2"), (None, "key"), (paper, "3"), (None, "budget"), (paper, "4")):
        ring(bo, session, title)
    ring(cy, mail, "Cy's own")
    assert titles(bell(bo)) == [["4", "3", "1"], ["budget"], ["key"], ["2"]]
    assert [fold.earlier_count for fold in bell(bo)] == [2, 0, 0, 0]


def test_whoever_has_nothing_has_no_folds(bo) -> None:
    assert bell(bo) == bell(bo, unread=True) == []


def test_a_fold_is_unread_while_any_line_of_it_is(two, bo) -> None:
    paper, mail = two
    ring(bo, paper, "unread"), ring(bo, paper, "handled", done_at="2026-11-24T08:00Z")
    ring(bo, mail, "handled too", done_at="2026-11-24T08:00Z")
    assert [fold.is_unread for fold in bell(bo)] == [False, True]
    assert unread_of(bo) == 1
    assert titles(bell(bo, unread=True)) == [["unread"]], "of the unread ones alone"


def test_unread_counts_sessions_and_lines_about_none(two, bo, client, django_assert_num_queries) -> None:
    for session in (*two, *two, None, None):
        ring(bo, session)
    with django_assert_num_queries(1):
        assert unread_of(bo) == 4
    client.force_login(bo)
    assert '<span class="count" data-bell>4</span>' in client.get("/").content.decode()


def test_only_so_many_earlier_lines_are_shown_and_the_rest_is_counted(two, bo, client) -> None:
    paper, _mail = two
    Notification.objects.bulk_create(
        Notification(account_id=bo.account_id, user=bo, event=event, session=paper, title="old", why="y")
        for event in [
            Event.record(bo.account_id, "handoff.claimed", actor=None, session_id=paper.pk) for _ in range(EARLIER + 5)
        ]
    )
    Notification.objects.exclude(pk=Notification.objects.earliest("event_id").pk).update(read_at="2026-11-24T08:00Z")
    (fold,) = bell(bo)
    assert (len(fold.lines), fold.earlier_count, fold.not_shown) == (EARLIER + 1, EARLIER + 4, 4)
    assert fold.is_unread, "by one that is not shown"
    client.force_login(bo)
    page = client.get(BELL).content.decode()
    assert f"{EARLIER + 4} earlier" in page
    assert "and 4 before these" in page


def test_what_was_read_by_opening_its_session_is_read_in_the_fold(session, ana, bo, client) -> None:
    session.watch(bo)
    session.add_message(ana, content="Hello?")
    relay_all()
    client.force_login(bo)
    assert [fold.is_unread for fold in bell(bo)] == [True]
    client.get(session.get_absolute_url())
    assert [fold.is_unread for fold in bell(bo)] == [False]
    assert unread_of(bo) == 0


# --- pages -------------------------------------------------------------------------------------


def test_pages_of_sessions_and_a_session_is_on_one_of_them(ana, bo, client) -> None:
    sessions = [Session.open(ana, problem_summary=f"P{number}") for number in range(SHOWN + 2)]
    for session in (*sessions, *sessions[:2]):  # the first two are the newest now
        ring(bo, session, session.problem_summary)
    client.force_login(bo)
    first = client.get(BELL).content.decode()
    second = client.get(BELL + re.findall(r'rel="next" href="(\?before=\d+)"', first)[0]).content.decode()
    shown = [re.findall(r'id="(fold-\d+)"', page) for page in (first, second)]
    assert list(map(len, shown)) == [SHOWN, 2]
    assert not set(shown[0]) & set(shown[1])
    assert shown[0][:2] == [f"fold-{sessions[1].pk}", f"fold-{sessions[0].pk}"]
    assert ">Newest</a>" in second
    assert ">Older</a>" not in second


def test_the_unread_filter_stays_on_older_pages(ana, bo, client) -> None:
    for number in range(SHOWN + 1):
        ring(bo, Session.open(ana, problem_summary=f"P{number}"))
    client.force_login(bo)
    page = client.get(f"{BELL}?unread=1").content.decode()
    (older,) = re.findall(r'rel="next" href="\?unread=1&amp;before=(\d+)"', page)
    second = client.get(f"{BELL}?unread=1&before={older}").content.decode()
    assert len(re.findall(r'id="fold-', second)) == 1
    assert f'href="{BELL}?unread=1">Newest' in second


def test_each_empty_bell_says_so(bo, two, client) -> None:
    client.force_login(bo)
    assert "Nothing here yet" in client.get(BELL).content.decode()
    ring(bo, two[0], read_at="2026-11-24T08:00Z")
    page = client.get(f"{BELL}?unread=1").content.decode()
    assert "Nothing unread" in page
    assert "See all notifications" in page


@pytest.mark.parametrize("query", ["", "?unread=1"])
def test_many_sessions_with_many_lines_ask_as_often_as_one(ana, bo, client, query) -> None:
    client.force_login(bo)
    ring(bo, Session.open(ana, problem_summary="One"))
    client.get(BELL)
    few = _asked(client, query)
    for number in range(SHOWN + 5):
        session = Session.open(ana, problem_summary=f"P{number}")
        session.mute(bo)
        for _again in range(3):
            ring(bo, session)
        ring(bo, None)
    many = _asked(client, query)
    assert len(many) == len(few) <= 20, "\n".join(many)


def _asked(client: Client, query: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        client.get(BELL + query)
    return [one["sql"] for one in queries.captured_queries]


def test_a_page_of_the_bell_walks_an_index_from_its_newest_line(two, bo) -> None:
    newest = Notification.objects.of(bo).newest_of_sessions().values_list("pk", flat=True)[:SHOWN]
    plan = newest.explain()
    if connection.vendor == "sqlite":
        assert "bell_of_session (user_id=? AND session_id=? AND event_id>?)" in plan
        assert "TEMP B-TREE" not in plan, "nothing is sorted: it ends with the page"


# --- reading -----------------------------------------------------------------------------------


def test_reading_one_reads_its_session(two, bo, cy, client) -> None:
    paper, mail = two
    earlier, newest, other, key = ring(bo, paper), ring(bo, paper), ring(bo, mail), ring(bo, None)
    cys = ring(cy, paper)
    client.force_login(bo)
    answer = client.post(reverse("notification_read", args=[newest.pk]))
    assert answer["Location"] == paper.get_absolute_url()
    unread = set(Notification.objects.filter(read_at=None))
    assert unread == {other, key, cys}
    assert unread_of(bo) == 2
    client.post(reverse("notification_read", args=[key.pk]))
    assert set(Notification.objects.filter(read_at=None)) == {other, cys}, "one about no session stands alone"
    earlier.refresh_from_db()
    assert earlier.read_at


def test_an_earlier_line_reads_its_session_too(two, bo, client) -> None:
    first, _second = ring(bo, two[0]), ring(bo, two[0])
    client.force_login(bo)
    client.post(reverse("notification_read", args=[first.pk]))
    assert unread_of(bo) == 0


def test_what_came_after_the_page_was_drawn_is_not_read_with_it(two, bo, client) -> None:
    line = ring(bo, two[0])
    client.force_login(bo)
    ring(bo, two[0], "came since")
    seen = {"seen": line.event_id}
    answer = client.post(
        reverse("notification_read", args=[line.pk]),
        seen,
        headers={"Referer": "http://testserver/notifications/?unread=1"},
    )
    assert answer["Location"] == "/notifications/?unread=1"
    assert [line.title for line in Notification.objects.of(bo).unread()] == ["came since"]
    ring(bo, two[1], "came too")
    client.post(reverse("notifications_read_all"), seen)
    client.post(reverse("notifications_read_all"), {"seen": "none of it"})
    assert unread_of(bo) == 2
    client.post(reverse("notifications_read_all"))
    assert unread_of(bo) == 0


def test_a_page_with_scripts_fetches_itself_after_reading(two, bo, client) -> None:
    line = ring(bo, two[0])
    client.force_login(bo)
    for path in (reverse("notification_read", args=[line.pk]), reverse("notifications_read_all")):
        assert client.post(path, {"seen": line.event_id}, headers={"HX-Request": "true"}).status_code == 204


def test_the_api_reads_a_session_by_one_of_its_lines(two, bo) -> None:
    line, _other, alone = ring(bo, two[0]), ring(bo, two[0]), ring(bo, None)
    api = client_of(bo)
    assert api.post(f"notifications/{line.pk}/read/").json()["unread"] is False
    left = api.get("notifications/", {"unread": "true"}).json()["results"]
    assert [line["id"] for line in left] == [alone.pk]


# --- muting ------------------------------------------------------------------------------------


def test_a_session_is_muted_and_unmuted_from_its_line(session, ana, bo, client) -> None:
    Handoff.escalate(session, ana, notes="Stuck")
    relay_all()
    client.force_login(bo)
    mute, unmute = (reverse(name, args=[session.pk]) for name in ("session_mute", "session_watch"))
    assert f'formaction="{mute}"' in client.get(BELL).content.decode()
    answer = client.post(mute, headers={"Referer": f"http://testserver{BELL}?unread=1"})
    assert answer["Location"] == f"{BELL}?unread=1"
    page = client.get(BELL).content.decode()
    assert f'formaction="{unmute}"' in page
    assert '<span class="chip">muted</span>' in page
    assert SessionWatch.state_of(session, bo) == "muted"
    client.post(unmute)
    assert f'formaction="{mute}"' in client.get(BELL).content.decode()


def test_a_line_about_no_session_cannot_be_muted(bo, client) -> None:
    ring(bo, None)
    client.force_login(bo)
    assert "Mute" not in client.get(BELL).content.decode()


# --- what a browser shows ----------------------------------------------------------------------


def test_the_newest_unread_line_is_given_once_for_each_that_comes(two, bo, cy, eve, client) -> None:
    client.force_login(bo)
    assert client.get(f"{BELL}newest/").json() is None
    ring(bo, two[0], "first")
    line = ring(bo, two[1], "second")
    ring(cy, two[0], "Cy's own")
    assert client.get(f"{BELL}newest/").json() == {
        "id": line.pk, "title": "second", "url": two[1].get_absolute_url(), "tag": f"session-{two[1].pk}",
    }  # fmt: skip
    assert client.get(f"{BELL}newest/?after={line.pk}").json() is None
    later = ring(bo, None, "key refused")
    assert client.get(f"{BELL}newest/?after={line.pk}").json()["tag"] == f"line-{later.pk}"
    Notification.objects.of(bo).mark_read()
    assert client.get(f"{BELL}newest/").json() is None
    for nonsense in ("x", "-1", "9" * 30):
        assert client.get(f"{BELL}newest/?after={nonsense}").json() is None


def test_nothing_of_another_account_and_nothing_to_nobody(two, bo, eve, client) -> None:
    ring(bo, two[0])
    assert client.get(f"{BELL}newest/").status_code == 302
    client.force_login(eve)
    assert client.get(f"{BELL}newest/").json() is None
    assert "fold-" not in client.get(BELL).content.decode()
