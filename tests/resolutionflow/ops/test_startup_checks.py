"""A start: what is refused and how it is said, what production checks say, what development makes for itself."""

from __future__ import annotations

import gzip
import json
import os
import re
import stat
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from resolutionflow.ops import prepare
from resolutionflow.web import modules
from tests import servers

pytestmark = pytest.mark.thorough

PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": "q7Zp1x-VdT3mEo9wKfYb2uHs8RjLc5NaGi4QeXtWzPvM6yBnDkU0rJhSl",
    "FIELD_ENCRYPTION_KEYS": "tSXYzoBiKTxL2nPN0m4f6Zr8q1w3e5r7t9y1u3i5o7A=",
    "ALLOWED_HOSTS": "flow.example.com",
    "SITE_URL": "https://flow.example.com",
}


def managed(home: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, servers.ROOT / "manage.py", *command],
        env=servers.environment(DATA_DIR=str(home), **settings),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def manage(tmp_path: Path):
    return partial(managed, tmp_path)


@pytest.fixture(scope="module")
def production(tmp_path_factory) -> Path:
    """The home of a site in production, its static files collected: once for all tests, because it takes long."""
    home: Path = tmp_path_factory.mktemp("production")
    collected = managed(home, "collectstatic", "--noinput", **PRODUCTION)
    assert collected.returncode == 0, collected.stderr
    return home


@pytest.mark.parametrize("command", ["queue", "selftest"])
def test_a_command_before_the_first_start_says_its_sentence_alone(manage, command: str) -> None:
    said = manage(command, **PRODUCTION)
    assert said.returncode == 1
    [line] = said.stderr.splitlines()
    assert line.startswith("CommandError: The tables are not those of this code")


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-" + "x7" * 30}, "SECRET_KEY"),
        ({"FIELD_ENCRYPTION_KEYS": ""}, "FIELD_ENCRYPTION_KEYS"),
        ({"FIELD_ENCRYPTION_KEYS": "not a key"}, "FIELD_ENCRYPTION_KEYS"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SITE_URL": ""}, "SITE_URL"),
        ({"SITE_URL": "flow.example.com"}, "SITE_URL"),
        ({"DATABASE_URL": "postgres://somewhere/db"}, "REDIS_URL"),
        ({"REDIS_URL": "redis://somewhere"}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://somewhere/db", "REDIS_URL": "redis://somewhere"}, "DATABASE_URL"),
        ({"PORT": "many"}, "PORT"),
    ],
)
def test_production_refuses_and_names_it(manage, changed, named):
    refused = manage("up", **{**PRODUCTION, **changed})
    assert refused.returncode == 1
    assert named in refused.stderr
    assert "Traceback" not in refused.stderr
    others = {name for name in PRODUCTION if name not in changed and name != "DEBUG"}
    assert not any(f"{name} is missing" in refused.stderr for name in others - {named})


def test_with_nothing_set_every_missing_secret_is_named(manage):
    refused = manage("up")
    assert refused.returncode == 1
    for name in ("SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "ALLOWED_HOSTS", "SITE_URL"):
        assert name in refused.stderr


def test_the_secrets_themselves_are_not_repeated(manage):
    refused = manage("up", **{**PRODUCTION, "SECRET_KEY": "hunter2hunter2", "DATABASE_URL": "mysql://u:hunter2@h/db"})
    assert "hunter2" not in refused.stderr


@pytest.mark.slow
def test_a_production_configuration_passes_djangos_deployment_checks(manage):
    checked = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_development_makes_its_own_secrets_once(manage, tmp_path):
    assert manage("diffsettings", DEBUG="1").returncode == 0
    made = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert set(made) == {"secret_key", "field_encryption_key"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.iterdir())
    assert manage("diffsettings", DEBUG="1").returncode == 0
    assert made == {path.name: path.read_text() for path in tmp_path.iterdir()}


def test_the_example_lists_every_setting():
    example = (servers.ROOT / ".env.example").read_text()
    listed = {line.split("=")[0] for line in example.splitlines() if "=" in line and not line.startswith("#")}
    internal = {"ENV_FILE", "DJANGO_SETTINGS_MODULE", "ANTHROPIC_AUTH_TOKEN"}
    assert listed == set(servers.SETTINGS) - internal


def test_a_command_without_tables_says_what_to_do(manage) -> None:
    answer = manage("queue", DEBUG="1")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.splitlines()[-1].endswith("manage.py migrate brings them up to date.")
    assert "Traceback" not in answer.stderr


def test_the_sdk_of_the_ai_is_loaded_by_whoever_asks_alone(manage) -> None:
    loaded = "import sys; from resolutionflow import asgi, celery, urls; print('anthropic' in sys.modules)"
    assert manage("shell", "--no-imports", "-c", loaded, DEBUG="1").stdout == "False\n"


def test_scripts_are_served_without_their_comments_and_import_by_hash_in_production(production) -> None:
    static = production / "static"
    names = json.loads((static / "staticfiles.json").read_text())["paths"]
    scripts = [name for name in names if re.fullmatch(r"js/.*\.js", name)]
    assert sum(len(modules.imports(script)) for script in scripts) > len(scripts)
    for script in scripts:
        served = static / names[script]
        named = re.findall(r"""^import [^;]*?["'](.+)["'];|\bimport\("(.+?)"\)""", served.read_text(), re.M)
        named = [now or later for now, later in named]
        wanted = [(static / names[module]) for module in modules.imports(script, later=True)]
        assert [(served.parent / name).resolve() for name in named] == wanted
        assert all(path.exists() and re.search(r"\.[0-9a-f]{12}\.js$", path.name) for path in wanted)
        compressed = Path(f"{served}.gz")  # what browsers get; of what is too small there is none
        assert not compressed.exists() or gzip.decompress(compressed.read_bytes()) == served.read_bytes()
    for name in [*scripts, *(name for name in names if re.fullmatch(r"css/\w+\.css", name))]:
        served = (static / names[name]).read_text()
        assert re.sub(r"\.[0-9a-f]{12}\.js", ".js", served).splitlines() == code_of(finders.find(name)), name


def code_of(path: str) -> list[str]:
    """The lines of this file but for comments that have lines of their own."""
    code, within = [], False
    for line in Path(path).read_text().splitlines():
        text = line.strip()
        within = within or (text.startswith("/*") and ("*/" not in text or text.endswith("*/")))
        if not within and not text.startswith("//"):
            code.append(line)
        within = within and "*/" not in text
    return code


def test_what_a_release_brings_is_collected_however_old_it_is(tmp_path, settings) -> None:
    """Unpacked with its times kept, it may be older than what the release before has collected."""
    settings.DEBUG, settings.DATA_DIR, settings.STATIC_ROOT = False, tmp_path, str(tmp_path / "static")
    settings.STATICFILES_DIRS = [tmp_path / "release"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "resolutionflow.web.static_storage.StaticFilesStorage"},
    }
    (tmp_path / "release").mkdir()
    for name, text in (("one.js", "1"), ("two.js", "2"), ("one.js", "3")):
        (tmp_path / "release" / name).write_text(text)
        os.utime(tmp_path / "release" / name, (1, 1 + int(text)))
        prepare.collect_static()
        assert (tmp_path / "static" / name).read_text() == text


def test_preloads_are_named_by_their_hash_too(production) -> None:
    """Otherwise each would be asked for twice."""
    shown = "from resolutionflow.web.templatetags import preload; print(preload('js/live.js', 'js/drafts.js'))"
    links = managed(production, "shell", "--no-imports", "-c", shown, **PRODUCTION).stdout.split("\n    ")
    names = json.loads((production / "static/staticfiles.json").read_text())["paths"]
    scripts = "js/live.js", "js/drafts.js"
    wanted = [names[module] for module in (*scripts, *modules.imports_behind(*scripts))]
    assert [link.strip() for link in links] == [f'<link rel="modulepreload" href="/static/{name}">' for name in wanted]
