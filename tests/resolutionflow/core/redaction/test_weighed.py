"""In prose the evidence counts together: what a word looks like, what stands near it, what leads to it."""

from __future__ import annotations

import json
import re

from resolutionflow.core.redaction import redact
from resolutionflow.core.redaction.looks import look

GO = [
    "rang Debbie back, she forgot her pw again. gave her ⟦Pumpkin-Stairs4⟧ and told her to change it",
    "domain admin login on the sticky note: ⟦Monday.Blues.8⟧",
    "pour le wifi invité essayez ⟦croissant2025⟧",
    "hij logt in met kassa1 en ⟦Fietsbel22⟧",
    "⟦Tiger2020⟧ does not work any more as the wifi password.",
    "Ana: sending you the admin password in halves\nAna: first half ⟦Kp4-Hollow⟧\nBen: ok\nAna: second half ⟦way-Tin9⟧",
    "09:14 Lee > try ⟦Bramble1⟧\n09:14 Lee > sorry ⟦Bramble11⟧\n09:15 Ann > still says incorrect password",
    "voicemail pin 4 digits, she picked ⟦8842⟧",
    "gate code at their yard changed last week, now ⟦7719⟧#",
    "Sam: what does the code on your phone say?\nKim: ⟦583 017⟧\nSam: and the next one?\nKim: ⟦226490⟧",
    "$ vault kv get -field=password kv/sql01\n⟦maple;Syrup.04⟧",
    "sip.line1.auth_password=⟦mK83vQzt⟧",
]
STAY = [
    "he changed his password on LAP-0442 and Outlook on the iPhone14 still prompts",
    "Ana: which password?\nBen: the one in IT Glue\nAna: ok, on LAP-0442 or PC-ACC7?\nBen: PC-ACC7",
    "Access denied on \\\\FS01\\Team2024, group GG-Team2024-RW was missing",
    "Password reset for Anna on Laptop-0442",
    "PIN reset for ext 2041, error code 4005 before",
    "Ana: what's the code of the error?\nBen: 80244022",
    "$ vault kv get -field=password kv/sql01\nError making API request.",
    "eva@web01:~$ sudo -i\n[sudo] password for eva:\neva@web01:~$",
    'resource "random_password" "sql" {\n  length = 24\n}',
    "DB_PASSWORD=<your-database-password>\nSECRET_KEY=<generate one>",
]


def test_what_weighs_enough_goes_and_nothing_else() -> None:
    for text in GO:
        plain = re.sub("[⟦⟧]", "", text)
        expected = re.sub("⟦.*?⟧", "█", text)
        assert re.sub(r"\[REDACTED:\w+#\d+\]", "█", redact(plain)) == expected
        assert redact(json.dumps(plain)) == json.dumps(redact(plain))


def test_what_names_something_else_stays() -> None:
    assert [redact(text) for text in STAY] == STAY


def test_a_look_is_of_a_password_or_of_a_thing() -> None:
    assert [look(word) for word in ("Zebra77!x", "Kp4-Hollow", "Kiosk-Tulip", "elephant")] == [3, 2, 1, 0]
    assert not any(map(look, ("Win10-22H2", "iPhone14", "docs/Setup2", "10.0.0.1", "$PASS", "print(a1b2)")))
