"""What our commands share: their output, the origin `command`, and refusals as one sentence with exit code 1."""

from __future__ import annotations

import os
from argparse import ArgumentTypeError
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.db import DatabaseError, OperationalError

from resolutionflow.accounts.models import Account, User
from resolutionflow.core import origin
from resolutionflow.core.refusals import Refusal
from resolutionflow.ops import logs, prepare
from resolutionflow.ops.terminal import encodable, plain, without_control

NOT_MIGRATED = "The tables are not those of this code: manage.py migrate brings them up to date."


class SafeOutput(OutputWrapper):
    """A command's output. Control characters in it are taken out; when the reader stops (`| head`), the work
    goes on."""

    def write(self, msg: str = "", style_func: Any = None, ending: str | None = None) -> None:  # type: ignore[override]
        self._say(without_control(str(msg)), style_func, ending)

    def paint(self, line: str) -> None:
        """Write a line with our colours in it, whose texts were made plain before."""
        self._say(line, None, None)

    def flush(self) -> None:
        with self._unread():
            super().flush()

    def _say(self, text: str, style_func: Any, ending: str | None) -> None:
        with self._unread():
            super().write(encodable(text, getattr(self._out, "encoding", None)), style_func, ending)

    @contextmanager
    def _unread(self) -> Any:
        try:
            yield
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())


class SiteCommand(BaseCommand):
    """A command of ours: subclasses write `run()`."""

    stdout: SafeOutput
    stderr: SafeOutput
    origin = "command"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout, self.stderr = _out(self.stdout), _out(self.stderr)
        if any(isinstance(value, str) and encodable(value, "utf-8") != value for value in options.values()):
            raise CommandError("An argument is not UTF-8.")
        try:
            with origin.coming_from(self.origin):
                self.run(options)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from None
        except DatabaseError as error:
            raise _explained(error) from error
        finally:
            self.stdout.flush()

    def run(self, options: dict[str, Any]) -> None:
        raise NotImplementedError

    def account(self, name: str) -> Account:
        account = Account.objects.filter(name=name).first()
        if account is None:
            known = ", ".join(map(plain, Account.objects.order_by("name").values_list("name", flat=True)[:20]))
            there = f"There are: {known}." if known else "Create one: create_account."
            raise CommandError(f"There is no account named {plain(name)}. {there}")
        return account

    def user(self, email: str) -> User:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {plain(email)}.")
        return user

    def tell_link(self, user: User) -> None:
        """Print the link by which a new member sets a password."""
        if not user.has_usable_password():
            self.stdout.write(f"{user.email} sets a password here (once, within three days):\n{user.password_link()}")


def _out(wrapped: OutputWrapper) -> SafeOutput:
    out = SafeOutput(wrapped._out)  # type: ignore[arg-type]  # the stubs take the stream for a function
    out.style_func = wrapped.style_func
    return out


def _explained(error: DatabaseError) -> Exception:
    """The error, as a sentence where tables are missing or the database does not answer."""
    try:
        return error if prepare.is_migrated() else CommandError(NOT_MIGRATED)
    except OperationalError as gone:
        return CommandError(f"The database does not answer: {logs.hide_secrets(str(gone)).strip()}")


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """An argparse type: a whole number from `low` to `high`."""

    def number(text: str) -> int:
        if text.isascii() and text.isdecimal() and len(text) <= 12 and low <= int(text) <= high:
            return int(text)
        raise ArgumentTypeError(f"{text} is not a whole number from {low:,} to {high:,}.")

    return number
