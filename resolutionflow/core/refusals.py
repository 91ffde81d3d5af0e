"""Refusals: what a verb raises when it may not be done.

web/error_pages.py answers them with a page or toast, api/errors.py with JSON; views never catch them. Where several
things are asked for at once, outcome_of() makes a refusal a line of the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from resolutionflow.core import clock


class Refusal(Exception):
    """This verb may not be done now. `detail` is one sentence for a person."""

    code = "wrong_state"
    status = 409
    wait: int | None = None  # seconds after which it is worth trying again: the answer's Retry-After

    def __init__(self, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts = facts


class WrongState(Refusal):
    """The thing is in a state in which this verb is not possible."""


class Busy(Refusal):
    """Somebody else has held the row's lock for more than two seconds."""

    code = "busy"
    wait = 2

    def __init__(self) -> None:
        super().__init__("Somebody else is changing this right now. Try again in a moment.")


class TooMany(Refusal):
    """Too many attempts, or too many at once: try again in `wait` seconds."""

    code = "throttled"
    status = 429

    def __init__(self, detail: str, *, wait: int) -> None:
        super().__init__(detail)
        self.wait = wait


class NotAllowed(Refusal):
    """This person may not do this."""

    code = "not_allowed"
    status = 403


class Directed(NotAllowed):
    """A claim of a handoff that is still kept for another person or team."""

    code = "directed"

    def __init__(self, target_id: int, target_name: str, widens_at: datetime) -> None:
        super().__init__(
            f"This is for {target_name} until {clock.hour_of_day(widens_at)}.",
            target={"id": target_id, "name": target_name},
            widens_at=widens_at,
        )


class AlreadyClaimed(Refusal):
    """Somebody else claimed it first: says who, and when."""

    code = "already_claimed"

    def __init__(self, winner_id: int, winner_name: str, claimed_at: datetime, *, session_id: int) -> None:
        super().__init__(
            f"{winner_name} has claimed this already.",
            claimed_by={"id": winner_id, "name": winner_name},
            claimed_at=claimed_at,
        )
        self.session_id = session_id  # for the page alone: where to watch


class Invalid(Refusal):
    """Wrong input: `errors` by field. 400 in the API, 422 on a page."""

    code = "invalid"
    status = 422

    def __init__(self, **errors: str) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = {field: [error] for field, error in errors.items()}


class TooLarge(Refusal):
    """The request is longer than this address takes."""

    code = "too_large"
    status = 413

    def __init__(self) -> None:
        super().__init__("This is more than one request may carry, and none of it was kept. Send less at once.")


class TooSlow(Refusal):
    """The rest of the request did not arrive in time."""

    code = "timeout"
    status = 408

    def __init__(self) -> None:
        super().__init__("This took too long to arrive, and none of it was kept. Try again.")


class TooCrowded(Refusal):
    """Too many long requests are arriving at once."""

    code = "unavailable"
    status = 503

    def __init__(self) -> None:
        super().__init__("Too much arrives at once, and none of this was kept. Try again in a moment.")


def outcome_of(act: Callable[[], str]) -> tuple[bool, str]:
    """Do one of several things; answer whether it was done and what to say of it, so that a refusal does not stop the
    others."""
    try:
        return True, act()
    except Refusal as refusal:
        return False, refusal.detail
