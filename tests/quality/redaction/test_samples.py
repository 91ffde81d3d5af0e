"""The corpus of secrets keeps its format, and the score counts what a reader could still learn."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from pathlib import Path

import pytest

from tests.quality.redaction.report import report
from tests.quality.redaction.samples import FORMS, READ, Sample, WrongSample, left_of, load_samples, scores

SAMPLES = load_samples()
SECRET = [sample for sample in SAMPLES if not sample.is_harmless]
HARMLESS = [sample for sample in SAMPLES if sample.is_harmless]
SCANNED = re.compile(r"\b(?:gh[pousr]_|glpat-|AKIA|xox[abp]-|sk_live_|SG\.)[\w-]{12,}|BEGIN [A-Z ]*PRIVATE KEY")
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def sample(marked: str) -> Sample:
    return Sample("x.txt:1", "prose.en", "x", marked)


def left(marked: str, redacted: str, form: str = "plain") -> str:
    return left_of(sample(marked), form, redacted)


def test_there_are_enough_of_both_and_each_half_is_a_large_one() -> None:
    assert len(SECRET) >= 600
    assert len(HARMLESS) >= 500
    for samples in (SECRET, HARMLESS):
        assert 0.4 < sum(one.half == "b" for one in samples) / len(samples) < 0.6


def test_no_shape_stands_for_many() -> None:
    families = Counter((one.kind, one.family) for one in SAMPLES)
    assert [family for family, count in families.items() if count > 3] == []
    assert [text for text, count in Counter(one.text for one in SAMPLES).items() if count > 1] == []


def test_a_family_is_in_one_half() -> None:
    halves = {one.family: one.half for one in SAMPLES}
    assert all(halves[one.family] == one.half for one in SAMPLES)


def test_nothing_in_the_files_is_taken_for_a_leaked_secret() -> None:
    """What the scanners of hosting sites look for stands in the texts, and not in the files they are read from."""
    files = sorted({one.where.split(":")[0] for one in SAMPLES})
    folder = Path(__file__).parent.parent / "secrets"
    assert re.search(r"\bghp_\w{36}\b", "\n".join(one.text for one in SECRET))
    for file in files:
        written = (folder / file).read_text()
        found = re.findall(
            r"\b(?:gh[pousr]_|glpat-|AKIA|xox[abp]-|sk_live_|SG\.)[\w-]{12,}|BEGIN [A-Z ]*PRIVATE KEY", written
        )
        assert not found, f"{file}: {found}"


def test_numbers_and_tokens_have_the_checksums_they_are_told_by() -> None:
    secrets = [secret for one in SECRET for secret in one.secrets]
    cards = [s for one in SECRET if one.kind == "card" for s in one.secrets if len(re.sub(r"\D", "", s)) in (15, 16)]
    assert len(cards) > 8
    assert all(luhn(card) == 0 for card in cards)
    ibans = [secret.replace(" ", "") for one in SECRET if one.kind == "bank" for secret in one.secrets]
    ibans = [iban for iban in ibans if iban[:2].isalpha()]
    assert len(ibans) > 8
    assert all(int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 == 1 for iban in ibans)
    recovery = [secret for secret in secrets if re.fullmatch(r"\d{6}(-\d{6}){7}", secret)]
    assert len(recovery) > 5
    assert all(int(block) % 11 == 0 for secret in recovery for block in secret.split("-"))
    of_github = [secret for secret in secrets if re.fullmatch(r"gh[pos]_\w{36}", secret)]
    assert len(of_github) > 2
    assert all(base62(zlib.crc32(token[4:34].encode())) == token[34:] for token in of_github)


def luhn(card: str) -> int:
    digits = [int(sign) for sign in reversed(card) if sign.isdigit()]
    return sum(sum(divmod(digit * 2, 10)) if at % 2 else digit for at, digit in enumerate(digits)) % 10


def base62(number: int) -> str:
    signs = ""
    for _digit in range(6):
        number, rest = divmod(number, 62)
        signs = BASE62[rest] + signs
    return signs


# --- the score -------------------------------------------------------------------------------------


def test_half_a_secret_is_missed() -> None:
    assert left("pw ⟦Tulip-River-09⟧", "pw [REDACTED:PASSWORD]") == ""
    assert left("pw ⟦Tulip-River-09⟧", "pw [REDACTED:PASSWORD#1]") == ""
    assert left("pw ⟦Tulip-River-09⟧", "pw [REDACTED:PASSWORD]r-09") == "r-09"
    assert left("pw ⟦Tulip-River-09⟧", "pw [REDACTED:PASSWORD]-09") == ""


def test_a_short_secret_is_missed_as_a_whole() -> None:
    assert left("cvv ⟦731⟧", "cvv 731") == "731"
    assert left("cvv ⟦731⟧", "cvv [REDACTED:CARD]") == ""


def test_what_stands_beside_a_secret_is_no_leak_of_it() -> None:
    marked = "set to ⟦Verano.2026x⟧ on 3 May 2026"
    assert left(marked, "set to [REDACTED:PASSWORD] on 3 May 2026") == ""
    assert left(marked, "set to [REDACTED:PASSWORD].2026x on 3 May 2026") == ".202"


def test_a_secret_of_several_lines_is_looked_for_line_by_line() -> None:
    marked = "KEY\n⟦MIIabcdefgh\nijklmnopqrst⟧\nEND"
    assert left(marked, "> KEY\n> [REDACTED:PRIVATE_KEY]\n> ijklmnopqrst\n> END", "quoted") == "ijkl"
    assert left(marked, "> [REDACTED:PRIVATE_KEY]", "quoted") == ""


def test_inside_json_a_secret_is_looked_for_as_it_is_written_there() -> None:
    written = FORMS["json"](sample('pw ⟦a"b"c"d"e⟧').text)
    assert left('pw ⟦a"b"c"d"e⟧', written, "json") == 'a\\"b'


def test_a_placeholder_is_no_part_of_a_secret() -> None:
    assert left("pw ⟦PASSWORD77⟧", "pw [REDACTED:PASSWORD]") == ""


def test_a_redaction_that_does_nothing_and_one_that_takes_everything() -> None:
    nothing = scores(SAMPLES, lambda text: text)
    assert not any(score.caught(form) for score in nothing if not score.sample.is_harmless for form in FORMS)
    assert not any(score.changed[form] for score in nothing for form in FORMS)
    everything = scores(SAMPLES, lambda _text: "[REDACTED:TEXT]")
    assert all(score.caught(form) for score in everything for form in FORMS)
    assert all(score.changed[form] for score in everything for form in FORMS)


def test_texts_of_the_half_held_out_are_printed_only_when_asked_for(capsys) -> None:
    missed = scores(SAMPLES, lambda text: text + " ")
    report(missed)
    said = capsys.readouterr().out
    assert "once held out: 0.0% of" in said
    assert "100.0% of" in said
    for one in SAMPLES:
        assert (f"\n{one.where} |" in said) is (not one.fresh), one.where
    report(missed, show_held_out=True)
    said = capsys.readouterr().out
    assert all(f"\n{one.where} |" in said for one in SAMPLES)


def test_a_set_that_is_not_there_is_said_to_be_empty(tmp_path: Path, capsys) -> None:
    assert load_samples(tmp_path / "secrets_fresh") == []
    report(scores(SAMPLES[:1], str))
    assert "Fresh, nobody who writes rules has read it: nothing is there." in capsys.readouterr().out


def test_what_was_fresh_once_is_read_and_printed() -> None:
    read = load_samples(READ)
    assert {one.half for one in read} == {"read"}
    assert len({one.where for one in [*SAMPLES, *read]}) == len(SAMPLES) + len(read)


# --- the format ------------------------------------------------------------------------------------


def load(folder: Path, written: str) -> list[Sample]:
    (folder / "x.txt").write_text(written, encoding="utf-8")
    return load_samples(folder)


def test_a_sample_is_read_as_it_is_meant(tmp_path: Path) -> None:
    one, two = load(
        tmp_path, "=== token.dev | github\nuse ⟦ghp_¦abc¦def⟧ or\n⟦it⟧\n\n=== harmless.log | su\nsu: failed\n"
    )
    assert (one.where, one.kind, one.family) == ("x.txt:1", "token.dev", "github")
    assert (one.text, one.secrets) == ("use ghp_abcdef or\nit", ["ghp_abcdef", "it"])
    assert (two.where, two.text, two.secrets) == ("x.txt:5", "su: failed", [])


@pytest.mark.parametrize(
    "wrong",
    [
        "=== prose.en | x\n\n",
        "=== prose.en | x\nno secret\n",
        "=== prose.en | x\npw ⟦open\n",
        "=== prose.en | x\npw ⟦a⟧ and b⟧\n",
        "=== harmless.log | x\npw ⟦secret⟧\n",
    ],
)
def test_what_breaks_the_format_is_refused_by_file_and_line(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(WrongSample, match=r"^x.txt:1: "):
        load(tmp_path, wrong)
