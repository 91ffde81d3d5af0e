"""ETag, If-Match and If-None-Match: whoever changes a thing may say which version of it they read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase, JsonResponse
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags, quote_etag
from rest_framework.exceptions import ParseError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from resolutionflow.core.refusals import Refusal
from resolutionflow.core.verbs import verb


class OutdatedVersion(Refusal):
    """Somebody changed the thing after the version named by If-Match."""

    code = "precondition_failed"
    status = 412

    def __init__(self) -> None:
        super().__init__("This has changed since you read it. Nothing was changed: read it again, then decide.")


def version(body: bytes) -> str:
    """The ETag of an answer with this body."""
    return quote_etag(hashlib.sha256(body).hexdigest()[:32])


def with_version(request: Request, response: Response) -> HttpResponseBase:
    """The rendered answer with its ETag; 304 where the client has this version already."""
    etag = response["ETag"] = version(response.content)
    if request.method == "PATCH":
        return response
    answer = get_conditional_response(request._request, etag=etag, response=response)
    if answer is not None and answer.status_code == 412:
        return JsonResponse({"code": OutdatedVersion.code, "detail": OutdatedVersion().detail}, status=412)
    return answer or response


@verb
def if_unchanged(
    request: Request, read: Callable[[], Any], shown: Callable[[Any], Any], answer: Callable[[], Response]
) -> Response:
    """`answer()`, if the thing that `read()` finds is still in the version that If-Match names; else OutdatedVersion.

    Whatever is changed belongs to a session, and every change locks that first: nobody can change it between the check
    and the change.
    """
    if not parse_etags(request.headers["If-Match"]):
        raise ParseError("If-Match takes an ETag as it was given, in its quotes, or *.")
    thing = read()
    getattr(thing, "session", thing).lock()
    etag = version(JSONRenderer().render(shown(read())))
    if get_conditional_response(request._request, etag=etag) is not None:
        raise OutdatedVersion
    return answer()
