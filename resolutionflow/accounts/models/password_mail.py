"""PasswordMail: mails the link to set a new password, as a row of work."""

from __future__ import annotations

from typing import Any

from django.core.mail import send_mail
from django.db import models
from django.db.models import Q
from django.template.loader import render_to_string

from resolutionflow.accounts.models.attempt_limit import Limit
from resolutionflow.accounts.models.user import User
from resolutionflow.core import clock, outside_calls
from resolutionflow.core.refusals import TooMany
from resolutionflow.core.verbs import verb
from resolutionflow.core.work import Work

MINUTES = 60
INVITED = Limit(5, 10 * MINUTES)  # one person
INVITING = Limit(60, 60 * MINUTES)  # one account, whoever it invites


class PasswordMail(Work):
    """Somebody asked for a link to set a new password.

    The worker finds out whether anybody has the address: the page answers the same to everybody, in the same time.
    """

    task = "accounts.mail_password_link"

    address = models.EmailField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], name="password_mail_due", condition=Q(status__in=("pending", "running", "sending"))
            )
        ]

    def __str__(self) -> str:
        return self.address

    @classmethod
    def ask(cls, address: str) -> None:
        mail: PasswordMail = cls.objects.create(address=address.lower())
        mail.nudge_worker()

    @classmethod
    @verb
    def invite(cls, member: User, *, by: User) -> None:
        """Mail a new link to a member who has not confirmed their address. TooMany when asked too often."""
        member.invite_again(by=by)
        if not INVITED.take("invited", str(member.pk)):
            raise TooMany(f"{member.name} has been mailed several links already. Wait ten minutes.", wait=600)
        if not INVITING.take("inviting", str(member.home)):
            raise TooMany("Too many invitations were mailed in the last hour. Try again later.", wait=3600)
        cls.ask(member.email or "")

    def perform(self) -> dict[str, Any]:
        """Mail the link, if somebody has the address. Stores no `sending` before: after a crash, a second link does no
        harm."""
        user = User.objects.active().filter(email=self.address).first()
        if user is not None:
            template = "accounts/password_mail" if user.is_confirmed else "accounts/invitation"
            subject = render_to_string(f"{template}_subject.txt").strip()
            text = render_to_string(f"{template}.txt", {"user": user, "link": user.password_link()})
            with outside_calls.outside_call():
                send_mail(subject, text, None, [self.address])
        return {}
