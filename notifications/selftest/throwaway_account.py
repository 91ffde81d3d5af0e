"""The account in which a selftest tries things, and how it is deleted."""

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
    """A name from which this process can be told, before the account exists and after it is gone."""
    return f"selftest {os.getpid()} on {HERE} {uuid4().hex[:8]}"


def open_account(name: str) -> Account:
    """Make the account, with the AI off: an escalation in it makes no work that a worker could take to a real model."""
    account: Account = Account.objects.create(name=name, ai_enabled=False)
    return account


def delete_if_opened(name: str) -> None:
    """Delete the account of this name, if it exists, on a new connection: an interruption may come right after the
    commit, or in the middle of a query that leaves the connection unusable."""
    connection.close()
    account = Account.objects.filter(name=name).first()
    if account is not None:
        delete_account(account)


def delete_account(account: Account) -> None:
    """Delete the account with all that belongs to it. A worker may be relaying its last event, so it is tried several
    times."""
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
    """Delete accounts of selftests that were killed. A real account is never taken for one: some member of it has an
    email."""
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
