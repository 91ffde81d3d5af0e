"""PsaConnection: an account's ticket system."""

from __future__ import annotations

from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Prefetch, Q

from resolutionflow.accounts.models import Event, Owned, OwnedQuerySet, User
from resolutionflow.core import clock, outgoing_http
from resolutionflow.core.encrypted_field import CannotDecrypt, EncryptedJSONField
from resolutionflow.core.refusals import Invalid
from resolutionflow.core.text import LINE, SHORT, cut, one_line
from resolutionflow.core.verbs import verb
from resolutionflow.core.work import GiveUp, Work
from sessions_app.models.gate import Exchange, Gated, Purpose
from sessions_app.models.set_in_ticket import SetInTicket
from sessions_app.psa import EXCHANGE, PROVIDERS, Provider, TextPart

TIME_UNITS = [(minutes, f"{minutes} min") for minutes in (1, 5, 6, 10, 15, 30)]


class PsaConnectionQuerySet(OwnedQuerySet["PsaConnection"]):
    def lock(self) -> None:
        """Lock these rows, in the order of their ids, to the end of the transaction; before any rows of work about
        them."""
        list(self.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))

    def with_check(self) -> Self:
        """With the waiting or running check of each."""
        checks = apps.get_model("sessions_app", "ConnectionCheck").objects.unfinished()  # by name: it stands on this
        return self.prefetch_related(Prefetch("checks", checks, to_attr="unfinished"))

    def with_failed(self) -> Self:
        """With how much of what was to go there has failed, and how much of that can be sent again: what is there, and
        not as was asked, cannot."""
        failed = Q(deliveries__status=Work.Status.FAILED)
        again = failed & Q(deliveries__remote_id="")
        return self.annotate(
            failed_deliveries=Count("deliveries", filter=failed), to_send_again=Count("deliveries", filter=again)
        )


class PsaConnection(SetInTicket, Gated, Owned):
    """An account's ticket system. Credentials are encrypted at rest and never shown again."""

    FOUND = 200  # characters of what a check found
    NOTES: ClassVar = {"handoff.escalated": "note_at_escalation", "session.resolved": "note_at_resolution"}
    BY_ITSELF: ClassVar = (*NOTES.values(), *SetInTicket.SET)  # the settings of what nobody presses a button for

    name = models.CharField(max_length=SHORT)
    kind = models.CharField(max_length=30, help_text="A key of sessions_app.psa.PROVIDERS.")
    base_url = models.URLField(max_length=500)
    credentials = EncryptedJSONField(default=dict)
    options = models.JSONField(
        default=dict, blank=True, help_text="Values of the provider's options; none: its default."
    )
    is_active = models.BooleanField(default=True)
    note_at_escalation = models.BooleanField(default=True, help_text="An internal note is posted by itself.")
    note_at_resolution = models.BooleanField(default=True, help_text="An internal note is posted by itself.")
    time_unit = models.PositiveSmallIntegerField(
        default=1, choices=TIME_UNITS, help_text="Minutes, to which time worked is rounded up where it is offered."
    )
    checked_at = models.DateTimeField(null=True, editable=False)
    check_error = models.CharField(max_length=500, blank=True, editable=False)
    check_found = models.CharField(max_length=FOUND, blank=True, editable=False)

    unmapped = 0  # members who are not known there, as count_unmapped() sets it
    objects: ClassVar[Any] = PsaConnectionQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = "PSA connection"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "name"],
                name="connection_name_once_per_account",
                violation_error_message="There is a connection of this name already.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def only_one(cls, user: User) -> PsaConnection | None:
        """The active connection of this person's account where there is just one; else None."""
        active = list(cls.objects.visible_to(user).filter(is_active=True)[:2])
        return active[0] if len(active) == 1 else None

    # verbs

    @classmethod
    @verb
    def connect(
        cls,
        by: User,
        *,
        kind: str,
        name: str,
        base_url: str,
        credentials: dict[str, str],
        options: dict[str, str] | None = None,
        calls_per_minute: int | None = None,
        time_unit: int | None = None,
        **by_itself: str | bool,
    ) -> PsaConnection:
        """`by_itself`: any of BY_ITSELF."""
        if kind not in PROVIDERS:
            raise Invalid(kind="There is no such ticket system.")
        connection = cls(account_id=by.home, kind=kind, name=one_line(name), base_url=base_url, credentials=credentials)
        connection.options, connection.calls_per_minute = options or {}, calls_per_minute
        connection.time_unit = time_unit or connection.time_unit
        for name, value in _cleaned(by_itself).items():
            setattr(connection, name, value)
        connection.account.lock_people(by)
        connection.must_fit(exclude=["credentials"])
        connection.save(force_insert=True)
        connection.changed(by, "kind", "name", "base_url", "credentials")
        connection.ask_technicians()
        return connection

    @verb
    def change(
        self,
        by: User,
        *,
        name: str,
        base_url: str,
        credentials: dict[str, str],
        options: dict[str, str] | None = None,
        calls_per_minute: int | None = None,
        time_unit: int | None = None,
        is_active: bool = True,
        **by_itself: str | bool,
    ) -> None:
        """Empty `credentials` stay as they are, but not at another host, whose operator would receive them: then
        Invalid. `time_unit` None: as it is. `by_itself`: any of BY_ITSELF."""
        PsaConnection.objects.filter(pk=self.pk).lock()
        kept = ("name", "base_url", "options", "calls_per_minute", "time_unit", "is_active", *self.BY_ITSELF)
        self.refresh_from_db(fields=kept)
        self.account.lock_people(by)
        if not credentials and self.is_elsewhere(base_url):
            raise Invalid(base_url="Type the credentials anew for another host.")
        self.checks.unfinished().update(status=Work.Status.CANCELLED, done_at=clock.now())  # of what it was before
        new: dict[str, Any] = {"name": one_line(name), "base_url": base_url, "is_active": is_active}
        new |= {"calls_per_minute": calls_per_minute, **_cleaned(by_itself)}
        new |= {"time_unit": time_unit} if time_unit is not None else {}
        new |= {"options": options} if options is not None else {}
        changed = [field for field, value in new.items() if getattr(self, field) != value]
        is_elsewhere = self.is_elsewhere(base_url)
        for field, value in new.items():
            setattr(self, field, value)
        self.must_fit(exclude=["credentials"])
        if credentials:
            self.credentials = credentials
            changed += ["credentials"]
        if is_elsewhere:  # what another one told is nothing any more
            forgotten = {"told": {}, "is_missing": False, "read_at": None}
            self.ticketcopy_rows.update(**forgotten, status=Work.Status.PENDING, attempt=F("attempt") + 1)
        unread = self.ticketcopy_rows.filter(status__in=(Work.Status.FAILED, Work.Status.PENDING))
        unread.update(status=Work.Status.PENDING, tries=0, due_at=clock.now(), done_at=None, error="")
        self.checked_at, self.check_error, self.check_found = None, "", ""
        self.save(update_fields=[*changed, "checked_at", "check_error", "check_found"])
        if {"credentials", "base_url"} & set(changed):
            self.open()
        self.changed(by, *changed)
        self.ask_technicians(changed=True, forget=is_elsewhere)

    def changed(self, by: User, *fields: str) -> None:
        """Record which fields were changed, never their values: credentials are among them."""
        facts = {"connection": self.pk, "name": self.name, "kind": self.kind, "fields": fields}
        Event.record(self.account_id, "connection.changed", actor=by, facts=facts)

    def ask_technicians(self, **how: bool) -> None:
        """Have a worker read who works there; `how` as TechnicianList.ask() takes it."""
        apps.get_model("sessions_app", "TechnicianList").ask(self, **how)  # by name: it stands on this

    # its address

    def clean(self) -> None:
        """Refuses an address that cannot be called. One from before these rules stays, unchanged, while the connection
        is switched off."""
        problem = self.address_problem
        if problem and (self.is_active or not type(self).objects.filter(pk=self.pk, base_url=self.base_url).exists()):
            raise ValidationError({"base_url": problem})
        try:
            if self.kind in PROVIDERS:
                PROVIDERS[self.kind](self.base_url, {}, self.options).check_options()
        except GiveUp as error:
            raise ValidationError(str(error)) from error

    @property
    def address_problem(self) -> str:
        """Why this address cannot be called, in a sentence; "" where it can. Makes no DNS lookup."""
        try:
            path = outgoing_http.check_url(self.base_url).path
        except GiveUp as error:
            return str(error)
        if "?" in self.base_url or "#" in self.base_url:
            return "Leave out what follows “?” or “#” in the address."
        if path != "/" and self.kind in PROVIDERS and not PROVIDERS[self.kind].takes_path:
            return f"{self.label} has no path in its address: end it after the name of the host."
        return ""

    @property
    def address(self) -> str:
        """The address as it is shown, without a name and password: an old one may hold them."""
        return urlsplit(self.base_url)._replace(netloc=outgoing_http.host_of(self.base_url)).geturl()

    def is_elsewhere(self, base_url: str) -> bool:
        return outgoing_http.host_of(base_url) != outgoing_http.host_of(self.base_url)

    # its notes

    def posts_about(self, kind: str) -> bool:
        """Whether a note about an event of this kind is posted by itself."""
        return self.is_active and kind in self.NOTES and bool(getattr(self, self.NOTES[kind]))

    def note_parts(self, text: str, subject: str = TextPart.subject) -> list[TextPart]:
        """The pieces in which this text would be posted as a note, as they leave but for their markers."""
        if self.kind not in PROVIDERS:
            return [TextPart(text, "", "")]
        provider = PROVIDERS[self.kind](self.base_url, {}, self.options)
        return [provider.as_posted(part) for part in provider.parts(text, "X" * 8, subject)]

    @property
    def label(self) -> str:
        return PROVIDERS[self.kind].label if self.kind in PROVIDERS else self.kind

    @property
    def usual_calls_per_minute(self) -> int:
        return PROVIDERS.get(self.kind, Provider).calls_per_minute

    # its time entries

    @property
    def shows_time(self) -> bool:
        """Whether the text of a time entry can be one that the client sees."""
        return PROVIDERS.get(self.kind, Provider).shows_time

    @property
    def who_sees_time(self) -> str:
        """A sentence on who sees the text of a time entry that is not shown to the client."""
        return PROVIDERS.get(self.kind, Provider).who_sees_time

    # calling it

    def provider_for(self, purpose: Purpose, seconds: float = EXCHANGE) -> Provider:
        """The ticket system, for one exchange that may take so long. GiveUp where it cannot be called, or, but for a
        check, is switched off."""
        if purpose != "check" and not self.is_active:
            raise GiveUp("The connection to the ticket system is switched off.")
        if self.kind not in PROVIDERS:
            raise GiveUp(f"Ticket systems of the kind {self.kind} are not supported.")
        if problem := self.address_problem:
            raise GiveUp(f"{problem} Correct the address in the settings.")
        try:
            credentials = dict(self.credentials)  # opened here, where nothing has left
        except CannotDecrypt as error:
            raise GiveUp(str(error)) from error
        gate = Exchange(self, purpose)
        return PROVIDERS[self.kind](self.base_url, credentials, self.options, seconds=seconds, gate=gate)

    def try_out(self) -> str:
        """Ask the ticket system whether address and credentials work; returns what answered, such as its version.

        A call to the outside, for workers and commands. Raises GiveUp or Later, with the reason.
        """
        return cut(one_line(self.provider_for("check").check()), self.FOUND)

    def keep_check(self, *, found: str, error: str = "") -> None:
        """Store the result of a check, or why it failed, for the settings to show."""
        self.check_found, self.check_error, self.checked_at = found, cut(one_line(error), LINE), clock.now()
        with transaction.atomic():
            self.save(update_fields=["check_found", "check_error", "checked_at"])
            if not error:
                self.open()


def _cleaned(by_itself: dict[str, str | bool]) -> dict[str, str | bool]:
    return {name: one_line(value) if isinstance(value, str) else value for name, value in by_itself.items()}
