"""Keeps what somebody typed when their form is not accepted: because their sign-in ended, or before a view has read it.

The browser keeps drafts (static/js/drafts/) and is told here which of them was accepted. Without JavaScript the sign-in
page carries the fields on in a signed hidden field ("carried") with the id of who typed them, and nothing is stored.
Once that person has signed in, they lie in their session until the page of their form is shown: filled in, and not
sent.

Anybody can have any words signed for anybody. The signature says that they came through this site, never who wrote
them: so they are accepted from forms of this site only, and shown only to the person who is signed in.
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
from django.template import loader
from django.utils.html import escape

from resolutionflow.web.refill import is_text, note_before, refill
from resolutionflow.web.requests import is_page, is_refetch, page_before

SEEN = 300  # seconds for which the cookie of an accepted draft is kept, until the next page reads it
WAITS = 600  # seconds for which an unsent form is kept in the session for its page
DAY = 24 * 60 * 60  # seconds for which a signed form is accepted
MOST = 1_000_000  # characters of a signed form: with it the sign-in page stays well under MAX_BODY
SECRET = re.compile(r"csrf|password|passwd|secret|token(?!s$)|credential|^(typed_by|draft|carried)$", re.I)


class UnsentForm(TypedDict):
    """A form that was not accepted: who typed it, the path it was sent to, the page it stood on, and its fields."""

    by: str
    to: str
    page: str
    fields: list[tuple[str, str]]


def unsent_texts(request: HttpRequest) -> list[str]:
    """The texts of a refused form, to be copied from the page that refuses it; empty for a form of another site."""
    if request.method != "POST" or not _is_ours(request):
        return []
    carried = _unsealed(request)
    sent = [*_fields(request), *(carried["fields"] if carried else [])]
    return [text.strip() for name, text in sent if is_text(name, text)]


def sealed_form(request: HttpRequest) -> str:
    """The form, signed, for the sign-in page to carry on; empty where it holds no text or nobody is known to have typed
    it."""
    carried = _unsent_form(request)
    text = signing.dumps(carried, salt="typed", compress=True) if carried else ""
    return text if len(text) <= MOST else ""


def sealed_before(request: HttpRequest) -> str:
    """The signed form that a sign-in carried, for the sign-in page that comes again when the sign-in was refused."""
    return request.POST.get("carried", "") if request.method == "POST" and _unsealed(request) else ""


def take_from_sign_in(request: HttpRequest) -> None:
    """Keep the form that a sign-in carried, if it belongs to the person who has just signed in."""
    _keep(request, _unsealed(request))


def take_from_form(request: HttpRequest) -> str:
    """Keep a form refused for its token alone, of somebody signed in; returns the page on which they find it again, or
    ""."""
    if not page_before(request):  # the one thing that still tells a form of ours from one of another site
        return ""
    carried = _unsealed(request) or _unsent_form(request)
    return carried["page"] if carried and _keep(request, carried) else ""


def is_another_persons(request: HttpRequest) -> bool:
    """Whether the page was drawn for one person and sent while another is signed in in the same browser."""
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
    """Whether the form was sent from a page of this site: it held the right token, or the browser names our page."""
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
    """Put the form into the session of the person it belongs to; False, and nothing stored, for anybody else."""
    if carried is None or not _is_theirs(request, carried):
        return False
    request.session["typed"] = {**carried, "at": int(time.time())}
    return True


class UnsentTextMiddleware:
    """The innermost middleware, so that its process_view runs only for requests that no other has refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and getattr(request, "reached_its_view", False):
            if response.status_code < 400:
                _accept(request, response)
            elif response.status_code == 422:
                _show_what_is_not_shown(request, response)
        elif request.method == "GET" and _is_kept(request):
            return _bring_back(request, response)
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        request.reached_its_view = True  # type: ignore[attr-defined]


def _accept(request: HttpRequest, response: HttpResponse) -> None:
    """Tell the browser that this draft was accepted, by a cookie of the draft's own: answers that cross cannot mix them
    up."""
    draft = request.POST.get("draft", "")
    if re.fullmatch(r"[a-z0-9]{8,24}", draft):
        response.set_cookie(f"sent-{draft}", "1", max_age=SEEN, secure=settings.HTTPS, samesite="Lax")


def _show_what_is_not_shown(request: HttpRequest, response: HttpResponse) -> None:
    """A form that was wrong comes again with what was typed, but only in the fields it has: after an upgrade, or when
    what it is about has changed, not in all that the open page had. Those texts are shown to be copied."""
    if not request.user.is_authenticated or is_another_persons(request) or not _is_html(response):
        return
    html = response.content.decode()
    texts = [text.strip() for name, text in _fields(request) if is_text(name, text)]
    if lost := [text for text in texts if not _is_shown(text, html)]:
        note = loader.render_to_string("_unsent_text.html", {"typed": lost})
        response.content = (note_before(html, page=request.path, to=request.path, note=note) or html).encode()


def _is_shown(text: str, html: str) -> bool:
    """Whether it stands in a field or by itself, and not as a part of something else."""
    said, there = (one.replace("\r\n", "\n") for one in (escape(text), html))
    return re.search(rf'(?:>|value=")\s*{re.escape(said)}\s*[<"]', there) is not None


def _is_html(response: HttpResponse) -> bool:
    return not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")


def _is_kept(request: HttpRequest) -> bool:
    """Whether an unsent form waits for this page. Looks only at a session already read: a health check must not need
    the database."""
    session = getattr(request, "session", None)
    if session is None or not session.accessed or "typed" not in session or is_refetch(request):
        return False
    if int(time.time()) - session["typed"]["at"] > WAITS or not _is_theirs(request, session["typed"]):
        del session["typed"]
        return False
    return bool(unquote(urlsplit(session["typed"]["page"]).path) == request.path)


def _bring_back(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page with the unsent form filled in; where it has no such form any more, a page with the texts to copy."""
    kept = request.session.pop("typed")
    said = "Not sent yet. What you typed is back: look at it and send it again."
    if response.status_code == 200 and _is_html(response):
        here = request.get_full_path()
        filled = refill(response.content.decode(), page=here, to=kept["to"], fields=kept["fields"], said=said)
        if filled is not None:
            response.content = filled.encode()
            return response
    typed = [text for name, text in kept["fields"] if is_text(name, text)]
    return render(request, "unsent_text.html", {"typed": typed, "on": response.get("Location", "/")})
