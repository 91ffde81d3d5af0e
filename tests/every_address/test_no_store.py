"""No cache keeps what the site answers, whatever the answer is; files that are the same for everybody it may keep."""

from __future__ import annotations

from typing import Any

from django.db import OperationalError, connection
from django.test import Client

from resolutionflow.accounts.models import ApiToken
from tests.every_address.addresses import OF_PAGES, admin_addresses, browser_of, filled, filled_api, rolled_back
from tests.every_address.test_allowed_hosts import PATHS
from tests.resolutionflow.api import addresses as api


def real_paths(things: dict[str, Any]) -> list[str]:
    pages = [filled(route, things) for route, _name in OF_PAGES]
    admin = [
        "/" + route.format(pk=getattr(model._base_manager.first(), "pk", 1))
        for route, _name, model in admin_addresses()
    ]
    scripts = ["/api/" + filled_api(route, things) for _method, route in api.EVERY]
    missing = [path for path in PATHS if "/1/" in path]  # of each kind one view says so: some are enough
    return [*pages, *admin, *scripts, *sorted(set(PATHS) - set(missing)), *missing[::8]]


def unkept(answer: Any) -> bool:
    return "no-store" in answer.headers.get("Cache-Control", "")


def test_no_answer_to_somebody_signed_in_is_kept(things, olga, wrong) -> None:
    paths = sorted(set(real_paths(things)))
    assert len(paths) > 200
    found: set[int] = set()
    for path in paths:
        by_htmx = {} if path.startswith(("/admin/", "/api/")) else {"HTTP_HX_REQUEST": "true"}
        for method, more in [("GET", {}), ("POST", by_htmx)]:
            with rolled_back():
                answer = browser_of(olga, raise_request_exception=False).generic(method, path, **more)
            found.add(answer.status_code)
            wrong.unless(unkept(answer), method, path, answer.status_code, answer.headers.get("Cache-Control"))
    assert {200, 302, 403, 404, 405, 422} <= found, "pages, redirects and errors"


def test_nor_one_to_a_token(things, bo, wrong) -> None:
    for scope in ("read", "write"):
        key = {"HTTP_AUTHORIZATION": f"Token {ApiToken.issue(bo, name='x', scope=scope)[1]}"}
        for method, route in api.EVERY:
            with rolled_back():
                answer = Client(**key).generic(method.upper(), "/api/" + filled_api(route, things))
            wrong.unless(unkept(answer), method, route, answer.status_code)


def test_nor_one_to_a_stranger_nor_a_failure(ana) -> None:
    def gone(*_unused: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    client = Client(raise_request_exception=False)
    assert unkept(client.get("/login/"))
    assert unkept(client.get("/"))
    client.force_login(ana)
    with connection.execute_wrapper(gone):
        for path in ("/", "/api/v1/handoffs/"):
            answer = client.get(path)
            assert (answer.status_code, unkept(answer)) == (503, True)


def test_files_that_are_the_same_for_everybody_are_kept(client, ana) -> None:
    client.force_login(ana)
    answer = client.get("/static/css/tokens.css")
    assert answer.status_code == 200
    assert "public" in answer["Cache-Control"]
    assert not unkept(answer)
