"""How a Refusal is answered: as a toast to HTMX, as a page to a form, as JSON to the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from rest_framework.exceptions import (
    APIException,
    AuthenticationFailed,
    MethodNotAllowed,
    NotAuthenticated,
    NotFound,
    ParseError,
    PermissionDenied,
    Throttled,
    ValidationError,
)
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from resolutionflow.refusals import Invalid, Refusal


class RefusalMiddleware:
    """Answers what a verb refused, so that no view catches it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        if getattr(request, "htmx", False):
            response = render(request, "_toast.html", {"refusal": error}, status=error.status)
            response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
            return response
        back = request.META.get("HTTP_REFERER", "")
        same_site = back.startswith(f"{request.scheme}://{request.get_host()}/")
        return render(
            request, "refusal.html", {"refusal": error, "back": back if same_site else "/"}, status=error.status
        )


def api_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: always {"code", "detail", …}."""
    if isinstance(error, Refusal):
        set_rollback()
        return Response(_refused(error), status=400 if isinstance(error, Invalid) else error.status)
    response = exception_handler(error, context)
    if response is not None:
        response.data = _failed(error, response)
    return response


def _refused(error: Refusal) -> dict[str, Any]:
    body = {"code": error.code, "detail": error.detail, **error.facts}
    if isinstance(error, Invalid):
        body["errors"] = error.errors
    if "claimed_at" in error.facts:
        body["now"] = timezone.now()
    return body


_CODES: list[tuple[type[APIException] | tuple[type[APIException], ...], str]] = [
    (ValidationError, "invalid"),
    (ParseError, "invalid"),
    ((NotAuthenticated, AuthenticationFailed), "not_authenticated"),
    (PermissionDenied, "not_allowed"),
    (NotFound, "not_found"),
    (MethodNotAllowed, "method_not_allowed"),
    (Throttled, "throttled"),
]


def _failed(error: Exception, response: Response) -> dict[str, Any]:
    code = next((code for kind, code in _CODES if isinstance(error, kind)), "")
    if response.status_code == 404:  # Django's Http404 and PermissionDenied come through as themselves
        code = "not_found"
    elif response.status_code == 403 and not code:
        code = "not_allowed"
    if isinstance(error, ValidationError):
        errors = response.data if isinstance(response.data, dict) else {"non_field_errors": response.data}
        return {"code": code, "detail": "Some fields are not right.", "errors": errors}
    detail = response.data.get("detail", "") if isinstance(response.data, dict) else str(response.data)
    return {"code": code or "error", "detail": str(detail)}
