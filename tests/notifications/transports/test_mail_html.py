"""The HTML of a mail: read by two parsers, it says what the text says, is whole, and holds nothing foreign."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count

import fast_mail_parser
import pytest
from django.conf import settings as django_settings
from hypothesis import given
from hypothesis import strategies as st

from handoffs.models import Handoff
from notifications.mail import Address, Button, Content, Line, Lines, Quote, render_mail
from notifications.models import Delivery
from notifications.templatetags.mails import typed
from notifications.transports.email import compose
from resolutionflow.accounts.models import Event, User
from resolutionflow.core.text import visible
from sessions_app.models import Message, Session
from tests.conftest import relay_all
from tests.fakes import smtp
from tests.notifications.transports.mail_html import MailHtml
from tests.notifications.transports.test_email import deliver
from tests.notifications.transports.test_email import server as server  # a fixture

MARKUP = "<script>alert(1)</script> <a href='javascript:alert(2)'>x</a> <img src=\"//evil.example/1\"> &lt;b&gt;"
OUTPUT = "Name        Status\n----        ------\nfirst-link  up\nsecond      \tdown\n" + "x" * 300
LABEL = re.compile(r"\[REDACTED:\w+#\d+\]")


def html_of(delivery: Delivery) -> str:
    (alternative,) = compose(delivery).alternatives
    assert alternative.mimetype == "text/html"
    return str(alternative.content)


def content(**fields: object) -> Content:
    settings = Address(f"{django_settings.SITE_URL}/settings/notifications/")
    return Content(**{"subject": "Subject", "heading": "Heading", "settings": settings, **fields})  # type: ignore[arg-type]


def rendered(**fields: object) -> tuple[str, MailHtml]:
    """The text and the HTML of a mail that says this."""
    made = render_mail(content(**fields), to="bo@example.org", headers={})
    return made.body, MailHtml(str(made.alternatives[0].content))


@pytest.fixture
def full(session: Session, ana: User, bo: User) -> Session:
    """A record with everything in it that a mail shows."""
    session.change(ana, client_name="Northgate Legal", asset_name="NGL-FW-01")
    session.add_step(ana, text="Restarted it", outcome="failed", free_text="ERROR 809: no answer from 10.0.0.1")
    session.add_step(ana, text="Swapped the cable", outcome="worked", temporary=True)
    session.add_step(ana, text="Lower the MTU", outcome="pending")
    session.add_message(bo, content="It began on Tuesday")
    session.refresh_from_db()
    return session


def escalate(session: Session, ana: User, bo: User, **lines: str) -> Delivery:
    Handoff.escalate(session, ana, target_user=bo, **{"notes": "Stuck.\n\n  It is the line", **lines})
    relay_all()
    return Delivery.objects.get(recipient=bo, event__kind="handoff.escalated")


def test_two_parsers_read_text_and_html_alike(server: smtp.FakeSmtp, full: Session, ana: User, bo: User) -> None:
    full.change(ana, problem_summary="Ünïcode: 日本語 und 🚀 fallen aus")
    deliver(escalate(full, ana, bo, affected="2 lawyers"))
    (ours,), (raw,) = server.mails, server.received
    theirs = fast_mail_parser.parse_email(raw)
    subjects = {ours["Subject"].strip(), theirs.subject.strip()}  # Django folds one before its first word
    assert subjects == {f"#48190 Ünïcode: 日本語 und 🚀 fallen aus (session {full.pk})"}
    assert [part.get_content_type() for part in ours.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert (len(theirs.text_plain), len(theirs.text_html), theirs.attachments) == (1, 1, [])
    for mine, other in ((smtp.text_of(ours), theirs.text_plain[0]), (smtp.html_of(ours), theirs.text_html[0])):
        assert mine.splitlines() == other.splitlines()
        assert "日本語 und 🚀" in mine
    assert not theirs.warnings


def test_the_html_says_what_the_text_says(full: Session, ana: User, bo: User) -> None:
    delivery = escalate(full, ana, bo, affected="2 lawyers", suspect="MTU", contact="Mrs. Hale, +1 202 555 0170")
    read = MailHtml(html_of(delivery))
    said = re.sub(r"[-\[\]();,:.]", " ", compose(delivery).body).split()
    shown = set(re.sub(r"[-\[\]();,:.]", " ", read.seen).split())
    link = "/settings/notifications/"
    assert not [word for word in said if word not in shown and link not in word]
    for heading in ("Problem", "Client", "Device", "Ticket", "Priority", "Waiting since", "Affected", "Last error"):
        assert f"\n{heading}\n" in re.sub(r"\s*\n\s*", "\n", read.seen)
    assert ["Failed:", "Restarted", "it:"] in [read.words[at : at + 3] for at in range(len(read.words))]


def test_one_button_and_the_settings_are_all_it_links_to(full: Session, ana: User, bo: User) -> None:
    full.add_message(ana, content="see https://example.org/x and http://evil.example")
    delivery = escalate(full, ana, bo, notes="[here](https://example.org) javascript:alert(1) www.example.org")
    read, site = MailHtml(html_of(delivery)), django_settings.SITE_URL
    page = f"{site}/handoffs/{delivery.handoff_id}/"
    assert read.links == [page, f"{site}/settings/notifications/"]
    assert page in read.words, "the address stands below the button"
    assert "[here](https://example.org)" in read.seen


def test_a_shared_inbox_is_led_to_the_channels(full: Session, ana: User, northwind, olga: User) -> None:
    delivery = Delivery(account=northwind, session=full, address="desk@example.org", kind="email")
    Handoff.escalate(full, ana, notes="Stuck")
    delivery.event = Event.objects.get(kind="handoff.escalated")
    assert MailHtml(html_of(delivery)).links[-1] == f"{django_settings.SITE_URL}/settings/channels/"


def test_nothing_is_loaded_from_anywhere(full: Session, ana: User, bo: User) -> None:
    html = html_of(escalate(full, ana, bo, notes=MARKUP))
    names = {name for name, _value in MailHtml(html).attributes}
    assert not names & {"src", "srcset", "background", "poster", "data", "action", "formaction"}
    assert not [name for name in names if name.startswith("on")]
    assert not re.search(r"url\(|@import|@font-face|position:|display:\s*(flex|grid)", html)


def test_it_has_a_dark_side_and_a_preview(full: Session, ana: User, bo: User) -> None:
    html = html_of(escalate(full, ana, bo))
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "@media (prefers-color-scheme: dark)" in html
    assert html.index("</style>") - html.index("<style>") < 8_192, "Gmail drops a longer one whole"
    preview = MailHtml(html).preview
    what = f"Ana Tester escalated #48190 {full.problem_summary}"
    assert preview.strip() == f"{what}: Note from Ana Tester: Stuck. It is the line"


def everywhere(session: Session, ana: User, text: Callable[[], str]) -> dict[str, str]:
    """A text of its own wherever people write; returns the lines of an escalation with more of them."""
    ana.name = f"Ana {text()}"[:200]
    ana.save(update_fields=["name"])
    for name in ("client_name", "asset_name", "access", "changed_before", "contact", "problem_summary"):
        Session.objects.filter(pk=session.pk).update(**{name: text()})
    for step in session.steps.all():
        type(step).objects.filter(pk=step.pk).update(text=text(), free_text=text())
    Message.objects.filter(session=session).update(content=text())
    session.branches.update(label=text())
    session.refresh_from_db()
    return {name: text() for name in ("notes", "affected", "suspect", "next_step", "watch_out")}


def test_markup_is_shown_as_it_was_typed_wherever_people_write(full: Session, ana: User, bo: User) -> None:
    lines = everywhere(full, ana, lambda: MARKUP)
    delivery = escalate(full, ana, bo, **lines)
    read = MailHtml(html_of(delivery))
    assert len(read.links) == 2
    assert read.seen.count("<script>alert(1)</script>") > 12
    assert "&lt;b&gt;" in read.seen
    claimed = Handoff.objects.get(pk=delivery.handoff_id)
    claimed.claim(bo)
    claimed.release(bo, reason=MARKUP)
    relay_all()
    for other in Delivery.objects.exclude(pk=delivery.pk).filter(kind="email"):
        assert len(MailHtml(html_of(other)).links) == 2


@pytest.mark.parametrize("ending", ["&<b>", '"x', "'x", "&amp;x", "</td>", "&#39;y", "<br>z"])
def test_no_secret_outlives_what_html_makes_of_it(full: Session, ana: User, bo: User, ending: str) -> None:
    numbers = count(10)
    lines = everywhere(full, ana, lambda: f"Set password: Zebra{next(numbers)}!{ending}")
    delivery = escalate(full, ana, bo, **lines)
    assert next(numbers) > 18
    claimed = Handoff.objects.get(pk=delivery.handoff_id)
    claimed.claim(bo)
    claimed.release(bo, reason=f"The password is Zebra99!{ending}")
    full.refresh_from_db()
    full.add_message(bo, content=f"@{ana.name} try pw: Zebra98!{ending}", asked=[ana])
    relay_all()
    for delivery in Delivery.objects.filter(kind="email"):
        made, html = compose(delivery), html_of(delivery)
        for sent in (html, MailHtml(html).seen, MailHtml(html).preview, made.body, made.subject):
            assert "Zebra" not in sent
        assert set(LABEL.findall(MailHtml(html).seen)) == set(LABEL.findall(made.body))
        assert "left out (password)." in MailHtml(html).seen


def test_a_secret_that_only_the_whole_text_shows_is_left_out_of_both(full: Session, ana: User, bo: User) -> None:
    """Neither the name nor the message shows it, the line of both does; then the HTML is the paragraphs of the text."""
    full.add_message(ana, content="Tr0ub4dor-99x")
    User.objects.filter(pk=ana.pk).update(name="Admin password")
    delivery = escalate(full, User.objects.get(pk=ana.pk), bo)
    made, read = compose(delivery), MailHtml(html_of(delivery))
    assert "Tr0ub4dor" not in made.body + html_of(delivery)
    assert LABEL.findall(made.body) == LABEL.findall(read.seen) != []
    assert "It is the line" in read.seen
    assert "Restarted it" in read.seen
    assert read.links[0] == f"{django_settings.SITE_URL}/handoffs/{delivery.handoff_id}/"
    assert made.body.count("/handoffs/") == 1


def test_the_largest_record_fits_and_the_text_has_all_of_it(full: Session, ana: User, bo: User) -> None:
    for number in range(14):
        full.add_step(ana, text=f"{number} " + '"<&>"' * 600, outcome="failed", free_text="'\"" * 5_000)
        full.add_message(ana, content="&" * 20_000)
    full.refresh_from_db()
    delivery = escalate(full, ana, bo, notes='"' * 20_000, affected="<" * 200, watch_out="&" * 200)
    made, html = compose(delivery), html_of(delivery)
    assert len(html.encode()) < 100_000
    assert "Long texts are cut here." in MailHtml(html).seen
    assert '"' * 20_000 in made.body
    _text, short = rendered(paragraphs=["Short"])
    assert "Long texts are cut here." not in short.seen


def test_output_keeps_its_columns_and_is_cut() -> None:
    _text, read = rendered(paragraphs=[Quote("Bo asks", OUTPUT + "\n" + "another  line\n" * 61)])
    assert "pre" in read.tags
    lines = read.seen[read.seen.index("Name ") :].split("\n")
    assert lines[:4] == ["Name        Status", "----        ------", "first-link  up", "second          down"]
    assert lines[4] == "x" * 68 + "…"
    assert lines.count("another  line") == 35
    assert "… 26 more lines" in lines


def test_direction_is_told_by_the_letters() -> None:
    html = str(
        render_mail(
            content(heading="שלום", paragraphs=[Quote("Note", "مرحبا")]), to="bo@example.org", headers={}
        ).alternatives[0].content
    )  # fmt: skip
    for text in ("שלום", "مرحبا"):
        tag = re.findall(rf"<[^>]+>(?=\s*{text})", html)[-1]
        assert 'dir="auto"' in tag


def test_a_list_of_lines_each_with_its_link() -> None:
    lines = [Line("Ana <escalated> it", Address("https://x.example/1/"), "2 hours ago"), Line("No link")]
    button = Button("Open", Address("https://x.example/all/"))
    text, read = rendered(lists=[Lines("Waiting", lines)], button=button, why="you chose one mail a day")
    assert "Waiting\n\n- Ana <escalated> it (2 hours ago)\n  https://x.example/1/\n- No link\n" in text
    assert read.links[:2] == ["https://x.example/1/", "https://x.example/all/"]
    assert "Ana <escalated> it" in read.seen


def test_a_hundred_lines_fit() -> None:
    link = Address("https://flow.example.com/sessions/123456/?at=m123#m123")
    lines = [Line("&" * 500, link, "2 hours ago") for _number in range(100)]
    made = render_mail(content(lists=[Lines("Waiting", lines)]), to="bo@example.org", headers={})
    html = str(made.alternatives[0].content)
    assert len(html.encode()) < 100_000
    assert len(MailHtml(html).links) == 101


def test_an_address_of_ours_is_never_taken_for_a_secret() -> None:
    link = Address("https://x.example/notifications/?token=abcdefghijklmnop1234567890&password=Hunter2!x9")
    text, read = rendered(button=Button("Open", link), paragraphs=["Hello"])
    assert link in text
    assert link in read.links


@given(st.text(st.sampled_from("a <>&\"'\n\t;#xamplt") | st.characters(categories=["L", "P", "S"])))
def test_whatever_is_typed_is_shown_and_is_no_tag(text: str) -> None:
    text = visible(text)
    read = MailHtml(f"<div>{typed(text)}</div>")
    assert set(read.tags) <= {"div", "br"}
    assert read.seen == "\n" + text.expandtabs(4).replace("\xa0", " ")
