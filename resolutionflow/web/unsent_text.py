"""What somebody typed is not lost: not with their sign-in, and not by a refusal before any view has read it.

The browser keeps drafts (static/js/drafts/) and is told here which of them was accepted. Without JavaScript the sign-in
page carries the fields on, sealed and marked with whose they are, and nothing of it is stored. Once that person has
signed in, they lie in that sign-in's own session until the page of their form is shown: filled in, and not sent.

Anybody can have words sealed as anybody's. A seal says that they came through here, never who wrote them: so only a
form of ours brings one in, and only to the person who is signed in.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any, TypedDict
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from resolutionflow.web.refill import is_text, refill
from resolutionflow.web.requests import is_page, is_refetch, page_before

SEEN = 300  # seconds in which the page that follows a form is loaded
WAITS = 600  # seconds in which somebody who has signed in comes to the page of their form
DAY = 24 * 60 * 60  # what was sealed longer ago is opened no more
MOST = 1_000_000  # characters of a seal: with it the sign-in page stays well under MAX_BODY
SECRET = re.compile(r"csrf|password|passwd|secret|token|credential|^(typed_by|draft|carried)$", re.I)


class UnsentForm(TypedDict):
    """What a form held: whose it was, where it was to go, on which page it stood."""

    by: str
    to: str
    page: str
    fields: list[tuple[str, str]]


def unsent_texts(request: HttpRequest) -> list[str]:
    """To be copied from a page that says no. Nobody else's page may put words there."""
    if request.method != "POST" or not _is_ours(request):
        return []
    carried = _unsealed(request)
    sent = [*_fields(request), *(carried["fields"] if carried else [])]
    return [text.strip() for name, text in sent if is_text(name, text)]


def sealed_form(request: HttpRequest) -> str:
    """For the sign-in page, to carry on; empty where there is no text, or nobody knows whose."""
    carried = _unsent_form(request)
    text = signing.dumps(carried, salt="typed", compress=True) if carried else ""
    return text if len(text) <= MOST else ""


def sealed_before(request: HttpRequest) -> str:
    """Once more: the sign-in itself was refused."""
    return request.POST.get("carried", "") if request.method == "POST" and _unsealed(request) else ""


def take_from_sign_in(request: HttpRequest) -> None:
    """Somebody has signed in: what was carried is theirs, or nobody's."""
    _keep(request, _unsealed(request))


def take_from_form(request: HttpRequest) -> str:
    """Refused for its token alone, of somebody who is signed in: the page on which they find it again, if any."""
    if not page_before(request):  # the one thing that still tells a form of ours from one of another site
        return ""
    carried = _unsealed(request) or _unsent_form(request)
    return carried["page"] if carried and _keep(request, carried) else ""


def is_another_persons(request: HttpRequest) -> bool:
    """A page drawn for one person, sent while another is signed in in this browser."""
    by = request.POST.get("typed_by", "") if request.method == "POST" else ""
    return bool(by) and by != str(request.user.pk)


def _unsent_form(request: HttpRequest) -> UnsentForm | None:
    fields, by = _fields(request), request.POST.get("typed_by", "")
    if not _is_key(by) or not _is_ours(request) or not any(is_text(*field) for field in fields):
        return None
    return UnsentForm(by=by, to=request.path, page=page_before(request) or request.path, fields=fields)


def _is_key(by: str) -> bool:
    return by.isascii() and by.isdecimal()


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    sent = [(str(name), str(value)) for name, values in request.POST.lists() for value in values]
    return [(name, value) for name, value in sent if not SECRET.search(name)]


def _is_ours(request: HttpRequest) -> bool:
    """Sent from a page of this site: it held the right token, or the browser says so."""
    return getattr(request, "csrf_processing_done", False) or bool(page_before(request))


def _unsealed(request: HttpRequest) -> UnsentForm | None:
    try:
        opened: UnsentForm = signing.loads(request.POST.get("carried", ""), salt="typed", max_age=DAY)
    except signing.BadSignature:
        return None
    return opened if _is_key(opened["by"]) and is_page(opened["page"]) else None


def _is_theirs(request: HttpRequest, carried: UnsentForm) -> bool:
    return request.user.is_authenticated and carried["by"] == str(request.user.pk)


def _keep(request: HttpRequest, carried: UnsentForm | None) -> bool:
    """In the session that whoever is signed in has anyway: for nobody else is one written or made."""
    if carried is None or not _is_theirs(request, carried):
        return False
    request.session["typed"] = {**carried, "at": int(time.time())}
    return True


class UnsentTextMiddleware:
    """The innermost: its process_view is reached only by what no other middleware has refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and getattr(request, "reached_its_view", False) and response.status_code < 400:
            _accept(request, response)
        elif request.method == "GET" and _is_kept(request):
            return _bring_back(request, response)
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        request.reached_its_view = True  # type: ignore[attr-defined]


def _accept(request: HttpRequest, response: HttpResponse) -> None:
    """A cookie of the draft's own, taken away by the script that reads it: two answers at once cannot mix."""
    draft = request.POST.get("draft", "")
    if re.fullmatch(r"[a-z0-9]{8,24}", draft):
        response.set_cookie(f"sent-{draft}", "1", max_age=SEEN, secure=settings.HTTPS, samesite="Lax")


def _is_kept(request: HttpRequest) -> bool:
    """Whether this page is waited for. Only of a session that was read anyway: a probe must not need the database."""
    session = getattr(request, "session", None)
    if session is None or not session.accessed or "typed" not in session or is_refetch(request):
        return False
    if int(time.time()) - session["typed"]["at"] > WAITS or not _is_theirs(request, session["typed"]):
        del session["typed"]
        return False
    return bool(unquote(urlsplit(session["typed"]["page"]).path) == request.path)


def _bring_back(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Into the form; where there is none any more, as text to copy."""
    kept = request.session.pop("typed")
    said = "Not sent yet. What you typed is back: look at it and send it again."
    if response.status_code == 200 and not response.streaming and response["Content-Type"].startswith("text/html"):
        here = request.get_full_path()
        filled = refill(response.content.decode(), page=here, to=kept["to"], fields=kept["fields"], said=said)
        if filled is not None:
            response.content = filled.encode()
            return response
    typed = [text for name, text in kept["fields"] if is_text(name, text)]
    return render(request, "unsent_text.html", {"typed": typed, "on": response.get("Location", "/")})
