"""Checks that come before everything else in a request, and the header that keeps answers out of caches."""

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
    """Refuses requests for a host name that is not ours, addresses with more parameters than Django reads, and forms in
    a charset other than UTF-8: each with a short answer and one line in the log, since Django would draw a page of it.
    Machines that watch the site (health, metrics) may ask by any name."""

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
    """Forbids every cache to keep an answer, the browser's own too, where the next person would find it with the back
    button. Static files, which are the same for everybody, do not pass here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Cache-Control"] = "no-store, private"
        return response
