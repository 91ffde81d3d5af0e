"""Labels: one number for one value within one outgoing document, and counts that hold no value."""

from __future__ import annotations

from resolutionflow.core.redaction import counted, in_words, redact, redact_all


def test_a_value_has_one_number_wherever_it_stands() -> None:
    first, second, third = redact_all(
        ["password: Zebra77!x", "It said: Zebra77!x is wrong; pw Heron88?y", "Bare Heron88?y"]
    )
    assert first == "password: [REDACTED:PASSWORD#1]"
    assert second == "It said: [REDACTED:PASSWORD#1] is wrong; pw [REDACTED:PASSWORD#2]"
    assert third == "Bare [REDACTED:PASSWORD#2]"


def test_what_is_known_from_one_text_is_found_bare_in_an_earlier_one() -> None:
    assert redact_all(["Typed Tr0ub4dor", "password: Tr0ub4dor"])[0] == "Typed [REDACTED:PASSWORD#1]"


def test_a_value_in_json_is_the_same_value() -> None:
    assert redact('password: Zeb"ra77!\n{"pw": "Zeb\\"ra77!"}').count("#1]") == 2


def test_plain_words_are_not_looked_for() -> None:
    text = "password: kangaroo. The kangaroo poster hangs in room 4."
    assert redact(text) == "password: [REDACTED:PASSWORD#1]. The kangaroo poster hangs in room 4."


def test_numbers_that_a_text_has_already_are_kept() -> None:
    text = "password: [REDACTED:PASSWORD#1], old password: Heron88?y"
    assert redact(text) == "password: [REDACTED:PASSWORD#1], old password: [REDACTED:PASSWORD#2]"


def test_each_kind_counts_its_own() -> None:
    assert (
        redact("password: Zebra77!x, MFA code 493028") == "password: [REDACTED:PASSWORD#1], MFA code [REDACTED:CODE#1]"
    )


def test_counts_are_of_values_not_of_places() -> None:
    text = redact("password: Zebra77!x, again Zebra77!x; MFA code 493028")
    assert counted(text) == {"code": 1, "password": 1}
    assert in_words(counted(text)) == "2 secrets were left out (code, password)."
    assert in_words(counted("[REDACTED:PRIVATE_KEY#1]")) == "1 secret was left out (private key)."
    assert in_words(counted("nothing")) == ""
