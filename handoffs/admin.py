"""Handoffs and what the AI writes about them in the Django admin: what happened is read-only, actions call verbs."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from handoffs import consistency
from handoffs.models import Briefing, Handoff, Proposals, SavedView, Summary, SummaryFeedback, SummaryVersion
from handoffs.models.feedback import as_json_lines
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
    actions = ("withdraw", "take_over", "hold_ladder", "let_ladder_go", "make_urgent", "make_normal")

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

    @admin.action(description="Hold the ladder, with the reason")
    def hold_ladder(self, request: HttpRequest, rows: models.QuerySet[Handoff]) -> None:
        self.each(request, rows, lambda handoff, by, reason: handoff.hold(by, reason=reason))

    @admin.action(description="Let the ladder go on")
    def let_ladder_go(self, request: HttpRequest, rows: models.QuerySet[Handoff]) -> None:
        self.each(request, rows, lambda handoff, by, _reason: handoff.let_go(by))

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


@admin.register(SummaryVersion)
class SummaryVersionAdmin(AccountModelAdmin):
    """What the AI has answered about handoffs, each time: read-only."""

    list_display = ("summary", "number", "confidence", "steps_seen", "call", "created_at")
    list_filter = ("confidence",)
    search_fields = ("=summary__handoff__id", "summary__handoff__session__problem_summary")
    list_select_related = ("summary", "call")
    deferred = ("call__asked", "call__answered")


@admin.register(SummaryFeedback)
class SummaryFeedbackAdmin(AccountModelAdmin):
    list_display = ("said_at", "about", "version_number", "useful", "comment", "user", "by_model")
    list_filter = ("useful", "said_at")
    search_fields = ("comment", "user__name", "=version__summary__handoff__id")
    list_select_related = ("user", "version__call", "version__summary__handoff__session")
    readonly_fields = ("about", "asked", "answered")
    fields = ("said_at", "account", "user", "useful", "comment", "about", "asked", "answered")
    actions = ("export",)
    deferred = ("version__call__asked", "version__call__answered")

    @admin.display(description="Handoff")
    def about(self, row: SummaryFeedback) -> str:
        handoff = row.version.summary.handoff
        return link_to_page("handoff", handoff, handoff)

    @admin.display(description="Version")
    def version_number(self, row: SummaryFeedback) -> int:
        return row.version.number

    @admin.display(description="Model")
    def by_model(self, row: SummaryFeedback) -> str:
        return row.version.model

    @admin.display(description="What was asked")
    def asked(self, row: SummaryFeedback) -> str:
        parts = row.version.call.asked if row.version.call else {}
        return format_html_join("", "<h3>{}</h3><pre>{}</pre>", parts.items()) if parts else "Not kept."

    @admin.display(description="What was answered")
    def answered(self, row: SummaryFeedback) -> str:
        said = row.version.call.answered if row.version.call else ""
        return format_html("<pre>{}</pre>", said) if said else "Not kept."

    @admin.action(description="Export as JSON lines")
    def export(self, request: HttpRequest, rows: models.QuerySet[SummaryFeedback]) -> StreamingHttpResponse | None:
        if not (chosen := [row.pk for row in rows]):
            return None
        found = SummaryFeedback.objects.filter(pk__in=chosen).with_call().order_by("pk")
        lines = as_json_lines(found.iterator(chunk_size=100))
        headers = {"Content-Disposition": 'attachment; filename="feedback.jsonl"'}
        return StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8", headers=headers)


@admin.register(Briefing)
class BriefingAdmin(AccountModelAdmin):
    list_display = ("handoff", "user", "status", "attempt", "due_at", "written_at", "error")
    list_filter = ("status",)
    search_fields = ("=handoff__id", "handoff__session__problem_summary", "user__name", "error")
    list_select_related = ("handoff__session", "user")
    actions = ("retry",)

    @admin.action(description="Try again")
    def retry(self, request: HttpRequest, rows: models.QuerySet[Briefing]) -> None:
        self.each(request, rows, lambda briefing, _by, _reason: briefing.retry())


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
