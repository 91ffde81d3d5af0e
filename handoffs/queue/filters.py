"""The queue's filters and order: one definition for the page, saved views, the API and the `queue` command.

`matching()` gives one Q for all filters. `QueueQuery` is one address of the queue: a lane, filters and a sort, read
leniently: a wrong value is ignored and has a sentence in `errors`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode

from handoffs.models import Handoff
from resolutionflow.accounts.models import Priority, Team, User
from resolutionflow.core import clock
from resolutionflow.core.text import LINE, as_id, one_line
from sessions_app.models import Domain, containing

# --- which handoffs fit --------------------------------------------------------------------------

WAITING = Q(status=Handoff.Status.OPEN, intent=Handoff.Intent.ESCALATE)
UNNAMED = Q(target_user=None, target_team=None)


def matching(
    *,
    user: User | None = None,
    priority: Collection[int] | None = None,
    domain: Collection[str] | None = None,
    client: str | None = None,
    sender: int | None = None,
    target: int | str | None = None,
    team: int | None = None,
    older_than: datetime | None = None,
    ticket: str | None = None,
    q: str | None = None,
) -> Q:
    """A Q for the handoffs that fit everything that is given. `user` is meant by the target `me`."""
    lookups = {
        "priority__in": priority,
        "session__problem_domain__in": domain,
        "session__client_name__icontains": client,
        "sender_id": sender,
        "target_team_id": team,
        "opened_at__lte": older_than,
    }
    fitting = Q(**{lookup: value for lookup, value in lookups.items() if value is not None})
    return fitting & _aimed_at(target, user) & _with_ticket(ticket) & containing(q or "", at="session__")


def _aimed_at(target: int | str | None, user: User | None) -> Q:
    if target is None:
        return Q()
    if target == "anyone":
        return UNNAMED | Q(widened_at__isnull=False)
    person = (user.pk if user else 0) if target == "me" else int(target)
    return Q(target_user=person) | Q(target_team__in=Team.objects.filter(members=person))


def _with_ticket(ticket: str | None) -> Q:
    match ticket:
        case None:
            return Q()
        case "yes":
            return ~Q(session__psa_ticket_id="")
        case "no":
            return Q(session__psa_ticket_id="")
        case number:
            return Q(session__psa_ticket_id=number.lstrip("#"))


# --- lanes and sorts -----------------------------------------------------------------------------

LANES = ("waiting", "mine", "claimed", "parked")
SORTS = {
    "priority": ("priority", "opened_at", "id"),
    "wait": ("opened_at", "id"),
    "client": ("session__client_name", "priority", "opened_at", "id"),
}
NEWEST_FIRST = {"claimed": ("-claimed_at", "-id"), "parked": ("-created_at", "-id")}


def in_lane(lane: str, user: User) -> Q:
    lanes = {
        "waiting": WAITING,
        "mine": WAITING & _aimed_at("me", user),
        "claimed": Q(status=Handoff.Status.CLAIMED),
        "parked": Q(status=Handoff.Status.OPEN, intent=Handoff.Intent.PARK) & (Q(sender=user) | Q(holder=user)),
    }
    return lanes[lane]


# --- what an address says ------------------------------------------------------------------------


def waited_since(text: str) -> datetime:
    """The latest time of opening for a wait of `30m`, `2h`, `1d`, `15` (minutes), or since a given time.
    ValidationError for anything else."""
    if found := re.fullmatch(r"(\d{1,5})([smhd]?)", text, re.ASCII):
        units = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "": "minutes"}
        return clock.now() - timedelta(**{units[found[2]]: int(found[1])})
    try:
        at = parse_datetime(text.replace(" ", "+"))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)  # type: ignore[union-attr]
    except (ValueError, OverflowError, AttributeError):
        raise ValidationError("Write an age like 30m, 2h or 1d.") from None


def _read_priority(text: str) -> int:
    if text not in {priority.word for priority in Priority}:
        raise ValidationError("A priority is urgent, high, normal or low.")
    return Priority[text.upper()]


def _read_domain(text: str) -> str:
    if text not in Domain.values:
        raise ValidationError("There is no such domain.")
    return text


def _read_id(text: str) -> int:
    number = as_id(text)
    if number is None:
        raise ValidationError("Choose one from the list.")
    return number


def _read_target(text: str) -> int | str:
    return text if text in ("me", "anyone") else _read_id(text)


def _read_text(text: str) -> str:
    if len(text) > LINE:
        raise ValidationError("This is too long to look for.")
    return text


@dataclass(frozen=True)
class QueueFilter:
    """One parameter: how its value is read, whether several may be given, and whether it is the id of a person
    or team."""

    read: Callable[[str], Any]
    several: bool = False
    names: str = ""  # "people" or "teams"


FILTERS = {
    "q": QueueFilter(_read_text),
    "priority": QueueFilter(_read_priority, several=True),
    "domain": QueueFilter(_read_domain, several=True),
    "client": QueueFilter(_read_text),
    "sender": QueueFilter(_read_id, names="people"),
    "target": QueueFilter(_read_target, names="people"),
    "team": QueueFilter(_read_id, names="teams"),
    "older_than": QueueFilter(waited_since),
    "ticket": QueueFilter(_read_text),
}


@dataclass
class QueueQuery:
    """A lane, filters and a sort, as an address of the queue gives them."""

    lane: str = "waiting"
    sort: str = ""
    values: dict[str, Any] = field(default_factory=dict)  # arguments of matching()
    written: dict[str, list[str]] = field(default_factory=dict)  # the same as in the address
    errors: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)  # what was typed where there is an error

    @classmethod
    def read(cls, params: QueryDict) -> QueueQuery:
        lane, sort = params.get("lane", ""), params.get("sort", "")
        listing = cls(lane if lane in LANES else "waiting", sort if sort in SORTS else "")
        if listing.lane not in NEWEST_FIRST and listing.sort == "priority":
            listing.sort = ""
        for name, one in FILTERS.items():
            listing._read(name, one, params.getlist(name))
        return listing

    def _read(self, name: str, one: QueueFilter, texts: list[str]) -> None:
        texts = [part for text in texts for part in text.split(",")] if one.several else texts[-1:]
        texts = list(dict.fromkeys(filter(None, map(one_line, texts))))
        if not texts:
            return
        try:
            values = [one.read(text) for text in texts]
        except ValidationError as error:
            self.errors[name], self.wrong[name] = error.messages[0], " ".join(texts)[:LINE]
            return
        self.values[name], self.written[name] = values if one.several else values[0], texts

    def numbers(self, names: str) -> set[int]:
        """The ids of people or teams that this query names."""
        named = (self.values.get(name) for name, one in FILTERS.items() if one.names == names)
        return {value for value in named if isinstance(value, int)}

    def forget_strangers(self, **known: Container[int]) -> QueueQuery:
        """Drop ids of people or teams that are not in `known`, with an error at their filter; returns itself."""
        for name, one in FILTERS.items():
            value = self.values.get(name)
            if one.names and isinstance(value, int) and value not in known[one.names]:
                del self.values[name], self.written[name]
                self.errors[name] = "This is not here any more."
        return self

    @property
    def order(self) -> tuple[str, ...]:
        return SORTS[self.sort or "priority"] if self.sort or self.lane not in NEWEST_FIRST else NEWEST_FIRST[self.lane]

    def q(self, user: User) -> Q:
        return in_lane(self.lane, user) & self.filter(user)

    def filter(self, user: User) -> Q:
        """The Q of the filters, without the lane."""
        return matching(user=user, **self.values)

    @property
    def query(self) -> str:
        """The query string in its canonical form, without the page shown and the card that is open."""
        return self.address()

    def address(self, *, without: tuple[str, str] = ("", ""), clear: bool = False, **changed: str) -> str:
        """The query string without one value, without any filter (`clear`), or in another lane or sort."""
        lane, sort = changed.get("lane", self.lane), changed.get("sort", self.sort)
        pairs = [("lane", lane if lane != "waiting" else "")]
        if not clear:
            pairs += [
                (name, text) for name in FILTERS for text in self.written.get(name, []) if (name, text) != without
            ]
        return urlencode([pair for pair in [*pairs, ("sort", sort)] if pair[1]])
