"""Briefing: what one person does not know yet of a handoff, written by the AI when they ask for it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q, QuerySet

from handoffs.models.ai_text import AiAnswer, AiText
from handoffs.prompt.briefing import ask_for_briefing
from resolutionflow.accounts.models import Account, Event, OwnedQuerySet, User
from resolutionflow.core import clock
from resolutionflow.core.refusals import WrongState
from resolutionflow.core.verbs import verb
from resolutionflow.core.work import NotWanted, WorkQuerySet
from sessions_app.models import Visit
from sessions_app.unseen_changes import ON_THE_RECORD, News, news_for

if TYPE_CHECKING:
    from handoffs.models.handoff import Handoff


class BriefingQuerySet(OwnedQuerySet["Briefing"], WorkQuerySet):
    """Of one person and handoff each."""


def _why_not(handoff: Handoff) -> str | None:
    """Why nobody can ask for one now."""
    if why := handoff.why_not_summarised:
        return why
    if handoff.intent == handoff.Intent.PARK or handoff.is_closed:
        return "Only an escalation that is waiting or claimed has a briefing."
    return None


class Briefing(AiText, AiAnswer):
    """One person's briefing about one handoff: asked for by a press, written anew where there is news since."""

    task = "handoffs.write_briefing"

    handoff = models.ForeignKey("Handoff", on_delete=models.CASCADE, related_name="briefings")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    since_seq = models.PositiveBigIntegerField(
        default=0, help_text="The account's events up to this number they had seen; 0: all of it is new to them."
    )
    seen_seq = models.PositiveBigIntegerField(default=0, help_text="Those up to this number the AI has read.")
    written_at = models.DateTimeField(null=True)
    prose = models.TextField(blank=True)
    unseen = models.JSONField(default=list, help_text="What the prose names that is not in the record.")
    lines = models.JSONField(default=list)

    objects: ClassVar[Any] = BriefingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handoff", "user"], name="one_briefing_per_handoff_and_person")]
        indexes = [
            models.Index(fields=["due_at"], name="briefing_due", condition=Q(status__in=("pending", "running"))),
        ]

    def __str__(self) -> str:
        return f"Briefing of {self.handoff_id} for {self.user}: {self.state}"

    @classmethod
    def of(cls, handoff: Handoff, user: User) -> Briefing | None:
        """This person's; None where they never asked."""
        found: Briefing | None = handoff.briefings.filter(user=user).first()
        if found:
            found.handoff = handoff  # with its session, which is read
        return found

    @classmethod
    def shown_to(cls, user: User, handoff: Handoff) -> Briefing:
        """The same; one that is off where they never asked."""
        return cls.of(handoff, user) or cls(handoff=handoff, user=user, status=cls.Status.CANCELLED)

    @property
    def state_shown(self) -> str:
        """Its state; where it is off, not_asked while they may ask."""
        return "not_asked" if self.state == "off" and _why_not(self.handoff) is None else self.state

    @cached_property
    def news(self) -> News | None:
        """What of the record is new to them, by rules; None where all of it is."""
        known = self.known_seq
        return news_for(self.handoff.session, self.user, after=known) if known else None

    def _put_since(self) -> QuerySet[Event]:
        """What others have put on record since the AI read it."""
        about = Event.objects.of_session(self.handoff.session_id).by_others(self.user_id, after=self.seen_seq)
        found: QuerySet[Event] = about.filter(kind__in=ON_THE_RECORD)
        return found

    @cached_property
    def news_since(self) -> int:
        """How much that is; an analysis put into the conversation at a claim is none."""
        return self._put_since().exclude(kind="message.added", facts__role="system").count() if self.pk else 0

    @cached_property
    def steps_since(self) -> int:
        return self._put_since().filter(kind="step.added").count() if self.pk else 0

    def perform(self) -> dict[str, Any]:
        """Ask the model, outside any transaction."""
        if not self.user.is_engineer:
            raise NotWanted("They stopped working here before the AI read this.")
        if (self.handoff.is_closed or not self.handoff.can_be_summarised) and (why := _why_not(self.handoff)):
            raise NotWanted(why)
        seen = Account.objects.values_list("last_seq", flat=True).get(pk=self.account_id)
        about = (self.handoff.session, self.handoff.from_sender)
        read = ask_for_briefing(*about, reader=self.user, since_seq=self.since_seq)
        return {**read, "seen_seq": seen, "written_at": clock.now()}

    def settled(self) -> None:
        kind = "briefing.ready" if self.state == "ready" else "briefing.failed"
        self.handoff.record_event(kind, None, requested_by=self.user_id, error=self.error)

    @classmethod
    @verb
    def ask(cls, handoff: Handoff, user: User) -> Briefing:
        """This person's briefing, to be written by a worker: the first, or another after a failure or where there is
        news. One that is being written, or says it all, is given back as it is."""
        user.must_work()
        if why_not := _why_not(handoff):
            raise WrongState(why_not)
        first = {"account_id": handoff.account_id, "since_seq": cls(handoff=handoff, user=user).known_seq}
        asked, made = cls.objects.get_or_create(handoff=handoff, user=user, defaults=first)
        if made:
            asked.nudge_worker()
        elif asked.state != "ready" or asked.news_since:
            asked.ask_anew(since_seq=asked.known_seq)
        found = cls.of(handoff, user)
        assert found is not None
        return found

    @property
    def known_seq(self) -> int:
        """Up to which of the account's events they know the record: what they had seen before this visit, and were
        told; 0 where they are here for the first time."""
        visit = Visit.of(self.handoff.session, self.user)
        if visit is None:
            return self.seen_seq
        return min(visit.since_seq, self.seen_seq) if self.written_at else visit.since_seq
