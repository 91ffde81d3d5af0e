"""Whatever is sent, at every address that takes something: a clear error, never a crash, and typed text is kept."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils.html import escape
from rest_framework import serializers

from handoffs.models import Handoff
from resolutionflow.api.fields import (
    FractionField,
    StrictBooleanField,
    StrictChoiceField,
    StrictNumberField,
    StrictOutputField,
    StrictTextField,
    TimeField,
    VisibleIdField,
)
from sessions_app.models import Session
from tests.api_client import ApiClient, client_of
from tests.every_address.addresses import ask, page_of, rolled_back
from tests.resolutionflow.api import addresses as api

pytestmark = pytest.mark.django_db
# On SQLite too is run what comes to the database: what is refused before is the same there.

HUGE = (2**31, 2**63, 10**30)
STRANGE = "a\x00b\x1b[31mred\x07 \u202etxet\u2066 \ud800 \udfff \ufeff<b>&amp;\r\nz"
UNSEEN = ("\x00", "\x1b", "\x07", "\u202e", "\u2066", "\ud800", "\ufeff")
LONG = "word " * 20_000 + "END"
CLEAR = (200, 201, 202, 302, 400, 403, 404, 409, 413, 415, 422, 429)


# --- the API ---------------------------------------------------------------------------------------


def spec_of(method: str, route: str) -> Any:
    view = next(p.callback.cls for p in api.urls.urlpatterns if str(p.pattern) == route)
    return getattr(view, method).spec


def fields_of(method: str, route: str) -> dict[str, Any]:
    takes = spec_of(method, route).takes
    return dict(takes().fields) if takes else {}


def query_of(route: str) -> list[str]:
    """The parameters a list takes."""
    query = spec_of("get", route).query
    return list(query().fields) if query else []


RIGHT: list[tuple[type, tuple[type, ...]]] = [
    (StrictBooleanField, (bool,)),
    (StrictNumberField, (int,)),
    (VisibleIdField, (int,)),
    (FractionField, (int, float)),
    (TimeField, (str,)),
    (StrictChoiceField, (str,)),
    (StrictTextField, (str,)),
    (serializers.ListField, (list,)),
]
VALUES: list[Any] = [7, -1, 1.5, True, None, "text", [], ["x"], [[]], {}, {"id": 1}]


def is_right(one: Any, value: Any) -> bool:
    """Whether a field takes a value of this type at all."""
    if value is None:
        return bool(one.allow_null)
    kinds = next(kinds for field, kinds in RIGHT if isinstance(one, field))
    return type(value) in kinds


def send(client: ApiClient, method: str, path: str, body: Any, **more: Any) -> Any:
    with rolled_back():
        if method == "get" or api.is_form(method, path):
            return api.call(client, method, path, **body)
        return client.send(method.upper(), path, body, **more)


def is_clear(answer: Any) -> bool:
    """An answer, or an error with a code and a sentence."""
    if answer.status_code not in CLEAR:
        return False
    said = answer.json()
    return answer.status_code < 300 or bool(said["code"] and said["detail"].strip().endswith((".", "}")))


def test_a_wrong_type_is_an_error_of_that_field(things, bo, wrong) -> None:
    """Of every field at once, each being told of its own."""
    script = client_of(bo)
    for method, route in api.IN_JSON:
        for value in VALUES:
            names = {name for name, one in fields_of(method, route).items() if not is_right(one, value)}
            if names:
                body = {**api.body_of(route), **dict.fromkeys(names, value)}
                answer = send(script, method, api.filled(route, things), body)
                told = answer.status_code == 400 and answer.json().get("errors", {}).keys() >= names
                wrong.unless(told, method, route, names, value, answer.content)


ON_BOTH = [pytest.param(text, marks=pytest.mark.both) for text in (STRANGE, LONG, "\x00", "\ud83d", "x" * 201)]


@pytest.mark.parametrize("text", ["", " \n", *ON_BOTH, "word " * 50_000, "=1+1"])
def test_any_text_is_stored_clean_or_refused_clearly(text, things, bo, wrong) -> None:
    script = client_of(bo)
    for method, route in api.WRITES:
        for name, one in fields_of(method, route).items():
            if isinstance(one, StrictTextField | StrictChoiceField | TimeField):
                answer = send(script, method, api.filled(route, things), {**api.body_of(route), name: text})
                wrong.unless(is_clear(answer), method, route, name, answer.status_code, answer.content[:200])
                said = json.dumps(answer.json(), ensure_ascii=False)
                wrong.unless(
                    isinstance(one, StrictOutputField) or not any(sign in said for sign in UNSEEN),
                    method,
                    route,
                    name,
                    "gives back what nobody sees",
                )


@pytest.mark.both
@pytest.mark.parametrize("number", [0, -1, *HUGE, -(2**63) - 1])
def test_any_number_for_an_id_is_unknown(number, things, bo, wrong) -> None:
    script = client_of(bo)
    for method, route in api.EVERY:
        for name, one in (fields_of(method, route) if method != "get" else {}).items():
            if isinstance(one, VisibleIdField):
                answer = send(script, method, api.filled(route, things), {**api.body_of(route), name: number})
                wrong.unless(name in answer.json().get("errors", {}), method, route, name, answer.content[:200])
        if "<int:" in route:
            path = api.filled(route, dict.fromkeys(things, number))
            wrong.unless(send(script, method, path, api.body_of(route)).status_code == 404, method, path)


BODIES = {
    "empty": b"",
    "half": b'{"a": ',
    "list": b"[]",
    "string": b'"x"',
    "null": b"null",
    "number": b"1",
    "latin": b'{"a": "\xe9"}',
    "nan": b'{"confidence": NaN}',
    "infinity": b'{"confidence": 1e999}',
    "deep": b"[" * 100_000,
    "deep object": b'{"a":' * 50_000,
    "deep value": b'{"text": ' + b"[" * 500 + b"]" * 500 + b"}",
    "bom": b"\xef\xbb\xbf{}",
    "utf-16": '{"a": 1}'.encode("utf-16"),
    "digits": b'{"to": ' + b"9" * 5000 + b"}",
    "unknown": b'{"__proto__": {}, "\\ud800": 1, "\\u0000": 2}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_what_is_not_a_json_object_is_said(body, things, bo, wrong) -> None:
    """Without a body each address is asked; one reader reads all others, which every third address is sent."""
    script = client_of(bo)
    for method, route in api.IN_JSON[list(BODIES.values()).index(body) % 3 :: 3] if body else api.IN_JSON:
        answer = send(script, method, api.filled(route, things), body)
        wrong.unless(is_clear(answer), method, route, answer.status_code, answer.content[:200])
        if body:  # without a body there are no fields: right where none is needed
            wrong.unless(answer.status_code == 400, method, route, answer.status_code, answer.content[:200])
        wrong.unless(b"integer string conversion" not in answer.content, method, route, answer.content[:200])


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x", "é/ü"]
)
def test_another_content_type_is_415(kind, things, bo, wrong) -> None:
    script = client_of(bo)
    for method, route in api.IN_JSON:
        answer = send(script, method, api.filled(route, things), b'{"reason": "x"}', content_type=kind)
        is_form = kind.endswith("urlencoded") and (method, route) == ("post", "v1/sessions/<int:pk>/steps/")
        wrong.unless(
            answer.status_code == (400 if is_form else 415) and is_clear(answer),
            method,
            route,
            answer.status_code,
            answer.content[:200],
        )


def test_three_megabytes_are_413(things, bo, wrong) -> None:
    script = client_of(bo)
    for method, route in api.IN_JSON:
        answer = send(script, method, api.filled(route, things), {"notes": "x" * 3_000_000})
        wrong.unless(
            (answer.status_code, answer.json()["code"]) == (413, "too_large"), method, route, answer.status_code
        )


DATES = [
    "yesterday",
    "2026-02-30T10:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "9999-12-31T23:59:59Z",
    "2020-01-01T00:00:00Z",
    "2026-13-01",
    "12:00",
    "+1h",
    "1e9",
]


@pytest.mark.both
@pytest.mark.parametrize("date", DATES)
def test_a_date_that_is_none(date, things, bo, olga, wrong) -> None:
    session = things["sessions"]
    answer = send(client_of(bo), "post", f"sessions/{session}/park/", {"wake_at": date})
    wrong.unless(is_clear(answer) and answer.status_code == 400, date, answer.content)
    page = page_of(
        bo, "POST", f"/sessions/{session}/park/", {"wake": "at", "wake_at": date, "notes": "Remember the valve"}
    )
    wrong.unless(page.status_code == 422 and "Remember the valve" in page.content.decode(), date, page.status_code)


CURSORS = [
    base64.urlsafe_b64encode(json.dumps(one).encode()).decode()
    for one in (
        [0],
        [0, "x"],
        [0, "1", "2", "3", "4"],
        [0, 10**30, 10**30],
        [0, 10**30],
        [0, "\x00", 1],
        [0, "2026-01-01", 10**30],
        [0, "0001-01-01T00:00:00+23:59", 1],
        {"a": 1},
        5,
        None,
        [[], {}],
        [0, 1, "9999-12-31T23:59:59-23:59", 1],
        [0, True, [], {}],
        [0, "1e400", "NaN", "1"],
    )
]
NUMBERS = ("-1", "0", str(2**63), "9" * 40, "x", "\x00", "٣", "1.5", "s" + "9" * 40)
TEXTS = (STRANGE, "", "%", "_\\", "x" * 5000, "99999d")


@pytest.mark.both
def test_any_query_of_the_api_is_answered(things, bo, wrong) -> None:
    """Any value of each parameter it takes, and some of one that nobody takes."""
    script = client_of(bo)
    for at, (method, route) in enumerate(api.EVERY):
        if method == "get":
            takes = query_of(route)
            for name in [*takes, "nobodys"]:
                values = [*NUMBERS, *TEXTS] if name in takes else [*NUMBERS, *TEXTS][at % 5 :: 5]
                for value in [*values, *(CURSORS if name in ("cursor", "after", "before") else ())]:
                    path = f"{api.filled(route, things)}?{urlencode({name: value}, errors='replace')}"
                    answer = script.get(path)
                    wrong.unless(is_clear(answer), path[:200], answer.status_code, answer.content[:100])
                    if name not in takes:
                        wrong.unless(answer.status_code in (302, 400, 404), path[:200], answer.status_code)


# --- too late --------------------------------------------------------------------------------------


def test_a_claim_of_a_closed_handoff_is_409_with_a_sentence(claimed, cy, bo, client) -> None:
    claimed.session.resolve(bo, resolution="Fixed")
    client.force_login(cy)
    page = client.post(f"/handoffs/{claimed.pk}/claim/")
    said = client_of(cy).post(f"handoffs/{claimed.pk}/claim/")
    assert (page.status_code, said.status_code, said.json()["code"]) == (409, 409, "wrong_state")
    assert escape(said.json()["detail"]) in page.content.decode()
    claimed.session.refresh_from_db()
    assert claimed.session.status == Session.Status.RESOLVED, "nobody revives a resolved session"


LATE = [
    ("sessions/{s}/steps/", "text"), ("sessions/{s}/messages/", "text"), ("sessions/{s}/escalate/", "notes"),
    ("sessions/{s}/branches/", "label"), ("sessions/{s}/abandon/", "reason"), ("handoffs/{h}/return/", "reason"),
    ("handoffs/{h}/release/", "reason"), ("sessions/{s}/resolve/", "resolution"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "field"), LATE)
def test_a_form_sent_too_late_is_409_and_gives_the_text_back(path, field, claimed, bo, client) -> None:
    claimed.session.resolve(bo, resolution="Fixed")
    client.force_login(bo)
    more = {"priority": "2"} if field == "notes" else {}
    page = client.post(
        "/" + path.format(s=claimed.session_id, h=claimed.pk), {field: "A line I wrote <slowly>", **more}
    )
    assert page.status_code == 409
    assert "A line I wrote &lt;slowly&gt;" in page.content.decode()
    assert Handoff.objects.count() == 1


# --- the admin -------------------------------------------------------------------------------------

ACCOUNT = {
    "ladder": ["", "5", "[]", "{}", "{", '{"urgent": [], "high": [], "normal": [], "low": [1]}', "\x00"],
    "name": ["", LONG, "\x00"],
    "time_zone": ["Mars/Olympus", "", "../etc", "\x00"],
    "business_hours": [
        "5",
        "[]",
        '{"mon": 3}',
        '{"mon": ["25:00", "x"]}',
        "{",
        '{"mon": ["18:00", "08:00"]}',
        '{"xyz": []}',
        "null",
        "9" * 4301,
        "[" * 900 + "]" * 900,
        '["\\ud800"]',
    ],
    "holidays": [
        "NaN",
        '["\\u0000"]',
        "9" * 4301,
        '["\\ud800"]',
        "5",
        '{"a": 1}',
        '["yesterday"]',
        "[1]",
        '["2026-02-30"]',
        "null",
    ],
    "widen_after": ["-5", "9" * 40, "x", ""],
    "reply_to": ["help", "a@example.org, b@example.org", "a@example.org\r\nBcc: b@example.org", "x" * 300],
    "ai_model": ["of last year", "x" * 300],
    "ai_instructions": ["x" * 2_001, "The password is Hunter2!x9"],
    "ai_monthly_tokens": ["-5", "0", "9" * 40, "x", "9999"],
}


def test_an_accounts_settings_take_no_nonsense(northwind, olga, session, wrong) -> None:
    hours = json.dumps(northwind.business_hours)
    right = {
        "name": "Northwind", "time_zone": "UTC", "business_hours": hours, "holidays": "[]", "widen_after": "10",
        "ai_enabled": "on", "lease_minutes": json.dumps(northwind.lease_minutes),
        "ladder": json.dumps(northwind.ladder),
    }  # fmt: skip
    path = f"/admin/accounts/account/{northwind.pk}/change/"
    assert ask(olga, "POST", path, {**right, "name": "Northwind IT"}).changed
    for field, values in ACCOUNT.items():
        for value in values:
            answer = ask(olga, "POST", path, {**right, field: value})
            wrong.unless(answer.status_code == 200 and not answer.changed, field, value[:60], answer.status_code)
