"""Session: a problem being worked, its verbs, and the lists of sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Max, Q
from django.urls import reverse

from resolutionflow.accounts.models import Event, User
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from resolutionflow.core.text import LINE, LONG, NOTE, SHORT, clean, one_line
from resolutionflow.core.verbs import verb
from sessions_app.models.branch import Branch
from sessions_app.models.domain import Domain
from sessions_app.models.form_key import FormKeyed
from sessions_app.models.message import Message
from sessions_app.models.psa import PsaConnection
from sessions_app.models.session_facts import cleaned_facts, plain_value, required_reason
from sessions_app.models.session_queryset import SessionQuerySet
from sessions_app.models.step import Step


class Session(FormKeyed):
    """A technical problem being worked: the ledger of what was tried and the conversation about it."""

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
    active_branch = models.ForeignKey("Branch", on_delete=models.SET_NULL, null=True, related_name="+")
    step_count = models.PositiveIntegerField(default=0)
    message_count = models.PositiveIntegerField(default=0)
    handoff_count = models.PositiveIntegerField(default=0)
    psa_connection = models.ForeignKey(
        PsaConnection, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    psa_ticket_id = models.CharField(max_length=SHORT, blank=True)
    root_cause = models.TextField(max_length=NOTE, blank=True)
    resolution = models.TextField(max_length=NOTE, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = SessionQuerySet.as_manager()

    class Meta:
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
    def is_finished(self) -> bool:
        return self.status in self.FINISHED

    # verbs

    @classmethod
    @verb
    def open(cls, user: User, *, problem_summary: str, form_key: UUID | None = None, **fields: Any) -> Session:
        """A new session, worked on by `user`. `fields`: any of CHANGEABLE, intake and intake_text. Where the account
        has only one ticket system, it need not be given."""
        user.must_work()
        if "psa_connection" not in fields:
            fields["psa_connection"] = PsaConnection.only_one(user)
        fields = cleaned_facts(user, problem_summary=problem_summary, **fields)
        if form_key and (made := cls._made_by(user, form_key)):
            return made
        session: Session = cls.objects.create(
            account_id=user.home, started_by=user, assignee=user, form_key=form_key, **fields
        )
        session.active_branch = Branch.objects.create(
            account_id=user.home, session=session, label="Main", status=Branch.Status.ACTIVE
        )
        session.save(update_fields=["active_branch"])
        session.record_event("session.opened", user, summary=session.problem_summary)
        return session

    @classmethod
    def _made_by(cls, user: User, form_key: UUID) -> Session | None:
        """The session that this form has made already, or None. Locks the person, so that two clicks come one after the
        other."""
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        made: Session | None = cls.objects.filter(started_by=user, form_key=form_key).first()
        return made

    CHANGEABLE = (
        "problem_summary",
        "problem_domain",
        "client_name",
        "asset_name",
        "team",
        "psa_connection",
        "psa_ticket_id",
        "confidence",
    )

    @verb
    def change(self, user: User, **fields: Any) -> None:
        """Correct the facts of an unfinished session; old values go into the event."""
        user.must_work()
        fields = cleaned_facts(user, **fields)
        self.lock(unfinished=True)
        if fields.get("psa_ticket_id") and "psa_connection" not in fields and self.psa_connection_id is None:
            fields["psa_connection"] = PsaConnection.only_one(user)
        changed = {name: value for name, value in fields.items() if getattr(self, name) != value}
        if not changed:
            return
        before = {name: plain_value(getattr(self, name)) for name in changed}
        for name, value in changed.items():
            setattr(self, name, value)
        self.updated_at = clock.now()
        self.save(update_fields=[*changed, "updated_at"])
        self.renew_lease(user)
        self.record_event("session.changed", user, before=before, after={k: plain_value(v) for k, v in changed.items()})

    @verb
    def resume(self, user: User) -> None:
        """parked -> working, by the assignee. The park is closed."""
        user.must_work()
        self.lock()
        self.move(from_=[self.Status.PAUSED], to=self.Status.ACTIVE, allowed=self.must_be_assignee, user=user)
        closed = self.handoffs.unclosed().close("resumed")
        self.record_event("session.resumed", user, closed=closed)

    @verb
    def resolve(self, user: User, *, resolution: str, root_cause: str = "") -> None:
        """Any unfinished position -> resolved. An open handoff is closed with it."""
        user.must_work()
        if not clean(resolution):
            raise Invalid(resolution="Say what fixed it.")
        self.lock()
        self.move(
            from_=self._unfinished(),
            to=self.Status.RESOLVED,
            allowed=self.must_be_assignee_or_lead,
            user=user,
            resolution=clean(resolution),
            root_cause=clean(root_cause),
            finished_at=clock.now(),
        )
        closed = self.handoffs.unclosed().close("resolved")
        self.record_event(
            "session.resolved", user, closed=closed, resolution=self.resolution, root_cause=self.root_cause
        )

    @verb
    def abandon(self, user: User, *, reason: str) -> None:
        """Any unfinished position -> abandoned."""
        user.must_work()
        reason = required_reason(reason)
        self.lock()
        self.move(
            from_=self._unfinished(),
            to=self.Status.ABANDONED,
            allowed=self.must_be_assignee_or_lead,
            user=user,
            finished_at=clock.now(),
        )
        closed = self.handoffs.unclosed().close("abandoned")
        self.record_event("session.abandoned", user, closed=closed, reason=reason)

    @verb
    def reopen(self, user: User, *, reason: str) -> None:
        """resolved, abandoned -> working; whoever reopens it works on it."""
        user.must_work()
        reason = required_reason(reason)
        self.lock()
        self.move(from_=self.FINISHED, to=self.Status.ACTIVE, user=user, assignee=user, finished_at=None)
        self.record_event("session.reopened", user, reason=reason)

    # the ledger

    @verb
    def add_step(
        self, user: User, *, text: str, branch: Branch | None = None, form_key: UUID | None = None, **fields: Any
    ) -> Step:
        """A thing tried, or to be tried; on the active branch unless another is named."""
        user.must_work()
        fields = Step.cleaned(text=text, **fields)
        self._must_own(branch=branch)
        self.lock(unfinished=True)
        if form_key and (made := self.steps.filter(form_key=form_key).first()):
            return made
        self.step_count += 1
        self.touch("step_count")
        step: Step = Step.objects.create(
            account_id=self.account_id,
            session=self,
            branch=branch or self._working_branch(),
            author=user,
            order=self.step_count,
            form_key=form_key,
            **fields,
        )
        self.renew_lease(user)
        self.record_event("step.added", user, step=step.pk, order=step.order, outcome=step.outcome)
        return step

    @verb
    def add_message(
        self, user: User | None, *, content: str, role: str = "user", form_key: UUID | None = None
    ) -> Message:
        """A line of the conversation; `user` None for what the system wrote."""
        if user is not None:
            user.must_work()
        if not clean(content):
            raise Invalid(content="There is nothing to send.")
        if role not in Message.Role.values:
            raise Invalid(role="A message is by a user, the assistant or the system.")
        self.lock(unfinished=True)
        if form_key and (made := self.messages.filter(form_key=form_key).first()):
            return made
        self.message_count += 1
        self.touch("message_count")
        message: Message = Message.objects.create(
            account_id=self.account_id,
            session=self,
            author=user,
            role=role,
            content=clean(content),
            order=self.message_count,
            form_key=form_key,
        )
        self.renew_lease(user)
        self.record_event("message.added", user, message=message.pk, role=role)
        return message

    @verb
    def add_branch(
        self, user: User, *, label: str, parent: Branch | None = None, form_key: UUID | None = None
    ) -> Branch:
        """One more hypothesis, untried until somebody activates it."""
        user.must_work()
        label = one_line(label)
        if not label:
            raise Invalid(label="Say what this branch supposes.")
        self._must_own(parent=parent)
        self.lock(unfinished=True)
        if form_key and (made := self.branches.filter(form_key=form_key).first()):
            return made
        last = self.branches.aggregate(last=Max("order"))["last"] or 0
        branch: Branch = Branch.objects.create(
            account_id=self.account_id,
            session=self,
            label=label,
            order=last + 1,
            form_key=form_key,
            parent=parent or self._working_branch(),
        )
        self.touch()
        self.renew_lease(user)
        self.record_event("branch.changed", user, branch=branch.pk, label=label, status=branch.status)
        return branch

    def permitted_for(self, user: User) -> set[str]:
        """The verbs to offer this person on this session now. It only fills the page: the verbs themselves decide."""
        if not user.is_engineer:
            return set()
        if self.is_finished:
            return {"reopen"}
        verbs = {"write"}
        if self.assignee_id == user.pk or user.is_lead:
            verbs |= {"resolve", "abandon"} | self._HANDING_OVER.get(self.status, set())
        if self.assignee_id == user.pk and self.status == self.Status.PAUSED:
            verbs.add("resume")
        return verbs

    _HANDING_OVER: ClassVar[dict[str, set[str]]] = {Status.ACTIVE: {"park", "escalate"}, Status.PAUSED: {"escalate"}}

    # the parts verbs are made of, here and in handoffs

    def lock(self, *, unfinished: bool = False) -> None:
        """Lock this row (first, as everywhere) and read it afresh."""
        locked = Session.objects.select_for_update(of=("self",), no_key=True).get(pk=self.pk)
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(locked, field.attname))
        if unfinished and self.is_finished:
            raise WrongState(f"This session is {self.status}. Reopen it to go on.")

    def move(self, *, from_: Any, to: str, user: User, allowed: Any = None, **fields: Any) -> None:
        """The conditional UPDATE of a verb that has locked the row. WrongState where the status is none of `from_`."""
        if self.status in from_ and allowed is not None:
            allowed(user)
        now = clock.now()
        moved = Session.objects.filter(pk=self.pk, status__in=from_).update(status=to, updated_at=now, **fields)
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

    @classmethod
    def _unfinished(cls) -> list[str]:
        return [cls.Status.ACTIVE, cls.Status.PAUSED, cls.Status.ESCALATED]

    def _working_branch(self) -> Branch | None:
        """The branch of new work: the active one, or the root when none is active."""
        return self.active_branch or self.branches.first()

    def _must_own(self, **branches: Branch | None) -> None:
        for name, branch in branches.items():
            if branch is not None and branch.session_id != self.pk:
                raise Invalid(**{name: "There is no such branch in this session."})
