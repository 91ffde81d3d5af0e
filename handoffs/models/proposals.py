"""Proposals: what the AI proposes to write in the form that escalates or resolves a session, as a row of work; the
asking is in handoffs/prompt/."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from handoffs.models.ai_text import AiAnswer, AiText
from handoffs.prompt.proposals import ask_for_proposals
from resolutionflow.accounts.models import Account, Event, OwnedQuerySet, User
from resolutionflow.core import clock, nudges
from resolutionflow.core.refusals import WrongState
from resolutionflow.core.verbs import verb
from resolutionflow.core.work import NotWanted, WorkQuerySet
from sessions_app import ai_words
from sessions_app.models import Session

PATIENCE = timedelta(seconds=90)  # for which an open form waits for them
FAILED_ANEW = timedelta(minutes=1)  # after a failure, before an open form asks once more
ON_THE_RECORD = ("step", "message", "branch", "session.changed")  # kinds of events: what the AI reads is another since


class ProposalsQuerySet(OwnedQuerySet["Proposals"], WorkQuerySet):
    """Of one form of a session each."""


class Proposals(AiText, AiAnswer):
    """Lines for the fields of one form of a session, made by the AI while somebody has it open and shown there alone:
    no event, and nobody is notified. A line is written nowhere unless somebody presses for it."""

    class Kind(models.TextChoices):
        ESCALATION = "escalation", "Escalation"
        RESOLUTION = "resolution", "Resolution"

    FROM: ClassVar[dict[str, tuple[str, ...]]] = {
        Kind.ESCALATION: (Session.Status.ACTIVE, Session.Status.PAUSED),
        Kind.RESOLUTION: tuple(Session.UNFINISHED),
    }  # the statuses of a session in which its form can be sent

    task = "handoffs.propose"
    backoff = (5,)  # the form is open now

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="proposals")
    kind = models.CharField(max_length=10, choices=Kind)
    lines = models.JSONField(default=list, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    seen_seq = models.PositiveBigIntegerField(
        default=0, help_text="The account's events up to this number the AI has read."
    )
    steps_seen = models.PositiveIntegerField(default=0)
    messages_seen = models.PositiveIntegerField(default=0)

    objects: ClassVar[Any] = ProposalsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "proposals"
        constraints = [models.UniqueConstraint(fields=["session", "kind"], name="one_row_of_proposals_per_form")]
        indexes = [
            models.Index(fields=["due_at"], name="proposals_due", condition=Q(status__in=("pending", "running")))
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of session {self.session_id}: {self.status}"

    @staticmethod
    def can_be_asked(account: Account) -> bool:
        """Whether it is on, and the month's budget is not used up."""
        return not ai_words.why_not(account)

    @classmethod
    @verb
    def ask(cls, session: Session, user: User, kind: str) -> Proposals | None:
        """Those for this form, by somebody who may send it; None where the AI is not to be asked. A worker makes them
        where there are none yet, or the record is another since; of several who ask at once all get the same. Without a
        step or message there is nothing that a line could rest on."""
        user.must_work()
        session.must_be_assignee_or_lead(user)
        if session.status not in cls.FROM[kind]:
            raise WrongState(session.where())
        if not (session.step_count or session.message_count) or not cls.can_be_asked(session.account):
            return None
        made, _new = cls.objects.get_or_create(session=session, kind=kind, defaults={"account_id": session.account_id})
        asked: Proposals = cls.objects.select_for_update(of=("self",), no_key=True).get(pk=made.pk)
        asked.session = session
        if asked._are_to_be_made_anew:
            asked.ask_anew(asked_at=clock.now())
        elif asked.status == cls.Status.PENDING:
            asked.nudge_worker()
        return asked

    @property
    def _are_to_be_made_anew(self) -> bool:
        match self.status:
            case self.Status.DONE:
                return self._are_old
            case self.Status.FAILED:
                return self.done_at is None or self.done_at < clock.now() - FAILED_ANEW
            case self.Status.CANCELLED:
                return True
            case _:
                return False

    @property
    def _are_old(self) -> bool:
        """Whether the record is another than the one the AI has read."""
        seen = (self.steps_seen, self.messages_seen)
        since = Event.objects.of_session(self.session_id).after(self.seen_seq).narrowed(kinds=ON_THE_RECORD)
        return seen != (self.session.step_count, self.session.message_count) or since.exists()

    @property
    def are_being_made(self) -> bool:
        """Whether an open form may wait for them."""
        return self.is_unfinished and self.asked_at > clock.now() - PATIENCE

    @property
    def by_field(self) -> dict[str, list[dict[str, Any]]]:
        """The lines by the fields they are for; none while they are made anew."""
        found: dict[str, list[dict[str, Any]]] = {}
        for line in self.lines if self.status == self.Status.DONE else []:
            found.setdefault(line["field"], []).append(line)
        return found

    def perform(self) -> dict[str, Any]:
        """Ask the model, outside any transaction."""
        if not self.can_be_asked(self.account):
            raise NotWanted("The AI was switched off, or its budget used up, before it read this.")
        if self.session.status not in self.FROM[self.kind]:
            raise NotWanted("The session was sent on before the AI read it.")
        seen_seq = Account.objects.values_list("last_seq", flat=True).get(pk=self.account_id)
        return {**ask_for_proposals(self.session, self.kind), "seen_seq": seen_seq}

    def _store(self, **fields: Any) -> None:
        """Store the outcome, and have forms that are open ask for it."""
        super()._store(**fields)
        nudges.answered(self.account_id)
