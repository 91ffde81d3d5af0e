"""The columns and constraints of a session, what is shown of it, and what its verbs share."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from resolutionflow.accounts.models import Event, User
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from resolutionflow.core.text import LINE, LONG, NOTE, SHORT, readable
from sessions_app.models.branch import Branch
from sessions_app.models.domain import Domain
from sessions_app.models.form_key import FormKeyed
from sessions_app.models.psa import PsaConnection
from sessions_app.models.session_queryset import SessionQuerySet, spelling


class SessionFields(FormKeyed):
    """Abstract base of the classes that make up Session."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Parked"
        ESCALATED = "escalated", "Waiting"
        RESOLVED = "resolved", "Resolved"
        ABANDONED = "abandoned", "Abandoned"

    class Intake(models.TextChoices):
        FREE_TEXT = "free_text", "Free text"
        TICKET = "ticket", "Ticket"
        LOG_PASTE = "log_paste", "Pasted log"
        IMPORT = "import", "Import"

    UNFINISHED = (Status.ACTIVE, Status.PAUSED, Status.ESCALATED)
    FINISHED = (Status.RESOLVED, Status.ABANDONED)

    problem_summary = models.CharField(max_length=LINE)
    problem_domain = models.CharField(max_length=20, choices=Domain, default=Domain.OTHER)
    client_name = models.CharField(max_length=SHORT, blank=True)
    asset_name = models.CharField(max_length=SHORT, blank=True)
    intake = models.CharField(max_length=10, choices=Intake, default=Intake.FREE_TEXT)
    intake_text = models.TextField(max_length=LONG, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    confidence = models.FloatField(null=True, blank=True)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sessions_started")
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sessions_assigned", null=True)
    team = models.ForeignKey("accounts.Team", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    contact = models.CharField(max_length=SHORT, blank=True, help_text="Who at the client, how and when to reach them.")
    access = models.CharField(max_length=LINE, blank=True, help_text="How to get onto the device.")
    due_at = models.DateTimeField(null=True, blank=True)
    changed_before = models.CharField(max_length=LINE, blank=True, help_text="What changed before it began.")
    active_branch = models.ForeignKey(Branch, on_delete=models.SET_NULL, null=True, related_name="+")
    step_count = models.PositiveIntegerField(default=0)
    message_count = models.PositiveIntegerField(default=0)
    handoff_count = models.PositiveIntegerField(default=0)
    psa_connection = models.ForeignKey(
        PsaConnection, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    psa_ticket_id = models.CharField(max_length=SHORT, blank=True)
    ticket_copy = models.ForeignKey(
        "sessions_app.TicketCopy", on_delete=models.SET_NULL, null=True, blank=True, related_name="sessions"
    )
    from_ticket = models.JSONField(
        default=dict,
        blank=True,
        help_text="By a fact's name: it is the ticket's, or somebody has corrected it (false).",
    )
    ticket_seen = models.JSONField(default=dict, blank=True, help_text="How the ticket stood when it was read last.")
    root_cause = models.TextField(max_length=NOTE, blank=True)
    resolution = models.TextField(max_length=NOTE, blank=True)
    resolution_step = models.ForeignKey("sessions_app.Step", on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    shown_files: list[Any]  # those of the session as a whole, by with_files(), as the next
    kept_files: list[Any]

    objects: ClassVar[Any] = SessionQuerySet.as_manager()
    if TYPE_CHECKING:
        branches: Any
        steps: Any
        messages: Any
        files: Any
        watches: Any
        handoffs: Any  # declared by the next app
    watching: str | None  # by the API: one person's say, see SessionWatch.state_of

    class Meta:
        abstract = True
        ordering = ["-updated_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confidence=None) | Q(confidence__gte=0, confidence__lte=1), name="confidence_is_a_share"
            ),
            models.UniqueConstraint(fields=["started_by", "form_key"], name="one_session_per_form"),
        ]
        indexes = [
            models.Index(fields=["account", "-updated_at", "-id"], name="session_newest"),
            models.Index(fields=["account", "status", "-updated_at"], name="session_by_status"),
            models.Index(fields=["assignee", "status"], name="session_by_assignee"),
            models.Index("account", spelling("client_name"), F("updated_at").desc(), name="session_by_client"),
        ]

    def __str__(self) -> str:
        return self.problem_summary

    def get_absolute_url(self) -> str:
        return reverse("session", args=[self.pk])

    @property
    def confidence_tier(self) -> str:
        if self.confidence is None or self.confidence < 0.4:
            return "discovery"
        return "exploring" if self.confidence < 0.8 else "guided"

    def get_problem_domain_display(self) -> str:  # type: ignore[no-redef]
        """As Django's, which builds a dict of all choices at each call."""
        return str(Domain(self.problem_domain).label)

    @property
    def log(self) -> str:
        """The log it was opened with, as it is shown and sent on; `intake_text` is what is stored."""
        return readable(self.intake_text)

    @property
    def log_label(self) -> str:
        """What that log is: a session that began with a ticket has its text."""
        return "Text of the ticket" if self.intake == self.Intake.TICKET else "Pasted log"

    @property
    def is_overdue(self) -> bool:
        """Whether it is past its due time, and not finished."""
        return self.due_at is not None and self.due_at <= clock.now() and not self.is_finished

    @property
    def takes_notes(self) -> bool:
        """Whether there is a ticket to post notes into."""
        return bool(self.psa_ticket_id) and self.psa_connection is not None and self.psa_connection.is_active

    @property
    def ticket_key(self) -> str:
        """Which ticket it is, of which ticket system: what a form carries, to be compared with what it is later."""
        return f"{self.psa_connection_id or ''}:{self.psa_ticket_id}"

    @property
    def is_finished(self) -> bool:
        return self.status in self.FINISHED

    @property
    def temporary_steps(self) -> Any:
        """What has to be undone later, in order."""
        return self.steps.filter(temporary=True)

    # the parts verbs are made of, here and in handoffs

    def lock(self, *, unfinished: bool = False) -> None:
        """Lock this row (first, as everywhere) and read it afresh."""
        locked = type(self).objects.select_for_update(of=("self",), no_key=True).get(pk=self.pk)
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(locked, field.attname))
        if unfinished:
            self.must_be_unfinished()

    def must_be_unfinished(self) -> None:
        if self.is_finished:
            raise WrongState(f"This session is {self.status}. Reopen it to go on.")

    def move(self, *, from_: Any, to: str, user: User, allowed: Any = None, **fields: Any) -> None:
        """The conditional UPDATE of a verb that has locked the row. WrongState where the status is none of `from_`."""
        if self.status in from_ and allowed is not None:
            allowed(user)
        now = clock.now()
        moved = type(self).objects.filter(pk=self.pk, status__in=from_).update(status=to, updated_at=now, **fields)
        if not moved:
            raise WrongState(self.where())
        self.status, self.updated_at = to, now
        for name, value in fields.items():
            setattr(self, name, value)

    def where(self) -> str:
        """One sentence on the state of this session, for a refusal."""
        match self.status:
            case self.Status.PAUSED:
                return "This session is parked."
            case self.Status.ESCALATED:
                waiting = self.handoffs.unclosed().first()
                since = f" since {clock.hour_of_day(waiting.open_since)}" if waiting else ""
                return f"This session is waiting for somebody to claim it{since}."
            case self.Status.ACTIVE:
                return "This session is being worked on."
            case _:
                return f"This session is {self.get_status_display().lower()}."

    def record_event(
        self, kind: str, actor: User | None, *, handoff_id: int | None = None, at: datetime | None = None, **facts: Any
    ) -> Event:
        """The verb's one Event. A handoff that the verb closed is named by `handoff` and facts["closed"]."""
        closed = facts.get("closed")
        if closed is None:
            facts.pop("closed", None)
        elif handoff_id is None:
            handoff_id = closed["handoff"]
        return Event.record(
            self.account_id, kind, actor=actor, session_id=self.pk, handoff_id=handoff_id, facts=facts, at=at
        )

    def renew_lease(self, user: User | None) -> None:
        """Start the lease of a claim anew, when `user` is the claimer: they have worked on it."""
        if user is not None and self.handoff_count:
            self.handoffs.renew_lease(user)

    def touch(self, *names: str) -> None:
        self.updated_at = clock.now()
        self.save(update_fields=[*names, "updated_at"])

    def must_be_assignee(self, user: User) -> None:
        if self.assignee_id != user.pk:
            raise NotAllowed("Only the person who works on it can do this.")

    def must_be_assignee_or_lead(self, user: User) -> None:
        if self.assignee_id != user.pk and not user.is_lead:
            raise NotAllowed("Only the person who works on it or a lead can do this.")

    def _working_branch(self) -> Branch | None:
        """The branch of new work: the active one, or the root when none is active."""
        root: Branch | None = self.branches.first()
        return self.active_branch or root

    def _must_own(self, **parts: Any) -> None:
        """Invalid for a branch, step or message of another session; by the name under which it was given."""
        for name, part in parts.items():
            if part is not None and part.session_id != self.pk:
                raise Invalid(**{name: f"There is no such {part._meta.model_name} in this session."})
