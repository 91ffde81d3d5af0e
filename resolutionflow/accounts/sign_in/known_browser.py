"""The cookie by which a browser is known that has signed in before: as whom, and under which password of theirs.

It opens nothing: it only keeps others from using up the tries of who sits at it.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from resolutionflow.accounts.models import User

COOKIE = "__Host-known" if settings.HTTPS else "known"
SALT = "resolutionflow.accounts.sign_in.known_browser"
AGE = 400 * 24 * 60 * 60  # seconds; browsers keep no cookie longer
PEOPLE = 5  # at one browser; then the earliest is forgotten


def known_browser_of(request: HttpRequest, email: str) -> str:
    """Which browser it is, if somebody of this email has signed in with it; else nothing."""
    browser, marks = _read_cookie(request)
    if not marks:
        return ""
    user = User.objects.filter(email=email).first()
    mark = marks.get(str(user.pk)) if user else None
    return browser if user and mark and constant_time_compare(mark, _mark_of(user, browser)) else ""


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """This person has signed in here."""
    browser, marks = _read_cookie(request)
    browser = browser or secrets.token_hex(16)
    marks.pop(str(user.pk), None)
    marks[str(user.pk)] = _mark_of(user, browser)
    value = signing.dumps({"browser": browser, "people": dict(list(marks.items())[-PEOPLE:])}, salt=SALT)
    response.set_cookie(COOKIE, value, max_age=AGE, secure=settings.HTTPS, httponly=True, samesite="Lax")


def _read_cookie(request: HttpRequest) -> tuple[str, dict[str, str]]:
    try:
        kept: dict[str, Any] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return "", {}
    return kept["browser"], kept["people"]


def _mark_of(user: User, browser: str) -> str:
    """Ends with whatever ends their sign-ins: a new password, a deactivation."""
    return salted_hmac(f"{SALT}.{user.pk}.{browser}", user.stamp, algorithm="sha256").hexdigest()[:32]
