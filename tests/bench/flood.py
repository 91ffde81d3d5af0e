"""What others notice while somebody floods the site: each row beside the same server idle.

The floods come one after the other at one web process, which is told what addresses they come from. Each flood is a
function that starts it and comes back when it is over; `beside` asks as another account's API client meanwhile.
"""

from __future__ import annotations

import http.client
import re
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode

from resolutionflow.accounts.models import Account, ApiToken, User
from sessions_app.models import ConnectionCheck, PsaConnection
from sessions_app.models.connection_check import AT_ONCE
from tests.bench.measuring import Bench, Server, figures, head, ms, row, say, worker

SIGN_INS = 40
CHECKS = 20
BODIES, BODY = 8, 300 << 20
HALVES = 500
LONGEST, MEMORY = 1.0, 200 << 20  # what another account's GET may take, and what may come on top
IDLE = 3.0  # seconds
PAUSE = 0.05  # seconds between the other account's GETs, which keeps it within its own limit

Flood = Callable[[Server], "Counter[str]"]


@dataclass
class Meanwhile:
    """What one client of another account met: seconds and statuses of its GETs; and how much memory came on top and
    how much was written meanwhile, to files and sockets."""

    times: list[float]
    statuses: Counter[int]
    memory: int
    written: int
    flood: Counter[str]


def measure(bench: Bench) -> None:
    """Each row of floods, beside an idle run."""
    head(f"Another account's GET during a flood, p50 / p99; memory of the web process may grow {MEMORY >> 20} MiB")
    key = others_key()
    idle = beside(bench.ours, key, rest)
    shown(f"{SIGN_INS} sign-ins at once, unknown emails", beside(bench.ours, key, sign_ins), idle)
    # Who does the checks; this machine is allowed to it.
    with worker("slow", {**bench.ours.environment, "OUTBOUND_ALLOWLIST": "127.0.0.1"}), dripping() as address:
        connections = tracked_by(bench.dataset.account, address)
        cookie = bench.dataset.cookie(bench.dataset.admin())
        shown(
            f"{CHECKS} checks of ticket systems that drip",
            beside(bench.ours, key, partial(checks, connections, cookie)),
            idle,
        )
    shown(f"{BODIES} bodies of {BODY >> 20} MiB, not signed in", beside(bench.ours, key, bodies), idle)
    shown(f"{HALVES} halves of a request, waiting", beside(bench.ours, key, halves), idle)


def others_key() -> str:
    """The API token of somebody whom none of it concerns."""
    account = Account.objects.create(name="Bystanders")
    user = User.objects.create_user("eve@bystanders.example", account=account, name="Eve")
    _token, key = ApiToken.issue(user, name="bench")
    return key


# --- floods --------------------------------------------------------------------------------------


def rest(_site: Server) -> Counter[str]:
    time.sleep(IDLE)
    return Counter()


def sign_ins(site: Server) -> Counter[str]:
    """From as many addresses, for as many emails that nobody has."""
    with ThreadPoolExecutor(SIGN_INS) as crowd:
        return Counter(crowd.map(lambda n: _sign_in(site, n), range(SIGN_INS)))


def _sign_in(site: Server, n: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    headers = {"X-Forwarded-For": f"198.51.100.{n}"}
    connection.request("GET", "/login/", headers=headers)
    page = connection.getresponse()
    cookie = (page.getheader("Set-Cookie") or "").partition(";")[0]
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    assert found
    form = urlencode({"login": f"who{n}@nowhere.example", "password": "x", "csrfmiddlewaretoken": found.group(1)})
    headers |= {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/login/", form, headers)
    return str(connection.getresponse().status)


def bodies(site: Server) -> Counter[str]:
    """Chunks to the sign-in, by people who read nothing until they are hung up on."""
    with ThreadPoolExecutor(BODIES) as crowd:
        return Counter(crowd.map(lambda _n: _body(site), range(BODIES)))


def _body(site: Server) -> str:
    chunk, sent = b"10000\r\n" + b"a" * 65536 + b"\r\n", 0
    with socket.create_connection(("127.0.0.1", site.port), timeout=60) as connection:
        connection.sendall(b"POST /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        with suppress(ConnectionError):
            while sent < BODY:
                connection.sendall(chunk)
                sent += 65536
    return "taken whole" if sent >= BODY else "hung up on"


def halves(site: Server) -> Counter[str]:
    """Each is half the head of a request; until the last of them is hung up on."""
    half = b"GET /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
    began = time.monotonic()
    with ExitStack() as held:
        waiting = [
            held.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=60)) for _n in range(HALVES)
        ]
        for connection in waiting:
            connection.sendall(half)
        for connection in waiting:
            connection.recv(1)
    return Counter({f"hung up on within {time.monotonic() - began:.0f} s": HALVES})


@contextmanager
def dripping() -> Iterator[str]:
    """The address of a server that sends a byte a second, and never a whole answer."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        Thread(target=_drip_to_each, args=[listening], daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def _drip_to_each(listening: socket.socket) -> None:
    with suppress(OSError):  # closed: it is over
        while True:
            Thread(target=_drip, args=[listening.accept()[0]], daemon=True).start()


def _drip(asking: socket.socket) -> None:
    with asking, suppress(OSError):  # whoever asked gave up
        while True:
            asking.sendall(b"H")
            time.sleep(1)


def tracked_by(account: Account, address: str) -> list[int]:
    made = PsaConnection.objects.bulk_create(
        PsaConnection(account=account, kind="request_tracker", name=f"RT {n}", base_url=address) for n in range(CHECKS)
    )
    return [connection.pk for connection in made]


def checks(connections: list[int], cookie: str, site: Server) -> Counter[str]:
    """Press all of them at once; over when the first two, which is how many run for an account, have ended."""
    with ThreadPoolExecutor(CHECKS) as crowd:
        answers = Counter(crowd.map(lambda pk: _check(site, pk, cookie), connections))
    while ConnectionCheck.objects.failed().count() < AT_ONCE:
        time.sleep(0.2)
    return answers


def _check(site: Server, pk: int, cookie: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.request("GET", "/settings/psa/", headers={"Cookie": cookie})
    page = connection.getresponse()
    csrf = (page.getheader("Set-Cookie") or "").partition(";")[0]
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    assert found
    headers = {"Cookie": f"{cookie}; {csrf}", "Content-Type": "application/x-www-form-urlencoded"}
    form = urlencode({"csrfmiddlewaretoken": found.group(1)})
    connection.request("POST", f"/settings/psa/{pk}/check/", form, headers)
    return str(connection.getresponse().status)


# --- what is measured ----------------------------------------------------------------------------


def beside(site: Server, key: str, flood: Flood) -> Meanwhile:
    """Run the flood, and ask for the queue in the API until it is over."""
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    asking: dict[str, Any] = {"headers": {"Authorization": f"Token {key}"}}
    found = Meanwhile([], Counter(), 0, 0, Counter())
    _ask(connection, asking)
    before, written = _peak(site), _written(site)
    with ThreadPoolExecutor(1) as elsewhere:
        running = elsewhere.submit(flood, site)
        while not running.done():
            began = time.perf_counter()
            found.statuses[_ask(connection, asking)] += 1
            found.times.append(time.perf_counter() - began)
            time.sleep(PAUSE)
        found.flood = running.result()
    found.memory, found.written = _peak(site) - before, _written(site) - written
    return found


def _ask(connection: http.client.HTTPConnection, asking: dict[str, Any]) -> int:
    connection.request("GET", "/api/v1/handoffs/", **asking)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _peak(site: Server) -> int:
    """The most it ever had in memory."""
    return _told(site, "status", r"VmHWM:\s+(\d+)") * 1024


def _written(site: Server) -> int:
    return _told(site, "io", r"wchar:\s+(\d+)")


def _told(site: Server, file: str, line: str) -> int:
    """What Linux says of the process."""
    found = re.search(line, Path(f"/proc/{site.process.pid}/{file}").read_text())
    assert found
    return int(found.group(1))


def shown(name: str, found: Meanwhile, idle: Meanwhile) -> None:
    """A line of the table: with the flood, and idle in the place of the twin."""
    fine = max(found.times) < LONGEST and set(found.statuses) == {200} and found.memory < MEMORY
    row(name, figures(found.times), f"idle {figures(idle.times)}", f"all 200, longest < {LONGEST:.0f} s", met=fine)
    say(
        f"  {sum(found.statuses.values())} GETs {dict(found.statuses)}, longest {ms(max(found.times))} ms;"
        f" memory +{found.memory >> 20} MiB, written {found.written >> 20} MiB;"
        f" the flood was answered {dict(found.flood)}"
    )
