"""What the commands share: the door they come by, and a refusal told as the shell tells errors."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from resolutionflow import doors, ready
from resolutionflow.accounts.models import Account, User
from resolutionflow.refusals import Refusal

NOT_MIGRATED = "The tables are not those of this code: manage.py migrate brings them up to date."


class Command(BaseCommand):
    """A command of ours: subclasses write `run()`."""

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with doors.by("command"):
                self.run(options)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from None
        except DatabaseError:
            if ready.is_migrated():
                raise
            raise CommandError(NOT_MIGRATED) from None

    def run(self, options: dict[str, Any]) -> None:
        raise NotImplementedError

    def account(self, name: str) -> Account:
        account = Account.objects.filter(name=name).first()
        if account is None:
            known = ", ".join(Account.objects.order_by("name").values_list("name", flat=True)[:20])
            there = f"There are: {known}." if known else "Create one: create_account."
            raise CommandError(f"There is no account named {name}. {there}")
        return account

    def user(self, email: str) -> User:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {email}.")
        return user

    def tell_link(self, user: User) -> None:
        """For who has no password yet: how they set one."""
        if not user.has_usable_password():
            self.stdout.write(f"{user.email} sets a password here (once, within three days):\n{user.password_link()}")
