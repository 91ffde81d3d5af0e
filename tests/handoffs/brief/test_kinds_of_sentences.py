"""What a sentence is of is told by where it stands and what stands beside it, not by its words alone."""

from __future__ import annotations

import pytest

from handoffs.brief.found_lines import LENGTH, Source, find_lines


def message(text: str, ref: str = "m7") -> Source:
    return Source(ref, "message", text)


OPENING = message("Nobody can print at the depot.", "m1")  # so that what is tested is not the first message


def texts(kind: str, *sources: Source) -> list[str]:
    return [line.text for line in find_lines(sources)[kind]]


# --- the first message --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "law firm, 6 people, every document is on that box",
        "tank monitoring and milk intake stutter in the plant",
        "Customers phone that the shop opens a casino page",
        "Inspectors in the field (around 25) get a red cloud in the app",
        "barrier at the north entrance, 140 season ticket holders",
        "In the canteen the tills ask for a PIN they never had",
    ],
)
def test_the_first_message_begins_with_whom_it_affects(text):
    assert texts("affected", message(text, "m1")) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "I looked at the logs of all 14 tills",
        "Restarted the 3 access points",
        "Check the 4 printers on the second floor",
        "340 errors on the WAN port",
        "Call Mrs Hart on 0441 555 0142, she has 2 keys",
        "Which of the 12 users have it?",
        "I think it is the new switch on floor 2",
        "the key is in the vault under Sites",
        "morning all",
    ],
)
def test_what_the_first_message_says_of_nobody(text):
    assert texts("affected", message(text, "m1")) == []


def test_only_the_first_message_is_read_so():
    later = "tank monitoring and milk intake stutter in the plant"
    assert texts("affected", message(later), OPENING) == [OPENING.text]
    assert texts("affected", message(later, "m41")) == []  # the first that was read is not the first of the record


def test_a_time_that_the_first_message_gives_has_a_line_of_its_own_where_one_is_left():
    first = message("12 engineers cannot open drawings and a tender is due on Friday.", "m1")
    assert texts("affected", first) == texts("watch_out", first) == [first.text]
    orders = message("Don't reboot SQL01.\nNever unplug the NAS.\nDon't touch the rack.")
    assert first.text not in texts("watch_out", orders, first)


# --- sentences that follow each other -----------------------------------------------------------


def test_sentences_of_one_kind_that_follow_each_other_are_one_line():
    text = "Nobody from home can get on. That's 26 of 31."
    assert texts("affected", message(text, "m1")) == [text]
    warning = "Do one port at a time. If B reloads all VMs lose their disks."
    assert texts("watch_out", message(warning), OPENING) == [warning]


def test_no_line_gets_longer_than_a_line():
    text = " ".join(f"All {n} tills in the {'very ' * 8}big shop number {n} are down." for n in range(10, 20))
    assert all(len(line) <= LENGTH for line in texts("affected", message(text, "m1")))


def test_sentences_on_two_lines_stay_two():
    assert len(texts("watch_out", message("Don't reboot SQL01.\nDon't touch the rack."), OPENING)) == 2


def test_a_suspicion_brings_what_it_stands_on():
    before = "Port 22 goes to a switch in the canteen. I suspect a loop there."
    after = "I suspect a loop there. Port 22 goes to a switch in the canteen."
    assert texts("suspect", message(before), OPENING) == [before]
    assert texts("suspect", message(after), OPENING) == [after]


@pytest.mark.parametrize("beside", ["Rebooted it twice.", "It's not the cable.", "Is that ok?", "Thanks!"])
def test_a_suspicion_brings_nothing_that_explains_nothing(beside):
    assert texts("suspect", message(f"{beside} I suspect a loop in the canteen."), OPENING) == [
        "I suspect a loop in the canteen."
    ]


@pytest.mark.parametrize("pointing", ["That will be it.", "Bingo.", "that's why", "Draw your own conclusions ;)"])
def test_a_sentence_may_say_of_the_one_before_that_it_is_the_cause(pointing):
    text = f"The five that behave have firmware 1.0.18. {pointing}"
    assert texts("suspect", message(text), OPENING)[0].startswith("The five that behave have firmware 1.0.18.")


# --- conditions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Remove the hotspot when fixed",
        "Turn the job back on.",
        "pull it after the hearing",
        "the stick must be deleted after",
        "Have the recovery key at hand before going in UEFI",
        "close QB on the console before, else the file gets damaged",
        "reboot only when the two partners have logged off",
        "reboot after 6pm or at lunch",
        "closing a handle of somebody who works corrupts the disk",
        "table locks while this runs",
        "NO repair, NO reboot",
        "under no circumstances delete the logs",
        "6 tries left",
        "the platform team doesn't deploy after 4 pm",
        "lunch is 11:30–13:00",
        "the owner doesn't want the press to hear of it",
        "exports only with somebody of surveillance present",
        "hand-set time is lost at each power cut",
        "keep the access logs",
        "and please nobody else do it",
    ],
)
def test_what_an_action_hangs_on(text):
    assert texts("watch_out", message(text), OPENING) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "I have Contributor only, no access to the vault",
        "I'm not allowed to touch cabinets",
        "I think the script lost the index if it ran twice, all tables are gone",
        "The upgrade dropped the index and never put it back",
        "It only happens after a reboot",
        "The certificate expired 06:58 today",
        "I turned the job back on",
    ],
)
def test_what_nothing_hangs_on(text):
    assert texts("watch_out", message(text), OPENING) == []


def test_when_somebody_can_be_reached_is_no_deadline():
    text = "Lynn, 0161 496 0233, till 5"
    assert texts("watch_out", message(text), OPENING) == []
    assert texts("contact", message(text), OPENING) == [text]


# --- causes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "client auto updated to 33.0.3 on monday",
        "the cluster was taken to 1.22 a week ago",
        "a new broadband router went in yesterday",
        "Started after their technician swapped the firewall on the 3rd",
        "since monday they have labels from a new supplier",
        "ntp blocked?",
        "I suppose he mistook the version",
        "someone shifted the lens if you ask me",
    ],
)
def test_how_causes_are_told(text):
    assert texts("suspect", message(text), OPENING) == [text]


@pytest.mark.parametrize(
    "text", ["Day shift no prob", "The icon points to nothing", "The depot can still print because that's local"]
)
def test_what_is_no_cause(text):
    assert texts("suspect", message(text), OPENING) == []


@pytest.mark.parametrize(
    "text",
    [
        "The session was disconnected because there are no licence servers",
        "The path is too long.",
        "The signature was not verified.",
    ],
)
def test_a_program_has_no_opinion(text):
    found = find_lines([Source("s2", "output", text, outcome="inconclusive"), OPENING])
    assert found["suspect"] == found["next_step"] == []


def test_a_branch_that_became_a_dead_end_takes_its_suspicion_back():
    dead = Source("branch", "branch", "Canteen loop", outcome="ruled_out", active=False)
    assert texts("suspect", dead, message("I suspect a loop in the canteen."), OPENING) == []


# --- whom to ask --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "platform owner: Wouter (slack #platform)",
        "PKI owner is Anselm, mobile in the on-call sheet",
        "At the desk: Amira.",
        "Project lead Mette, 45 55 01 72",
        "the key with Mrs Hartley",
        "duty manager, dial 9 from any room phone",
        "the code is with Bram (bram@studio.example)",
    ],
)
def test_whom_to_ask_without_saying_so(text):
    assert texts("contact", message(text), OPENING) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "The network share is reachable from the server",
        "info@acme.example has sent 14,000 mails overnight to booking@tour.example",
        "sorry for typing, on my phone",
        "they print 45 55 01 72 on each label",
    ],
)
def test_whom_nobody_asks(text):
    assert texts("contact", message(text), OPENING) == []


def test_what_the_note_says_comes_after_what_it_does_not():
    """It stands whole above the lines."""
    note = Source("note", "note", "Careful with the alarm.")
    others = message("Careful with the lift.\nCareful with the gate.\nCareful with the crane.")
    assert texts("watch_out", note, others, OPENING) == others.text.split("\n")


# --- whom to ask --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "The bursar's assistant Mr Vane types the code himself, tell him ten minutes before.",
        "Ines in accounts knows the export.",
        "Rosa, the night supervisor, has the cabinet key.",
        "The room opens at seven, until then ask the porter.",
        "Responsible in the plant is Mr Jansen.",
        "The ward clerk is Mrs Obi, bleep 3140.",
        "Harbour office: Mr Lund.",
        "On call this month is Petra, her number is in the wiki.",
        "Hamid (their consultant) wrote that script, he answers fast.",
    ],
)
def test_somebody_with_what_they_are_and_do_is_a_contact(text):
    assert texts("contact", message(text), OPENING) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Ines in accounts cannot open the export.",
        "The manager called twice.",
        "Paul from finance has a new laptop.",
        "The owner Mrs Reed is angry.",
        "The user is Mrs Obi.",
    ],
)
def test_somebody_who_only_has_the_trouble_is_no_contact(text):
    assert texts("contact", message(text), OPENING) == []


def test_when_somebody_is_there_is_no_deadline():
    said = message("Rosa (bookkeeping) found it first. She is on Teams until 5.")
    assert texts("contact", said, OPENING) == [said.text]  # with the sentence that says who
    assert texts("watch_out", said, OPENING) == []
    assert texts("watch_out", message("I finish at 4."), OPENING) == []


# --- hazards told as plain facts ----------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "PS-07 is their only print server.",
        "Node B is the one that holds the database.",
        "The grey box is what feeds the cameras.",
        "NS2 has the witness.",
        "The second controller has been dead since spring.",
        "The cabinet runs on the battery.",
        "The mirror is degraded.",
        "Their owner's account is an admin without MFA.",
        "The agent only backs up the documents.",
        "Replication to the branch is paused since Easter.",
        "The backup SIM has only 20 GB a month.",
        "The conversion cannot be undone.",
        "Nobody has the password of that switch.",
        "The release needs two approvers.",
        "Port 9 is the line of the lift.",
        "APP-3 is also their DHCP server.",
        "The new switch is what runs the fire panel, she thinks.",
        "LX-2 is the one with the fax modem in it.",
        "Site 5 has a single uplink.",
        "The kiosks all hang on one switch.",
        "SRV-8 holds the licence dongle.",
        "That plotter is shared with the surveyors.",
        "The chiller panel also steers the cold room.",
        "Losing it spoils the whole batch.",
        "Going back is not possible since the conversion.",
        "The export leaves at nine, if it misses that the shops get nothing.",
        "Replacing the panel restarts all 12 gates.",
        "The archive has never been in the backup.",
        "Kick-off is at 20:45.",
        "Node 1 is the master, unplugging it takes the whole floor down.",
        "Tonight's export will fail when the volume fills up.",
        "A new key means a restart of the till server.",
        "After a power cut the pump has to be started by hand.",
        "The gates fail open.",
        "Somebody has to be at the gate when it moves.",
        "The council meeting is streamed on Thursday.",
    ],
)
def test_a_plain_fact_that_is_to_watch_out_for(text):
    assert texts("watch_out", message(text), OPENING) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "PC 9 is the only machine with the error.",
        "This was their only print server until March.",
        "Node B is the one that keeps crashing.",
        "The second disk is fine.",
        "It is the only printer affected.",
        "The last server is patched.",
        "It runs on Windows 11.",
        "One line of the log is missing.",
        "He has the second key now.",
        "It will not start.",
        "It also shows the same error.",
        "There is only one printer affected.",
        "The load is at 12:30 of the scale.",
        "Saw the trace of the freeze.",
        "Somebody must be using it.",
    ],
)
def test_a_plain_fact_that_is_none(text):
    assert texts("watch_out", message(text), OPENING) == []


# --- what others found --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "The carrier confirms a broken card at the exchange.",
        "Their hoster says it is a known bug of the panel.",
        "The sync service on APP-3 is stopped.",
        "The cache got stale in the move, that's my take.",
        "I have the opinion that is the cable.",
    ],
)
def test_what_who_must_know_found_is_a_suspect(text):
    assert texts("suspect", message(text), OPENING) == [text]


@pytest.mark.parametrize(
    "text", ["The carrier says the line is ok.", "The vendor says we should reinstall.", "The ISP says they call back."]
)
def test_what_they_promise_is_none(text):
    assert texts("suspect", message(text), OPENING) == []
