"""What three technicians do with a session, pressed in the pages; with JavaScript and without."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, Route, expect

PROBLEM = "Domain controller refuses logons after the update"


def work_a_session(page: Page) -> None:
    """Opened, two things tried, a branch, and one more tried on it."""
    page.goto("/")
    page.get_by_role("link", name="Open a session").click()
    page.get_by_role("textbox", name="Problem").fill(PROBLEM)
    page.get_by_label("Client").fill("Hartwell Dental")
    page.get_by_role("button", name="Open the session").click()
    add_step(page, "Restarted the KDC", "Failed")
    add_step(page, "Checked the clock", "Worked")
    branch = page.locator("#branches")
    branch.locator("summary").click()
    branch.get_by_label("Possible cause").fill("The update broke it")
    branch.get_by_role("button", name="Add the branch").click()
    expect(branch.locator(".branch.active")).to_contain_text("The update broke it")
    add_step(page, "Rolled back the update", "Failed")
    expect(page.locator("#trail > .step", has_text="Rolled back").locator(".chip")).to_have_text("The update broke it")


def add_step(page: Page, text: str, ended: str) -> None:
    composer = page.locator("#composer")
    composer.locator("textarea[name=text]").fill(text)
    composer.get_by_role("button", name=ended, exact=True).click()
    step = page.locator("#trail > .step", has_text=text)
    expect(step.locator(".outcome")).to_have_text(ended)
    expect(composer.locator("textarea[name=text]")).to_have_value("")


def escalate(page: Page) -> None:
    page.get_by_role("link", name="Escalate").click()
    page.get_by_label("Why are you escalating?").fill("I cannot get in any more.")
    page.get_by_label("Priority").select_option("High")
    page.get_by_label("Affected").fill("All 60 users, nobody signs in")
    page.get_by_role("button", name="Escalate").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PROBLEM)


def card(page: Page) -> Locator:
    return page.locator("#cards > li", has_text=PROBLEM)


def claim_at_once(*pages: Page) -> tuple[Page, Page]:
    """Both press Claim; both requests are held until the other is there too. Who won comes first."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)
        if len(held) == len(pages):
            for one in held:
                one.continue_()

    for page in pages:
        page.context.route("**/claim/", hold)
    for page in pages:
        card(page).get_by_role("button", name="Claim").click(no_wait_after=True)
    for page in pages:
        page.locator("#composer, .next").first.wait_for()  # the session, or what the loser can do next
        page.context.unroute("**/claim/")
    first, second = pages
    return (first, second) if "/sessions/" in first.url else (second, first)


def expect_picked_up(page: Page) -> None:
    """The session, ready to write in; from there the pick-up screen: what was tried, and who left it."""
    expect(page.locator("#toasts")).to_contain_text("Claimed.")
    expect(page.locator("#toasts").get_by_role("button", name="Undo")).to_be_visible()
    page.get_by_role("link", name="Return, release or transfer").click()
    expect(page.get_by_role("heading", name="Your claim")).to_be_visible()
    expect(page.locator("#note").get_by_text("I cannot get in any more.")).to_be_visible()
    tried = page.locator("section", has=page.get_by_role("heading", name="What was tried"))
    expect(tried.locator(".text")).to_have_text(["Rolled back the update", "Checked the clock", "Restarted the KDC"])
    expect(tried.get_by_role("heading", name="The update broke it")).to_be_visible()


def release(page: Page) -> None:
    page.locator("summary", has_text="Release it").click()
    page.get_by_role("button", name="Release").click()
    page.wait_for_url("**/queue/")


def resolve(page: Page) -> None:
    page.get_by_role("link", name="Open the session").click()
    page.get_by_role("link", name="Resolve").click()
    page.get_by_label("What fixed it").fill("Removed the update from the image.")
    page.get_by_label("Root cause").fill("KB5039217")
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_label("What fixed it")).to_contain_text("Removed the update from the image.")


def read_bell(page: Page, text: str) -> None:
    """It is in app, once; whoever has no JavaScript looks again."""
    page.goto("/notifications/")
    expect(page.locator(".line", has_text=text)).to_have_count(1)
