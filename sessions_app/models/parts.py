"""What a session is made of: Branch, a hypothesis; Step, a line of the ledger; Message, of the conversation."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from resolutionflow import clock
from resolutionflow.accounts.models import Owned, OwnedQuerySet, User
from resolutionflow.refusals import Invalid, NotAllowed
from resolutionflow.text import LONG, NOTE, SHORT, clean, one_line
from resolutionflow.verbs import verb


class Keyed(Owned):
    """A row a form makes. The form carries a key of its own, so that a double click makes one row, not two."""

    form_key = models.UUIDField(null=True, editable=False)

    class Meta:
        abstract = True


class BranchQuerySet(OwnedQuerySet["Branch"]):
    def with_standing(self) -> Self:
        """With what `standing` asks: whether any step was done in the branch."""
        return self.annotate(has_steps=Exists(Step.objects.filter(branch=OuterRef("pk"))))


class Branch(Keyed):
    """One hypothesis. One is active at a time; a dead end can be revived."""

    class Status(models.TextChoices):
        UNTRIED = "untried", _("Untried")
        ACTIVE = "active", _("Active")
        DEAD_END = "dead_end", _("Dead end")
        SOLVED = "solved", _("Solved")

    session = models.ForeignKey("Session", on_delete=models.CASCADE, related_name="branches")
    label = models.CharField(max_length=SHORT)
    order = models.PositiveIntegerField(default=0)
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="children")
    status = models.CharField(max_length=10, choices=Status, default=Status.UNTRIED)
    status_reason = models.TextField(max_length=NOTE, blank=True)
    status_changed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[Any] = BranchQuerySet.as_manager()

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

    @property
    def standing(self) -> str:
        """The status as people say it: an untried branch with steps is set aside. For rows of with_standing()."""
        set_aside = self.status == self.Status.UNTRIED and getattr(self, "has_steps", False)
        return str(_("set aside") if set_aside else self.get_status_display().lower())

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
        self.session.renew_lease(user)
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

    session = models.ForeignKey("Session", on_delete=models.CASCADE, related_name="steps")
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
        if fields.get("skipped") is False and "outcome" not in fields and self.outcome == self.Outcome.SKIPPED:
            fields["outcome"] = self.Outcome.PENDING
        changed = {name: value for name, value in fields.items() if getattr(self, name) != value}
        if not changed:
            return
        before = {name: getattr(self, name) for name in changed}
        for name, value in changed.items():
            setattr(self, name, value)
        self.save(update_fields=list(changed))
        self.session._touch()
        self.session.renew_lease(user)
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

    session = models.ForeignKey("Session", on_delete=models.CASCADE, related_name="messages")
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


def _option(option: Any) -> dict[str, str]:
    """An option of a question, as {"value", "label"}."""
    value = one_line(str(option.get("value", ""))) if isinstance(option, dict) else ""
    if not value:
        raise Invalid(options='An option is {"value": …, "label": …}.')
    return {"value": value[:SHORT], "label": one_line(str(option.get("label") or value))[:SHORT]}
