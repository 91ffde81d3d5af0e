"""Who may see pages at all: every view asks for a sign-in unless it says otherwise with login_not_required."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from resolutionflow.accounts.views import sign_in
from resolutionflow.web import error_pages, unsent_text
from resolutionflow.web.requests import is_refetch, page_before

TOUCH = 10 * 60  # seconds between writes that keep a session from going idle
LONGEST = 7 * 24 * 60 * 60  # seconds after which one signs in again, however busy

View = Callable[..., HttpResponseBase]


class MembersMiddleware(LoginRequiredMiddleware):
    """Lets members see pages. The platform's operator, who has no account, is led to the admin."""

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        _keep_awake(request)
        if not request.user.is_authenticated:
            return self.handle_no_permission(request, view_func)
        if unsent_text.is_another_persons(request):
            return error_pages.csrf_failure(request)
        if request.user.account_id is None and not request.path.startswith("/admin/"):
            return redirect("/admin/")
        return None

    def handle_no_permission(self, request: HttpRequest, view_func: View) -> HttpResponse:  # type: ignore[override]
        """Leads to the sign-in page, HTMX by a header, since it would swap the page into a region. After signing in one
        is back on the page one was on (what a button posts to is no page), and unsent text is carried on."""
        htmx = getattr(request, "htmx", None)
        if htmx:
            return HttpResponseClientRedirect(redirect_to_login(_page_of(htmx) or "/").url)
        if request.method not in ("GET", "HEAD"):
            if carried := unsent_text.sealed_form(request):
                return sign_in.sign_in_again(request, carried=carried)
            return redirect_to_login(page_before(request) or "/")
        response: HttpResponse = super().handle_no_permission(request, view_func)
        return response


def _page_of(htmx: Any) -> str | None:
    try:
        page: str | None = htmx.current_url_abs_path
    except ValueError:  # no address at all
        return None
    return page


def _keep_awake(request: HttpRequest) -> None:
    """Postpone the end of the sign-in, 12 hours after the session was last written: by a write now and then, and only
    for what somebody does. An open page fetches for days by itself."""
    if not request.user.is_authenticated:
        return
    now = int(time.time())
    if now - request.session.setdefault("since", now) > LONGEST:
        logout(request)
    elif not is_refetch(request) and now - request.session.get("seen", 0) > TOUCH:
        request.session["seen"] = now
