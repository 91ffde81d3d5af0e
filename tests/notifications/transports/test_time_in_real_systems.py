"""Time booked in each real ticket system, by the whole way from the verb to the worker; and a lost answer."""

from __future__ import annotations

from notifications.models import Delivery
from tests.notifications.transports.test_note_in_real_systems import proxy, run, ticket  # noqa: F401  fixtures


def test_time_is_booked_once_with_its_own_text_and_no_note_that_the_client_sees(ticket, ana, system):
    note = run(Delivery.send_note(ticket, ana, body="Called the client."))
    done = run(Delivery.send_time(ticket, ana, minutes=45, text="Replaced the router. password: Summer2026!"))
    assert (note.status, done.status, done.error) == ("done", "done", "")
    assert system.minutes() == 45
    assert all(system.notes().values()), "none that the client sees"
    texts = [system.text(number) for number in system.notes()]
    assert sum("Called the client" in text for text in texts) == 1
    assert sum("Replaced the router" in text for text in texts) <= 1, "the entry's own, where it is a comment"
    assert not any("Summer2026" in text for text in texts)


def test_a_swallowed_answer_leaves_exactly_one_entry(ticket, ana, system, proxy):
    proxy.swallow = 1
    waits = run(Delivery.send_time(ticket, ana, minutes=30, text="Replaced the router"))
    assert (waits.status, waits.maybe_sent) == ("pending", True)
    done = run(waits)
    assert (done.status, bool(done.remote_id)) == ("done", True)
    assert (system.minutes(), proxy.writes) == (30, 1)
