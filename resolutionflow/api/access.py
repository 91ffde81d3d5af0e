"""Who may use the API, and how often: tokens, membership of an account, requests a minute."""

from __future__ import annotations

import time
from typing import Any, ClassVar, cast

from django.conf import settings
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from resolutionflow.accounts.models import ApiToken, User
from resolutionflow.core.refusals import NotAllowed

SCHEMES = (b"bearer", b"token")  # both mean the same


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer KEY`, or `Token KEY`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() not in SCHEMES:
            return None
        token = ApiToken.find(words[1].decode("latin-1")) if len(words) == 2 else None
        if token is None:
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return 'Token realm="api", Bearer realm="api"'


class Membership(BasePermission):
    """Lets in members of an account; to write, neither viewers nor tokens with read scope; the token of one session to
    nothing but what its script does."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = request.user
        if not user.is_authenticated:
            return False
        if user.account_id is None:
            raise NotAllowed("The platform's operator works in the Django admin and sees no account here.")
        spec = cast(Any, view).spec_of(request.method)
        if isinstance(request.auth, ApiToken) and not request.auth.is_of_account:
            self._must_be_its_script(request.auth, by_script=spec is not None and spec.by_script, view=view)
        if request.method not in SAFE_METHODS:
            self._may_write(request, own=spec is not None and spec.own)
        return True

    def _must_be_its_script(self, token: ApiToken, *, by_script: bool, view: APIView) -> None:
        if not by_script or view.kwargs.get("pk") != token.session_id:
            raise NotAllowed(f"This token adds steps to session {token.session_id}, and does nothing else.")

    def _may_write(self, request: Request, *, own: bool) -> None:
        if isinstance(request.auth, ApiToken) and request.auth.scope == ApiToken.Scope.READ:
            raise NotAllowed("This token can only read.")
        if not own:
            cast(User, request.user).must_work()


class PerMinute(BaseThrottle):
    """At most settings.API_REQUESTS_PER_MINUTE requests a minute for one person; then 429.

    Counted in this process and lost with it: a counter in the database would cost every request a write, and what this
    guards against, a script gone wild, stays with one process.
    """

    counted: ClassVar[dict[int, int]] = {}
    minute: ClassVar[int] = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        minute = int(time.time() // 60)
        if minute != PerMinute.minute:
            PerMinute.minute = minute
            PerMinute.counted = {}
        who = request.user.pk or 0
        PerMinute.counted[who] = PerMinute.counted.get(who, 0) + 1
        return PerMinute.counted[who] <= settings.API_REQUESTS_PER_MINUTE

    def wait(self) -> float:
        return 60 - time.time() % 60 + 1
