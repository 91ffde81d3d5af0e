"""The list of people while one types "@", by keys, by touch and without scripts; and two people on one session."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import Event, User
from resolutionflow.ops.workers import Workers
from sessions_app.models import Session
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.browser.waiting import asked_for_all, live, place, renewed
from tests.live_site import wait_until

pytestmark = pytest.mark.browser


@pytest.fixture
def people(bo: User, cy: User, lea: User, olga: User) -> None:
    """Whom Ana can mention; Lea is off shift."""
    lea.go_off_shift()
    bo.change_profile(name="Zoë Bo", time_zone="")


@pytest.fixture
def page(browse: Browse, session: Session, ana: User, people: None) -> Page:
    page = live(browse(ana, session.get_absolute_url()))
    box(page).click()
    return page


def box(page: Page) -> Locator:
    return page.locator("#composer_text")


def options(page: Page) -> Locator:
    return page.get_by_role("listbox").get_by_role("option")


def marked(page: Page) -> Locator:
    return page.locator("#mentions [aria-selected=true]")


def is_closed(page: Page) -> None:
    expect(page.locator("#mentions:popover-open")).to_have_count(0)
    expect(box(page)).not_to_have_attribute("aria-activedescendant", "mentions-0")


# --- by keys -----------------------------------------------------------------------------------


def test_a_name_is_chosen_by_keys_alone(page: Page, session: Session) -> None:
    page.keyboard.type("Perhaps @")
    expect(options(page)).to_have_text(["Cy Tester", "Lea Tester off shift", "Olga Tester", "Zoë Bo"])
    expect(marked(page)).to_have_text("Cy Tester")
    expect(box(page)).to_have_attribute("aria-activedescendant", "mentions-0")
    page.keyboard.press("ArrowDown")
    expect(marked(page)).to_have_text("Lea Tester off shift")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(marked(page)).to_have_text("Zoë Bo")
    page.keyboard.type("te")
    expect(options(page)).to_have_count(3)
    page.keyboard.type("x")
    is_closed(page)
    for _sign in "tex":
        page.keyboard.press("Backspace")
    page.keyboard.type("zoe")
    expect(options(page)).to_have_text(["Zoë Bo"])
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value("Perhaps @Zoë Bo ")
    is_closed(page)
    expect(box(page)).to_be_focused()
    page.keyboard.type("knows, or @o")
    page.keyboard.press("Tab")
    expect(box(page)).to_have_value("Perhaps @Zoë Bo knows, or @Olga Tester ")
    page.keyboard.press("Alt+m")
    expect(page.locator("#trail > .message")).to_contain_text("Perhaps @Zoë Bo knows")
    mentioned = User.objects.filter(pk__in=Event.objects.latest("seq").facts["mentioned"])
    assert {user.name for user in mentioned} == {"Zoë Bo", "Olga Tester"}


def test_esc_closes_the_list_and_nothing_else(page: Page) -> None:
    page.keyboard.type("@c")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Escape")
    is_closed(page)
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("@c")
    page.keyboard.press("Escape")
    expect(box(page)).not_to_be_focused()


def test_a_name_that_is_typed_out_leaves_enter_alone(page: Page) -> None:
    page.keyboard.type("@Cy Teste")
    expect(options(page)).to_have_count(1)
    page.keyboard.type("r")
    is_closed(page)
    page.keyboard.press("Enter")
    page.keyboard.type("which?")
    expect(box(page)).to_have_value("@Cy Tester\nwhich?")


def test_what_was_put_in_is_taken_back_as_typing_is(page: Page) -> None:
    page.keyboard.type("Ask @c")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value("Ask @Cy Tester ")
    page.keyboard.press("Control+z")
    expect(box(page)).to_have_value("Ask @c")


def test_ctrl_enter_and_alt_keys_are_the_composers(page: Page, session: Session) -> None:
    page.keyboard.type("Rang @c")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Alt+1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#trail > .step").last).to_contain_text("Rang @c")
    expect(page.locator("#trail > .step").last.locator(".outcome")).to_have_text("Failed")
    is_closed(page)


def test_no_address_opens_it_and_people_are_fetched_once(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "mentionable" in request.url else None)
    page.keyboard.type("Mail ana@c")
    asked_for_all(page)
    assert asked == []
    is_closed(page)
    for _time in range(2):
        page.keyboard.type(" @c")
        expect(options(page)).to_have_count(1)
        page.keyboard.press("ArrowLeft")
        is_closed(page)
        page.keyboard.press("End")
    assert len(asked) == 1


def test_without_an_answer_a_typed_name_means_the_same(page: Page, cy: User) -> None:
    page.route("**/mentionable/", lambda route: route.fulfill(content_type="text/html", body="<p>Something else"))
    page.keyboard.type("Ask @Cy")
    asked_for_all(page)
    is_closed(page)
    page.keyboard.press("Alt+m")
    expect(page.locator("#trail > .message")).to_contain_text("Ask @Cy")
    assert Event.objects.latest("seq").facts["mentioned"] == [cy.pk]


def test_of_many_people_the_server_finds_them(page: Page, northwind: object) -> None:
    User.objects.bulk_create(
        User(account=northwind, name=f"Person {number}", email=f"{number}@x.example") for number in range(310)
    )
    page.keyboard.type("@person 30")
    expect(options(page)).to_have_text(["Person 30", *(f"Person {number}" for number in range(300, 307))])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box(page)).to_have_value("@Person 300 ")


# --- where it is shown -------------------------------------------------------------------------


def test_the_open_list_is_held_to_what_every_page_is(page: Page) -> None:
    page.keyboard.type("@")
    expect(options(page)).to_have_count(4)
    assert look(page) == []
    expect(options(page)).to_have_count(4)


def test_a_touch_chooses_on_a_phone(browse: Browse, session: Session, ana: User, people: None) -> None:
    page = live(browse(ana, session.get_absolute_url(), viewport={"width": 360, "height": 500}, has_touch=True))
    box(page).tap()
    page.keyboard.type("@")
    expect(options(page)).to_have_count(4)
    shown, field = place(page.locator("#mentions")), place(box(page))
    assert shown["y"] >= 0
    assert shown["y"] + shown["height"] <= field["y"]
    assert shown["x"] + shown["width"] <= 360
    assert place(options(page).first)["height"] >= 44
    options(page).nth(1).tap()
    expect(box(page)).to_have_value("@Lea Tester ")
    expect(box(page)).to_be_focused()


@pytest.mark.parametrize("path", ["escalate/", "park/"])
def test_the_list_comes_in_notes_too(browse: Browse, session: Session, ana: User, people: None, path: str) -> None:
    page = live(browse(ana, f"{session.get_absolute_url()}{path}"))
    page.locator("[name=notes]").focus()
    page.keyboard.type("Ask @ol")
    expect(options(page)).to_have_text(["Olga Tester"])
    page.keyboard.press("Tab")
    expect(page.locator("[name=notes]")).to_have_value("Ask @Olga Tester ")
    expect(page.locator("[name=notes]")).to_be_focused()


def test_without_scripts_a_typed_name_mentions(browse: Browse, session: Session, ana: User, bo: User) -> None:
    page = browse(ana, session.get_absolute_url(), java_script_enabled=False)
    box(page).fill("Perhaps @Bo Tester knows")
    page.get_by_role("button", name="Send as a message").click()
    expect(page.locator("#trail > .message")).to_contain_text("Perhaps @Bo Tester knows")
    assert Event.objects.latest("seq").facts["mentioned"] == [bo.pk]
    page.locator("#watch button").click()
    expect(page.locator("#watch")).to_have_text("Muted Unmute")


# --- as it is read -----------------------------------------------------------------------------


def test_names_are_marked_and_ones_own_more(browse: Browse, session: Session, ana: User, bo: User, cy: User) -> None:
    session.add_message(cy, content="@Bo Tester or @Cy Tester? `@Bo`")
    session.add_step(cy, text="Asked @Bo Tester")
    session.add_message(None, content="For @Bo Tester", role="assistant")
    page = live(browse(bo, session.get_absolute_url()))
    marked = page.locator("#trail bdi[data-people]")
    expect(marked).to_have_text(["@Bo Tester", "@Cy Tester", "@Bo Tester", "@Bo Tester"])
    page.locator("#trail > .message").last.evaluate("entry => location.replace('#' + entry.querySelector('.ref').id)")
    assert look(page) == []
    grounds = marked.evaluate_all("names => names.map(name => getComputedStyle(name).backgroundColor)")
    assert grounds[0] == grounds[2] == grounds[3] != grounds[1]


# --- two on one session ------------------------------------------------------------------------


def test_two_write_mention_each_other_and_lose_nothing(
    browse: Browse, claimed: Handoff, ana: User, bo: User, workers: Workers
) -> None:
    session = claimed.session
    wait_until(lambda: not Event.objects.unrelayed().exists())
    anas, bos = (live(browse(user, session.get_absolute_url())) for user in (ana, bo))
    box(anas).fill("Half a thought for @Bo Tester")
    box(bos).click()
    bos.keyboard.type("Which router, @an")
    expect(options(bos)).to_have_text(["Ana Tester"])
    was = int(bos.locator("[data-bell]").text_content() or 0)
    anas.get_by_role("button", name="Send as a message").click()
    expect(bos.locator("#trail > .message")).to_contain_text("Half a thought for @Bo Tester")
    expect(bos.locator("[data-bell]")).to_have_text(str(was + 1))
    expect(options(bos)).to_have_text(["Ana Tester"])
    expect(box(bos)).to_have_value("Which router, @an")
    box(anas).fill("And another half")
    bos.keyboard.press("Enter")
    bos.keyboard.press("Alt+m")
    expect(anas.locator("#trail > .message").last).to_contain_text("Which router, @Ana Tester")
    renewed(anas)
    expect(box(anas)).to_have_value("And another half")
    expect(bos.locator("[data-bell]")).to_have_text(str(was) if was else "")
    assert [message.content for message in session.messages.all()] == [
        "Half a thought for @Bo Tester",
        "Which router, @Ana Tester",
    ]


def test_a_press_watches_and_mutes(browse: Browse, session: Session, bo: User) -> None:
    page = live(browse(bo, session.get_absolute_url()))
    for said, then in (("Watch", "Watching Mute"), ("Mute", "Muted Unmute"), ("Unmute", "Watching Mute")):
        page.locator("#watch").get_by_role("button", name=said, exact=True).click()
        expect(page.locator("#watch")).to_have_text(then)
        expect(page.locator("#watch button")).to_be_focused()
    renewed(page)
    expect(page.locator("#watch")).to_have_text("Watching Mute")
