"""Requests for a name that is not ours are 400 at every address, with one line in the log; probes may use any name."""

from __future__ import annotations

import http.client
import re

import pytest
from django.test import Client

from resolutionflow.ops.logs import WATCHED
from tests.every_address.addresses import ROUTES

NOT_OURS = [
    "evil.example", "", " ", "a b", "a_b.example", "127.0.0.1:port", "127.0.0.1:80:80", "user@127.0.0.1", "*", ".",
    "127.0.0.1,evil.example", "[::1", "x" * 5000, "\xff\xfe", "127.0.0.1/evil", "evil.example\x00127.0.0.1",
    "127.0.0.1.evil.example", "..testserver",
]  # fmt: skip
FILLED = {"/" + re.sub(r"\(\?P<[^)]*\)|<[^>]*>", "1", route).replace("^", "").rstrip("$") for route, _name in ROUTES}
PATHS = sorted(FILLED | {"/nowhere/", "/static/nothing.css", "//evil.example/", "/api/nowhere"})


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", NOT_OURS)
def test_another_name_is_400_everywhere_before_anything_is_looked_up(host, scheme, settings, caplog):
    """The first name asks at every address, each other at some of every kind, so that three of them ask at each."""
    settings.SECURE_SSL_REDIRECT = True
    client = Client(HTTP_HOST=host, raise_request_exception=False)
    assert len(PATHS) > 100
    number = NOT_OURS.index(host)
    for path in PATHS[number % 6 :: 6] if number else PATHS:
        if path in WATCHED:
            continue
        for method in ("GET", "POST"):
            caplog.clear()
            answer = client.generic(method, path, secure=scheme == "https")
            assert answer.status_code == 400, (method, path, answer.status_code)
            assert "does not answer to that name" in answer.content.decode()
            assert answer["Content-Type"].startswith("application/json" if path.startswith("/api/") else "text/plain")
            assert len(caplog.records) == 1, (path, caplog.text)
            assert not caplog.records[0].exc_info
            assert len(caplog.text) < 600


@pytest.mark.parametrize("host", [*NOT_OURS, "10.0.0.7:8000", "testserver"])
def test_probes_may_ask_by_any_name(host, db):
    for path in WATCHED:
        assert Client(HTTP_HOST=host).get(path).status_code == 200


@pytest.mark.parametrize(
    "hosts", [[b"evil.example"], [b""], [], [b"127.0.0.1", b"evil.example"], [b"\xff"], [b"a b"], [b"x" * 5000]]
)
def test_so_it_is_on_the_wire(live_site, hosts, capfd):
    connection = http.client.HTTPConnection(live_site.url.removeprefix("http://"), timeout=20)
    for path, status in (("/login/", 400), ("/healthz", 200)):
        connection.putrequest("GET", path, skip_host=True)
        for host in hosts:
            connection.putheader(b"Host", host)
        connection.endheaders()
        answer = connection.getresponse()
        answer.read()
        if hosts or path == "/healthz":
            assert answer.status == status, path
        else:
            assert answer.status == 200, "without a name, as HTTP/1.0 does, it is the address that was dialled"
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("path", ["/login/", "/queue/", "/api/v1/handoffs/", "/admin/"])
def test_more_parameters_than_are_read_are_a_short_answer_and_a_short_line(path, debug, settings, caplog, db):
    """With DEBUG on, Django draws a page of every one of them, which takes half a minute."""
    settings.DEBUG = debug
    answer = Client().get(f"{path}?{'&'.join(['secret=1'] * 1001)}")
    assert answer.status_code == 413
    assert "too many parameters" in answer.content.decode()
    assert "secret" not in caplog.text
    assert len(caplog.text) < 400


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-7", "windows-1252", "utf8", "hex", "rot13", "idna"])
@pytest.mark.parametrize("path", ["/login/", "/queue/bulk/", "/api/v1/sessions/"])
def test_a_form_in_another_charset_is_415(path, charset, kind, bo, client) -> None:
    client.force_login(bo)
    assert client.generic("POST", path, b"login=%e9", f"{kind}; charset={charset}").status_code == 415


def test_an_address_of_htmx_that_is_none_leads_to_the_sign_in(client, db) -> None:
    answer = client.get("/queue/", headers={"HX-Request": "true", "HX-Current-URL": "http://["})
    assert answer["HX-Redirect"].startswith("/login/")


@pytest.mark.parametrize("method", ["get", "put", "delete"])
@pytest.mark.parametrize("path", ["/handoffs/1/claim/", "/queue/bulk/"])
def test_what_is_no_page_says_so_on_one_of_ours(path, method, bo, client) -> None:
    client.force_login(bo)
    answer = getattr(client, method)(path)
    assert answer.status_code == 405
    assert "POST" in answer["Allow"]
    assert "Nothing to read here" in answer.content.decode()


@pytest.mark.parametrize("version", ["\x00", "\r\nX: y", "v1", "9"])
def test_a_version_of_the_schema_comes_into_no_header(version, client, db) -> None:
    answer = client.get("/api/schema/", {"version": version})
    assert answer.status_code == 200
    assert version == "v1" or version not in answer["Content-Disposition"]
