"""Every answer has its request's id, and so has every line written for it: refusals before any view, and streams."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from resolutionflow import asgi
from tests.live_site import wait_until
from tests.resolutionflow.ops.test_logs import lines  # noqa: F401  a fixture

TRACED = {"X-Request-ID": "trace-7"}
FORM = "application/x-www-form-urlencoded; charset=iso-8859-1"
REFUSED = [
    ("GET", "/queue/", {"Host": "evil.example"}, 400),
    ("GET", "/api/v1/sessions/", {"Host": "evil.example"}, 400),
    ("GET", f"/queue/?{'&'.join(['a=1'] * 1200)}", {}, 413),
    ("POST", "/login/", {"Content-Type": FORM}, 415),
    ("POST", "/login/", {"Content-Length": "300000000"}, 413),
    ("GET", "/nowhere/", {}, 404),
]


def ask(url: str, method: str, where: str, headers: dict[str, str]) -> tuple[int, str]:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
    connection.request(method, where, headers=headers)
    answer = connection.getresponse()
    answer.read()
    assert len(answer.headers.get_all("X-Request-ID") or []) == 1
    return answer.status, answer.headers["X-Request-ID"]


@pytest.mark.parametrize(("method", "where", "headers", "status"), REFUSED)
def test_whoever_refuses(live_site, lines, method, where, headers, status) -> None:
    assert ask(live_site.url, method, where, headers | TRACED) == (status, "trace-7")
    told = [json.loads(line) for line in lines if str(status) in line]
    assert told
    assert {line.get("request_id") for line in told} == {"trace-7"}


@pytest.mark.parametrize("given", ["", "two words", "x" * 129, "caf\xe9"])
def test_an_id_unfit_for_a_log_is_replaced(live_site, given: str) -> None:
    status, request_id = ask(live_site.url, "GET", "/healthz", {"X-Request-ID": given})
    assert (status, len(request_id)) == (200, 12)


def test_a_static_file_and_a_full_line_have_one(live_site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(live_site.url, "GET", "/static/icon.svg", TRACED)[1] == "trace-7"
    monkeypatch.setattr(asgi, "SIGN_IN_LINE", 0)
    assert ask(live_site.url, "POST", "/login/", TRACED) == (429, "trace-7")


@csrf_exempt
@login_not_required
def breaks_off(request: HttpRequest) -> StreamingHttpResponse:
    def rows() -> Iterator[str]:
        yield "one row\n"
        raise ValueError("the second row broke")

    return StreamingHttpResponse(rows(), content_type="text/csv")


urlpatterns = [path("breaks/", breaks_off)]


def test_an_answer_that_breaks_while_it_is_streamed(live_site, lines, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    with pytest.raises(httpx2.HTTPError):
        httpx2.get(f"{live_site.url}/breaks/", headers=TRACED).raise_for_status()
    wait_until(lambda: any("second row broke" in line for line in lines))
    [broke] = [json.loads(line) for line in lines if "second row broke" in line]
    assert broke["request_id"] == "trace-7"
