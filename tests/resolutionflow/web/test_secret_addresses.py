"""Secrets in addresses: which arguments are, that no line of any log shows one, and that no page passes one on."""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import types

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from resolutionflow.accounts.models import ApiToken
from resolutionflow.ops import logs
from resolutionflow.web import secret_addresses
from tests.resolutionflow.ops.test_logs import lines  # noqa: F401  a fixture

KEY = secrets.token_urlsafe(32)
# Arguments that would take a key and hold none: (address, argument).
HARMLESS = {
    ("password/<slug:uidb36>/<secret:key>/", "uidb36"),  # whose link it is: a number
    ("admin/r/<path:rest>", "rest"),
    ("settings/psa/new/<str:kind>/", "kind"),  # of ticket system
    ("settings/channels/new/<str:channel_kind>/", "channel_kind"),
    ("api/v1/tickets/<int:pk>/<str:number>/", "number"),  # of a ticket
}
STOCK = {"app_label", "object_id", "url", "content_type_id", "path"}  # the Django admin's own


def addresses(patterns=None, before=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern


def takes_a_key(converter) -> bool:
    return re.fullmatch(converter.regex, KEY) is not None


def test_every_argument_that_could_be_a_secret_is_declared_or_harmless():
    undeclared = {
        (route, name)
        for route, pattern in addresses()
        for name, converter in getattr(pattern.pattern, "converters", {}).items()
        if takes_a_key(converter) and not isinstance(converter, secret_addresses.SecretConverter)
    }
    unknown = {(route, name) for route, name in undeclared - HARMLESS if not route.startswith("admin/")}
    assert not {name for route, name in unknown if route.startswith("api/")} - {"kind", "rest"}
    pages = {pair for pair in unknown if not pair[0].startswith("api/")}
    assert not pages, f"declare these `secret`, or say that they hold none: {pages}"
    admin = {name for route, name in undeclared - HARMLESS if route.startswith("admin/")}
    assert admin <= STOCK, admin


def secret_routes() -> list[str]:
    return [route for route, _pattern in addresses() if "<secret:" in route]


def test_the_one_time_link_is_one():
    assert "password/<slug:uidb36>/<secret:key>/" in secret_routes()


def filled(route: str) -> str:
    return "/" + re.sub(r"<\w+:\w+>", "5", re.sub(r"<secret:\w+>", KEY, route))


NEARLY = [
    "{}", "{}/", "{}more/", "{}?x=1", "{}.", "{}%20",  # as a mail program cuts or lengthens it
    "/elsewhere{}",
]  # fmt: skip


@pytest.mark.parametrize("nearly", NEARLY)
@pytest.mark.parametrize("method", ["get", "head", "post", "put"])
def test_no_line_shows_it_wherever_it_led(lines, client, db, method, nearly):
    client.raise_request_exception = False
    for route in secret_routes():
        for address in (filled(route), filled(route).rstrip("/"), filled(route).upper()):
            getattr(client, method)(nearly.format(address))
            logging.getLogger("django.request").error("Gone: %s", address)
    assert len(lines) >= 3
    assert KEY.lower() not in "\n".join(lines).lower()


def test_a_live_link_stands_nowhere_and_is_passed_on_to_nobody(lines, client, ana):
    link = ana.password_link()
    key = link.rstrip("/").split("/")[-1]
    answer = client.get("/" + link.split("/", 3)[3])
    assert (answer.status_code, answer["Referrer-Policy"]) == (302, "no-referrer")
    page = client.get(answer["Location"])
    assert (page.status_code, page["Referrer-Policy"]) == (200, "same-origin")
    assert key not in page.content.decode() + answer["Location"]
    assert client.get(f"/password/5/{KEY}/")["Referrer-Policy"] == "no-referrer"
    assert "GET /password/" in json.loads(lines[0])["event"]
    assert key not in "\n".join(lines)


@login_not_required
def boom(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    raise ValueError(f"nothing is known of {request.get_full_path()}")


@pytest.fixture
def another_address(settings):
    """A new one, declared as one declares them, whose view fails."""
    module = types.ModuleType("tests.resolutionflow.another_address")
    module.urlpatterns = [path("join/<int:pk>/<secret:code>/now/", boom)]
    module.handler500 = "resolutionflow.web.error_pages.server_error"
    secret_addresses.keep_secrets_out_of_logs(module.urlpatterns)
    sys.modules[module.__name__] = module
    settings.ROOT_URLCONF = module.__name__
    yield
    del sys.modules[module.__name__]


def test_a_new_address_is_hidden_by_its_declaration_also_in_a_traceback(lines, client, another_address):
    client.raise_request_exception = False
    assert client.get(f"/join/7/{KEY}/now/").status_code == 500
    logging.getLogger("anybody").error("see http://testserver/join/7/%s/now/", KEY)
    try:
        boom(client.request().wsgi_request, 7, KEY)
    except ValueError:
        logging.getLogger("anybody").exception("failed at /join/7/%s", KEY)
    assert "[hidden]" in lines[-1]
    assert [line for line in lines if KEY in line] == []


def test_what_goes_to_sentry_has_none():
    event = {
        "request": {"url": f"https://x.example/password/5/{KEY}/", "query_string": f"token=rf_{KEY}"},
        "breadcrumbs": {"values": [{"message": f"GET /password/5/{KEY}/ 410"}]},
        "transaction": f"/password/5/{KEY}/",
    }
    assert KEY not in str(logs.without_secrets(event, {}))


def test_nothing_a_server_process_writes_shows_one(website, ana):
    """uvicorn, Django and ourselves, as an operator sees them."""
    _token, token = ApiToken.issue(ana, name="socket")
    with website.client() as client:
        assert client.get(f"/password/5/{KEY}/").status_code == 410
        assert client.post(f"/password/5/{KEY}/").status_code == 403  # no CSRF token
        assert client.get(f"/healthz?token={token}").status_code == 200
    with connect(f"{website.url.replace('http', 'ws', 1)}/ws/live/?token={token}") as socket:
        assert "ready" in socket.recv()
    with pytest.raises(InvalidStatus), connect(f"{website.url.replace('http', 'ws', 1)}/elsewhere/?token={token}"):
        pass
    written = website.output.read_text()
    assert "GET /password/5/[hidden]/ 410" in written
    assert KEY not in written
    assert token not in written
