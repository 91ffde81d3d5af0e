"""The account's settings: who may change them, what is refused, what is kept of a change."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from handoffs.models import Handoff
from resolutionflow.accounts.models import Account, Event, User
from resolutionflow.core.refusals import Invalid, NotAllowed
from tests.handoffs.test_races import at_once
from tests.locks import meanwhile

pytestmark = pytest.mark.django_db

DAYS = {f"{end}_{day}": hour for day in range(5) for end, hour in (("opens", "08:00"), ("closes", "18:00"))}
LEASES = {"lease_urgent": "60", "lease_high": "120", "lease_normal": "240", "lease_low": "480"}
AS_IT_IS = {"name": "Northwind", "time_zone": "UTC", "widen_after": "10", **DAYS, **LEASES}


def shown(form: Any) -> dict[str, Any]:
    """What a browser would send of a form of the admin, untouched."""
    return {name: form[name].value() for name in form.fields if form[name].value() is not None}


def save(user: User, **typed: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.post("/settings/account/", {**AS_IT_IS, **typed})


def test_what_is_typed_is_what_is_kept(olga, northwind):
    changes = {"time_zone": "Europe/Oslo", "opens_5": "09:00", "closes_5": "12:30", "lease_low": "never"}
    assert save(olga, **changes, holidays="2026-12-25\n2026-12-24 2026-12-25\n").status_code == 302
    northwind.refresh_from_db()
    assert northwind.time_zone == "Europe/Oslo"
    assert northwind.business_hours["5"] == ["09:00", "12:30"]
    assert northwind.business_hours["0"] == ["08:00", "18:00"]
    assert northwind.holidays == ["2026-12-24", "2026-12-25"]
    assert northwind.lease_minutes == {"urgent": 60, "high": 120, "normal": 240, "low": None}


def test_the_page_shows_what_is_kept(client, olga, bo, northwind):
    Account.objects.update(holidays=["2026-12-25"], business_hours={"6": ["22:00", "23:30"]})
    client.force_login(olga)
    page = client.get("/settings/account/").content.decode()
    assert 'name="opens_6" value="22:00"' in page
    assert "2026-12-25" in page
    client.force_login(bo)
    page = client.get("/settings/account/").content.decode()
    assert "22:00 – 23:30" in page
    assert "<textarea" not in page
    Account.objects.update(business_hours={})
    page = client.get("/settings/account/").content.decode()
    assert "Round the clock" in page
    assert "closed" not in page


def test_a_change_is_an_event_with_old_and_new(olga, northwind):
    save(olga, name="Northwind  IT ", widen_after="15")
    event = Event.objects.get(kind="account.changed")
    assert event.actor == olga
    assert event.facts == {
        "before": {"name": "Northwind", "widen_after": 10}, "after": {"name": "Northwind IT", "widen_after": 15},
    }  # fmt: skip


def test_where_replies_go_is_set_shown_and_taken_back(olga, bo, northwind, client):
    save(olga, reply_to=" help@northwind.example ")
    northwind.refresh_from_db()
    assert northwind.reply_to == "help@northwind.example"
    client.force_login(bo)
    assert "help@northwind.example" in client.get("/settings/account/").content.decode()
    save(olga, reply_to="")
    northwind.refresh_from_db()
    assert northwind.reply_to == ""
    assert Event.objects.filter(kind="account.changed").count() == 2


def test_saving_the_same_says_nothing(olga, northwind):
    assert save(olga).status_code == 302
    assert not Event.objects.exists()


def test_the_counter_of_events_goes_on_meanwhile(olga, northwind):
    stale = Account.objects.get(pk=northwind.pk)
    Account.objects.filter(pk=northwind.pk).update(last_seq=F("last_seq") + 7)
    stale.change(by=olga, widen_after=30)
    northwind.refresh_from_db()
    assert (northwind.last_seq, northwind.widen_after) == (8, 30)


WRONG = [
    ({"name": ""}, "name"),
    ({"name": "Elsewhere"}, "name"),
    ({"time_zone": "Mars/Base"}, "time_zone"),
    ({"opens_0": ""}, "opens_0"),
    ({"opens_6": "08:00"}, "closes_6"),
    ({"closes_0": "07:59"}, "closes_0"),
    ({"closes_0": "25:00"}, "closes_0"),
    ({"holidays": "Christmas"}, "holidays"),
    ({"holidays": "2026-02-30"}, "holidays"),
    ({"widen_after": "-1"}, "widen_after"),
    ({"widen_after": "9" * 30}, "widen_after"),
    ({"reply_to": "help"}, "reply_to"),
    ({"reply_to": "help@example.org, desk@example.org"}, "reply_to"),
    ({"reply_to": "h" * 250 + "@example.org"}, "reply_to"),
    ({"lease_high": "4"}, "lease_high"),
    ({"lease_high": ""}, "lease_high"),
    ({"lease_high": "٣٣"}, "lease_high"),
    ({"lease_high": "1e9"}, "lease_high"),
]


@pytest.mark.parametrize(("typed", "field"), WRONG)
def test_what_is_wrong_is_said_where_it_is(olga, elsewhere, typed, field):
    answer = save(olga, **typed)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Event.objects.exists()


def test_only_owner_and_admin_change_it(adam, lea, bo, vic, eve, northwind):
    assert save(adam, widen_after="5").status_code == 302
    assert [save(user, widen_after="7").status_code for user in (lea, bo, vic)] == [403, 403, 403]
    with pytest.raises(NotAllowed):
        northwind.change(by=eve, widen_after=7)
    northwind.refresh_from_db()
    assert northwind.widen_after == 5


@pytest.mark.parametrize(
    "fields",
    [{"name": ""}, {"name": "x" * 300}, {"name": "Elsewhere"}, {"time_zone": "x"}, {"business_hours": {"9": []}},
     {"holidays": ["x"]}, {"lease_minutes": {}}, {"widen_after": -1}, {"widen_after": None}],
)  # fmt: skip
def test_the_verb_refuses_what_the_form_would(olga, northwind, elsewhere, fields):
    with pytest.raises(Invalid) as refused:
        northwind.change(by=olga, **fields)
    assert list(refused.value.errors) == list(fields)


def test_a_week_without_hours_is_always_open(olga, northwind):
    assert save(olga, **dict.fromkeys(DAYS, "")).status_code == 302
    northwind.refresh_from_db()
    assert northwind.business_hours == {}
    tomorrow = northwind.next_business_day(Event.objects.get().at)
    assert (tomorrow.date() - Event.objects.get().at.date()).days == 1


@pytest.mark.django_db(transaction=True)
def test_a_name_that_is_taken_meanwhile(real, northwind, elsewhere):
    def rename() -> None:
        Account.objects.get(pk=northwind.pk).change(by=None, name="Best IT")

    with pytest.raises(Invalid, match="an account named Best IT already"), meanwhile(rename):
        elsewhere.change(by=None, name="Best IT")


@pytest.mark.django_db(transaction=True)
def test_two_who_change_it_at_once_lose_nothing(olga, adam, northwind):
    def change(user: User, **fields: Any) -> None:
        Account.objects.get(pk=northwind.pk).change(by=user, **fields)

    at_once([lambda: change(olga, widen_after=20), lambda: change(adam, ai_enabled=False)])
    northwind.refresh_from_db()
    assert (northwind.widen_after, northwind.ai_enabled, northwind.last_seq) == (20, False, 2)


def test_new_leases_count_from_the_next_claim(olga, waiting, bo, northwind):
    save(olga, lease_high="never")
    Handoff.objects.get(pk=waiting.pk).claim(User.objects.get(pk=bo.pk))
    assert Handoff.objects.get().lease_until is None


def test_a_retention_that_does_nothing_is_not_offered(client, olga, northwind):
    Account.objects.filter(pk=northwind.pk).update(retention_days=90)
    client.force_login(olga)
    change = f"/admin/accounts/account/{northwind.pk}/change/"
    form = client.get(change).context["adminform"].form
    client.post(change, shown(form) | {"retention_days": "7"})
    for path in (change, "/settings/account/", "/api/schema/", "/api/v1/me/"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "retention" not in answer.content.decode().lower(), path
    northwind.refresh_from_db()
    assert northwind.retention_days == 90


class TestTheAdmin:
    def test_it_uses_the_verb(self, client, olga, northwind):
        client.force_login(olga)
        path = f"/admin/accounts/account/{northwind.pk}/change/"
        form = client.get(path).context["adminform"].form
        answer = client.post(path, {**shown(form), "widen_after": "25"})
        assert answer.status_code == 302, answer.context["errors"]
        assert Event.objects.get(kind="account.changed").facts["after"] == {"widen_after": 25}

    def test_somebody_who_forgot_is_set_off_shift(self, client, olga, bo, vic, claimed):
        client.force_login(olga)
        body = {"action": "set_off_shift", "_selected_action": [bo.pk, vic.pk]}
        page = client.post("/admin/accounts/user/", body, follow=True).content.decode()
        assert "Vic Tester: Vic Tester claims nothing." in page
        bo.refresh_from_db()
        assert bo.is_off_shift
        event = Event.objects.get(kind="member.changed")
        assert (event.actor, event.facts["member"], event.facts["off_shift"]) == (olga, bo.pk, True)


def test_only_an_admin_sets_others_off_shift(bo, lea, eve, adam):
    for by in (lea, eve):
        with pytest.raises(NotAllowed):
            bo.go_off_shift(by=by)
    bo.go_off_shift(by=adam)
    assert bo.is_off_shift
