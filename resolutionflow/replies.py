"""How a Refusal is answered: as a toast to HTMX, as a page to a form, as JSON to the API."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template import loader
from django.utils import timezone
from django.utils.translation import gettext as _
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

from resolutionflow import typed
from resolutionflow.access import page_before
from resolutionflow.accounts import sign_in
from resolutionflow.body_limit import REFUSAL
from resolutionflow.refusals import Invalid, NotAllowed, Refusal

log = logging.getLogger(__name__)

AWAY = (OperationalError, InterfaceError)  # the database is gone, or has no connection left
RETRY = {"Retry-After": "5"}


class RefusalMiddleware:
    """Answers what a verb refused, so that no view catches it; and what was refused while it arrived."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refusal = getattr(request, "scope", {}).get(REFUSAL)
        if refusal:
            return _not_read(request, refusal)
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:  # of Django, for which a browser draws its own page
            response.content = loader.render_to_string("405.html", request=request)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return api_crash(request, error) if request.path.startswith("/api/") else None
        if getattr(request, "htmx", False):
            return _toast(request, error)
        context = {"refusal": error, "back": page_before(request) or "/"}
        return _told_when(error, render(request, "refusal.html", context, status=error.status))


def _not_read(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Before any view, for anybody: nothing of the request is there to be looked at."""
    if getattr(request, "htmx", False):
        response = _toast(request, refusal)
    elif request.path.startswith("/api/"):
        response = JsonResponse(_refused(refusal), status=refusal.status)
    else:
        response = render(request, "not_read.html", {"refusal": refusal}, status=refusal.status)
    if refusal.status == 503:
        response["Retry-After"] = RETRY["Retry-After"]
    return response


def _toast(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    response = render(request, "_toast.html", {"refusal": refusal}, status=refusal.status)
    response["HX-Retarget"], response["HX-Reswap"], response["HX-Reselect"] = "#toasts", "beforeend", "unset"
    return _told_when(refusal, response)


R = TypeVar("R", bound=HttpResponseBase)


def _told_when(refusal: Refusal, response: R) -> R:
    """With Retry-After, where time alone helps."""
    if refusal.wait is not None:
        response["Retry-After"] = str(refusal.wait)
    return response


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's view of a form without the right token. A script gets a toast: it would swap a page into a region.

    Whoever is signed in finds the form again, filled in; who is not, after signing in. Another person does not.
    """
    if getattr(request, "htmx", False):
        return _toast(request, NotAllowed(_stale_page(is_kept="draft" in request.POST)))
    if not request.user.is_authenticated and (carried := typed.seal(request)):
        return sign_in.ask(request, carried=carried)
    if page := typed.take_from_form(request):
        return redirect(page)
    found = [] if typed.is_anothers(request) else typed.texts(request)
    return render(request, "403_csrf.html", {"typed": found}, status=403)


def _stale_page(*, is_kept: bool) -> str:
    """The browser names the draft it keeps of what it sends; where it could keep none, nothing else does."""
    if is_kept:
        return _("Not sent: this page is from before you signed in. Your text is kept: reload it.")
    return _("Not sent: this page is from before you signed in. Copy what you may have typed, then reload it.")


def api_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: always {"code", "detail", …}."""
    if isinstance(error, Refusal):
        status = 400 if isinstance(error, Invalid) else error.status
        return _told_when(error, Response(_refused(error), status=status))
    if isinstance(error, RequestDataTooBig | TooManyFieldsSent):
        return Response({"code": "too_large", "detail": "This is too much for one request."}, status=413)
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


_CODES: dict[type[Exception], str] = {
    ValidationError: "invalid",
    ParseError: "invalid",
    NotAuthenticated: "not_authenticated",
    AuthenticationFailed: "not_authenticated",
    PermissionDenied: "not_allowed",
    Throttled: "throttled",
}


def _failed(error: Exception, response: Response) -> dict[str, Any]:
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


def api_crash(request: HttpRequest, error: Exception) -> HttpResponse:
    """What nobody expected, as JSON: the traceback goes to the log, and to whoever listens for it."""
    log.exception("%s %s failed", request.method, request.path)
    got_request_exception.send(sender=None, request=request)
    if isinstance(error, AWAY):
        body = {"code": "unavailable", "detail": "The database does not answer. Try again in a moment."}
        return JsonResponse(body, status=503, headers=RETRY)
    body = {"code": "error", "detail": "Something went wrong here. It is in the log; nothing was changed."}
    return JsonResponse(body, status=500)


def crash(request: HttpRequest) -> HttpResponse:
    """Django's handler for what nobody expected, wherever on the way it happened. Its pages need no database."""
    error = sys.exc_info()[1]
    if request.path.startswith("/api/") and isinstance(error, Exception):
        return api_crash(request, error)
    away = isinstance(error, AWAY)
    page = loader.render_to_string("503.html" if away else "500.html", {"request": request})
    return HttpResponse(page, status=503 if away else 500, headers=RETRY if away else None)
