"""Who may use the API: tokens, the pages' cookie, roles."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from resolutionflow.accounts.models import ApiToken, User
from sessions_app.models import Session
from tests.api_client import ApiClient, client_of
from tests.conftest import PASSWORD

JSON = "application/json"


@pytest.mark.parametrize(
    "header", ["", "Token", "Token wrong", "Token a b", "Bearer x", "Bearer", "Basic x", "Token \xff", "token rf_x"]
)
def test_without_a_live_token_it_is_401(ana, header) -> None:
    answer = ApiClient(headers={"Authorization": header} if header else {}).get("me/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Token")
    assert answer.json()["code"] == "not_authenticated"


def test_expired_revoked_and_deactivated_tokens_are_401(ana, olga) -> None:
    client = client_of(ana)
    assert client.get("me/").status_code == 200
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get("me/").status_code == 401
    ApiToken.objects.update(expires_at=None)
    ana.deactivate(by=olga)
    assert client.get("me/").status_code == 401


def test_the_platforms_operator_sees_no_account(db) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root@platform.example", PASSWORD, name="Root"))
    answer = client.get("/api/v1/handoffs/")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_the_pages_cookie_needs_its_csrf_token_to_write(ana) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert client.get("/api/v1/me/").json()["id"] == ana.pk
    answer = client.post("/api/v1/sessions/", {"problem_summary": "x"}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert not Session.objects.exists()


def test_a_demoted_persons_write_token_writes_no_more(ana, olga) -> None:
    client = client_of(ana, scope="write")
    ana.change_membership(by=olga, role="viewer")
    answer = client.post("sessions/", problem_summary="x")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_who_is_here(ana, bo, network, eve) -> None:
    client = client_of(bo)
    me = client.get("me/").json()
    assert (me["name"], me["role"], me["lead"], me["account"]["name"]) == (bo.name, "engineer", False, "Northwind")
    assert [team["name"] for team in me["teams"]] == ["Network"]
    assert [member["name"] for member in client.get("members/").json()["results"]] == [ana.name, bo.name]
    assert client.get("teams/").json()["results"] == [
        {"id": network.pk, "name": "Network", "members": [{"id": bo.pk, "name": bo.name}]}
    ]
