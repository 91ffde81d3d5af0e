"""What leaves has no secrets in it, and still says what happened."""

from __future__ import annotations

import re

import pytest

from resolutionflow.core.redaction import redact
from tests.resolutionflow.core.redaction.must_go import KEYS, MUST_GO
from tests.resolutionflow.core.redaction.must_stay import MUST_STAY

SAMPLES = [pytest.param(sample, id=f"{kind}-{at}") for kind, all_ in MUST_GO.items() for at, sample in enumerate(all_)]


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_secret_goes(sample: str) -> None:
    secrets = re.findall("⟦(.*?)⟧", sample, re.S)
    redacted = redact(sample.replace("⟦", "").replace("⟧", ""))
    assert secrets
    assert not [secret for secret in secrets if secret in redacted]
    assert "[REDACTED:" in redacted


@pytest.mark.parametrize("text", MUST_STAY)
def test_what_happened_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ('Reset it: password: "Summer 26", then rebooted NL-FW01.', 'Reset it: password: "█", then rebooted NL-FW01.'),
        ("pwd=abc123;Server=db1", "pwd=█;Server=db1"),
        ("Uid=sa;Pwd={Zebra;Cross!9};Encrypt=yes", "Uid=sa;Pwd={█};Encrypt=yes"),
        ("see https://u:b@ckUp!now@host/x first", "see https://u:█@host/x first"),
        ('{"password": "a\\"b", "user": "bob"}', '{"password": "█", "user": "bob"}'),
        ("net use \\\\srv\\c$ /user:adm Zebra77!x /persistent:no", "net use \\\\srv\\c$ /user:adm █ /persistent:no"),
    ],
)
def test_only_the_secret_goes_and_all_of_it(text: str, redacted: str) -> None:
    assert redact(text) == redacted.replace("█", "[REDACTED:PASSWORD#1]")


def test_prose_after_an_unfinished_key_stays() -> None:
    text = KEYS[1].strip("⟦⟧") + "\nThen the import failed."
    assert redact(text) == "[REDACTED:PRIVATE_KEY#1]\nThen the import failed."
