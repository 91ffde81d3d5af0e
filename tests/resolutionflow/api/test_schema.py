"""What the API's description promises to generated clients: everything has a name and a type, and is as described."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from openapi_schema_validator import OAS31Validator

from handoffs.models import SavedView
from notifications.models import Channel
from resolutionflow.accounts.event_facts import KINDS, FactsOut
from resolutionflow.accounts.models import ApiToken, User
from resolutionflow.api.errors import _CODES
from resolutionflow.api.schema import ERROR_CODES, FILE_TYPES
from resolutionflow.core.refusals import Refusal
from tests.api_client import ApiClient, client_of
from tests.handoffs.random_verbs.test_in_one_process import Walk
from tests.handoffs.random_verbs.verbs import OFTEN, PEOPLE, WHOEVER
from tests.resolutionflow.api import addresses as api
from tests.test_house import SOURCES

pytestmark = pytest.mark.thorough

Json = dict[str, Any]

# --- names and types -------------------------------------------------------------------------------


def forms(form: Any, at: str = "") -> Iterator[tuple[str, Json]]:
    """Every form within a form, and where it stands."""
    if isinstance(form, dict):
        yield at, form
        for name, part in form.items():
            if name not in ("enum", "required", "example"):
                yield from forms(part, f"{at}/{name}")
    elif isinstance(form, list):
        for number, part in enumerate(form):
            yield from forms(part, f"{at}/{number}")


def test_no_object_is_without_a_form(schema) -> None:
    """A free object is `Any` to a client; what maps names to values says of which type these are."""
    objects = 0
    for name, form in schema["components"]["schemas"].items():
        assert form.get("type") or form.get("enum") or form.get("oneOf"), f"{name} has no type"
        for at, part in forms(form, name):
            assert part != {}, f"{at} may be anything"
            if part.get("type") == "object":
                objects += 1
                assert part.get("properties") or part.get("additionalProperties"), f"{at} is a free object"
            if part.get("type") == "array":
                assert part["items"], f"{at} is a list of anything"
    assert objects > 40


def test_every_property_has_a_type(schema) -> None:
    for name, form in schema["components"]["schemas"].items():
        for field, part in form.get("properties", {}).items():
            assert {"type", "$ref", "allOf", "oneOf"} & set(part), f"{name}.{field} has no type"


def test_every_answer_and_body_is_a_named_object(schema) -> None:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for body in bodies:
                for kind, content in body.get("content", {}).items():
                    if kind in FILE_TYPES:
                        continue
                    assert content["schema"]["$ref"].startswith("#/components/schemas/"), (method, path)


def test_a_body_takes_its_fields_alone(schema) -> None:
    bodies = 0
    for methods in schema["paths"].values():
        for operation in methods.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                form = schema["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
                assert form["additionalProperties"] is False
                bodies += 1
    assert bodies > 15


def test_names_are_words_that_say_what_it_is(schema) -> None:
    names = set(schema["components"]["schemas"])
    assert {
        "ErrorCode", "EventKind", "ClosedReason", "Origin", "NoteState", "Snapshot", "EscalationPackage", "Facts",
        "Statement", "Handoff", "HandoffDetail", "Session", "SessionDetail", "Person", "Priority", "SessionStatus",
    } <= names  # fmt: skip
    odd = [name for name in names if re.search(r"Enum$|^Patched|\d|Out$", name)]
    assert odd == ["NullEnum"]
    operations = [operation["operationId"] for methods in schema["paths"].values() for operation in methods.values()]
    assert len(operations) == len(set(operations)) == len(api.EVERY)


# --- codes, kinds and facts ------------------------------------------------------------------------


def below(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from below(each)


def test_every_code_is_described() -> None:
    ours = {kind.code for kind in (Refusal, *below(Refusal)) if kind.__module__.split(".")[0] != "tests"}  # type: ignore[attr-defined]
    said = {code for path in SOURCES for code in re.findall(r'"code": "(\w+)"', path.read_text())}
    assert ours | said | set(_CODES.values()) <= set(ERROR_CODES)


KIND = re.compile(rf'"((?:{"|".join({kind.split(".")[0] for kind in KINDS})})\.[a-z_]+)"')


def test_every_kind_of_event_is_described() -> None:
    """Written in a model, or worded: it is in the description."""
    models = [path for path in SOURCES if "models" in path.parts or path.name == "models.py"]
    recorded = {kind for path in models for kind in KIND.findall(path.read_text())}
    assert recorded == set(KINDS)


CALLS = {"record_event", "changed", "_changed", "_plan_event", "record"}
NOT_FACTS = {"handoff_id", "session_id", "at", "actor", "relayed", "kind", "handoff", "step", "facts"}


def facts_written() -> Iterator[tuple[str, str]]:
    """The facts that verbs write: keywords of the calls that record an event, and what stands in `facts`."""
    for path in (
        path for path in SOURCES if re.search(r"Event\.record\(|record_event\(|_plan_event\(", path.read_text())
    ):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in CALLS:
                yield from ((f"{path.name}:{node.lineno}", word.arg) for word in node.keywords if word.arg)
            assigned = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "facts"
            passed = isinstance(node, ast.keyword) and node.arg == "facts"
            if (assigned or passed) and isinstance(node.value, ast.Dict):
                keys = (key.value for key in node.value.keys if isinstance(key, ast.Constant))
                yield from ((path.name, str(key)) for key in keys)


def test_every_fact_is_described() -> None:
    written, described = list(facts_written()), set(FactsOut().fields)
    assert len(written) > 60
    assert [(where, name) for where, name in written if name not in described | NOT_FACTS] == []
    unwritten = described - {name for _where, name in written}
    assert unwritten <= {"step", "kind", "shared"}, "described, but nobody writes it"


def strict(schema: Json) -> Json:
    """The description, taking nothing that it does not name."""
    return {
        name: {**form, **({"additionalProperties": False} if "properties" in form else {})}
        for name, form in schema["components"]["schemas"].items()
    }


def conform(schema: Json, client: ApiClient) -> set[str]:
    """Everything the account's lists tell, strictly as described; returns the kinds of events among it."""
    components, kinds = {"schemas": strict(schema)}, set()
    for path, name in (("events/", "Event"), ("sessions/", "Session"), ("handoffs/?status=any&intent=any", "Handoff")):
        one, whole = (
            OAS31Validator({"$ref": f"#/components/schemas/{name}{more}", "components": components})
            for more in ("", "" if name == "Event" else "Detail")
        )
        following: str | None = path
        while following:
            page = client.get(following).json()
            following = page["next"]
            for row in page["results"]:
                one.validate(row)
                if name == "Event":
                    kinds.add(row["kind"])
                else:
                    whole.validate(client.get(f"{path.split('?')[0]}{row['id']}/").json())
    return kinds


@pytest.mark.django_db
def test_what_is_told_is_as_described_and_nothing_more(schema, settings, capsys) -> None:
    """Of a demo account, of a long walk through the verbs, and of what administrators change."""
    settings.DEBUG = True
    call_command("demo")
    olga = User.objects.get(email="olga@harbour.example")
    assert olga.account is not None
    olga.account.change(by=olga, widen_after=5, lease_minutes={"urgent": 60, "high": 90, "normal": None, "low": None})
    team = olga.account.add_team(by=olga, name="Printers")
    team.change(by=olga, name="Printing", members=[olga])
    Channel.add(olga, name="Desk", address="desk@harbour.example").change(
        olga, name="Desk", address="d@harbour.example", is_active=False
    )
    SavedView.add(olga, name="Urgent", query="priority=urgent", shared=True).delete_by(olga)
    User.objects.get(email="tom@harbour.example").change_membership(by=olga, role="viewer")
    ApiToken.issue(olga, name="old", scope="read")[0].revoke(by=olga)
    kinds = conform(schema, client_of(olga))
    walk, chance = Walk(), random.Random(1)
    for _ in range(180):
        actor = chance.choice([*PEOPLE, WHOEVER, WHOEVER, WHOEVER])
        minutes = chance.choice([0, 0, 1, 45, 130, 600])
        walk.step(chance.choice(OFTEN), actor, chance.choice(PEOPLE), chance.randrange(3), minutes, 0)
    kinds |= conform(schema, client_of(walk.people["lea"]))
    assert len(kinds) > 18, kinds


def test_errors_within_a_field_are_flat(ana, session) -> None:
    body = {"text": "Which?", "options": [{"value": "a"}, {"label": "b"}, {"value": 7}]}
    answer = client_of(ana).send("POST", f"sessions/{session.pk}/steps/", body)
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"options.1.value", "options.2.value"}
    assert all(isinstance(said, str) for told in answer.json()["errors"].values() for said in told)
