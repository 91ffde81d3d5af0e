"""Summary: the AI's summary of one handoff, as a row of work, and its versions; the asking is in handoffs/prompt/."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from handoffs.models.ai_text import AiAnswer, AiText
from handoffs.prompt.summary import ask_for_summary
from resolutionflow.accounts.models import Account, Owned, OwnedQuerySet, User
from resolutionflow.core import clock
from resolutionflow.core.refusals import WrongState
from resolutionflow.core.verbs import verb
from resolutionflow.core.work import GiveUp, NeedsSomebody, NotWanted, Work, WorkQuerySet
from sessions_app.models.ai_call import budget_is_used_up

if TYPE_CHECKING:
    from handoffs.models.handoff import Handoff
    from sessions_app.models import Step

QUIET = timedelta(minutes=1)  # after the last thing written, before a summary is renewed by itself
ASKED_AGAIN = timedelta(minutes=10)  # at least, after a failure that may have passed or been set right since
GIVEN_UP = timedelta(days=1)  # after so long, of what may pass: some of these tries are paid for
AT_ONCE = 200  # of each kind, in one round of the sweep
LONGEST_PAUSE = timedelta(hours=6)  # between tries of what somebody has to set right: they cost nothing


class SummaryQuerySet(OwnedQuerySet["Summary"], WorkQuerySet):
    def to_renew(self, now: datetime) -> Self:
        """Of unclosed handoffs: those whose session got new steps and then was quiet, where the account wants that;
        those that failed and are asked again by themselves; and those that were not read because the AI was off."""
        if not settings.ANTHROPIC_API_KEY:
            return self.none()
        lively = self.filter(
            handoff__status__in=("open", "claimed"), handoff__intent="escalate", account__ai_enabled=True
        )
        wanted = [lively.filter(status=Work.Status.FAILED, again_at__lte=now)]
        wanted.append(lively.filter(status=Work.Status.CANCELLED))
        quiet = Account.objects.filter(ai_enabled=True, ai_after_quiet_minute=True)
        if accounts := [account.pk for account in quiet if not budget_is_used_up(account)]:
            stale = lively.filter(status=Work.Status.DONE, handoff__account__in=accounts)
            stale = stale.filter(current__steps_seen__lt=F("handoff__session__step_count"))
            wanted.append(stale.filter(handoff__session__updated_at__lte=now - QUIET))
        # One after the other, each by an index of its own: an OR of them would read every summary there is.
        found = [pk for rows in wanted for pk in rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]]
        return self.filter(pk__in=found)

    def ask_again(self, account_id: int) -> int:
        """The account's settings of the AI were changed, so that what has failed may work now: ask soon, whatever was
        waited for."""
        failing = self.filter(account_id=account_id, status=Work.Status.FAILED, again_at__isnull=False)
        return failing.update(again_at=clock.now())


class Summary(AiText):
    """AI summary of one handoff: what is asked, and how that goes. What was answered last is its `current` version,
    which stays while another is written."""

    task = "handoffs.summarise"

    handoff = models.OneToOneField("Handoff", on_delete=models.CASCADE, related_name="summary")
    current = models.ForeignKey("SummaryVersion", on_delete=models.SET_NULL, null=True, related_name="+")
    failed_since = models.DateTimeField(null=True)  # in the way it fails now
    needs_somebody = models.BooleanField(default=False)  # who sets something right: that is how it fails
    again_at = models.DateTimeField(null=True)  # when it is asked again by itself, where that may help

    objects: ClassVar[Any] = SummaryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "summaries"
        indexes = [
            models.Index(fields=["due_at"], name="summary_due", condition=Q(status__in=("pending", "running"))),
            models.Index(fields=["again_at"], name="summary_again", condition=Q(status="failed")),
            models.Index(fields=["account", "id"], name="summary_off", condition=Q(status="cancelled")),
        ]

    def __str__(self) -> str:
        return f"Summary of {self.handoff_id}: {self.state}"

    @property
    def shown(self) -> SummaryVersion:
        """The current version; an empty one before the first."""
        if self.current is None:
            return SummaryVersion(summary=self, number=0, steps_seen=self.handoff.session.step_count)
        version: SummaryVersion = self.current
        version.summary = self  # with its handoff and session, which are read
        return version

    @property
    def written_at(self) -> datetime | None:
        """When the current version was written."""
        return self.current.created_at if self.current else None

    @property
    def redacted(self) -> Any:
        return self.shown.redacted

    @property
    def redacted_count(self) -> int:
        return self.shown.redacted_count

    def perform(self) -> dict[str, Any]:
        """Ask the model, outside any transaction."""
        if not self.handoff.can_be_summarised:
            raise NotWanted("The AI was switched off before it read this.")
        try:
            self.read = ask_for_summary(self.handoff.session, self.handoff.from_sender)
        except GiveUp as error:
            self.failed_as = error
            raise
        return {"failed_since": None, "again_at": None}

    read: dict[str, Any]  # what perform() was answered, for settled() to store
    failed_as: GiveUp | None = None  # and why it gave up; None: it was tried a few times in vain

    def settled(self) -> None:
        if self.state == "ready":
            self.add_version(**self.read)
            self.handoff.record_event("summary.ready", None, error="")
            return
        now, first = clock.now(), self.failed_since is None
        needs_somebody = isinstance(self.failed_as, NeedsSomebody)
        since = self.failed_since if self.failed_since and needs_somebody == self.needs_somebody else now
        told = {"failed_since": since, "needs_somebody": needs_somebody, "again_at": self._again_at(now, since)}
        type(self).objects.filter(pk=self.pk).update(**told)
        if first:
            self.handoff.record_event("summary.failed", None, error=self.error)

    def _again_at(self, now: datetime, since: datetime) -> datetime | None:
        """When it is asked again by itself: after as long as it has failed already."""
        wait = max(ASKED_AGAIN, now - since)
        match self.failed_as:
            case NeedsSomebody(works_from=later) if later is not None:
                return later
            case NeedsSomebody():
                return now + min(wait, LONGEST_PAUSE)
            case None if now - since < GIVEN_UP:
                return now + wait
        return None

    def add_version(self, **fields: Any) -> SummaryVersion:
        """Store an answer as the current one; the row of work is locked, or new."""
        version: SummaryVersion = self.versions.create(
            account_id=self.account_id, number=self.versions.count() + 1, **fields
        )
        self.current = version
        self.save(update_fields=["current"])
        return version

    @classmethod
    @verb
    def ask(cls, handoff: Handoff, user: User) -> Summary:
        """A new summary, or the first where the AI was off when the handoff was made."""
        user.must_work()
        handoff.must_be_summarisable()
        asked, made = cls.objects.get_or_create(handoff=handoff, defaults={"account_id": handoff.account_id})
        asked.nudge_worker() if made else asked.renew(user)
        return asked

    @verb
    def renew(self, user: User) -> None:
        """Ask for a new summary, by any engineer."""
        user.must_work()
        if self.state == "pending":
            raise WrongState("It is being written already.")
        self.handoff.must_be_summarisable()
        if not self.ask_anew(failed_since=None):
            raise WrongState("It is being written already.")

    @verb
    def renew_by_time(self) -> bool:
        """By the sweep; False where there is no need any more."""
        needed = type(self).objects.filter(pk=self.pk, attempt=self.attempt).to_renew(clock.now()).exists()
        return needed and self.ask_anew(**({"failed_since": None} if self.state == "off" else {}))


class SummaryVersion(AiAnswer, Owned):
    """One answer about a handoff: prose, facts, cause and next steps, each with its evidence."""

    class Confidence(models.TextChoices):
        LOW = "low", "Low"
        MEDIUM = "medium", "Medium"
        HIGH = "high", "High"
        NOT_GIVEN = "not_given", "Not set"

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    summary_prose = models.TextField(blank=True)
    unseen = models.JSONField(default=list, help_text="What the prose names that is not in the record.")
    what_we_know = models.JSONField(default=list)
    suggested_steps = models.JSONField(default=list)
    likely_cause = models.JSONField(default=dict)
    confidence = models.CharField(max_length=10, choices=Confidence, default=Confidence.NOT_GIVEN)
    steps_seen = models.PositiveIntegerField(default=0)
    messages_seen = models.PositiveIntegerField(default=0)
    what_was_read = models.CharField(max_length=300, blank=True)  # what of the record was not read, in words
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["summary", "number"], name="summary_version_number")]

    @classmethod
    def of(cls, handoff: Handoff, number: int | None = None) -> SummaryVersion | None:
        """That of this number, or the newest."""
        versions = cls.objects.filter(summary__handoff=handoff)
        found: SummaryVersion | None = (versions.filter(number=number) if number else versions).first()
        return found

    def __str__(self) -> str:
        return f"Version {self.number} of the summary of {self.summary.handoff_id}"

    @property
    def handoff(self) -> Handoff:
        handoff: Handoff = self.summary.handoff
        return handoff

    @property
    def steps_since(self) -> int:
        """How many steps were added after the AI read the session: with any, it is out of date."""
        return max(0, self.handoff.session.step_count - self.steps_seen)

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

    @property
    def ordered_steps(self) -> list[dict[str, Any]]:
        """All suggestions, those that were tried before last."""
        return [*self.next_steps, *self.already_tried]

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
