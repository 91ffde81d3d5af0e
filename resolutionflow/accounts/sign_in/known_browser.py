"""A cookie that marks a browser as one in which a person has signed in before, with their present password.

It gives no access. Attempts from such a browser are counted apart, so that others cannot use them up.
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
    """The id of this browser, if the person with this email has signed in with it; else ""."""
    browser, marks = _read_cookie(request)
    if not marks:
        return ""
    user = User.objects.filter(email=email).first()
    mark = marks.get(str(user.pk)) if user else None
    return browser if user and mark and constant_time_compare(mark, _mark_of(user, browser)) else ""


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Mark this browser as one in which `user` has signed in."""
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
    """A signature that ends with the person's sign-ins: by a new password or a deactivation."""
    return salted_hmac(f"{SALT}.{user.pk}.{browser}", user.stamp, algorithm="sha256").hexdigest()[:32]
