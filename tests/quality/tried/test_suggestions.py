"""Suggestions that repeat a step are found by rules, new ones are left alone: as many as are asked for, held out."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest

from handoffs.tried import Ledger
from tests.quality.tried.report import FALSE_GOAL, FOUND_GOAL, figures, report
from tests.quality.tried.suggestions import HALVES, Recorded, load

SUGGESTIONS = load()
HELD_OUT = [one for one in SUGGESTIONS if one.half == "held out"]
FRESH = [one for one in SUGGESTIONS if one.half == "fresh"]
HELD_TO_THE_GOALS = [half for half in HALVES if half != "fresh"]


def test_there_are_enough_of_each_kind_and_over_many_domains() -> None:
    found = figures(HELD_OUT)
    assert (found["repeats"] or 0) >= 60
    assert (found["new"] or 0) >= 60
    assert len({one.domain for one in SUGGESTIONS}) >= 10


@pytest.mark.skipif(not FRESH, reason="No suggestions are there that nobody has read.")
def test_the_fresh_part_is_large_enough_to_be_the_honest_figure() -> None:
    found = figures(FRESH)
    assert (found["repeats"] or 0) >= 80
    assert (found["new"] or 0) >= 80
    assert len({one.session for one in FRESH}) >= 14
    assert len({one.domain for one in FRESH}) >= 10


def test_no_session_is_in_two_parts() -> None:
    halves = {half: {one.session for one in SUGGESTIONS if one.half == half} for half in HALVES}
    assert not any(halves[one] & halves[other] for one, other in combinations(HALVES, 2))


def test_a_repeat_names_a_step_that_failed_or_was_ruled_out() -> None:
    for one in SUGGESTIONS:
        outcomes = {step.ref: step.outcome for step in one.steps}
        assert not one.repeats or outcomes[one.repeats] in ("failed", "ruled_out"), one.text
        assert 3 <= len(one.steps) <= 8, one.session
    assert all(count == 1 for count in Counter((one.session, one.text) for one in SUGGESTIONS).values())


@pytest.mark.parametrize("half", HELD_TO_THE_GOALS)
def test_few_new_ones_are_taken_for_tried(half) -> None:
    taken = figures([one for one in SUGGESTIONS if one.half == half])["taken"]
    assert taken is not None
    assert taken <= FALSE_GOAL


@pytest.mark.parametrize("half", HELD_TO_THE_GOALS)
def test_most_repeats_are_found(half) -> None:
    found = figures([one for one in SUGGESTIONS if one.half == half])["found"]
    assert found is not None
    assert found >= FOUND_GOAL


def test_two_things_or_acts_are_tried_only_where_both_were() -> None:
    steps = [Recorded("s1", "failed", "Restarted Netlogon and the KDC"), Recorded("s2", "worked", "Reset the password")]
    ledger = Ledger(steps)
    assert ledger.step_for("Restart the Netlogon and KDC services") == steps[0]
    assert ledger.step_for("Restart Netlogon, the KDC and the DNS service") is None
    assert ledger.step_for("Restart the KDC and rejoin PC-1 to the domain") is None
    assert ledger.step_for("Disable the KDC") is None
    assert ledger.step_for("Reset the password") is None


def test_a_step_is_known_again_in_words_no_rule_has() -> None:
    steps = [Recorded("s1", "failed", "Zorbling of FROB-2 defuzzled"), Recorded("s2", "failed", "Wuggle cache dropped")]
    assert Ledger(steps).step_for("Have the zorbling of FROB-2 defuzzled.") == steps[0]
    assert Ledger(steps).step_for("Have the zorbling of FROB-3 defuzzled.") is None


def test_the_device_of_the_session_need_not_be_in_the_step() -> None:
    steps = [Recorded("s1", "failed", "VSS dlls re-registered")]
    assert Ledger(steps, device="FS-03").step_for("Register the VSS DLLs again on FS-03.") == steps[0]


def test_the_report_names_what_is_missed_of_the_half_that_may_be_read(capsys) -> None:
    missed = [one for one in HELD_OUT + FRESH if one.taken_for != one.repeats]
    report(SUGGESTIONS)
    said = capsys.readouterr().out
    assert "Held out (" in said
    assert "Fresh (the honest figure):" in said
    assert not any(one.text in said for one in missed)
    report(SUGGESTIONS, show_held_out=True)
    said = capsys.readouterr().out
    assert all(one.text in said for one in missed)
