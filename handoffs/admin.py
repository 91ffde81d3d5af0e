"""Handoffs, summaries and proposals in the Django admin: what happened is read-only, actions call verbs."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.safestring import SafeString

from handoffs import consistency
from handoffs.models import Handoff, Proposals, SavedView, Summary
from resolutionflow.web.account_admin import AccountModelAdmin, link_to_page


class InconsistentFilter(admin.SimpleListFilter):
    """Filters for sessions in a combination of states that must not exist: always empty, unless there is a bug."""

    title = "position"
    parameter_name = "position"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("impossible", "Impossible (a bug)")]

    def queryset(self, request: HttpRequest, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        return rows.filter(session__in=consistency.inconsistent_sessions()) if self.value() else rows


@admin.register(Handoff)
class HandoffAdmin(AccountModelAdmin):
    list_display = (
        "id",
        "session",
        "intent",
        "priority",
        "status",
        "closed_reason",
        "sender",
        "target",
        "claimed_by",
        "opened_at",
    )
    list_display_links = ("id", "session")
    list_filter = ("status", "intent", "priority", "closed_reason", InconsistentFilter)
    search_fields = ("=id", "session__problem_summary", "session__client_name", "=session__psa_ticket_id", "notes")
    list_select_related = ("session", "sender", "claimed_by", "target_user", "target_team")
    actions = ("withdraw", "take_over", "make_urgent", "make_normal")

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "timeline"]

    @admin.display(description="History")
    def timeline(self, handoff: Handoff) -> SafeString:
        return link_to_page("handoff_timeline", handoff, "Timeline")

    @admin.action(description="Withdraw")
    def withdraw(self, request: HttpRequest, rows: models.QuerySet[Handoff]) -> None:
        self.each(request, rows, lambda handoff, by, reason: handoff.withdraw(by, reason=reason))

    @admin.action(description="Take over, with the reason")
    def take_over(self, request: HttpRequest, rows: models.QuerySet[Handoff]) -> None:
        self.each(request, rows, lambda handoff, by, reason: handoff.take_over(by, reason=reason))

    @admin.action(description="Set priority urgent")
    def make_urgent(self, request: HttpRequest, rows: models.QuerySet[Handoff]) -> None:
        self.each(request, rows, lambda handoff, by, _reason: handoff.reprioritise(by, priority=0))

    @admin.action(description="Set priority normal")
    def make_normal(self, request: HttpRequest, rows: models.QuerySet[Handoff]) -> None:
        self.each(request, rows, lambda handoff, by, _reason: handoff.reprioritise(by, priority=2))


@admin.register(Summary)
class SummaryAdmin(AccountModelAdmin):
    list_display = ("handoff", "status", "current", "attempt", "due_at", "error", "again_at")
    list_filter = ("status",)
    search_fields = ("=handoff__id", "handoff__session__problem_summary", "error")
    list_select_related = ("handoff__session", "current__summary")
    actions = ("retry",)

    @admin.action(description="Regenerate")
    def retry(self, request: HttpRequest, rows: models.QuerySet[Summary]) -> None:
        self.each(request, rows, lambda summary, by, _reason: summary.renew(by))


@admin.register(Proposals)
class ProposalsAdmin(AccountModelAdmin):
    list_display = ("session", "kind", "status", "attempt", "due_at", "asked_at", "error")
    list_filter = ("status", "kind")
    search_fields = ("=session__id", "session__problem_summary", "error")
    list_select_related = ("session",)


@admin.register(SavedView)
class SavedViewAdmin(AccountModelAdmin):
    list_display = ("name", "owner", "shared", "query", "created_at")
    list_filter = ("shared",)
    search_fields = ("name", "owner__name")
    list_select_related = ("owner",)
