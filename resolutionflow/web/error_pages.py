"""How pages say no: a Refusal as a toast to HTMX and as a page to a form; a form without its token; a crash."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template import loader

from resolutionflow.accounts.views import sign_in
from resolutionflow.api.errors import DATABASE_AWAY, RETRY, refusal_body, unexpected_error, with_retry_after
from resolutionflow.core.refusals import NotAllowed, Refusal
from resolutionflow.ops.body_limit import REFUSAL
from resolutionflow.web import unsent_text
from resolutionflow.web.requests import page_before


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
            return unexpected_error(request, error) if request.path.startswith("/api/") else None
        if getattr(request, "htmx", False):
            return _toast(request, error)
        context = {"refusal": error, "back": page_before(request) or "/"}
        return with_retry_after(error, render(request, "refusal.html", context, status=error.status))


def _not_read(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Before any view, for anybody: nothing of the request is there to be looked at."""
    if getattr(request, "htmx", False):
        response = _toast(request, refusal)
    elif request.path.startswith("/api/"):
        response = JsonResponse(refusal_body(refusal), status=refusal.status)
    else:
        response = render(request, "not_read.html", {"refusal": refusal}, status=refusal.status)
    if refusal.status == 503:
        response["Retry-After"] = RETRY["Retry-After"]
    return response


def _toast(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    response = render(request, "_toast.html", {"refusal": refusal}, status=refusal.status)
    response["HX-Retarget"], response["HX-Reswap"], response["HX-Reselect"] = "#toasts", "beforeend", "unset"
    return with_retry_after(refusal, response)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's view of a form without the right token. A script gets a toast: it would swap a page into a region.

    Whoever is signed in finds the form again, filled in; who is not, after signing in. Another person does not.
    """
    if getattr(request, "htmx", False):
        return _toast(request, NotAllowed(_stale_page(is_kept="draft" in request.POST)))
    if not request.user.is_authenticated and (carried := unsent_text.sealed_form(request)):
        return sign_in.sign_in_again(request, carried=carried)
    if page := unsent_text.take_from_form(request):
        return redirect(page)
    found = [] if unsent_text.is_another_persons(request) else unsent_text.unsent_texts(request)
    return render(request, "403_csrf.html", {"typed": found}, status=403)


def _stale_page(*, is_kept: bool) -> str:
    """The browser names the draft it keeps of what it sends; where it could keep none, nothing else does."""
    if is_kept:
        return "Not sent: this page is from before you signed in. Your text is kept: reload it."
    return "Not sent: this page is from before you signed in. Copy what you may have typed, then reload it."


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for what nobody expected, wherever on the way it happened. Its pages need no database."""
    error = sys.exc_info()[1]
    if request.path.startswith("/api/") and isinstance(error, Exception):
        return unexpected_error(request, error)
    away = isinstance(error, DATABASE_AWAY)
    page = loader.render_to_string("503.html" if away else "500.html", {"request": request})
    return HttpResponse(page, status=503 if away else 500, headers=RETRY if away else None)
