"""Accounts and their people: Account, Team, User, ApiToken; and Event, the account's ledger."""

from __future__ import annotations

from resolutionflow.accounts.models.account import Account
from resolutionflow.accounts.models.attempt_limit import Attempts
from resolutionflow.accounts.models.business_hours import check_time_zone, working_week
from resolutionflow.accounts.models.event import BY_TIME, Event, EventQuerySet
from resolutionflow.accounts.models.ladder import NAMED, Ladder, LadderStep, Whom, words_of
from resolutionflow.accounts.models.password_mail import PasswordMail
from resolutionflow.accounts.models.phone import PHONE, check_phone
from resolutionflow.accounts.models.priority import PRIORITY_WORDS, Priority
from resolutionflow.accounts.models.team import Team
from resolutionflow.accounts.models.tenancy import Owned, OwnedQuerySet
from resolutionflow.accounts.models.token import ApiToken, IdempotencyKey
from resolutionflow.accounts.models.user import User
from resolutionflow.accounts.models.user_queryset import UserManager, UserQuerySet

__all__ = [
    "BY_TIME",
    "NAMED",
    "PHONE",
    "PRIORITY_WORDS",
    "Account",
    "ApiToken",
    "Attempts",
    "Event",
    "EventQuerySet",
    "IdempotencyKey",
    "Ladder",
    "LadderStep",
    "Owned",
    "OwnedQuerySet",
    "PasswordMail",
    "Priority",
    "Team",
    "User",
    "UserManager",
    "UserQuerySet",
    "Whom",
    "check_phone",
    "check_time_zone",
    "words_of",
    "working_week",
]
