"""The one way out by HTTP: short timeouts, no redirects, no private addresses, and a clear word on what failed.

An address is looked up once, checked, and then connected to: the name cannot be pointed
elsewhere in between. Hosts in OUTBOUND_ALLOWLIST may be private, plain http and on any port.
What goes wrong is told apart by whether the request may have arrived: GiveUp (it may not be
made at all), Later (it was not sent), Unknown (it was sent, and no whole answer came back).
"""

from __future__ import annotations

import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpcore2
import httpx2
from django.conf import settings

from resolutionflow.core import outside_calls
from resolutionflow.core.work import GiveUp, Later, Unknown

CONNECT, READ, TOTAL = 5.0, 15.0, 20.0  # seconds
MAX_BYTES = 2_000_000  # of an answer

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Name to addresses; tests put a resolver of their own here.
resolve: Callable[..., Any] = socket.getaddrinfo

_NAT64 = [ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48")]
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
# Azure's host, at an address that looks public; what the IETF keeps for itself, Oracle's metadata among it: Python
# took most of that for public before 3.11.10.
_CLOUD_INSIDES = [ipaddress.IPv4Network("168.63.129.16"), ipaddress.IPv4Network("192.0.0.0/24")]


@dataclass(frozen=True)
class OutgoingResponse:
    """A whole answer, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):  # the other: one of a thousand brackets
            return None

    @property
    def retry_after(self) -> float | None:
        """Seconds the other side asked us to wait; None when it did not say."""
        value = self.headers.get("retry-after", "").strip()
        if value.isdecimal():
            return float(value)
        try:
            return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
        except (TypeError, ValueError, OverflowError):
            return None


@outside_calls.outside_call()
def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    body: Any = None,
    total: float | None = None,
) -> OutgoingResponse:
    """One request, `body` as JSON or, where it is bytes, as it is; raises GiveUp, Later or Unknown when there is no
    whole answer."""
    target = check_url(url)
    transport = _Transport(deadline=time.monotonic() + (total or TOTAL))
    timeout = httpx2.Timeout(READ, connect=CONNECT)
    headers = {"accept-encoding": "identity", "user-agent": "ResolutionFlow", **(headers or {})}
    sent = {"content": body} if isinstance(body, bytes) else {"json": body}
    with httpx2.Client(transport=transport, timeout=timeout, trust_env=False, follow_redirects=False) as client:
        try:
            with client.stream(method, target, headers=headers, params=params, **sent) as response:
                return OutgoingResponse(response.status_code, response.headers, _read(response))
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            raise Later(f"{target.host} cannot be reached: {str(error) or 'no answer'}") from error
        except (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError, UnicodeError):
            # Their words would name the header that is wrong, with the secret in it.
            raise GiveUp("Something in the address or the credentials cannot be sent.") from None
        except httpx2.TimeoutException as error:
            raise Unknown(f"{target.host} did not answer in time.") from error
        except httpx2.RequestError as error:
            raise Unknown(f"The connection to {target.host} was lost: {error}") from error


def check_url(url: str) -> httpx2.URL:
    """The parsed address, or GiveUp. Looks nothing up: the addresses are checked on connecting."""
    try:
        target = httpx2.URL(url)
        host_of(url)
    except (httpx2.InvalidURL, ValueError) as error:
        raise GiveUp("This is not a web address.") from error
    if not target.host or target.scheme not in ("https", "http"):
        raise GiveUp("This is not a web address.")
    if target.userinfo:
        raise GiveUp("A web address here has no name or password in it.")
    if not is_allowlisted(target.raw_host.decode()):
        if target.scheme != "https":
            raise GiveUp("Only https addresses are called. An operator can allow a host with OUTBOUND_ALLOWLIST.")
        if target.port not in (None, 443):
            raise GiveUp("Only the usual https port is called.")
    return target


def host_of(url: str) -> str:
    """The host and its port, without the name and password an address may hold. ValueError for what is no address, as
    `https://[x`, which httpx reads."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def is_allowlisted(host: str) -> bool:
    """Whether the operator listed this host in OUTBOUND_ALLOWLIST, so that it may be private."""
    return host.lower().strip("[]") in {allowed.lower().strip("[]") for allowed in settings.OUTBOUND_ALLOWLIST}


def is_public(address: IPAddress) -> bool:
    """Whether this is an address of the open internet; an IPv6 address that wraps an IPv4 one is judged by that one."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _normalized(address)
        if inner is not None:
            return is_public(inner)
        if address not in _GLOBAL_V6:
            return False
    return address.is_global and not address.is_multicast and not any(address in inside for inside in _CLOUD_INSIDES)


def _normalized(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if any(address in network for network in _NAT64):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _addresses(host: str, port: int) -> list[str]:
    """The IP addresses of `host`. GiveUp if any of them is private, unless the host is on the allowlist."""
    try:
        found = resolve(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError("its name is not known") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses:
        raise httpcore2.ConnectError("its name is not known")
    if not is_allowlisted(host) and not all(is_public(ipaddress.ip_address(address)) for address in addresses):
        raise GiveUp(f"{host} is a private address. An operator can allow it with OUTBOUND_ALLOWLIST.")
    return addresses


def _read(response: httpx2.Response) -> bytes:
    if response.headers.get("content-encoding", "identity") != "identity":  # we asked for none: no bombs
        raise Unknown("The answer came in an encoding that was not asked for.")
    body = bytearray()
    for part in response.iter_raw():
        body += part
        if len(body) > MAX_BYTES:
            raise Unknown("The answer is too long.")
    return bytes(body)


# --- below httpx2: who is connected to, and for how long ----------------------------------------


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


class _Transport(httpx2.HTTPTransport):
    """httpx2's own, over a pool that connects through `_Backend`. One request each."""

    def __init__(self, *, deadline: float) -> None:
        super().__init__(verify=_tls(), trust_env=False)
        self._pool = httpcore2.ConnectionPool(ssl_context=_tls(), max_connections=1, network_backend=_Backend(deadline))


class _Backend(httpcore2.SyncBackend):
    """Connects to the addresses it has checked; the name stays in Host and in TLS."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        failed: Exception = httpcore2.ConnectError("no address")
        for address in _addresses(host, port)[:4]:
            try:
                wait = min(timeout or CONNECT, _time_left(self.deadline, httpcore2.ConnectTimeout))
                stream = super().connect_tcp(address, port, wait, local_address, socket_options)
                return _Stream(stream, self.deadline)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed


class _Stream(httpcore2.NetworkStream):
    """A connection that ends at its deadline, even if the other side keeps sending a byte now and then."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self.stream, self.deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, min(timeout or READ, _time_left(self.deadline, httpcore2.ReadTimeout)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), 65536):
            wait = min(timeout or READ, _time_left(self.deadline, httpcore2.WriteTimeout))
            self.stream.write(buffer[start : start + 65536], wait)

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        wait = min(timeout or CONNECT, _time_left(self.deadline, httpcore2.ConnectTimeout))
        return _Stream(self.stream.start_tls(ssl_context, server_hostname, wait), self.deadline)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)


def _time_left(deadline: float, error: type[Exception]) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise error("out of time")
    return left
