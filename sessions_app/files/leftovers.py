"""Bytes in the storage that belong to nothing: of a process that was killed, of a deletion that was given up, of an
account that was deleted."""

from __future__ import annotations

import logging
import re
from datetime import datetime

from resolutionflow.accounts.models import Account
from sessions_app.files import reading
from sessions_app.models import SessionFile

log = logging.getLogger(__name__)

# What new_key() and thumbnail_key() make. Nothing else in the storage is ours to delete.
_ACCOUNT = re.compile(r"[1-9][0-9]*")
_FILE = re.compile(r"[0-9a-f]{32}(?:\.webp)?")


def delete_leftovers(before: datetime) -> int:
    """Delete what no row needs and was stored `before`, one account's folder after the other; returns how many files
    went. What is younger may belong to a verb that is under way, or to rows that somebody brings back. Nothing where
    there is no account at all: that database is new, or waits for its backup."""
    there = set(Account.objects.values_list("pk", flat=True))
    deleted = 0
    if not there:
        return deleted
    for account in filter(_ACCOUNT.fullmatch, _within("")[0]):
        folders = [f"{account}/{name}" for name in _within(account)[0]]
        keys = [key for folder in folders for key in _unneeded_in(folder)]
        deleted += sum(_delete_if_old(key, before) for key in keys)
        if int(account) not in there:
            for folder in (*folders, account):
                _delete_if_empty(folder)
    return deleted


def _unneeded_in(folder: str) -> list[str]:
    keys = [f"{folder}/{name}" for name in _within(folder)[1] if _FILE.fullmatch(name)]
    needed = set(SessionFile.objects.kept().filter(key__startswith=f"{folder}/").values_list("key", flat=True))
    return [key for key in keys if key.removesuffix(".webp") not in needed]


def _delete_if_old(key: str, before: datetime) -> bool:
    """Whether it did. What the storage refuses is left for another night; the others go."""
    try:
        if reading.file_storage().get_modified_time(key) >= before:
            return False
        reading.file_storage().delete(key)
    except FileNotFoundError:  # a deletion was faster
        return False
    except Exception:  # storages raise errors of their own
        log.exception("%s is left in the storage.", key)
        return False
    return True


def _delete_if_empty(folder: str) -> None:
    if _within(folder) == ([], []):
        reading.file_storage().delete(folder)


def _within(folder: str) -> tuple[list[str], list[str]]:
    """The folders and the files in it; none where it is gone, or nothing was ever stored."""
    try:
        return reading.file_storage().listdir(folder)
    except FileNotFoundError:
        return [], []
