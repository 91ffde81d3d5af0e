"""The settings tests run with: the product's own, in an environment of their own.

Plain `pytest` runs embedded, on SQLite. `REAL=1 pytest` runs on PostgreSQL and Redis: those of
TEST_DATABASE_URL and TEST_REDIS_URL, else throw-away servers started from the installed binaries.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from pathlib import Path

from tests import servers

gc.set_threshold(100_000, 50, 100)  # looking for garbage took a twentieth of a run
servers.clean_environment()
if "TEST_HOME" not in os.environ:  # set here: we are first; pytest-xdist's workers inherit it
    os.environ["TEST_HOME"] = tempfile.mkdtemp(prefix="resolutionflow-test-")
    atexit.register(shutil.rmtree, os.environ["TEST_HOME"], ignore_errors=True)
    if os.environ.get("REAL") == "1":
        servers.start(Path(os.environ["TEST_HOME"]))
real = os.environ.get("REAL") == "1"
os.environ |= {
    "DEBUG": "1",
    "ENV_FILE": os.devnull,
    "DATA_DIR": os.environ["TEST_HOME"],
    "LOG_LEVEL": "WARNING",
    "DATABASE_URL": os.environ["TEST_DATABASE_URL"] if real else "",
    "REDIS_URL": servers.own_redis(os.environ["TEST_REDIS_URL"]) if real else "",
}

from resolutionflow.settings import *  # noqa: E402, F403
from resolutionflow.settings import DATABASES, EMBEDDED  # noqa: E402

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if EMBEDDED:  # a file, because a server's threads do not share an in-memory database
    DATABASES["default"]["TEST"] = {"NAME": str(Path(os.environ["TEST_HOME"]) / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
