"""The admin's addresses: who may come in, and that nothing of another account is reached there."""

from __future__ import annotations

import pytest
from django.contrib import admin

from resolutionflow.accounts.models import User
from tests.every_address.addresses import OURS, ROUTES, admin_addresses, ask

pytestmark = pytest.mark.django_db

FOR_ALL_STAFF = {
    "index",
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "jsi18n",
    "autocomplete",
    "app_list",
}


def test_every_address_of_the_admin_has_a_rule() -> None:
    about_models = {route.replace("{pk}", "<path:object_id>") for route, _name, _model in admin_addresses()}
    other = [
        (route, name) for route, name in ROUTES
        if route.startswith("admin/") and route not in about_models and name not in FOR_ALL_STAFF
    ]  # fmt: skip
    assert [route for route, _name in other if "r/" not in route[:8] and "?P<url>" not in route] == []
    assert set(admin.site._registry) == set(OURS), "a model in the admin that knows no account"


def test_the_admin_is_for_owners_admins_and_the_operator(things, bo, vic, lea, wrong) -> None:
    for route, _name, model in admin_addresses():
        path = "/" + route.format(pk=getattr(model._base_manager.first(), "pk", 1))
        for user in (None, bo, vic, lea):
            for method in ("GET", "POST"):
                answer = ask(user, method, path)
                there = answer.status_code == 302 and answer["Location"].startswith(("/admin/login/", "/login/"))
                wrong.unless(there and not answer.changed, method, path, user, answer.status_code)


def test_another_accounts_object_is_404_in_the_admin(things, eve, wrong) -> None:
    for route, name, model in admin_addresses():
        row = model._base_manager.exclude(pk=eve.pk if model is User else None).first()
        if "{pk}" not in route or row is None or row == eve.account:
            continue
        for method in ("GET", "POST"):
            answer = ask(eve, method, "/" + route.format(pk=row.pk))
            redirected = not name and answer.status_code == 302  # the old address of a change, of whatever id
            wrong.unless(
                (answer.status_code == 404 or redirected) and not answer.changed, method, name, answer.status_code
            )


def test_no_action_of_the_admin_reaches_another_account(things, eve, wrong) -> None:
    for model, desk in admin.site._registry.items():
        for action in desk.actions:
            chosen = list(
                model._base_manager.exclude(pk__in=[eve.pk] if model is User else []).values_list("pk", flat=True)
            )
            body = {"action": action, "_selected_action": chosen, "reason": "x"}
            answer = ask(eve, "POST", f"/admin/{model._meta.app_label}/{model._meta.model_name}/", body)
            wrong.unless(answer.status_code < 500 and not answer.changed, action, model.__name__, answer.status_code)


def test_looking_around_in_the_admin_changes_nothing(things, olga, root, wrong) -> None:
    for route, name, model in admin_addresses():
        row = model._base_manager.first()
        if row is not None:
            for user in (olga, root):
                answer = ask(user, "GET", "/" + route.format(pk=row.pk))
                wrong.unless(answer.status_code < 500 and not answer.changed, "GET", name, answer.status_code)
