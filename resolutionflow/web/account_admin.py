"""The base of our Django admin: lists scoped to one account, read-only unless said otherwise, changes through verbs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from resolutionflow.accounts.models import User
from resolutionflow.core.refusals import Refusal
from resolutionflow.core.text import NOTE
from resolutionflow.web.admin_lists import ListParameters, clean_search_term, possible_ids
from resolutionflow.web.form_fields import JsonField, LineField, ModelMultipleField


class ReasonActionForm(ActionForm):
    """The bar above a list: an action, and the reason some of them ask for."""

    reason = LineField(label="Reason", required=False, limit=NOTE)


def link_to_page(name: str, row: models.Model, words: Any) -> SafeString:
    """A link from a row's page in the admin to its page on the site."""
    return format_html('<a href="{}">{}</a>', reverse(name, args=[row.pk]), words)


class AccountModelAdmin(admin.ModelAdmin):
    """The admin pages of one model. Only fields in `editable` can be changed; nothing can be deleted."""

    editable: ClassVar[Sequence[str]] = ()
    addable: ClassVar[bool] = False
    deferred: ClassVar[Sequence[str]] = ()  # columns of many kilobytes, which a list does not show
    account_path: ClassVar[str] = "account"  # from the row to its account; "" where it has none
    action_form = ReasonActionForm
    formfield_overrides: ClassVar[dict[type[models.Field[Any, Any]], dict[str, Any]]] = {
        models.JSONField: {"form_class": JsonField}
    }
    view_on_site = False
    list_per_page = 50
    show_full_result_count = False
    actions_on_bottom = False

    # who sees and does what

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = super().get_queryset(request).defer(*self.deferred)
        user = _staff_user(request)
        if user.is_superuser:
            return rows
        mine = user.account_id if self.account_path else None
        return rows.filter(**{self.account_path: mine}) if mine else rows.none()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.addable and _staff_user(request).account_id is not None

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Without `editable` there is nothing to save; actions need the right to view only."""
        return bool(self.editable) and self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """404 for a row of another account, as for one that does not exist; Django would lead to its front page."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404

    # what may stand in an address

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, after parameters it does not offer were taken out: Django must not read them."""
        asked = ListParameters(self, request)
        for sentence in asked.sentences() if request.method != "POST" else ():  # it leads here again
            self.message_user(request, sentence, messages.WARNING)
        request.GET = asked.kept  # type: ignore[assignment]
        return super().changelist_view(request, extra_context)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        return super().get_search_results(request, queryset, clean_search_term(search_term))

    # what may be typed

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        named = [field.name for field in self.model._meta.get_fields() if isinstance(field, models.Field)]
        shown = self.fields or [name for name in named if name not in (self.exclude or ())]
        return [str(name) for name in shown if name not in self.editable]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.by = _staff_user(request)  # type: ignore[attr-defined]  # a class of its own for each request
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = self._visible(db_field.related_model, request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs |= {"queryset": self._visible(db_field.related_model, request), "form_class": ModelMultipleField}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _visible(self, model: type[models.Model], request: HttpRequest) -> models.QuerySet[Any]:
        found: models.QuerySet[Any] = model._default_manager.all()
        return found if _staff_user(request).is_superuser else found.filter(account_id=_staff_user(request).account_id)

    # actions

    def response_action(self, request: HttpRequest, queryset: models.QuerySet[Any], *place: Any) -> HttpResponse | None:
        """Runs an action only on ids that rows can have, and with a reason that is not too long."""
        wrong = self.action_form(request.POST).errors.get("reason")
        if wrong:
            self.message_user(request, f"Nothing was done. {' '.join(map(str, wrong))}", messages.ERROR)
            return None
        sent = request.POST.copy()
        sent.setlist(ACTION_CHECKBOX_NAME, possible_ids(sent.getlist(ACTION_CHECKBOX_NAME), self.model))
        request.POST = sent  # type: ignore[assignment]
        return super().response_action(request, queryset, *place)

    def each(self, request: HttpRequest, rows: Iterable[Any], verb: Callable[[Any, User, str], Any]) -> None:
        """Call the verb on every row, one transaction each; say what was done and what was refused."""
        reason = request.POST.get("reason", "")
        done = 0
        for row in rows:
            try:
                verb(row, _staff_user(request), reason)
            except Refusal as refusal:
                self.message_user(request, f"{row}: {refusal.detail}", messages.ERROR)
            else:
                done += 1
        if done:
            self.message_user(request, f"{done} done.", messages.SUCCESS)


def _staff_user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
