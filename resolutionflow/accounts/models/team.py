"""Team: a group of members. It narrows lists and receives escalations; it gives no rights."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from resolutionflow.accounts.models.event import Event
from resolutionflow.accounts.models.tenancy import Owned
from resolutionflow.accounts.models.user import User
from resolutionflow.core.text import SHORT
from resolutionflow.core.verbs import verb


class Team(Owned):
    """A group of members inside an account; it narrows lists, never rights."""

    name = models.CharField(max_length=SHORT)
    members = models.ManyToManyField("accounts.User", related_name="teams", blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "name"],
                name="team_name_once_per_account",
                violation_error_message="There is a team of this name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @verb
    def change(self, *, by: User | None, name: str, members: Iterable[User]) -> None:
        by = self.account.lock_people(by)
        before = {"name": self.name, "members": self._people()}
        self.name = self.account.free_team_name(name, of=self)
        self.save(update_fields=["name"])
        self.fill(members, by)
        self.changed(by, before=before)

    def fill(self, members: Iterable[User], by: User | None) -> None:
        """Make these its members. Adding or taking out an owner is for owners, as any change of an owner."""
        chosen = {member for member in members if member.account_id == self.account_id}
        for moved in chosen ^ set(self.members.all()):
            moved.must_be_changeable_by(by)
        self.members.set(chosen)

    def changed(self, by: User | None, **facts: Any) -> None:
        facts = {"team": self.pk, "name": self.name, "members": self._people(), **facts}
        Event.record(self.account_id, "member.changed", actor=by, facts=facts)

    def _people(self) -> list[int]:
        return list(self.members.order_by("pk").values_list("pk", flat=True))
