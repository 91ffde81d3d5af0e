"""The account a selftest tries things out in, and how it goes again."""

from __future__ import annotations

import os
import re
import socket
import time
from datetime import timedelta
from uuid import uuid4

from django.db import DatabaseError, connection
from django.utils import timezone

from resolutionflow.accounts.models import Account

STALE = timedelta(minutes=10)  # after which a selftest is over, wherever it ran

TRIES = 10  # at deleting, half a second apart: a worker of the site may be in the middle of one of its rows

HERE = re.sub(r"\s", "-", socket.gethostname())

NAME = re.compile(r"selftest (\d+) on (\S+) [0-9a-f]{8}")


def new_name() -> str:
    """A name by which this process's account is known, before it exists and when it is gone."""
    return f"selftest {os.getpid()} on {HERE} {uuid4().hex[:8]}"


def open_account(name: str) -> Account:
    """The AI is off: an escalation here makes no work that a real worker could take to a real model."""
    account: Account = Account.objects.create(name=name, ai_enabled=False)
    return account


def delete_if_opened(name: str) -> None:
    """For whoever is interrupted: between the commit and the next line, or in the middle of a query, whose connection
    is of no more use."""
    connection.close()
    account = Account.objects.filter(name=name).first()
    if account is not None:
        delete_account(account)


def delete_account(account: Account) -> None:
    """Everything of it. A worker that is telling people of its last event may come between: once more, then."""
    for attempt in range(1, TRIES + 1):
        try:
            account.delete()
        except DatabaseError:
            if attempt == TRIES:
                raise
            time.sleep(0.5)
        else:
            return


def remove_leftovers() -> None:
    """Accounts of selftests that were killed. Nobody ever signs in to one: a real account has an address in it."""
    for account in Account.objects.filter(name__startswith="selftest "):
        match = NAME.fullmatch(account.name)
        if match and _is_over(account, match) and not account.members.exclude(email=None).exists():
            delete_account(account)


def _is_over(account: Account, name: re.Match[str]) -> bool:
    if account.created_at < timezone.now() - STALE:
        return True
    return name[2] == HERE and not _is_running(int(name[1]))


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return pid != os.getpid()  # a number used again, by ourselves
