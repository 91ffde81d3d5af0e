"""Visits: who has seen a session is noted by opening it; who comes back after a while reads what changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from handoffs.models import Handoff
from sessions_app.models import Visit

pytestmark = pytest.mark.django_db
PANEL = 'id="since"'
NEW, CHANGED = "new since you were here", "changed since you were here"


def away(user, minutes: int = 20) -> None:
    """As if this person had looked so long ago."""
    Visit.objects.filter(user=user).update(last_at=timezone.now() - timedelta(minutes=minutes))


def panel(html: str) -> str:
    return html.partition(PANEL)[2].partition("</section>")[0]


@pytest.fixture
def look(client):
    def look(user, path: str, **headers: str) -> str:
        client.force_login(user)
        return client.get(path, headers=headers).content.decode()

    return look


@pytest.fixture(params=["session", "pick-up screen"])
def path(request, waiting) -> str:
    return f"/sessions/{waiting.session_id}/" if request.param == "session" else f"/handoffs/{waiting.pk}/"


class TestVisits:
    def test_a_page_opened_is_a_visit(self, look, path, bo):
        look(bo, path)
        look(bo, path)
        assert Visit.objects.get().user == bo

    @pytest.mark.parametrize("address", ["/handoffs/{}/preview/", "/queue/?open={}"])
    def test_a_look_from_the_list_is_one_too(self, look, waiting, bo, address):
        look(bo, address.format(waiting.pk))
        assert Visit.objects.get().user == bo

    def test_a_page_brought_up_to_date_is_none(self, look, client, path, bo):
        look(bo, path, **{"X-Requested-With": "live"})
        client.head(path)
        assert not Visit.objects.exists()

    def test_neither_is_a_form_that_comes_again(self, client, waiting, ana):
        client.force_login(ana)
        assert client.post(f"/handoffs/{waiting.pk}/priority/", {"priority": "x"}).status_code == 422
        assert not Visit.objects.exists()


class TestSeenBy:
    def test_the_sender_reads_who_has_looked(self, look, waiting, ana, bo, cy):
        assert "Nobody else has opened it yet." in look(ana, f"/handoffs/{waiting.pk}/")
        look(cy, f"/sessions/{waiting.session_id}/")
        look(bo, f"/handoffs/{waiting.pk}/")
        html = look(ana, f"/handoffs/{waiting.pk}/").partition("data-seen-by")[2].partition("</p>")[0]
        assert html.index("Bo Tester") < html.index("ago") < html.index("Cy Tester")

    def test_nobody_else_does(self, look, waiting, bo, cy, lea, vic):
        look(bo, f"/handoffs/{waiting.pk}/")
        for user in (cy, lea, vic):
            assert "Seen by" not in look(user, f"/handoffs/{waiting.pk}/")

    def test_looks_from_before_the_handoff_do_not_count(self, look, session, ana, bo):
        look(bo, f"/sessions/{session.pk}/")
        handoff = Handoff.escalate(session, ana, notes="Stuck")
        Visit.objects.update(last_at=handoff.created_at - timedelta(seconds=1))
        assert "Seen by" not in look(ana, f"/handoffs/{handoff.pk}/")


class TestWhatChanged:
    def test_on_a_first_visit_there_is_nothing_to_say(self, look, session, path, ana, bo):
        assert PANEL not in look(bo, path)
        session.add_step(ana, text="Seen as it came")
        assert PANEL not in look(bo, path)

    def test_after_a_while_it_is_said_in_words_and_marked(self, look, session, path, ana, cy, bo):
        look(bo, path)
        away(bo)
        session.add_step(ana, text="Called the carrier", outcome="worked")
        session.add_step(cy, text="Swapped the cable", outcome="failed")
        session.steps.get(order=2).change(cy, outcome="worked")
        session.add_message(ana, content="Any news?")
        html = look(bo, path)
        said = panel(html)
        for line in ("What changed since you last saw this", "Ana Tester added step s4", "Cy Tester added step s5"):
            assert line in said
        assert "1 new step worked" in said
        assert "1 new step failed" in said
        assert f"/sessions/{session.pk}/timeline/" in said
        assert html.count(NEW) == 3, "two steps and a message, on either page"
        assert html.count(CHANGED) == 1

    def test_ones_own_work_is_no_news(self, look, session, path, bo):
        look(bo, path)
        away(bo)
        session.add_step(bo, text="From elsewhere")
        html = look(bo, path)
        assert PANEL not in html
        assert NEW not in html

    def test_a_short_absence_is_none(self, look, session, path, ana, bo):
        look(bo, path)
        away(bo, minutes=14)
        session.add_step(ana, text="x")
        assert PANEL not in look(bo, path)

    def test_it_stays_while_the_page_is_read_and_goes_with_the_next_absence(self, look, session, path, ana, bo):
        look(bo, path)
        away(bo)
        session.add_step(ana, text="x")
        first = panel(look(bo, path))
        session.add_step(ana, text="This one they see coming")
        for headers in ({"X-Requested-With": "live"}, {}):
            again = look(bo, path, **headers)
            assert "added step s4" in panel(again)
            assert "added step s5" not in panel(again)
        assert first
        away(bo)
        assert PANEL not in look(bo, path)

    def test_ten_are_said_and_the_rest_counted(self, look, session, path, ana, bo):
        look(bo, path)
        away(bo)
        for number in range(13):
            session.add_step(ana, text=f"Try {number}", outcome="failed")
        said = panel(look(bo, path))
        assert said.count("<li>") == 10
        assert "Ana Tester added step s16" in said
        assert "added step s6 " not in said
        assert "3 more: view all activity" in said
        assert "13 new steps failed" in said

    def test_it_asks_as_often_for_many_as_for_few(self, look, session, path, ana, bo):
        asked = []
        for many in (2, 40):
            look(bo, path)
            away(bo)
            for number in range(many):
                session.add_step(ana, text=f"Try {number}", outcome="failed")
            look(bo, path)
            with CaptureQueriesContext(connection) as queries:
                assert PANEL in look(bo, path, **{"X-Requested-With": "live"})
            asked.append(len(queries))
        assert asked[1] <= asked[0] + 1  # beyond ten they are counted


class TestAPark:
    @pytest.fixture
    def parked(self, session, ana) -> Handoff:
        return Handoff.park(session, ana, notes="Part on its way", wake_at=timezone.now() + timedelta(hours=1))

    def due(self, parked: Handoff) -> None:
        Handoff.objects.filter(pk=parked.pk).update(wake_at=timezone.now() - timedelta(minutes=1))
        parked.refresh_from_db()
        assert parked.wake()

    def addresses(self, parked: Handoff) -> list[str]:
        return [f"/handoffs/{parked.pk}/", f"/sessions/{parked.session_id}/"]

    def test_that_is_due_says_what_changed_since_it_was_parked(self, look, session, parked, ana, cy):
        for path in self.addresses(parked):
            assert PANEL not in look(ana, path)
        session.refresh_from_db()
        session.add_step(cy, text="The part is here", outcome="worked")
        self.due(parked)
        for path in self.addresses(parked):
            said = panel(look(ana, path))
            assert "What changed since you parked it" in said
            assert "Cy Tester added step s4" in said
            assert "opened the session" not in said

    def test_that_nothing_changed_is_said_as_well(self, look, parked, ana):
        self.due(parked)
        for path in self.addresses(parked):
            assert "Nothing: it stands as it was left." in panel(look(ana, path))

    def test_it_is_for_whose_it_is(self, look, parked, bo):
        self.due(parked)
        for path in self.addresses(parked):
            assert PANEL not in look(bo, path)
