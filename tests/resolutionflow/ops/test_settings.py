"""Wrong values of settings: each refused at the start, in a sentence that names it; right ones taken."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from resolutionflow.ops import startup_checks
from tests import servers
from tests.resolutionflow.ops.test_startup_checks import PRODUCTION

pytestmark = pytest.mark.thorough

# What ours imports once, then a child for each start: a process of its own for each would take minutes.
STARTS = """
import json, os, sys, tempfile
import celery.schedules, cryptography.fernet, django.conf, django.http, environ, structlog
import django_structlog.celery.receivers
for changed in json.load(sys.stdin):
    with tempfile.TemporaryFile() as said:
        if not (child := os.fork()):
            os.environ.update(changed)
            os.dup2(said.fileno(), 1), os.dup2(said.fileno(), 2)
            code = 70
            try:
                import resolutionflow.settings as made
                print(json.dumps({name: getattr(made, name) for name in dir(made) if name.isupper()}, default=str))
                code = 0
            except SystemExit as ended:
                code = ended.code
            except BaseException:
                import traceback
                traceback.print_exc()
            finally:
                sys.stdout.flush(), sys.stderr.flush()
                os._exit(code)
        _pid, status = os.waitpid(child, 0)
        said.seek(0)
        print(json.dumps([os.waitstatus_to_exitcode(status), said.read().decode()]))
"""


def starts(cases: list[dict[str, str]], folder: Path) -> list[tuple[int, str]]:
    done = subprocess.run(
        [sys.executable, "-c", STARTS],
        input=json.dumps(cases),
        env=servers.environment(**PRODUCTION, DATA_DIR=str(folder)),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        cwd=servers.ROOT,
    )
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


# fmt: off
WRONG = {
    "SITE_URL": [
        "https://flow.example.com/rf", "https://flow.example.com/?a=1", "https://flow.example.com#top",
        "https://flow.example.com?", "https://ana@flow.example.com", "https://ana:pw@flow.example.com",
        "https://flow .example.com", " ", "https://", "https:flow.example.com", "//flow.example.com",
        "flow.example.com", "ftp://flow.example.com", "https://flöw.example.com", "https://-flow.example.com",
        "https://flow..example.com",
        "https://flow_1.example.com", "https://flow.example.com:0", "https://flow.example.com:99999",
        "https://flow.example.com:port", "https://flow.example.com:", "https://[::1", "https://[::g]", "https://1.2.3",
        "https://flow\texample.com", "https://flow.example.com\\rf", "https://" + "a" * 64 + ".example.com",
        "https://flow.example.com.", "http://flow.example.com",
    ],
    "DEBUG": ["maybe", "2", "-1", "tru"],
    "ALLOW_HTTP": ["maybe"], "HSTS_INCLUDE_SUBDOMAINS": ["maybe"], "HSTS_PRELOAD": ["maybe", "1"],
    "PORT": ["abc", "0", "-1", "99999", "80.5", "8e3", "0x50", "٣"],
    "AI_TIMEOUT_SECONDS": ["-1", "0", "soon", "1e9", "100000"],
    "AI_PRICES": ["junk", "a=1", "a=1/x", "=1/5", "a=-1/5", "a=nan/1", "a=1/5,b", "a=1e9/1"],
    "MAX_BODY": ["0", "-1", "2MB", "99999999999999"],
    "MAX_FILE": ["0", "-1", "10MB", "99999999999999"],
    "FILE_STORAGE": ["junk", "nowhere.at.all.Storage", "."], "FILE_STORAGE_OPTIONS": ["junk", "[]", "1"],
    "HSTS_SECONDS": ["-1", "year"],
    "LOG_LEVEL": ["LOUD", "10"],
    "TRUSTED_PROXIES": ["nonsense", "10.0.0.0/33", "127.0.0.1,proxy", "*", "http://10.0.0.1"],
    "ALLOWED_HOSTS": ["https://flow.example.com", "flow.example.com:8000", "flow.example.com/rf", "a b", "*", "",
                      "other.example.com", "flow.example.com,http://x", "flow_1.example.com"],
    "CSRF_TRUSTED_ORIGINS": ["flow.example.com", "https://flow.example.com/rf", "ftp://x.example"],
    "OUTBOUND_ALLOWLIST": ["https://psa.example.com", "psa.example.com:8443", "a b", "10.0.0.0/8"],
    "EMAIL_URL": ["junk", "smtp://", "smtp+tls://mail:port", "https://mail.example.com", "mail.example.com:587"],
    "DEFAULT_FROM_EMAIL": ["junk", "ResolutionFlow <junk>", "<>"],
    "DATABASE_URL": ["postgres://db:port/flow", "postgres://", "mysql://db/flow", "junk", "postgres://db"],
    "REDIS_URL": ["http://redis", "redis://", "junk", "redis://redis:port"],
    "ANTHROPIC_BASE_URL": ["junk", "https://", "https://x:port"],
    "SENTRY_DSN": ["junk", "https://x@sentry.example"],
    "SECRET_KEY": ["short"], "FIELD_ENCRYPTION_KEYS": ["junk"],
    "DATA_DIR": ["/dev/null/x"], "ENV_FILE": ["/nowhere/.env"],
}
# fmt: on
CANNOT_BE_WRONG = {
    "HOST",
    "METRICS_TOKEN",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_MODEL",
    "ANTHROPIC_MODELS",
}  # HOST: see test_up.py
TOGETHER = {"DATABASE_URL": {"REDIS_URL": "redis://redis"}, "REDIS_URL": {"DATABASE_URL": "postgres://db/flow"}}


def test_every_setting_has_wrong_values():
    example = (servers.ROOT / ".env.example").read_text()
    assert set(re.findall(r"^(\w+)=", example, re.M)) == (WRONG.keys() | CANNOT_BE_WRONG) - {"ENV_FILE"}


def test_a_wrong_value_is_refused_in_one_sentence(tmp_path):
    cases = [(name, value) for name, values in WRONG.items() for value in values]
    answers = starts([{**TOGETHER.get(name, {}), name: value} for name, value in cases], tmp_path)
    wrong = []
    for (name, value), (code, said) in zip(cases, answers, strict=True):
        first, *problems = said.splitlines()
        whole = code == 1 and first == "ResolutionFlow does not start:" and "Traceback" not in said
        if not whole or not problems or any(name not in problem for problem in problems):
            wrong.append(f"{name}={value!r}: {code} {said[-300:]}")
    assert not wrong, "\n".join(wrong)


# fmt: off
RIGHT = [
    {"SITE_URL": "https://flow.example.com/"}, {"SITE_URL": "HTTPS://Flow.Example.com:443"},
    {"SITE_URL": "https://flow.example.com:8443"}, {"SITE_URL": "http://flow.example.com", "ALLOW_HTTP": "1"},
    {"SITE_URL": "https://[::1]:8443", "ALLOWED_HOSTS": "[::1]"}, {"ALLOWED_HOSTS": ".example.com"},
    {"SITE_URL": "https://xn--flw-sna.example.com", "ALLOWED_HOSTS": "xn--flw-sna.example.com"},
    {"SITE_URL": "https://localhost", "ALLOWED_HOSTS": "localhost, 10.0.0.7"},
    {"ENV_FILE": str(servers.ROOT / ".env.example")},
    {"TRUSTED_PROXIES": "127.0.0.1,10.0.0.0/8,::1"}, {"DEBUG": "False"}, {"DEBUG": ""}, {"PORT": ""},
    {"EMAIL_URL": "smtp+tls://user:p%40ss@mail.example.com:587"}, {"EMAIL_URL": "consolemail://"},
    {"DATABASE_URL": "postgres://flow:pw@db:5432/flow", "REDIS_URL": "rediss://:pw@redis:6380/1"},
    {"CSRF_TRUSTED_ORIGINS": "https://*.example.com"}, {"OUTBOUND_ALLOWLIST": "psa.local,10.1.2.3,[::1]"},
    {"HSTS_PRELOAD": "1", "HSTS_INCLUDE_SUBDOMAINS": "1"}, {"HSTS_SECONDS": "0"}, {"LOG_LEVEL": "debug"},
    {"DEBUG": "1", "SITE_URL": "", "ALLOWED_HOSTS": ""},
]
# fmt: on


def test_right_values_start(tmp_path):
    found = starts(RIGHT, tmp_path)
    assert [(case, said) for case, (code, said) in zip(RIGHT, found, strict=True) if code] == []


def test_hsts_and_cookies(tmp_path):
    names = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD", "SESSION_COOKIE_SECURE")
    cases = [
        {}, {"HSTS_SECONDS": "60", "HSTS_INCLUDE_SUBDOMAINS": "1"},
        {"SITE_URL": "http://flow.example.com", "ALLOW_HTTP": "1", "HSTS_SECONDS": "60"},
    ]  # fmt: skip
    made = [json.loads(said) for _code, said in starts(cases, tmp_path)]
    assert [tuple(values[name] for name in names) for values in made] == [
        (31_536_000, False, False, True), (60, True, False, True), (0, False, False, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("https://Flow.Example.com/", "https://flow.example.com"),
        ("https://flow.example.com:443", "https://flow.example.com"),
        ("http://flow.example.com:80/", "http://flow.example.com"),
        ("http://flow.example.com:443", "http://flow.example.com:443"),
        ("", ""),
    ],
)
def test_the_sites_address_is_written_as_browsers_do(typed, tidied):
    assert startup_checks.tidy(typed) == tidied
