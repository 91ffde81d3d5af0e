"""Deletes what is not needed any more; never sessions, handoffs or events, nor deliveries of notes and
time that are in a ticket. Of calls to the AI the texts go, and the figures stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session as SignIn
from django.db.models import Q, QuerySet
from django.utils import timezone

from handoffs.models import SummaryFeedback
from notifications.models import IN_TICKETS, ChannelTest, Delivery, Notification, seen_since
from resolutionflow.accounts.models import Attempts, IdempotencyKey, PasswordMail
from resolutionflow.api import idempotency
from resolutionflow.core.refusals import Invalid
from resolutionflow.core.work import Work
from sessions_app.files.leftovers import delete_leftovers
from sessions_app.models import AiCall, ConnectionCheck, FileDeletion, TechnicianList, TicketCopy, TicketSearch

DAYS = 30
AI_TEXTS_KEPT = timedelta(days=90)
PAGE = 1000  # rows deleted at once: no lock is held for long

FINISHED = (Work.Status.DONE, Work.Status.FAILED, Work.Status.CANCELLED)


def prune(*, days: int = DAYS) -> dict[str, int]:
    """Delete old rows, and stored files that no row needs; returns how many of each. What is younger than `days` stays,
    except idempotency keys and counters of attempts: those go a day after they have ended. What was asked of the AI and
    answered goes after 90 days, whatever `days` says."""
    if days < 1:
        raise Invalid(days="Nothing that is younger than one day is thrown away.")
    before = timezone.now() - timedelta(days=days)
    deleted = {what: _delete(rows) for what, rows in _old(before)}
    return {**deleted, "texts of AI calls": _forget_ai_texts(), "stored files": delete_leftovers(before)}


def _old(before: datetime) -> Iterator[tuple[str, QuerySet[Any]]]:
    finished = Q(status__in=FINISHED, done_at__lt=before)
    posted = Q(kind__in=IN_TICKETS, status=Work.Status.DONE)
    seen = Q(read_at__lt=before) | Q(done_at__lt=before)
    opened = Q(cause=Notification.Cause.WATCH, created_at__lt=before) & Q(seen_since())
    yield "deliveries", Delivery.objects.filter(finished).exclude(posted)
    yield "channel tests", ChannelTest.objects.filter(finished)
    yield "connection checks", ConnectionCheck.objects.filter(finished)
    yield "ticket searches", TicketSearch.objects.filter(finished)
    yield "ticket copies", TicketCopy.objects.filter(finished, sessions=None)
    yield "lists of technicians", TechnicianList.objects.filter(finished, connection__is_active=False)
    yield "file deletions", FileDeletion.objects.filter(finished)
    yield "password mails", PasswordMail.objects.filter(finished)
    yield "notifications", Notification.objects.filter(seen | opened)
    yield "attempts", Attempts.objects.filter(ends_at__lt=timezone.now() - timedelta(days=1))
    yield "idempotency keys", IdempotencyKey.objects.filter(created_at__lt=timezone.now() - idempotency.KEPT_FOR)
    yield "sign-ins", SignIn.objects.filter(expire_date__lt=before)


def _delete(rows: QuerySet[Any]) -> int:
    deleted = 0
    while page := list(rows.order_by("pk").values_list("pk", flat=True)[:PAGE]):
        rows.model.objects.filter(pk__in=page).delete()
        deleted += len(page)
    return deleted


def _forget_ai_texts() -> int:
    forgotten, calls = 0, _calls_to_forget(timezone.now() - AI_TEXTS_KEPT)
    while page := list(calls.order_by("pk").values_list("pk", flat=True)[:PAGE]):
        forgotten += AiCall.objects.filter(pk__in=page).forget_texts()
    return forgotten


def _calls_to_forget(before: datetime) -> QuerySet[AiCall]:
    """Those whose question and answer nobody needs any more; with somebody's word on the answer they are kept."""
    judged = SummaryFeedback.objects.exclude(version__call=None).values("version__call")
    calls: QuerySet[AiCall] = AiCall.objects.with_texts().filter(created_at__lt=before).exclude(pk__in=judged)
    return calls
