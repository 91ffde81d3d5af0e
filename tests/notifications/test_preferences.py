"""What a person hears of outside the bell: the matrix of subjects and ways, the account's defaults."""

from __future__ import annotations

import pytest

from handoffs.models import Handoff
from notifications.audience import RULES
from notifications.models import BY_KIND, SUBJECTS, Delivery, Notification, Preference, Scope, Way
from resolutionflow.accounts.models import Event, Team
from resolutionflow.core.refusals import Invalid, NotAllowed
from sessions_app.models import Session, SessionWatch
from tests.conftest import relay_all


def test_each_rule_is_of_one_subject() -> None:
    assert set(BY_KIND) == set(RULES)
    assert sum(len(subject.kinds) for subject in SUBJECTS) == len(BY_KIND)


@pytest.mark.parametrize(
    ("scope", "heard"),
    [("NOTHING", ""), ("AIMED", "a"), ("MINE", "am"), ("TEAMS", "amt"), ("EVERYONE", "amte")],
)
def test_each_scope_takes_in_those_before_it(ana, bo, northwind, scope, heard) -> None:
    team = Team.objects.create(account=northwind, name="Network")
    team.members.set([bo])
    Preference.choose(bo, levels={"waiting": {"email": Scope[scope]}}, digest=False)
    for_bo, watched, of_team, of_all = (Session.open(ana, problem_summary=name) for name in "amte")
    of_team.team = team
    of_team.save()
    SessionWatch.begin(watched, [bo.pk])
    Handoff.escalate(for_bo, ana, notes="Stuck", target_user=bo)
    for session in (watched, of_team, of_all):
        Handoff.escalate(session, ana, notes="Stuck")
    relay_all()
    mails = Delivery.objects.filter(recipient=bo).order_by("pk")
    assert "".join(mail.session.problem_summary for mail in mails) == heard
    assert Notification.objects.for_bell(bo).unread().count() == 4, "the bell has all"


def test_who_chose_nothing_has_what_the_account_says(session, ana, bo, cy, olga) -> None:
    Preference.choose_for_account(olga, levels={"waiting": {"email": Scope.AIMED}})
    Preference.choose(cy, levels={"waiting": {"email": Scope.EVERYONE}})
    Handoff.escalate(session, ana, notes="Stuck")
    relay_all()
    to = {mail.recipient_id for mail in Delivery.objects.exclude(recipient=None)}
    assert cy.pk in to
    assert bo.pk not in to
    assert Event.objects.filter(kind="account.changed").exists()


def test_the_browser_has_choices_of_its_own(session, ana, bo) -> None:
    Preference.choose(bo, levels={"waiting": {"browser": Scope.NOTHING}})
    Handoff.escalate(session, ana, notes="Stuck")
    relay_all()
    assert not Notification.objects.get(user=bo).by_browser
    assert Delivery.objects.filter(recipient=bo).exists()


def test_only_admins_choose_for_the_account(bo) -> None:
    with pytest.raises(NotAllowed):
        Preference.choose_for_account(bo, digest=False)


@pytest.mark.parametrize(
    "levels",
    [
        {"weather": {}},
        {"waiting": {"pigeon": 1}},
        {"waiting": {"email": 9}},
        {"said": {"email": 2}},
        {"waiting": 3},
        [],
    ],
)
def test_what_is_no_choice_is_refused(bo, levels) -> None:
    with pytest.raises(Invalid):
        Preference.choose(bo, levels=levels)
    assert not Preference.objects.filter(user=bo).exclude(levels={}).exists()


def test_every_way_has_a_choice_and_a_default_among_them() -> None:
    for subject in SUBJECTS:
        for way in Way:
            assert len(subject.scopes_by(way)) > 1
            assert subject.default_by(way) in subject.scopes_by(way)


def test_what_the_browser_is_not_to_show_is_in_the_bell_alone(session, ana, bo) -> None:
    Preference.choose(bo, levels={"waiting": {"browser": Scope.AIMED}})
    Handoff.escalate(session, ana, notes="Stuck")
    relay_all()
    assert not Notification.objects.for_browser(bo).exists()
    assert Notification.objects.for_bell(bo).unread().exists()
