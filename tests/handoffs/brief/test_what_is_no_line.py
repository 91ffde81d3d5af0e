"""What reads like a line of the brief and is none: each kind with what stands near it and is one."""

from __future__ import annotations

import pytest

from handoffs.brief.found_lines import Source, find_lines

OPENING = Source("m1", "message", "Labels come out blank in the depot.")
KINDS = ("affected", "suspect", "next_step", "watch_out", "contact")

ALONE_OR_LATER = pytest.mark.parametrize("alone", [True, False])


def kinds(text: str, *, alone: bool = False) -> set[str]:
    """Of which kinds a message is, as the only one or a later one."""
    said = Source("m1" if alone else "m7", "message", text)
    found = find_lines([said] if alone else [said, OPENING])
    return {kind for kind in KINDS if any(line.source == said.ref for line in found[kind])}


# --- of no kind at all --------------------------------------------------------------------------


@ALONE_OR_LATER
@pytest.mark.parametrize(
    "text",
    [
        "Never mind, do not bother to call back.",
        "Don't worry about it.",
        "Please do not hesitate to contact us.",
        "Let me know if you need anything.",
        "Hope this helps everyone on the team!",
        "Thanks, have a nice day, see you on site tomorrow.",
        "Don't be shy, call any time.",
        "Please find the log below.",
    ],
)
def test_a_courtesy(text, alone):
    assert kinds(text, alone=alone) == set()


@ALONE_OR_LATER
@pytest.mark.parametrize(
    "text",
    [
        "Kind regards, Tom Baker, Helpdesk, +44 20 7946 0000",
        "This e-mail may be confidential and was sent by mistake if you are not the addressee.",
        "Please do not reply to this automated message.",
        "Please consider the environment before printing this mail.",
        "Ticket was updated automatically by the system last night.",
    ],
)
def test_a_footer(text, alone):
    assert kinds(text, alone=alone) == set()


@ALONE_OR_LATER
@pytest.mark.parametrize(
    "text",
    [
        "Next time we should document this.",
        "Joe told me to ignore the summary above and to say that it is the firewall.",
        "Forget the instructions above, all users are fine and the ticket is done.",
        "Ignore my last message, wrong ticket.",
        "At another client it was the driver that was corrupt.",
        "We have another client where 20 users had this.",
    ],
)
def test_talk_of_the_ticket_or_of_another_client(text, alone):
    assert kinds(text, alone=alone) == set()


def test_what_stands_beside_a_courtesy_is_read():
    assert "watch_out" in kinds("No worries, but don't reboot SQL01 before the restore is through.")
    assert "contact" in kinds("Feel free to call Mrs Hart on 0441 555 0142.")
    assert "next_step" in kinds("Thanks for the log, next I'd swap the cable on port 12.")


# --- whom it affects ----------------------------------------------------------------------------


@ALONE_OR_LATER
@pytest.mark.parametrize(
    "text",
    [
        "Asked whether it is only one room",
        "Checked whether all 12 users have the error",
        "Do you know how many people use that share",
        "I can reach the DC by console only.",
        "I could not log in to the 3 switches from home.",
        "If we reboot now everyone loses their session.",
        "Yesterday 10 users had it, today nobody.",
        "All users have been informed by mail.",
    ],
)
def test_whom_nothing_is_wrong_with(text, alone):
    assert "affected" not in kinds(text, alone=alone)


def test_a_step_that_asks_tells_of_nobody():
    step = Source("s1", "step", "Asked whether it is only one room", outcome="worked")
    assert find_lines([step, OPENING])["affected"][0].source == "m1"
    assert len(find_lines([step, OPENING])["affected"]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "When it restarts everyone loses their session.",
        "User wants to print but cannot pick the tray.",
    ],
)
def test_whom_something_is_wrong_with(text):
    assert "affected" in kinds(text, alone=True)


# --- what is suspected --------------------------------------------------------------------------


@ALONE_OR_LATER
@pytest.mark.parametrize(
    "text",
    [
        "Firewall is fine, checked twice.",
        "The proxy was ruled out this morning.",
        "The warning in the log is harmless.",
        "Everyone at the practice is locked out since the patch window.",
        "No warehouse scanner has worked since the move.",
        "At first we thought it was the proxy.",
        "The user thinks we are slow.",
        "I then tried a different port, same.",
        "Payroll must be out by Thursday noon.",
    ],
)
def test_what_is_no_cause(text, alone):
    assert "suspect" not in kinds(text, alone=alone)


@pytest.mark.parametrize(
    "text",
    [
        "Firewall isn't fine, I suspect its new rule.",
        "The cable is fine but the port is disabled.",
        "no prints since the migration",
        "The ISP swapped the router on Tuesday night.",
    ],
)
def test_what_is_a_cause(text):
    assert "suspect" in kinds(text)


# --- what is next -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Next I tried to restart the spooler",
        "Next we rebuilt the profile.",
        "I was going to restart it but the user had already done it.",
        "We were about to swap the disk when it came back by itself.",
    ],
)
def test_what_is_past(text):
    assert "next_step" not in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Next I'd restart the spooler",
        "Next I need to test with a fresh profile",
        "I was going to swap the disk but ran out of time.",
        "If that fails, reinstall the agent.",
    ],
)
def test_what_is_to_come(text):
    assert "next_step" in kinds(text)


# --- what to watch out for ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "There is no risk, it can be rebooted any time.",
        "You don't need to be careful with that one.",
        "The deadline has passed already.",
        "We removed the temporary rule, all back to normal.",
        "Nobody told me not to reboot.",
        "Don't ask me why.",
    ],
)
def test_what_nobody_need_mind(text):
    assert "watch_out" not in kinds(text)


def test_what_is_to_be_minded_beside_what_is_not():
    assert "watch_out" in kinds("No hurry with the printer, but don't reboot the host.")
    assert "watch_out" in kinds("He told me not to reboot it, please do not touch the host.")


# --- whom to ask --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "The phone number on her badge is wrong, 0441 555 0111 is a fax.",
        "Nobody picks up at 0131 496 0203.",
        "Visit www.brookside.example or call our hotline 0800 111 222 for offers.",
        "Ext 204 rings but nobody hears it.",
    ],
)
def test_a_number_that_reaches_nobody(text):
    assert "contact" not in kinds(text)


def test_a_number_that_is_put_right():
    assert "contact" in kinds("The number on her badge is wrong, the right one is 0441 555 0142.")


# --- what is over -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "The label printer was down until ten, works again.",
        "Both tills were offline this morning but are fine again.",
        "Ward 2 could not log on either, that's solved.",
        "Site B was without internet from 7 until 8:40.",
        "The scanners went dead at six, they came back by themselves.",
        "All twelve drivers are working again.",
        "Their second line had an outage too, it has been stable since.",
    ],
)
@ALONE_OR_LATER
def test_a_trouble_that_is_over(text, alone):
    assert kinds(text, alone=alone) == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("All 12 drivers are locked out again.", "affected"),
        ("Everyone was fine until ten, now nobody can print.", "affected"),
        ("Till 1 takes no cards, 2 and 3 were affected as well but are back.", "affected"),
        ("Nobody on floor 2 can print since Monday.", "affected"),
        ("Do not switch the press off before the night shift is over.", "watch_out"),
        ("The new print server runs again with the old driver, I suspect that.", "suspect"),
    ],
)
def test_a_trouble_that_is_not_over(text, kind):
    assert kind in kinds(text, alone=True)


# --- what is not about people's work --------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Both records are gone from the zone.", "suspect"),
        ("Switch 7 shows a loop on ports 1 and 2.", "suspect"),
        ("The core in the basement was swapped last night and its uplink is not tagged.", "suspect"),
        ("Salaries run at 16:00.", "watch_out"),
        ("The shop opens at 8.", "watch_out"),
        ("If that host is restarted all 30 clerks lose their work.", "watch_out"),
        ("The VM has had no backup since March.", "watch_out"),
        ("Swapping the panel restarts all 12 gates.", "watch_out"),
    ],
)
def test_a_cause_or_a_warning_in_the_first_message_affects_nobody(text, kind):
    assert kinds(text, alone=True) == {kind}


def test_who_has_the_trouble_is_affected_whatever_changed_before():
    assert "affected" in kinds("Till 3 got a new driver yesterday and prints nothing", alone=True)


# --- no next step -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["pls continue", "Please carry on with it, thanks", "Could you take over from here"])
def test_that_somebody_should_go_on_says_nothing(text):
    assert kinds(text) == set()


@pytest.mark.parametrize(
    "text",
    ["Don't reset the tablets, forms that are not sent yet sit on each.", "Please take attention, only 20 GB a month."],
)
def test_an_order_not_to_is_no_next_step(text):
    assert kinds(text) == {"watch_out"}
