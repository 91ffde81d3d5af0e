"""The rules of style (docs/architecture.md), run by machine. Each failure says what to do instead."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from resolutionflow.web import modules
from resolutionflow.web.templatetags import STYLESHEETS

ROOT = Path(__file__).parent.parent
APPS = ["resolutionflow", "sessions_app", "handoffs", "notifications"]  # imports run only backwards
SOURCES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
# Where the apps are put together: these may know all of them.
JOINTS = {"resolutionflow/urls.py", "resolutionflow/api/urls.py", "resolutionflow/asgi.py", "resolutionflow/celery.py"}
SCRIPTS = sorted((ROOT / "static/js").rglob("*.js"))
COMMANDS = "management/commands"
# The Anthropic SDK: loaded by the worker that asks, by nobody else.
HEAVY = {("handoffs/prompt/asking.py", "sessions_app"), ("handoffs/prompt/asking.py", "sessions_app.ai")}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def kind(path: Path) -> str:
    """What kind of module it is: models/handoff.py is one of models, as models.py would be."""
    return path.parent.name if path.parent.name in ("models", "views", "forms", "transports", "psa") else path.stem


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(node: ast.AST) -> Iterator[tuple[str, int]]:
    for child in ast.walk(node):
        if isinstance(child, ast.Import):
            yield from ((alias.name, child.lineno) for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module:
            yield child.module, child.lineno
            yield from ((f"{child.module}.{alias.name}", child.lineno) for alias in child.names)


def at_run_time(module: ast.Module) -> ast.Module:
    """The module without its `if TYPE_CHECKING:` blocks."""
    body = [
        node
        for node in module.body
        if not (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING")
    ]
    return ast.Module(body, [])


def for_each(paths: Iterable[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """A rule for each of these files, as one test that says all that break it: as a test a file it is 4,000 tests."""

    def as_one_test(rule: Callable[[Path], None]) -> Callable[[], None]:
        def test() -> None:
            broken = []
            for path in paths:
                try:
                    rule(path)
                except AssertionError as error:
                    broken.append(str(error).split("\nassert ")[0])
            assert not broken, "\n".join(broken)

        test.__doc__ = rule.__doc__
        return test

    return as_one_test


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@for_each(SOURCES)
def test_layers_import_only_backwards(path: Path) -> None:
    if name(path) in JOINTS or COMMANDS in name(path):
        return
    layer = APPS.index(path.relative_to(ROOT).parts[0])
    for module, line in imports(at_run_time(tree(path))):
        first = module.split(".")[0]
        if first in APPS:
            assert APPS.index(first) <= layer, (
                f"{name(path)}:{line} imports {module} from its right. Write an Event and name a task instead."
            )


FORBIDDEN = {
    "models": ("views", "forms", "tasks", "api", "rest_framework"),
    "ai": ("views", "channels"),
    "prompt": ("views", "channels"),
    "psa": ("views", "channels"),
    "transports": ("views", "channels"),
    "views": ("api",),
    "api": ("views",),
}


def app(path: Path) -> str:
    """The app a file is of, as it is imported: accounts is one inside resolutionflow."""
    parts = path.relative_to(ROOT).parts
    return ".".join(parts[:2]) if parts[:2] == ("resolutionflow", "accounts") else parts[0]


@for_each([p for p in SOURCES if kind(p) in FORBIDDEN])
def test_modules_keep_to_their_layer(path: Path) -> None:
    for module, line in imports(at_run_time(tree(path))):
        for word in FORBIDDEN[kind(path)]:
            bad = module.split(".")[0] == word or f"{module}.".startswith(f"{app(path)}.{word}.")
            assert not bad, f"{name(path)}:{line} imports {module}: not from here (docs/architecture.md, Layers)."


@for_each([p for p in SOURCES if kind(p) == "views"])
def test_views_import_no_views_of_another_app(path: Path) -> None:
    for module, line in imports(tree(path)):
        theirs = module.split(".")[0] in APPS and ".views" in module and not module.startswith(f"{app(path)}.")
        assert not theirs, f"{name(path)}:{line} imports {module}: put what both need below the views."


@for_each(SOURCES)
def test_private_names_stay_in_their_module(path: Path) -> None:
    """Or in their package: the files of models/ or live/ are parts of one thing."""
    module = tree(path)
    ours = {}  # by the name it has here: the module it is
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in APPS:
            inside = node.module.replace(".", "/") in (name(path).rpartition("/")[0], name(path).removesuffix(".py"))
            for alias in node.names:
                private = alias.name.startswith("_") and not alias.name.startswith("__")
                assert inside or not private, f"{name(path)}:{node.lineno} imports {alias.name}: give it a public name."
                ours[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ours:
            private = node.attr.startswith("_") and not node.attr.startswith("__") and node.attr != "_meta"
            of_django = node.attr in ("_default_manager", "_base_manager")
            assert of_django or not private, f"{name(path)}:{node.lineno} uses {ast.unparse(node)}: make it public."


@for_each(SOURCES)
def test_no_import_inside_a_function(path: Path) -> None:
    for function in functions(path):
        for module, line in imports(function):
            fine = path.name == "manage.py" or (name(path), module) in HEAVY
            assert fine, f"{name(path)}:{line} imports {module} inside {function.name}."


@for_each(SOURCES)
def test_no_signals(path: Path) -> None:
    for module, line in imports(tree(path)):
        assert not module.startswith("django.db.models.signals"), (
            f"{name(path)}:{line}: signals are control flow nobody sees. Call it in the verb."
        )


@for_each(SOURCES)
def test_every_file_says_what_it_is_for(path: Path) -> None:
    if path.read_text().strip() and path.name not in ("apps.py", "__init__.py"):
        assert ast.get_docstring(tree(path)), f"{name(path)} opens with a sentence on what it is for."


@for_each(SOURCES)
def test_functions_are_short(path: Path) -> None:
    for function in functions(path):
        length = (function.end_lineno or 0) - function.lineno + 1
        assert length <= 60, f"{name(path)}:{function.lineno} {function.name} has {length} lines: split it."


@for_each([p for p in SOURCES if kind(p) == "views"])
def test_views_fetch_through_visible_to_and_catch_no_refusal(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"except .*(Refusal|WrongState|NotAllowed|AlreadyClaimed)", text), (
        f"{name(path)}: say no once. The middleware answers a Refusal."
    )
    for call in re.findall(r"get_object_or_404\(([^)]*)", text):
        assert "visible_to" in call or "user" in call, f"{name(path)}: fetch through visible_to, not {call!r}."
    assert not re.search(r"\.objects\.(all|filter|get|exclude)\(", text), (
        f"{name(path)}: fetch through visible_to(request.user)."
    )


@for_each(SOURCES)
def test_claims_are_decided_by_the_database(path: Path) -> None:
    assert not re.search(r"\.claimed_by\s*=[^=].*\n(?:.*\n){0,3}.*\.save\(\)", path.read_text()), (
        f"{name(path)}: never read, test and save a claim. UPDATE … WHERE, then count rows."
    )


def test_no_bare_save_in_verbs() -> None:
    for path in SOURCES:
        if kind(path) == "models":
            assert ".save()" not in path.read_text(), f"{name(path)}: save(update_fields=[…]), or UPDATE … WHERE."


@for_each([p for p in TEMPLATES if p.suffix == ".html"])
def test_templates_keep_the_csp(path: Path) -> None:
    text = path.read_text().replace(" style=", " " if "mail" in path.stem else " style=")  # no sheet reaches a mail
    for pattern, instead in {
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)": "no inline script: static/js/",
        r"\sstyle=": "no inline style: a class in static/css/",
        r"\son[a-z]+=\"": "no inline handler: static/js/",
        r"hx-on": "no hx-on: it needs eval",
        r"\|\s*safe\b|autoescape off": "no unescaped text",
        r"https?://(?!www\.w3\.org)": "no address outside this site",
    }.items():
        assert not re.search(pattern, text), f"{name(path)}: {instead} ({pattern})"


@for_each(TEMPLATES)
def test_lines_of_templates_are_short(path: Path) -> None:
    """One element a line; a long tag has its attributes on several."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        assert len(line) <= 160, f"{name(path)}:{number} has {len(line)} characters: break it (CONTRIBUTING.md, Style)."


@for_each([p for p in TEMPLATES if p.suffix == ".html"])
def test_no_line_breaks_where_one_would_show(path: Path) -> None:
    """These classes keep every blank (white-space: pre-wrap); .count is hidden while it is :empty."""
    keeping = r'class="(?:[^"]* )?(?:note-text|quote|step-text|step-answer|content|count)(?: [^"]*)?"'
    found = re.search(rf"<[^<>]*{keeping}[^<>]*>\s", path.read_text())
    assert not found, f"{name(path)}: a blank at the start of {found and found[0]!r} is shown."


def test_scripts_build_no_html_from_text() -> None:
    for path in (ROOT / "static").rglob("*.js"):
        assert not re.search(r"\beval\(|document\.write|new Function", path.read_text()), name(path)


def static_name(script: Path) -> str:
    return script.relative_to(ROOT / "static").as_posix()


@for_each(SCRIPTS)
def test_scripts_are_short_and_say_what_they_are_for(script: Path) -> None:
    lines = script.read_text().splitlines()
    assert len(lines) <= 300, f"{name(script)} has {len(lines)} lines: a file has one subject."
    assert lines[0].startswith("// "), f"{name(script)} opens with a sentence on what it is for."


@for_each(SCRIPTS)
def test_every_import_is_found(script: Path) -> None:
    """Those of another shape would be neither preloaded nor named by their hash."""
    code = re.sub(rf"(?m){modules.LATER}|//.*|/\*.*?\*/", "", re.sub(modules.IMPORT, "", script.read_text()))
    other = re.findall(r"\bimport\b[^:]*|\bexport\s*[*{].*", code)
    assert not other, f'{name(script)}: import {{ … }} from "./….js"; not {other}'
    missing = set(modules.imports(static_name(script), later=True)) - set(map(static_name, SCRIPTS))
    assert not missing, f"{name(script)} imports {missing}"


@for_each(SCRIPTS)
def test_scripts_import_in_no_circle(script: Path) -> None:
    mine = static_name(script)
    circle = any(mine in modules.imports(other) for other in (mine, *modules.imports_behind(mine)))
    assert not circle, f"{name(script)} imports itself in the end: put what both need into a third."


SHEETS = sorted((ROOT / "static").rglob("*.css"))
OF_DJANGO = "static/css/admin.css"  # over the admin's own sheets, which are in no layer: a layer would lose to them


@for_each(SHEETS)
def test_style_sheets_are_short_and_linked(path: Path) -> None:
    length = len(path.read_text().splitlines())
    assert length <= 400, f"{name(path)} has {length} lines: one sheet a layer, then one a group of screens."
    linked = path.stem in STYLESHEETS and path.parent == ROOT / "static/css"
    assert linked or name(path) == OF_DJANGO, f"{name(path)} is in no page: add it to STYLESHEETS."


@for_each([p for p in SHEETS if name(p) != OF_DJANGO])
def test_every_rule_is_in_a_layer(path: Path) -> None:
    """In one that has its place in the order; a rule in none would win over all of them, as /me.css has to."""
    css = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    order = re.search(r"@layer ([a-z, ]+);", (ROOT / "static/css/tokens.css").read_text())
    assert order, "static/css/tokens.css says the order of the layers"
    for at_top in outermost(css):
        assert at_top.removeprefix("@layer ") in order[1].split(", "), f"{name(path)}: {at_top!r} is in no layer."


def outermost(css: str) -> Iterator[str]:
    """What stands before the blocks that are in no other; statements without a block have been read."""
    depth, start = 0, 0
    for brace in re.finditer(r"[{}]", css):
        if brace[0] == "{" and depth == 0:
            yield css[start : brace.start()].rpartition(";")[2].strip()
        depth += 1 if brace[0] == "{" else -1
        start = brace.end()


def test_every_kind_of_event_is_worded() -> None:
    about = "session|handoff|summary|note|delivery|step|message|branch|member|token|connection|account|view"
    models = "".join(path.read_text() for path in SOURCES if kind(path) == "models")
    kinds = set(re.findall(rf'"((?:{about})\.[a-z_]+)"', models))
    missing = [kind for kind in sorted(kinds) if not (ROOT / "templates/events" / kind.replace(".", "_")).is_dir()]
    assert not missing, f"word them under templates/events/: {missing}"


def test_times_for_machines_are_written_one_way() -> None:
    """A day may be written by itself, HTML in the reader's zone; the marker of a note is no time."""
    allowed = ("resolutionflow/core/clock.py", "resolutionflow/web/templatetags.py", "notifications/models/delivery.py")
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Attribute) and node.attr == "isoformat" and name(path) not in allowed:
                of = ast.unparse(node.value)
                assert of == "day" or of.startswith("date."), f"{name(path)}:{node.lineno}: clock.iso({of})"


def test_the_changelog_and_env_example_are_there() -> None:
    settings = (ROOT / "resolutionflow/settings.py").read_text()
    example = (ROOT / ".env.example").read_text()
    asked = set(re.findall(r"env(?:\.\w+)?\(\s*\"([A-Z_]+)\"", settings))
    missing = sorted(name for name in asked if not re.search(rf"^#?\s*{name}=", example, re.M))
    assert not missing, f".env.example lists every setting; missing: {missing}"


# --- the tests' own rules ------------------------------------------------------------------------

TESTS = sorted((ROOT / "tests").rglob("*.py"))
IN_A_BROWSER = [path for path in TESTS if "mark.browser" in path.read_text() or path.parent.name == "browser"]


@for_each([p for p in IN_A_BROWSER if p.name not in ("waiting.py", "test_house.py")])
def test_browsers_wait_for_what_is_asserted(path: Path) -> None:
    for pattern, instead in {
        r"\bsleep\(|wait_for_timeout\(|networkidle": "wait for what you assert, not for a length of time",
        r"\btimeout=|set_default_\w*timeout\((?!PATIENCE)": "all waits have the one limit, PATIENCE",
        r"\bbounding_box\(": "place(locator) measures when everything has come and stands still",
    }.items():
        assert not re.search(pattern, path.read_text()), f"{name(path)}: {instead} (tests/browser/waiting.py)."


@for_each(TESTS)
def test_waits_have_one_limit(path: Path) -> None:
    for call in ast.walk(tree(path)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "wait_until":
            assert len(call.args) == 1, f"{name(path)}:{call.lineno}: wait_until() has the one limit, PATIENCE."


# --- the repository ------------------------------------------------------------------------------

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]


@for_each([*SOURCES, *TESTS])
def test_files_are_short(path: Path) -> None:
    length = len(path.read_text().splitlines())
    assert length <= 400, f"{name(path)} has {length} lines: a file has one subject."


def test_the_lock_of_npm_names_no_address() -> None:
    """Of a registry, least of all: whoever installs uses their own."""
    assert "://" not in (ROOT / "package-lock.json").read_text(), "`make package-lock` writes it without."


@for_each(PAGES)
def test_every_link_of_the_docs_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    missing = [link for link in links if not (page.parent / link).exists()]
    assert not missing, f"{name(page)} links to {missing}"


# One word for each thing: what people read says escalate and notify.
OTHER_WORDS = re.compile(
    r"\bhand(s|ed|ing)? (it |this |you |a session )?over\b|handed[- ]over|\b(is|are|was|were|been) told\b|\be-mail|"
    r"first move|taken care of|passed (it )?on\b|goes with it|\bE-mail",
    re.I,
)


@for_each(TEMPLATES)
def test_pages_and_mails_keep_to_one_word_for_each_thing(path: Path) -> None:
    shown = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.S)
    found = OTHER_WORDS.search(shown)
    assert not found, f"{name(path)} says “{found and found[0]}”."


@for_each(SOURCES)
def test_what_the_code_says_to_people_keeps_to_them_too(path: Path) -> None:
    module = tree(path)
    about = {id(node.body[0].value) for node in ast.walk(module) if isinstance(node, DOCUMENTED) and says(node)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in about:
            found = OTHER_WORDS.search(node.value)
            assert not found, f"{name(path)}:{node.lineno} says “{found and found[0]}”."


DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def says(node: Any) -> bool:
    """Whether it has a docstring: what is said in there is not shown."""
    return bool(node.body) and isinstance(node.body[0], ast.Expr)
