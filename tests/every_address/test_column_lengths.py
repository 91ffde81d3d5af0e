"""No form and no API body takes more than the column it ends in: each field is named with its column, or its limit."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client
from rest_framework import serializers

import handoffs
import notifications
import resolutionflow
import sessions_app
from handoffs.models import Handoff, SavedView
from notifications.models import Channel, Delivery
from resolutionflow.accounts.models import Account, ApiToken, PasswordMail, Team, User
from resolutionflow.api.fields import Body, Query
from resolutionflow.web.form_fields import AccountModelForm
from sessions_app.models import Branch, Checklist, MemberMapping, Message, PsaConnection, Session, Step
from tests.every_address.addresses import OF_PAGES, PAGES, body_of, filled, page_of
from tests.every_address.test_bad_input_pages import person_for

OURS = (resolutionflow, sessions_app, handoffs, notifications)
NOT_IMPORTED = ("migrations", "management", "settings", "celery", "asgi")

# The model in which each form's text ends, and where a field's column has another name.
OF: dict[str, type[models.Model]] = {
    "AccountForm": Account, "ProfileForm": User, "MembershipForm": User, "NewMemberForm": User, "MemberAdminForm": User,
    "TeamForm": Team, "TokenForm": ApiToken, "ForgottenPasswordForm": PasswordMail, "ChannelForm": Channel,
    "AiForm": Account, "ChecklistForm": Checklist,
    "ChannelAdminForm": Channel, "TeamAdminForm": Team, "PsaForm": PsaConnection,
    "ConnectionAdminForm": PsaConnection, "MappingAdminForm": MemberMapping, "NoteForm": Delivery,
    "NoteBody": Delivery, "TimeForm": Delivery, "TimeBody": Delivery,
    "FactsForm": Session, "SessionForm": Session, "ChangeForm": Session, "FactsBody": Session,
    "SessionBody": Session, "SessionChange": Session, "StepForm": Step, "StepChangeForm": Step, "StepBody": Step,
    "StepChange": Step, "MessageForm": Message, "MessageBody": Message, "BranchForm": Branch, "BranchBody": Branch,
    "BranchChangeForm": Branch, "BranchChange": Branch, "ResolveForm": Session, "ResolveBody": Session,
    "AffectedForm": Handoff, "EscalateFields": Handoff, "EscalateForm": Handoff, "EscalateBody": Handoff,
    "LinesForm": Handoff, "LinesBody": Handoff, "HandoffChange": Handoff, "CorrectForm": Handoff,
    "ParkForm": Handoff, "ParkBody": Handoff, "AskForm": Message, "AskBody": Message,
    "SavedViewForm": SavedView, "ReadBackForm": Handoff, "ReadBackBody": Handoff,
    "HoldForm": Handoff, "HoldBody": Handoff,
}  # fmt: skip
NAMED = {
    ("HoldForm", "reason"): "ladder_held_why", ("HoldBody", "reason"): "ladder_held_why",
    ("ReadBackForm", "text"): "read_back", ("ReadBackBody", "text"): "read_back", ("MessageForm", "text"): "content",
    ("AskForm", "text"): "content", ("AskBody", "text"): "content",
    ("TimeForm", "text"): "body", ("TimeBody", "text"): "body",
    ("BranchChangeForm", "reason"): "status_reason", ("ForgottenPasswordForm", "email"): "address",
}  # fmt: skip
REASON, ONE_REQUEST = 20_000, settings.MAX_BODY
# Without a column of their own: how long they may be.
LIMITS = {
    "comment": 2_000,
    "reason": REASON, "intake_text": 200_000, "options": 20_000, "holidays": 20_000, "free_text": 200_000,
    "lease_urgent": 20, "lease_high": 20, "lease_normal": 20, "lease_low": 20, "value": 200, "label": 200,
    "kind": 500, "q": 500, "client": 500, "ticket": 500, "selected_option": 200, "query": 8_000,
}  # fmt: skip
# Hashed or looked up, never stored as sent: as long as a request may be.
NOT_STORED = {
    "password", "password1", "password2", "old_password", "new_password1", "new_password2", "login", "uidb36", "key",
    "cursor", "limit", "sender", "target", "actor", "assignee", "older_than", "priority", "domain", "action", "shown",
}  # fmt: skip


def subclasses(of: type) -> Iterator[type]:
    for one in of.__subclasses__():
        yield one
        yield from subclasses(one)


def of_ours(base: type) -> list[type]:
    for package in OURS:
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not any(part in module.name for part in NOT_IMPORTED):
                importlib.import_module(module.name)
    names = tuple(package.__name__ for package in OURS)
    found = {one for one in subclasses(base) if one.__module__.startswith(names)}
    return sorted(found, key=lambda one: (one.__module__, one.__name__))


def texts() -> Iterator[tuple[str, str, int | None]]:
    """Form or body, field, and how much text it takes."""
    for form in of_ours(forms.BaseForm):
        for name, field in form.base_fields.items():
            if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField):
                yield form.__name__, name, getattr(field, "limit", field.max_length)
    for body in of_ours(Body):
        for name, field in body().fields.items():
            if isinstance(field, serializers.CharField):
                yield body.__name__, name, field.max_length


def column(form: str, name: str) -> models.Field[Any, Any] | None:
    model = OF.get(form)
    fields = {field.name: field for field in model._meta.fields} if model else {}
    return fields.get(NAMED.get((form, name), name))


def test_every_text_fits_its_column(wrong) -> None:
    seen = set()
    for form, name, limit in texts():
        seen.add(form)
        kept = column(form, name)
        if kept is not None:
            room = kept.max_length if isinstance(kept, models.CharField) else ONE_REQUEST
            wrong.unless(limit is not None and limit <= room, form, name, "takes", limit, "for", room)
        elif name in LIMITS:
            wrong.unless(limit == LIMITS[name], form, name, "takes", limit, "not", LIMITS[name])
        else:
            wrong.unless(name in NOT_STORED, form, name, "has neither a column nor a limit in this test")
    wrong.unless(not set(OF) - seen, "forms that are gone:", set(OF) - seen)
    assert len(seen) > 30


def test_the_forms_of_the_admin_take_what_their_columns_take(wrong) -> None:
    """Model forms have the limits of their columns, unless a field is written anew."""
    for form in of_ours(AccountModelForm):
        for name, field in form.base_fields.items():
            kept = {one.name: one for one in form._meta.model._meta.fields}.get(name)
            if isinstance(field, forms.CharField) and isinstance(kept, models.CharField):
                wrong.unless(field.max_length == kept.max_length, form.__name__, name, field.max_length)


def test_every_number_has_ends(wrong) -> None:
    for form in of_ours(forms.BaseForm):
        for name, field in form.base_fields.items():
            if isinstance(field, forms.IntegerField):
                ends = (field.min_value, field.max_value)
                wrong.unless(None not in ends, form.__name__, name, ends)
    for body in of_ours(Body):
        for name, field in body().fields.items():
            if isinstance(field, serializers.IntegerField | serializers.FloatField) and not issubclass(body, Query):
                wrong.unless(None not in (field.min_value, field.max_value), body.__name__, name)


LONG_ADDRESS = f"{'x' * 60}@{'.'.join(['y' * 62] * 3)}.example"
assert len(LONG_ADDRESS) == 257  # a right address, and three more than fit


@pytest.mark.django_db
def test_an_address_longer_than_its_column_is_said_at_the_field(things, olga, wrong) -> None:
    for route, name in OF_PAGES:
        right = body_of(PAGES[name])
        for field in {"email", "address"} & set(right):
            answer = page_of(person_for(name), "POST", filled(route, things), {**right, field: LONG_ADDRESS})
            said = "257 characters long and 254 fit" in answer.content.decode()
            wrong.unless(answer.status_code == 422 and said, name, field, answer.status_code)
            fits = LONG_ADDRESS.replace("yyy", "", 1)
            wrong.unless(page_of(olga, "POST", filled(route, things), {**right, field: fits}).status_code < 400, name)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", [LONG_ADDRESS, "x" * 5000, f"{'x' * 300}@y.example", "a\x00@y.example", "\ufffd@y.example"]
)
def test_before_signing_in(typed, db) -> None:
    for path, field in (("/password/", "email"), ("/login/", "login"), ("/admin/login/", "login")):
        answer = Client(raise_request_exception=False).post(path, {field: typed, "password": "x"}, follow=True)
        assert answer.status_code < 500, path
        assert answer.request["PATH_INFO"] in (path, "/login/"), "nothing was sent"
    assert not PasswordMail.objects.exists()


@pytest.mark.django_db
def test_a_command_says_it_too(northwind) -> None:
    for command in (
        ["create_account", "New", "--owner", LONG_ADDRESS],
        ["create_user", LONG_ADDRESS, "--account", "Northwind", "--role", "viewer"],
    ):
        with pytest.raises(CommandError, match="254"):
            call_command(*command)
