"""The Django admin: every model is there, scoped to one account; what happened is read-only; actions call verbs."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages.storage.cookie import CookieStorage
from django.urls import reverse

from handoffs.models import Briefing, Handoff, Summary
from notifications.models import Channel, Delivery
from resolutionflow.accounts.models import Account, Event, Team, User
from sessions_app.models import PsaConnection, Session
from tests.conftest import PASSWORD, person

pytestmark = pytest.mark.django_db
OURS = ["accounts", "sessions_app", "handoffs", "notifications"]
MODELS = [model for app in OURS for model in apps.get_app_config(app).get_models()]


@pytest.fixture
def desk(client, olga):
    client.force_login(olga)
    return client


def path(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def act(client, model, action, *rows, reason=""):
    data = {"action": action, "_selected_action": [row.pk for row in rows], "reason": reason}
    return client.post(path(model), data, follow=True)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_model_is_there_with_a_list_and_a_search(model, admin_client_of_platform, claimed):
    assert model in admin.site._registry
    assert admin_client_of_platform.get(path(model), {"q": "x"}).status_code == 200
    row = model._default_manager.first()
    if row is not None:
        assert admin_client_of_platform.get(path(model, "change", row.pk)).status_code == 200


@pytest.fixture
def admin_client_of_platform(client, db):
    client.force_login(User.objects.create_superuser("root@platform.example", PASSWORD, name="Root"))
    return client


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_nothing_of_another_account(model, client, eve, claimed, olga):
    PsaConnection.connect(olga, kind="request_tracker", name="Desk RT", base_url="https://rt.example", credentials={})
    Team.objects.create(account=olga.account, name="Ours")
    client.force_login(eve)
    text = client.get(path(model)).content.decode()
    for ours in ("Northwind", "Tester", "VPN drops", "Desk RT", ">Ours<"):
        assert ours not in text.replace("Eve Tester", "")
    row = model._default_manager.exclude(pk=eve.pk if model is User else None).first()
    if row is not None and getattr(row, "account_id", None) != eve.account_id and row != eve.account:
        response = client.get(path(model, "change", row.pk))
        assert response.status_code in (302, 404)
        assert response.status_code == 404 or response.url == reverse("admin:index")


def test_only_owner_and_admin_get_in(client, bo, vic, olga, adam):
    for who, status in [(bo, 302), (vic, 302), (olga, 200), (adam, 200)]:
        client.force_login(who)
        assert client.get(reverse("admin:index")).status_code == status


READ_ONLY = [
    m for m in MODELS if m not in (Account, User, Team, Channel, PsaConnection) and m.__name__ != "MemberMapping"
]


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda m: m.__name__)
def test_what_happened_is_read_only(model, desk, claimed):
    row = model._default_manager.first()
    if row is None:
        return
    before = model._base_manager.filter(pk=row.pk).values().get()
    assert desk.post(path(model, "change", row.pk), {"status": "closed"}).status_code in (302, 403, 404)
    assert desk.post(path(model, "delete", row.pk), {"post": "yes"}).status_code in (302, 403, 404)
    assert model._base_manager.filter(pk=row.pk).values().get() == before


def test_no_model_can_be_deleted(desk, claimed):
    for model in MODELS:
        assert "delete_selected" not in desk.get(path(model)).content.decode()


def test_people_are_changed_by_the_verbs(desk, olga, bo, adam):
    data = {"name": "Bo L", "role": "admin", "lead": "on", "teams": []}
    assert desk.post(path(User, "change", bo.pk), data).status_code == 302
    bo.refresh_from_db()
    assert (bo.name, bo.role, bo.lead) == ("Bo L", "admin", True)
    assert Event.objects.latest("id").kind == "member.changed"
    refused = desk.post(path(User, "change", olga.pk), {"name": "Olga", "role": "viewer", "teams": []})
    assert refused.status_code == 409
    assert "one active owner" in refused.content.decode()


def test_adding_a_member_shows_the_one_time_link(desk):
    page = desk.post(
        path(User, "add"), {"email": "new@northwind.example", "name": "New", "role": "engineer"}, follow=True
    )
    assert "sets a password here, once:" in page.content.decode()
    assert not User.objects.get(email="new@northwind.example").has_usable_password()


def messages_of(answer):
    """What its cookie carries on to the next page."""
    return CookieStorage(answer.wsgi_request)._decode(answer.cookies["messages"].value)


def test_a_link_goes_by_no_cookie_and_is_shown_once(desk, northwind):
    new = [person(northwind, name, confirmed_email="") for name in ("Nia", "Noa")]
    data = {"action": "invite_again", "_selected_action": [member.pk for member in new]}
    answer = desk.post(path(User), data)
    assert answer.status_code == 302
    (message,) = messages_of(answer)
    assert message.message == "2 done."
    assert "/password/" not in desk.get(path(Team)).content.decode()
    shown = desk.get(path(User))
    assert shown.content.decode().count("sets a password here, once: http") == 2
    assert "messages" not in shown.cookies or shown.cookies["messages"].value == ""
    assert "sets a password here" not in desk.get(path(User)).content.decode()


def test_deactivating_from_the_list(desk, bo, olga):
    text = act(desk, User, "deactivate", bo, olga).content.decode()
    assert "1 done." in text
    assert "An account keeps one active owner" in text
    bo.refresh_from_db()
    assert not bo.is_active


def test_teams_and_channels(desk, bo, eve):
    assert desk.post(path(Team, "add"), {"name": "Servers", "members": [bo.pk]}).status_code == 302
    team = Team.objects.get(name="Servers")
    assert list(team.members.all()) == [bo]
    assert desk.post(path(Team, "change", team.pk), {"name": "Servers", "members": [eve.pk]}).status_code == 200
    assert desk.post(path(Channel, "add"), {"name": "Desk", "address": "desk@northwind.example"}).status_code == 302
    assert Channel.objects.get().account == bo.account


def test_a_connection_takes_its_credentials_and_never_shows_them(desk):
    kind = {"name": "RT", "kind": "request_tracker", "base_url": "https://rt.example"}
    desk.post(path(PsaConnection, "add"), kind)
    connection = PsaConnection.objects.get()
    page = desk.get(path(PsaConnection, "change", connection.pk)).content.decode()
    assert 'type="password"' in page
    field = page.split('type="password" name="')[1].split('"')[0]
    typed = {**kind, "is_active": "on", field: "s3cret-token-value"}
    assert desk.post(path(PsaConnection, "change", connection.pk), typed).status_code == 302
    connection.refresh_from_db()
    assert "s3cret-token-value" in connection.credentials.values()
    assert "s3cret" not in desk.get(path(PsaConnection, "change", connection.pk)).content.decode()


def test_actions_on_handoffs_and_sessions_show_the_refusal(desk, claimed):
    text = act(desk, Handoff, "withdraw", claimed).content.decode()
    assert "Bo Tester has claimed this." in text
    assert "1 done." in act(desk, Handoff, "take_over", claimed, reason="Bo is ill").content.decode()
    assert "Say what fixed it." in act(desk, Session, "resolve", claimed.session).content.decode()
    act(desk, Session, "resolve", claimed.session, reason="a new tunnel")
    claimed.session.refresh_from_db()
    assert claimed.session.resolution == "a new tunnel"


def test_failed_work_can_be_tried_again(desk, claimed, bo):
    delivery = Delivery.objects.create(
        account=bo.account, kind="email", address="bo@northwind.example", recipient=bo, status="failed", error="boom"
    )
    assert "1 done." in act(desk, Delivery, "retry", delivery).content.decode()
    delivery.refresh_from_db()
    assert (delivery.status, delivery.error) == ("pending", "")
    summary = Summary.objects.create(account=bo.account, handoff=claimed, status="failed")
    assert "no key for a language model" in act(desk, Summary, "retry", summary).content.decode()
    briefing = Briefing.objects.create(account=bo.account, handoff=claimed, user=bo, status="failed", error="boom")
    assert "1 done." in act(desk, Briefing, "retry", briefing).content.decode()
    briefing.refresh_from_db()
    assert (briefing.state, briefing.error) == ("pending", "")


def test_lists_need_the_same_queries_however_many_rows(desk, northwind, ana, django_assert_max_num_queries):
    for model in (Session, Handoff, User, Event):
        desk.get(path(model))
    for n in range(12):
        sender = person(northwind, f"P{n}")
        Handoff.escalate(Session.open(sender, problem_summary=f"p{n}"), sender, notes="x")
    for model in (Session, Handoff, User, Event):
        with django_assert_max_num_queries(12):
            desk.get(path(model))


def test_a_foreign_object_is_not_found_by_the_redirector(desk, eve):
    kind = ContentType.objects.get_for_model(Session).pk
    other = Session.open(eve, problem_summary="theirs")
    assert desk.get(f"/admin/r/{kind}/{other.pk}/").status_code == 404


def test_saving_the_account_leaves_the_counter_of_events_alone(desk, olga, ana):
    page = path(Account, "change", olga.account_id)
    form = desk.get(page).context["adminform"].form
    Session.open(ana, problem_summary="opened meanwhile")
    typed = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    assert desk.post(page, {**typed, "widen_after": "5"}).status_code == 302
    account = Account.objects.get(pk=olga.account_id)
    assert (account.widen_after, account.last_seq) == (5, Event.objects.filter(account=account).latest("seq").seq)
    Session.open(ana, problem_summary="and afterwards")
