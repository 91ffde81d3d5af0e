"""What has to be there before a site can start: the tables, and in production the collected static files."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

LOCK = 7_266_001  # this site's number among PostgreSQL's advisory locks


def migrate() -> None:
    """Bring the tables up to date; where several processes start at once, one does it and the others wait."""
    with _one_at_a_time():
        if not is_migrated():
            call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    connection.close()


def is_migrated() -> bool:
    """Whether the tables are those of this code."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = 0; SET statement_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
                cursor.execute("RESET lock_timeout; RESET statement_timeout")
    else:
        _touch(Path(connection.settings_dict["NAME"]))
        with (settings.DATA_DIR / "migrate.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _touch(path: Path) -> None:
    """Make the database file, readable only by this user."""
    os.close(os.open(path, os.O_CREAT, 0o600))


def collect_static() -> None:
    """Collect, hash and compress the static files for production, where one has changed."""
    if settings.DEBUG:
        return
    collected, files = settings.DATA_DIR / "collected.txt", _static_files()
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not (manifest.exists() and collected.exists() and collected.read_text() == files):
        call_command("collectstatic", verbosity=0, interactive=False)
        collected.write_text(files)


def _static_files() -> str:
    """A line for each: name, size, time of its last change. A newer release may well bring older files than these."""
    found = ((name, os.stat(storage.path(name))) for finder in get_finders() for name, storage in finder.list(None))
    return "".join(sorted(f"{name} {stat.st_size} {stat.st_mtime_ns}\n" for name, stat in found))
