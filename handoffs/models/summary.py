"""Summary: the AI's summary of one handoff, as a row of work; the asking itself is in handoffs/prompt/."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from handoffs.prompt.summary import ask_for_summary
from resolutionflow.accounts.models import Owned, OwnedQuerySet, User
from resolutionflow.core import clock
from resolutionflow.core.redaction import in_words
from resolutionflow.core.refusals import WrongState
from resolutionflow.core.verbs import verb
from resolutionflow.core.work import NotWanted, Work, WorkQuerySet

if TYPE_CHECKING:
    from handoffs.models.handoff import Handoff
    from sessions_app.models import Step


class SummaryQuerySet(OwnedQuerySet["Summary"], WorkQuerySet):
    pass


class Summary(Work, Owned):
    """AI summary of one handoff: prose, facts, cause and next steps, each with its evidence."""

    class Confidence(models.TextChoices):
        LOW = "low", "Low"
        MEDIUM = "medium", "Medium"
        HIGH = "high", "High"
        NOT_GIVEN = "not_given", "Not set"

    task = "handoffs.summarise"
    queue = "slow"
    time_limit = timedelta(seconds=settings.AI_TIMEOUT_SECONDS + 15)
    backoff = (5, 30)  # a reading that comes after minutes helps nobody: fail visibly, with a button

    handoff = models.OneToOneField("Handoff", on_delete=models.CASCADE, related_name="summary")
    summary_prose = models.TextField(blank=True)
    unseen = models.JSONField(default=list, help_text="What the prose names that is not in the record.")
    what_we_know = models.JSONField(default=list)
    suggested_steps = models.JSONField(default=list)
    likely_cause = models.JSONField(default=dict)
    confidence = models.CharField(max_length=10, choices=Confidence, default=Confidence.NOT_GIVEN)
    steps_seen = models.PositiveIntegerField(default=0)
    model = models.CharField(max_length=100, blank=True)
    request_id = models.CharField(max_length=100, blank=True)
    redacted = models.JSONField(default=dict, blank=True)  # how many secrets were left out of what was read, by kind

    objects: ClassVar[Any] = SummaryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "summaries"
        indexes = [models.Index(fields=["due_at"], name="summary_due", condition=Q(status__in=("pending", "running")))]

    def __str__(self) -> str:
        return f"Summary of {self.handoff_id}: {self.state}"

    @property
    def state(self) -> str:
        """pending, ready, failed or off: what people and the API see in place of Work's six statuses."""
        match self.status:
            case self.Status.DONE:
                return "ready"
            case self.Status.FAILED:
                return "failed"
            case self.Status.CANCELLED:
                return "off"
            case _:
                return "pending"

    @property
    def steps_since(self) -> int:
        """How many steps were added after the AI read the session: with any, the summary is out of date."""
        return max(0, self.handoff.session.step_count - self.steps_seen) if self.state == "ready" else 0

    @property
    def redacted_count(self) -> int:
        """How many secrets were left out of what the AI read."""
        return sum(self.redacted.values())

    @property
    def left_out(self) -> str:
        """That in words."""
        return in_words(self.redacted)

    @property
    def next_steps(self) -> list[dict[str, Any]]:
        """The suggestions that were not tried when the AI was asked."""
        return [line for line in self.suggested_steps if "tried" not in line]

    @cached_property
    def already_tried(self) -> list[dict[str, Any]]:
        """The suggestions that were tried before, each with its `step` as it is now."""
        lines = [line for line in self.suggested_steps if "tried" in line]
        orders = [int(line["tried"][1:]) for line in lines]
        steps = {step.ref: step for step in self.handoff.session.steps.filter(order__in=orders)} if orders else {}
        return [{**line, "step": steps[line["tried"]]} for line in lines if line["tried"] in steps]

    def as_plain(self) -> dict[str, Any]:
        """A ready summary as plain strings, for readers who are shown no warning: without what names something that is
        not in the record, and without facts and a cause that are unproven."""
        return {
            "summary_prose": "" if self.unseen else self.summary_prose,
            "what_we_know": _plain(_proven(self.what_we_know)),
            "likely_cause": next(iter(_plain(_proven([self.likely_cause]))), None),
            "suggested_steps": _plain(self.next_steps),
            "confidence": self.confidence,
        }

    def as_text(self) -> str:
        """A ready summary as plain text, marked as the AI's. Left out are lines that name what is not in the record,
        and facts and a cause that are unproven: only the page shows them, with a warning."""
        head = f"AI-generated, unverified (confidence: {self.get_confidence_display().lower()})"
        lines = [head, *([self.summary_prose] if self.summary_prose and not self.unseen else [])]
        lines += [f"Likely cause: {line}" for line in _said(_proven([self.likely_cause]))]
        tried = [{**line, "tried": _tried_in_words(line["step"])} for line in self.already_tried]
        known = _proven(self.what_we_know)
        for title, claims in (("What we know", known), ("Next", self.next_steps), ("Already tried", tried)):
            if said := _said(claims):
                lines += [f"{title}:", *(f"- {line}" for line in said)]
        facts = [claim for claim in (self.likely_cause, *self.what_we_know) if claim.get("text")]
        left_out = bool(self.unseen) + len(facts) - len(_said(_proven(facts)))
        left_out += len(self.suggested_steps) - len(_said(self.suggested_steps))
        if left_out:
            lines.append(
                f"Left out: {left_out} line{'s' * (left_out > 1)}, unproven or with names that are not in the record"
            )
        return "\n".join(lines)

    def perform(self) -> dict[str, Any]:
        """Ask the model, outside any transaction; return the checked fields."""
        if not self.handoff.can_be_summarised:
            raise NotWanted("The AI was switched off before it read this.")
        return ask_for_summary(self.handoff.session, self.handoff.from_sender)

    def settled(self) -> None:
        kind = "summary.ready" if self.state == "ready" else "summary.failed"
        self.handoff.record_event(kind, None, error=self.error)

    @classmethod
    @verb
    def ask(cls, handoff: Handoff, user: User) -> Summary:
        """A new summary, or the first where the AI was off when the handoff was made."""
        user.must_work()
        if not handoff.can_be_summarised:
            raise WrongState("The AI is switched off for this account.")
        asked, made = cls.objects.get_or_create(handoff=handoff, defaults={"account_id": handoff.account_id})
        asked.nudge_worker() if made else asked.renew(user)
        return asked

    @verb
    def renew(self, user: User) -> None:
        """Ask for a new summary, by any engineer: after a failure, or when steps were added since."""
        user.must_work()
        if self.state == "pending":
            raise WrongState("It is being written already.")
        if not self.handoff.can_be_summarised:
            raise WrongState("The AI is switched off for this account.")
        renewed = (
            type(self)
            .objects.filter(pk=self.pk)
            .exclude(status__in=("pending", "running"))
            .update(status=self.Status.PENDING, tries=0, due_at=clock.now(), done_at=None, error="")
        )
        if not renewed:
            raise WrongState("It is being written already.")
        self.refresh_from_db()
        self.nudge_worker()


def _proven(claims: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [claim for claim in claims if claim.get("evidence")]


def _plain(claims: list[dict[str, Any]]) -> list[str]:
    return [claim["text"] for claim in claims if claim.get("text") and not claim.get("unseen")]


def _said(claims: list[dict[str, Any]]) -> list[str]:
    return [_with_evidence(claim) for claim in claims if claim.get("text") and not claim.get("unseen")]


def _with_evidence(claim: dict[str, Any]) -> str:
    if "tried" in claim:
        return f"{claim['text']} ({claim['tried']})"
    return f"{claim['text']} [{', '.join(claim['evidence'])}]" if claim["evidence"] else f"{claim['text']} (unproven)"


def _tried_in_words(step: Step) -> str:
    return f"{step.ref}, {step.ended.lower()}"
