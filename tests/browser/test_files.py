"""Pictures and files in the composer: chosen, pasted and dropped, sent beside the step, kept when the network drops."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, Route, expect

from resolutionflow.accounts.models import User
from sessions_app.models import Session, SessionFile
from tests.browser.conftest import Browse
from tests.browser.waiting import live, until
from tests.conftest import add_picture
from tests.sessions_app.files.conftest import picture

pytestmark = pytest.mark.browser

ERROR = {"name": "error.png", "mimeType": "image/png", "buffer": picture(size=(800, 600))}
LOG = {"name": "cbs.log", "mimeType": "text/plain", "buffer": b"Error 0x80070005\n" * 500}
PROGRAM = {"name": "setup.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ\x90\x00\x03"}

HEIGHT = "one => one.offsetHeight"
# What a hand would do: files on the clipboard, or dragged over the page.
GIVE = """async ([selector, kind, name]) => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 60, height: 40});
  canvas.getContext('2d').fillRect(0, 0, 30, 40);
  const blob = await new Promise(done => canvas.toBlob(done, 'image/png'));
  const given = new DataTransfer();
  given.items.add(new File([blob], name, {type: 'image/png'}));
  const options = {bubbles: true, cancelable: true};
  const event = kind === 'paste' ? new ClipboardEvent(kind, {...options, clipboardData: given})
                                 : new DragEvent(kind, {...options, dataTransfer: given});
  document.querySelector(selector).dispatchEvent(event);
  return event.defaultPrevented;
}"""


def log_step(page: Page, text: str) -> None:
    page.locator("#composer_text").fill(text)
    page.locator("#composer button[value=failed]").click()


def rows(page: Page):
    return page.locator(".attached > li")


def test_files_come_with_the_step_and_a_colleague_sees_them(
    browse: Browse, session: Session, ana: User, bo: User
) -> None:
    path = session.get_absolute_url()
    mine, theirs = live(browse(ana, path)), live(browse(bo, path))
    mine.locator("[name=files]").set_input_files([ERROR, LOG, PROGRAM])
    expect(rows(mine)).to_have_count(3)
    expect(rows(mine).first.locator("img")).to_be_visible()
    log_step(mine, "Read the servicing log")
    for page in (mine, theirs):
        step = page.locator(".step", has_text="Read the servicing log")
        expect(step.locator(".file")).to_have_count(2)
        expect(step.locator(".file-name", has_text="cbs.log")).to_be_visible()
        assert step.locator("img").evaluate("one => one.decode().then(() => one.naturalWidth)") == 320
    expect(rows(mine)).to_have_count(1)
    expect(rows(mine)).to_contain_text("This kind of file is not taken")
    expect(mine.locator(".step", has_text="Read the servicing log").locator(".file-remove").first).to_be_visible()
    expect(theirs.locator(".file-remove").first).to_be_hidden()
    rows(mine).get_by_role("button", name="Remove setup.exe").click()
    expect(rows(mine)).to_have_count(0)
    assert sorted(SessionFile.objects.values_list("name", flat=True)) == ["cbs.log", "error.png"]


def test_pasted_and_dropped_ones_are_attached(browse: Browse, session: Session, ana: User) -> None:
    page = live(browse(ana, session.get_absolute_url()))
    assert page.evaluate(GIVE, ["#composer_text", "paste", "image.png"])
    assert page.evaluate(GIVE, ["#trail", "dragover", "dropped.png"]), "else the browser would open it"
    expect(page.locator("#composer")).to_have_class("panel composer dropping")
    assert page.evaluate(GIVE, ["#trail", "drop", "dropped.png"])
    expect(rows(page).first).to_contain_text("pasted-")
    expect(rows(page).last).to_contain_text("dropped.png")
    page.locator("#composer_text").fill("Look")
    page.locator("#composer [data-message]").click()
    expect(page.locator(".message", has_text="Look").locator(".file img")).to_have_count(2)


def test_a_picture_has_its_room_before_it_has_come(browse: Browse, session: Session, ana: User) -> None:
    page = live(browse(ana, session.get_absolute_url()))
    page.locator("[name=files]").set_input_files([ERROR])
    held: list[Route] = []
    page.route("**/thumbnail/", lambda route: held.append(route))
    log_step(page, "Took a picture")
    step = page.locator(".step", has_text="Took a picture")
    until(page, lambda: held)
    before = step.evaluate(HEIGHT)
    for one in held:
        one.continue_()
    assert step.locator("img").evaluate("one => one.decode().then(() => one.naturalWidth)") == 320
    assert step.evaluate(HEIGHT) == before > 100


def test_one_that_the_network_lost_is_kept_and_stored_once(browse: Browse, session: Session, ana: User) -> None:
    page = live(browse(ana, session.get_absolute_url()))
    lost: list[int] = []

    def lose_the_answer(route: Route) -> None:
        """What was sent arrives; that it did is never heard."""
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort("internetdisconnected")

    page.route("**/files/", lose_the_answer)
    page.locator("[name=files]").set_input_files(ERROR)
    log_step(page, "Took a picture")
    expect(rows(page)).to_contain_text("The connection was lost. It is kept here")
    log_step(page, "Went on meanwhile")
    expect(page.locator(".step", has_text="Went on meanwhile")).to_be_visible()
    rows(page).get_by_role("button", name="Retry").click()
    expect(rows(page)).to_have_count(0)
    expect(page.locator(".step", has_text="Took a picture").locator(".file")).to_have_count(1)
    assert (lost, SessionFile.objects.count()) == ([201], 1)
    assert SessionFile.objects.get().step.text == "Took a picture"
    held: list[Route] = []
    page.route("**/files/", lambda route: held.append(route))
    page.locator("[name=files]").set_input_files([{**ERROR, "name": f"{n}.png"} for n in range(3)])
    log_step(page, "Took three by mistake")
    expect(rows(page).last).to_contain_text("Waits")
    rows(page).get_by_role("button", name="Remove").click()
    for left in (1, 0):
        rows(page).get_by_role("button", name="Cancel").first.click()
        expect(rows(page)).to_have_count(left)
    assert SessionFile.objects.count() == 1


@pytest.mark.parametrize("is_lost", [False, True])
def test_each_file_goes_with_what_it_was_chosen_for(
    browse: Browse, session: Session, ana: User, *, is_lost: bool
) -> None:
    """While a step is on its way, and behind one that waits; also where the step had to be sent again."""
    page = live(browse(ana, session.get_absolute_url()))
    held: list[Route] = []
    page.route("**/steps/", lambda route: route.continue_() if held else held.append(route))
    for text, chosen in (("Took a picture", ERROR), ("Read the log", LOG)):
        page.locator("[name=files]").set_input_files(chosen)
        page.locator("#composer_text").fill(text)
        page.keyboard.press("Control+Enter")
        until(page, lambda: held)
    page.locator("[name=files]").set_input_files({**LOG, "name": "later.log"})
    if is_lost:
        held[0].abort("internetdisconnected")
        expect(page.locator(".sending > span")).to_have_text(["Next: Read the log", "Kept: later.log"])
        page.locator("#composer_text").press("Control+Enter")
    else:
        held[0].continue_()
    expect(page.locator(".step", has_text="Took a picture").locator(".file-name")).to_have_text("error.png")
    expect(page.locator(".step", has_text="Read the log").locator(".file-name")).to_have_text("cbs.log")
    expect(rows(page)).to_contain_text("later.log")
    log_step(page, "Read another")
    expect(page.locator(".step", has_text="Read another").locator(".file-name")).to_have_text("later.log")
    expect(rows(page)).to_have_count(0)


def test_a_busy_server_is_left_alone_as_long_as_it_asks(browse: Browse, session: Session, ana: User) -> None:
    page = live(browse(ana, session.get_absolute_url()))
    asked: list[float] = []

    def busy_at_first(route: Route) -> None:
        asked.append(time.monotonic())
        if len(asked) == 1:
            route.fulfill(status=503, headers={"Retry-After": "2"}, json={"code": "busy", "detail": "Crowded."})
        else:
            route.continue_()

    page.route("**/files/", busy_at_first)
    page.locator("[name=files]").set_input_files([{**ERROR, "name": f"{n}.png"} for n in range(4)])
    log_step(page, "Took four pictures")
    expect(page.locator(".step", has_text="Took four pictures").locator(".file")).to_have_count(4)
    expect(rows(page)).to_have_count(0)
    began, _under_way, *later = asked
    assert (len(later), SessionFile.objects.count()) == (3, 4)
    assert min(later) - began > 1.9, "the second was under way already, and nothing followed it"


def test_without_javascript(browse: Browse, session: Session, ana: User) -> None:
    add_picture(session, ana, step=session.steps.get(order=1))
    page = browse(ana, session.get_absolute_url(), java_script_enabled=False)
    expect(page.locator(".step .file img")).to_have_count(1)
    page.locator("[name=files]").set_input_files([ERROR, LOG])
    log_step(page, "Read the servicing log")
    expect(page.locator(".step", has_text="Read the servicing log").locator(".file")).to_have_count(2)
    page.locator("#step-1 .file-remove, .step .file-remove").first.click()
    page.get_by_role("button", name="Remove for good").click()
    expect(page.locator(".file.gone")).to_have_text("error.png removed by Ana Tester")
