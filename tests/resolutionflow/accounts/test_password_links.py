"""Links to set a password: mailed to who forgot theirs, handed to who is new. Once, and for three days."""

from __future__ import annotations

import re

import pytest

from resolutionflow.accounts.models import PasswordMail, User
from resolutionflow.core.work import Work
from tests.conftest import PASSWORD

NEW = "a wholly new phrase"


def path_of(link: str) -> str:
    assert link.startswith("http")
    return "/" + link.split("/", 3)[3]


def set_password(client, link: str, password: str = NEW, again: str | None = None):
    page = client.get(path_of(link), follow=True)
    if not page.redirect_chain:
        return page
    return client.post(page.redirect_chain[-1][0], {"password1": password, "password2": again or password})


def ask(client, address: str):
    return client.post("/password/", {"email": address})


def deliver() -> None:
    for mail in PasswordMail.objects.all():
        PasswordMail.run(mail.pk)


def test_the_mail_has_a_link_that_signs_in_with_a_new_password(client, ana, mailoutbox):
    assert ask(client, "ANA@northwind.example").status_code == 302
    assert mailoutbox == []  # never inside the request
    deliver()
    (mail,) = mailoutbox
    assert (mail.to, mail.alternatives) == (["ana@northwind.example"], [])
    link = re.search(r"http\S+/password/\S+", mail.body)[0]
    assert set_password(client, link)["Location"] == "/"
    assert client.session["_auth_user_id"] == str(ana.pk)
    client.logout()
    assert client.post("/login/", {"login": ana.email, "password": NEW}).status_code == 302


def test_unknown_and_inactive_addresses_get_the_same_answer_and_no_mail(client, ana, bo, mailoutbox):
    User.objects.filter(pk=bo.pk).update(is_active=False)
    answers = [ask(client, address) for address in (ana.email, bo.email, "nobody@nowhere.example")]
    assert len({(a.status_code, a["Location"]) for a in answers}) == 1
    assert PasswordMail.objects.count() == 3
    deliver()
    assert [mail.to for mail in mailoutbox] == [[ana.email]]
    assert set(PasswordMail.objects.values_list("status", flat=True)) == {Work.Status.DONE}


def test_not_an_address_comes_back_with_the_form(client, db):
    assert ask(client, "ana").status_code == 422


def test_a_link_works_once(client, ana):
    link = ana.password_link()
    assert set_password(client, link).status_code == 302
    client.logout()
    gone = set_password(client, link, "another phrase still")
    assert gone.status_code == 410
    assert User.objects.get(pk=ana.pk).check_password(NEW)


def test_a_link_ends_after_three_days(client, ana, time_machine):
    time_machine.move_to("2026-11-20T08:00:00Z")
    link = ana.password_link()
    time_machine.move_to("2026-11-23T07:59:00Z")
    assert client.get(path_of(link)).status_code == 302
    time_machine.move_to("2026-11-23T08:01:00Z")
    assert client.get(path_of(link)).status_code == 410


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": "other@northwind.example"}])
def test_a_link_ends_with_the_person_or_the_address(client, ana, change):
    link = ana.password_link()
    User.objects.filter(pk=ana.pk).update(**change)
    assert client.get(path_of(link)).status_code == 410


def test_a_link_is_of_one_person(client, ana, bo):
    uid, key = path_of(ana.password_link()).strip("/").split("/")[1:]
    other = path_of(bo.password_link()).strip("/").split("/")[1]
    assert client.get(f"/password/{other}/{key}/").status_code == 410
    assert uid != other


@pytest.mark.parametrize(
    ("password", "again"), [("short", None), ("password", None), ("12345678901", None), (NEW, "another")]
)
def test_weak_or_mistyped_passwords_come_back(client, ana, password, again):
    assert set_password(client, ana.password_link(), password, again).status_code == 422
    assert not User.objects.get(pk=ana.pk).has_usable_password()


def test_setting_a_password_touches_nothing_else(client, ana, olga):
    page = client.get(path_of(ana.password_link()), follow=True)
    stale = User.objects.get(pk=ana.pk)
    User.objects.get(pk=ana.pk).change_membership(by=olga, role="viewer")
    stale.change_password(NEW)
    assert User.objects.get(pk=ana.pk).role == "viewer"
    assert page.status_code == 200


def test_a_new_password_signs_out_everywhere_else(client, ana, django_user_model):
    ana.change_password(PASSWORD)
    other = client.__class__()
    client.force_login(ana)
    other.force_login(ana)
    form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post("/settings/password/", {**form, "old_password": "wrong"}).status_code == 422
    assert client.post("/settings/password/", form)["Location"] == "/settings/password/"
    assert client.get("/settings/").status_code == 200
    assert other.get("/settings/").status_code == 302
