"""Who sees what of the API: what tests/resolutionflow/api/test_every_address.py does not say."""

from __future__ import annotations

import pytest

from resolutionflow.accounts.models import User
from tests.api_client import client_of
from tests.every_address.addresses import OF_PAGES, ask, filled, filled_api
from tests.resolutionflow.api import addresses as api

pytestmark = pytest.mark.django_db


ASKS = "v1/tickets/<int:pk>/<str:number>/"  # has a worker read the ticket, and changes nothing else


def test_reading_the_api_changes_nothing(things, bo, vic, wrong) -> None:
    for method, route in api.EVERY:
        if method == "get" and route != ASKS:
            for user in (bo, vic):
                answer = ask(user, "GET", "/api/" + filled_api(route, things))
                wrong.unless(answer.status_code == 200 and not answer.changed, "GET", route, answer.status_code)


def test_the_platforms_operator_sees_nothing_in_the_api(things, root, wrong) -> None:
    for method, route in api.EVERY:
        answer = ask(root, method, "/api/" + filled_api(route, things))
        wrong.unless(answer.status_code == 403 and not answer.changed, method, route, answer.status_code)


def test_a_deactivated_person_sees_nothing(things, cy, wrong) -> None:
    script = client_of(cy)
    User.objects.filter(pk=cy.pk).update(is_active=False)
    for method, route in api.EVERY:
        answer = script.generic(method.upper(), "/api/" + filled_api(route, things))
        wrong.unless(answer.status_code == 401, method, route, answer.status_code)
    for route, name in OF_PAGES:
        answer = ask(cy, "GET", filled(route, things))
        wrong.unless(answer.status_code == 302 and "/login/" in answer["Location"], "GET", name, answer.status_code)
