"""Passwords: hashed at a cost OWASP recommends, two at a time in a process, without holding a database connection.

A hash takes memory and processor time on purpose, and anybody can start one by pressing "Sign in": so only a few run at
once. Those that wait hold nothing but their thread.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from functools import lru_cache
from threading import Lock
from typing import TypeVar

from django.contrib.auth.hashers import Argon2PasswordHasher, verify_password

from resolutionflow.accounts.models import User
from resolutionflow.core import clock, outside_calls
from resolutionflow.core.refusals import TooMany

T = TypeVar("T")

AT_ONCE = 2
WAIT = 1.0  # seconds for a turn; then the answer is 429
EARLIER = {"memory_cost": 102_400, "time_cost": 2, "parallelism": 8}  # what a hash cost before: 100 MiB

# Threads of their own, not a semaphore: memory that is freed stays with the thread that had it.
pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")
_one_of_100_mib = Lock()


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB and two passes. Hashes of the earlier, higher cost still work; signing in renews them."""

    time_cost, memory_cost, parallelism = 2, 19 * 1024, 1

    def encode(self, password: str, salt: str) -> str:
        encode: Callable[[str, str], str] = super().encode
        return _in_turn(lambda: encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        verify: Callable[[str, str], bool] = super().verify
        if not is_earlier(encoded):
            return _in_turn(lambda: verify(password, encoded))

        def alone() -> bool:
            with _one_of_100_mib:
                return verify(password, encoded)

        return _in_turn(alone)


def sign_in(email: str, password: str) -> User | None:
    """The active person with this address and password; None for everybody else.

    Every attempt costs the same, whoever it is for: one hash, and one of the earlier cost as long as any active person
    still has such a hash. Those go when the person signs in, sets a new password or is deactivated.
    """
    user: User | None = User.objects.active().filter(email=email.lower()).first()
    costs_more = anybody_has_the_earlier_cost(int(clock.now().timestamp()) // 60)
    stored = user.password if user is not None and user.has_usable_password() else NOBODY
    is_right, renew = verify_password(password, stored)
    if costs_more and not is_earlier(stored):
        verify_password(password, NOBODY_EARLIER)
    if user is None or not is_right:
        if renew:
            verify_password(password, NOBODY)
        return None
    if renew:
        user.renew_hash(password)
    return user


@lru_cache(maxsize=1)
def anybody_has_the_earlier_cost(_minute: int) -> bool:
    """Whether any active person has a hash of the earlier cost. Reads all of them, so at most once a minute."""
    return User.objects.active().filter(password__contains=_words(EARLIER)).exists()


def is_earlier(encoded: str) -> bool:
    return _words(EARLIER) in encoded


def _in_turn(make: Callable[[], T]) -> T:
    """The result of `make`, run in one of the pool's threads. TooMany where none was free within WAIT seconds."""
    outside_calls.release_connections(
        "Hash passwords before the transaction: a hash in it holds rows and a connection."
    )
    future = pool.submit(make)
    try:
        return future.result(WAIT)
    except TookTooLong:
        if future.cancel():
            raise TooMany("Too many people are signing in right now. Try again in a few seconds.", wait=5) from None
        return future.result()  # it has begun, and takes a fraction of a second


def _words(cost: dict[str, int]) -> str:
    """The cost as it is written in a hash."""
    return f"$m={cost['memory_cost']},t={cost['time_cost']},p={cost['parallelism']}$"


def _nobodys(cost: dict[str, int]) -> str:
    """A hash at this cost that no password matches, to compare with where nobody has the address."""
    salt, nothing = (base64.b64encode(bytes(length)).decode().rstrip("=") for length in (22, 32))
    return f"argon2$argon2id$v=19{_words(cost)}{salt}${nothing}"


NOBODY_EARLIER = _nobodys(EARLIER)
NOBODY = _nobodys({name: getattr(Argon2, name) for name in EARLIER})
