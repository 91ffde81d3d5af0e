"""Logging: one line per happening, as JSON in production, and never a secret in it."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from resolutionflow.core.redaction import redact

log = structlog.get_logger("resolutionflow.requests")

HIDDEN = "[hidden]"
WATCHED = ("/healthz", "/readyz", "/metrics")  # asked every few seconds
_REQUEST_ID = re.compile(r"[\w.:+/=@-]{1,128}", re.A)
_SECRET_NAME = re.compile(r"token|secret|password|passwd|authorization|cookie|webhook|api_?key|csrf|\bdsn\b", re.I)
# In an address and a header whatever stands there is one, however short and plain; so are one-time links.
_SECRET_PLACE = re.compile(
    r"(?<=[?&]token=)[^&\s\"']+|(?<=[?&]sig=)[^&\s\"']+|(?<=\bBearer )[\w.~+/=-]{16,}"
    r"|(?<=/reset/key/)[\w-]+|(?<=/password/)[\w-]{20,}"
)

_before_secrets: dict[str, re.Pattern[str]] = {}  # what stands before a secret in an address; see secret_addresses.py


def hide_what_follows(patterns: Iterable[re.Pattern[str]]) -> None:
    """From now on hide what comes after the first group of each."""
    _before_secrets.update((pattern.pattern, pattern) for pattern in patterns)


def hide_secrets(value: Any) -> Any:
    """`value` without what looks like a secret, at any depth."""
    return _each_text(value, lambda text: redact(_without_places(text)))


def _each_text(value: Any, hide: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, dict):
        return {key: HIDDEN if _names_a_secret(key) and item else _each_text(item, hide) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_each_text(item, hide) for item in value]
    return value


def _without_places(text: str) -> str:
    for pattern in _before_secrets.values():
        text = pattern.sub(rf"\1{HIDDEN}", text)
    return _SECRET_PLACE.sub(HIDDEN, text)


def _names_a_secret(key: Any) -> bool:
    return isinstance(key, str) and _SECRET_NAME.search(key) is not None


def redact_event(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """structlog's processor, before the line is put together: what its fields' names tell."""
    hidden: MutableMapping[str, Any] = _each_text(dict(line), _without_places)
    return hidden


def redact_text(_logger: Any, _method: str, line: str) -> str:
    """The rendered line: what its texts, objects and tracebacks say."""
    text: str = hide_secrets(line)
    return text


def without_secrets(event: Any, _hint: Any) -> Any:
    """What goes to Sentry: its events and breadcrumbs repeat addresses and lines of ours."""
    return hide_secrets(event)


_ADDED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure(level: str, *, as_json: bool) -> dict[str, Any]:
    """Set structlog up; return Django's LOGGING, by which the standard library's lines look the same."""
    structlog.configure(
        processors=[*_ADDED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    quiet = {"handlers": [], "level": "WARNING", "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_writers(as_json)],
                "foreign_pre_chain": _ADDED,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.request": {"handlers": [], "level": "ERROR", "propagate": True},  # RequestLog says it better
            "django.utils.autoreload": quiet,
            "django_structlog": quiet,
            "asyncio": quiet,
            "amqp": quiet,
            "kombu": quiet,
            "celery": quiet,
            "celery.app.trace": {"handlers": [], "level": "CRITICAL", "propagate": True},  # django_structlog says it
            "httpx2": quiet,
            "httpcore2": quiet,
            "anthropic": quiet,
            "uvicorn": quiet,
            "websockets": quiet,
        },
    }


def _writers(as_json: bool) -> list[Any]:
    if as_json:
        to_json = structlog.processors.JSONRenderer(default=str)
        return [structlog.processors.format_exc_info, redact_event, to_json, redact_text]
    # Where `rich` happens to be installed, its tracebacks would show every local variable, and take seconds for it.
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    return [redact_event, plain, redact_text]


class RequestId:
    """The first middleware: every line written meanwhile carries the request's id, and so do those of the tasks it
    leads to (celery.py). Whatever is answered, by a middleware or a view, the id comes back with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = fit_request_id(request.headers.get("X-Request-ID", ""))
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


def fit_request_id(given: str) -> str:
    """The caller's own, where it is fit for a log; else a new one."""
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex[:12]


class RequestLog:
    """One line per request: no query string, no body, no header; who it was only where that is known already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        log.log(
            _level(request, response),
            f"{request.method} {request.path} {response.status_code}",
            ms=round((time.perf_counter() - started) * 1000, 1),
            ip=request.META.get("REMOTE_ADDR"),
            **_who(request),
        )
        return response


def _level(request: HttpRequest, response: HttpResponse) -> int:
    if response.status_code >= 500 and request.path not in WATCHED:
        return logging.ERROR
    return logging.DEBUG if request.path in WATCHED else logging.INFO


def _who(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "_cached_user", None)  # set once request.user was looked at: this looks nothing up
    if user is None or user.pk is None:
        return {}
    return {"user": user.pk, "account": user.account_id}
