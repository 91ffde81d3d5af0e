"""TechnicianList: who works in a ticket system, as it last told. MemberMapping: what somebody said of a member by hand.

Who a member is there follows from the two: what was said by hand, else the one technician with their confirmed email.
Nothing of the second is stored, so that it follows when an email changes or a technician goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from resolutionflow.accounts.models import Owned, User
from resolutionflow.core import clock
from resolutionflow.core.text import SHORT, cut, one_line
from resolutionflow.core.verbs import verb
from resolutionflow.core.work import GiveUp, Work
from sessions_app.models.psa import PsaConnection
from sessions_app.models.ticket import SOON, Asking
from sessions_app.psa import PROVIDERS, NoSuchTicket, Technician

FRESH = timedelta(days=1)  # what is younger is not read again unless somebody presses for it
NOBODY = "-"  # how a form says that a member is nobody there; an id of a technician it is not


class TechnicianList(Asking):
    """The technicians of a ticket system as it last listed them, and the work of reading them."""

    task = "sessions_app.read_technicians"

    told = models.JSONField(default=list, help_text="Who was listed, by the names of psa.Technician.")
    read_at = models.DateTimeField(null=True, help_text="When it was last answered.")

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["connection"], name="one_list_of_technicians_per_connection")]
        indexes = [models.Index(fields=["due_at"], name="technician_list_due", condition=Q(status__in=Work.UNFINISHED))]

    def __str__(self) -> str:
        return f"Technicians of {self.connection}"

    @classmethod
    @verb
    def ask(cls, connection: PsaConnection, *, changed: bool = False, forget: bool = False) -> TechnicianList:
        """Have a worker read them, unless one does or just did. `changed`: the connection was, so that what is on its
        way counts no more; `forget`: those of before are another system's, too."""
        made, _new = cls.objects.get_or_create(connection=connection, defaults={"account_id": connection.account_id})
        found: TechnicianList = cls.objects.select_for_update(of=("self",), no_key=True).get(pk=made.pk)
        found.connection = connection
        if changed:
            found.attempt += 1
            found.told, found.read_at = ([], None) if forget else (found.told, found.read_at)
            found.save(update_fields=["told", "read_at", "attempt"])
        if changed or not (found.status in cls.TAKEN or found._was_just_read):
            found.begin_anew()
            found.nudge_worker()
        return found

    @property
    def _was_just_read(self) -> bool:
        return self.status == self.Status.DONE and self.read_at is not None and self.read_at > clock.now() - SOON

    def perform(self) -> dict[str, Any]:
        members = User.objects.engineers().filter(account=self.account_id)
        emails = sorted({member.email for member in members if member.email and member.is_confirmed})
        try:
            listed = self._told(lambda provider: provider.technicians(emails))
        except NoSuchTicket as error:
            raise GiveUp("It lists no technicians at this address. Check the address in the settings.") from error
        return {"told": [asdict(one) for one in map(_stored, listed) if one], "read_at": clock.now()}

    @property
    def is_old(self) -> bool:
        return self.read_at is None or self.read_at < clock.now() - FRESH

    @property
    def technicians(self) -> list[Technician]:
        return [Technician(one["id"], one["name"], one["email"]) for one in self.told]


def _stored(one: Technician) -> Technician | None:
    """As it is stored, its texts clean; None where its id could not be sent back as it came."""
    if one_line(one.id) != one.id or one.id in ("", NOBODY) or len(one.id) > SHORT:
        return None
    return Technician(one.id, cut(one_line(one.name), SHORT) or one.id, cut(one_line(one.email), SHORT))


class MemberMapping(Owned):
    """Who a member is in the ticket system, as somebody said it: their email counts no more."""

    connection = models.ForeignKey(PsaConnection, on_delete=models.CASCADE, related_name="mappings")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    identifier = models.CharField(max_length=SHORT, blank=True, help_text="Empty: they are nobody there.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "user"],
                name="one_mapping_per_member",
                violation_error_message="This ticket system knows this member already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} = {self.identifier or 'nobody'}"

    def clean(self) -> None:
        self.identifier = one_line(self.identifier)
        for name in ("connection", "user"):
            chosen = getattr(self, f"{name}_id") and getattr(self, name)
            if chosen and chosen.account_id != self.account_id:
                raise ValidationError({name: "Member and connection belong to the same account."})

    @verb
    def keep(self, by: User) -> None:
        """Store this mapping, new or changed."""
        self.account.lock_people(by)
        self.must_fit()
        self.save(update_fields=["connection", "user", "identifier"] if self.pk else None)
        self.connection.changed(by, "mappings")

    @classmethod
    @verb
    def choose(cls, connection: PsaConnection, by: User, chosen: Mapping[int, str | None]) -> None:
        """Say who these members are there, by their ids: a technician's id, "" for nobody, None for whom their email
        says. One event; none where all of it is so already."""
        PsaConnection.objects.filter(pk=connection.pk).lock()
        connection.account.lock_people(by)
        members = User.objects.engineers().filter(account=connection.account_id, pk__in=list(chosen))
        stored = {one.user_id: one for one in cls.objects.filter(connection=connection)}
        changed = False
        for member in members:
            identifier, row = chosen[member.pk], stored.get(member.pk)
            if identifier == (row.identifier if row else None):
                continue
            changed = True
            if identifier is None:
                cls.objects.filter(connection=connection, user=member).delete()
                continue
            row = row or cls(account_id=connection.account_id, connection=connection, user=member)
            row.identifier = identifier
            row.must_fit()
            row.save(update_fields=["identifier"] if row.pk else None)
        if changed:
            connection.changed(by, "mappings")


@dataclass(frozen=True)
class Mapped:
    """A member, and who they are in a ticket system."""

    HAND: ClassVar[str] = "hand"
    EMAIL: ClassVar[str] = "email"

    member: User
    how: str = ""  # HAND, EMAIL; "": nobody knows
    identifier: str = ""  # "" by hand: nobody
    technician: Technician | None = None  # as listed; None where they are not
    is_gone: bool = False  # said by hand, and not listed any more
    is_twice: bool = False  # several technicians have their email
    is_compared: bool = True  # there is a list that it was looked for in

    @property
    def is_unmapped(self) -> bool:
        return not self.how

    @property
    def said(self) -> str:
        """How that is known, or why not."""
        email = self.member.email or "No email"
        if self.is_gone:
            return f"{email}. Mapped by hand to {self.identifier}, who is not listed any more."
        if self.how == self.HAND:
            return f"{email}. Mapped by hand."
        if self.how == self.EMAIL:
            return f"{email}. Mapped by itself, by email."
        if not self.is_compared:
            return f"{email}. Not mapped."
        if not self.member.is_confirmed:
            return f"{email}. Not mapped: this email is not confirmed yet."
        return f"{email}. Not mapped: {'several there have' if self.is_twice else 'nobody there has'} this email."


def who_is_who(connections: Iterable[PsaConnection], members: Iterable[User]) -> dict[int, list[Mapped]]:
    """Who these members are, by the id of each connection; in two queries."""
    pks = [connection.pk for connection in connections]
    lists = TechnicianList.objects.filter(connection__in=pks).order_by()
    listed = {one.connection_id: one.technicians for one in lists}
    by_hand: dict[int, dict[int, str]] = {pk: {} for pk in pks}
    for one in MemberMapping.objects.filter(connection__in=pks):
        by_hand[one.connection_id][one.user_id] = one.identifier
    people = list(members)
    return {pk: _mapped(people, by_hand[pk], listed.get(pk, [])) for pk in pks}


def _mapped(members: list[User], by_hand: dict[int, str], listed: list[Technician]) -> list[Mapped]:
    by_id = {one.id.casefold(): one for one in listed}
    by_email = {one.email.casefold(): one for one in listed if one.email}
    times = Counter(one.email.casefold() for one in listed)
    found = []
    for member in members:
        email = (member.email or "").casefold() if member.is_confirmed else ""
        if member.pk in by_hand:
            identifier = by_hand[member.pk]
            technician = by_id.get(identifier.casefold())
            is_gone = bool(identifier and listed and not technician)
            found.append(Mapped(member, Mapped.HAND, identifier, technician, is_gone=is_gone))
        elif email in by_email and times[email] == 1:
            found.append(Mapped(member, Mapped.EMAIL, by_email[email].id, by_email[email]))
        else:
            is_twice = bool(email) and times[email] > 1
            found.append(Mapped(member, is_twice=is_twice, is_compared=bool(listed)))
    return found


def technician_of(connection: PsaConnection, user: User) -> str:
    """The id by which the ticket system knows this person; "" where nobody knows it, or they are nobody there."""
    return who_is_who([connection], [user])[connection.pk][0].identifier


def author_of(connection: PsaConnection, user: User) -> str:
    """As whom a note of this person is posted; "" where their system cannot, or nobody knows who they are there."""
    can = connection.kind in PROVIDERS and PROVIDERS[connection.kind].names_author
    return technician_of(connection, user) if can else ""


def count_unmapped(connections: Iterable[PsaConnection], by: User) -> None:
    """Set `unmapped` of each connection of this person's account: how many who may work are not known there."""
    connections = list(connections)
    found = who_is_who(connections, User.objects.visible_to(by).engineers())
    for connection in connections:
        connection.unmapped = sum(one.is_unmapped for one in found[connection.pk])
