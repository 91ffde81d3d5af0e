"""Email over a real socket: what it looks like, and what becomes of it when the server does not play along."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from handoffs.models import Handoff
from notifications.models import Delivery, Notification
from resolutionflow.accounts.models import Event
from tests.conftest import relay_all
from tests.fakes import smtp


@pytest.fixture
def server(settings) -> Iterator[smtp.FakeSmtp]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with smtp.running() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server


@pytest.fixture
def mail(session, ana, bo) -> Delivery:
    """To Bo, about Ana's escalation, not sent yet."""
    Handoff.escalate(session, ana, notes="Stuck. The admin password=Hunter2!x does not work.", target_user=bo)
    relay_all()
    return Delivery.objects.get(recipient=bo)


def deliver(mail: Delivery) -> Delivery:
    Delivery.run(mail.pk)
    mail.refresh_from_db()
    return mail


def test_one_mail_to_one_person(server, mail, bo) -> None:
    assert deliver(mail).status == "done"
    (sent,) = server.mails
    assert sent["Subject"] == f"#48190 VPN drops every ten minutes for two users (session {mail.session_id})"
    assert sent["To"] == bo.email
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["List-Id"]
    assert sent["Message-ID"].startswith(f"<delivery-{mail.pk}.")
    text = smtp.text_of(sent)
    assert f"{django_settings.SITE_URL}/handoffs/{mail.handoff_id}/" in text
    assert "You get this because it is for you." in text
    assert "Northgate Legal" in text


def test_secrets_stay_here(server, mail) -> None:
    deliver(mail)
    text = smtp.text_of(server.mails[0])
    assert "Hunter2" not in text
    assert "[REDACTED" in text


def test_sent_once_however_often_the_job_runs(server, mail) -> None:
    for _unused in range(3):
        deliver(mail)
    assert len(server.mails) == 1


def test_a_line_break_in_the_problem_forges_no_header(server, ana, bo, session) -> None:
    session.change(ana, problem_summary="Mail\r\nBcc: all@example.org\u202e is slow")
    Handoff.escalate(session, ana, notes="Stuck", target_user=bo)
    relay_all()
    deliver(Delivery.objects.get(recipient=bo))
    (sent,) = server.mails
    assert sent["Bcc"] is None
    assert sent["Subject"].startswith("#48190 Mail Bcc: all@example.org is slow (session ")


def test_taken_meanwhile_nobody_else_is_called(server, mail, lea, time_machine) -> None:
    mail.handoff.claim(lea)
    assert deliver(mail).status == "pending", "it may be undone"
    time_machine.move_to(mail.handoff.undo_until + timedelta(seconds=1))
    assert deliver(mail).status == "cancelled"
    assert server.mails == []


def test_left_meanwhile_they_get_nothing(server, mail, bo, olga) -> None:
    bo.deactivate(by=olga)
    assert deliver(mail).status == "cancelled"
    assert server.mails == []


@pytest.mark.parametrize(
    ("step", "answer"),
    [("connect", "421 busy"), ("connect", "hang up"), ("ehlo", "hang up"), ("mail", "451 later"),
     ("rcpt", "450 greylisted"), ("data", "452 disk full"), ("body", "451 try again")],
)  # fmt: skip
def test_not_sent_it_is_tried_again(server, mail, step, answer) -> None:
    server.answers[step] = answer
    assert deliver(mail).status == "pending"
    assert timedelta(0) < mail.due_at - timezone.now() < timedelta(seconds=12)
    server.answers.clear()
    Delivery.objects.update(due_at=timezone.now())
    assert deliver(mail).status == "done"
    assert len(server.mails) == 1


@pytest.mark.parametrize(("answer", "status"), [("454 too many logins", "pending"), ("535 wrong password", "failed")])
def test_a_sign_in_refused_for_now_is_tried_again(settings, server, mail, answer, status) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "secret"
    server.answers["auth"] = answer
    assert deliver(mail).status == status


def test_no_server_at_all_is_tried_again(settings, server, mail) -> None:
    settings.EMAIL_PORT = 1
    assert deliver(mail).status == "pending"
    assert "cannot be reached" in mail.error


@pytest.mark.parametrize(("step", "answer"), [("rcpt", "550 no such user"), ("body", "554 spam")])
def test_refused_it_fails_at_once_and_is_told(server, mail, ana, step, answer) -> None:
    server.answers[step] = answer
    assert deliver(mail).status == "failed"
    assert answer.split(" ", 1)[1] in mail.error
    relay_all()
    line = Notification.objects.get(user=ana, event__kind="delivery.failed")
    assert line.title == "Not delivered to Bo Tester: #48190 VPN drops every ten minutes for two users"


@pytest.mark.parametrize("step", ["mail", "body"])
def test_an_answer_that_never_came_may_have_been_sent(server, mail, step) -> None:
    server.answers[step] = "hang up"
    assert deliver(mail).status == "failed"
    assert mail.error.startswith("May have been sent.")


def test_a_retry_by_hand_sends_it_with_the_same_number(server, mail, bo) -> None:
    server.answers["body"] = "hang up"
    deliver(mail)
    server.answers.clear()
    mail.retry_by(bo)
    assert deliver(mail).status == "done"
    assert server.mails[0]["Message-ID"].startswith(f"<delivery-{mail.pk}.")


def test_five_tries_then_it_fails_and_says_why(settings, server, mail) -> None:
    settings.EMAIL_PORT = 1
    for _unused in range(6):
        Delivery.objects.update(due_at=timezone.now())
        deliver(mail)
    assert mail.status == "failed"
    assert Event.objects.filter(kind="delivery.failed").count() == 1
