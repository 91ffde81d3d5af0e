"""The bell in a browser: by keys, folded by session, live around whoever reads it, and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from notifications.models import Notification
from resolutionflow.accounts.models import User
from sessions_app.models import Session
from tests.bell_lines import ring
from tests.browser.conftest import Browse
from tests.browser.page_checks import NARROW, look
from tests.browser.waiting import live, place, renewed
from tests.live_site import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture
def sessions(ana: User, bo: User) -> list[Session]:
    """Of which Bo's bell has two lines each, the last one's first."""
    opened = [Session.open(ana, problem_summary=f"Problem {number}") for number in range(4)]
    for number, session in enumerate(opened):
        ring(bo, session, f"Earlier of {number}")
        ring(bo, session, f"Newest of {number}")
    return opened


@pytest.fixture
def page(browse: Browse, sessions: list[Session], bo: User) -> Page:
    return live(browse(bo, "/notifications/"))


def fold(page: Page, session: Session) -> Locator:
    return page.locator(f"#fold-{session.pk}")


def title(page: Page, session: Session) -> Locator:
    return fold(page, session).locator(".item-title button")


def unread(page: Page) -> Locator:
    return page.locator("[data-bell]")


# --- by keys -----------------------------------------------------------------------------------


def test_keys_move_mark_read_and_open(page: Page, sessions: list[Session]) -> None:
    last, third = sessions[3], sessions[2]
    page.keyboard.press("j")
    expect(title(page, last)).to_be_focused()
    page.keyboard.press("j")
    expect(title(page, third)).to_be_focused()
    page.keyboard.press("m")
    expect(unread(page)).to_have_text("3")
    expect(fold(page, third)).not_to_have_class(re.compile("unread"))
    expect(title(page, third)).to_be_focused()
    page.keyboard.press("k")
    expect(title(page, last)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{last.get_absolute_url()}*")
    expect(unread(page)).to_have_text("2")
    assert Notification.objects.filter(read_at=None).count() == 4, "of two sessions two lines each"


def test_the_sheet_lists_the_key_where_it_works(page: Page, browse: Browse, bo: User) -> None:
    page.keyboard.press("?")
    expect(page.locator("[data-works=m]")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Mark all read").click()
    expect(page.locator(".line.unread")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.locator("[data-works=m]")).to_be_hidden()


def test_a_screen_reader_hears_what_a_key_has_done(page: Page) -> None:
    said = page.locator("body > .visually-hidden[role=status]")
    page.keyboard.press("m")
    expect(said.filter(has_text="No line is marked. Move to one with j.")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("m")
    expect(said.filter(has_text="Marked read.")).to_have_count(1)


# --- live --------------------------------------------------------------------------------------


def test_what_is_read_stays_where_it_is_while_lines_arrive(page: Page, sessions: list[Session], bo: User) -> None:
    """Of another session and of the same one: focus, open folds and place stay."""
    page.set_viewport_size({"width": 1440, "height": 500})
    read = sessions[1]
    fold(page, read).get_by_text("1 earlier").click()
    expect(fold(page, read).get_by_text("Earlier of 1")).to_be_visible()
    page.mouse.move(0, 0)
    title(page, read).focus()
    was = place(title(page, read))["y"]
    ring(bo, sessions[0], "One more of 0")
    expect(title(page, sessions[0])).to_have_text("One more of 0")
    expect(page.locator("#bell-lines .line").first).to_have_id(f"fold-{sessions[0].pk}")
    expect(title(page, read)).to_be_focused()
    assert place(title(page, read))["y"] == pytest.approx(was, abs=1)
    ring(bo, read, "One more of 1")
    expect(title(page, read)).to_have_text("One more of 1")
    expect(fold(page, read).get_by_text("2 earlier")).to_be_visible()
    expect(fold(page, read).get_by_text("Earlier of 1")).to_be_visible()
    expect(title(page, read)).to_be_focused()


def test_a_second_line_of_an_unread_session_is_shown_though_the_number_stays(
    page: Page, sessions: list[Session], bo: User
) -> None:
    expect(unread(page)).to_have_text("4")
    ring(bo, sessions[3], "One more of 3")
    expect(title(page, sessions[3])).to_have_text("One more of 3")
    expect(unread(page)).to_have_text("4")


# --- by hand -----------------------------------------------------------------------------------


def test_marking_read_and_muting_leave_the_page_as_it_is(page: Page, sessions: list[Session]) -> None:
    one = sessions[2]
    fold(page, one).get_by_text("1 earlier").click()
    fold(page, one).get_by_role("button", name="Mark read").click()
    expect(unread(page)).to_have_text("3")
    expect(fold(page, one).get_by_role("button", name="Mark read")).to_have_count(0)
    fold(page, one).get_by_role("button", name="Mute this session", exact=True).click()
    expect(fold(page, one).get_by_text("muted", exact=True)).to_be_visible()
    fold(page, one).get_by_role("button", name="Unmute this session").click()
    expect(fold(page, one).get_by_text("muted", exact=True)).to_have_count(0)
    expect(fold(page, one).get_by_text("Earlier of 2")).to_be_visible()
    expect(page).to_have_url(re.compile("/notifications/$"))


def test_the_unread_ones_alone(page: Page, sessions: list[Session]) -> None:
    page.get_by_role("link", name="Unread").click()
    live(page)
    for session in reversed(sessions):
        fold(page, session).get_by_role("button", name="Mark read").click()
        expect(fold(page, session)).to_have_count(0)
    expect(page.get_by_role("heading", name="Nothing unread")).to_be_visible()
    expect(unread(page)).to_be_hidden()
    page.get_by_role("link", name="See all notifications").click()
    expect(page.locator(".line")).to_have_count(4)


def test_it_works_without_scripts(browse: Browse, sessions: list[Session], bo: User) -> None:
    page = browse(bo, "/notifications/?unread=1", java_script_enabled=False)
    one = sessions[3]
    fold(page, one).get_by_text("1 earlier").click()
    expect(fold(page, one).get_by_text("Earlier of 3")).to_be_visible()
    fold(page, one).get_by_role("button", name="Mute this session").click()
    expect(page).to_have_url(re.compile(r"/notifications/\?unread=1$"))
    fold(page, one).get_by_role("button", name="Mark read").click()
    expect(page).to_have_url(re.compile(r"/notifications/\?unread=1$"))
    expect(fold(page, one)).to_have_count(0)
    expect(page.locator("#notices")).to_be_hidden()
    page.get_by_role("button", name="Mark all read").click()
    expect(page.get_by_role("heading", name="Nothing unread")).to_be_visible()


def test_it_is_for_everybody_with_folds_open(page: Page, sessions: list[Session], bo: User) -> None:
    sessions[0].mute(bo)
    ring(bo, sessions[1], "A problem with a very long title " * 6)
    ring(bo, None, "RT refuses its key: ticket notes wait", done_at="2026-11-24T08:00Z")
    renewed(page)
    for one in sessions:
        fold(page, one).locator("summary").click()
    assert look(page) == []


def test_on_a_phone_everything_can_be_pressed(browse: Browse, sessions: list[Session], bo: User) -> None:
    page = live(browse(bo, "/notifications/", viewport=NARROW, has_touch=True, is_mobile=True))
    one = sessions[3]
    for name in ("Mark read", "Mute this session"):
        assert place(fold(page, one).get_by_role("button", name=name))["height"] >= 36
    fold(page, one).locator("summary").tap()
    fold(page, one).get_by_role("button", name="Earlier of 3").tap()
    page.wait_for_url(f"**{one.get_absolute_url()}*")
    wait_until(lambda: not Notification.objects.filter(session=one, read_at=None).exists())
