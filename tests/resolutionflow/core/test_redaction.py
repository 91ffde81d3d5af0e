"""What leaves has no secrets in it, and still says what happened. Two lists: what must go, and what must stay."""

from __future__ import annotations

import time

import pytest

from resolutionflow.core.redaction import redact

PEM = (
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEAvQk3s7tDlKxY2w\n"
    "q7Zr0pLm4HnB8xT1cVd5JgAa0eRf6K\nhw==\n-----END RSA PRIVATE KEY-----"
)

GO = [  # text, the secret that must be gone
    ("password: Summer2026!", "Summer2026!"),
    ("Password : hunter", "hunter"),
    ("password is swordfish", "swordfish"),
    ("the password is Blue42.", "Blue42"),
    ("password was Winter#1, now changed", "Winter#1"),
    ("pwd=abc123;Server=db1", "abc123"),
    ("Server=db1;User Id=sa;Password=s3cr3t;Encrypt=yes", "s3cr3t"),
    ("login bob / pass Tr0ub4dor", "Tr0ub4dor"),
    ("user: bob pw: letmein", "letmein"),
    ("DB_PASSWORD=correcthorse", "correcthorse"),
    ("db_password: correcthorse", "correcthorse"),
    ("adminPassword = 'two words'", "two words"),
    ('{"password": "a\'b c", "user": "bob"}', "a'b c"),
    ("<password>qwertz</password>", "qwertz"),
    ("curl --password geheim https://x.example", "geheim"),
    ("mysql --password=geheim1", "geheim1"),
    ("https://x.example/?password=geheim&user=bob", "geheim"),
    ("https://bob:geheim@x.example/", "geheim"),
    ("password for the router is Kangaroo", "Kangaroo"),
    ("password (new): Kangaroo", "Kangaroo"),
    ("password was reset to Autumn-77", "Autumn-77"),
    ("password has been changed to Autumn-77", "Autumn-77"),
    ("password is now Autumn77", "Autumn77"),
    ("new password -> Autumn77", "Autumn77"),
    ("temp password Autumn77!", "Autumn77!"),
    ("Passwort: Donau!dampf", "Donau!dampf"),
    ("mot de passe : Bonjour1", "Bonjour1"),
    ("passphrase: purple horse battery staple", "horse battery staple"),
    ("Wi-Fi key: blue-carpet", "blue-carpet"),
    ("PSK = tunnel4711", "tunnel4711"),
    ("password: $ummer-2026", "ummer-2026"),
    ("pin: 4711", "4711"),
    ("PIN is 471100", "471100"),
    ("MFA code 493028", "493028"),
    ("ConvertTo-SecureString 'Pa55' -AsPlainText -Force", "Pa55"),
    ("api_key=9f8e7d6c5b4a", "9f8e7d6c5b4a"),
    ("API key: 9f8e7d6c5b4a", "9f8e7d6c5b4a"),
    ("client secret: abcDEF", "abcDEF"),
    ("MY_SERVICE_TOKEN_PROD=abcdef", "abcdef"),
    ("Authorization: Bearer abcdef", "abcdef"),
    ("Authorization: Basic Ym9iOmdlaGVpbQ==", "Ym9iOmdlaGVpbQ"),
    ('-H "Authorization: token 1-14-0123456789abcdef"', "0123456789abcdef"),
    ("sent bearer eyJabc123.def456", "eyJabc123"),
    ("header Bearer 9a8b7c6d5e4f", "9a8b7c6d5e4f"),
    ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl here", "eyJzdWIiOiIxMjM0In0"),
    ("key sk-" + "ant-abcdefghijklmnop1234", "abcdefghijklmnop"),
    ("ghp_0123456789abcdefghijABCDEFGHIJ012345", "0123456789abcdef"),
    ("Cookie: sessionid=abc; theme=dark", "abc"),
    ("recovery 111111-222222-333333-444444-555555-666666-777777-888888", "333333"),
    (PEM, "q7Zr0pLm4HnB8xT1cVd5JgAa0eRf6K"),
    (PEM.split("-----END")[0], "q7Zr0pLm4HnB8xT1cVd5JgAa0eRf6K"),
    (PEM.split("hw==")[0], "q7Zr0pLm4HnB8xT1cVd5JgAa0eRf6K"),
    (PEM.replace("\n", "\\n"), "q7Zr0pLm4HnB8xT1cVd5JgAa0eRf6K"),
    (PEM.replace("\n", " ").split("-----END")[0], "q7Zr0pLm4HnB8xT1cVd5JgAa0eRf6K"),
    ("Private-Lines: 2\nAAAAgQCvq7Zr0pLm4HnB8xT1cVd5Jg\nAa0eRf6KAAAAgQCvq7Zr0pLm4HnB8x", "AAAAgQCvq7Zr0pLm4"),
]

STAY = [
    "The password is expired.",
    "password is Expired",
    "password: reset by user",
    "Password: must be changed at next logon",
    "pin is wrong",
    "the PIN was not accepted, pin 3 of the connector is bent",
    "password was changed by the user yesterday",
    "password was reset",
    "password is not syncing from AD",
    "password is being replicated",
    "password is probably cached on the laptop",
    "passwords are stored in the vault",
    "password: see KeePass",
    "password: unknown",
    "Password: ********",
    "password=$env:PASS",
    "password prompt comes back after every login",
    "password policy: 12 characters, 90 days",
    "PasswordLastSet : 11/02/2026 09:14:11",
    "PasswordNeverExpires: True",
    "The token is invalid, error 0x80070005",
    "token: expired",
    "secret: none",
    "error code: 0x8007232B",
    "Status code 401 Unauthorized",
    "tests pass: 12, fail: 3",
    "pass: ok",
    "bypass: on, compass: north",
    "Bearer authentication is switched off",
    "Authorization: failed for bob",
    "The cookie: it was cleared",
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
    "id 123e4567-e89b-12d3-a456-426614174000",
    "ping 10.0.0.1: 4 replies; s12 failed; ticket 48190",
    "https://intranet.example:8443/path?a=b",
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "mail bob@client.example at 10:30, key: value",
    "[REDACTED:PASSWORD] password: [REDACTED:PASSWORD]",
]


@pytest.mark.parametrize(("text", "secret"), GO)
def test_a_secret_goes(text, secret):
    assert secret in text.replace("\\n", "\n") or secret in text
    assert secret not in redact(text)
    assert "[REDACTED:" in redact(text)


@pytest.mark.parametrize("text", STAY)
def test_what_happened_stays(text):
    assert redact(text) == text


def test_only_the_secret_goes():
    text = 'Reset it: password: "Summer 26", then rebooted NL-FW01.'
    assert redact(text) == 'Reset it: password: "[REDACTED:PASSWORD]", then rebooted NL-FW01.'
    assert redact("pwd=abc123;Server=db1") == "pwd=[REDACTED:PASSWORD];Server=db1"


def test_prose_after_an_unfinished_key_stays():
    text = PEM.split("-----END")[0] + "Then the import failed."
    assert redact(text) == "[REDACTED:PRIVATE_KEY]\nThen the import failed."


def test_twice_is_once():
    for text, _unused in GO:
        assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    "piece",
    ["password ", "password for a ", "password: ", "a", "-----BEGIN PRIVATE KEY-----", "eyJ", "password (", "AAAA ",
     "=", "password:\n", "://a:", "bearer ", "\\n", "cookie: a", "-----BEGIN PRIVATE KEY-----\n-----END", "A_",
     "111111-", "a.", "'\"", " ",
     "PASSWORD_", "authorization: "],
)  # fmt: skip
def test_time_is_linear(piece):
    started = time.process_time()
    redact(piece * (200_000 // len(piece)))
    assert time.process_time() - started < 1.2
