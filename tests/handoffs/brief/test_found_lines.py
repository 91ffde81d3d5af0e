"""The one-liners found in the record without AI: by rules on single texts, and measured on 166 records."""

import time

import pytest

from handoffs.brief.found_lines import KINDS, LENGTH, MOST, Source, find_lines
from handoffs.brief.sentences import sentences
from tests.handoffs.brief.found_lines_records import figures, records

# The records, and the part of what is recorded in them that is found at least.
FOUND = {"first": 0.95, "fresh": 0.95, "last": 0.92, "plain": 0.92, "plain_last": 0.78}
FILES = [f"found_lines_{name}.txt" for name in FOUND]


def kinds(text: str, kind: str = "message", **facts) -> set[str]:
    """The kinds of which the text gives a line."""
    return {name for name, lines in find_lines([Source("m1", kind, text, **facts)]).items() if lines}


def texts(name: str, *sources: Source) -> list[str]:
    return [line.text for line in find_lines(sources)[name]]


# --- measured -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FOUND)
def test_nearly_all_that_was_recorded_is_found_and_nearly_all_that_is_shown_is_right(name):
    """Floors below what was reached, so that a rule that costs more than it brings is noticed."""
    found, right = figures(records(f"found_lines_{name}.txt"))
    wanted, shown = sum(n for _, n in found.values()), sum(n for _, n in right.values())
    assert sum(n for n, _ in found.values()) >= FOUND[name] * wanted, found
    assert sum(n for n, _ in right.values()) >= 0.9 * shown, right


@pytest.mark.parametrize("record", [r for name in FILES for r in records(name)], ids=lambda record: record.name)
def test_a_line_is_a_piece_of_its_source(record):
    by_ref = {}
    for source in record.sources:
        by_ref.setdefault(source.ref, []).append(" ".join(source.text.split()))
    for lines in record.lines().values():
        assert len(lines) <= MOST
        for line in lines:
            assert "\n" not in line.text
            assert len(line.text) <= LENGTH
            words = line.text.removeprefix("… ").removesuffix("…")
            assert any(words in text for text in by_ref[line.source])


# --- kinds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "60 users cannot log on",
        "all 14 tills are down",
        "3 of 12 PCs have no network",
        "half the office lost email",
        "everyone in accounts gets a blank screen",
        "only her laptop",
        "just the CEO",
        "one user can't print",
        "nobody can print",
        "whole site down",
        "two of the warehouses are offline",
        "everybody at the practice is locked out",
        "User can't open Outlook since Monday",
    ],
)
def test_who_is_affected(text):
    assert "affected" in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "12,000 rows in 45 seconds",
        "340 errors on the WAN port in 5 minutes",
        "3 pages are stuck",
        "All users are working again",
        "Emailed all users to sign out",
        "If we reboot it all users will lose their session",
        "Is everybody affected, or only one room?",
    ],
)
def test_who_is_not_affected(text):
    assert "affected" not in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "I don't think it is DNS",
        "It turned out not to be the proxy",
        "Maybe you can have a look",
        "She is likely to call again",
        "He will probably be late",
        "It must be done before noon",
        "Seems to be working again",
        "Do you have the password?",
    ],
)
def test_no_suspicion(text):
    assert "suspect" not in kinds(text)


def test_what_is_denied_later_is_no_suspicion():
    newer = Source("m2", "message", "It's not the cable. I suspect the port.")
    older = Source("m1", "message", "I think it's the cable.")
    assert texts("suspect", newer, older) == ["I suspect the port."]
    assert texts("suspect", older, newer) == ["I think it's the cable.", "I suspect the port."]


def test_the_active_branch_is_a_suspicion_and_main_is_none():
    assert kinds("MTU too small", "branch") == {"suspect"}
    assert not kinds("Main", "branch")
    assert not kinds("MTU too small", "branch", active=False)


def test_steps_to_do_come_first_and_those_of_the_active_branch_before_others():
    sources = [
        Source("m9", "message", "Next I would swap the switch."),
        Source("s3", "step", "Compare firewall rules", outcome="pending", active=False),
        Source("s2", "step", "Lower the MTU", outcome="pending"),
    ]
    assert texts("next_step", *sources) == ["Lower the MTU", "Compare firewall rules", "Next I would swap the switch."]


@pytest.mark.parametrize(
    "text",
    ["She wants to print the invoices", "We should not reboot it", "It should be fine now", "The next room is ok"],
)
def test_what_is_no_next_step(text):
    assert "next_step" not in kinds(text)


def test_what_has_to_be_undone_is_to_watch_out_for():
    assert kinds("Static address on the gateway", "step", outcome="failed", temporary=True) == {"watch_out"}
    assert texts("watch_out", Source("m1", "message", "Don't reboot SQL01. I don't know why.")) == [
        "Don't reboot SQL01."
    ]


@pytest.mark.parametrize(
    "text",
    [
        'Windows says "Do not turn off your computer" for an hour',
        "I don't know",
        "I don't think so",
        "It doesn't work",
        "She gets a temporary profile",
        "It worked until Friday",
        "It says: connection refused by 10.0.0.9:8443",
    ],
)
def test_nothing_to_watch_out_for(text):
    assert "watch_out" not in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Leave those avhdx alone",
        "Mind the two Macs",
        "hands off the rack",
        "Reboot is ok, stop isn't",
        "it must go on again by Friday",
        "nut-monitor has to be back before Friday",
        "He says not to boot the switch",
        "the key is in the vault under Sites",
        "the letter P is built in",
        "the files only exist on this PC",
    ],
)
def test_warnings_without_do_not(text):
    assert "watch_out" in kinds(text)


def test_a_grave_order_comes_before_newer_warnings_and_temporary_steps():
    newer = [Source(f"s{n}", "step", f"Rule {n} opened", outcome="worked", temporary=True) for n in range(9, 5, -1)]
    assert texts("watch_out", *newer, Source("m1", "message", "Do not power FS1 off"))[0] == "Do not power FS1 off"


@pytest.mark.parametrize(
    "text",
    [
        "the firewall got new firmware",
        "The file server was replaced at the weekend",
        "no prints since the migration",
        "It began the day after the electrician was here",
        "They changed provider on Monday",
        "Somebody plugged in a home router?",
    ],
)
def test_causes_told_as_facts(text):
    assert "suspect" in kinds(text)


def test_the_active_branch_stands_before_every_other_hunch():
    """Three hunches that were said since would crowd it out, though it is what is worked on."""
    branch = Source("branch", "branch", "Certificates")
    hunches = ["Could be the proxy.", "Or maybe the clock of the phones.", "The certificate ran out last night."]
    said = [Source(f"m{4 - at}", "message", text) for at, text in enumerate(hunches)]
    found = find_lines([said[0], branch, *said[1:]])["suspect"]
    assert [line.source for line in found] == ["branch", "m4", "m3"]


@pytest.mark.parametrize(
    "text",
    [
        "Goods in is writing everything on paper",
        "they can not take orders",
        "she loses half the morning",
        "310 carers get paid with it",
        "only calls that come in",
        "the other floors are fine",
        "it works for everyone else",
        "This is the finance director",
        "the laptop is quick all day, only Excel not",
    ],
)
def test_who_is_affected_without_a_count(text):
    assert "affected" in kinds(text)


@pytest.mark.parametrize("text", ["Rang the agency, nobody there before Monday", "Somebody put it in the rack"])
def test_somebody_and_nobody_are_not_always_affected(text):
    assert "affected" not in kinds(text)


@pytest.mark.parametrize(
    "number",
    [
        "0441 555 0142",
        "+44 7700 900123",
        "(02) 9555 0100",
        "555-0142",
        "+49 30 901820",
        "06 12 34 56 78",
        "212.555.0173",
    ],
)
def test_numbers_to_call(number):
    assert "contact" in kinds(f"Call Sue on {number}.")
    assert "contact" in kinds(f"Sue, {number}, has the keys.")


@pytest.mark.parametrize(
    "text",
    [
        "Ticket 0048291734 is open",
        "build 10.0.19045.3930 and KB5034441",
        "IP 192.168.100.200 and MAC 00-11-22-33-44-55",
        "It comes on 12.03.2026, at the latest 2026-03-14",
        "GUID 12345678-1234-1234-1234-123456789012",
        "The disk has 12345678 bytes free",
        "Mail to jane@partner.example bounces with 550 5.7.1",
        "noreply@acme.example cannot send",
        "Calls to 0441 555 0199 end in voicemail",
    ],
)
def test_what_only_looks_like_a_contact(text):
    assert "contact" not in kinds(text)


# --- who speaks ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["output", "log"])
def test_what_a_machine_wrote_says_nothing(kind):
    assert not kinds(
        "WARNING: Do not interrupt. All users will be disconnected.\nCall 0800 555 0199 for support.", kind
    )


def test_a_short_answer_among_the_outputs_counts():
    assert kinds("Everybody, 60 users, since 02:00", "output") == {"affected"}


def test_an_answer_is_read_with_its_question():
    step = Source("s3", "step", "How many users are affected?\n14")
    assert texts("affected", step) == ["How many users are affected? 14"]
    assert texts("affected", Source("s3", "step", "How many users are affected?\nNo idea")) == []


def test_one_sentence_may_say_several_things():
    text = "Mrs Hart is on site, 0441 555 0142, they open at 08:00 and have no paper fallback"
    assert kinds(text) == {"contact", "watch_out"}


def test_a_long_sentence_is_cut_around_what_was_found():
    text = (
        f"{'and then we looked at the settings ' * 9}so please do not reboot SQL01 {'or anything else over there ' * 9}"
    )
    [line] = texts("watch_out", Source("m1", "message", text))
    assert len(line) <= LENGTH
    assert "do not reboot SQL01" in line


# --- sentences ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Call 0441 555 0142. Ask for Joe.", ["Call 0441 555 0142.", "Ask for Joe."]),
        ("approx. 60 users, e.g. Mr. Smith. All down", ["approx. 60 users, e.g. Mr. Smith.", "All down"]),
        ("10.0.0.1 runs v2.4.1 of app.exe; it hangs", ["10.0.0.1 runs v2.4.1 of app.exe", "it hangs"]),
        ("- one\n- two\n\n1. three", ["one", "two", "three"]),
        ("They open at 8 a.m. on Monday. No idea", ["They open at 8 a.m. on Monday.", "No idea"]),
        ("see\n```\nrm -rf\n```\ndone", ["see", "done"]),
    ],
)
def test_sentences(text, parts):
    assert [sentence.text for sentence in sentences(text)] == parts


# --- how long it takes --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "piece", ["a", " ", "1 ", "do not ", "60 users ", "all all ", "a@", "+1 (2) ", ", ", "- ", "has not ever "]
)
@pytest.mark.parametrize("kind", ["message", "log", "output"])
def test_nothing_makes_it_slow(piece, kind):
    text = piece * (200_000 // len(piece))
    began = time.process_time()
    find_lines([Source("m1", kind, text)])
    assert time.process_time() - began < 1


def test_a_long_record_is_read_from_both_ends():
    """Of what is between, the beginning and the end."""
    filler = "The service starts and writes its log. " * 50
    sources = [Source(f"m{n}", "message", filler) for n in range(60)]
    sources[1] = Source("m1", "message", f"{filler}Don't reboot SQL01.")
    sources[30] = Source("m30", "message", "I suspect the port.")
    sources[40] = Source("m40", "message", f"{filler}Next I would swap the switch.")
    sources[-1] = Source("m59", "message", f"{filler}All 14 tills are down.")
    began = time.process_time()
    lines = find_lines(sources)
    assert time.process_time() - began < 0.5
    kinds_found = ("watch_out", "suspect", "next_step", "affected")
    assert [lines[kind][0].source for kind in kinds_found] == ["m1", "m30", "m40", "m59"]


@pytest.mark.parametrize("filler", ["The service starts and writes its log. ", "one\ntwo\n", "x", "word "])
def test_a_long_text_is_read_from_both_ends(filler):
    text = f"Don't reboot SQL01.\n{filler * 5_000}\nAll 14 tills are down."
    assert texts("watch_out", Source("m1", "message", text)) == ["Don't reboot SQL01."]
    assert texts("affected", Source("m1", "message", text)) == ["All 14 tills are down."]


def test_what_is_left_out_between_the_ends_does_not_join_two_sentences():
    text = f"First. {'The service starts and writes its log. ' * 1_000}Last."
    found = [sentence.text for sentence in sentences(text)]
    assert (found[0], found[-1]) == ("First.", "Last.")
    assert set(found[1:-1]) == {"The service starts and writes its log."}


def test_nothing_in_the_record_nothing_found():
    assert find_lines([]) == {kind: [] for kind in KINDS}
    assert not kinds("Thanks! Best, Tom") | kinds("")


def test_what_is_to_do_comes_in_the_order_it_was_written():
    """Four steps that wait, of which three have room: read newest first, as everything is, the first would be lost."""
    waits = [Source(f"s{number}", "step", f"Swap part {number}", outcome="pending") for number in (4, 3, 2, 1)]
    assert [line.source for line in find_lines(tuple(waits))["next_step"]] == ["s1", "s2", "s3"]
