"""Reading the environment at a start: values, secrets, and one clear line for each that is missing or wrong."""

from __future__ import annotations

import fcntl
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import environ
from cryptography.fernet import Fernet

# Secrets that stand in examples everywhere, so that they keep nothing secret.
DEFAULT_SECRETS = ("changeme", "change-me", "secret", "default", "insecure", "development", "example", "xxxx")


def refuse_to_start(problems: Sequence[str]) -> NoReturn:
    """End the process with one line per problem and no traceback."""
    sys.stderr.write("ResolutionFlow does not start:\n" + "".join(f"  {problem}\n" for problem in problems))
    raise SystemExit(1)


YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


class Env(environ.Env):
    """Reads the environment. A value that is no number, or neither yes nor no, ends the start with a sentence; an empty
    one is not set."""

    def int(self, var: str, default: Any = 0, *, least: float = 0, most: float = 2**31) -> Any:
        said = self.str(var, default="").strip()
        if not said:
            return default
        if not (said.isascii() and said.isdigit() and least <= float(said) <= most):
            refuse_to_start([f"{var} must be a whole number from {least} to {most}."])
        return super().int(var)

    def options(self, var: str) -> dict[str, Any]:
        """A JSON object; empty where it is not set."""
        said = self.str(var, default="").strip()
        try:
            found = json.loads(said or "{}")
        except ValueError:
            found = None
        if not isinstance(found, dict):
            refuse_to_start([f'{var} must be a JSON object, such as {{"bucket_name": "flow"}}.'])
        return found

    def prices(self, var: str) -> dict[str, tuple[Decimal, Decimal]]:
        """Names with what a million tokens cost, read and written: `claude-haiku-5-5=1/5, other=0.8/4`."""
        found = {}
        for said in self.list(var, default=[]):
            name, _, cost = said.rpartition("=")
            try:
                read, written = (Decimal(part) for part in cost.split("/"))
                if not (name.strip() and 0 <= read < 100_000 and 0 <= written < 100_000):
                    raise ValueError
            except (ValueError, ArithmeticError):
                refuse_to_start([f"{var} must be such as claude-haiku-5-5=1/5: dollars for a million tokens."])
            found[name.strip()] = (read, written)
        return found

    def list(self, var: str, cast: Any = None, default: Any = environ.Env.NOTSET) -> Any:
        return [text.strip() if isinstance(text, str) else text for text in super().list(var, cast, default)]

    def bool(self, var: str, default: Any = False) -> Any:
        said = self.str(var, default="").strip().lower()
        if said not in (*YES, *NO, ""):
            refuse_to_start([f"{var} must be 1 or 0."])
        return said in YES if said else default


FILES_ON_DISK = "django.core.files.storage.FileSystemStorage"


def on_disk(backend: str, folder: Path) -> dict[str, Any]:
    """The options of the storage of files where none are set: a folder that only this user reads, if it is on disk."""
    modes = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
    return {"location": str(folder), **modes} if backend == FILES_ON_DISK else {}


def make_data_folder(path: Path) -> None:
    """Make DATA_DIR, readable only by this user."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        refuse_to_start([f"DATA_DIR cannot be made at {path}: {error.strerror}."])


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret in the file `path`, made at first use and readable only by this user."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent)  # mkstemp's files have mode 0600
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
        try:
            os.link(draft, path)  # two processes may start at once: the first one's secret stands, whole
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text().strip()


@contextmanager
def address_noted(path: Path, address: str) -> Iterator[None]:
    """While this lasts, the file `path` holds the site's address, for commands in other shells. It is locked, and the
    lock ends with the process; of two sites in one folder the first one's note stays."""
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield
            return
        file.truncate(0)
        file.write(address)
        file.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def running_address(path: Path) -> str:
    """The address that a running `up` has noted; empty where none runs, and in `up` itself."""
    if sys.argv[1:2] == ["up"] or not path.exists():
        return ""
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read()
    return ""


def secret_problem(secret: str) -> str | None:
    """What is wrong with SECRET_KEY in production, in a sentence; None where it is fine."""
    if not secret:
        return "SECRET_KEY is missing: set it to 50 or more random characters."
    if len(secret) < 50 or len(set(secret)) < 12 or any(word in secret.lower() for word in DEFAULT_SECRETS):
        return "SECRET_KEY is a default or too short: set it to 50 or more random characters."
    return None


def encryption_problem(keys: Sequence[str]) -> str | None:
    """What is wrong with FIELD_ENCRYPTION_KEYS, in a sentence; None where they are fine."""
    if not keys:
        return "FIELD_ENCRYPTION_KEYS is missing: set it to a Fernet key (32 random bytes, URL-safe base64)."
    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        return "FIELD_ENCRYPTION_KEYS holds something that is no Fernet key (44 characters, URL-safe base64)."
    return None
