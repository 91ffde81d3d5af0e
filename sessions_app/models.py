"""The work itself: Session, Branch, Step, Message; and the ticket system a session's ticket is in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from resolutionflow import clock
from resolutionflow.accounts.models import Event, Owned, OwnedQuerySet, User
from resolutionflow.fields import CannotDecrypt, EncryptedJSONField
from resolutionflow.refusals import Invalid, NotAllowed, WrongState
from resolutionflow.text import LINE, LONG, NOTE, SHORT, clean, cut, one_line
from resolutionflow.verbs import verb
from resolutionflow.work import GiveUp, Later
from sessions_app.psa import PROVIDERS, Provider


class Domain(models.TextChoices):
    NETWORK = "network", _("Network")
    IDENTITY = "identity", _("Identity")
    EMAIL = "email", _("E-mail")
    ENDPOINT = "endpoint", _("Endpoint")
    SERVER = "server", _("Server")
    CLOUD = "cloud", _("Cloud")
    SECURITY = "security", _("Security")
    PRINTING = "printing", _("Printing")
    LINE_OF_BUSINESS = "line_of_business", _("Line of business")
    OTHER = "other", _("Other")


class PsaConnection(Owned):
    """An account's door to its ticket system. Credentials are encrypted at rest and never shown again."""

    name = models.CharField(max_length=SHORT)
    kind = models.CharField(max_length=30, help_text=_("A key of sessions_app.psa.PROVIDERS."))
    base_url = models.URLField(max_length=500)
    credentials = EncryptedJSONField(default=dict)
    is_active = models.BooleanField(default=True)
    checked_at = models.DateTimeField(null=True, editable=False)
    check_error = models.CharField(max_length=500, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("PSA connection")
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="connection_name_once_per_account")]

    def __str__(self) -> str:
        return self.name

    # verbs

    @classmethod
    @verb
    def connect(cls, by: User, *, kind: str, name: str, base_url: str, credentials: dict[str, str]) -> PsaConnection:
        by.must_administer()
        if kind not in PROVIDERS:
            raise Invalid(kind="There is no such ticket system.")
        connection: PsaConnection = cls.objects.create(
            account_id=by.home, kind=kind, name=one_line(name), base_url=base_url, credentials=credentials
        )
        connection._changed(by, "kind", "name", "base_url", "credentials")
        return connection

    @verb
    def change(
        self, by: User, *, name: str, base_url: str, credentials: dict[str, str], is_active: bool = True
    ) -> None:
        """`credentials` empty: as they are. They do not go along to another host: whoever runs it would read them."""
        by.must_administer()
        if not credentials and urlsplit(base_url).netloc != urlsplit(self.base_url).netloc:
            raise Invalid(base_url="Type the credentials anew for another host.")
        new = {"name": one_line(name), "base_url": base_url, "is_active": is_active}
        changed = [field for field, value in new.items() if getattr(self, field) != value]
        changed += ["credentials"] if credentials else []
        for field, value in new.items():
            setattr(self, field, value)
        self.credentials = credentials or self.credentials
        self.checked_at, self.check_error = None, ""
        self.save(update_fields=[*new, "credentials", "checked_at", "check_error"])
        self._changed(by, *changed)

    def _changed(self, by: User, *fields: str) -> None:
        """What was changed, never the values: credentials are among them."""
        facts = {"connection": self.pk, "name": self.name, "kind": self.kind, "fields": fields}
        Event.record(self.account_id, "connection.changed", actor=by, facts=facts)

    @property
    def label(self) -> str:
        return PROVIDERS[self.kind].label if self.kind in PROVIDERS else self.kind

    @property
    def provider(self) -> Provider:
        if self.kind not in PROVIDERS:
            raise GiveUp(f"Ticket systems of the kind {self.kind} are not supported.")
        return PROVIDERS[self.kind](self.base_url, self.credentials)

    def try_out(self) -> str:
        """Ask the ticket system whether address and credentials work; keep and return what is wrong, or nothing.

        A call outside: for commands and workers, never inside a transaction.
        """
        try:
            self.provider.check()
            error = ""
        except (GiveUp, Later, CannotDecrypt) as problem:
            error = str(problem)
        self.check_error, self.checked_at = cut(one_line(error), LINE), clock.now()
        self.save(update_fields=["check_error", "checked_at"])
        return self.check_error


class MemberMapping(Owned):
    """Who a member is in the ticket system, so that a note can name its author there."""

    connection = models.ForeignKey(PsaConnection, on_delete=models.CASCADE, related_name="mappings")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    identifier = models.CharField(max_length=SHORT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "user"], name="one_mapping_per_member")]

    def __str__(self) -> str:
        return f"{self.user} = {self.identifier}"

    def clean(self) -> None:
        if {self.user.account_id, self.connection.account_id} != {self.account_id}:
            raise ValidationError(_("Member and connection belong to the same account."))


# --- the session -------------------------------------------------------------------------------


class Keyed(Owned):
    """A row a form makes. The form carries a key of its own, so that a double click makes one row, not two."""

    form_key = models.UUIDField(null=True, editable=False)

    class Meta:
        abstract = True


class SessionQuerySet(OwnedQuerySet["Session"]):
    def unfinished(self) -> Self:
        return self.exclude(status__in=Session.FINISHED)

    def mine(self, user: User) -> Self:
        return self.filter(assignee=user)

    def with_page(self) -> Self:
        """Everything a page shows of the session itself, in one query."""
        return self.select_related("assignee", "started_by", "team", "psa_connection", "active_branch", "account")

    def search(self, words: str) -> Self:
        """Every word is in the problem, the client, the device or the ticket number."""
        found = self
        for word in clean(words).split()[:8]:
            found = found.filter(
                Q(problem_summary__icontains=word)
                | Q(client_name__icontains=word)
                | Q(asset_name__icontains=word)
                | Q(psa_ticket_id__icontains=word.lstrip("#"))
            )
        return found

    def nobodys(self) -> Self:
        """Unfinished, and whoever worked on it is gone: leads see to these."""
        return self.unfinished().filter(Q(assignee=None) | Q(assignee__is_active=False))


class Session(Keyed):
    """A technical problem being worked: the ledger of what was tried and the conversation about it."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Parked")
        ESCALATED = "escalated", _("Waiting")
        RESOLVED = "resolved", _("Resolved")
        ABANDONED = "abandoned", _("Abandoned")

    class Intake(models.TextChoices):
        FREE_TEXT = "free_text", _("Free text")
        TICKET = "ticket", _("Ticket")
        LOG_PASTE = "log_paste", _("Pasted log")
        IMPORT = "import", _("Import")

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

    @property
    def is_finished(self) -> bool:
        return self.status in self.FINISHED

    # verbs

    @classmethod
    @verb
    def open(cls, user: User, *, problem_summary: str, form_key: UUID | None = None, **fields: Any) -> Session:
        """- -> working. `fields`: any of CHANGEABLE and intake, intake_text."""
        user.must_work()
        fields = cls._cleaned(user, problem_summary=problem_summary, **fields)
        if form_key and (made := cls._made_by(user, form_key)):
            return made
        session: Session = cls.objects.create(
            account_id=user.home, started_by=user, assignee=user, form_key=form_key, **fields
        )
        session.active_branch = Branch.objects.create(
            account_id=user.home, session=session, label=str(_("Main")), status=Branch.Status.ACTIVE
        )
        session.save(update_fields=["active_branch"])
        session.event("session.opened", user, summary=session.problem_summary)
        return session

    @classmethod
    def _made_by(cls, user: User, form_key: UUID) -> Session | None:
        """What this form made already. Locks the person, so that two clicks come one after the other."""
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
        fields = self._cleaned(user, **fields)
        self.lock(unfinished=True)
        changed = {name: value for name, value in fields.items() if getattr(self, name) != value}
        if not changed:
            return
        before = {name: _plain(getattr(self, name)) for name in changed}
        for name, value in changed.items():
            setattr(self, name, value)
        self.updated_at = clock.now()
        self.save(update_fields=[*changed, "updated_at"])
        self.event("session.changed", user, before=before, after={k: _plain(v) for k, v in changed.items()})

    @verb
    def resume(self, user: User) -> None:
        """parked -> working, by the assignee. The park is closed."""
        user.must_work()
        self._move(from_=[self.Status.PAUSED], to=self.Status.ACTIVE, allowed=self._must_be_assignee, user=user)
        closed = self.handoffs.unclosed().close("resumed")
        self.event("session.resumed", user, closed=closed)

    @verb
    def resolve(self, user: User, *, resolution: str, root_cause: str = "") -> None:
        """Any unfinished position -> resolved. An open handoff is closed with it."""
        user.must_work()
        if not clean(resolution):
            raise Invalid(resolution="Say what fixed it.")
        self._move(
            from_=self._unfinished(),
            to=self.Status.RESOLVED,
            allowed=self._must_be_assignee_or_lead,
            user=user,
            resolution=clean(resolution),
            root_cause=clean(root_cause),
            finished_at=clock.now(),
        )
        closed = self.handoffs.unclosed().close("resolved")
        self.event("session.resolved", user, closed=closed, resolution=self.resolution, root_cause=self.root_cause)

    @verb
    def abandon(self, user: User, *, reason: str) -> None:
        """Any unfinished position -> abandoned."""
        user.must_work()
        reason = _reason(reason)
        self._move(
            from_=self._unfinished(),
            to=self.Status.ABANDONED,
            allowed=self._must_be_assignee_or_lead,
            user=user,
            finished_at=clock.now(),
        )
        closed = self.handoffs.unclosed().close("abandoned")
        self.event("session.abandoned", user, closed=closed, reason=reason)

    @verb
    def reopen(self, user: User, *, reason: str) -> None:
        """resolved, abandoned -> working; whoever reopens it works on it."""
        user.must_work()
        reason = _reason(reason)
        self._move(from_=self.FINISHED, to=self.Status.ACTIVE, user=user, assignee=user, finished_at=None)
        self.event("session.reopened", user, reason=reason)

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
        self._touch("step_count")
        step: Step = Step.objects.create(
            account_id=self.account_id,
            session=self,
            branch=branch or self._working_branch(),
            author=user,
            order=self.step_count,
            form_key=form_key,
            **fields,
        )
        self.event("step.added", user, step=step.pk, order=step.order, outcome=step.outcome)
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
        self._touch("message_count")
        message: Message = Message.objects.create(
            account_id=self.account_id,
            session=self,
            author=user,
            role=role,
            content=clean(content),
            order=self.message_count,
            form_key=form_key,
        )
        self.event("message.added", user, message=message.pk, role=role)
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
        self._touch()
        self.event("branch.changed", user, branch=branch.pk, label=label, status=branch.status)
        return branch

    def offers(self, user: User) -> set[str]:
        """The verbs this person may press on this session now. The verbs themselves decide; this fills the page."""
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
        """Lock this row (first in the house's order) and read it afresh."""
        locked = Session.objects.select_for_update(of=("self",), no_key=True).get(pk=self.pk)
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(locked, field.attname))
        if unfinished and self.is_finished:
            raise WrongState(f"This session is {self.status}. Reopen it to go on.")

    def _move(self, *, from_: Any, to: str, user: User, allowed: Any = None, **fields: Any) -> None:
        """The conditional UPDATE of a verb. Refuses with a sentence when the session is elsewhere."""
        self.lock()
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
        """One sentence on where this session stands: what a refused verb says."""
        match self.status:
            case self.Status.PAUSED:
                return "This session is parked."
            case self.Status.ESCALATED:
                waiting = self.handoffs.unclosed().first()
                since = f" since {waiting.open_since:%H:%M} UTC" if waiting else ""
                return f"This session is waiting for somebody to claim it{since}."
            case self.Status.ACTIVE:
                return "This session is being worked on."
            case _:
                return f"This session is {self.get_status_display().lower()}."

    def event(
        self, kind: str, actor: User | None, *, handoff_id: int | None = None, at: datetime | None = None, **facts: Any
    ) -> Event:
        """The verb's one Event. A handoff closed on the way is told by `handoff` and facts["closed"]."""
        closed = facts.get("closed")
        if closed is None:
            facts.pop("closed", None)
        elif handoff_id is None:
            handoff_id = closed["handoff"]
        return Event.record(
            self.account_id, kind, actor=actor, session_id=self.pk, handoff_id=handoff_id, facts=facts, at=at
        )

    def _touch(self, *names: str) -> None:
        self.updated_at = clock.now()
        self.save(update_fields=[*names, "updated_at"])

    def _must_be_assignee(self, user: User) -> None:
        if self.assignee_id != user.pk:
            raise NotAllowed("Only the person who works on it can do this.")

    def _must_be_assignee_or_lead(self, user: User) -> None:
        if self.assignee_id != user.pk and not user.is_lead:
            raise NotAllowed("Only the person who works on it or a lead can do this.")

    @classmethod
    def _unfinished(cls) -> list[str]:
        return [cls.Status.ACTIVE, cls.Status.PAUSED, cls.Status.ESCALATED]

    def _working_branch(self) -> Branch | None:
        """Where new work belongs: the active branch, or the root when none is active."""
        return self.active_branch or self.branches.first()

    def _must_own(self, **branches: Branch | None) -> None:
        for name, branch in branches.items():
            if branch is not None and branch.session_id != self.pk:
                raise Invalid(**{name: "There is no such branch in this session."})

    @staticmethod
    def _cleaned(user: User, **fields: Any) -> dict[str, Any]:
        """The facts as they are stored; raises Invalid where they cannot be."""
        for name in ("problem_summary", "client_name", "asset_name", "psa_ticket_id"):
            if name in fields:
                fields[name] = one_line(fields[name] or "")
        if "intake_text" in fields:
            fields["intake_text"] = clean(fields["intake_text"] or "")
        if not fields.get("problem_summary", "-"):
            raise Invalid(problem_summary="Say what the problem is.")
        if fields.get("confidence") is not None and not 0 <= fields["confidence"] <= 1:
            raise Invalid(confidence="Confidence is a number from 0 to 1.")
        for name in ("team", "psa_connection"):
            if fields.get(name) is not None and fields[name].account_id != user.account_id:
                raise Invalid(**{name: "There is no such thing in this account."})
        return fields


def _reason(text: str) -> str:
    if not clean(text):
        raise Invalid(reason="Give a reason.")
    return clean(text)


def _option(option: Any) -> dict[str, str]:
    """An option of a question, as {"value", "label"}."""
    value = one_line(str(option.get("value", ""))) if isinstance(option, dict) else ""
    if not value:
        raise Invalid(options='An option is {"value": …, "label": …}.')
    return {"value": value[:SHORT], "label": one_line(str(option.get("label") or value))[:SHORT]}


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


# --- its parts ---------------------------------------------------------------------------------


class Branch(Keyed):
    """One hypothesis. One is active at a time; a dead end can be revived."""

    class Status(models.TextChoices):
        UNTRIED = "untried", _("Untried")
        ACTIVE = "active", _("Active")
        DEAD_END = "dead_end", _("Dead end")
        SOLVED = "solved", _("Solved")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="branches")
    label = models.CharField(max_length=SHORT)
    order = models.PositiveIntegerField(default=0)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="children")
    status = models.CharField(max_length=10, choices=Status, default=Status.UNTRIED)
    status_reason = models.TextField(max_length=NOTE, blank=True)
    status_changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["order", "id"]
        verbose_name_plural = "branches"
        constraints = [
            models.UniqueConstraint(fields=["session"], condition=Q(status="active"), name="one_active_branch"),
            models.UniqueConstraint(fields=["session", "order"], name="branch_order_once_per_session"),
            models.UniqueConstraint(fields=["session", "form_key"], name="one_branch_per_form"),
        ]

    def __str__(self) -> str:
        return self.label

    @verb
    def activate(self, user: User) -> None:
        """This is what we try now; the branch that was active becomes untried unless it was decided."""
        self._change(user, self.Status.ACTIVE, "")

    @verb
    def change_status(self, user: User, *, status: str, reason: str = "") -> None:
        """Mark as dead end, solved, untried; or activate."""
        self._change(user, status, clean(reason))

    def _change(self, user: User, status: str, reason: str) -> None:
        user.must_work()
        if status not in self.Status.values:
            raise Invalid(status="A branch is untried, active, a dead end or solved.")
        self.session.lock(unfinished=True)
        self.refresh_from_db(fields=["status", "status_reason"])
        before = {"status": self.status, "status_reason": self.status_reason}
        if before == {"status": status, "status_reason": reason}:
            return
        self._hand_over_the_work(status)
        self.status, self.status_reason, self.status_changed_by = status, reason, user
        self.save(update_fields=["status", "status_reason", "status_changed_by"])
        self.session._touch()
        self.session.event(
            "branch.changed", user, branch=self.pk, label=self.label, status=status, reason=reason, before=before
        )

    def _hand_over_the_work(self, status: str) -> None:
        """Keep one active branch at most, and the session pointing at it."""
        if status == self.Status.ACTIVE:
            others = Branch.objects.filter(session=self.session_id, status=self.Status.ACTIVE).exclude(pk=self.pk)
            others.update(status=self.Status.UNTRIED)
            self.session.active_branch = self
        elif self.session.active_branch_id == self.pk:
            self.session.active_branch = None
        self.session.save(update_fields=["active_branch"])


class Step(Keyed):
    """A line of the ledger: something asked, done, checked or run, and how it ended. Known as s<order>."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        ACTION = "action", _("Action")
        CHECK = "check", _("Check")
        SCRIPT = "script", _("Script")
        NOTE = "note", _("Note")

    class Outcome(models.TextChoices):
        PENDING = "pending", _("Pending")
        WORKED = "worked", _("Worked")
        FAILED = "failed", _("Failed")
        INCONCLUSIVE = "inconclusive", _("Inconclusive")
        SKIPPED = "skipped", _("Skipped")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="steps")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="steps", null=True)
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ACTION)
    text = models.TextField(max_length=NOTE)
    options = models.JSONField(default=list, blank=True)
    selected_option = models.CharField(max_length=SHORT, blank=True)
    free_text = models.TextField(max_length=LONG, blank=True)
    skipped = models.BooleanField(default=False)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.PENDING)
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["session", "order"], name="step_order_once_per_session"),
            models.UniqueConstraint(fields=["session", "form_key"], name="one_step_per_form"),
        ]
        indexes = [models.Index(fields=["session", "outcome"], name="step_outcomes")]

    def __str__(self) -> str:
        return f"{self.ref} {self.text[:60]}"

    @property
    def ref(self) -> str:
        return f"s{self.order}"

    EDITABLE = ("text", "options", "selected_option", "free_text", "skipped", "outcome")

    @verb
    def change(self, user: User, **fields: Any) -> None:
        """Outcome, option and answer by any engineer, the text by its author; the old value is kept in the event."""
        user.must_work()
        fields = self.cleaned(**fields)
        self.session.lock(unfinished=True)
        self.refresh_from_db(fields=self.EDITABLE)
        self._must_be_among(fields.get("options", self.options), fields)
        if fields.get("text", self.text) != self.text and self.author_id != user.pk:
            raise NotAllowed("Only its author can reword a step. Add a note beside it.")
        changed = {name: value for name, value in fields.items() if getattr(self, name) != value}
        if not changed:
            return
        before = {name: getattr(self, name) for name in changed}
        for name, value in changed.items():
            setattr(self, name, value)
        self.save(update_fields=list(changed))
        self.session._touch()
        self.session.event("step.changed", user, step=self.pk, order=self.order, before=before, after=changed)

    @classmethod
    def cleaned(cls, **fields: Any) -> dict[str, Any]:
        """The fields of a step as they are stored; raises Invalid where they cannot be."""
        for name in {"text", "free_text", "selected_option"} & set(fields):
            fields[name] = clean(fields[name] or "")
        if not fields.get("text", "-"):
            raise Invalid(text="Say what was tried.")
        for name, choices in (("kind", cls.Kind), ("outcome", cls.Outcome)):
            if fields.get(name, choices.values[0]) not in choices.values:
                raise Invalid(**{name: f"Choose one of {', '.join(choices.values)}."})
        if "options" in fields:
            fields["options"] = [_option(option) for option in fields["options"]]
            cls._must_be_among(fields["options"], fields)
        return cls._agree_on_skipped(fields)

    @classmethod
    def _agree_on_skipped(cls, fields: dict[str, Any]) -> dict[str, Any]:
        """Skipped is both an outcome and a flag; they say the same."""
        if "outcome" in fields:
            fields["skipped"] = fields["outcome"] == cls.Outcome.SKIPPED
        elif fields.get("skipped"):
            fields["outcome"] = cls.Outcome.SKIPPED
        return fields

    @staticmethod
    def _must_be_among(options: list[dict[str, str]], fields: dict[str, Any]) -> None:
        chosen = fields.get("selected_option")
        if options and chosen and chosen not in [option["value"] for option in options]:
            raise Invalid(selected_option="Choose one of the options.")

    @property
    def answer(self) -> str:
        """The label of the option that was chosen."""
        labels = {option["value"]: option["label"] for option in self.options}
        return str(labels.get(self.selected_option, self.selected_option))


class Message(Keyed):
    """A line of the conversation. Known as m<order>."""

    class Role(models.TextChoices):
        USER = "user", _("Technician")
        ASSISTANT = "assistant", _("Assistant")
        SYSTEM = "system", _("System")

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="messages")
    order = models.PositiveIntegerField()
    role = models.CharField(max_length=10, choices=Role, default=Role.USER)
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    content = models.TextField(max_length=LONG)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["session", "order"], name="message_order_once_per_session"),
            models.UniqueConstraint(fields=["session", "form_key"], name="one_message_per_form"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.content[:60]}"

    @property
    def ref(self) -> str:
        return f"m{self.order}"
