"""Whom a note or reason mentions, beside whoever is called to the handoff."""

from __future__ import annotations

import pytest

from handoffs.models import Handoff
from notifications.models import Notification
from notifications.relay import relay
from resolutionflow.accounts.models import Event, Team, User


def relay_all() -> None:
    for pk in Event.objects.unrelayed().order_by("pk").values_list("pk", flat=True):
        relay(pk)


def kinds(user: User) -> list[tuple[str, str]]:
    """The kinds of events of which they have a line, and why."""
    return list(Notification.objects.filter(user=user).order_by("event_id").values_list("event__kind", "cause"))


def test_a_reason_notifies_whom_it_mentions_whatever_lines_they_have(session, ana, bo, cy, lea) -> None:
    waiting = Handoff.escalate(session, ana, notes="@Cy has the key")
    waiting.claim(bo)
    relay_all()
    waiting.release(bo, reason="@Cy please call them")
    relay_all()
    assert kinds(cy) == [("handoff.escalated", "mention"), ("handoff.released", "mention")]
    assert kinds(lea) == [("handoff.escalated", ""), ("handoff.released", "")]


def test_a_team_that_was_called_is_not_called_again_by_widening(
    session, ana, bo, cy, lea, northwind, time_machine
) -> None:
    network = Team.objects.create(account=northwind, name="Network")
    network.members.set([bo, cy])
    waiting = Handoff.escalate(session, ana, notes="@Cy has the key, @Lea the password", target_team=network)
    relay_all()
    Notification.objects.filter(user__in=[bo, cy, lea]).mark_read()
    time_machine.move_to(waiting.directed_until)
    assert waiting.widen()
    relay_all()
    assert kinds(bo) == [("handoff.escalated", "")]
    assert kinds(cy) == [("handoff.escalated", "mention")], "it called Cy, too"
    assert kinds(lea) == [("handoff.escalated", "mention"), ("handoff.widened", "")], "it called others"


def test_who_writes_nothing_does_not_watch(session, ana, bo, cy) -> None:
    waiting = Handoff.escalate(session, ana, notes="Stuck")
    waiting.claim(bo)
    waiting.transfer(bo, to=cy)
    waiting.release(cy)
    assert not session.watches.filter(user__in=[bo, cy]).exists()
    waiting.claim(bo)
    waiting.release(bo, reason="Off home")
    assert session.watches.get(user=bo).state == "watching"


@pytest.mark.parametrize("verb", ["release", "return_", "transfer", "take_over"])
def test_every_reason_says_its_sentence_to_whom_it_mentions(verb, session, ana, bo, cy, lea, adam) -> None:
    waiting = Handoff.escalate(session, ana, notes="Stuck")
    waiting.claim(bo)
    relay_all()
    to = {"to": adam} if verb == "transfer" else {}
    by = lea if verb == "take_over" else bo
    getattr(waiting, verb)(by, reason="@Cy please call them", **to)
    relay_all()
    line = Notification.objects.get(user=cy, cause="mention")
    subject = "#48190 VPN drops every ten minutes for two users"
    assert line.title == f"{by} mentions you: {subject}: @Cy please call them"
