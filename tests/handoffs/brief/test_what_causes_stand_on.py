"""What a suspicion brings with it, what is a remedy and no cause, what was changed on another day, what was refuted."""

import pytest

from handoffs.brief.found_lines import Source, find_lines

OPENING = Source("m1", "message", "Hi, this is about the thing you know of.")


def suspects(*sources: Source) -> list[str]:
    return [line.text for line in find_lines([*sources, OPENING])["suspect"]]


def said(text: str, ref: str = "m2") -> Source:
    return Source(ref, "message", text)


@pytest.mark.parametrize(
    "text",
    [
        "The dock gets 65 W and this laptop wants 100. So it throttles, I reckon.",
        "The new lamps in hall 2 flicker at 100 Hz. I'd still say it's the camera's shutter fighting with them.",
        "On the panel it is 2021. That must be why the cards count as not yet valid.",
        "The backup of the branch runs at eight. I suppose it eats the line.",
    ],
)
def test_what_was_found_stands_with_the_guess_that_stands_on_it(text):
    assert suspects(said(text)) == [text]


@pytest.mark.parametrize(
    ("before", "guess"),
    [
        ("Rebooted it twice.", "I suspect the cable of the scale."),
        ("It's not the ribbon.", "I suspect the head."),
        ("The people of the night shift told me that the belt was cleaned on Sunday with something that smelt of lemon"
         " and that somebody put the sensor back by hand.", "I suspect the sensor."),
        ("Cy thinks the scale wants a restart.", "The load cell was changed on Monday."),
    ],
)  # fmt: skip
def test_what_somebody_did_denies_or_proposes_does_not(before, guess):
    assert guess in suspects(said(f"{before} {guess}"))


@pytest.mark.parametrize(
    "text",
    [
        "I believe it needs a reboot after that.",
        "Dev thinks that the modem needs a factory reset.",
        "We think the NAS needs a power cycle first.",
        "Cy thinks the scale wants a restart.",
    ],
)
def test_a_remedy_is_no_cause(text):
    assert suspects(said(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "I think it needs more power than that port gives.",
        "I think it wants TLS 1.3.",
        "I believe the reboot on Sunday broke the array.",
        "I guess the battery needs replacing, it is from 2014.",
    ],
)
def test_what_something_lacks_is_one(text):
    assert suspects(said(text)) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "fyi I moved the licence dongle to the new host on Thursday evening.",
        "By the way I put a new fibre patch in at the church on Saturday.",
        "I swapped the access point in the aula last week, same model.",
        "Two weeks ago I changed the lease time to two hours.",
        "The old print server was switched off at Easter.",
        "Their NAS got new disks over Christmas.",
    ],
)
def test_what_was_changed_on_another_day_may_be_the_cause(text):
    assert suspects(said(text)) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "I moved the dongle to the new host just now, no luck.",
        "I replaced the cable yesterday and it's the same.",
        "I sent the logs to the vendor on Monday.",
        "I swapped the dock this morning.",
    ],
)
def test_what_was_tried_is_not(text):
    assert suspects(said(text)) == []


def test_a_better_guess_leaves_no_room_for_what_the_writer_changed():
    text = "I suspect the hub. Could also be the driver, it is old. I moved the desk on Monday."
    assert not any("desk" in line for line in suspects(said(text)))


@pytest.mark.parametrize(
    ("hunch", "step"),
    [
        ("Could be the proxy.", "Bypassed the proxy on PC-3, same"),
        ("I think it's the cable.", "Other patch cable at the till"),
        ("my guess is the battery", "New battery in the handset, still drops"),
        ("Maybe the antivirus.", "Turned the antivirus off for ten minutes, no difference"),
    ],
)
def test_a_hunch_is_gone_once_a_step_has_ruled_it_out(hunch, step):
    refuting = Source("s1", "step", step, outcome="ruled_out")
    assert suspects(refuting, said(hunch)) == []
    assert suspects(said(hunch, "m3"), refuting) == [hunch]


@pytest.mark.parametrize(
    ("hunch", "step", "outcome"),
    [
        ("Could be the proxy.", "Bypassed the proxy on PC-3, page opens", "worked"),
        ("I suspect the new rule for SIP on the firewall.", "Firewall log for DNS clean", "ruled_out"),
        ("I think the server certificate ran out.", "Free space on the server, 200 GB", "ruled_out"),
        ("It could be the switch.", "Other port on the switch", "ruled_out"),
    ],
)
def test_a_hunch_stays_if_the_step_was_of_something_else(hunch, step, outcome):
    assert hunch in suspects(Source("s1", "step", step, outcome=outcome), said(hunch))
