"""Nothing outside is called in a request or a transaction, by whatever way out of this process."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from notifications.models import Delivery
from resolutionflow import urls
from resolutionflow.accounts.models import Event, PasswordMail
from resolutionflow.core import origin, outgoing_http, outside_calls
from sessions_app import ai
from sessions_app.models import AiCall, PsaConnection
from tests.test_house import SOURCES, imports, kind, name, tree

# What can wait for another machine, and who may touch it.
WAYS_OUT = {
    "smtplib": {"notifications/transports/email.py"},
    "django.core.mail": {
        "notifications/transports/email.py",
        "notifications/mail.py",  # writes them
        "resolutionflow/accounts/models/password_mail.py",
    },
    "anthropic": {"sessions_app/ai.py"},
    "httpx2": {"resolutionflow/core/outgoing_http.py", "sessions_app/ai.py", "notifications/selftest/checks.py"},
    "httpcore2": {"resolutionflow/core/outgoing_http.py"},
    # selftest is a command; the others listen, or only name the type
    "socket": {
        "resolutionflow/core/outgoing_http.py",
        "resolutionflow/ops/server.py",
        "resolutionflow/accounts/management/commands/up.py",
        "notifications/selftest/checks.py",
        "notifications/selftest/own_server.py",
        "notifications/selftest/throwaway_account.py",
    },
}
UNUSED = ("requests", "httpx", "http.client", "urllib.request", "urllib3", "aiohttp", "ftplib", "dns", "telnetlib")
IN_REQUESTS = ("views", "api", "forms", "admin", "consumer", "middleware", "context_processors")
OUTGOING = (
    "resolutionflow.core.outgoing_http",
    "sessions_app.ai",
    "notifications.transports",
    "sessions_app.psa.provider",
    "sessions_app.psa.connectwise",
    "sessions_app.psa.redmine",
    "sessions_app.psa.request_tracker",
)
CALLS = ("try_out", "perform", "find_note", "post_note", "post_public_note", "set_owner", "add_time", "find_time")


def reaches(module: str, what: str) -> bool:
    return module == what or module.startswith(f"{what}.")


@pytest.mark.parametrize("source", SOURCES, ids=name)
def test_only_the_ways_out_touch_the_network(source: Path) -> None:
    for module, line in imports(tree(source)):
        for library, allowed in WAYS_OUT.items():
            assert not reaches(module, library) or name(source) in allowed, (
                f"{name(source)}:{line} imports {module}: call out by core/outgoing_http.py, in a row of Work."
            )
        responses_only = module in ("http.client", "http.client.responses")  # a table of words
        assert responses_only or not any(reaches(module, library) for library in UNUSED), f"{name(source)}:{line}"


@pytest.mark.parametrize("source", [p for p in SOURCES if kind(p) in IN_REQUESTS], ids=name)
def test_what_answers_requests_reaches_no_way_out(source: Path) -> None:
    for module, line in imports(tree(source)):
        assert not any(reaches(module, way) for way in OUTGOING), f"{name(source)}:{line} imports {module}."
    for node in ast.walk(tree(source)):
        called = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
        assert called not in CALLS, (
            f"{name(source)}:{getattr(node, 'lineno', 0)} calls {called}(): it waits for something outside."
        )


@pytest.mark.parametrize("came_by", [came_by for came_by in origin.ORIGINS if came_by not in ("command", "system")])
def test_no_way_out_is_open_in_a_request(adam, waiting, came_by) -> None:
    connection = PsaConnection.objects.create(
        account=adam.account, kind="request_tracker", name="RT", base_url="https://rt.example", credentials={}
    )
    event = Event.objects.get(kind="handoff.escalated")
    about = {"event": event, "session": waiting.session, "handoff": waiting}
    mail = Delivery.objects.create(account=adam.account, kind="email", address="x@y.example", **about)
    link = PasswordMail.objects.create(address=adam.email)
    purpose = AiCall.Purpose.SUMMARY
    asked = ai.Question(waiting.session, purpose, version="", system="", record="", task="", schema={})
    ask = functools.partial(ai.ask, asked)
    for way in (
        functools.partial(outgoing_http.request, "GET", "https://a.example"),
        ask,
        connection.try_out,
        link.perform,
    ):
        with origin.coming_from(came_by), pytest.raises(RuntimeError, match="in a request"):
            way()
    with origin.coming_from(came_by), pytest.raises(RuntimeError, match="in a request"):
        mail.perform()


@login_not_required
def calling_out(request: HttpRequest) -> HttpResponse:
    outgoing_http.request("GET", "https://a.example")
    return HttpResponse()


handler500 = urls.handler500  # what the site's own addresses end with
urlpatterns = [path("page/", calling_out), path("api/v1/thing/", calling_out)]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("address", ["/page/", "/api/v1/thing/"])
def test_whatever_a_view_does_is_in_a_request(client, db, address) -> None:
    with pytest.raises(RuntimeError, match="in a request"):
        client.get(address)


@pytest.mark.django_db(transaction=True)
def test_nothing_outside_inside_a_transaction() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"), outside_calls.outside_call():
        pass
