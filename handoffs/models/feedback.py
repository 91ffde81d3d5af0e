"""SummaryFeedback: what a person said of one version of a summary, for whoever chooses models and prompts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django.db import models

from handoffs.models.summary import Summary, SummaryVersion
from resolutionflow.accounts.models import Owned, OwnedQuerySet, User
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid
from resolutionflow.core.text import clean
from resolutionflow.core.verbs import verb

COMMENT = 2_000  # characters


class FeedbackQuerySet(OwnedQuerySet["SummaryFeedback"]):
    def with_call(self) -> Any:
        """With what was asked and answered, and about what."""
        return self.select_related("user", "version__call", "version__summary__handoff__session")


class SummaryFeedback(Owned):
    """Useful or not, and why: one of a person and version, which they may change."""

    version = models.ForeignKey(SummaryVersion, on_delete=models.CASCADE, related_name="feedback")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    useful = models.BooleanField()
    comment = models.TextField(blank=True)
    said_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = FeedbackQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "feedback on a summary"
        verbose_name_plural = "feedback on summaries"
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="one_feedback_per_version_and_person")]

    def __str__(self) -> str:
        return f"{self.user}: {'useful' if self.useful else 'not useful'}"

    @classmethod
    def of(cls, version: SummaryVersion | None, user: User) -> SummaryFeedback | None:
        """What this person said of it."""
        found: SummaryFeedback | None = cls.objects.filter(version=version, user=user).first() if version else None
        return found

    @classmethod
    @verb
    def give(cls, version: SummaryVersion, user: User, *, useful: bool, comment: str = "") -> SummaryFeedback:
        """Say it, or say it anew."""
        user.must_work()
        comment = clean(comment)
        if len(comment) > COMMENT:
            raise Invalid(comment=f"At most {COMMENT:,} characters.")
        Summary.objects.select_for_update(no_key=True).get(pk=version.summary_id)
        said = {"useful": useful, "comment": comment, "said_at": clock.now(), "account_id": version.account_id}
        given: SummaryFeedback = cls.objects.update_or_create(version=version, user=user, defaults=said)[0]
        return given


def as_json_lines(rows: Iterable[SummaryFeedback]) -> Iterator[str]:
    """One line of JSON each, for an evaluation: what was asked, with its secrets left out, what was answered, and what
    a person said of it. Who that was is not in it."""
    for row in rows:
        call = row.version.call
        told = {
            "handoff": row.version.summary.handoff_id,
            "version": row.version.number,
            "useful": row.useful,
            "comment": row.comment,
            "at": clock.iso(row.said_at),
            "model": call.model if call else None,
            "prompt_version": call.prompt_version if call else None,
            "asked": call.asked if call else None,
            "answered": call.answered if call else None,
        }
        yield json.dumps(told, ensure_ascii=False) + "\n"
