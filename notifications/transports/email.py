"""Email: one message to one address about one event."""

from __future__ import annotations

import base64
import smtplib
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from notifications import wording
from notifications.mail import render_mail
from notifications.mail_state import where_mail_goes
from resolutionflow.core import outside_calls
from resolutionflow.core.text import SHORT, cut, one_line
from resolutionflow.core.work import GiveUp, Later, Unknown

if TYPE_CHECKING:
    from notifications.models import ChannelTest, Delivery
    from sessions_app.models import Session

TIMEOUT = 10  # seconds for each answer of the mail server
_TICKS_TO_1970 = 116_444_736_000_000_000  # of 100 ns since 1601, as Windows counts


class Email:
    def send(self, delivery: Delivery) -> dict[str, Any]:
        """Send it, if it is still wanted."""
        delivery.must_be_wanted()
        delivery.wait_for_others()
        composed = None if delivery.is_digest else compose(delivery)  # what a digest lists is known once it begins

        def begun() -> EmailMessage:
            delivery.begin()
            return composed or compose(delivery)

        message = _leave(begun)
        return {"remote_id": cut(message.extra_headers["Message-ID"], SHORT)}

    def test(self, test: ChannelTest) -> str:
        """Send a test message to the channel."""
        by = test.asked_by.name if test.asked_by else "an administrator"
        body = f"This is a test of the channel {test.channel.name}, sent by {by}.\n\n{settings.SITE_URL}\n"

        def begun() -> EmailMessage:
            test.sending()
            return EmailMessage("Test from ResolutionFlow", body, to=[test.channel.address])

        _leave(begun)
        return f"The message was accepted. {where_mail_goes()}"


def _leave(begun: Callable[[], EmailMessage]) -> EmailMessage:
    """Send what `begun()` gives once the server has been reached; returns it."""
    connection = get_connection(timeout=TIMEOUT)
    _open(connection)
    try:
        message = begun()
        _send(connection, message)
    finally:
        _close(connection)
    return message


def compose(delivery: Delivery) -> EmailMultiAlternatives:
    event = delivery.event
    if event is not None:
        about = (event, delivery.session, delivery.handoff)
        content = wording.mail_content(*about, why=delivery.why, reader_id=delivery.recipient_id)
    elif delivery.is_digest:
        content = wording.digest(delivery.listed, delivery.more)
    else:
        raise GiveUp("There is no event to write about.")
    reply_to = delivery.account.reply_to
    message = render_mail(content, to=delivery.address, headers=_headers(delivery), reply_to=reply_to)
    if delivery.session is not None:
        message.extra_headers["Thread-Topic"] = message.subject
    return message


def _headers(delivery: Delivery) -> dict[str, str]:
    """Message-ID is the same at every attempt. What makes one conversation of the mails about a session:
    docs/decisions/0009."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    headers = {
        "Message-ID": f"<delivery-{delivery.pk}.{delivery.marker.lower()}@{host}>",
        "List-Id": f"<account-{delivery.account_id}.{host}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if delivery.session is not None:
        root = f"<session-{delivery.session_id}@{host}>"
        headers |= {"In-Reply-To": root, "References": root, "Thread-Index": _thread_index(root, delivery.session)}
    event, handoff = delivery.event, delivery.handoff
    if event is not None and event.kind in wording.CALLS and handoff is not None and handoff.is_urgent:
        headers |= {"Importance": "high", "X-Priority": "1"}
    return headers


def _thread_index(root: str, session: Session) -> str:
    """What Outlook knows a conversation by (MS-OXOMSG 2.2.1.3): when it began, and an id."""
    ticks = int(session.created_at.timestamp() * 10_000_000) + _TICKS_TO_1970
    return base64.b64encode(ticks.to_bytes(8, "big")[:6] + uuid5(NAMESPACE_URL, root).bytes).decode()


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
