"""What holds for every request before anything else is looked at."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse

from resolutionflow.ops.logs import WATCHED

log = structlog.get_logger("resolutionflow.requests")

NOT_OURS = "This site does not answer to that name. Open it by the address you were given."
TOO_MANY = "This address has too many parameters."
OTHER_CHARSET = "A form is sent in UTF-8 here."


class HostMiddleware:
    """Requests for another name than ours end here, with one line in the log, and so do addresses with more parameters
    than Django reads: it would draw a page, or log a line, of all of them. Forms in another charset than UTF-8, which
    no browser sends, end here because no page could be drawn that reads them. Machines that watch the site ask by
    number, or by whatever name they know a process: to them the name makes no difference."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in WATCHED:
            request.META["HTTP_HOST"] = urlsplit(settings.SITE_URL).netloc
        try:
            request.get_host()
        except DisallowedHost:
            return self._refuse(request, "not in ALLOWED_HOSTS", NOT_OURS)
        if request.META.get("QUERY_STRING", "").count("&") >= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
            return self._refuse(request, "too many parameters", TOO_MANY, status=413, code="too_large")
        is_form = request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data")
        if is_form and (request.encoding or "utf-8").lower() != "utf-8":
            return self._refuse(
                request, "a form that is not UTF-8", OTHER_CHARSET, status=415, code="unsupported_media_type"
            )
        return self.get_response(request)

    def _refuse(
        self, request: HttpRequest, why: str, said: str, *, status: int = 400, code: str = "invalid"
    ) -> HttpResponse:
        host, ip = request.META.get("HTTP_HOST", "")[:100], request.META.get("REMOTE_ADDR")
        log.warning(f"{request.method} {request.path[:200]} {status}: {why}", host=host, ip=ip)
        headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
        if request.path.startswith("/api/"):
            body = {"code": code, "detail": said, **({"errors": {}} if code == "invalid" else {})}
            return JsonResponse(body, status=status, headers=headers)
        return HttpResponse(f"{said}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers)


class NoStoreMiddleware:
    """What the site answers is for whoever asked, and for now: no cache keeps it, the browser's own neither, where
    the next person would find it by the back button. Files that are the same for everybody never come here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Cache-Control"] = "no-store, private"
        return response
