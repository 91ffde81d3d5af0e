"""The timeline: every event of a session or handoff in order and in words, filtered, paged, live and as CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from handoffs.models import Handoff
from notifications import timeline
from resolutionflow.accounts.models import ApiToken, Event, Team
from resolutionflow.core import clock, origin, spreadsheet
from sessions_app.models import Session, Step
from tests.api_client import client_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume asynchronous iterators"),
]


@pytest.fixture
def life(session, ana, bo, cy, lea, network) -> Handoff:
    """Escalated to a team, claimed, escalated again while claimed, claimed by Cy, resolved."""
    first = Handoff.escalate(session, ana, notes="Stuck", priority=1, target_team=network)
    first.claim(bo)
    session.steps.get(order=1).change(bo, outcome=Step.Outcome.WORKED, free_text="=HYPERLINK(1)")
    session.refresh_from_db()
    second = Handoff.escalate(session, bo, notes="Night shift")
    with origin.coming_from("api"):
        second.claim(cy)
    second.session.resolve(cy, resolution="Replaced the router", root_cause="Firmware")
    return first


def seen(answer) -> list[int]:
    """The numbers of the events on the page, in their order."""
    return [int(number) for number in re.findall(r'<li id="e(\d+)"', answer.content.decode())]


def numbers(**filters) -> list[int]:
    return list(Event.objects.filter(**filters).order_by("seq").values_list("seq", flat=True))


def at(life: Handoff, query: str = "") -> str:
    return f"/sessions/{life.session_id}/timeline/{query}"


# --- the page --------------------------------------------------------------------------------------


def test_a_session_shows_every_event_of_it_in_order(life, client, vic) -> None:
    client.force_login(vic)
    Session.open(life.sender, problem_summary="Another one")
    answer = client.get(at(life))
    assert seen(answer) == numbers(session_id=life.session_id)
    text = answer.content.decode()
    assert "Ana Tester escalated it to Network, priority high" in text
    changed = "outcome: failed → worked, what came of it: error 809 again → =HYPERLINK(1)"
    assert f"Bo Tester changed step s1: {changed}" in text
    assert f"Bo Tester escalated it, priority normal; handoff {life.pk} was closed (superseded)" in text
    assert "Cy Tester resolved it: Replaced the router (root cause: Firmware)" in text
    assert f'href="/sessions/{life.session_id}/?at=s1#s1"' in text
    assert f'href="/handoffs/{life.pk}/"' in text


def test_a_handoff_shows_its_own_and_what_closed_it(life, client, bo) -> None:
    client.force_login(bo)
    answer = client.get(f"/handoffs/{life.pk}/timeline/")
    kinds = [Event.objects.get(seq=seq).kind for seq in seen(answer)]
    assert kinds == ["handoff.escalated", "handoff.claimed", "handoff.escalated"]
    assert "Steps" not in answer.content.decode().split("<main")[1].split('class="panel"')[0]


def test_it_is_filtered_by_kind_person_and_origin(life, client, bo, cy) -> None:
    client.force_login(bo)
    of = {"session_id": life.session_id}
    assert seen(client.get(at(life, "?kind=handoff"))) == numbers(**of, kind__startswith="handoff.")
    assert seen(client.get(at(life, "?kind=step,branch"))) == numbers(**of, kind__startswith="step.")
    assert seen(client.get(at(life, "?kind=handoff.claimed"))) == numbers(**of, kind="handoff.claimed")
    assert seen(client.get(at(life, f"?actor={cy.pk}"))) == numbers(**of, actor=cy)
    assert seen(client.get(at(life, "?actor=me&kind=handoff"))) == numbers(**of, actor=bo, kind__startswith="handoff.")
    assert seen(client.get(at(life, "?origin=api"))) == numbers(**of, origin="api")
    assert "Nothing fits this filter" in client.get(at(life, "?actor=time")).content.decode()


def test_what_time_did_is_by_time(waiting, client, bo) -> None:
    waiting.session.record_event("summary.failed", None, handoff_id=waiting.pk, error="Too slow")
    client.force_login(bo)
    answer = client.get(f"/handoffs/{waiting.pk}/timeline/?actor=time")
    assert len(seen(answer)) == 1
    assert '<span dir="auto">by time</span>' in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    ["?kind=<b>", "?kind=,", "?actor=x", f"?actor={10**19}", "?origin=window", "?order=newest&upto=-1", "?upto=x"],
)
def test_a_word_that_says_nothing_is_passed_over(query, life, client, bo) -> None:
    client.force_login(bo)
    assert len(seen(client.get(at(life, query)))) == Event.objects.filter(session_id=life.session_id).count()


def test_newest_first_stands_still_and_says_what_is_newer(life, client, bo) -> None:
    client.force_login(bo)
    newest = max(numbers(session_id=life.session_id))
    Session.objects.get(pk=life.session_id).reopen(bo, reason="Again")
    answer = client.get(at(life, f"?order=newest&upto={newest}"))
    assert seen(answer) == numbers(session_id=life.session_id, seq__lte=newest)[::-1]
    assert "1 newer" in answer.content.decode()


def test_it_is_paged_and_grouped_by_the_readers_days(session, client, bo) -> None:
    bo.time_zone = "Pacific/Auckland"
    bo.save(update_fields=["time_zone"])
    client.force_login(bo)
    for day in range(3):
        with clock.replayed_at(datetime(2026, 3, 1, 13, tzinfo=UTC) + timedelta(days=day)):
            for _ in range(timeline.PAGE // 2):
                session.record_event("session.reopened", bo)
    first = client.get(f"/sessions/{session.pk}/timeline/?kind=session.reopened")
    assert len(seen(first)) == timeline.PAGE
    text = first.content.decode()
    assert "Monday 2 March 2026" in text  # Sunday afternoon in UTC
    cursor = re.search(r'rel="next" href="\?([^"]+)"', text)
    assert cursor
    rest = client.get(f"/sessions/{session.pk}/timeline/?{cursor[1].replace('&amp;', '&')}")
    assert seen(first) + seen(rest) == numbers(kind="session.reopened")


def test_it_asks_the_database_as_often_for_many(life, client, bo) -> None:
    client.force_login(bo)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(at(life))
        return len(queries)

    client.get(at(life))
    few = asked()
    session = Session.objects.get(pk=life.session_id)
    session.reopen(bo, reason="Again")
    for number in range(20):
        session.add_step(bo, text=f"Step {number}").change(bo, outcome=Step.Outcome.FAILED)
        session.add_message(bo, content="Hello")
    assert asked() <= few + 1, "messages came into it, nothing else"
    assert asked() <= 16


def test_pages_lead_to_it(life, client, olga) -> None:
    client.force_login(olga)
    session, handoff = f"/sessions/{life.session_id}/timeline/", f"/handoffs/{life.pk}/timeline/"
    assert session in client.get(f"/sessions/{life.session_id}/").content.decode()
    assert handoff in client.get(f"/handoffs/{life.pk}/").content.decode()
    assert session in client.get(f"/admin/sessions_app/session/{life.session_id}/change/").content.decode()
    assert handoff in client.get(f"/admin/handoffs/handoff/{life.pk}/change/").content.decode()


def test_it_is_a_live_region_of_its_session(life, client, bo) -> None:
    client.force_login(bo)
    text = client.get(f"/handoffs/{life.pk}/timeline/").content.decode()
    assert f'data-watch="session:{life.session_id}"' in text
    assert re.search(r'id="timeline"[^>]*data-live="refetch"', text)


# --- CSV -------------------------------------------------------------------------------------------


def rows_of(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))


def test_the_csv_says_the_same(life, client, bo, ana) -> None:
    client.force_login(bo)
    answer = client.get(at(life, "?format=csv"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="session-{life.session_id}-timeline.csv"'
    rows = rows_of(answer)
    assert list(rows[0]) == timeline.COLUMNS
    assert [int(row["seq"]) for row in rows] == numbers(session_id=life.session_id)
    assert b"".join(client.get(at(life, "?format=csv"))).startswith(b"\xef\xbb\xbfseq"), "Excel asks for the BOM"
    first = rows[0]
    assert first["what"] == "Ana Tester opened the session: VPN drops every ten minutes for two users"
    assert (first["kind"], first["actor"], first["actor_id"]) == ("session.opened", "Ana Tester", str(ana.pk))
    assert first["at"].endswith("Z")
    assert datetime.fromisoformat(first["at"]) - timezone.now() < timedelta(minutes=1)
    assert json.loads(rows[-1]["facts"])["resolution"] == "Replaced the router"


def test_the_csv_has_the_filters_and_the_turn_of_the_page(life, client, cy) -> None:
    client.force_login(cy)
    rows = rows_of(client.get(f"/handoffs/{life.pk}/timeline/?format=csv&kind=handoff.escalated&order=newest&upto=1"))
    of_it = [row["handoff"] for row in rows]
    assert of_it == [str(life.session.handoffs.exclude(pk=life.pk).get().pk), str(life.pk)]


def test_no_cell_is_a_formula(session, client, ana) -> None:
    ana.name = '=cmd|"/c calc"!A1'
    ana.save(update_fields=["name"])
    client.force_login(ana)
    for row in rows_of(client.get(f"/sessions/{session.pk}/timeline/?format=csv")):
        assert row["actor"] == f"'{ana.name}"
        assert not row["what"].startswith(spreadsheet.FORMULA)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\ta", "\ra", "\na"])
def test_what_begins_like_a_formula_is_made_text(text) -> None:
    assert spreadsheet.without_formula(text) == f"'{text}"
    assert spreadsheet.without_formula(f"a{text}") == f"a{text}"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_long_one_streams(session, ana, live_site, client) -> None:
    """20,000 events arrive in pieces, the first long before the last is read from the database."""
    account, last = ana.account, ana.account.__class__.objects.get(pk=ana.account_id).last_seq
    Event.objects.bulk_create(
        Event(
            account=account, seq=last + n, kind="session.reopened", at=timezone.now(), actor=ana, origin="web",
            session_id=session.pk, facts={"reason": "x" * 100}, relayed_at=timezone.now(),
        )
        for n in range(1, 20_001)
    )  # fmt: skip
    client.force_login(ana)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    address = f"{live_site.url}/sessions/{session.pk}/timeline/?format=csv"
    lines, pieces = 0, 0
    with httpx2.stream("GET", address, cookies=cookies, timeout=60) as answer:
        assert answer.status_code == 200
        for piece in answer.iter_raw():
            pieces, lines = pieces + 1, lines + piece.count(b"\r\n")
            assert len(piece) < 1_000_000
    assert lines == 1 + Event.objects.filter(session_id=session.pk).count()
    assert pieces >= 20_000 // timeline.CHUNK


# --- the API ---------------------------------------------------------------------------------------


def test_the_api_gives_a_handoffs_events_with_the_same_filters(life, bo, cy) -> None:
    client = client_of(bo)
    path = f"handoffs/{life.pk}/events/"
    rows = client.get(path).json()["results"]
    assert [row["kind"] for row in rows] == ["handoff.escalated", "handoff.claimed", "handoff.escalated"]
    assert set(rows[0]) == {"seq", "kind", "at", "actor", "origin", "session", "handoff", "facts"}
    assert [row["kind"] for row in client.get(f"{path}?kind=handoff.claimed").json()["results"]] == ["handoff.claimed"]
    assert [row["actor"]["id"] for row in client.get(f"{path}?actor=me").json()["results"]] == [bo.pk, bo.pk]
    assert client.get(f"{path}?actor=time").json()["results"] == []
    path = f"sessions/{life.session_id}/events/"
    assert {row["origin"] for row in client.get(f"{path}?origin=api").json()["results"]} == {"api"}
    kinds = {row["kind"] for row in client.get(f"{path}?kind=step,session.opened").json()["results"]}
    assert kinds == {"step.added", "step.changed", "session.opened"}


@pytest.mark.parametrize("query", ["kind=,", "kind=Hand off", "kind=handoff.", "actor=x", "origin=window", "page=2"])
def test_the_api_says_what_is_wrong_with_a_filter(query, life, bo) -> None:
    answer = client_of(bo).get(f"handoffs/{life.pk}/events/?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [query.split("=")[0]])


def test_another_accounts_is_404(life, client, eve) -> None:
    client.force_login(eve)
    for path in (at(life), at(life, "?format=csv"), f"/handoffs/{life.pk}/timeline/"):
        assert client.get(path).status_code == 404
    assert client_of(eve).get(f"handoffs/{life.pk}/events/").status_code == 404
    assert ApiToken.objects.filter(user=eve).exists()
    assert Team.objects.visible_to(eve).count() == 0
