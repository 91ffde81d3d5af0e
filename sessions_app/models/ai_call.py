"""AiCall: one question to the language model, what came of it, and what it took."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Sum

from resolutionflow.accounts.models import Account, Event, Owned, OwnedQuerySet
from resolutionflow.core import clock
from resolutionflow.core.verbs import verb

TOKENS = ("tokens_read", "tokens_cached", "tokens_stored", "tokens_written")
CACHED, STORED = Decimal("0.1"), Decimal("1.25")  # what the provider's cache costs, of a token that is read plainly
TOLD_AT = (80, 100)  # percent of the month's budget


def all_tokens() -> Any:
    """The tokens of a call, for the database."""
    return sum((F(name) for name in TOKENS[1:]), F(TOKENS[0]))


class AiCallQuerySet(OwnedQuerySet["AiCall"]):
    def of_month(self, account: Account, now: datetime | None = None) -> Any:
        """Those of the account's calendar month, in its own time zone."""
        return self.filter(account=account, created_at__gte=month_of(account, now or clock.now()))

    def with_texts(self) -> Any:
        """Those whose question or answer is still kept."""
        return self.exclude(asked={}, answered="")

    def forget_texts(self) -> int:
        """Empty what was asked and answered; the figures stay."""
        return self.by_number().update(asked={}, answered="")

    def tokens(self) -> int:
        """All tokens that they took, read or written, in a cache or not."""
        found: dict[str, int | None] = self.aggregate(all=Sum(all_tokens()))
        return found["all"] or 0


class AiCall(Owned):
    """What was asked, with its secrets left out, and answered; the tokens that are paid for, also where the answer was
    of no use; how long it took. Written once and never changed, but that prune empties old ones."""

    class Purpose(models.TextChoices):
        SUMMARY = "summary", "Summary"
        BRIEFING = "briefing", "Briefing"
        PROPOSALS = "proposals", "Proposed lines"

    class Outcome(models.TextChoices):
        ANSWERED = "answered", "Answered"
        DECLINED = "declined", "Declined"
        CUT_OFF = "cut_off", "Cut off"
        UNREADABLE = "unreadable", "Unreadable"
        TOO_LONG = "too_long", "Too long"
        BAD_REQUEST = "bad_request", "Bad request"
        BAD_KEY = "bad_key", "Bad key"
        NO_CREDIT = "no_credit", "No credit"
        NOT_ALLOWED = "not_allowed", "Not allowed"
        UNKNOWN_MODEL = "unknown_model", "Unknown model"
        SPEND_LIMIT = "spend_limit", "Spend limit"
        OVER_LIMIT = "over_limit", "Over limit"
        FAILED = "failed", "Failed"
        TIMED_OUT = "timed_out", "Timed out"
        UNREACHABLE = "unreachable", "Unreachable"

    session = models.ForeignKey("Session", on_delete=models.SET_NULL, null=True, related_name="ai_calls")
    purpose = models.CharField(max_length=10, choices=Purpose)
    outcome = models.CharField(max_length=15, choices=Outcome)
    model = models.CharField(max_length=100)
    prompt_version = models.CharField(max_length=20)
    request_id = models.CharField(max_length=100, blank=True)
    asked = models.JSONField(default=dict, blank=True)  # system, instructions, record, question: as sent
    answered = models.TextField(blank=True)
    tokens_read = models.PositiveIntegerField(default=0)  # plainly, neither from the provider's cache nor into it
    tokens_cached = models.PositiveIntegerField(default=0, help_text="Read from the provider's cache.")
    tokens_stored = models.PositiveIntegerField(default=0, help_text="Read and put into the provider's cache.")
    tokens_written = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)
    cost = models.DecimalField(
        max_digits=12, decimal_places=6, null=True, help_text="US dollars; empty where the model has no price here."
    )
    created_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = AiCallQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "AI call"
        # With the figures, which stand behind texts of many kilobytes in the row: a sum reads the index alone.
        indexes = [models.Index(fields=["account", "created_at", *TOKENS], name="ai_call_by_month")]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} by {self.model}: {self.get_outcome_display().lower()}"

    @property
    def tokens(self) -> int:
        return sum(getattr(self, name) for name in TOKENS)

    @classmethod
    @verb
    def keep(cls, *, priced_as: str = "", **fields: Any) -> AiCall:
        """Store what was asked and answered; owners and admins are notified where it passes a mark of the budget.
        `priced_as`: the model that was asked for, which may answer under a longer name."""
        call: AiCall = cls(**fields)
        call.cost = cost_of(call, priced_as)
        account = Account.objects.select_for_update(no_key=True).get(pk=call.account_id)
        budget = account.ai_monthly_tokens
        before = cls.objects.of_month(account).tokens() if budget and call.tokens else 0
        call.save(force_insert=True)
        passed = [mark for mark in TOLD_AT if budget and before * 100 < mark * budget <= (before + call.tokens) * 100]
        if passed:
            facts = {"percent": passed[-1], "tokens": before + call.tokens, "budget": budget}
            Event.record(account.pk, "ai.budget", actor=None, facts=facts)
        return call


def month_of(account: Account, now: datetime) -> datetime:
    """When the account's calendar month began."""
    return now.astimezone(ZoneInfo(account.time_zone)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month_of(account: Account, now: datetime) -> datetime:
    """When its next one begins: the budget starts anew."""
    began = month_of(account, now)
    return began.replace(year=began.year + began.month // 12, month=began.month % 12 + 1)


def begins_anew(account: Account) -> str:
    """That as a day of the account's own calendar."""
    return f"{next_month_of(account, clock.now()):%-d %B}"


def budget_is_used_up(account: Account) -> bool:
    """Whether the account has a budget and this month's calls have reached it. Calls under way may still pass it."""
    budget = account.ai_monthly_tokens
    return budget is not None and AiCall.objects.of_month(account).tokens() >= budget


def cost_of(call: AiCall, priced_as: str = "") -> Decimal | None:
    """US dollars by AI_PRICES; None where it has no price for the model, by neither name."""
    name = call.model if call.model in settings.AI_PRICES else priced_as
    if name not in settings.AI_PRICES:
        return None
    read, written = settings.AI_PRICES[name]
    weighed = call.tokens_read + CACHED * call.tokens_cached + STORED * call.tokens_stored
    return (weighed * read + call.tokens_written * written) / 1_000_000
