"""`manage.py up`: the whole site from nothing, and nothing left of it afterwards."""

from __future__ import annotations

import os
import re
import resource
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from django.db import connection

from resolutionflow.ops import server
from resolutionflow.ops.supervisor import SUPERVISED, Supervisor
from tests import servers
from tests.live_site import process_environment, stop, wait_until

UP = [sys.executable, str(servers.ROOT / "manage.py"), "up"]
Started = tuple["subprocess.Popen[bytes]", str, Path]

pytestmark = pytest.mark.slow


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Callable[..., Started]]:
    """Start it; gives the process, its address and the file its lines go to."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell leaves it in the background
        signal.signal(signal.SIGINT, signal.default_int_handler)
    running: list[subprocess.Popen[bytes]] = []

    def start(*more: str, env: dict[str, str] | None = None) -> Started:
        port, lines = servers.free_port(), tmp_path / f"lines{len(running)}"
        base = servers.environment(DEBUG="1", DATA_DIR=str(tmp_path / "var")) if env is None else env
        with lines.open("wb") as file:
            running.append(subprocess.Popen([*UP, *more], env={**base, "PORT": str(port)}, stdout=file, stderr=file))
        return running[-1], f"http://127.0.0.1:{port}", lines

    yield start
    for process in running:
        stop(process, signal.SIGKILL)


def answers(url: str) -> bool:
    try:
        return httpx2.get(url, timeout=5).status_code == 200
    except httpx2.HTTPError:
        return False


def is_well(url: str) -> bool:
    """All of its parts have been heard."""
    try:
        return bool(httpx2.get(f"{url}/readyz", timeout=5).json() == {"status": "ok"})
    except (httpx2.HTTPError, ValueError):
        return False


def children(pid: int) -> dict[str, int]:
    """The parts a supervisor runs, by name."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = re.search(r"^PPid:\s+(\d+)", (entry / "status").read_text(), re.M)
            words = (entry / "cmdline").read_text().split("\0")
        except OSError:
            continue
        if parent and int(parent[1]) == pid and "--only" in words:
            found[words[words.index("--only") + 1]] = int(entry.name)
    return found


def lives(pid: int) -> bool:
    """Not ended: a zombie, whom nobody has buried yet, has."""
    try:
        return re.search(r"^State:\s+[ZX]", Path(f"/proc/{pid}/status").read_text(), re.M) is None
    except OSError:
        return False


def test_in_an_empty_folder_it_serves_pages_and_works(up, tmp_path):
    process, url, lines = up()
    wait_until(lambda: answers(f"{url}/healthz"))
    wait_until(lambda: is_well(url))
    page = httpx2.get(f"{url}/", follow_redirects=True)
    assert page.url.path == "/login/"
    assert page.status_code == 200
    assert "ResolutionFlow is at http://127.0.0.1" in lines.read_text()
    assert (tmp_path / "var" / "resolutionflow.sqlite3").stat().st_mode & 0o077 == 0
    assert stop(process, signal.SIGINT) == 0
    assert not answers(f"{url}/healthz")
    assert "Traceback" not in lines.read_text()


def link_of_new_account(folder: Path, name: str, **more: str) -> str:
    """What a shell that knows nothing of the site's port is told."""
    said = subprocess.run(
        [sys.executable, servers.ROOT / "manage.py", "create_account", name, "--owner", f"o@{name}.example"],
        env=servers.environment(DEBUG="1", DATA_DIR=str(folder), **more),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return next(word for word in said.split() if word.startswith("http"))


def test_links_of_a_command_lead_to_the_running_site(up, tmp_path):
    folder = tmp_path / "var"
    process, url, _lines = up()
    wait_until(lambda: answers(f"{url}/healthz"))
    link = link_of_new_account(folder, "one")
    assert link.startswith(f"{url}/password/")
    assert httpx2.get(link, follow_redirects=True).status_code == 200
    assert link_of_new_account(folder, "two", PORT="8123").startswith("http://127.0.0.1:8123/")
    _second, another, words = up()  # it does not take the first one's address for its own, nor its note
    wait_until(lambda: answers(f"{another}/healthz"))
    assert f"ResolutionFlow is at {another} " in words.read_text()
    assert link_of_new_account(folder, "three").startswith(f"{url}/")
    process.kill()  # what it wrote stays, and is not believed
    process.wait()
    assert (folder / "address").read_text() == url
    assert link_of_new_account(folder, "four").startswith("http://127.0.0.1:8000/")
    third, url, _lines = up()
    wait_until(lambda: answers(f"{url}/healthz"))
    assert (folder / "address").read_text() == url
    assert stop(third, signal.SIGINT) == 0
    assert not (folder / "address").exists()


def test_a_taken_port_is_said_at_once(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        env = servers.environment(DEBUG="1", DATA_DIR=str(tmp_path), PORT=str(port))
        refused = subprocess.run(UP, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 1
    assert f"Port {port} on 127.0.0.1 is taken" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "resolutionflow.sqlite3").exists()


def test_a_port_that_cannot_be_is_said_at_once():
    with pytest.raises(server.PortTaken, match="from 0 to 65535, not 99999"):
        server.listen("127.0.0.1", 99_999)


def test_a_thousand_pages_are_not_refused_for_want_of_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard))
        server.allow_many_files()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 1024
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_no_people_are_created_and_sigterm_stops_it_as_well(up, tmp_path):
    process, url, _lines = up()
    wait_until(lambda: answers(f"{url}/healthz"))
    counted = subprocess.run(
        [sys.executable, servers.ROOT / "manage.py", "shell", "-v0", "-c",
         "from resolutionflow.accounts.models import *; print(User.objects.count(), Account.objects.count())"],
        env=servers.environment(DEBUG="1", DATA_DIR=str(tmp_path / "var")),
        capture_output=True,
        text=True,
        check=True,
    )  # fmt: skip
    assert counted.stdout.strip() == "0 0"
    assert stop(process, signal.SIGTERM) == 0


def test_parts_alone_need_servers(tmp_path):
    env = servers.environment(DEBUG="1", DATA_DIR=str(tmp_path))
    refused = subprocess.run([*UP, "--only", "web"], env=env, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "DATABASE_URL and REDIS_URL" in refused.stderr


def test_a_part_that_keeps_dying_ends_the_site(capfd):
    sound = [sys.executable, "-c", "import time; print('here I am', flush=True); time.sleep(60)"]
    broken = [sys.executable, "-c", "raise SystemExit(3)"]
    assert Supervisor({"web": (sound, ()), "fast": (broken, ())}, grace=5).run() == 1
    said = capfd.readouterr().out
    assert "web  | here I am" in said
    assert said.count("fast ended (exit code 3)") == 5
    assert "fast keeps dying" in said


# --- with PostgreSQL and Redis -------------------------------------------------------------------


@pytest.fixture
def supervised(transactional_db, real, up):
    connection.close()
    process, url, lines = up(env=process_environment())
    wait_until(lambda: is_well(url))
    return process, url, lines


def test_four_parts_are_kept_running_and_all_stop(supervised):
    process, url, lines = supervised
    before = children(process.pid)
    assert set(before) == {"web", "fast", "slow", "beat"}
    os.kill(before["slow"], signal.SIGKILL)
    os.kill(before["web"], signal.SIGKILL)
    wait_until(lambda: {"web", "slow"} <= dict(children(process.pid).items() - before.items()).keys())
    wait_until(lambda: is_well(url))
    assert "slow ended (killed by SIGKILL)" in lines.read_text()
    after = children(process.pid)
    assert stop(process, signal.SIGINT) == 0
    wait_until(lambda: not any(lives(pid) for pid in after.values()))
    assert not answers(f"{url}/healthz")


def test_parts_do_not_outlive_a_killed_supervisor(supervised):
    process, _url, _lines = supervised
    parts = children(process.pid)
    process.kill()
    process.wait()
    wait_until(lambda: not any(lives(pid) for pid in parts.values()))


def test_a_part_whose_supervisor_died_before_it_had_started_ends():
    """Under load a part takes seconds to get so far; nobody would ever tell it."""
    started = subprocess.run(
        [sys.executable, "-c", "from resolutionflow.ops.supervisor import end_with_supervisor as end; end()"],
        env={**os.environ, SUPERVISED: "1"},
        cwd=servers.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert "was gone" in started.stderr


def test_a_part_that_is_told_to_end_while_it_starts_ends_wherever_it_is():
    """In a callback of Python's own, which swallows every exception."""
    program = """if True:
        import os, signal
        from resolutionflow.ops.supervisor import end_at_once_when_told
        class Last:
            def __del__(self):
                os.kill(os.getpid(), signal.SIGTERM)
        end_at_once_when_told()
        Last()
        raise SystemExit("lived on")
    """
    run = [sys.executable, "-c", program]
    ended = subprocess.run(run, cwd=servers.ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
