"""Of many mails to one person the first comes at once, then one in a quarter of an hour with what is still true; quiet
hours hold all that does not press."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from handoffs.models import Handoff
from notifications.models import Delivery, Notification, Preference
from notifications.sweep import do_it, sweep
from resolutionflow.accounts.models import PRIORITY_WORDS, Account, User
from sessions_app.models import Session
from tests.conftest import relay_all
from tests.fakes import smtp

QUARTER = timedelta(minutes=15)


@pytest.fixture(autouse=True)
def morning(time_machine) -> None:
    time_machine.move_to("2026-11-26T10:00Z")


def escalate(by: User, number: int, **target: Any) -> Handoff:
    session = Session.open(by, problem_summary=f"Printer {number} jams")
    return Handoff.escalate(session, by, notes="Stuck", **target)


def go() -> None:
    relay_all()
    sweep(do_it)


def mails_to(user: User) -> list[Any]:
    return [sent for sent in mail.outbox if user.email in sent.to]


def says(sent: Any) -> str:
    """What happened, as its first line says."""
    return str(sent.body).splitlines()[0]


def test_the_first_at_once_the_others_together(ana, bo, time_machine) -> None:
    for number in range(5):
        escalate(ana, number)
        go()
    (first,) = mails_to(bo)
    assert says(first) == "Ana Tester escalated Printer 0 jams"
    assert Notification.objects.for_bell(bo).unread().count() == 5, "the bell has all"
    time_machine.shift(QUARTER)
    go()
    _first, digest = mails_to(bo)
    assert digest.subject == "Ana Tester escalated Printer 1 jams, and 3 more"
    for number in range(1, 5):
        assert f"Printer {number} jams" in digest.body
    assert "Printer 0 jams" not in digest.body
    time_machine.shift(QUARTER)
    go()
    assert len(mails_to(bo)) == 2, "nothing more to say"


def test_a_digest_says_what_is_still_true_when_it_is_sent(ana, bo, cy, time_machine) -> None:
    first, taken, read, stays = (escalate(ana, number) for number in range(4))
    go()
    taken.claim(cy)
    Notification.objects.filter(user=bo, handoff=read).mark_read()
    time_machine.shift(QUARTER)
    go()
    digest = mails_to(bo)[1]
    assert digest.subject == "Ana Tester escalated Printer 3 jams"
    assert not any(f"Printer {number}" in digest.body for number in (0, 1, 2))
    assert stays.is_open
    assert first.is_open


def test_nothing_left_to_say_nothing_is_sent(ana, bo, cy, time_machine) -> None:
    escalate(ana, 0)
    second = escalate(ana, 1)
    go()
    second.claim(cy)
    time_machine.shift(QUARTER)
    go()
    assert len(mails_to(bo)) == 1
    assert Delivery.objects.digests().get(recipient=bo).status == "cancelled"


def test_what_is_urgent_and_for_them_comes_at_once(ana, bo) -> None:
    for number in range(3):
        escalate(ana, number, target_user=bo, priority=0)
        go()
    assert len(mails_to(bo)) == 3
    escalate(ana, 3, target_user=bo)
    escalate(ana, 4)
    go()
    assert len(mails_to(bo)) == 5, "it uses up nobody's turn"


def test_raised_to_urgent_it_leaves_the_digest(ana, bo) -> None:
    escalate(ana, 0, target_user=bo)
    waits = escalate(ana, 1, target_user=bo)
    go()
    assert len(mails_to(bo)) == 1
    waits.reprioritise(ana, priority=0)
    go()
    assert says(mails_to(bo)[1]) == "Urgent: Ana Tester escalated Printer 1 jams"


def test_the_digest_says_what_was_raised_to_urgent_meanwhile(ana, bo, time_machine) -> None:
    Account.objects.update(ladder={word: [] for word in PRIORITY_WORDS})  # or what is urgent calls by itself
    for number in range(3):
        waits = escalate(ana, number)
    go()
    waits.reprioritise(ana, priority=0)
    go()
    time_machine.shift(QUARTER)
    go()
    assert mails_to(bo)[1].subject == "Urgent: Ana Tester escalated Printer 2 jams, and 1 more"


def test_what_is_for_them_does_not_wait_for_what_is_sent_to_everyone(ana, bo) -> None:
    escalate(ana, 0)
    go()
    escalate(ana, 1, target_user=bo)
    go()
    assert len(mails_to(bo)) == 2


def test_who_wants_no_digest_gets_each(ana, bo) -> None:
    Preference.choose(bo, digest=False)
    for number in range(3):
        escalate(ana, number)
    go()
    assert len(mails_to(bo)) == 3


def test_an_undone_claim_is_in_the_next_digest(ana, bo, cy, time_machine) -> None:
    escalate(ana, 0)
    go()
    time_machine.shift(QUARTER - timedelta(seconds=20))
    waits = escalate(ana, 1)
    go()
    waits.claim(cy)
    relay_all()
    time_machine.shift(timedelta(seconds=30))
    go()
    assert len(mails_to(bo)) == 1, "nothing of the digest is true now"
    waits.undo(cy)
    go()
    assert says(mails_to(bo)[1]) == "Ana Tester escalated Printer 1 jams"


def test_one_that_a_worker_has_taken_takes_nothing_more(ana, bo, time_machine) -> None:
    escalate(ana, 0)
    go()
    escalate(ana, 1)
    go()
    time_machine.shift(QUARTER - timedelta(minutes=2))
    digest = Delivery.objects.digests().get(recipient=bo)
    Delivery.objects.filter(pk=digest.pk).update(status="running", attempt=1, taken_at=timezone.now())
    escalate(ana, 2)
    go()
    first, second = Delivery.objects.digests().filter(recipient=bo).order_by("pk")
    assert (first.put_into.count(), second.put_into.count()) == (1, 1)


def test_who_is_sent_many_is_connected_to_once(ana, bo, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with smtp.running() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        for number in range(4):
            escalate(ana, number, target_user=bo)
        go()
        assert len(server.mails) == 1
        server.shutdown()
        for number in range(4, 6):
            escalate(ana, number, target_user=bo)
        go()
    assert not Delivery.objects.exclude(error="").exists(), "what waits is not tried in vain"


def test_what_somebody_sends_again_waits_for_nothing(ana, bo) -> None:
    escalate(ana, 0)
    escalate(ana, 1)
    relay_all()
    first, second = Delivery.objects.filter(recipient=bo).order_by("pk")
    Delivery.run(first.pk)
    Delivery.objects.filter(pk=second.pk).update(status="failed", error="May have been sent.")
    second.refresh_from_db()
    second.retry_by(ana)
    sweep(do_it)
    assert len(mails_to(bo)) == 2


def test_one_that_failed_is_shown_and_sent_again(client, ana, bo, lea, time_machine) -> None:
    escalate(ana, 0)
    escalate(ana, 1)
    go()
    digest = Delivery.objects.digests().get(recipient=bo)
    Delivery.objects.filter(pk=digest.pk).update(status="failed", error="May have been sent.")
    digest.refresh_from_db()
    digest.settled()
    go()
    line = Notification.objects.get(user=lea, event__kind="delivery.failed")
    assert (line.title, line.get_absolute_url()) == ("Not delivered to Bo Tester", "/settings/channels/")
    client.force_login(lea)
    assert f"/deliveries/{digest.pk}/retry/" in client.get("/settings/channels/").content.decode()
    client.post(f"/deliveries/{digest.pk}/retry/")
    sweep(do_it)
    assert says(mails_to(bo)[1]) == "One thing waits for you"


# quiet hours


def test_who_ends_them_early_gets_what_they_held(ana, bo) -> None:
    quiet(bo, "09:00", "23:00")
    escalate(ana, 0)
    go()
    assert mails_to(bo) == []
    Preference.choose(bo, quiet_from=None, quiet_until=None)
    sweep(do_it)
    assert says(mails_to(bo)[0]) == "One thing waits for you"


def quiet(bo: User, begin: str, end: str) -> None:
    Preference.choose(bo, quiet_from=time.fromisoformat(begin), quiet_until=time.fromisoformat(end))


@pytest.mark.parametrize(
    ("begin", "end", "now", "until"),
    [
        ("22:00", "06:00", "2026-11-26T23:30", "2026-11-27T06:00"),
        ("22:00", "06:00", "2026-11-26T05:59", "2026-11-26T06:00"),
        ("22:00", "06:00", "2026-11-26T06:00", None),
        ("22:00", "06:00", "2026-11-26T21:59", None),
        ("12:00", "13:00", "2026-11-26T12:00", "2026-11-26T13:00"),
        ("12:00", "13:00", "2026-11-26T13:00", None),
        ("22:00", "02:30", "2026-10-25T01:00", "2026-10-25T02:30"),  # clocks go back at 3
        ("22:00", "02:30", "2026-03-29T01:30", "2026-03-29T03:30"),  # and forward at 2: there is no half past
    ],
)
def test_quiet_hours_are_theirs(bo, begin, end, now, until) -> None:
    bo.time_zone = "Europe/Berlin"
    bo.save()
    quiet(bo, begin, end)

    def at(local: str) -> datetime:
        return datetime.fromisoformat(local).replace(tzinfo=bo.zone, fold=1)

    found = Preference.objects.of([bo])[bo.pk].held_until(at(now).astimezone(UTC))
    assert found == (until and at(until).astimezone(UTC))


def test_an_end_that_comes_twice_is_never_past(bo) -> None:
    bo.time_zone = "Europe/Berlin"
    bo.save()
    quiet(bo, "22:00", "02:30")
    preference = Preference.objects.of([bo])[bo.pk]
    night = datetime(2026, 10, 24, 20, 1, tzinfo=UTC)
    for minutes in range(0, 12 * 60, 5):
        now = night + timedelta(minutes=minutes)
        until = preference.held_until(now)
        assert until is None or until > now


def test_quiet_hours_end_in_one_digest(ana, bo, time_machine) -> None:
    now = timezone.localtime(timezone.now(), bo.zone)
    quiet(bo, f"{now - timedelta(hours=1):%H:%M}", f"{now + timedelta(hours=1):%H:%M}")
    for number in range(3):
        escalate(ana, number)
    escalate(ana, 3, target_user=bo)
    go()
    assert mails_to(bo) == []
    escalate(ana, 4, target_user=bo, priority=0)
    go()
    assert len(mails_to(bo)) == 1, "urgent, and for them"
    time_machine.shift(timedelta(hours=1, minutes=1))
    go()
    assert len(mails_to(bo)) == 2
    assert mails_to(bo)[1].subject.endswith(", and 3 more")


def test_on_shift_only(ana, bo, olga) -> None:
    Preference.choose(bo, on_shift_only=True)
    bo.go_off_shift(by=bo)
    escalate(ana, 0)
    escalate(ana, 1)
    go()
    assert mails_to(bo) == []
    bo.refresh_from_db()
    bo.come_back()
    go()
    assert len(mails_to(bo)) == 1


def test_a_flood_is_three_mails(ana, bo, time_machine) -> None:
    for number in range(46):
        escalate(ana, number, target_user=bo if number % 3 == 0 else None, priority=1 + number % 3)
        relay_all()
        time_machine.shift(timedelta(seconds=2))
    sweep(do_it)
    time_machine.shift(QUARTER)
    sweep(do_it)
    assert len(mails_to(bo)) == 3, "the first for everyone, the first for Bo, one with the rest"
    assert Notification.objects.for_bell(bo).unread().count() == 46
    assert "Printer 45 jams" in mails_to(bo)[2].body
