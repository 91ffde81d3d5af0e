"""Sessions and their parts, and the ticket systems, in the Django admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.safestring import SafeString

from resolutionflow.accounts.models import User
from resolutionflow.core.text import visible
from resolutionflow.web.account_admin import AccountModelAdmin, link_to_page
from resolutionflow.web.form_fields import AccountModelForm
from sessions_app.models import (
    AiCall,
    Branch,
    Checklist,
    ConnectionCheck,
    FileDeletion,
    MemberMapping,
    Message,
    PsaConnection,
    Session,
    SessionFile,
    SessionWatch,
    Step,
    TechnicianList,
    TicketCopy,
    TicketSearch,
    Visit,
)
from sessions_app.models.gate import FEWEST, MOST
from sessions_app.models.psa import TIME_UNITS
from sessions_app.psa import CHOICES, PROVIDERS, Credential


class LedgerInline(admin.TabularInline):
    """The steps, messages or branches on a session's page: read-only."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class BranchInline(LedgerInline):
    model = Branch
    fields = ("order", "label", "status", "status_reason")


class StepInline(LedgerInline):
    model = Step
    fields = ("order", "kind", "text", "outcome", "temporary", "author", "created_at")


@admin.register(Session)
class SessionAdmin(AccountModelAdmin):
    list_display = (
        "problem_summary",
        "client_name",
        "psa_ticket_id",
        "status",
        "assignee",
        "due_at",
        "step_count",
        "handoff_count",
        "updated_at",
    )
    list_filter = ("status", "problem_domain", "intake")
    search_fields = ("problem_summary", "client_name", "asset_name", "=psa_ticket_id")
    list_select_related = ("assignee",)
    exclude = ("form_key", "intake_text")
    inlines = (BranchInline, StepInline)
    actions = ("resolve", "abandon", "reopen")

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "log", "timeline"]

    @admin.display(description="History")
    def timeline(self, session: Session) -> SafeString:
        return link_to_page("session_timeline", session, "Timeline")

    @admin.action(description="Resolve: the reason is what fixed it")
    def resolve(self, request: HttpRequest, rows: models.QuerySet[Session]) -> None:
        self.each(request, rows, lambda session, by, reason: session.resolve(by, resolution=reason))

    @admin.action(description="Abandon, with the reason")
    def abandon(self, request: HttpRequest, rows: models.QuerySet[Session]) -> None:
        self.each(request, rows, lambda session, by, reason: session.abandon(by, reason=reason))

    @admin.action(description="Reopen, with the reason")
    def reopen(self, request: HttpRequest, rows: models.QuerySet[Session]) -> None:
        self.each(request, rows, lambda session, by, reason: session.reopen(by, reason=reason))


@admin.register(Branch)
class BranchAdmin(AccountModelAdmin):
    list_display = ("label", "session", "order", "status", "status_reason")
    list_filter = ("status",)
    search_fields = ("label", "session__problem_summary")
    list_select_related = ("session",)
    exclude = ("form_key",)


@admin.register(Step)
class StepAdmin(AccountModelAdmin):
    list_display = ("text", "session", "order", "kind", "outcome", "temporary", "author", "created_at")
    list_filter = ("outcome", "temporary", "kind")
    search_fields = ("text", "session__problem_summary")
    list_select_related = ("session", "author")
    exclude = ("form_key", "free_text")

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "output"]


@admin.register(Message)
class MessageAdmin(AccountModelAdmin):
    list_display = ("content", "session", "order", "role", "author", "created_at")
    list_filter = ("role",)
    search_fields = ("content", "session__problem_summary")
    list_select_related = ("session", "author")
    exclude = ("form_key",)


@admin.register(Checklist)
class ChecklistAdmin(AccountModelAdmin):
    list_display = ("name", "domain")
    list_filter = ("domain",)
    search_fields = ("name", "checks")


@admin.register(SessionFile)
class SessionFileAdmin(AccountModelAdmin):
    list_display = ("name", "session", "content_type", "size", "author", "created_at", "removed_at")
    list_filter = ("content_type",)
    search_fields = ("name", "session__problem_summary")
    list_select_related = ("session", "author")
    exclude = ("form_key",)


@admin.register(FileDeletion)
class FileDeletionAdmin(AccountModelAdmin):
    """Bytes to be deleted from the storage, and how it went: read-only."""

    list_display = ("key", "status", "tries", "error", "due_at", "done_at")
    list_filter = ("status",)
    search_fields = ("=key",)


# --- ticket systems ----------------------------------------------------------------------------


# What stands in the form of a connection beside its name, address and credentials.
SETTINGS = ("calls_per_minute", "time_unit", *PsaConnection.BY_ITSELF)


class ConnectionAdminForm(AccountModelForm):
    """Name and address; once the kind is chosen, credentials, which are typed and never shown again."""

    kind = forms.ChoiceField(choices=CHOICES)
    base_url = forms.URLField(max_length=500, assume_scheme="https")
    calls_per_minute = forms.IntegerField(required=False, min_value=FEWEST, max_value=MOST)
    time_unit = forms.TypedChoiceField(choices=TIME_UNITS, coerce=int, required=False, empty_value=None)

    class Meta:
        model = PsaConnection
        fields = ("name", "kind", "base_url", *SETTINGS, "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["kind"]  # shown, not chosen again
            self.initial["base_url"] = self.instance.address

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        typed = {name: value for name, value in data.items() if name.startswith("credential_") and value}
        asked = [name for name in self.fields if name.startswith("credential_")]
        if typed and len(typed) < len(asked):
            raise forms.ValidationError("Type all credentials, or none.")
        data["credentials"] = {name.removeprefix("credential_"): value for name, value in typed.items()}
        return data


@admin.register(PsaConnection)
class PsaConnectionAdmin(AccountModelAdmin):
    list_display = ("name", "kind", "address", "is_active", "checked_at", "check_error", "check_found", "held")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "base_url")
    actions = ("check_connection",)
    addable = True
    editable = ("name", "base_url", *SETTINGS, "is_active")

    @admin.display(description="waits because")
    def held(self, connection: PsaConnection) -> str:
        return connection.why_held

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        provider = PROVIDERS.get(obj.kind) if obj else None
        fields = {f"credential_{each.name}": self._field(each) for each in (provider.fields if provider else ())}
        kwargs["form"] = type("ConnectionForm", (ConnectionAdminForm,), fields)
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("name", "kind", "base_url", *SETTINGS)
        provider = PROVIDERS.get(obj.kind)
        typed = [f"credential_{credential.name}" for credential in (provider.fields if provider else ())]
        found = ("checked_at", "check_error", "check_found", "held")
        return ("name", "kind", "base_url", *SETTINGS, "is_active", *typed, *found)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else ("kind", "checked_at", "check_error", "check_found", "held")

    def save_model(self, request: HttpRequest, obj: PsaConnection, form: Any, change: bool) -> None:
        by, data = request.user, form.cleaned_data
        assert isinstance(by, User)
        facts = {name: data[name] for name in ("name", "base_url", "credentials", *SETTINGS)}
        if change:
            fresh: PsaConnection = PsaConnection.objects.get(pk=obj.pk)
            fresh.change(by, **facts, is_active=data["is_active"])
        else:
            obj.__dict__.update(PsaConnection.connect(by, kind=data["kind"], **facts).__dict__)
            self.message_user(request, "Open it once more to type its credentials.", messages.WARNING)

    @admin.action(description="Check the connection")
    def check_connection(self, request: HttpRequest, rows: models.QuerySet[PsaConnection]) -> None:
        """A worker does it: the list shows the result."""
        assert isinstance(request.user, User)
        for connection in rows:
            ConnectionCheck.ask(connection, request.user)
        self.message_user(request, "Checking. Reload this page in a moment to see the result.", messages.INFO)

    @staticmethod
    def _field(credential: Credential) -> forms.CharField:
        widget = forms.PasswordInput if credential.secret else forms.TextInput
        return forms.CharField(
            label=credential.label,
            help_text="Empty: as it is.",
            max_length=2000,
            required=False,
            widget=widget(attrs={"autocomplete": "off"}),
        )


@admin.register(ConnectionCheck)
class ConnectionCheckAdmin(AccountModelAdmin):
    """Who checked a ticket system, and the result: read-only."""

    list_display = ("connection", "status", "found", "error", "asked_by", "created_at", "done_at")
    list_filter = ("status",)
    search_fields = ("connection__name",)
    list_select_related = ("connection", "asked_by")


@admin.register(TicketCopy)
class TicketCopyAdmin(AccountModelAdmin):
    """What was last read of each ticket: read-only."""

    list_display = ("number", "connection", "state", "status", "error", "read_at")
    list_filter = ("status", "is_missing")
    search_fields = ("=number", "connection__name")
    list_select_related = ("connection",)


@admin.register(TicketSearch)
class TicketSearchAdmin(AccountModelAdmin):
    """What was looked for, and how that went: read-only."""

    list_display = ("words", "connection", "status", "error", "asked_by", "created_at")
    list_filter = ("status",)
    search_fields = ("words", "connection__name")
    list_select_related = ("connection", "asked_by")


@admin.register(TechnicianList)
class TechnicianListAdmin(AccountModelAdmin):
    """Who works in each ticket system, as it last told: read-only."""

    list_display = ("connection", "status", "error", "read_at")
    list_filter = ("status",)
    search_fields = ("connection__name",)
    list_select_related = ("connection",)


class MappingAdminForm(AccountModelForm):
    class Meta:
        model = MemberMapping
        fields = ("connection", "user", "identifier")


@admin.register(MemberMapping)
class MemberMappingAdmin(AccountModelAdmin):
    """Who a member is in a ticket system, where somebody said so; what their email says is on the site's page."""

    form = MappingAdminForm
    list_display = ("user", "connection", "identifier")
    search_fields = ("user__name", "identifier")
    list_select_related = ("user", "connection")
    fields = editable = ("connection", "user", "identifier")
    addable = True

    def save_model(self, request: HttpRequest, obj: MemberMapping, form: Any, change: bool) -> None:
        assert isinstance(request.user, User)
        obj.keep(request.user)


@admin.register(Visit)
class VisitAdmin(AccountModelAdmin):
    """Who has seen which session: read-only."""

    list_display = ("session", "user", "first_at", "last_at")
    search_fields = ("=session__id", "session__problem_summary", "user__name")
    list_select_related = ("session", "user")


@admin.register(SessionWatch)
class SessionWatchAdmin(AccountModelAdmin):
    """Who watches which session, or has muted it: read-only."""

    list_display = ("session", "user", "muted")
    list_filter = ("muted",)
    search_fields = ("=session__id", "session__problem_summary", "user__name")
    list_select_related = ("session", "user")


@admin.register(AiCall)
class AiCallAdmin(AccountModelAdmin):
    """What the language model was asked and answered, with what it took: read-only."""

    list_display = (
        "created_at",
        "session",
        "purpose",
        "outcome",
        "model",
        "tokens",
        "milliseconds",
        "cost",
        "account",
    )
    list_filter = ("outcome", "purpose", "model", "created_at")
    search_fields = ("=request_id", "=session__id", "session__problem_summary")
    list_select_related = ("session", "account")
    exclude = ("asked", "answered")
    deferred = ("asked", "answered")

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "question", "answer"]

    @admin.display(description="What was asked")
    def question(self, call: AiCall) -> str:
        parts = (f"{name.upper()}\n{text}" for name, text in call.asked.items() if text)
        return visible("\n\n".join(parts)) or "Not kept any more."

    @admin.display(description="What was answered")
    def answer(self, call: AiCall) -> str:
        return visible(call.answered) or "Nothing, or not kept any more."
