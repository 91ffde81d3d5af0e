"""Email: one message to one address about one event."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from notifications import wording
from resolutionflow.core import outside_calls
from resolutionflow.core.redaction import counted, in_words, redact_all
from resolutionflow.core.text import SHORT, cut, one_line
from resolutionflow.core.work import GiveUp, Later, Unknown, Work

if TYPE_CHECKING:
    from notifications.models import ChannelTest, Delivery

TIMEOUT = 10  # seconds for each answer of the mail server


class Email:
    def send(self, delivery: Delivery) -> dict[str, Any]:
        """Send it, if it is still wanted."""
        delivery.must_be_wanted()
        message = compose(delivery)
        _leave(delivery, message)
        return {"remote_id": cut(message.extra_headers["Message-ID"], SHORT)}

    def test(self, test: ChannelTest) -> str:
        """Send a test message to the channel."""
        by = test.asked_by.name if test.asked_by else "an administrator"
        body = f"This is a test of the channel {test.channel.name}, sent by {by}.\n\n{settings.SITE_URL}\n"
        _leave(test, EmailMessage("Test from ResolutionFlow", body, to=[test.channel.address]))
        return f"The message was accepted. {where_mail_goes()}"


def where_mail_goes() -> str:
    """What becomes of the mail of this server, in a sentence."""
    match settings.EMAIL_BACKEND.split(".")[-2]:
        case "smtp":
            return f"Mail is sent through {settings.EMAIL_HOST}."
        case "filebased":
            folder = PurePath(settings.EMAIL_FILE_PATH).name
            return f"Mail is written to files in the folder “{folder}” of this server's data, and reaches nobody."
        case "console":
            return "Mail is printed in this server's log, and reaches nobody."
        case "locmem" | "dummy":
            return "Mail is thrown away by this server."
        case name:
            return f"Mail is sent by {name}."


def _leave(work: Work, message: EmailMessage) -> None:
    connection = get_connection(timeout=TIMEOUT)
    _open(connection)
    try:
        work.sending()
        _send(connection, message)
    finally:
        _close(connection)


def compose(delivery: Delivery) -> EmailMessage:
    event = delivery.event
    if event is None:
        raise GiveUp("There is no event to write about.")
    about, reader_id = (event, delivery.session, delivery.handoff), delivery.recipient_id
    title = wording.event_title(*about, reader_id=reader_id)
    body = wording.event_body(*about, why=delivery.why, reader_id=reader_id)
    title, body = redact_all([title, body])
    if left_out := in_words(counted(f"{title}\n{body}")):
        body = f"{body.rstrip()}\n\n{left_out}\n"
    return EmailMessage(
        subject=cut(one_line(title), SHORT),
        body=body,
        to=[delivery.address],
        headers=_headers(delivery),
    )


def _headers(delivery: Delivery) -> dict[str, str]:
    """Message-ID is the same at every attempt; References keeps the mails of one session together."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    headers = {
        "Message-ID": f"<delivery-{delivery.pk}.{delivery.marker.lower()}@{host}>",
        "List-Id": f"<account-{delivery.account_id}.{host}>",
        "Auto-Submitted": "auto-generated",
    }
    if delivery.session_id is not None:
        headers["References"] = f"<session-{delivery.session_id}@{host}>"
    return headers


@outside_calls.outside_call()
def _open(connection: BaseEmailBackend) -> None:
    """Connect to the mail server. Nothing has been sent yet, so whatever goes wrong is Later: it can be tried again."""
    try:
        connection.open()
        server = getattr(connection, "connection", None)
        if isinstance(server, smtplib.SMTP):
            server.ehlo_or_helo_if_needed()
    except smtplib.SMTPAuthenticationError as error:
        if 400 <= error.smtp_code < 500:
            raise Later(f"The mail server is not ready to sign us in: {_said(error)}") from error
        raise GiveUp(f"The mail server refuses our name and password: {_said(error)}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Later(f"The mail server cannot be reached: {_said(error)}") from error


@outside_calls.outside_call()
def _send(connection: BaseEmailBackend, message: EmailMessage) -> None:
    """Send the message. A refusal is an answer; after a lost connection the message may have been sent: Unknown."""
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        _refusal_in_words(code, _said_bytes(text))
    except smtplib.SMTPResponseException as error:
        _refusal_in_words(error.smtp_code, _said(error))
    except (smtplib.SMTPException, OSError) as error:
        raise Unknown(f"The mail server went away: {_said(error)}") from error


def _refusal_in_words(code: int, said: str) -> None:
    """Raise Later for a 4xx of the mail server, GiveUp for a 5xx."""
    if 400 <= code < 500:
        raise Later(f"The mail server says: {said}")
    raise GiveUp(f"The mail server refuses it: {said}")


@outside_calls.outside_call()
def _close(connection: BaseEmailBackend) -> None:
    """Close the connection. The message was accepted or not by now: an error here changes nothing."""
    with suppress(smtplib.SMTPException, OSError):
        connection.close()


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_said_bytes(error.smtp_error)}"
    return str(error) or type(error).__name__


def _said_bytes(text: bytes | str) -> str:
    return one_line(text.decode(errors="replace") if isinstance(text, bytes) else text)
