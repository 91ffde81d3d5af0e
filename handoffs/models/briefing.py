"""Briefing: what one person does not know yet of a handoff, written by the AI when they ask for it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from handoffs.models.ai_text import AiText
from handoffs.prompt.briefing import ask_for_briefing
from resolutionflow.accounts.models import Account, Event, OwnedQuerySet, User
from resolutionflow.core import clock
from resolutionflow.core.redaction import in_words
from resolutionflow.core.refusals import WrongState
from resolutionflow.core.verbs import verb
from resolutionflow.core.work import NotWanted, WorkQuerySet
from sessions_app.models import AiCall, Visit
from sessions_app.unseen_changes import ON_THE_RECORD, News, news_for

if TYPE_CHECKING:
    from handoffs.models.handoff import Handoff


class BriefingQuerySet(OwnedQuerySet["Briefing"], WorkQuerySet):
    def with_news(self) -> Self:
        """With `news_since` and `steps_since`: how much others have put on record since the AI read it, and how many
        steps are among that."""
        events: Any = Event.objects.filter(session_id=OuterRef("handoff__session_id"), seq__gt=OuterRef("seen_seq"))
        by_others = events.filter(kind__in=ON_THE_RECORD).exclude(actor_id=OuterRef("user_id"))
        news = by_others.exclude(kind="message.added", facts__role="system")
        return self.annotate(news_since=_count(news), steps_since=_count(by_others.filter(kind="step.added")))


def _why_not(handoff: Handoff) -> str | None:
    """Why nobody can ask for one now."""
    if why := handoff.why_not_summarised:
        return why
    if handoff.intent == handoff.Intent.PARK or handoff.is_closed:
        return "Only an escalation that is waiting or claimed has a briefing."
    return None


def _count(events: Any) -> Coalesce:
    counted = events.order_by().values("session_id").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


class Briefing(AiText):
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
    redacted = models.JSONField(default=dict, blank=True)  # how many secrets were left out of what was read, by kind
    call = models.ForeignKey(AiCall, on_delete=models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[Any] = BriefingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handoff", "user"], name="one_briefing_per_handoff_and_person")]
        indexes = [
            models.Index(fields=["due_at"], name="briefing_due", condition=Q(status__in=("pending", "running"))),
        ]

    news_since: int  # by with_news()
    steps_since: int

    def __str__(self) -> str:
        return f"Briefing of {self.handoff_id} for {self.user}: {self.state}"

    @classmethod
    def of(cls, handoff: Handoff, user: User) -> Briefing | None:
        """This person's, with what is new since; None where they never asked."""
        found: Briefing | None = handoff.briefings.filter(user=user).with_news().first()
        return found

    @classmethod
    def shown_to(cls, user: User, handoff: Handoff) -> Briefing:
        """The same; one that is off where they never asked."""
        found = cls.of(handoff, user)
        if found is None:
            found = cls(handoff=handoff, user=user, status=cls.Status.CANCELLED)
            found.news_since = found.steps_since = 0
        return found

    @property
    def state_shown(self) -> str:
        """Its state; where it is off, not_asked while they may ask."""
        return "not_asked" if self.state == "off" and _why_not(self.handoff) is None else self.state

    @cached_property
    def news(self) -> News | None:
        """What of the record is new to them, by rules; None where all of it is."""
        known = self.known_seq
        return news_for(self.handoff.session, self.user, after=known) if known else None

    @property
    def redacted_count(self) -> int:
        """How many secrets were left out of what the AI read."""
        return sum(self.redacted.values())

    @property
    def left_out(self) -> str:
        """That in words."""
        return in_words(self.redacted)

    @property
    def model(self) -> str:
        return self.call.model if self.call else ""

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
        else:
            asked._ask_again()
        found = cls.of(handoff, user)
        assert found is not None
        return found

    def _ask_again(self) -> None:
        """Where two ask at once, or a worker was faster, one UPDATE matches."""
        if self.state == "ready" and not type(self).objects.with_news().get(pk=self.pk).news_since:
            return
        anew = {"tries": 0, "due_at": clock.now(), "done_at": None, "error": "", "since_seq": self.known_seq}
        mine = type(self).objects.filter(pk=self.pk, attempt=self.attempt).exclude(status__in=self.UNFINISHED)
        if mine.update(status=self.Status.PENDING, **anew):
            self.nudge_worker()

    @property
    def known_seq(self) -> int:
        """Up to which of the account's events they know the record: what they had seen before this visit, and were
        told; 0 where they are here for the first time."""
        visit = Visit.of(self.handoff.session, self.user)
        if visit is None:
            return self.seen_seq
        return min(visit.since_seq, self.seen_seq) if self.written_at else visit.since_seq
