"""The ladder: whom an escalation calls again while nobody claims it. Its form in the account's row, and its checks."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

from django.core.exceptions import ValidationError
from django.db import models

from resolutionflow.accounts.models.priority import PRIORITY_WORDS
from resolutionflow.core.text import SHORT

MOST_STEPS = 6  # of one priority
LONGEST_WAIT = 7 * 24 * 60  # minutes


class Whom(models.TextChoices):
    """Whom a step calls."""

    LEADS = "leads", "Leads"
    ON_SHIFT = "on_shift", "Everyone on shift"
    TARGET = "target", "Whom it is for"
    TEAM = "team", "A team"
    PERSON = "person", "A person"
    CHANNEL = "channel", "A channel"


NAMED = (Whom.TEAM, Whom.PERSON, Whom.CHANNEL)  # their steps say which: its id, and its name when it was chosen


class LadderStep(TypedDict):
    """So many minutes after the card was opened to be claimed, of working time or of any, `whom` is called."""

    minutes: int
    working_time: bool
    whom: str
    id: NotRequired[int]
    name: NotRequired[str]


Ladder = dict[str, list[LadderStep]]  # by priority


def default_ladder() -> Ladder:
    return {
        "urgent": [_step(5, Whom.LEADS), _step(15, Whom.ON_SHIFT)],
        "high": [_step(15, Whom.LEADS, working_time=True)],
        "normal": [],
        "low": [],
    }


def _step(minutes: int, whom: Whom, *, working_time: bool = False) -> LadderStep:
    return {"minutes": minutes, "working_time": working_time, "whom": whom.value}


def words_of(step: LadderStep) -> str:
    """Whom it calls, within a sentence: leads, everyone on shift, whom it is for, or a name."""
    return step.get("name") or Whom(step["whom"]).label.lower()


def check_ladder(ladder: Any) -> None:
    """Raise ValidationError unless it is a Ladder."""
    right = isinstance(ladder, dict) and set(ladder) == set(PRIORITY_WORDS)
    if not right or not all(isinstance(steps, list) and all(map(_is_step, steps)) for steps in ladder.values()):
        raise ValidationError(
            'Write steps by priority: {"urgent": [{"minutes": 5, "working_time": false, "whom": "leads"}], …}.'
        )
    if any(len(steps) > MOST_STEPS for steps in ladder.values()):
        raise ValidationError(f"A priority has at most {MOST_STEPS} steps.")


def _is_step(step: Any) -> bool:
    if not isinstance(step, dict) or not isinstance(step.get("working_time"), bool):
        return False
    whom, minutes = step.get("whom"), step.get("minutes")
    wanted = {"minutes", "working_time", "whom"} | ({"id", "name"} if whom in NAMED else set())
    is_named = whom not in NAMED or (_is_number(step.get("id"), 2**63 - 1) and _is_name(step.get("name")))
    return set(step) == wanted and whom in Whom.values and _is_number(minutes, LONGEST_WAIT) and is_named


def _is_number(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= SHORT
