"""Branch: one hypothesis of a session."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from resolutionflow.accounts.models import OwnedQuerySet, User
from resolutionflow.core.refusals import Invalid
from resolutionflow.core.text import NOTE, SHORT, clean
from resolutionflow.core.verbs import verb
from sessions_app.models.form_key import FormKeyed


class BranchQuerySet(OwnedQuerySet["Branch"]):
    def with_standing(self) -> Self:
        """Adds what `standing` reads: whether any step was done in the branch."""
        return self.annotate(
            has_steps=Exists(self.model.steps.rel.related_model._default_manager.filter(branch=OuterRef("pk")))
        )


class Branch(FormKeyed):
    """One hypothesis. One is active at a time; a dead end can be revived."""

    class Status(models.TextChoices):
        UNTRIED = "untried", "Untried"
        ACTIVE = "active", "Active"
        DEAD_END = "dead_end", "Dead end"
        SOLVED = "solved", "Solved"

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
        """The status in words; an untried branch that has steps is "set aside". Needs rows of with_standing()."""
        set_aside = self.status == self.Status.UNTRIED and getattr(self, "has_steps", False)
        return str("set aside" if set_aside else self.get_status_display().lower())

    @verb
    def activate(self, user: User) -> None:
        """Make this the branch that is worked on; the one that was active becomes untried unless it was decided."""
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
        self._move_active_branch(status)
        self.status, self.status_reason, self.status_changed_by = status, reason, user
        self.save(update_fields=["status", "status_reason", "status_changed_by"])
        self.session.touch()
        self.session.renew_lease(user)
        self.session.record_event(
            "branch.changed", user, branch=self.pk, label=self.label, status=status, reason=reason, before=before
        )

    def _move_active_branch(self, status: str) -> None:
        """Keep at most one active branch, and the session's `active_branch` pointing at it."""
        if status == self.Status.ACTIVE:
            self.set_aside_active(self.session)
            self.session.active_branch = self
        elif self.session.active_branch_id == self.pk:
            self.session.active_branch = None
        self.session.save(update_fields=["active_branch"])

    @classmethod
    def set_aside_active(cls, session: Any) -> None:
        """Part of a verb, before another branch becomes the active one: the one that was is untried again."""
        cls.objects.filter(session=session, status=cls.Status.ACTIVE).update(status=cls.Status.UNTRIED)
