"""What somebody typed comes back to them: after a sign-in that ended, a page that was left, a tab that was closed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session as SignIn
from playwright.sync_api import Locator, Page, expect

from handoffs.models import Handoff
from resolutionflow.accounts.models import Team, User
from sessions_app.models import Session
from tests.browser import test_accessibility as walk
from tests.browser.conftest import Browse
from tests.browser.page_checks import look
from tests.browser.test_accessibility import cast, furniture  # noqa: F401  fixtures
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser
WHY = "The tunnel drops when their printer wakes.\nI have no access to the router."
LOG = "\n".join(
    f"2026-11-26 10:{n // 60:02}:{n % 60:02} vpnd[311]: error 809, peer <10.0.0.{n}> & gone" for n in range(300)
)
RESTORED = "Draft restored"


@pytest.fixture(autouse=True)
def passwords(ana: User, bo: User) -> None:
    for user in (ana, bo):
        user.set_password(PASSWORD)
        user.save()


def sign_in(page: Page, user: User) -> None:
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/login/" not in address)


def end_sign_in() -> None:
    SignIn.objects.all().delete()


def composer(page: Page) -> Locator:
    return page.locator("#composer textarea[name=text]")


def why(page: Page) -> Locator:
    return page.get_by_label("Why are you escalating?")


def expect_no_drafts(page: Page) -> None:
    page.wait_for_function("() => Object.keys(localStorage).every(key => !key.startsWith('draft:'))")


def wait_for_draft(page: Page, text: str) -> None:
    """A draft is written a moment after the last key."""
    page.wait_for_function(
        "text => Object.values(localStorage).some(one => one.includes(JSON.stringify(text).slice(1, -1)))", arg=text
    )


# --- the sign-in ends ------------------------------------------------------------------------------


def test_the_composer_after_a_sign_in_that_ended(browse: Browse, session: Session, ana: User) -> None:
    page = browse(ana, session.get_absolute_url())
    composer(page).fill("Swapped the cable")
    page.locator("summary", has_text="Output").click()
    page.locator("[name=free_text]").fill(LOG)
    end_sign_in()
    page.locator("#composer").get_by_role("button", name="Failed", exact=True).click()
    sign_in(page, ana)
    expect(page).to_have_url(re.compile(f"{session.get_absolute_url()}$"))
    expect(composer(page)).to_have_value("Swapped the cable")
    expect(page.locator("[name=free_text]")).to_have_value(LOG)
    expect(page.locator("#composer")).to_contain_text(RESTORED)
    assert session.steps.count() == 3  # nothing is sent by signing in
    page.locator("#composer").get_by_role("button", name="Failed", exact=True).click()
    expect(page.locator("#trail > .step", has_text="Swapped the cable")).to_be_visible()
    expect(composer(page)).to_have_value("")
    expect(page.locator("#composer")).not_to_contain_text(RESTORED)
    expect_no_drafts(page)
    page.reload()
    expect(composer(page)).to_have_value("")


def test_an_escalation_after_a_sign_in_that_ended(browse: Browse, session: Session, ana: User) -> None:
    page = browse(ana, f"{session.get_absolute_url()}escalate/")
    why(page).fill(WHY)
    end_sign_in()
    page.get_by_label("Priority").select_option("Urgent")  # asks who is notified: nobody is taken off the page by that
    expect(page.get_by_text("Signed out: your text is kept")).to_be_visible()
    page.get_by_role("button", name="Escalate").click()
    expect(page.get_by_text("comes back when you sign in")).to_be_visible()
    assert look(page) == []
    sign_in(page, ana)
    expect(why(page)).to_have_value(WHY)
    expect(page.get_by_label("Priority")).to_have_value("0")
    expect(page.locator("main form")).to_contain_text(NOT_SENT)
    assert look(page) == []
    page.goto("/")  # what came back is a draft as any other
    page.goto(f"{session.get_absolute_url()}escalate/")
    expect(why(page)).to_have_value(WHY)
    page.get_by_role("button", name="Escalate").click()
    expect(page.get_by_text("I have no access to the router.").first).to_be_visible()
    expect_no_drafts(page)
    assert Handoff.objects.get().notes == WHY


def test_a_pasted_log_after_a_sign_in_that_ended(browse: Browse, ana: User) -> None:
    assert len(LOG) > 18_000
    page = browse(ana, "/sessions/new/")
    page.locator("input[value=log_paste]").check()
    page.locator("[name=intake_text]").fill(LOG)
    end_sign_in()
    page.get_by_label("Client").fill("Northgate Legal")  # asks what is open already
    expect(page.get_by_text("Signed out: your text is kept")).to_be_visible()
    page.get_by_role("button", name="Open the session").click()
    sign_in(page, ana)
    expect(page.locator("[name=intake_text]")).to_have_value(LOG)
    expect(page.get_by_label("Client")).to_have_value("Northgate Legal")
    page.get_by_role("button", name="Open the session").click()
    expect(page.locator("#composer")).to_be_visible()
    expect_no_drafts(page)
    assert Session.objects.latest("id").client_name == "Northgate Legal"


def test_another_person_is_not_offered_it(browse: Browse, session: Session, ana: User, bo: User) -> None:
    page = browse(ana, session.get_absolute_url())
    composer(page).fill("Ana's own words")
    end_sign_in()
    page.get_by_role("button", name="Send as a message").click()
    sign_in(page, bo)
    page.goto(session.get_absolute_url())
    expect(composer(page)).to_have_value("")
    expect(page.locator("#composer")).not_to_contain_text(RESTORED)
    assert "Ana's own words" not in page.content()


# --- the same without JavaScript: the sign-in page carries it on ---------------------------------------

NOT_SENT = "Not sent yet. What you typed is back"


def test_the_composer_without_javascript(browse: Browse, session: Session, ana: User) -> None:
    page = browse(ana, session.get_absolute_url(), java_script_enabled=False)
    composer(page).fill("Swapped <the> cable & rebooted")
    page.locator("summary", has_text="Output").click()
    page.locator("[name=free_text]").fill(LOG)
    end_sign_in()
    page.get_by_role("button", name="Send as a message").click()
    expect(page.get_by_text("comes back when you sign in")).to_be_visible()
    sign_in(page, ana)
    expect(page.locator("#composer")).to_contain_text(NOT_SENT)
    expect(composer(page)).to_have_value("Swapped <the> cable & rebooted")
    expect(composer(page)).to_be_focused()
    expect(page.locator("[name=free_text]")).to_be_visible()
    expect(page.locator("[name=free_text]")).to_have_value(LOG)
    assert session.steps.count() == 3
    page.locator("#composer").get_by_role("button", name="Failed", exact=True).click()
    expect(page.locator("#trail > .step", has_text="Swapped <the> cable")).to_be_visible()
    expect(composer(page)).to_have_value("")


def test_an_escalation_without_javascript(browse: Browse, session: Session, ana: User) -> None:
    page = browse(ana, f"{session.get_absolute_url()}escalate/", java_script_enabled=False)
    why(page).fill(WHY)
    page.get_by_label("Priority").select_option("Urgent")
    end_sign_in()
    page.get_by_role("button", name="Escalate").click()
    sign_in(page, ana)
    expect(why(page)).to_have_value(WHY)
    expect(page.get_by_label("Priority")).to_have_value("0")
    page.get_by_role("button", name="Escalate").click()
    expect(page.get_by_text("I have no access to the router.").first).to_be_visible()
    assert Handoff.objects.get().notes == WHY


def test_a_pasted_log_without_javascript(browse: Browse, ana: User, bo: User) -> None:
    page = browse(ana, "/sessions/new/", java_script_enabled=False)
    page.locator("input[value=log_paste]").check()
    page.locator("[name=intake_text]").fill(LOG)
    end_sign_in()
    page.get_by_role("button", name="Open the session").click()
    sign_in(page, ana)
    expect(page.locator("[name=intake_text]")).to_be_visible()
    expect(page.locator("[name=intake_text]")).to_have_value(LOG)
    end_sign_in()
    page.get_by_role("button", name="Open the session").click()
    sign_in(page, bo)
    expect(page.locator("[name=intake_text]")).to_have_value("")
    assert Session.objects.count() == 0


# --- a page that is left ---------------------------------------------------------------------------


def test_a_page_that_is_left_and_a_tab_that_is_closed(browse: Browse, session: Session, ana: User) -> None:
    page = browse(ana, f"{session.get_absolute_url()}escalate/")
    why(page).fill(WHY)
    page.goto("/queue/")  # at once: there is no time to wait for
    page.goto(f"{session.get_absolute_url()}escalate/")
    expect(why(page)).to_have_value(WHY)
    why(page).press("End")
    why(page).press_sequentially(" Please.")
    page.close(run_before_unload=True)
    later = page.context.new_page()
    later.goto(f"{session.get_absolute_url()}escalate/")
    expect(why(later)).to_have_value(f"{WHY} Please.")
    assert look(later) == []
    later.get_by_role("button", name="Discard").click()
    expect(why(later)).to_have_value("")
    expect(why(later)).to_be_focused()
    expect_no_drafts(later)
    later.reload()
    expect(why(later)).to_have_value("")
    expect(later.locator("main form")).not_to_contain_text(RESTORED)


def test_what_was_refused_stays_as_it_was_typed(browse: Browse, session: Session, ana: User) -> None:
    page = browse(ana, f"{session.get_absolute_url()}park/")
    page.get_by_label("Pick a time").check()
    page.get_by_label("Note to yourself").fill("Call them back")
    page.get_by_role("button", name="Park").click()
    expect(page.get_by_text("Choose when it comes back.")).to_be_visible()
    expect(page.get_by_label("Note to yourself")).to_have_value("Call them back")
    expect(page.locator("main form")).not_to_contain_text(RESTORED)
    page.goto("/")
    page.goto(f"{session.get_absolute_url()}park/")
    expect(page.get_by_label("Note to yourself")).to_have_value("Call them back")
    page.get_by_label("No reminder").check()
    page.get_by_role("button", name="Park").click()
    expect(page.get_by_role("heading", name="Parked by me")).to_be_visible()
    expect_no_drafts(page)


def test_a_broken_server_takes_nothing(browse: Browse, session: Session, ana: User) -> None:
    """Only the server's own word that it took a draft ends one: neither another page nor the way back."""
    page = browse(ana, f"{session.get_absolute_url()}escalate/")
    why(page).fill(WHY)
    page.route(
        "**/escalate/", lambda route: route.fulfill(status=200, content_type="text/html", body="<p>Half an answer")
    )
    page.get_by_role("button", name="Escalate").click()
    expect(page.get_by_text("Half an answer")).to_be_visible()
    page.unroute("**/escalate/")
    page.goto("/")
    page.goto(f"{session.get_absolute_url()}escalate/")
    expect(why(page)).to_have_value(WHY)


def test_a_live_page_neither_loses_nor_brings_back(browse: Browse, claimed: Handoff, ana: User, bo: User) -> None:
    session = claimed.session
    page = browse(bo, session.get_absolute_url())
    composer(page).fill("Half a thou")
    page.reload()
    expect(page.locator("#composer")).to_contain_text(RESTORED)
    session.add_message(ana, content="They called again")
    expect(page.get_by_text("They called again")).to_be_visible()
    session.change(ana, problem_summary="Another name for it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Another name for it")
    expect(composer(page)).to_have_value("Half a thou")
    expect(page.locator("#composer")).to_contain_text(RESTORED)
    page.get_by_role("button", name="Send as a message").click()
    expect(page.locator("#trail > .message", has_text="Half a thou")).to_be_visible()
    expect(composer(page)).to_have_value("")
    session.add_message(ana, content="And once more")
    expect(page.get_by_text("And once more")).to_be_visible()
    expect(composer(page)).to_have_value("")


def test_what_is_no_draft_is_said(browse: Browse, session: Session, ana: User) -> None:
    page = browse(ana, f"{session.get_absolute_url()}escalate/")
    why(page).fill("x" * 310_000)
    expect(page.locator("output.draft")).to_contain_text("Longer than a draft can be (300,000 characters)")
    expect_no_drafts(page)
    why(page).fill("Short enough")
    expect(page.locator("output.draft")).to_have_count(0)
    wait_for_draft(page, "Short enough")
    page.evaluate(
        "() => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') } }"
    )
    why(page).fill("No room for it")
    expect(page.locator("output.draft")).to_contain_text("This browser does not keep drafts")


def test_the_oldest_drafts_make_room_and_go_after_two_weeks(browse: Browse, session: Session, ana: User) -> None:
    page = browse(ana, f"{session.get_absolute_url()}escalate/")
    page.evaluate(
        """me => { for (const [n, days] of [['old', 15], ['last-week', 7], ['yesterday', 1]])
      localStorage[`draft:${me}:/${n}/`] = JSON.stringify({id: n, at: Date.now() - days * 864e5, values: {}}) }""",
        ana.pk,
    )
    page.reload()
    page.wait_for_function("me => !localStorage.getItem(`draft:${me}:/old/`)", arg=ana.pk)
    page.evaluate(
        """me => { const set = Storage.prototype.setItem
      Storage.prototype.setItem = function (...pair) {
        if (pair[1] && this.getItem(`draft:${me}:/last-week/`)) throw new DOMException('full', 'QuotaExceededError')
        set.apply(this, pair) } }""",
        ana.pk,
    )
    why(page).fill("There is room")
    wait_for_draft(page, "There is room")
    assert page.evaluate("me => localStorage.getItem(`draft:${me}:/yesterday/`)", ana.pk)


def test_the_admin_keeps_drafts_too(browse: Browse, network: Team, olga: User) -> None:
    path = f"/admin/accounts/team/{network.pk}/change/"
    page = browse(olga, path)
    page.locator("[name=name]").fill("Network and tel")
    page.goto("/admin/")
    page.goto(path)
    expect(page.locator("[name=name]")).to_have_value("Network and tel")
    expect(page.locator("output.draft")).to_contain_text(RESTORED)
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    expect_no_drafts(page)


# --- signing out -----------------------------------------------------------------------------------


def test_signing_out_asks_and_leaves_nothing_behind(browse: Browse, session: Session, ana: User) -> None:
    page = browse(ana, session.get_absolute_url())
    composer(page).fill("Not for the next one")
    page.locator("summary", has_text=ana.name).click()
    page.get_by_role("button", name="Sign out").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Sign out and discard a draft?")
    assert look(page) == []
    dialog.get_by_role("button", name="Stay signed in").click()
    expect(composer(page)).to_have_value("Not for the next one")
    page.goto("/logout/")
    page.get_by_role("button", name="Sign out").click()
    dialog.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect_no_drafts(page)


# --- every form takes part -------------------------------------------------------------------------

# Where there is something to write and no draft of it: what one signs in with.
PLACES_WITHOUT = {"/login/", "/password/"}
FIELDS = """([html, address]) => [...new DOMParser().parseFromString(html, 'text/html').forms].flatMap(form => {
  if (form.getAttribute('method') !== 'post') return []
  const place = new URL(form.getAttribute('action') || address, new URL(address, location.href)).pathname
  const other = /^(hidden|checkbox|radio|submit|button|file|number|date|time|datetime-local)$/
  return [...form.elements].filter(field => field.name && field.matches('textarea, input') && !other.test(field.type))
    .map(({name, type}) => ({place, name, secret: type === 'password' || name.startsWith('credential_')}))
})"""
FIND = """const find = ({place, name}) => [...document.forms].filter(form => form.elements[name] &&
  new URL(form.getAttribute('action') || location.href, location.href).pathname === place)[0].elements[name]"""
TYPE = f"""fields => {{ {FIND}
  for (const [n, one] of fields.entries()) {{
    find(one).value = `${{one.secret ? 'secret' : 'typed'}} ${{n}}`
    find(one).dispatchEvent(new Event('input', {{bubbles: true}}))
  }} }}"""
READ = f"fields => {{ {FIND}; return fields.map(one => find(one).value) }}"


@pytest.mark.slow
def test_every_form_keeps_what_is_written_in_it(browse: Browse, cast: dict[str, User], furniture: None) -> None:
    """Of every page of the site, and nothing that is secret: a new form takes part, or stands in the list above."""
    wrong, known = {}, set()
    browsers: dict[str, Page] = {}
    for who, _name, path in walk.pages(cast):
        page = browsers.get(who) or browsers.setdefault(who, browse(cast.get(who), "/login/"))
        written_in = page.evaluate(FIELDS, [page.request.get(path).text(), path])
        fields: list[Any] = [one for one in written_in if one["place"] not in PLACES_WITHOUT]
        kinds = {(re.sub(r"[0-9]+", "7", one["place"]), one["name"]) for one in fields}
        if kinds <= known:
            continue  # nothing to write, or what another page has, too
        known |= kinds
        page.goto(path)
        page.evaluate(TYPE, fields)
        page.reload()
        found = page.evaluate(READ, fields)
        wanted = [found[n] if one["secret"] else f"typed {n}" for n, one in enumerate(fields)]
        if found != wanted:
            wrong[f"{who} {path}"] = (fields, found)
        if "secret" in page.evaluate("JSON.stringify(localStorage)"):
            wrong[f"{who} {path} keeps"] = "a secret"
        page.evaluate("localStorage.clear()")
    places = {place for place, _name in known}
    assert not wrong, "\n".join(map(str, wrong.items()))
    assert len(places) > 20, places
