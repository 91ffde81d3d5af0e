"""Tasks of accounts: mailing links to set a password."""

from __future__ import annotations

from celery import shared_task

from resolutionflow.accounts.models import PasswordMail


@shared_task(name=PasswordMail.task)
def mail_password_link(pk: int) -> None:
    PasswordMail.run(pk)
