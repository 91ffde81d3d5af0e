"""What an account's AI took this month, and how its last calls went: for the settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, Sum

from resolutionflow.accounts.models import User
from resolutionflow.core import clock
from sessions_app import ai_words
from sessions_app.models import AiCall
from sessions_app.models.ai_call import all_tokens, begins_anew

LOOKED_AT = 20  # answered calls, for what one typically takes
RECENT = timedelta(days=30)  # a problem of before that is none


@dataclass(frozen=True)
class Month:
    """What was used of the budget in the account's calendar month."""

    tokens: int
    calls: int
    cost: Decimal | None  # US dollars, of the calls that have a price
    unpriced: int  # calls that were paid for and have none
    budget: int | None
    begins_anew: str

    @property
    def percent(self) -> int:
        return self.tokens * 100 // self.budget if self.budget else 0

    @property
    def is_used_up(self) -> bool:
        return self.budget is not None and self.tokens >= self.budget

    @property
    def is_nearly_used_up(self) -> bool:
        return not self.is_used_up and self.percent >= 80


@dataclass(frozen=True)
class LastCalls:
    answered: AiCall | None
    problem: AiCall | None
    typical: int | None  # tokens of a summary

    @property
    def problem_is_over(self) -> bool:
        """Whether the AI has answered since."""
        return bool(self.problem and self.answered and self.answered.pk > self.problem.pk)

    @property
    def problem_in_words(self) -> str:
        return ai_words.PROBLEMS[AiCall.Outcome(self.problem.outcome)] if self.problem else ""

    @property
    def seconds(self) -> str:
        """How long the last answer took: 3.1"""
        return f"{self.answered.milliseconds / 1000:.1f}" if self.answered else ""


def month_of_account(user: User) -> Month:
    """Of the account of this person; one query."""
    account = user.account
    assert account is not None
    unpriced = Count("pk", filter=Q(cost=None) & ~Q(tokens_read=0, tokens_written=0))
    found: dict[str, Any] = AiCall.objects.of_month(account).aggregate(
        tokens=Sum(all_tokens()), calls=Count("pk"), dollars=Sum("cost"), unpriced=unpriced
    )
    cost = found["dollars"] if settings.AI_PRICES else None
    return Month(
        found["tokens"] or 0, found["calls"], cost, found["unpriced"], account.ai_monthly_tokens, begins_anew(account)
    )


def last_calls(user: User) -> LastCalls:
    """Of the account of this person; two queries."""
    calls = AiCall.objects.visible_to(user).defer("asked", "answered").order_by("-created_at", "-id")
    answered = list(calls.filter(outcome=AiCall.Outcome.ANSWERED)[:LOOKED_AT])
    recent = calls.exclude(outcome=AiCall.Outcome.ANSWERED).filter(created_at__gte=clock.now() - RECENT)
    counted = (call for call in answered if call.tokens)  # of those from before they were counted nothing is known
    summaries = [call.tokens for call in counted if call.purpose == AiCall.Purpose.SUMMARY]
    typical = _rounded(median(summaries)) if summaries else None
    return LastCalls(answered[0] if answered else None, recent.first(), typical)


def _rounded(tokens: float) -> int:
    """To hundreds: more would be a promise."""
    return max(100, round(tokens / 100) * 100)
