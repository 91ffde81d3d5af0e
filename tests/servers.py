"""Throw-away PostgreSQL and Redis for tests: own folder, own free port, no disk syncs, stopped after."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 90  # seconds until a wait gives up: no machine is so slow, and no limit of the product's own is so long
SYSTEM_USERS = ("postgres", "nobody")  # PostgreSQL refuses to run as root

# What would change the product's behaviour; tests start from nothing.
SETTINGS = (  # noqa: SIM905
    "SECRET_KEY DEBUG ALLOWED_HOSTS SITE_URL HOST PORT DATA_DIR DATABASE_URL REDIS_URL ANTHROPIC_API_KEY"
    " ANTHROPIC_AUTH_TOKEN ANTHROPIC_BASE_URL ANTHROPIC_MODEL ANTHROPIC_MODELS AI_PRICES AI_TIMEOUT_SECONDS"
    " FIELD_ENCRYPTION_KEYS EMAIL_URL"
    " DEFAULT_FROM_EMAIL OUTBOUND_ALLOWLIST TRUSTED_PROXIES CSRF_TRUSTED_ORIGINS LOG_LEVEL METRICS_TOKEN SENTRY_DSN"
    " MAX_BODY MAX_FILE FILE_STORAGE FILE_STORAGE_OPTIONS ALLOW_HTTP"
    " HSTS_SECONDS HSTS_INCLUDE_SUBDOMAINS HSTS_PRELOAD ENV_FILE DJANGO_SETTINGS_MODULE"
).split()


# Playwright keeps a loop running in a test's thread, where Django would refuse to use its database.
ASYNC_UNSAFE = "DJANGO_ALLOW_ASYNC_UNSAFE"


def clean_environment() -> None:
    for name in SETTINGS:
        os.environ.pop(name, None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"


def environment(**settings: str) -> dict[str, str]:
    """The environment of a process as an operator starts it: nothing of the tests, only `settings`."""
    ours = {*SETTINGS, ASYNC_UNSAFE}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "ENV_FILE": os.devnull, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT), **settings}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(home: Path) -> None:
    """Make TEST_DATABASE_URL and TEST_REDIS_URL name servers, starting what is not given."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an end like any other: they are stopped at exit
    if not os.environ.get("TEST_DATABASE_URL"):
        os.environ["TEST_DATABASE_URL"] = Postgresql(home / "postgresql", free_port()).start().url
    if not os.environ.get("TEST_REDIS_URL"):
        os.environ["TEST_REDIS_URL"] = Redis(home / "redis", free_port()).start().url


def own_redis(url: str) -> str:
    """pytest-xdist's workers share a Redis: to each its own numbered database, so that none takes another's tasks."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return url if number == 0 else f"{url.rsplit('/', 1)[0]}/{number}"


# --- PostgreSQL ----------------------------------------------------------------------------------


class Postgresql:
    """A PostgreSQL of one's own: tests stop it, hang it (SIGSTOP) and start it again on the same port, data and all."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.url = f"postgres://test@127.0.0.1:{port}/postgres"
        self.process: subprocess.Popen[bytes] | None = None
        home.mkdir(parents=True)
        home.parent.chmod(0o755)
        as_user = _as_system_user()
        if as_user:
            shutil.chown(home, as_user[1])
        self._run: list[str | Path] = [*as_user[0]] if as_user else []
        self._binaries, self._data = _postgresql_binaries(), home / "data"
        initdb = [self._binaries / "initdb", "-D", self._data, "-U", "test", "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*self._run, *initdb, "--no-sync", "--no-locale"], check=True, stdout=subprocess.DEVNULL, cwd="/"
        )

    def start(self) -> Postgresql:
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "max_connections": 200,
        }
        arguments = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with (self.home / "log").open("a") as log:
            self.process = subprocess.Popen(
                [*self._run, self._binaries / "postgres", "-D", self._data, *arguments],
                stdout=log, stderr=log, cwd="/", process_group=0,
            )  # fmt: skip
        _stop_at_exit(self.process, signal.SIGINT)
        answers = lambda: _answers(self.port) and _ready(self._binaries, self.port)  # noqa: E731
        _wait_for(answers, f"PostgreSQL: see {self.home / 'log'}")
        return self

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.resume()
            self.process.send_signal(signal.SIGINT)
            self.process.wait()

    def hang(self) -> None:
        """It accepts connections and never answers, and those there are stand still."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        assert self.process is not None
        for pid in (self.process.pid, *_children(self.process.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, number)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _postgresql_binaries() -> Path:
    on_path = shutil.which("initdb")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if not on_path and not found:
        missing("PostgreSQL (Debian: postgresql)")
    return Path(on_path).resolve().parent if on_path else found[-1].parent


def _as_system_user() -> tuple[list[str], str] | None:
    """As root: the words that run a command as somebody else, and who that is."""
    if os.geteuid() != 0:
        return None
    names = {line.split(":")[0] for line in Path("/etc/passwd").read_text().splitlines()}
    user = next(name for name in SYSTEM_USERS if name in names)
    group = "nogroup" if user == "nobody" else user
    return ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"], user


def _ready(binaries: Path, port: int) -> bool:
    command = [binaries / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(command, check=False).returncode == 0


# --- Redis ---------------------------------------------------------------------------------------


class Redis:
    """A Redis of one's own: tests stop it, hang it (SIGSTOP) and start it again, empty, on the same port."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.url = f"redis://127.0.0.1:{port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Redis:
        binary = shutil.which("redis-server") or missing("Redis (Debian: redis-server)")
        self.home.mkdir(parents=True, exist_ok=True)
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.home)]
        silent = subprocess.DEVNULL
        self.process = subprocess.Popen(
            [binary, *options, "--save", "", "--appendonly", "no"], stdout=silent, stderr=silent, process_group=0
        )
        _stop_at_exit(self.process, signal.SIGTERM)
        _wait_for(lambda: _answers(self.port), "Redis")
        return self

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.resume()
            self.process.kill()
            self.process.wait()

    def hang(self) -> None:
        """It accepts connections and never answers."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)


# --- small things --------------------------------------------------------------------------------


def missing(what: str) -> str:
    sys.exit(f"The tests need {what}, which is not installed. `make test` installs it when run as root.")


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait_for(ready: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > end:
            sys.exit(f"{what} does not answer.")
        time.sleep(0.05)


def _stop_at_exit(server: subprocess.Popen[bytes], number: int) -> None:
    owner = os.getpid()

    def stop() -> None:
        if os.getpid() == owner and server.poll() is None:
            server.send_signal(number)
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()

    atexit.register(stop)
