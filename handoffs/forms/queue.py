"""The queue's filters as people set them, and the form that saves them under a name.

The filter bar is no forms.Form: a wrong value in an address is ignored, with an error at its filter, and the template
writes the lists of people, since Django's select takes longer than the rest of the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.db.models import Q
from django.http import QueryDict

from handoffs.models import SavedView
from handoffs.models.saved_view import NAME, QUERY
from handoffs.queue.filters import NEWEST_FIRST, QueueQuery
from resolutionflow.accounts.models import Priority, Team, User
from resolutionflow.web.form_fields import LineField
from sessions_app.models import Domain


class Option(NamedTuple):
    value: str
    label: str
    chosen: bool


class Chip(NamedTuple):
    """A filter that is on, in words, and the address without it."""

    label: str
    without: str


@dataclass
class Known:
    """The people and teams that filters may name."""

    people: dict[int, str]
    teams: dict[int, str]

    @classmethod
    def to(cls, user: User, listings: Iterable[QueueQuery]) -> Known:
        """Everybody active here, and those who have left but are named in these listings: in two queries."""
        named = set().union(*(listing.numbers("people") for listing in listings))
        people = User.objects.visible_to(user).filter(Q(is_active=True) | Q(pk__in=named))
        teams = Team.objects.visible_to(user)
        return cls(dict(people.values_list("pk", "name")), dict(teams.values_list("pk", "name")))


class FilterBar:
    """The filter form for the template: choices, what is on, and errors."""

    def __init__(self, listing: QueueQuery, known: Known) -> None:
        self.listing, self.known = listing, known
        self.errors, self.wrong = listing.errors, listing.wrong

    def first(self, name: str) -> str:
        return next(iter(self.listing.written.get(name, [])), "") or self.wrong.get(name, "")

    @property
    def text(self) -> dict[str, str]:
        """The values of the text fields, as they were typed."""
        return {name: self.first(name) for name in ("q", "client")}

    @property
    def is_open(self) -> bool:
        """Whether the further filters are unfolded: where one of them has an error."""
        return bool(self.errors.keys() - {"q", "priority"})

    # the choices

    def _options(self, name: str, pairs: Iterable[tuple[str, Any]]) -> list[Option]:
        written = self.listing.written.get(name, [])
        return [Option(value, label, value in written) for value, label in pairs]

    @property
    def priorities(self) -> list[Option]:
        return self._options("priority", ((priority.word, priority.label) for priority in Priority))

    @property
    def domains(self) -> list[Option]:
        return self._options("domain", Domain.choices)

    @property
    def senders(self) -> list[Option]:
        return self._options("sender", self._people())

    @property
    def targets(self) -> list[Option]:
        return self._options("target", [("me", "Me or my teams"), ("anyone", "Anyone"), *self._people()])

    @property
    def teams(self) -> list[Option]:
        return self._options("team", ((str(pk), name) for pk, name in self.known.teams.items()))

    @property
    def ages(self) -> list[Option]:
        usual = {"30m": "30 minutes", "1h": "1 hour", "4h": "4 hours", "1d": "1 day", "3d": "3 days"}
        return self._options("older_than", self._with_own("older_than", usual))

    @property
    def tickets(self) -> list[Option]:
        return self._options("ticket", self._with_own("ticket", {"yes": "Yes", "no": "No"}))

    def _people(self) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name in self.known.people.items()]

    def _with_own(self, name: str, usual: dict[str, str]) -> Iterable[tuple[str, str]]:
        """The usual choices; before them the value in the address, where it is none of them."""
        own = self.listing.written.get(name, [])
        return (dict.fromkeys(own, *own) | usual if own and own[0] not in usual else usual).items()

    @property
    def sorts(self) -> list[Option]:
        first = {"": "Newest first"} if self.listing.lane in NEWEST_FIRST else {}
        by = {"priority" if first else "": "Priority, then wait", "wait": "Longest wait", "client": "Client"}
        return [Option(value, label, value == self.listing.sort) for value, label in {**first, **by}.items()]

    # what is on

    @property
    def chips(self) -> list[Chip]:
        return [
            Chip(self._words(name, text), self.listing.address(without=(name, text)))
            for name, texts in self.listing.written.items()
            for text in texts
        ]

    @property
    def in_words(self) -> str:
        return ", ".join(chip.label for chip in self.chips)

    @property
    def cleared(self) -> str:
        return self.listing.address(clear=True)

    def _words(self, name: str, text: str) -> str:
        match name:
            case "q":
                return f"“{text}”"
            case "priority":
                return str(Priority[text.upper()].label)
            case "domain":
                return str(Domain(text).label)
            case "client":
                return f"Client: {text}"
            case "sender":
                return f"From {self.known.people[int(text)]}"
            case "target":
                return self._target(text)
            case "team":
                return f"Team {self.known.teams[int(text)]}"
            case "older_than":
                return f"Waiting {text} or longer"
            case _:
                return {"yes": "With a ticket", "no": "Without a ticket"}.get(text) or f"#{text.lstrip('#')}"

    def _target(self, text: str) -> str:
        names = {"me": "For me or my teams", "anyone": "For anyone"}
        return names.get(text) or f"For {self.known.people[int(text)]}"


class SavedViewForm(forms.Form):
    """A name for the filters that are on, and whether to share them."""

    name = LineField(label="Name", limit=NAME, error_messages={"required": "Give it a name."})
    shared = forms.BooleanField(
        label="Share with everybody in the account",
        required=False,
    )
    query = forms.CharField(required=False, widget=forms.HiddenInput, max_length=2 * QUERY)

    def __init__(self, *args: Any, user: User, view: SavedView | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.view = user, view
        if not user.is_engineer and not (view and view.shared):
            del self.fields["shared"]

    def clean_query(self) -> str:
        """The query in its canonical form, without the page that was shown or the card that was open."""
        return QueueQuery.read(QueryDict(str(self.cleaned_data["query"]))).query

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        owner = self.view.owner if self.view else self.user
        others = (
            SavedView.objects.visible_to(self.user).filter(owner=owner).exclude(pk=self.view.pk if self.view else 0)
        )
        if others.filter(name=name).exists():
            raise forms.ValidationError("There is a view of this name already.")
        return name
