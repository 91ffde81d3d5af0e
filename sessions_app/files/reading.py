"""What arrives, looked at and stored before any transaction begins: it takes a while, and holds no connection then.

A deletion is on record before the first byte is stored. The verb that makes the file's row takes it back; where that is
refused, rolled back or never comes, the bytes go by themselves.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.core.files.uploadedfile import UploadedFile
from django.db import connection

from resolutionflow.core.refusals import Invalid, TooCrowded
from sessions_app.files import kinds, pictures

EMPTY = "This file is empty."

_turns = threading.BoundedSemaphore(4)


@dataclass(frozen=True)
class Readied:
    """A file as it will be stored: looked at, and a picture made anew."""

    name: str
    content_type: str
    content: bytes
    sha256: str
    width: int | None = None
    height: int | None = None
    thumbnail: bytes = b""


def readied(upload: UploadedFile[Any]) -> Readied:
    """What was uploaded, as it will be stored. Invalid for what is empty, too large, broken or of no kind we take."""
    if not upload.size:
        raise Invalid(file=EMPTY)
    if upload.size > settings.MAX_FILE:
        raise Invalid(file=f"This file has {in_words(upload.size)}, and at most {in_words(settings.MAX_FILE)} fit.")
    with _without_connection():
        upload.seek(0)
        return ready(str(upload.name or ""), upload.read())


def ready(name: str, content: bytes) -> Readied:
    """These bytes under this name, as they will be stored."""
    form = kinds.picture_format(content)
    if not form:
        kind = kinds.kind_of(content)
        return Readied(kinds.kept_name(name, kind), kind.content_type, content, _hash(content))
    kind, picture = kinds.PICTURES[form], pictures.made_anew(content, form)
    return Readied(
        kinds.kept_name(name, kind),
        kind.content_type,
        picture.content,
        _hash(picture.content),
        picture.width,
        picture.height,
        picture.thumbnail,
    )


def file_storage() -> Storage:
    """Where the bytes are."""
    return storages["files"]


def new_key(account_id: int) -> str:
    """A name in the storage that nobody can guess: by account, so that an operator can tell whose it is."""
    name = uuid4().hex
    return f"{account_id}/{name[:2]}/{name}"


def thumbnail_key(key: str) -> str:
    return f"{key}.webp"


def store(key: str, file: Readied) -> None:
    """Write its bytes under this key."""
    with _without_connection():
        file_storage().save(key, ContentFile(file.content))
        if file.thumbnail:
            file_storage().save(thumbnail_key(key), ContentFile(file.thumbnail))


def delete(key: str) -> None:
    """Delete what is under this key; what is not there any more is fine."""
    for one in (key, thumbnail_key(key)):
        file_storage().delete(one)


def in_words(size: int) -> str:
    """1 byte, 283 kB, 10 MB."""
    if size == 1:
        return "1 byte"
    for unit, most in (("bytes", 1000), ("kB", 1000**2)):
        if size < most:
            return f"{size if unit == 'bytes' else round(size / 1000)} {unit}"
    return f"{size / 1000**2:.1f}".removesuffix(".0") + " MB"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextmanager
def in_turn() -> Iterator[None]:
    """A few at a time look at what was uploaded and store it, so that memory is bounded whatever arrives at once.
    TooCrowded where too many wait."""
    with _without_connection():
        if not _turns.acquire(timeout=pictures.WAIT):
            raise TooCrowded
    try:
        yield
    finally:
        _turns.release()


@contextmanager
def _without_connection() -> Iterator[None]:
    """Give the database connection back while this lasts; it comes back by itself. Not within a transaction."""
    if not connection.in_atomic_block:
        connection.close()
    yield
