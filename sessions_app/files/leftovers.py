"""Bytes in the storage that belong to nothing: of a process that was killed, of a deletion that was given up, of an
account that was deleted."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils import timezone

from resolutionflow.accounts.models import Account
from sessions_app.files import reading
from sessions_app.models import SessionFile

AGE = timedelta(days=1)  # what is younger may belong to a verb that is under way

# What new_key() and thumbnail_key() make. Nothing else in the storage is ours to delete.
_ACCOUNT = re.compile(r"[1-9][0-9]*")
_FILE = re.compile(r"[0-9a-f]{32}(?:\.webp)?")


def delete_leftovers() -> int:
    """Delete what no row needs, one account's folder after the other; returns how many files went. Nothing where there
    is no account at all: that database is new, or waits for its backup."""
    there = set(Account.objects.values_list("pk", flat=True))
    deleted = 0
    if not there:
        return deleted
    for account in filter(_ACCOUNT.fullmatch, _within("")[0]):
        folders = [f"{account}/{name}" for name in _within(account)[0]]
        for key in (key for folder in folders for key in _leftovers_in(folder)):
            reading.file_storage().delete(key)
            deleted += 1
        if int(account) not in there:
            for folder in (*folders, account):
                _delete_if_empty(folder)
    return deleted


def _leftovers_in(folder: str) -> list[str]:
    keys = [f"{folder}/{name}" for name in _within(folder)[1] if _FILE.fullmatch(name)]
    needed = set(SessionFile.objects.kept().filter(key__startswith=f"{folder}/").values_list("key", flat=True))
    return [key for key in keys if key.removesuffix(".webp") not in needed and _is_old(key)]


def _is_old(key: str) -> bool:
    try:
        modified = reading.file_storage().get_modified_time(key)
    except FileNotFoundError:  # a deletion was faster
        return False
    return modified < timezone.now() - AGE


def _delete_if_empty(folder: str) -> None:
    if _within(folder) == ([], []):
        reading.file_storage().delete(folder)


def _within(folder: str) -> tuple[list[str], list[str]]:
    """The folders and the files in it; none where it is gone, or nothing was ever stored."""
    try:
        return reading.file_storage().listdir(folder)
    except FileNotFoundError:
        return [], []
