"""What happens to a claim, as both sides see it: its lease, the read-back, who has seen it, what changed meanwhile."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from handoffs.models import Handoff
from notifications import sweep
from resolutionflow.accounts.models import Event, User
from sessions_app.models import Session, Visit
from tests.browser.conftest import Browse
from tests.browser.page_checks import WIDE, look
from tests.browser.waiting import live, place

pytestmark = pytest.mark.browser
RUNNING_OUT = re.compile(r"running out in 2\d min", re.IGNORECASE)


def open_at(page: Page, path: str) -> Page:
    page.goto(path)
    page.evaluate("window.notReloaded = true")
    return live(page)


def not_reloaded(*pages: Page) -> bool:
    return all(page.evaluate("window.notReloaded === true") for page in pages)


def later(handoff: Handoff, **fields: object) -> None:
    """Time goes by: these moments of the claim are now so far away, and the clock strikes."""
    Handoff.objects.filter(pk=handoff.pk).update(**fields)
    sweep.sweep(sweep.do_it)


def in_minutes(minutes: float) -> object:
    return timezone.now() + timedelta(minutes=minutes, seconds=5)


def away(user: User) -> None:
    """They were last here an hour ago."""
    Visit.objects.filter(user=user).update(last_at=timezone.now() - timedelta(hours=1))


def holding(page: Page, handoff: Handoff) -> Locator:
    return page.locator(f"#holding-{handoff.pk}")


# --- the lease -----------------------------------------------------------------------------------


def test_warning_and_end_of_a_lease_reach_both_screens(
    browse: Browse, claimed: Handoff, ana: User, bo: User, cy: User
) -> None:
    session = claimed.session.get_absolute_url()
    bos, anas = browse(bo), browse(ana)
    open_at(bos, session)
    open_at(anas, claimed.get_absolute_url())
    lane = open_at(browse(cy), "/queue/?lane=claimed")
    expect(bos.locator("#session-head")).to_contain_text("Yours until")
    expect(holding(anas, claimed)).to_contain_text("Bo's until")

    later(claimed, remind_at=in_minutes(-2), lease_until=in_minutes(24), undo_until=None)
    for page in (bos, anas):
        expect(holding(page, claimed).locator(".lease.expiring")).to_contain_text(RUNNING_OUT)
    expect(bos.locator("#session-head")).to_contain_text("Running out")
    expect(lane.locator(f"#card-{claimed.pk}")).to_contain_text(RUNNING_OUT)
    assert look(bos) == []
    assert look(anas) == []
    bos.set_viewport_size(WIDE)

    bos.get_by_role("button", name="I'm still working on this").click()
    expect(holding(bos, claimed).locator(".expiring")).to_have_count(0)
    assert Event.objects.filter(kind="handoff.extended", actor=bo).count() == 1
    expect(holding(anas, claimed).locator(".expiring")).to_have_count(0)
    expect(bos.locator("#session-head")).not_to_contain_text("Running out")

    later(claimed, lease_until=in_minutes(-1))
    expect(bos.locator("#standing")).to_contain_text("Your claim ran out")
    expect(anas.locator("#reasons")).to_contain_text("The claim of Bo Tester ran out")
    expect(anas.locator("#go-on")).to_contain_text("Waiting")
    expect(lane.locator(f"#card-{claimed.pk}")).to_have_count(0)
    assert not_reloaded(bos, anas, lane)
    assert look(bos) == []
    bos.set_viewport_size(WIDE)
    bos.get_by_role("button", name="Claim again").click()
    expect(bos.locator("#session-head")).to_contain_text("Yours until")


# --- the read-back -------------------------------------------------------------------------------


def test_the_first_move_reaches_the_sender(browse: Browse, claimed: Handoff, ana: User, bo: User) -> None:
    session = claimed.session.get_absolute_url()
    bos, anas = browse(bo), browse(ana)
    open_at(bos, session)
    open_at(anas, claimed.get_absolute_url())
    line = holding(bos, claimed).get_by_label("Next step")
    line.fill("First the tu")
    claimed.session.add_message(ana, content="They called again")  # what is half typed stays
    expect(bos.get_by_text("They called again")).to_be_visible()
    expect(line).to_have_value("First the tu")
    expect(line).to_be_focused()
    line.press_sequentially("nnel")
    with bos.expect_response("**/read-back/"):  # the socket may be faster: nothing is typed before the answer is there
        line.press("Enter")
    for page, words in {bos: "My next step: First the tunnel", anas: "Bo's next step: First the tunnel"}.items():
        expect(holding(page, claimed)).to_contain_text(words)
    assert not_reloaded(bos, anas)
    home = browse(ana)
    expect(home.get_by_text("First the tunnel")).to_be_visible()

    holding(bos, claimed).locator("summary", has_text="Change it").click()
    line.fill("")
    holding(bos, claimed).get_by_role("button", name="Change").click()
    expect(holding(bos, claimed)).to_contain_text("Say in one line what you do next.")
    line.fill("No, the router")
    holding(bos, claimed).get_by_role("button", name="Change").click()
    expect(holding(anas, claimed)).to_contain_text("Bo's next step: No, the router")
    claimed.refresh_from_db()
    claimed.release(bo)
    expect(anas.get_by_text("No, the router")).to_have_count(0)
    assert not_reloaded(bos, anas)


def test_without_javascript_it_is_a_form_like_any_other(browse: Browse, claimed: Handoff, bo: User) -> None:
    page = browse(bo, claimed.session.get_absolute_url(), java_script_enabled=False)
    page.get_by_label("Next step").fill("First the tunnel")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_text("Shared with Ana Tester.")).to_be_visible()
    expect(page.locator("#standing")).to_contain_text("My next step: First the tunnel")
    Handoff.objects.filter(pk=claimed.pk).update(remind_at=in_minutes(-2), lease_until=in_minutes(24))
    page.goto(claimed.get_absolute_url())
    page.get_by_role("button", name="I'm still working on this").click()
    expect(page.get_by_text("Claim extended to")).to_be_visible()
    expect(page.locator(".expiring")).to_have_count(0)


# --- who has seen it, what changed ---------------------------------------------------------------


@pytest.mark.parametrize("where", ["pick-up", "my work"])
def test_the_sender_sees_who_looks(browse: Browse, waiting: Handoff, ana: User, bo: User, where: str) -> None:
    page = open_at(browse(ana), waiting.get_absolute_url() if where == "pick-up" else "/")
    expect(page.locator("[data-seen-by]")).to_have_text("Nobody else has opened it yet.")
    live(browse(bo, waiting.get_absolute_url()))
    expect(page.locator("[data-seen-by]")).to_contain_text("Seen by Bo Tester")
    assert not_reloaded(page)


@pytest.mark.parametrize("where", ["session", "pick-up"])
def test_what_changed_stays_while_it_is_read(
    browse: Browse, waiting: Handoff, session: Session, ana: User, bo: User, where: str
) -> None:
    path = session.get_absolute_url() if where == "session" else waiting.get_absolute_url()
    page = browse(bo, path)
    away(bo)
    session.add_step(ana, text="Called the carrier", outcome="worked")
    open_at(page, path)
    panel = page.locator("#since")
    step = page.locator(".step, .tried", has_text="Called the carrier")
    expect(panel).to_contain_text("Ana Tester added step s4")
    expect(step).to_contain_text("new since you were here")
    assert look(page) == []
    page.set_viewport_size(WIDE)
    before = place(panel)
    session.steps.get(order=4).change(ana, outcome="failed")
    session.add_step(ana, text="Seen as it comes")
    expect(page.locator(".step, .tried", has_text="Seen as it comes")).to_be_visible()
    expect(step).to_contain_text("Failed")
    expect(step).to_contain_text("new since you were here")
    expect(panel.locator(".timeline > li")).to_have_count(1)
    assert place(panel) == before
    expect(page.locator(".step, .tried", has_text="Seen as it comes")).not_to_contain_text("new since")
    assert not_reloaded(page)


def test_a_due_park_says_what_changed(browse: Browse, session: Session, ana: User, cy: User) -> None:
    parked = Handoff.park(session, ana, notes="Part on its way", wake_at=timezone.now() + timedelta(hours=1))
    session.refresh_from_db()
    session.add_step(cy, text="The part is here", outcome="worked")
    page = browse(ana)
    later(parked, wake_at=in_minutes(-1))
    page.goto(parked.get_absolute_url())
    expect(page.locator("#since")).to_contain_text("Cy Tester added step s4")
    assert look(page) == []
    page.set_viewport_size(WIDE)
    page.get_by_role("button", name="Resume").click()
    expect(page.locator("#session-head")).to_contain_text("Active")


# --- undo, release, return -----------------------------------------------------------------------


def test_undo_goes_in_time_on_every_screen(browse: Browse, claimed: Handoff, bo: User) -> None:
    paths = (claimed.get_absolute_url(), claimed.session.get_absolute_url())
    for page in [live(browse(bo, path, clock=True)) for path in paths]:
        expect(page.get_by_role("button", name="Undo the claim")).to_be_visible()
        page.clock.fast_forward("01:00")
        expect(page.get_by_role("button", name="Undo the claim")).to_be_hidden()


def test_undo_goes_with_a_transfer(browse: Browse, claimed: Handoff, bo: User, cy: User, lea: User) -> None:
    bos, cys = open_at(browse(bo), claimed.get_absolute_url()), open_at(browse(cy), claimed.get_absolute_url())
    expect(bos.get_by_role("button", name="Undo the claim")).to_be_visible()
    claimed.transfer(lea, to=cy)
    expect(cys.locator("#go-on")).to_contain_text("You have it from Ana Tester")
    for page in (bos, cys):
        expect(page.get_by_role("button", name="Undo the claim")).to_have_count(0)
    expect(cys.locator("#reasons")).to_contain_text("Lea transferred it")


def test_each_way_back_says_what_it_did(browse: Browse, waiting: Handoff, ana: User, bo: User) -> None:
    page = live(browse(bo, waiting.get_absolute_url()))
    ways = {
        "Undo the claim": "Back in the queue at its original position.",
        "Release": "Released. Back in the queue at its original position, open to anyone.",
        "Return": "Returned to Ana Tester.",
    }
    for button, said in ways.items():
        waiting.refresh_from_db()
        waiting.claim(bo)
        live(page).goto(waiting.get_absolute_url())
        if button != "Undo the claim":
            page.locator("summary", has_text=button).click()
        if button == "Return":
            page.get_by_label("What should they do?").fill("Swap the cable first")
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator(".toast")).to_have_count(1)
        expect(page.locator(".toast")).to_contain_text(said)
    kinds = Event.objects.filter(kind__in=("handoff.claim_undone", "handoff.released", "handoff.returned"))
    assert kinds.count() == 3


def test_a_claimer_writes_before_everything_has_loaded(browse: Browse, claimed: Handoff, bo: User) -> None:
    page = browse(bo)
    page.add_init_script("addEventListener('load', event => event.stopImmediatePropagation(), true)")  # never, here
    page.goto(f"/sessions/{claimed.session_id}/?compose=1")
    page.keyboard.type("ping")  # p would be Park
    expect(page.locator("#composer_text")).to_have_value("ping")


def test_a_hand_that_is_quicker_than_the_page_keeps_its_place(browse: Browse, claimed: Handoff, bo: User) -> None:
    page = browse(bo)
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => document.querySelector('main summary, main a').focus())"
    )
    page.goto(f"/sessions/{claimed.session_id}/?compose=1")
    page.evaluate("() => new Promise(done => setTimeout(done, 0))")
    expect(page.locator("main").locator("summary, a").first).to_be_focused()
