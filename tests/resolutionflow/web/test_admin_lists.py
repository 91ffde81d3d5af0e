"""The lists of the Django admin take what they offer and exact ids; any other lookup is as if it were not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, models
from django.db.models import ForeignKey
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from handoffs.models import Handoff
from resolutionflow.accounts.models import Team, User
from sessions_app.models import Session
from tests.every_address.addresses import admin_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]

DESKS = admin.site._registry
STAFF = ["olga", "root"]
ABSURD = [
    "^(a+)+$", "true", "1,2", "99999999999", "9" * 40, "9" * 5000, "\x00", "9999-12-31T23:59:59-23:59", "0001-01-01",
    "", "-1", "\ufffd", "x" * 10_000, "[]",
]  # fmt: skip
SEARCHES = ['"', "'" * 3, "a " * 5000, "\\", "9" * 40, "\x00", '(a+)+$ "b', "1 " * 90]
IGNORED = "Ignored: "


def path(model: type[models.Model], page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def endings(field: Any) -> Iterator[str]:
    """Every lookup of a field, and every lookup of every way it can be transformed."""
    for name, lookup in field.get_lookups().items():
        yield name
        if issubclass(lookup, models.Transform):
            yield from (f"{name}__{after}" for after in lookup.get_lookups())


def fields_from(model: type[models.Model], depth: int = 2, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every field, through the relations too, in both directions."""
    for field in model._meta.get_fields():
        name = before + field.name
        yield name, getattr(field, "field", field)
        if depth > 1 and field.related_model:
            yield from fields_from(field.related_model, depth - 1, f"{name}__")


def lookups(model: type[models.Model]) -> list[str]:
    """All that Django would filter by: `name`, `name__regex`, `account__name__regex`, `created_at__year__gte` …"""
    found = {"pk", "pk__in", "nonsense", "a__b"}
    found |= {f"{name}__password__regex" for name, field in fields_from(model, 3) if field.related_model is User}
    for name, field in fields_from(model):
        found |= {name, *(f"{name}__{ending}" for ending in endings(field))}
    return sorted(found - taken(model))


def taken(model: type[models.Model]) -> set[str]:
    """What a list takes, tried below."""
    return filters_of(model) | ids_of(model)


def filters_of(model: type[models.Model]) -> set[str]:
    """The filters beside the list."""
    simple = {each.parameter_name for each in DESKS[model].list_filter if isinstance(each, type)}
    return simple | {f"{name}__{end}" for name in DESKS[model].list_filter for end in ("exact", "isnull")}


def ids_of(model: type[models.Model]) -> set[str]:
    """Exact ids, in every spelling."""
    keys = [(key.name, key.attname, key.target_field.name) for key in model._meta.fields if isinstance(key, ForeignKey)]
    own = model._meta.pk.name
    ids = {own, *(name for key, column, target in keys for name in (key, column, f"{key}__{target}"))}
    return ids | {f"{name}__exact" for name in ids}


def listed(browser: Client, model: type[models.Model], query: str = "") -> tuple[list[Any], list[str], Any]:
    """Which rows are shown, by which queries, and the page."""
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(f"{path(model)}?{query}")
    assert page.status_code == 200, (page.status_code, query[:300])
    told = [query["sql"] for query in asked.captured_queries if "django_session" not in query["sql"]]
    return [row.pk for row in page.context["cl"].result_list], told, page.content.decode()


@pytest.fixture
def staff(request: pytest.FixtureRequest, things: Any) -> Client:
    browser = Client(raise_request_exception=True)
    browser.force_login(request.getfixturevalue(request.param))
    return browser


AT_ONCE = 900  # Django reads at most 1,000 parameters


@pytest.mark.parametrize("staff", STAFF, indirect=True)
def test_no_lookup_reaches_the_database(staff, wrong) -> None:
    for model in seen_by(staff):
        plain, every = listed(staff, model), lookups(model)
        for names in (every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE)):
            rows, told, page = listed(staff, model, urlencode(dict.fromkeys(names, "^(a+)+$")))
            wrong.unless(
                (rows, told) == plain[:2], model.__name__, names[0], "to", names[-1], set(told) - set(plain[1])
            )
            wrong.unless(IGNORED in page, model.__name__, names[0], "without a word")


def seen_by(browser: Client) -> list[type[models.Model]]:
    return [model for model in DESKS if browser.get(path(model)).status_code == 200]


@pytest.mark.parametrize("staff", ["olga"], indirect=True)
def test_what_a_list_takes_takes_no_nonsense(staff, wrong) -> None:
    """Every list is asked for each filter of its own and half of the spellings of its ids, the next for the rest."""
    for at, model in enumerate(seen_by(staff)):
        plain = listed(staff, model)[0]
        for name in sorted(filters_of(model)) + sorted(ids_of(model))[at % 2 :: 2]:
            rows, told, _page = listed(staff, model, urlencode({name: ABSURD}, doseq=True))
            wrong.unless(rows in (plain, []) and "a+" not in str(told), model.__name__, name)
        for value in SEARCHES[at % 4 :: 4]:  # all search alike, in columns of their own
            status = staff.get(path(model), {"q": value}).status_code
            wrong.unless(status == 200, model.__name__, "q", value[:50], status)


@pytest.mark.parametrize("name", ["o", "p", "all", "_to_field", "_popup", "_facets", "e"])
def test_what_every_list_takes_takes_no_nonsense(name, things, olga, client) -> None:
    client.force_login(olga)
    for value in (*ABSURD, *SEARCHES, "1.2.3.-1", ".", "password"):
        page = client.get(path(User), {name: value}, follow=True)
        assert page.status_code == 200, value[:50]
        assert len(page.context["cl"].result_list) == User.objects.filter(account=olga.account).count()


def test_the_reported_attacks(things, olga, client) -> None:
    client.force_login(olga)
    User.objects.filter(pk=olga.pk).update(name="a" * 30 + "!")
    everybody = User.objects.filter(account=olga.account).count()
    for query in (
        "name__regex=^(a%2B)%2B$", "password__regex=^argon2", "password__startswith=argon", "account__name__regex=(",
        "name__regex=(", "created_at__year=99999999999", "api_tokens__digest__regex=^0", "password=x",
    ):  # fmt: skip
        rows, told, page = listed(client, User, query)
        assert len(rows) == everybody, query
        assert f"{IGNORED}{query.split('=')[0]}. A list is narrowed by its search" in page, query
        assert not any("regexp" in sql.lower() for sql in told), query


def test_filters_and_exact_ids_still_narrow(things, olga, claimed, ana, bo, client) -> None:
    client.force_login(olga)
    assert listed(client, Handoff, "status__exact=claimed")[0] == [claimed.pk]
    assert listed(client, Handoff, "status__exact=open")[0] == []
    assert listed(client, Handoff, "status__exact=open&status__exact=claimed")[0] == [claimed.pk]
    assert listed(client, Handoff, "position=impossible")[0] == []
    assert len(listed(client, User, "is_active__exact=1")[0]) == User.objects.filter(account=olga.account).count()
    step = apps.get_model("sessions_app", "Step")
    for name in ("session", "session_id", "session__exact", "session__id__exact"):
        assert set(listed(client, step, f"{name}={claimed.session_id}")[0]) == set(
            claimed.session.steps.values_list("pk", flat=True)
        )
        assert listed(client, step, f"{name}={claimed.session_id + 1}")[0] == []
    assert listed(client, User, f"id__exact={bo.pk}")[0] == [bo.pk]
    assert listed(client, User, "o=-1&q=Bo")[0] == [bo.pk]


def test_ids_and_filters_show_nothing_of_another_account(things, claimed, eve, client) -> None:
    client.force_login(eve)
    for model in seen_by(client):
        theirs = model._base_manager.exclude(**{DESKS[model].account_path: eve.account_id})
        for name in sorted(taken(model)):
            for pk in theirs.values_list("pk", flat=True)[:1]:
                rows = listed(client, model, urlencode({name: pk}))[0]
                assert not theirs.filter(pk__in=rows).exists(), (model, name)


def test_every_filter_offers_what_it_takes(things, olga, client) -> None:
    """Each link of each filter is taken as it stands, and none names a row of another account."""
    client.force_login(olga)
    followed = 0
    for model in seen_by(client):
        page = client.get(path(model))
        for spec in page.context["cl"].filter_specs:
            for choice in spec.choices(page.context["cl"]):
                query = choice["query_string"].removeprefix("?")
                assert IGNORED not in listed(client, model, query)[2], (model, query)
                followed += bool(QueryDict(query))
    assert followed > 40


def test_a_page_that_is_not_there_leads_to_the_first(things, olga, ana, client) -> None:
    client.force_login(olga)
    Session.objects.bulk_create(Session(account=olga.account, started_by=ana, problem_summary="x") for _ in range(60))
    page = client.get(path(Session), {"p": "7"}, follow=True)
    assert page.status_code == 200
    assert "There is no such page of this list." in page.content.decode()
    assert "There is no such page" not in client.get(path(Session), {"p": "2"}).content.decode()


def test_a_search_too_long_is_said(things, olga, client) -> None:
    client.force_login(olga)
    rows, _told, page = listed(client, User, urlencode({"q": "Bo " * 100}))
    assert len(rows) > 1
    assert "a search has at most 200 characters" in page


# --- the addresses beside the lists ---------------------------------------------------------------

ODD = [
    "abc", "0", "-1", str(2**31), str(2**63), str(10**30), "9" * 5000, "_5F", "_00", "%00", "_3A_2F", "%FF", "a" * 3000,
]  # fmt: skip
ODD_VALUES = ("password", "^(a+)+$", "9" * 40, "\x00", "x" * 10_000)


@pytest.mark.parametrize("staff", ["olga"], indirect=True)
def test_an_odd_id_is_404(staff, wrong) -> None:
    """At each address some of them; the addresses of a kind (to change, to delete, history) are asked for all."""
    of_rows = [(route, name) for route, name, _model in admin_addresses() if "{pk}" in route and name]
    for at, (route, name) in enumerate(of_rows):
        for pk in ODD[at % 4 :: 4]:
            status = staff.get("/" + route.format(pk=pk)).status_code
            wrong.unless(status in (403, 404), name, pk[:40], status)


@pytest.mark.parametrize("staff", ["olga"], indirect=True)
def test_odd_parameters_of_a_rows_pages(staff, wrong) -> None:
    """At each page some of them; the pages of a kind are asked for all."""
    pages = [(route, name, model) for route, name, model in admin_addresses() if name and "_changelist" not in name]
    for at, (route, name, model) in enumerate(pages):
        row = model._base_manager.first()
        if row is None:
            continue
        fields = [field.name for field in model._meta.get_fields()]
        for value in ODD_VALUES[at % 3 :: 3]:
            for names in (["_to_field"], ["_popup", "p", "_changelist_filters", "e", "name__regex", *fields]):
                answer = staff.get("/" + route.format(pk=row.pk), dict.fromkeys(names, value))
                clear = answer.status_code in (200, 302, 400, 403, 404)
                wrong.unless(clear, name, names[0], value[:40], answer.status_code)


@pytest.mark.parametrize("staff", STAFF, indirect=True)
def test_nothing_is_completed_that_no_form_asks_for(staff) -> None:
    """Django completes through every relation of every model, asked for or not, and falls over the reverse ones."""
    assert not any(desk.autocomplete_fields for desk in DESKS.values())
    for model in (User, Handoff):
        for field in model._meta.get_fields():
            asked = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "term": "Tester"}
            assert staff.get("/admin/autocomplete/", {**asked, "field_name": field.name}).status_code == 404


@pytest.mark.parametrize("staff", ["olga"], indirect=True)
def test_an_action_takes_ids_that_rows_can_have(staff, bo, wrong) -> None:
    for model, desk in DESKS.items():
        for action in desk.actions:
            body = {"action": action, "_selected_action": [*ABSURD, "0"], "reason": "x"}
            status = staff.post(path(model), body).status_code
            wrong.unless(status in (302, 403), model, action, status)  # 403: the operator alone has it
    for value in ABSURD:
        body = {"action": "deactivate", "_selected_action": ["0"], "index": value, "select_across": "0" + value}
        wrong.unless(staff.post(path(User), body).status_code == 302, value)
    answer = staff.post(
        path(Team), {"action": "no such", "_selected_action": ["0", "x"], "reason": "x" * 50_000}, follow=True
    )
    wrong.unless(answer.status_code == 200, answer.status_code)


def test_a_reason_too_long_is_said(things, olga, claimed, client) -> None:
    client.force_login(olga)
    body = {"action": "take_over", "_selected_action": [claimed.pk, "x", "9" * 40], "reason": "x" * 20_001}
    page = client.post(path(Handoff), body, follow=True).content.decode()
    assert "Nothing was done. This is 20,001 characters long and 20,000 fit." in page
    assert "1 done." in client.post(path(Handoff), {**body, "reason": "Bo\x00 is ill"}, follow=True).content.decode()


def test_an_id_a_thousand_times_is_one(things, olga, client) -> None:
    client.force_login(olga)
    team = Team.objects.filter(account=olga.account).first() or Team.objects.create(account=olga.account, name="One")
    address = path(Team)
    once, often = (client.get(f"{address}?{'&'.join([f'id={team.pk}'] * count)}") for count in (1, 999))
    assert once.status_code == often.status_code == 200
    assert [row.pk for row in often.context["cl"].result_list] == [row.pk for row in once.context["cl"].result_list]
