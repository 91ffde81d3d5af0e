"""How pages refuse: a Refusal becomes a toast for HTMX or a page for a form; also a form without its token, and a
crash."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template import loader

from resolutionflow.accounts.views import sign_in
from resolutionflow.api.errors import DATABASE_AWAY, RETRY, refusal_body, unexpected_error, with_retry_after
from resolutionflow.core.refusals import NotAllowed, Refusal, TooLarge
from resolutionflow.ops.body_limit import REFUSAL
from resolutionflow.web import unsent_text
from resolutionflow.web.requests import page_before


class RefusalMiddleware:
    """Answers the Refusal a view's verb raised, so that no view catches it, and the one body_limit found while a
    request arrived."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refusal = getattr(request, "scope", {}).get(REFUSAL) or _too_much_in(request)
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


def _too_much_in(request: HttpRequest) -> Refusal | None:
    """The refusal of a form with files that has more text, fields or files than one request may carry: the body as a
    whole may be longer, because of the files."""
    if request.content_type != "multipart/form-data" or request.path.startswith("/api/"):
        return None
    try:
        _parsed = request.POST
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
        return TooLarge()
    return None


def _not_read(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer to a request that was refused while it arrived: it comes before any view and says the same to
    everybody."""
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
    """Django's view for a form without the right token. HTMX gets a toast: it would swap a page into a region.

    Somebody who is signed in is led to the form, filled in again; somebody who is not, once they have signed in. Nobody
    is shown what another person typed.
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
    """The sentence for an expired form; `is_kept`: the browser said that it keeps a draft of what it sent."""
    if is_kept:
        return "Not sent: this page is from before you signed in. Your text is kept: reload it."
    return "Not sent: this page is from before you signed in. Copy what you may have typed, then reload it."


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for an unexpected error in a request. Its pages need no database."""
    error = sys.exc_info()[1]
    if request.path.startswith("/api/") and isinstance(error, Exception):
        return unexpected_error(request, error)
    away = isinstance(error, DATABASE_AWAY)
    page = loader.render_to_string("503.html" if away else "500.html", {"request": request})
    return HttpResponse(page, status=503 if away else 500, headers=RETRY if away else None)
