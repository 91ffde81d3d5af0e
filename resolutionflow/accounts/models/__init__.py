"""The wall and the people behind it: Account, Team, User, ApiToken; and Event, the account's ledger."""

from __future__ import annotations

from resolutionflow.accounts.models.account import Account
from resolutionflow.accounts.models.attempts import Attempts
from resolutionflow.accounts.models.event import BY_TIME, Event, EventQuerySet
from resolutionflow.accounts.models.hours import check_time_zone, working_week
from resolutionflow.accounts.models.owned import Owned, OwnedQuerySet
from resolutionflow.accounts.models.password_mail import PasswordMail
from resolutionflow.accounts.models.people import Team, User, UserManager, UserQuerySet
from resolutionflow.accounts.models.token import ApiToken, IdempotencyKey

__all__ = [
    "BY_TIME",
    "Account",
    "ApiToken",
    "Attempts",
    "Event",
    "EventQuerySet",
    "IdempotencyKey",
    "Owned",
    "OwnedQuerySet",
    "PasswordMail",
    "Team",
    "User",
    "UserManager",
    "UserQuerySet",
    "check_time_zone",
    "working_week",
]
