"""Checks of the settings at a start: one sentence for each problem, by name, and a start with problems is refused."""

from __future__ import annotations

import importlib.util
import ipaddress
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import SplitResult, urlsplit

import environ

from resolutionflow.ops import environment

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
POSTGRESQL, REDIS, WEB = ("postgres", "postgresql"), ("redis", "rediss", "unix"), ("https", "http")
WITHOUT_HOST = ("unix", "consolemail", "filemail", "memorymail", "dummymail")
EXAMPLE = "such as https://flow.example.com"
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*", re.I)


def problems(settings: Mapping[str, Any]) -> list[str]:
    """What keeps this configuration from starting, a sentence each; empty where nothing does."""
    found = [*_secrets(settings), *_addresses(settings), *_servers(settings), *_others(settings)]
    return [problem for problem in found if problem]


def _secrets(settings: Mapping[str, Any]) -> Iterator[str | None]:
    yield environment.encryption_problem(settings["FIELD_ENCRYPTION_KEYS"])
    if not settings["DEBUG"]:
        yield environment.secret_problem(settings["SECRET_KEY"])


def _addresses(settings: Mapping[str, Any]) -> Iterator[str | None]:
    """Problems with the site's own addresses."""
    site, hosts = settings["SITE_URL"], settings["ALLOWED_HOSTS"]
    yield _site_problem(site)
    yield from (_host_problem(host) for host in hosts)
    yield from (_origin_problem(origin) for origin in settings["CSRF_TRUSTED_ORIGINS"] if origin != site)
    if settings["DEBUG"]:
        return
    if not hosts:
        yield "ALLOWED_HOSTS is missing: the names this site answers to."
    elif host_of(site) and not _is_among(host_of(site), hosts):
        yield "ALLOWED_HOSTS does not name the host of SITE_URL: every link would lead to a refusal."
    if not site:
        yield f"SITE_URL is missing: the address people type, {EXAMPLE}."
    if split(site).scheme == "http" and not settings["ALLOW_HTTP"]:
        yield "SITE_URL is http: passwords and sign-ins would travel in clear. Use https, or set ALLOW_HTTP=1."


def _servers(settings: Mapping[str, Any]) -> Iterator[str | None]:
    """Problems with the addresses of database, Redis, mail server and other services."""
    database, broker = settings["DATABASE_URL"], settings["REDIS_URL"]
    if bool(database) != bool(broker):
        there, missing = ("DATABASE_URL", "REDIS_URL") if database else ("REDIS_URL", "DATABASE_URL")
        yield f"{missing} is missing: {there} is set, and they go together. Unset both to run embedded."
    yield _address_problem("DATABASE_URL", database, POSTGRESQL, ends="with the name of a database")
    yield _address_problem("REDIS_URL", broker, REDIS)
    yield _address_problem("EMAIL_URL", settings["EMAIL_URL"], environ.Env.EMAIL_SCHEMES)
    yield _address_problem("ANTHROPIC_BASE_URL", settings["ANTHROPIC_BASE_URL"], WEB)
    yield _address_problem("SENTRY_DSN", settings["SENTRY_DSN"], WEB, ends="with the number of a project")
    if settings["SENTRY_DSN"] and importlib.util.find_spec("sentry_sdk") is None:
        yield "SENTRY_DSN is set, but sentry-sdk is not installed."


def _others(settings: Mapping[str, Any]) -> Iterator[str | None]:
    yield from (_network_problem(text) for text in settings["TRUSTED_PROXIES"])
    for host in settings["OUTBOUND_ALLOWLIST"]:
        if not _is_host(host.strip("[]")):
            yield f"OUTBOUND_ALLOWLIST must be names or addresses of hosts, without scheme or port, not {_cut(host)}."
    if not _is_found(settings["FILE_STORAGE"]):
        yield "FILE_STORAGE must be a storage class of Django that is installed here, by its whole name."
    if settings["LOG_LEVEL"] not in LEVELS:
        yield f"LOG_LEVEL must be one of {', '.join(LEVELS)}."
    # by hand: parseaddr() reads no address at an IPv6 host before Python 3.11.4
    if not re.fullmatch(r"([^<>]*<)?[^@\s<>]+@[^@<>]+(?(1)>)", settings["DEFAULT_FROM_EMAIL"]):
        yield "DEFAULT_FROM_EMAIL must be an address, such as ResolutionFlow <noreply@flow.example.com>."
    if settings["SECURE_HSTS_PRELOAD"] and not settings["SECURE_HSTS_INCLUDE_SUBDOMAINS"]:
        yield "HSTS_PRELOAD needs HSTS_INCLUDE_SUBDOMAINS=1: browsers' lists take whole domains only."


# --- one value -----------------------------------------------------------------------------------


def split(address: str) -> SplitResult:
    """The parts of an address; empty parts for what is no address."""
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def tidy(site: str) -> str:
    """SITE_URL as browsers write an origin: in small letters, without a slash at its end or the default port."""
    site = site.rstrip("/").lower()
    return site.removesuffix({"https": ":443", "http": ":80"}.get(split(site).scheme, "/"))


def _site_problem(site: str) -> str | None:
    parts = split(site)
    if site and "@" in parts.netloc:
        return f"SITE_URL must not hold a name or a password: it is the address people type, {EXAMPLE}."
    if parts.netloc and (parts.path or "?" in site or "#" in site):
        return f"SITE_URL must be a host of its own, {EXAMPLE}: the site cannot live under a path."
    return f"SITE_URL must be a whole address, {EXAMPLE}." if site and not _is_origin(site) else None


def _origin_problem(origin: str) -> str | None:
    if _is_origin(origin.replace("://*.", "://", 1)):
        return None
    return f"CSRF_TRUSTED_ORIGINS must be scheme and host, {EXAMPLE}, not {_cut(origin)}."


def _is_found(name: str) -> bool:
    """Whether there is a module by the name of this class."""
    module, _dot, last = name.rpartition(".")
    try:
        return bool(module and last) and importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _is_origin(text: str) -> bool:
    """Whether it is scheme://host[:port] and nothing else."""
    parts = split(text)
    return (
        parts.scheme in WEB
        and _is_host(parts.hostname or "")
        and parts.port != 0
        and text.lower() == f"{parts.scheme}://{host_of(text)}{f':{parts.port}' if parts.port else ''}"
    )


def host_of(address: str) -> str:
    """The host of an address, an IPv6 one in brackets."""
    host = split(address).hostname or ""
    return f"[{host}]" if ":" in host else host


def _is_host(text: str) -> bool:
    """Whether it is a DNS name (IDN in its xn-- form) or an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        last = text.rsplit(".", 1)[-1]
        return len(text) <= 253 and _NAME.fullmatch(text) is not None and not last.isdigit()
    return True


def _host_problem(host: str) -> str | None:
    if host == "*":
        return "ALLOWED_HOSTS must name hosts; * lets anybody write the links in our mails."
    if _is_host(host.removeprefix(".") if not host.startswith("[") else host[1:-1]):
        return None
    return f"ALLOWED_HOSTS must be names without scheme, port or path, such as flow.example.com, not {_cut(host)}."


def _is_among(host: str, allowed: Sequence[str]) -> bool:
    names = [name.lower() for name in allowed]
    return host in names or any(name[:1] == "." and f".{host}".endswith(name) for name in names)


def _network_problem(text: str) -> str | None:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return f"TRUSTED_PROXIES must be addresses or networks, such as 10.0.0.0/8, not {_cut(text)}."
    return None


def _address_problem(name: str, address: str, schemes: Collection[str], *, ends: str = "") -> str | None:
    """What is wrong with an address, without repeating it: it may hold a password."""
    parts = split(address)
    is_whole = parts.scheme in schemes and (parts.hostname or parts.scheme in WITHOUT_HOST)
    if not address or (is_whole and (parts.path.strip("/") or not ends)):
        return None
    starts = " or ".join(f"{scheme}://" for scheme in schemes)
    return f"{name} must be a whole address: it starts with {starts}{' and ends ' if ends else ''}{ends}."


def _cut(text: str) -> str:
    return ascii(text[:60])
