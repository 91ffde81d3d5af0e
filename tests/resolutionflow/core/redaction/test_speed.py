"""One megabyte takes about half a second of a core; one of nothing but secrets, up to two. Machines are shared:
asserted are four, which tells what is not linear."""

from __future__ import annotations

import json
import time

import pytest

from resolutionflow.core.redaction import redact

MEGABYTE = 1_000_000
LOG = "2026-11-28 10:00:00,123 INFO host svc[123]: user bob logged in from 10.0.0.1, password=hunter2 token=abc\n"
PIECES = {
    "digits": "1",
    "cards": "4111 1111 ",
    "whole cards": "4111 1111 1111 1111, ",
    "letters": "a",
    "spaces": " ",
    "lines": "\n",
    "umlauts": "é",
    "letters that grow": "İ",
    "prose": "the quick brown fox jumps over the lazy dog. ",
    "names": "password ",
    "names with a colon": "password: ",
    "names with about": "password for a ",
    "names with a bracket": "password (",
    "names in one": "PASSWORD_",
    "names with values": "password is Xy7!abcd ",
    "values before names": "Xy7!abcd is the new password ",
    "colons": "a:",
    "equals": "a=b;",
    "signs": "a!",
    "quotes": "\"'",
    "escaped quotes": '"a\\"',
    "open objects": '{"a":"',
    "backslashes": "\\n",
    "entities": "&quot;",
    "quotation marks": "> > ",
    "keys that begin": "-----BEGIN PRIVATE KEY-----",
    "keys that end": "MIIEowIBAAKCAQEAvQk3\n-----END PRIVATE KEY-----\n",
    "keys": "-----BEGIN PRIVATE KEY-----\n-----END",
    "keys without a head": "MIIEowIBAAKCAQEAvQk3s7tDlKxY2wvQk3s7tDlKxY2wvQk3s7tDlKxY2w\n",
    "base64": "MIIEowIBAAKCAQEAvQk3s7tDlKxY2w",
    "tokens": "eyJ",
    "addresses": "://a:",
    "web addresses": "http://a/hook/",
    "commands": "curl -u ",
    "commands that log in": "psexec -u a -p ",
    "devices": "set password ",
    "servers": "radius secret ",
    "codes": "recovery codes:\n",
    "codes in prose": "your code 123456 ",
    "PINs": "pin for the ",
    "log-ins": "login a / ",
    "accounts": "account is ",
    "numbers of states": "passport number 1 ",
    "hashes": "$1$",
    "hashes said": "ntlm hash for a ",
    "dots": "a.",
    "tables": "| user | password |\n|---|---|\n| a | Xy7!abcd |\n",
    "ruled tables": "Password\n--------\n",
    "CSV": "bob,password,x\n",
    "XML": "<password>",
    "log": LOG,
    "log as JSON": json.dumps({"line": LOG, "level": "INFO"}) + "\n",
}


@pytest.mark.parametrize("piece", PIECES.values(), ids=list(PIECES))
def test_a_megabyte_is_quick(piece: str) -> None:
    text = piece * (MEGABYTE // len(piece))
    started = time.process_time()
    redact(text)
    took = time.process_time() - started
    assert took < 4, f"{took:.2f} s"
