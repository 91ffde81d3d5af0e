"""Bell lines, channels and deliveries in the Django admin; what failed can be sent again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from notifications.models import Channel, ChannelTest, Delivery, Notification, Preference, TimerLock
from resolutionflow.accounts.models import User
from resolutionflow.web.account_admin import AccountModelAdmin
from resolutionflow.web.form_fields import AccountModelForm


@admin.register(Notification)
class NotificationAdmin(AccountModelAdmin):
    list_display = ("title", "user", "why", "created_at", "read_at", "done_at")
    search_fields = ("title", "user__name")
    list_select_related = ("user",)


@admin.register(Preference)
class PreferenceAdmin(AccountModelAdmin):
    """What people chose to hear of; a row without a person is the account's."""

    list_display = ("__str__", "digest", "quiet_from", "quiet_until", "on_shift_only")
    search_fields = ("user__name",)
    list_select_related = ("user", "account")


class ChannelAdminForm(AccountModelForm):
    """Of a new channel, an email: what is posted to is added in the settings, where its secrets are shown once."""

    class Meta:
        model = Channel
        fields = ("name", "address", "is_active")


@admin.register(Channel)
class ChannelAdmin(AccountModelAdmin):
    form = ChannelAdminForm
    list_display = ("name", "kind", "address", "is_active", "off_reason", "last_sent_at")
    list_filter = ("is_active", "kind")
    search_fields = ("name", "address")
    fields = ("name", "kind", "address", "is_active", "off_at", "off_reason", "last_error", "last_sent_at")
    editable = ("name", "address", "is_active")
    addable = True

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        """The address of an email can be changed here; what is shown of a secret one is no address."""
        fixed = super().get_readonly_fields(request, obj)
        return fixed if not isinstance(obj, Channel) or obj.is_email else [*fixed, "address"]

    def save_model(self, request: HttpRequest, obj: Channel, form: Any, change: bool) -> None:
        by, data = request.user, form.cleaned_data
        assert isinstance(by, User)
        if change:
            fresh: Channel = Channel.objects.get(pk=obj.pk)
            fresh.change(by, name=data["name"], address=data.get("address", ""), is_active=data["is_active"])
        else:
            obj.__dict__.update(Channel.add(by, name=data["name"], address=data["address"]).__dict__)


@admin.register(ChannelTest)
class ChannelTestAdmin(AccountModelAdmin):
    list_display = ("channel", "asked_by", "status", "found", "error", "created_at")
    list_filter = ("status",)
    list_select_related = ("channel", "asked_by")


@admin.register(Delivery)
class DeliveryAdmin(AccountModelAdmin):
    list_display = ("kind", "address", "recipient", "event", "status", "attempt", "due_at", "error")
    list_filter = ("status", "kind")
    search_fields = ("address", "error", "recipient__name", "session__problem_summary", "=handoff__id")
    list_select_related = ("recipient", "event")
    actions = ("retry",)

    @admin.action(description="Try again")
    def retry(self, request: HttpRequest, rows: models.QuerySet[Delivery]) -> None:
        self.each(request, rows, lambda delivery, by, _reason: delivery.retry_by(by))


@admin.register(TimerLock)
class TimerLockAdmin(AccountModelAdmin):
    """Which process sweeps at the moment; belongs to the platform and to no account."""

    account_path = ""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_module_permission(request)
