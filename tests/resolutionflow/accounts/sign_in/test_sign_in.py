"""Signing in and out, wrong passwords, what strangers may learn, who is sent where."""

from __future__ import annotations

import pytest
from django.test import Client

from resolutionflow.accounts.models import User
from tests.conftest import PASSWORD

LOGIN = "/login/"


@pytest.fixture
def ana(ana):
    ana.set_password(PASSWORD)
    ana.save()
    return ana


@pytest.fixture
def bo(bo):
    bo.set_password(PASSWORD)
    bo.save()
    return bo


def sign_in(client: Client, email: str, password: str = PASSWORD, **data):
    return client.post(LOGIN, {"login": email, "password": password, **data})


def test_right_password_signs_in_and_changes_the_session_key(client, ana):
    client.get(LOGIN)
    client.session["planted"] = 1
    client.session.save()
    before = client.session.session_key
    answer = sign_in(client, ana.email)
    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert client.session["_auth_user_id"] == str(ana.pk)
    assert client.session.session_key != before


def test_the_case_of_the_address_does_not_matter(client, ana):
    assert sign_in(client, ana.email.upper()).status_code == 302


@pytest.mark.parametrize("next_", ["/queue/", "/handoffs/42/?a=b"])
def test_next_is_kept(client, ana, next_):
    page = client.get(LOGIN, {"next": next_})
    assert f'name="next" value="{next_}"' in page.content.decode()
    assert sign_in(client, ana.email, next=next_)["Location"] == next_


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_next_leads_nowhere_else(client, ana, next_):
    assert sign_in(client, ana.email, next=next_)["Location"] == "/"


def test_every_failure_reads_the_same(client, ana, bo, adam):
    User.objects.filter(pk=bo.pk).update(is_active=False)
    wrong = sign_in(client, ana.email, "not it at all")
    nobody = sign_in(client, "nobody@nowhere.example", "not it at all")
    inactive = sign_in(client, bo.email)
    without_password = sign_in(client, adam.email, "not it at all")
    answers = {(a.status_code, str(a.context["form"].errors)) for a in (wrong, nobody, inactive, without_password)}
    assert len(answers) == 1
    assert answers.pop()[0] == 422
    assert "_auth_user_id" not in client.session


def test_sign_out_needs_a_post_and_ends_the_session(client, ana):
    client.force_login(ana)
    assert client.get("/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/logout/")["Location"] == "/login/"
    assert "_auth_user_id" not in client.session


def test_there_is_no_sign_up(client, db):
    assert b"sign up" not in client.get(LOGIN).content.lower()
    assert client.get("/signup/").status_code == 404


def test_pages_ask_for_a_sign_in_and_htmx_is_told_to_go_there(client, db):
    answer = client.get("/settings/")
    assert answer["Location"] == "/login/?next=/settings/"
    answer = client.get("/settings/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/queue/"})
    assert answer["HX-Redirect"] == "/login/?next=/queue/"


def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(client, db):
    answer = client.post("/handoffs/1/claim/", headers={"Referer": "http://testserver/queue/?status=open"})
    assert answer["Location"] == "/login/?next=/queue/%3Fstatus%3Dopen"
    for elsewhere in ("", "http://evil.example/x", "http://testserver.evil.example/"):
        assert client.post("/handoffs/1/claim/", headers={"Referer": elsewhere})["Location"] == "/login/?next=/"


def test_the_platforms_operator_is_sent_to_the_admin(client, db):
    root = User.objects.create_superuser("root@platform.example", PASSWORD, name="Root")
    assert sign_in(client, root.email).status_code == 302
    assert client.get("/settings/")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_admin_has_our_door(client, ana):
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/login/?next=%2Fadmin%2F"
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/login/?next=%2Fadmin%2F"
    client.force_login(ana)
    assert client.get("/admin/login/").status_code == 403


def test_a_deactivated_person_is_out_at_once(client, ana):
    client.force_login(ana)
    assert client.get("/settings/").status_code == 200
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert client.get("/settings/").status_code == 302


def test_a_session_ends_after_twelve_idle_hours_and_seven_busy_days(client, ana, time_machine):
    time_machine.move_to("2026-11-20T08:00:00Z", tick=False)
    client.force_login(ana)
    for _unused in range(4):
        client.get("/settings/")
        time_machine.shift(11 * 3600)
        assert client.get("/settings/").status_code == 200
    time_machine.shift(12 * 3600 + 1)
    assert client.get("/settings/").status_code == 302
    client.force_login(ana)
    for _unused in range(17):
        time_machine.shift(11 * 3600)
        answer = client.get("/settings/")
    assert answer.status_code == 302
