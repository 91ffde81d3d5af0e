"""A JSON field encrypted at rest, with keys from FIELD_ENCRYPTION_KEYS: the first encrypts, all decrypt.

Stored as `<key id>:<token>`. A value is decrypted when it is first used, so that a missing key raises there and not on
every page that lists the rows. Printing it shows the names in it, never the values.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models


class CannotDecrypt(Exception):
    """None of the configured keys decrypts this value."""


def key_id(key: str) -> str:
    """A short name for a key, made from its hash: says which key encrypted a value and nothing about the key."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def _keys() -> dict[str, Fernet]:
    """The configured keys by their id, newest first."""
    try:
        keys = {key_id(key): Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS}
    except ValueError as error:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS holds something that is not a Fernet key.") from error
    if not keys:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is empty.")
    return keys


def encrypt(value: Mapping[str, Any]) -> str:
    newest, key = next(iter(_keys().items()))
    return f"{newest}:{key.encrypt(json.dumps(dict(value)).encode()).decode()}"


def decrypt(stored: str) -> dict[str, Any]:
    name, _, token = stored.partition(":")
    key = _keys().get(name)
    if key is None:
        raise CannotDecrypt(f"Encrypted with key {name}, which is not in FIELD_ENCRYPTION_KEYS.")
    try:
        opened: dict[str, Any] = json.loads(key.decrypt(token.encode()))
    except (InvalidToken, ValueError) as error:
        raise CannotDecrypt("This was changed or cut after it was encrypted.") from error
    return opened


class Secrets(Mapping[str, Any]):
    """A dictionary of secrets that is never printed. Read from the database, it is decrypted at first use."""

    def __init__(self, values: Mapping[str, Any] | None = None, *, stored: str = "") -> None:
        self._values = None if stored else dict(values or {})
        self.stored = stored

    def __getitem__(self, name: str) -> Any:
        return self._open()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._open())

    def __len__(self) -> int:
        return len(self._open())

    def __repr__(self) -> str:
        return f"<Secrets: {'closed' if self._values is None else ', '.join(self._values) or 'empty'}>"

    def _open(self) -> dict[str, Any]:
        if self._values is None:
            self._values = decrypt(self.stored)
        return self._values


class EncryptedJSONField(models.TextField):
    """Holds a dictionary. No form shows it; a dump of the table holds it encrypted."""

    _pyi_private_set_type: Any  # for the type checker: the value is a dictionary, not the text it is stored as
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Secrets | None:
        return None if value is None else Secrets(stored=value)

    def to_python(self, value: Any) -> Any:
        return Secrets(stored=value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str | None:
        if value is None or isinstance(value, str):
            return value
        return value.stored if isinstance(value, Secrets) and value.stored else encrypt(value)

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""

    def formfield(self, *args: Any, **kwargs: Any) -> None:
        """None, so that no model form and no admin page shows it. Forms that write it declare a field of their own."""
        return
