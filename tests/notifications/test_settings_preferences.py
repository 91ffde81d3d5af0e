"""The settings pages of what people hear of beside the bell."""

from __future__ import annotations

from datetime import time

import pytest

from notifications.models import SUBJECTS, Preference, Way
from resolutionflow.accounts.models import Event

OWN, ACCOUNT = "/settings/notifications/", "/settings/notifications/account/"


@pytest.fixture
def page(client, bo):
    client.force_login(bo)
    return client


def test_choices_are_kept_and_shown(page, bo) -> None:
    sent = {"waiting_email": "1", "digest": "no", "quiet_from": "22:00", "quiet_until": "06:30", "on_shift_only": "on"}
    assert page.post(OWN, sent).status_code == 302
    kept = Preference.objects.get(user=bo)
    assert (kept.levels, kept.digest, kept.on_shift_only) == ({"waiting": {"email": 1}}, False, True)
    assert (kept.quiet_from, kept.quiet_until) == (time(22), time(6, 30))
    shown = page.get(OWN).context["form"]
    assert shown["waiting_email"].value() == 1
    assert shown["waiting_browser"].value() == ""
    assert page.post(OWN, {}).status_code == 302
    kept.refresh_from_db()
    assert (kept.levels, kept.digest, kept.quiet_from, kept.on_shift_only) == ({}, None, None, False)


def test_one_end_of_quiet_hours_is_refused_and_nothing_is_lost(page, bo) -> None:
    answer = page.post(OWN, {"quiet_from": "22:00", "waiting_email": "0"})
    assert answer.status_code == 422
    assert "Quiet hours need a beginning and an end." in answer.content.decode()
    assert answer.context["form"]["waiting_email"].value() == "0"
    assert not Preference.objects.filter(user=bo).exists()


@pytest.mark.parametrize(
    "sent",
    [{"waiting_email": "9"}, {"said_email": "2"}, {"quiet_from": "25:00", "quiet_until": "x"}, {"digest": "perhaps"}],
)
def test_what_is_no_choice_is_refused(page, bo, sent) -> None:
    assert page.post(OWN, sent).status_code == 422
    assert not Preference.objects.filter(user=bo).exists()


def test_what_the_account_says_is_named_beside_ones_own_choice(page, olga) -> None:
    Preference.choose_for_account(olga, levels={"waiting": {"email": 1}}, digest=False)
    html = page.get(OWN).content.decode()
    assert "For me (account)" in html
    assert "Each at once (account)" in html


def test_admins_choose_for_those_who_chose_nothing(client, olga) -> None:
    client.force_login(olga)
    sent = {f"{subject.name}_{way}": f"{subject.default_by(way)}" for subject in SUBJECTS for way in Way}
    assert client.post(ACCOUNT, {**sent, "digest": "on"}).status_code == 302
    assert not Event.objects.filter(kind="account.changed").exists(), "as it was"
    assert client.post(ACCOUNT, {**sent, "waiting_email": "2"}).status_code == 302
    kept = Preference.objects.get(user=None)
    assert (kept.levels, kept.digest) == ({"waiting": {"email": 2}}, False)
    assert Event.objects.filter(kind="account.changed", actor=olga).exists()


def test_engineers_do_not(page) -> None:
    assert page.get(ACCOUNT).status_code == 403
    assert page.post(ACCOUNT, {}).status_code == 403
