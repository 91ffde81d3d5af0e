"""Errors of the API: always JSON, {"code", "detail"} and what belongs to that code."""

from __future__ import annotations

import logging
from typing import Any, TypeVar

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.exceptions import (
    AuthenticationFailed,
    NotAuthenticated,
    ParseError,
    PermissionDenied,
    Throttled,
    ValidationError,
)
from rest_framework.response import Response
from rest_framework.views import exception_handler

from resolutionflow.core.refusals import Invalid, Refusal

log = logging.getLogger(__name__)

DATABASE_AWAY = (OperationalError, InterfaceError)  # it is gone, or has no connection left
RETRY = {"Retry-After": "5"}


def handle_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's EXCEPTION_HANDLER: {"code", "detail", …}; None for an unexpected error, which Django then
    handles."""
    if isinstance(error, Refusal):
        status = 400 if isinstance(error, Invalid) else error.status
        return with_retry_after(error, Response(refusal_body(error), status=status))
    if isinstance(error, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return Response({"code": "too_large", "detail": "This is too much for one request."}, status=413)
    response = exception_handler(error, context)
    if response is not None:
        response.data = _error_body(error, response)
    return response


def refusal_body(error: Refusal) -> dict[str, Any]:
    """{"code", "detail"} of a refusal with its own facts; for Invalid also `errors` by field."""
    body = {"code": error.code, "detail": error.detail, **error.facts}
    if isinstance(error, Invalid):
        body["errors"] = error.errors
    if "claimed_at" in error.facts:
        body["now"] = timezone.now()
    return body


_CODES: dict[type[Exception], str] = {
    ValidationError: "invalid",
    ParseError: "invalid",
    NotAuthenticated: "not_authenticated",
    AuthenticationFailed: "not_authenticated",
    PermissionDenied: "not_allowed",
    Throttled: "throttled",
}


def _error_body(error: Exception, response: Response) -> dict[str, Any]:
    if response.status_code == 404:  # Django's own says which model and query: nobody's business
        return {"code": "not_found", "detail": "There is no such thing here."}
    if isinstance(error, ValidationError):
        return {"code": "invalid", "detail": "Some fields are not right.", "errors": _by_field(error.detail)}
    code = _CODES.get(type(error)) or getattr(error, "default_code", "not_allowed")
    body = {"code": code, "detail": str(response.data["detail"])}
    return {**body, "errors": {}} if code == "invalid" else body


def _by_field(detail: Any, at: str = "") -> dict[str, list[str]]:
    """Sentences by field; `options.0.value` is a field of the first of several options."""
    if isinstance(detail, dict):
        within = [_by_field(what, f"{at}.{name}" if at else str(name)) for name, what in detail.items()]
    elif any(isinstance(what, dict | list) for what in detail):
        within = [_by_field(what, f"{at}.{number}") for number, what in enumerate(detail) if what]
    else:
        return {at or "non_field_errors": [str(sentence) for sentence in detail]}
    return {name: sentences for one in within for name, sentences in one.items()}


def unexpected_error(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer to an unexpected error, as JSON: 500, or 503 where the database is gone. The traceback goes to the log
    and to receivers of Django's signal."""
    log.exception("%s %s failed", request.method, request.path)
    got_request_exception.send(sender=None, request=request)
    if isinstance(error, DATABASE_AWAY):
        body = {"code": "unavailable", "detail": "The database does not answer. Try again in a moment."}
        return JsonResponse(body, status=503, headers=RETRY)
    body = {"code": "error", "detail": "Something went wrong here. It is in the log; nothing was changed."}
    return JsonResponse(body, status=500)


R = TypeVar("R", bound=HttpResponseBase)


def with_retry_after(refusal: Refusal, response: R) -> R:
    """The same response, with a Retry-After header where the refusal says how long to wait."""
    if refusal.wait is not None:
        response["Retry-After"] = str(refusal.wait)
    return response
