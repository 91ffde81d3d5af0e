"""A claim as its pages show it: until when it lasts, "still on it", what follows when it ran out, the read-back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from handoffs.models import Handoff
from resolutionflow.accounts.models import Account, Event, User
from resolutionflow.core.refusals import WrongState

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def page(client, user, path: str) -> str:
    client.force_login(user)
    return client.get(path).content.decode()


def pages(client, user, handoff: Handoff) -> list[str]:
    """The pick-up screen and the session."""
    return [page(client, user, path) for path in (f"/handoffs/{handoff.pk}/", f"/sessions/{handoff.session_id}/")]


def send(client, user, handoff: Handoff, verb: str, **body: str):
    client.force_login(user)
    return client.post(f"/handoffs/{handoff.pk}/{verb}/", body)


def near_its_end(handoff: Handoff, minutes: int = 24) -> Handoff:
    """As if it had been claimed long ago; nothing happened since."""
    now = timezone.now()
    until = now + timedelta(minutes=minutes, seconds=50)  # the pages may take a while
    Handoff.objects.filter(pk=handoff.pk).update(
        lease_until=until, remind_at=now - timedelta(minutes=1), undo_until=None
    )
    handoff.refresh_from_db()
    return handoff


@pytest.fixture
def expired(claimed) -> Handoff:
    near_its_end(claimed, minutes=-1)
    assert claimed.expire()
    return claimed


@pytest.fixture(autouse=True)
def round_the_clock(northwind) -> None:
    """What day the tests run on makes no difference."""
    Account.objects.filter(pk=northwind.pk).update(business_hours={})


class TestTheLease:
    def test_everybody_reads_whose_it_is_until_when(self, client, claimed, ana, bo):
        for mine, theirs in zip(pages(client, bo, claimed), pages(client, ana, claimed), strict=True):
            assert "Yours until" in mine
            assert "Bo's until" in theirs
            assert "Running out" not in mine + theirs

    def test_near_its_end_it_warns_in_words_and_with_a_shape(self, client, claimed, ana, bo):
        near_its_end(claimed)
        for html in pages(client, bo, claimed) + pages(client, ana, claimed):
            assert "Running out" in html
            assert "in 24 min" in html
            assert "#alert" in html

    def test_it_leaves_the_page_in_time(self, client, claimed, bo):
        assert f'data-until="{claimed.lease_until.isoformat()}"' in page(client, bo, f"/handoffs/{claimed.pk}/")

    def test_the_claimed_lane_has_it(self, client, claimed, cy):
        assert "until" in page(client, cy, "/queue/?lane=claimed")
        assert "running out" in page(client, cy, f"/queue/?lane=claimed&x={near_its_end(claimed).pk}")

    def test_only_the_claimer_can_press_still_on_it(self, client, claimed, ana, bo, lea, vic):
        for html in pages(client, bo, claimed):
            assert f'formaction="/handoffs/{claimed.pk}/extend/"' in html
        for other in (ana, lea, vic):
            for html in pages(client, other, claimed):
                assert "I&#x27;m still working on this" not in html

    @pytest.mark.parametrize(("sent", "to"), [("", "/handoffs/{h}/"), ("session", "/sessions/{s}/")])
    def test_still_on_it_goes_back_to_where_it_was_pressed(self, client, claimed, bo, sent, to):
        near_its_end(claimed)
        answer = send(client, bo, claimed, "extend", page=sent)
        assert answer["Location"] == to.format(h=claimed.pk, s=claimed.session_id)
        assert "Claim extended to" in client.get(answer["Location"]).content.decode()
        claimed.refresh_from_db()
        assert not claimed.is_expiring

    def test_htmx_gets_that_part_alone(self, client, claimed, bo):
        near_its_end(claimed)
        client.force_login(bo)
        html = client.post(f"/handoffs/{claimed.pk}/extend/", {"page": "session"}, headers=HTMX).content.decode()
        assert html.strip().startswith(f'<div id="holding-{claimed.pk}"')
        assert "Yours until" in html
        assert "Running out" not in html
        assert 'name="page" value="session"' in html

    def test_a_claim_without_end_says_nothing_of_one(self, client, northwind, waiting, bo):
        Account.objects.filter(pk=northwind.pk).update(lease_minutes={**northwind.lease_minutes, "high": None})
        waiting.claim(User.objects.get(pk=bo.pk))
        for html in pages(client, bo, waiting):
            assert "until" not in html.partition('id="holding')[2].partition("</form>")[0]
            assert "I&#x27;m still working on this" not in html


class TestWhenItRanOut:
    def test_the_claimer_reads_what_happened_and_may_claim_again(self, client, expired, bo):
        for html in pages(client, bo, expired):
            assert "Your claim ran out" in html
            assert "What you wrote is kept." in html
            assert "Claim again" in html
        answer = send(client, bo, expired, "claim", way="continue")
        assert answer["Location"].startswith(f"/sessions/{expired.session_id}/")

    def test_others_read_why_it_waits_again(self, client, expired, ana, cy):
        for user in (ana, cy):
            for html in pages(client, user, expired):
                assert "It went back to the queue:" in html
                assert "The claim of Bo Tester ran out" in html
                assert "Claim again" not in html

    def test_it_is_over_with_the_next_claim(self, client, expired, bo, cy):
        expired.claim(cy)
        for html in pages(client, bo, expired):
            assert "Your claim ran out" not in html

    def test_extending_it_too_late_is_refused_with_a_sentence(self, expired, bo):
        with pytest.raises(WrongState, match="waiting in the queue"):
            expired.extend(bo)


class TestTheFirstMove:
    def test_it_is_offered_to_the_claimer_after_the_claim(self, client, waiting, ana, bo, cy):
        before = pages(client, bo, waiting)
        waiting.claim(bo)
        for html in pages(client, bo, waiting):
            assert "Next step" in html
            assert "optional; Ana sees it" in html
        for html in before + pages(client, ana, waiting) + pages(client, cy, waiting):
            assert "Next step" not in html

    def test_it_can_be_left_out(self, client, waiting, bo):
        client.force_login(bo)
        assert send(client, bo, waiting, "claim", way="own")["Location"].endswith("compose=1#composer")

    def test_the_sender_reads_it_everywhere(self, client, claimed, ana, bo, cy):
        send(client, bo, claimed, "read-back", text="  First  I look at the tunnel ")
        for user in (ana, cy):
            for html in pages(client, user, claimed):
                assert "Bo's next step:</strong> <bdi>First I look at the tunnel" in html
        assert "First I look at the tunnel" in page(client, ana, "/")
        assert "First I look at the tunnel" in page(client, cy, "/queue/?lane=claimed")

    @pytest.mark.parametrize(("sent", "to"), [("", "/handoffs/{h}/"), ("session", "/sessions/{s}/")])
    def test_it_is_said_where_one_is(self, client, claimed, bo, sent, to):
        answer = send(client, bo, claimed, "read-back", text="The tunnel", page=sent)
        assert answer["Location"] == to.format(h=claimed.pk, s=claimed.session_id)
        assert "Shared with Ana Tester." in client.get(answer["Location"]).content.decode()

    def test_it_can_be_changed(self, client, claimed, bo):
        for text in ("The tunnel", "No: the router"):
            send(client, bo, claimed, "read-back", text=text)
        html = page(client, bo, f"/handoffs/{claimed.pk}/")
        assert "My next step:</strong> <bdi>No: the router" in html
        assert 'value="No: the router"' in html
        assert Event.objects.filter(kind="handoff.read_back").count() == 2

    @pytest.mark.parametrize("text", ["", " \n ", "x" * 501])
    def test_what_does_not_fit_comes_again_as_it_was_typed(self, client, claimed, bo, text):
        for headers in ({}, HTMX):
            client.force_login(bo)
            path = f"/handoffs/{claimed.pk}/read-back/"
            answer = client.post(path, {"text": text, "page": "session"}, headers=headers)
            html = answer.content.decode()
            assert answer.status_code == 422
            assert 'aria-invalid="true"' in html
            assert text.strip() in html
            assert 'name="page" value="session"' in html or not headers
        assert not Event.objects.filter(kind="handoff.read_back").exists()

    @pytest.mark.parametrize("verb", ["release", "transfer", "undo"])
    def test_it_is_gone_with_the_claim_but_the_timeline_keeps_it(self, client, claimed, ana, bo, cy, verb):
        send(client, bo, claimed, "read-back", text="The tunnel first")
        if verb == "undo":
            assert send(client, bo, claimed, "undo").status_code == 409  # more has happened
            return
        send(client, bo, claimed, verb, to=str(cy.pk))
        for html in pages(client, ana, claimed):
            assert "next step:" not in html
        assert "read it back: The tunnel first" in page(client, ana, f"/sessions/{claimed.session_id}/")

    @pytest.mark.parametrize("who", ["ana", "cy", "lea", "vic"])
    def test_nobody_else_can_say_it(self, client, claimed, request, who):
        assert send(client, request.getfixturevalue(who), claimed, "read-back", text="x").status_code == 403


class TestUndo:
    def test_it_is_offered_as_long_as_it_works(self, client, claimed, bo):
        for html in pages(client, bo, claimed):
            assert "Undo the claim</button>" in html
            assert f'data-until="{claimed.undo_until.isoformat()}"' in html
        Handoff.objects.filter(pk=claimed.pk).update(undo_until=timezone.now())
        for html in pages(client, bo, claimed):
            assert "Undo the claim</button>" not in html

    def test_after_a_transfer_nobody_is_offered_it(self, client, claimed, bo, cy):
        claimed.transfer(bo, to=cy)
        for user in (bo, cy):
            for html in pages(client, user, claimed):
                assert "Undo the claim</button>" not in html
