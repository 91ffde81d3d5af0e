"""Whatever the API's description allows, and much that it does not: nothing breaks, every answer is as described.

schemathesis makes the requests, from what a running site says at /api/schema/: each field and parameter at its limits
and past them, missing, of another type; then as chance has it, which is the same each time.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import hypothesis.core
import pytest
import schemathesis
from hypothesis.vendor.pretty import RepresentationPrinter
from schemathesis.checks import not_a_server_error
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.specs.openapi import checks

from resolutionflow.accounts.models import ApiToken, User
from resolutionflow.core.text import clean
from sessions_app.models import Step
from tests.conftest import person
from tests.resolutionflow.api.addresses import EVERY, IN_JSON, body_of, filled, templated

# schemathesis puts a mute one in its place, and our own walks could not say any more how they failed.
hypothesis.core.RepresentationPrinter = RepresentationPrinter

CONFIG = {
    "suppress-health-check": ["too_slow"],  # a busy machine is no fault
    "generation": {"max-examples": 15, "deterministic": True, "no-shrink": True, "with-security-parameters": False},
    "phases": {"examples": {"enabled": False}},
    "checks": {"negative_data_rejection": {"expected-statuses": [400, 404, 405, 409, 412, 413, 415]}},
}

TO_NOBODY = "v1/handoffs/<int:pk>/transfer/"  # must name a person, whom chance does not find


def nothing_is_guessed(ctx, response, case) -> None:
    """What the description rules out is refused; but an empty parameter is none, and what nobody sees is left out."""
    asked = parse_qsl(urlsplit(response.request.url).query, keep_blank_values=True)
    if all(clean(value) for _name, value in asked) and "\\" not in repr(case.body):
        checks.negative_data_rejection(ctx, response, case)


CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
    checks.allow_header_conformance,
    nothing_is_guessed,
]


@pytest.fixture
def bo(northwind) -> User:
    """Here the owner, who may do everything; the work is with them."""
    return person(northwind, "Bo", "owner")


@pytest.fixture
def key(bo, ids) -> str:
    """Bo's, in an account with a thing of each kind; the step is theirs, who alone may reword it."""
    Step.objects.filter(pk=ids["step_pk"]).update(author=bo)
    return ApiToken.issue(bo, name="schemathesis", scope="write")[1]


DESCRIBED: dict[str, Any] = {}


def described(place: str) -> dict[str, Any]:
    """As the first site says it that runs: written and read for each address it took half of the time of all."""
    if not DESCRIBED:
        DESCRIBED.update(httpx2.get(place, params={"format": "json"}, timeout=60).json())
    return DESCRIBED


@pytest.mark.slow
@pytest.mark.parametrize(("method", "route"), EVERY)
def test_every_answer_is_as_described(method, route, live_site, key, ids, settings) -> None:
    settings.API_REQUESTS_PER_MINUTE = 10**9
    place = f"{live_site.url}/api/schema/"
    schema = schemathesis.openapi.from_dict(described(place), config=schemathesis.Config.from_dict(CONFIG))
    schema.location = place
    things = {"id": ids.get(route.split("/")[1]), "number": "4711", **ids}
    answers = []

    def send(case: schemathesis.Case) -> None:
        for name, number in case.path_parameters.items():
            if str(number).isdecimal() and int(number) < 2**63:  # as good as the one that is there
                case.path_parameters[name] = things[name]
        answer = case.call_and_validate(headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)
        answers.append(answer.status_code)

    # As schemathesis' plugin for pytest does when it collects, which takes as long as this for all addresses.
    build_operation_test(
        config=schema.config,
        operation=schema[templated(route)][method],
        test_func=send,
        given_kwargs={},
        feedback=FeedbackSources(),
    )()
    if (method, route) in IN_JSON:  # of some bodies chance finds one in fifty that is taken
        path, headers = f"{live_site.url}/api/v1/{filled(route, ids)}", {"Authorization": f"Bearer {key}"}
        answers.append(httpx2.request(method, path, json=body_of(route), headers=headers).status_code)
    assert not {401, 403, 429} & set(answers)
    assert {200, 201, 409} & set(answers) or route == TO_NOBODY, "none got through to the verb"
