"""How often one may try a password, or ask for a link to set one.

Few times for an address and a person together, so that guessing is slow. More for a person from any address: strangers
cannot lock somebody out with a few attempts. A browser that has signed in as this person before has a limit of its own,
which nobody else can use up. An email that nobody has is counted like any other.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest

from resolutionflow.accounts.models import User
from resolutionflow.accounts.models.attempt_limit import Limit
from resolutionflow.accounts.sign_in import known_browser
from resolutionflow.core.refusals import TooMany

Taken = list[tuple[Limit, tuple[str, ...]]]

MINUTE, HOUR = 60, 60 * 60


@dataclass(frozen=True)
class Limits:
    name: str
    both: Limit  # one address and one person
    address: Limit  # one address, whoever it tries
    person: Limit  # one person, from wherever
    known: Limit  # one browser of this person

    def take(self, request: HttpRequest, email: str) -> Taken | None:
        """Count an attempt; returns what was counted, for give_back(), or None where there were too many."""
        taken: Taken = []
        for limit, who in self._of(request, email.strip().lower()):
            if not limit.take(self.name, *who):
                return None
            taken.append((limit, (self.name, *who)))
        return taken

    def _of(self, request: HttpRequest, email: str) -> Iterator[tuple[Limit, tuple[str, ...]]]:
        browser = known_browser.known_browser_of(request, email)
        if browser:
            yield self.known, ("browser", browser, email)
            return
        address = address_of(request)
        yield self.address, ("address", address)  # first: once that is full, further emails make no further rows
        yield self.both, ("both", address, email)
        yield self.person, ("person", email)


SIGN_IN = Limits("sign-in", Limit(5, 5 * MINUTE), Limit(30, MINUTE), Limit(100, HOUR), Limit(10, 5 * MINUTE))
PASSWORD_MAIL = Limits("mail", Limit(5, 10 * MINUTE), Limit(20, MINUTE), Limit(30, HOUR), Limit(5, 10 * MINUTE))
CHANGE_PASSWORD = Limit(5, MINUTE)  # of one person, who is signed in


def take_change_of_password(user: User) -> None:
    """Count an attempt to change a password, before anything is hashed; TooMany where there were too many."""
    if not CHANGE_PASSWORD.take("change password", str(user.pk)):
        raise TooMany("Too many tries. Wait a minute, then try again.", wait=60)


def give_back(taken: Taken) -> None:
    """Take back attempts that were right."""
    for limit, who in taken:
        limit.give_back(*who)


def address_of(request: HttpRequest) -> str:
    """The address a request comes from, as asgi.py found it out: proxies are believed where TRUSTED_PROXIES names them.

    An IPv6 address is cut to its /64, since whoever has one address has all of those.
    """
    said = request.META.get("REMOTE_ADDR") or ""
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return said
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((address.packed, 64), strict=False))
