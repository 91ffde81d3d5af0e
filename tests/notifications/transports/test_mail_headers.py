"""The headers of a mail as the server gets them: nothing forged, one conversation a session, who reads replies."""

from __future__ import annotations

import base64
from email.message import Message

import fast_mail_parser
import pytest
from django.utils import timezone

from handoffs.models import Handoff
from notifications.models import Delivery, Preference
from resolutionflow.accounts.models import Account, Event, User
from resolutionflow.core.refusals import Invalid
from sessions_app.models import Session
from tests.conftest import relay_all
from tests.fakes import smtp
from tests.notifications.transports.test_email import deliver
from tests.notifications.transports.test_email import mail as mail  # a fixture
from tests.notifications.transports.test_email import server as server  # a fixture


@pytest.fixture(autouse=True)
def one_by_one(northwind) -> None:
    Preference.objects.create(account=northwind, digest=False)


def send_all(server: smtp.FakeSmtp) -> list[Message]:
    """All mails there are, as if the minute of each claim were over."""
    relay_all()
    Delivery.objects.filter(status="pending").update(due_at=timezone.now())
    for delivery in Delivery.objects.filter(status="pending", kind="email"):
        deliver(delivery)
    return server.mails


def mails_about(session: Session, ana: User, bo: User, server: smtp.FakeSmtp) -> list[Message]:
    """Mails of five kinds about it."""
    handoff = Handoff.escalate(session, ana, notes="Stuck", target_user=bo)
    send_all(server)
    handoff.claim(bo)
    session.refresh_from_db()
    session.add_message(bo, content="@Ana which one?")
    send_all(server)
    session.refresh_from_db()
    session.resolve(bo, resolution="A new cable")
    Event.record(session.account_id, "note.failed", actor=None, session_id=session.pk, facts={"requested_by": bo.pk})
    return send_all(server)


def test_the_mails_of_a_session_are_one_conversation(server: smtp.FakeSmtp, session, ana, bo, lea) -> None:
    mails = mails_about(session, ana, bo, server)
    assert len({mail["Message-ID"] for mail in mails}) == len(mails)
    for name in ("Subject", "Thread-Topic", "Thread-Index", "References", "In-Reply-To"):
        assert len({mail[name] for mail in mails}) == 1, f"{name} differs"
    assert mails[0]["References"] == mails[0]["In-Reply-To"] == f"<session-{session.pk}@127.0.0.1>"
    assert mails[0]["Subject"] == mails[0]["Thread-Topic"]
    headings = {smtp.text_of(mail).splitlines()[0] for mail in mails}
    assert len(headings) == 5, "what happened stands in the first line"


def test_two_sessions_with_the_same_problem_are_two(server: smtp.FakeSmtp, session, ana, bo) -> None:
    other = Session.open(ana, problem_summary=session.problem_summary, psa_ticket_id=session.psa_ticket_id)
    for one in (session, other):
        Handoff.escalate(one, ana, notes="Stuck", target_user=bo)
    mails = send_all(server)
    for name in ("Subject", "Thread-Index", "References"):
        assert len({mail[name] for mail in mails}) == 2, f"{name} is the same"


def test_outlook_reads_when_it_began_and_an_id(server: smtp.FakeSmtp, mail: Delivery) -> None:
    deliver(mail)
    index = base64.b64decode(server.mails[0]["Thread-Index"])
    assert len(index) == 22
    began = int.from_bytes(index[:6] + b"\0\0", "big") / 10_000_000 - 11_644_473_600
    assert mail.session is not None
    assert abs(began - mail.session.created_at.timestamp()) < 0.01


def test_no_absence_note_answers_and_no_list_is_pretended(server: smtp.FakeSmtp, mail: Delivery) -> None:
    deliver(mail)
    (sent,) = server.mails
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["X-Auto-Response-Suppress"] == "All"
    assert sent["Precedence"] is None
    assert sent["List-Id"] == f"<account-{mail.account_id}.127.0.0.1>"


@pytest.mark.parametrize(("priority", "importance"), [(0, "high"), (1, None), (2, None)])
def test_urgent_calls_are_marked_and_nothing_else(server, session, ana, bo, priority, importance) -> None:
    handoff = Handoff.escalate(session, ana, notes="Stuck", target_user=bo, priority=priority)
    assert [mail["Importance"] for mail in send_all(server)] == [importance]
    handoff.claim(bo)
    assert [mail["Importance"] for mail in send_all(server)] == [importance, None]


def test_the_same_message_id_at_every_attempt(server: smtp.FakeSmtp, mail: Delivery) -> None:
    server.answers["body"] = "451 try again"
    deliver(mail)
    server.answers.clear()
    Delivery.objects.update(due_at=timezone.now())
    deliver(mail)
    ids = {mail["Message-ID"] for mail in server.mails}
    assert ids == {f"<delivery-{mail.pk}.{mail.marker.lower()}@127.0.0.1>"}


INJECTED = "x\r\nBcc: all@example.org\r\n\r\n<h1>Hello</h1>\u2028y\u0085z\x0bw"


def test_no_name_and_no_problem_forges_a_header_or_a_body(server: smtp.FakeSmtp, session, ana, bo) -> None:
    """Not even one that reached the database by another way."""
    for row in (ana, bo):
        User.objects.filter(pk=row.pk).update(name=f"{row.name} {INJECTED}")
    Session.objects.filter(pk=session.pk).update(problem_summary=INJECTED, client_name=INJECTED, psa_ticket_id=INJECTED)
    session.refresh_from_db()
    Handoff.escalate(session, User.objects.get(pk=ana.pk), notes=INJECTED, target_user=bo)
    (sent,) = send_all(server)
    theirs = fast_mail_parser.parse_email(server.received[0])
    assert sent["Bcc"] is None
    assert "Bcc" not in theirs.headers
    assert [part.get_content_type() for part in sent.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert "<h1>Hello" not in smtp.html_of(sent)
    assert sent["To"] == bo.email


def test_no_line_is_longer_than_mail_allows(server: smtp.FakeSmtp, session, ana, bo) -> None:
    session.change(ana, problem_summary="a" * 500, client_name="ü" * 200)
    Handoff.escalate(session, ana, notes=("b" * 5_000 + " ") * 3 + "\n.\n..dots\nü" + "é" * 3_000, target_user=bo)
    (sent,) = send_all(server)
    assert max(map(len, server.received[0].split(b"\r\n"))) <= 998
    assert b"\n" not in server.received[0].replace(b"\r\n", b""), "every line ends as mail's do"
    assert "b" * 5_000 in smtp.text_of(sent)
    assert "\n.\n..dots\nü" + "é" * 3_000 in smtp.text_of(sent)


def test_without_an_address_for_replies_the_mail_says_so(server: smtp.FakeSmtp, mail: Delivery) -> None:
    deliver(mail)
    (sent,) = server.mails
    assert sent["Reply-To"] is None
    for said in (smtp.text_of(sent), smtp.html_of(sent)):
        assert "Nobody reads replies to this address." in said


def test_with_one_replies_go_there(server: smtp.FakeSmtp, mail: Delivery, northwind: Account, olga: User) -> None:
    northwind.change(by=olga, reply_to=" help@northwind.example ")
    deliver(mail)
    (sent,) = server.mails
    assert sent["Reply-To"] == "help@northwind.example"
    assert "Nobody reads" not in smtp.text_of(sent) + smtp.html_of(sent)


@pytest.mark.parametrize(
    "address", ["help", "a@b", "a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org"]
)
def test_what_is_no_address_is_refused(northwind: Account, olga: User, address: str) -> None:
    with pytest.raises(Invalid) as refused:
        northwind.change(by=olga, reply_to=address)
    assert "reply_to" in refused.value.errors
    northwind.refresh_from_db()
    assert northwind.reply_to == ""
