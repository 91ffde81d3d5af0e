"""What people write, wherever it stands: with its Markdown and links on pages, as it was typed everywhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from handoffs.models import Handoff
from notifications.live.fragments import fragments_of
from resolutionflow.accounts.models import ApiToken, Event, User
from sessions_app.models import PsaConnection
from sessions_app.templatetags.markdown import REMEMBERED, links, markdown, markdown_line

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]

TYPED = "See **KB5034441** and `sfc`:\n- one\n- two\n```\nerror 5\n```\nas in s1, \\\\fs01\\a"
KB = '<strong><a href="https://support.microsoft.com/help/5034441" target="_blank" rel="noopener noreferrer nofollow">'
BLOCKS = (
    KB,
    '<code dir="ltr">sfc</code>',
    "<ul><li>one",
    'data-whole>\nerror 5</pre><button type="button"',
    "\\\\fs01\\a",
)
LINE = (KB, '<code dir="ltr">sfc</code>', ":\n- one\n- two\n```")


def page(client, user, address: str) -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def between(html: str, start: str, end: str) -> str:
    return html.split(start, 1)[1].split(end, 1)[0]


def assert_all(parts, html: str) -> None:
    assert not [part for part in parts if part not in html]


@pytest.fixture
def tracker(northwind, session, ana) -> PsaConnection:
    made = PsaConnection.objects.create(
        account=northwind, name="RT", kind="request_tracker", base_url="https://rt.example/REST/2.0"
    )
    session.change(ana, psa_connection=made)
    return made


# --- messages and steps --------------------------------------------------------------------------


def test_a_message(client, session, ana):
    message = session.add_message(ana, content=TYPED)
    shown = between(page(client, ana, session.get_absolute_url()), f'id="message-{message.pk}"', "</li>\n</ol>")
    assert_all(BLOCKS, shown)
    assert f'<a href="/sessions/{session.pk}/?at=s1#s1" rel="noopener noreferrer nofollow">s1</a>' in shown


def asked(user: User) -> str:
    return f'<strong><bdi data-people="{user.pk}">@{user.name}</bdi></strong>'


def test_a_message_that_asks_somebody(client, session, ana, bo):
    session.add_message(ana, content=f"@{bo.name}, did **you** see KB5034441?", asked=[bo])
    html = page(client, ana, session.get_absolute_url())
    assert f"{asked(bo)}, did <strong>you</strong> see <a href" in html


def test_what_goes_on_after_a_name_begins_no_list(client, session, ana, bo):
    for said in ("- can **you** look?\n- or I?", "2. **floor** printer", "```\nerror 5\n```"):
        session.add_message(ana, content=f"@{bo.name} {said}", asked=[bo])
    html = page(client, ana, session.get_absolute_url())
    assert f"{asked(bo)} - can <strong>you</strong> look?\n<ul><li>or I?</li></ul></div>" in html
    assert f"{asked(bo)} 2. <strong>floor</strong> printer</div>" in html
    assert "data-whole>\nerror 5</pre>" in html


def test_a_long_message_says_its_line_without_marks(client, session, ana):
    session.add_message(ana, content="It is **the spooler**.\n" + "And `more`, of which much is said.\n" * 60)
    html = page(client, ana, session.get_absolute_url())
    assert "<span>It is <strong>the spooler</strong>.</span>" in html
    assert html.count('<code dir="ltr">more</code>') == 60


OUTPUT = "Status   Name     Title\n------   ----     -----\nStopped  Spooler  **Print**\n"


def test_what_looks_like_output_is_no_markdown(client, session, ana):
    session.add_message(ana, content=OUTPUT + "Running  W32Time  `Time`")
    html = page(client, ana, session.get_absolute_url())
    assert "Spooler  **Print**\nRunning  W32Time  `Time`</pre>" in html


def test_where_output_is_fenced_the_rest_is_prose(client, session, ana):
    session.add_message(ana, content=f"Is it **this**?\n```\n{OUTPUT}```\nor KB5034441")
    html = page(client, ana, session.get_absolute_url())
    assert "Is it <strong>this</strong>?" in html
    assert "Spooler  **Print**</pre>" in html


def test_fenced_output_that_is_too_long_to_be_rendered_is_shown_as_output(client, session, ana):
    session.add_message(ana, content=f"```\n{OUTPUT * 500}```")
    html = page(client, ana, session.get_absolute_url())
    assert 'class="printed"' in between(html, 'class="message user"', "</li>")


def test_a_step_has_links_alone(client, session, ana):
    session.add_step(ana, text="Removed **KB5034441**", free_text="https://example.com/x KB5034441\nsaid `so`")
    html = page(client, ana, session.get_absolute_url())
    assert 'Removed **<a href="https://support.microsoft.com/help/5034441"' in html
    assert "https://example.com/x KB5034441\nsaid `so`</pre>" in html


def test_the_ticket_of_the_session_is_a_link(client, session, ana, tracker):
    session.add_message(ana, content="Also in #48190, not in #48191")
    html = page(client, ana, session.get_absolute_url())
    leads = 'href="https://rt.example/Ticket/Display.html?id=48190" target="_blank" rel="noopener noreferrer nofollow"'
    assert f"Also in <a {leads}>#48190</a>, not in #48191" in html


def test_the_ticket_is_no_link_where_it_leads_nowhere(client, session, ana):
    session.add_message(ana, content="Also in #48190")
    assert ">Also in #48190<" in page(client, ana, session.get_absolute_url())


def test_a_session_of_another_account_is_a_link_to_nothing(client, session, ana, eve):
    session.add_message(ana, content=f"As in session {session.pk}")
    leads = f'<a href="/sessions/{session.pk}/" rel="noopener noreferrer nofollow">session {session.pk}</a>'
    assert leads in page(client, ana, session.get_absolute_url())
    client.force_login(eve)
    assert client.get(f"/sessions/{session.pk}/").status_code == 404


def test_what_is_pushed_is_what_the_page_shows(client, session, ana, bo, tracker):
    message = session.add_message(ana, content=f"{TYPED} #48190")
    event = Event.objects.get(kind="message.added", session_id=session.pk)
    watch = f"session:{session.pk}"
    (pushed,) = fragments_of([event], {watch})[event.seq][watch]
    assert_all((*BLOCKS, "https://rt.example/"), pushed["html"])
    for user in (ana, bo):
        html = page(client, user, session.get_absolute_url())
        start = html.index(f'<li id="message-{message.pk}"')
        assert re.sub(r"\s+", " ", html[start:]).startswith(re.sub(r"\s+", " ", pushed["html"]))


def test_numbers_cost_no_queries(client, session, ana, tracker):
    """Beyond the one for the ticket's system, however many name it."""
    counts = []
    for more in (1, 8):
        for number in range(more):
            session.add_message(ana, content=f"s1 m5 session {number + 1} #48190 `x` KB5034441")
        page(client, ana, session.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(session.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- notes and resolutions -----------------------------------------------------------------------


def test_a_note_on_the_pick_up_screen_and_in_the_preview(client, session, ana, bo):
    handoff = Handoff.escalate(session, ana, notes=TYPED)
    assert_all(BLOCKS, between(page(client, bo, handoff.get_absolute_url()), 'id="note"', "brief-lines"))
    assert_all(BLOCKS, between(page(client, bo, f"/handoffs/{handoff.pk}/preview/"), "'s note</h3>", "brief-lines"))


def test_a_note_where_a_brief_is_opened(client, session, ana, bo):
    Handoff.escalate(session, ana, notes=TYPED).claim(bo)
    assert_all(BLOCKS, between(page(client, bo, f"/sessions/{session.pk}/brief/"), 'class="quote"', "brief-lines"))


def test_why_a_branch_leads_nowhere(client, session, ana, bo):
    session.add_branch(ana, label="Router").change_status(
        ana, status="dead_end", reason="**Not** `fw01`, see KB5034441"
    )
    handoff = Handoff.escalate(session, ana, notes="stuck")
    for address in (session.get_absolute_url(), handoff.get_absolute_url()):
        assert '<strong>Not</strong> <code dir="ltr">fw01</code>, see <a href=' in page(client, bo, address)


def test_a_long_note_begins_in_one_piece_and_follows_whole(client, session, ana, bo):
    handoff = Handoff.escalate(session, ana, notes=TYPED + "\n" + "more and more " * 60 + "**end**")
    note = between(page(client, bo, handoff.get_absolute_url()), 'id="note"', "brief-lines")
    begin, whole = note.split("</summary>")
    assert_all(LINE, begin)
    assert_all((*BLOCKS, "<strong>end</strong>"), whole)


def test_what_was_said_on_the_pick_up_screen(client, session, ana, bo):
    session.add_message(ana, content=TYPED)
    handoff = Handoff.escalate(session, ana, notes="stuck")
    assert_all(BLOCKS, between(page(client, bo, handoff.get_absolute_url()), "What was said", "</section>"))


def test_a_line_of_the_brief_shows_no_marks(client, session, ana, bo):
    handoff = Handoff.escalate(session, ana, notes="x", watch_out="Do **not** run `sfc`, see KB5034441")
    html = page(client, bo, handoff.get_absolute_url())
    assert 'dir="auto">Do <strong>not</strong> run <code dir="ltr">sfc</code>, see <a href=' in html


def test_a_note_of_what_is_parked(client, session, ana):
    Handoff.park(session, ana, notes=TYPED)
    assert_all(BLOCKS, between(page(client, ana, session.get_absolute_url()), 'id="standing"', 'id="trail-region"'))
    assert_all(LINE, between(page(client, ana, "/"), 'id="parked-', "</li>"))


def test_a_resolution_on_every_page_that_shows_it(client, waiting, ana, bo):
    waiting.claim(bo)
    session = waiting.session
    session.refresh_from_db()
    session.resolve(bo, resolution=TYPED, root_cause=TYPED)
    shown = between(page(client, ana, session.get_absolute_url()), 'id="standing"', 'id="trail-region"')
    resolution, cause = shown.split("Root cause:")
    assert_all(BLOCKS, resolution)
    assert_all(LINE, cause)
    assert_all(BLOCKS, between(page(client, ana, waiting.get_absolute_url()), 'id="go-on"', "</section>"))
    assert_all(LINE, between(page(client, ana, f"/handoffs/{waiting.pk}/preview/"), "It is over", "</div>"))
    fixed, cause = between(page(client, ana, "/"), "Fixed by:", "</li>").split("Root cause:")
    assert_all(LINE, fixed)
    assert_all(LINE, cause)


def test_why_it_changed_hands(client, claimed, ana, bo):
    claimed.return_(bo, reason="Is **not** ours, see `fw01`")
    shown = 'Is <strong>not</strong> ours, see <code dir="ltr">fw01</code>'
    assert shown in page(client, ana, claimed.session.get_absolute_url())
    assert shown in page(client, ana, "/")


# --- as it was typed -----------------------------------------------------------------------------


def test_texts_to_copy_and_the_api_have_it_as_it_was_typed(client, session, ana, bo):
    message = session.add_message(ana, content=TYPED)
    handoff = Handoff.escalate(session, ana, notes=TYPED)
    assert TYPED in page(client, bo, f"/handoffs/{handoff.pk}/text/")
    key = ApiToken.issue(bo, name="x", scope="read")[1]
    for address, name in (
        (f"/api/v1/handoffs/{handoff.pk}/", "notes"),
        (f"/api/v1/sessions/{session.pk}/messages/{message.pk}/", "content"),
    ):
        assert client.get(address, headers={"Authorization": f"Bearer {key}"}).json()[name] == TYPED


# --- everywhere ----------------------------------------------------------------------------------

# What people write in more than a few words; and the filters that may show it on a page.
WRITTEN = re.compile(
    r"\b(?:notes|brief\.note|resolution|root_cause|read_back|status_reason|message\.(?:content|rest|shown)|facts\.reason|sent\.reason)\b"
)
RENDERED = {"markdown", "markdown_line"}
TOLD = {"length", "line_count"}  # what is said about it
PLAIN = {  # where, and what
    ("handoffs/_card.html", "handoff.read_back"),  # a card is a link
    ("handoffs/_said_message.html", "message.shown|opening"),  # of what looks like output, as the next two
    ("handoffs/_said_message.html", "message.shown"),
    ("sessions_app/_message.html", "message.rest"),
    ("handoffs/_my_sessions.html", "mine.returned.facts.reason"),  # rendered where it is shown
}
# Shown there, or given another name.
SHOWN_OR_NAMED = re.compile(r"{{ (.*?) }}|(?<=[ ])[a-z_]+=([a-z_.]+(?:\|[^\s%]*)?)(?=[^%{}]*%})")


def test_no_page_shows_it_without():
    """A new place names one of the filters of {% load markdown %}. Forms show their fields, and they what was typed."""
    wrong = []
    for template in sorted((ROOT / "templates").rglob("*.html")):
        name = template.relative_to(ROOT / "templates").as_posix()
        for shown in map("".join, SHOWN_OR_NAMED.findall(template.read_text())):
            what, *filters = [part.split(":")[0] for part in shown.split("|")]
            if WRITTEN.search(what) and "form" not in what and not (RENDERED | TOLD) & set(filters):
                wrong.append((name, shown))
    assert set(wrong) == PLAIN


def test_mails_and_notes_show_it_as_it_was_typed():
    texts = {template.name for template in (ROOT / "templates").rglob("*.txt") if "markdown" in template.read_text()}
    assert not texts


def test_what_was_rendered_is_remembered(session, monkeypatch):
    text = "**remembered** once, by all who ask"
    first = [show(text, session) for show in (markdown, markdown_line, links)]
    monkeypatch.setattr("resolutionflow.web.markdown._clean", None)
    assert [show(text, session) for show in (markdown, markdown_line, links)] == first
    assert len(set(first)) == 2  # all three differ only where there are blocks; links alone shows the marks


def test_what_takes_much_room_is_not_remembered(session, monkeypatch):
    text = "http://a.example " * 1000
    assert len(markdown(text, session)) > REMEMBERED
    monkeypatch.setattr("resolutionflow.web.markdown._clean", None)
    with pytest.raises(TypeError):
        markdown(text, session)
