"""Somebody invited who never came: bell lines wait for them; nothing but the invitation is mailed to the address."""

from __future__ import annotations

import re

import pytest

from handoffs.models import Handoff
from notifications.audience import RULES
from notifications.models import Delivery, Notification
from notifications.relay import relay
from resolutionflow.accounts.models import Event, PasswordMail, User, password_mail
from resolutionflow.core.refusals import TooMany
from resolutionflow.core.work import Work
from sessions_app.models import Session
from tests.conftest import PASSWORD, person


@pytest.fixture
def zoe(olga) -> User:
    """Invited by a link she has not used."""
    return olga.account.add_member(by=olga, email="zoe@northwind.example", name="Zoe Tester")


def tell_everybody() -> None:
    for event in Event.objects.unrelayed().order_by("seq"):
        relay(event.pk)
    for delivery in Delivery.objects.filter(kind="email").due():
        Delivery.run(delivery.pk)


def test_a_bell_line_and_no_mail_and_the_list_says_why(client, session, ana, zoe, mailoutbox):
    handoff = Handoff.escalate(session, ana, notes="Tunnel down at Northgate", target_user=zoe)
    tell_everybody()
    assert Notification.objects.filter(user=zoe).exists()
    assert zoe.email not in [address for mail in mailoutbox for address in mail.to]
    delivery = Delivery.objects.get(recipient=zoe)
    assert (delivery.status, "not confirmed" in delivery.error) == (Work.Status.CANCELLED, True)
    client.force_login(ana)
    assert "have not confirmed this address" in client.get(f"/handoffs/{handoff.pk}/").content.decode()


@pytest.mark.parametrize("kind", sorted(RULES))
def test_no_kind_of_event_gets_through(kind, session, ana, zoe, mailoutbox):
    """Whatever is told, and whoever wrote the delivery: it is looked at again when it leaves."""
    event = Event.record(ana.account_id, kind, actor=ana, session_id=session.pk)
    delivery = Delivery.objects.create(
        account=ana.account, event=event, session=session, kind="email", recipient=zoe, address=zoe.email
    )
    Delivery.run(delivery.pk)
    delivery.refresh_from_db()
    assert (delivery.status, mailoutbox) == (Work.Status.CANCELLED, [])


def use_link(client, user) -> None:
    page = client.get("/" + user.password_link().split("/", 3)[3], follow=True)
    form = {"password1": "a wholly new phrase", "password2": "a wholly new phrase"}
    assert client.post(page.redirect_chain[-1][0], form).status_code == 302


def sign_in(client, user) -> None:
    user.set_password(PASSWORD)
    user.save()
    assert client.post("/login/", {"login": user.email, "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("confirm", [use_link, sign_in])
def test_the_link_or_a_sign_in_confirms(client, session, ana, zoe, mailoutbox, confirm):
    confirm(client, zoe)
    assert User.objects.get(pk=zoe.pk).is_confirmed
    Handoff.escalate(session, ana, notes="Tunnel down", target_user=User.objects.get(pk=zoe.pk))
    tell_everybody()
    assert [mail.to for mail in mailoutbox] == [[zoe.email]]


def test_a_password_from_the_operator_confirms(northwind):
    assert northwind.add_member(by=None, email="z@northwind.example", password=PASSWORD).is_confirmed
    assert not northwind.add_member(by=None, email="y@northwind.example").is_confirmed


def test_another_address_is_not_confirmed_and_gets_nothing(session, ana, bo, mailoutbox):
    Handoff.escalate(session, ana, notes="Tunnel down", target_user=bo)
    User.objects.filter(pk=bo.pk).update(email="bo@elsewhere.example")
    tell_everybody()
    assert not User.objects.get(pk=bo.pk).is_confirmed
    assert mailoutbox == []


def test_the_members_page_says_so_and_mails_the_link_again(client, olga, adam, zoe, ana, mailoutbox):
    client.force_login(adam)
    page = client.get("/settings/members/").content.decode()
    assert page.count("Invited, not confirmed") == 1
    assert client.post(f"/settings/members/{zoe.pk}/invite/")["Location"] == "/settings/members/"
    PasswordMail.run(PasswordMail.objects.get().pk)
    (mail,) = mailoutbox
    assert (mail.to, "added to ResolutionFlow" in mail.body) == ([zoe.email], True)
    assert re.search(r"/password/\S+", mail.body)
    assert client.post(f"/settings/members/{ana.pk}/invite/").status_code == 409
    client.force_login(ana)
    assert client.post(f"/settings/members/{zoe.pk}/invite/").status_code == 403
    assert "Email the link" not in client.get("/settings/members/").content.decode()


def test_links_are_not_mailed_as_often_as_somebody_presses(client, adam, zoe, northwind):
    client.force_login(adam)
    answers = [client.post(f"/settings/members/{zoe.pk}/invite/") for _unused in range(7)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429] * 2
    assert (answers[-1]["Retry-After"], PasswordMail.objects.count()) == ("600", 5)
    assert Event.objects.filter(kind="member.changed", facts__invited=True).count() == 5


def test_nor_to_everybody_there_is(adam, northwind, elsewhere):
    """An account may mail so many invitations in an hour, whomever to; another account has a count of its own."""
    most = password_mail.INVITING.most
    invited = [person(northwind, f"New{n}", confirmed_email="") for n in range(most + 1)]
    for member in invited[:most]:
        PasswordMail.invite(member, by=adam)
    with pytest.raises(TooMany):
        PasswordMail.invite(invited[-1], by=adam)
    assert PasswordMail.objects.count() == most
    PasswordMail.invite(person(elsewhere, "Theirs", confirmed_email=""), by=person(elsewhere, "Boss", role="owner"))


def test_sessions_of_the_unconfirmed_are_like_any(zoe):
    """Being unconfirmed takes no right away."""
    assert Session.open(zoe, problem_summary="Printer").assignee == zoe
