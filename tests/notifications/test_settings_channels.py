"""The account's channels in the settings: each kind added, changed, tested, switched off and on again."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Channel, ChannelTest, Delivery
from resolutionflow.accounts.models import Event, User
from tests.conftest import relay_all
from tests.fakes.hooks import Hooks
from tests.notifications.channels.conftest import deliver, hooks, slack, webhook  # noqa: F401  fixtures
from tests.notifications.transports.test_email import server as mail_server  # noqa: F401  a fixture

DESK = {"name": "Desk", "address": "Desk@Northwind.example"}
SLACK = {"name": "Chat", "secret_address": "https://hooks.slack.com/services/T0/B0/SecretOfSlack1234"}
TEAMS = {
    "name": "Teams",
    "secret_address": "https://prod-7.westeurope.logic.azure.com:443/workflows/a?sig=SecretOfTeams1234",
}
HOOK = {"name": "Program", "secret_address": "https://flow.example.net/in/SecretOfHook1234"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, path: str = "/settings/channels/") -> str:
    """What a reader sees of a page."""
    text = re.sub(r"<[^>]+>", " ", signed_in(user).get(path).content.decode())
    return " ".join(text.split())


@pytest.fixture
def desk(adam) -> Channel:
    return Channel.add(adam, name="Desk", address="desk@northwind.example")


def test_a_mailbox_is_added_changed_and_switched_off(adam):
    client = signed_in(adam)
    new = "/settings/channels/new/email/"
    assert client.post(new, DESK).status_code == 302
    desk = Channel.objects.get()
    assert desk.address == "desk@northwind.example"
    assert client.post(new, DESK).status_code == 422
    assert client.post(new, {**DESK, "address": "x"}).status_code == 422
    assert client.post(f"/settings/channels/{desk.pk}/", DESK).status_code == 302
    desk.refresh_from_db()
    assert not desk.is_active
    assert Event.objects.filter(kind="connection.changed").count() == 2


@pytest.mark.parametrize(
    ("kind", "fields", "shown"),
    [
        ("slack", SLACK, "hooks.slack.com …1234"),
        ("teams", TEAMS, "prod-7.westeurope.logic.azure.com:443 …1234"),
        ("webhook", HOOK, "flow.example.net …1234"),
    ],
)
def test_an_address_is_taken_and_never_shown_again(adam, kind, fields, shown):
    client = signed_in(adam)
    assert client.post(f"/settings/channels/new/{kind}/", fields).status_code == 302
    channel = Channel.objects.get()
    assert channel.goes_to() == fields["secret_address"]
    assert channel.address == shown
    for path in ("/settings/channels/", f"/settings/channels/{channel.pk}/"):
        text = client.get(path).content.decode()
        assert shown in text
        assert "SecretOf" not in text
    again = client.post(f"/settings/channels/new/{kind}/", {**fields, "name": "Once more"})
    assert "There is a channel to this address already." in again.content.decode()
    assert "SecretOf" not in again.content.decode()


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("slack", "http://hooks.slack.com/services/T0/B0/x"),
        ("slack", "https://hooks.slack.com.evil.example/services/T0/B0/x"),
        ("slack", "https://hooks.slack.com/triggers/T0/1/x"),
        ("slack", "https://me:pw@hooks.slack.com/services/T0/B0/x"),
        ("slack", "https://hooks.slack.com:8443/services/T0/B0/x"),
        ("slack", "https://flow.example.net/services/T0/B0/x"),
        ("teams", "https://logic.azure.com/workflows/x"),
        ("teams", "https://evillogic.azure.com/workflows/x"),
        ("teams", "https://x.logic.azure.com.evil.example/workflows/x"),
        ("teams", "https://northwind.webhook.office.com/webhookb2/x"),
        ("webhook", "http://flow.example.net/in"),
        ("webhook", "https://flow.example.net:8443/in"),
        ("webhook", "ftp://flow.example.net/in"),
        ("webhook", "flow"),
        ("webhook", "https://[flow/in-secret"),
        ("webhook", "https://]/in-secret"),
        ("slack", "see https://hooks.slack.com/services/T0/B0/in-secret here"),
        ("slack", "https://hooks.slack.com/services/T0/B0/in-secret\r\nX: y"),
        ("webhook", "https://flow.example.net/" + "x" * 2000),
    ],
)
def test_an_address_that_cannot_be_one_is_refused_with_a_reason(adam, kind, address):
    answer = signed_in(adam).post(f"/settings/channels/new/{kind}/", {"name": "X", "secret_address": address})
    assert answer.status_code == 422
    assert answer.context["form"].errors["address"]
    assert "in-secret" not in answer.content.decode(), "what is refused is as secret"
    assert not Channel.objects.exists()


def test_hosts_of_power_platform_are_teams(adam):
    address = "https://default0a.1f.environment.api.powerplatform.com:443/powerautomate/x?sig=1234567890"
    assert (
        signed_in(adam).post("/settings/channels/new/teams/", {"name": "T", "secret_address": address}).status_code
        == 302
    )


def test_a_private_address_switches_the_channel_off(settings, adam, session, hooks: Hooks):
    settings.OUTBOUND_ALLOWLIST = []
    channel = Channel.add(adam, name="Inside", kind="webhook", address="https://localhost/in")
    Event.objects.update(relayed_at=None)
    deliver("webhook")
    channel.refresh_from_db()
    assert "private address" in channel.off_reason
    assert hooks.raw == []


def test_a_name_is_changed_without_typing_the_address_anew(slack, adam):
    before = slack.goes_to()
    answer = signed_in(adam).post(
        f"/settings/channels/{slack.pk}/", {"name": "Chat", "secret_address": "", "is_active": "on"}
    )
    assert answer.status_code == 302
    slack.refresh_from_db()
    assert (slack.name, slack.goes_to(), slack.is_active) == ("Chat", before, True)


def test_a_new_address_replaces_the_old_one(slack, adam):
    answer = signed_in(adam).post(f"/settings/channels/{slack.pk}/", {**SLACK, "is_active": "on"})
    assert answer.status_code == 302
    slack.refresh_from_db()
    assert slack.goes_to() == SLACK["secret_address"]
    assert Event.objects.latest("id").facts["fields"] == ["address"]


def test_a_webhooks_secret_is_shown_once_and_rotated(adam):
    client = signed_in(adam)
    answer = client.post("/settings/channels/new/webhook/", HOOK)
    webhook = Channel.objects.get()
    secret = webhook.secrets["secret"]
    assert secret in client.get(answer["Location"]).content.decode()
    assert secret not in client.get(answer["Location"]).content.decode()
    answer = client.post(f"/settings/channels/{webhook.pk}/secret/")
    webhook.refresh_from_db()
    shown = client.get(answer["Location"]).content.decode()
    assert webhook.secrets["secret"] in shown
    assert secret not in shown
    assert "the older secret signs as well" in shown
    assert webhook.secrets["secret"] not in client.get(answer["Location"]).content.decode()


def test_an_address_typed_before_the_sign_in_ended_is_not_carried(adam):
    answer = Client().post(
        "/settings/channels/new/slack/", {"name": "Desk", "secret_address": "https://hooks.slack.com/in-secret"}
    )
    assert "in-secret" not in answer.content.decode()
    followed = Client().post(
        "/settings/channels/new/slack/",
        {"name": "Desk", "secret_address": "https://hooks.slack.com/in-secret"},
        follow=True,
    )
    assert "in-secret" not in followed.content.decode()


def test_a_double_click_rotates_once(webhook, adam):
    before = webhook.secrets["secret"]
    assert webhook.rotate_secret(adam) == webhook.rotate_secret(adam)
    assert webhook.secrets["older"] == before, "it still signs"


def test_others_read_and_do_not_write(desk, bo, vic, eve):
    for person in (bo, vic):
        client = signed_in(person)
        assert b"desk@northwind" in client.get("/settings/channels/").content
        assert client.post("/settings/channels/new/email/", DESK).status_code == 403
        for path in ("", "test/", "secret/"):
            assert client.post(f"/settings/channels/{desk.pk}/{path}", DESK).status_code == 403
    client = signed_in(eve)
    assert b"desk@northwind" not in client.get("/settings/channels/").content
    assert client.post(f"/settings/channels/{desk.pk}/", DESK).status_code == 404


# --- the test of a channel -----------------------------------------------------------------------


def pressed(channel: Channel, by: User) -> ChannelTest:
    """Test is pressed, and a worker does it."""
    assert signed_in(by).post(f"/settings/channels/{channel.pk}/test/").status_code == 302
    test = ChannelTest.objects.get(status="pending")
    assert "A test message is on its way" in page(by)
    ChannelTest.run(test.pk)
    test.refresh_from_db()
    return test


def test_a_test_shows_what_was_answered(slack, adam, hooks):
    assert pressed(slack, adam).status == "done"
    assert hooks.messages("slack")[0]["text"] == "Test from ResolutionFlow"
    shown = page(adam)
    assert "Slack has taken it: 200 OK." in shown
    assert "last sent" in shown


def test_a_test_of_a_webhook_is_an_event_that_is_none(webhook, adam, hooks):
    pressed(webhook, adam)
    (told,) = hooks.messages("webhook")
    assert (told["kind"], told["seq"], told["actor"]["name"]) == ("channel.test", 0, "Adam Tester")
    assert "The other side answered 204 No Content." in page(adam)


def test_a_test_of_a_mailbox_is_a_mail(mail_server, desk, adam):
    assert pressed(desk, adam).status == "done"
    (mail,) = mail_server.mails
    assert mail["To"] == "desk@northwind.example"
    assert "Mail is sent through 127.0.0.1." in page(adam)


def test_a_test_says_why_it_did_not_arrive(mail_server, desk, adam):
    mail_server.answers["rcpt"] = "550 no such user"
    assert pressed(desk, adam).status == "failed"
    assert "no such user" in page(adam)


def test_two_who_press_it_ask_for_one_test(slack, adam, olga):
    for person in (adam, olga):
        signed_in(person).post(f"/settings/channels/{slack.pk}/test/")
    assert ChannelTest.objects.count() == 1


def test_what_is_switched_off_says_why_and_is_on_again_once_a_test_arrives(hooks, slack, adam, olga, waiting):
    hooks.script = [(410, "channel_is_archived", {}), (410, "channel_is_archived", {})]
    deliver("slack")
    relay_all()
    shown = page(adam)
    assert "Off since" in shown
    assert "Slack says: the channel is archived" in shown
    assert "Switch on again" in shown
    assert pressed(slack, adam).status == "failed"
    slack.refresh_from_db()
    assert not slack.is_active
    assert Event.objects.filter(kind="channel.failed").count() == 1, "who tried it sees it"
    assert pressed(slack, adam).status == "done"
    slack.refresh_from_db()
    assert (slack.is_active, slack.off_at, slack.off_reason) == (True, None, "")
    assert "Off since" not in page(adam)
    assert Event.objects.latest("id").facts["before"] == {"is_active": False}


# --- what was sent to a webhook ------------------------------------------------------------------


def test_what_was_sent_to_a_webhook_is_listed_and_sent_again(hooks, webhook, adam, session):
    hooks.script = [None, (500, "", {})]
    made = deliver("webhook")
    shown = page(adam, f"/settings/channels/{webhook.pk}/deliveries/")
    assert "connection.changed" in shown
    assert "204" in shown
    assert "500 Internal Server Error" in shown
    assert re.search(r"\d&nbsp;ms", shown)
    done = made[0]
    assert signed_in(adam).post(f"/deliveries/{done.pk}/again/").status_code == 302
    Channel.objects.update(free_at=timezone.now())
    Delivery.run(done.pk)
    assert [one["webhook-id"] for one in hooks.headers].count(hooks.headers[0]["webhook-id"]) == 2


def test_it_is_for_administrators_alone(hooks, webhook, adam, bo, eve, session):
    (first, *_others) = deliver("webhook")
    path, again = f"/settings/channels/{webhook.pk}/deliveries/", f"/deliveries/{first.pk}/again/"
    assert signed_in(bo).get(path).status_code == 403
    assert signed_in(bo).post(again).status_code == 403
    assert signed_in(eve).get(path).status_code == 404
    assert signed_in(eve).post(again).status_code == 404


def test_the_page_of_a_handoff_names_the_chat_and_no_webhook(hooks, slack, webhook, adam, waiting):
    deliver("slack")
    deliver("webhook")
    shown = page(adam, f"/handoffs/{waiting.pk}/")
    assert "Desk in slack in Slack sent" in shown
    assert "Desk in webhook" not in shown
    kinds = {one["kind"] for one in signed_in(adam).get(f"/api/v1/handoffs/{waiting.pk}/deliveries/").json()["results"]}
    assert {"slack", "webhook"} <= kinds


@pytest.mark.parametrize(
    ("backend", "words"),
    [("smtp", "Mail is sent through smtp.example.com."), ("filebased", "Mail is written to files in the folder “mail”"),
     ("console", "Mail is printed in this server's log")],
)  # fmt: skip
def test_the_page_says_where_mail_goes(settings, bo, backend, words):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_FILE_PATH = "smtp.example.com", "/srv/secret-place/mail"
    settings.EMAIL_HOST_PASSWORD = "CanaryOfMail"
    shown = page(bo).replace("&#x27;", "'")
    assert words in shown
    assert "secret-place" not in shown
    assert "CanaryOfMail" not in shown


def test_the_page_says_how_mail_went_lately(mail_server, waiting, bo, adam):
    relay_all()
    first, second, third, *_others = Delivery.objects.filter(kind="email")
    Delivery.run(first.pk)
    mail_server.answers["rcpt"] = "550 no such user"
    Delivery.run(second.pk)
    shown = page(adam)
    assert "last accepted" in shown
    assert "last failure" in shown
    assert "no such user" in shown
    assert "no such user" not in page(bo), "whose address it is concerns admins"
    mail_server.answers.clear()
    Delivery.run(third.pk)
    assert "last failure" not in page(adam)
