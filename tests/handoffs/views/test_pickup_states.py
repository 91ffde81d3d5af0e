"""Pick-up screen and session in every state, for everybody: they offer what is accepted, nothing else, and say why."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from resolutionflow.core.refusals import Refusal
from sessions_app.models import Session
from tests.conftest import person

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
Cast = dict[str, User]


def waiting(session: Session, cast: Cast, **more: Any) -> Handoff:
    return Handoff.escalate(session, cast["ana"], notes="Stuck", **more)


def kept(session: Session, cast: Cast) -> Handoff:
    return waiting(session, cast, target_user=cast["bo"])


def by_a_lead(session: Session, cast: Cast) -> Handoff:
    return Handoff.escalate(session, cast["lea"], notes="Ana is off today")


def claimed(session: Session, cast: Cast) -> Handoff:
    handoff = waiting(session, cast)
    handoff.claim(cast["bo"])
    return handoff


def claimed_of_a_lead(session: Session, cast: Cast) -> Handoff:
    handoff = by_a_lead(session, cast)
    handoff.claim(cast["bo"])
    return handoff


def claimed_a_while_ago(session: Session, cast: Cast) -> Handoff:
    handoff = claimed(session, cast)
    Handoff.objects.filter(pk=handoff.pk).update(undo_until=timezone.now())
    return handoff


def claimed_from_somebody_gone(session: Session, cast: Cast) -> Handoff:
    handoff = claimed(session, cast)
    User.objects.filter(pk=cast["ana"].pk).update(role="viewer")
    return handoff


def transferred(session: Session, cast: Cast) -> Handoff:
    handoff = claimed(session, cast)
    handoff.transfer(cast["bo"], to=cast["cy"])
    return handoff


def taken_over(session: Session, cast: Cast) -> Handoff:
    handoff = claimed(session, cast)
    handoff.take_over(cast["lea"], reason="Bo is ill")
    return handoff


def undone(session: Session, cast: Cast) -> Handoff:
    handoff = claimed(session, cast)
    handoff.undo(cast["bo"])
    return handoff


def released(session: Session, cast: Cast) -> Handoff:
    handoff = claimed(session, cast)
    handoff.release(cast["bo"], reason="Waits for the carrier")
    return handoff


def released_by_the_system(session: Session, cast: Cast) -> Handoff:
    handoff = claimed(session, cast)
    cast["bo"].go_off_shift()
    assert Handoff.objects.get(pk=handoff.pk).release_of_gone()
    return handoff


def expired(session: Session, cast: Cast) -> Handoff:
    handoff = claimed(session, cast)
    Handoff.objects.filter(pk=handoff.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert Handoff.objects.get(pk=handoff.pk).expire()
    return handoff


def returned(session: Session, cast: Cast) -> Handoff:
    handoff = claimed(session, cast)
    handoff.return_(cast["bo"], reason="Swap the cable")
    return handoff


def withdrawn(session: Session, cast: Cast) -> Handoff:
    handoff = waiting(session, cast)
    handoff.withdraw(cast["ana"], reason="Found it")
    return handoff


def parked(session: Session, cast: Cast) -> Handoff:
    return Handoff.park(session, cast["ana"], notes="A part is on its way")


def due(session: Session, cast: Cast) -> Handoff:
    handoff = Handoff.park(session, cast["ana"], wake_at=timezone.now() + timedelta(hours=1))
    Handoff.objects.filter(pk=handoff.pk).update(wake_at=timezone.now() - timedelta(minutes=1))
    return handoff


def resumed(session: Session, cast: Cast) -> Handoff:
    handoff = parked(session, cast)
    Session.objects.get(pk=session.pk).resume(cast["ana"])
    return handoff


def resolved(session: Session, cast: Cast) -> Handoff:
    handoff = claimed(session, cast)
    Session.objects.get(pk=session.pk).resolve(cast["bo"], resolution="Lowered the MTU")
    return handoff


def abandoned(session: Session, cast: Cast) -> Handoff:
    handoff = waiting(session, cast)
    Session.objects.get(pk=session.pk).abandon(cast["ana"], reason="The client has left")
    return handoff


def superseded(session: Session, cast: Cast) -> Handoff:
    handoff = claimed(session, cast)
    Handoff.escalate(Session.objects.get(pk=session.pk), cast["bo"], notes="Beyond me")
    return handoff


# State -> who reads which words on it: everybody ("") or one of the cast.
STATES: dict[Callable[..., Handoff], dict[str, str]] = {
    waiting: {"ana": "You escalated this.", "bo": "Continue where Ana left off", "vic": "Engineers can claim this."},
    kept: {"cy": "This is kept for Bo Tester.", "bo": "How do you want to start?", "lea": "How do you want to start?"},
    by_a_lead: {"ana": "Lea Tester escalated what you worked on.", "bo": "Continue where Ana left off"},
    claimed: {"bo": "You have it from Ana Tester", "cy": "Bo Tester has it", "ana": "Watch the session"},
    claimed_of_a_lead: {"bo": "Return it to Ana"},
    claimed_a_while_ago: {"bo": "I'm still working on this"},
    claimed_from_somebody_gone: {"bo": "Release it to the queue"},
    transferred: {"": "Bo transferred it</strong>", "cy": "You have it from Ana Tester"},
    taken_over: {"": "Lea took it over:</strong> <bdi>Bo is ill", "lea": "You have it from Ana Tester"},
    undone: {"bo": "How do you want to start?"},
    released: {"": "Bo released it:</strong> <bdi>Waits for the carrier"},
    released_by_the_system: {"": "It went back to the queue:</strong> <bdi>Bo Tester went off shift."},
    expired: {"": "It went back to the queue:</strong>", "bo": "Your claim ran out"},
    returned: {"": "Bo returned this:</strong> <bdi>Swap the cable"},
    withdrawn: {"": "Ana withdrew the handoff:</strong> <bdi>Found it"},
    parked: {"ana": "Comes back when you resume it.", "bo": "Comes back when Ana Tester resumes it."},
    due: {"": "Due since"},
    resumed: {"": "This park is over: resumed."},
    resolved: {"": "Lowered the MTU"},
    abandoned: {"": "Ana abandoned it:</strong> <bdi>The client has left"},
    superseded: {"": "Open the handoff it is in now"},
}
VERBS: dict[str, Callable[[Handoff, User, User], Any]] = {
    "claim": lambda handoff, user, _other: handoff.claim(user),
    "undo": lambda handoff, user, _other: handoff.undo(user),
    "release": lambda handoff, user, _other: handoff.release(user),
    "return": lambda handoff, user, _other: handoff.return_(user, reason="x"),
    "transfer": lambda handoff, user, other: handoff.transfer(user, to=other),
    "take-over": lambda handoff, user, _other: handoff.take_over(user, reason="x"),
    "withdraw": lambda handoff, user, _other: handoff.withdraw(user),
    "priority": lambda handoff, user, _other: handoff.reprioritise(user, priority=0),
    "extend": lambda handoff, user, _other: handoff.extend(user),
    "read-back": lambda handoff, user, _other: handoff.leave_read_back(user, text="x"),
}

OF_SESSION: dict[str, Callable[[Session, User], Any]] = {
    "escalate": lambda session, user: Handoff.escalate(session, user, notes="x"),
    "park": lambda session, user: Handoff.park(session, user),
    "resume": lambda session, user: session.resume(user),
    "resolve": lambda session, user: session.resolve(user, resolution="x"),
    "abandon": lambda session, user: session.abandon(user, reason="x"),
    "reopen": lambda session, user: session.reopen(user, reason="x"),
    "steps": lambda session, user: session.add_step(user, text="x"),
}


def accepted(handoff: Handoff, user: User, other: User) -> set[str]:
    """The verbs that go through, each tried and undone."""
    fresh = Handoff.objects.get
    return {name for name, verb in VERBS.items() if _goes(verb, lambda: (fresh(pk=handoff.pk), user, other))}


def accepted_of_session(session: Session, user: User) -> set[str]:
    fresh = Session.objects.get
    return {name for name, verb in OF_SESSION.items() if _goes(verb, lambda: (fresh(pk=session.pk), user))}


def _goes(verb: Callable[..., Any], on: Callable[[], tuple[Any, ...]]) -> bool:
    with transaction.atomic():
        try:
            verb(*on())
        except Refusal:
            return False
        finally:
            transaction.set_rollback(True)
    return True


def offered(html: str, path: str) -> set[str]:
    """The last word of every address below this one that a form, a button or a link leads to."""
    return set(re.findall(rf'(?:action|href)="{path}([a-z-]+)/"', html))


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_both_offer_what_is_accepted_and_say_where_it_stands(state, client, session, ana, bo, cy, lea, vic):
    cast = {"ana": ana, "bo": bo, "cy": cy, "lea": lea, "vic": vic}
    other = person(ana.account, "Dan")
    handoff = Handoff.objects.get(pk=state(session, cast).pk)
    for name in cast:
        user = User.objects.select_related("account").get(pk=cast[name].pk)
        client.force_login(user)
        usable = accepted(handoff, user, other)
        path = session.get_absolute_url()
        of_session = client.get(path).content.decode()
        assert offered(of_session, path) & OF_SESSION.keys() == accepted_of_session(session, user), (
            f"{state.__name__}, {name}"
        )
        assert offered(of_session, f"/handoffs/{handoff.pk}/") & VERBS.keys() <= usable, f"{state.__name__}, {name}"
        if handoff.claimed_by_id == user.pk:
            usable.discard("claim")  # has it
        if handoff.intent == Handoff.Intent.PARK:
            usable.discard("priority")  # nobody sees one of a park
        html = client.get(f"/handoffs/{handoff.pk}/").content.decode()
        assert offered(html, f"/handoffs/{handoff.pk}/") & VERBS.keys() == usable, f"{state.__name__} for {name}"
        for who, words in STATES[state].items():
            if who in ("", name):
                assert words in html, f"{state.__name__} for {name}: {words}"
