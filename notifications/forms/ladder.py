"""The form of the account's ladder: for each priority a few steps, a row each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from notifications.models import MESSAGES, Channel
from resolutionflow.accounts.models import NAMED, Account, Ladder, LadderStep, Priority, Team, User, Whom
from resolutionflow.accounts.models.ladder import LONGEST_WAIT, MOST_STEPS
from resolutionflow.core.text import SHORT, cut

ANY, WORKING = "any", "working"
TIMES = [(ANY, "any time"), (WORKING, "working time")]
NOBODY = ("", "Nobody")
PARTS = ("minutes", "time", "whom")  # of a step: the ends of the names of its fields


@dataclass(frozen=True)
class Row:
    """The fields of one step; `label` names it: Urgent, step 1."""

    label: str
    minutes: forms.BoundField
    time: forms.BoundField
    whom: forms.BoundField

    @property
    def fields(self) -> tuple[forms.BoundField, ...]:
        return (self.minutes, self.time, self.whom)

    @property
    def is_empty(self) -> bool:
        return not any(field.errors or field.value() for field in (self.minutes, self.whom))


class LadderForm(forms.Form):
    """`account`: whose ladder it is, and whose people, teams and channels are offered."""

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = _offered(account)
        self._named = {value: label for _group, options in groups for value, label in options}
        stored = [step for steps in account.ladder.values() for step in steps]
        gone = {_value(step): step["name"] for step in stored if "name" in step and _value(step) not in self._named}
        self._named |= gone
        whom = [NOBODY, *((value, f"{name} (gone)") for value, name in gone.items()), *groups]
        for priority in Priority:
            steps = account.ladder.get(priority.word, [])
            for n in range(MOST_STEPS):
                step = steps[n] if n < len(steps) else None
                self._add_step(f"{priority.word}_{n}", whom, step)

    def _add_step(self, name: str, whom: list[Any], step: LadderStep | None) -> None:
        self.fields[f"{name}_minutes"] = forms.IntegerField(
            label="Minutes",
            required=False,
            min_value=1,
            max_value=LONGEST_WAIT,
            initial=step["minutes"] if step else None,
        )
        self.fields[f"{name}_time"] = forms.ChoiceField(
            label="Counted in",
            choices=TIMES,
            required=False,
            initial=WORKING if step and step["working_time"] else ANY,
        )
        self.fields[f"{name}_whom"] = forms.ChoiceField(
            label="Then call", choices=whom, required=False, initial=_value(step) if step else ""
        )

    # what the page shows

    def priorities(self) -> Iterator[tuple[Priority, list[Row]]]:
        """Each priority with the rows of its steps and an empty one, while there may be more."""
        for priority in Priority:
            rows = self._rows(priority)
            used = [n for n, row in enumerate(rows) if not row.is_empty]
            yield priority, rows[: max(used, default=-1) + 2]

    def _rows(self, priority: Priority) -> list[Row]:
        return [
            Row(f"{priority.label}, step {n + 1}", *(self[f"{priority.word}_{n}_{part}"] for part in PARTS))
            for n in range(MOST_STEPS)
        ]

    # what was typed

    def clean(self) -> dict[str, Any]:
        for priority in Priority:
            for row in self._rows(priority):
                self._check(row.minutes.name, row.whom.name)
        return self.cleaned_data

    def _check(self, minutes: str, whom: str) -> None:
        if minutes in self.errors or whom in self.errors:
            return
        if self.cleaned_data.get(minutes) is None and self.cleaned_data.get(whom):
            self.add_error(minutes, "Write after how many minutes.")
        elif self.cleaned_data.get(minutes) is not None and not self.cleaned_data.get(whom):
            self.add_error(whom, "Choose who is called, or leave the minutes empty.")

    @property
    def ladder(self) -> Ladder:
        """What was typed, as the account keeps it: what counts in any time first, then by minutes."""
        return {
            priority.word: sorted(self._steps(priority), key=lambda step: (step["working_time"], step["minutes"]))
            for priority in Priority
        }

    def _steps(self, priority: Priority) -> Iterator[LadderStep]:
        fields = self.cleaned_data
        for name in (f"{priority.word}_{n}" for n in range(MOST_STEPS)):
            chosen = fields[f"{name}_whom"]
            if not chosen:
                continue
            whom, _dash, pk = chosen.partition("-")
            step: LadderStep = {
                "minutes": fields[f"{name}_minutes"],
                "working_time": fields[f"{name}_time"] == WORKING,
                "whom": whom,
            }
            if pk:
                step |= {"id": int(pk), "name": self._named[chosen]}
            yield step


def _value(step: LadderStep) -> str:
    return f"{step['whom']}-{step['id']}" if step["whom"] in NAMED else step["whom"]


def _offered(account: Account) -> list[tuple[str, list[tuple[str, str]]]]:
    """Who and what may be called, by group."""
    people = User.objects.filter(account=account).engineers().order_by("name", "pk")
    rows: dict[str, tuple[Whom, Any]] = {
        "Teams": (Whom.TEAM, Team.objects.filter(account=account)),
        "People": (Whom.PERSON, people),
        "Channels": (Whom.CHANNEL, Channel.objects.active(account.pk, *MESSAGES)),
    }
    plain = [(whom.value, whom.label) for whom in Whom if whom not in NAMED]
    named = [
        (group, [(f"{whom.value}-{row.pk}", cut(row.name, SHORT)) for row in found])
        for group, (whom, found) in rows.items()
    ]
    return [("By what they are", plain), *((group, options) for group, options in named if options)]
