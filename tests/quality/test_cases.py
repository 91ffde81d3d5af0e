"""All recorded cases are whole and true to themselves, and what breaks their format is refused by name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.quality.cases import CASES, Case, WrongCase, load_cases, normalised

FILES = sorted(path.relative_to(CASES).as_posix() for path in CASES.rglob("*.toml"))

ONE = """
[[case]]
name = "one"
problem_summary = "No mail"
problem_domain = "email"
client_name = "Acme"

[[case.record]]
at = 1
by = "ana"
branch = "DNS"

[[case.record]]
at = 2
by = "ana"
step = "Looked up the MX"
outcome = "worked"
output = '''
acme.example  MX
  preference = 10'''

[[case.record]]
at = 3
by = "dev"
message = "12 people wait"

[[case.record]]
at = 4
by = "ana"
dead_end = "DNS"
reason = "the MX is right"

[case.escalation]
at = 5
note = "Please look"
priority = "high"

[case.expected]
problem = [{ text = "no  MAIL", stands = ["session"] }]
affected = [{ text = "12 people", stands = ["m1"] }]
client_device = []
tried_failed = []
worked_or_ruled_out = [{ text = "the MX is right", stands = ["branch"] }]
last_error = []
suspect = []
next = []
watch_out = []
contact = []
"""
TWO = ONE.replace('name = "one"', 'name = "two"')


def load(folder: Path, *cases: str, file: str = "email/mail.toml") -> list[Case]:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(cases))
    return load_cases(folder)


def test_every_file_is_a_family_of_two() -> None:
    assert FILES
    assert [case.file for case in load_cases()] == [file for file in FILES for _ in range(2)]


@pytest.mark.parametrize("file", FILES)
def test_the_two_of_a_family_share_no_sentence(file: str) -> None:
    first, second = (case for case in load_cases() if case.file == file)
    assert not sentences(first) & sentences(second)


def sentences(case: Case) -> set[str]:
    """What people wrote in it: what programs print is the same everywhere."""
    written = [case.problem_summary, case.note]
    written += [text for entry in case.record for text in (entry.text, entry.reason)]
    parts = (normalised(part) for text in written for part in re.split(r"[.!?](?:\s|$)|\n", text))
    return {part for part in parts if len(part.split()) >= 4}


def test_a_case_is_read_as_it_stands(tmp_path: Path) -> None:
    one, two = load(tmp_path, ONE, TWO)
    assert (one.name, two.name, one.file, one.family) == ("one", "two", "email/mail.toml", "email/mail")
    assert [entry.what for entry in one.record] == ["branch", "step", "message", "dead_end"]
    assert one.places == {
        "s1": "Looked up the MX\nacme.example  MX\n  preference = 10",
        "m1": "12 people wait",
        "note": "Please look",
        "branch": "DNS\n\nDNS\nthe MX is right",
        "session": "No mail\nAcme\n\n\n\n\n",
    }
    assert one.expected["affected"][0].stands == ("m1",)
    assert one.expected["contact"] == ()


WRONG = {
    "unknown key colour": ('client_name = "Acme"', 'colour = "red"'),
    "record 2: unknown key because": ('outcome = "worked"', 'outcome = "worked"\nbecause = "x"'),
    "record 2: unknown outcome 'solved'": ('outcome = "worked"', 'outcome = "solved"'),
    "record 2: unknown outcome ''": ('outcome = "worked"', ""),
    "record 2: unknown kind 'guess'": ('outcome = "worked"', 'outcome = "worked"\nkind = "guess"'),
    "record 3: by 'bob', not one of": ('by = "dev"', 'by = "bob"'),
    "record 3: one of step, message": ('message = "12 people wait"', 'message = "12 people wait"\nbranch = "x"'),
    "record 3: at is not in whole minutes": ("at = 3", "at = true"),
    "record 4: a dead end without a reason": ('reason = "the MX is right"', ""),
    "a dead end 'MX', and no such branch": ('dead_end = "DNS"', 'dead_end = "MX"'),
    "not in order of time": ("at = 5", "at = 3"),
    "unknown priority 'asap'": ('priority = "high"', 'priority = "asap"'),
    "escalation: no note": ('note = "Please look"', 'note = " "'),
    "a case of network in email/mail.toml": ('problem_domain = "email"', 'problem_domain = "network"'),
    "unknown problem_domain 'mail'": ('problem_domain = "email"', 'problem_domain = "mail"'),
    "problem_summary has 501 characters": ('problem_summary = "No mail"', f'problem_summary = "no mail {"x" * 493}"'),
    "client_name has 201 characters": ('client_name = "Acme"', f'client_name = "{"x" * 201}"'),
    "asset_name has 201 characters": ('client_name = "Acme"', f'asset_name = "{"x" * 201}"'),
    "psa_ticket_id has 201 characters": ('client_name = "Acme"', f'psa_ticket_id = "{"1" * 201}"'),
    "step has 20001 characters": ("Looked up the MX", "x" * 20_001),
    "output has 200001 characters": ("acme.example  MX\n  preference = 10", "x" * 200_001),
    "note has 20001 characters": ("Please look", "x" * 20_001),
    "no answer to contact": ("contact = []", ""),
    "unknown key guess": ("contact = []", "contact = []\nguess = []"),
    "last_error has 2 facts": ("last_error = []", 'last_error = [{ text = "a" }, { text = "b" }]'),
    "affected: a fact that stands nowhere": ('stands = ["m1"]', "stands = []"),
    "affected: '12 people' does not stand in s1": ('stands = ["m1"]', 'stands = ["m1", "s1"]'),
    "affected: '12 people' stands in 'm2', which there is not": ('stands = ["m1"]', 'stands = ["m2"]'),
    "affected: '12 people' stands in 'log', which there is not": ('stands = ["m1"]', 'stands = ["log"]'),
}


@pytest.mark.parametrize("says", WRONG)
def test_what_is_wrong_is_refused_by_file_and_case(tmp_path: Path, says: str) -> None:
    right, wrong = WRONG[says]
    assert TWO.count(right) == 1
    with pytest.raises(WrongCase) as refused:
        load(tmp_path, ONE, TWO.replace(right, wrong))
    assert str(refused.value).startswith("email/mail.toml: two: ")
    assert says in str(refused.value)


@pytest.mark.parametrize("cases", [[], [ONE], [ONE, TWO, TWO.replace('"two"', '"three"')]], ids=len)
def test_a_family_has_exactly_two_cases(tmp_path: Path, cases: list[str]) -> None:
    with pytest.raises(WrongCase, match=r"email/mail.toml: a family is exactly two"):
        load(tmp_path, *cases)


def test_no_two_cases_have_a_name(tmp_path: Path) -> None:
    load(tmp_path, ONE, TWO)
    with pytest.raises(WrongCase, match=r"email/mail.toml, email/more.toml: two: 2 cases have this name"):
        load(tmp_path, ONE.replace('"one"', '"three"'), TWO, file="email/more.toml")


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongCase, match=r"^email/mail.toml: .+"):
        load(tmp_path, "[[case")
