"""Every form of the Django admin: empty, right, twice, with another account's rows, with nonsense; never 500."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib import admin
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from notifications.models import Channel
from resolutionflow.accounts.models import Account, Event, Team, User
from resolutionflow.web.account_admin import AccountModelAdmin
from sessions_app.models import MemberMapping, PsaConnection

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]

RT = {"kind": "request_tracker", "base_url": "https://rt.example"}


def connected(by: User, name: str) -> PsaConnection:
    return PsaConnection.connect(by, name=name, credentials={}, **RT)


def mapping(by: User) -> MemberMapping:
    found = PsaConnection.objects.filter(account=by.account).first() or connected(by, "Mapped")
    member = User.objects.filter(account=by.account).last()
    return MemberMapping.objects.create(account=by.account, connection=found, user=member, identifier="x")


# What is right in each form that adds; and a row to change. A model that becomes addable has to be named here.
ADDS: dict[type[models.Model], Callable[[User], dict[str, Any]]] = {
    User: lambda by: {"email": "new@northwind.example", "name": "New", "role": "engineer"},
    Team: lambda by: {"name": "Servers", "members": [by.pk]},
    Channel: lambda by: {"name": "Desk", "address": "Desk@Here.example", "is_active": "on"},
    PsaConnection: lambda by: {"name": "Second", **RT},
    MemberMapping: lambda by: {
        "user": by.pk, "connection": PsaConnection.objects.get(account=by.account).pk, "identifier": "olga"
    },
}  # fmt: skip
ROWS: dict[type[models.Model], Callable[[User], Any]] = {
    Account: lambda by: by.account,
    User: lambda by: User.objects.filter(account=by.account, role="engineer").first(),
    Team: lambda by: Team.objects.filter(account=by.account).first(),
    Channel: lambda by: Channel.objects.filter(account=by.account, kind="email").first(),
    PsaConnection: lambda by: PsaConnection.objects.filter(account=by.account).first(),
    MemberMapping: mapping,
}
DESKS = {model: desk for model, desk in admin.site._registry.items() if isinstance(desk, AccountModelAdmin)}


def path(model: type[models.Model], page: str = "add", *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def desk(things: Any, olga: User) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(olga)
    return browser


def typed(browser: Client, address: str) -> dict[str, Any]:
    """The form as it is shown."""
    form = browser.get(address).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


def test_no_model_is_left_out() -> None:
    assert set(DESKS) == set(admin.site._registry)
    assert set(ADDS) == {model for model, desk in DESKS.items() if desk.addable}
    assert set(ROWS) == {model for model, desk in DESKS.items() if desk.editable}


def test_what_is_right_is_added_once_and_refused_at_the_field_the_second_time(desk, olga, wrong) -> None:
    for model, right in ADDS.items():
        with undone():
            body = right(olga)
            before, seq = model._base_manager.count(), Event.objects.filter(account=olga.account).count()
            status = desk.post(path(model), body).status_code
            wrong.unless(status == 302 and model._base_manager.count() == before + 1, model.__name__, status)
            wrong.unless(Event.objects.filter(account=olga.account).count() > seq, model.__name__, "leaves no event")
            again = desk.post(path(model), body)
            errors = again.context["errors"] if again.status_code == 200 else []
            wrong.unless(again.status_code == 200 and errors, model.__name__, "twice", again.status_code)
            wrong.unless(model._base_manager.count() == before + 1, model.__name__, "is there twice")
            wrong.unless("constraint" not in str(errors).lower(), model.__name__, errors)


def test_a_form_for_a_change_takes_itself(desk, olga, wrong) -> None:
    for model, row in ROWS.items():
        with undone():
            address = path(model, "change", row(olga).pk)
            answer = desk.post(address, typed(desk, address))
            wrong.unless(
                answer.status_code == 302, model.__name__, answer.status_code, (answer.context or {}).get("errors")
            )


def test_a_name_that_is_taken_is_refused_in_a_change(desk, olga, wrong) -> None:
    for model, right in ADDS.items():
        if model is User:
            continue  # the email is not changed here
        with undone():
            row = ROWS[model](olga)
            desk.post(path(model), right(olga))
            address = path(model, "change", row.pk)
            again = desk.post(address, {**typed(desk, address), **right(olga)})
            wrong.unless(again.status_code == 200 and again.context["errors"], model.__name__, again.status_code)


NONSENSE = [
    "", " ", "x", "-1", "0", "9" * 40, "1e999", "\x00", "a\x00b", "x" * 201, "x" * 30_000, "9999-12-31T23:59:59-23:59",
    f"{'x' * 60}@{'.'.join(['y' * 60] * 3)}.example", "null", "[]", "{}", "\ufffd", "٣",
    "https://" + "h" * 600 + ".example",
]  # fmt: skip


def test_nonsense_is_said_and_never_a_crash(desk, olga, wrong) -> None:
    for model in ROWS:
        for address in [path(model, "change", ROWS[model](olga).pk), *([path(model)] if model in ADDS else [])]:
            shown = typed(desk, address) | (ADDS[model](olga) if model in ADDS else {})
            names = sorted(desk.get(address).context["adminform"].form.fields)
            bodies = [{}, *(dict.fromkeys(names, value) for value in NONSENSE)]
            # Alone, each field takes every third of them, and its neighbours the others.
            bodies += [{**shown, name: value} for at, name in enumerate(names) for value in NONSENSE[at % 3 :: 3]]
            for body in bodies:
                with undone():
                    status = desk.post(address, body).status_code
                wrong.unless(status in (200, 302, 403, 409, 422), address, status, str(body)[:200])


def test_rows_of_another_account_are_no_choice(desk, olga, eve, root, wrong) -> None:
    theirs = {
        User: eve.pk, Team: Team.objects.create(account=eve.account, name="Theirs").pk,
        PsaConnection: connected(eve, "Theirs").pk, Account: eve.account_id,
    }  # fmt: skip
    for model, right in ADDS.items():
        for field in model._meta.get_fields():
            if field.related_model not in theirs or field.name not in right(olga):
                continue
            for pk in (theirs[field.related_model], root.pk if field.related_model is User else 0):
                with undone():
                    answer = desk.post(path(model), {**right(olga), field.name: pk})
                wrong.unless(answer.status_code == 200 and answer.context["errors"], model.__name__, field.name, pk)


def test_the_operator_changes_everybodys_and_mixes_nothing(things, olga, eve, root, wrong) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(root)
    for model, row in ROWS.items():
        wrong.unless(browser.get(path(model)).status_code == 403 or model not in ADDS, model, "can be added")
        with undone():
            address = path(model, "change", row(olga).pk)
            body = typed(browser, address)
            wrong.unless(browser.post(address, body).status_code == 302, model.__name__)
    row = mapping(olga)
    address = path(MemberMapping, "change", row.pk)
    mixed = browser.post(address, {"user": eve.pk, "connection": row.connection_id, "identifier": "x"})
    assert "Member and connection belong to the same account." in mixed.content.decode()
