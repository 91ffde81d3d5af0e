"""Who is at a socket, by an API token or a sign-in, and whether they may still be."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, get_user
from django.http import HttpRequest
from django.utils import timezone

from notifications.live.frames import NOT_ALLOWED, NOT_SIGNED_IN, TRY_AGAIN
from notifications.live.socket import SocketUser
from resolutionflow.accounts.models import ApiToken, User


def user_by_token(key: str) -> SocketUser | int:
    """The owner of this API token, or the code to close with."""
    token = ApiToken.find(key)
    if token is None or not token.is_of_account:
        return NOT_SIGNED_IN
    return SocketUser(token.user.pk, token.account_id, token.user.role, token.user.name, token_id=token.pk)


def user_by_session(key: str) -> SocketUser | int:
    """The person signed in under this session key, or the code to close with."""
    if not key:
        return NOT_SIGNED_IN
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    if not isinstance(user, User) or not user.is_active:
        return NOT_SIGNED_IN
    if user.account_id is None:
        return NOT_ALLOWED  # the platform's superuser: the Django admin only
    session_hash = request.session[HASH_SESSION_KEY]
    return SocketUser(user.pk, user.account_id, user.role, user.name, session_key=key, session_hash=session_hash)


def closing_codes(connected: set[SocketUser]) -> dict[SocketUser, int]:
    """The users, among those connected, who have lost the right to be, with the code to close with. Three queries for
    all."""
    now = timezone.now()
    people = User.objects.in_bulk({user.user_id for user in connected})
    sessions = _living_sessions({user.session_key for user in connected if user.session_key}, now)
    tokens = _living_tokens({user.token_id for user in connected if user.token_id is not None}, now)
    codes = {}
    for user in connected:
        person = people.get(user.user_id)
        if person is None or not person.is_active:
            codes[user] = NOT_ALLOWED
        elif (person.account_id, person.role) != (user.account_id, user.role):
            codes[user] = TRY_AGAIN
        elif (user.token_id and user.token_id not in tokens) or (user.session_key and user.session_key not in sessions):
            codes[user] = NOT_SIGNED_IN
        elif user.session_key and user.session_hash != person.get_session_auth_hash():
            codes[user] = NOT_SIGNED_IN  # the password has changed since
    return codes


def _living_sessions(keys: set[str], now: datetime) -> set[str]:
    model = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()
    living = model.objects.filter(session_key__in=keys, expire_date__gt=now)
    return set(living.values_list("session_key", flat=True)) if keys else set()


def _living_tokens(tokens: set[int], now: datetime) -> set[int]:
    living = ApiToken.objects.filter(pk__in=tokens, revoked_at=None).exclude(expires_at__lte=now)
    return set(living.values_list("pk", flat=True)) if tokens else set()
