"""The same secrets are found whole, quoted, indented, with CRLF, in JSON, in JSON in JSON and in HTML."""

from __future__ import annotations

import html
import json
from collections.abc import Callable

import pytest

from resolutionflow.core.redaction import redact
from tests.resolutionflow.core.redaction.must_go import MUST_GO
from tests.resolutionflow.core.redaction.must_stay import MUST_STAY

TEXTS = [sample.replace("⟦", "").replace("⟧", "") for all_ in MUST_GO.values() for sample in all_]


def _before_each_line(margin: str) -> Callable[[str], str]:
    return lambda text: "".join(margin + line for line in text.splitlines(keepends=True))


FORMS: dict[str, Callable[[str], str]] = {
    "quoted": _before_each_line("> "),
    "quoted twice": _before_each_line(">> "),
    "indented": _before_each_line("    "),
    "with tabs": _before_each_line("\t"),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "JSON": json.dumps,
    "JSON as it is": lambda text: json.dumps({"note": text, "n": 1}, ensure_ascii=False),
    "JSON in JSON": lambda text: json.dumps({"note": json.dumps({"text": text})}),
    "HTML": html.escape,
}


@pytest.mark.parametrize("form", FORMS)
def test_a_text_is_redacted_alike_in_every_form(form: str) -> None:
    given = FORMS[form]
    differ = [text for text in [*TEXTS, *MUST_STAY] if redact(given(text)) != given(redact(text))]
    assert not differ


def test_a_second_pass_changes_nothing() -> None:
    assert not [text for text in [*TEXTS, *MUST_STAY] if redact(redact(text)) != redact(text)]


def test_what_is_next_to_other_texts_is_found_as_alone() -> None:
    before, after = "Rebooted NL-FW01, no change.\n\n", "\n\nThen the tunnel came up."
    assert not [text for text in TEXTS if redact(before + text + after) != before + redact(text) + after]


def test_what_is_cut_in_one_string_of_json_takes_nothing_of_the_next() -> None:
    given = json.dumps(
        ["-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQEAvQk3", "line\nkept", "-----END PRIVATE KEY-----\n"]
    )
    redacted = redact(given)
    assert json.loads(redacted)[0] == "[REDACTED:PRIVATE_KEY#1]"
    assert json.loads(redacted)[1] == "line\nkept"
