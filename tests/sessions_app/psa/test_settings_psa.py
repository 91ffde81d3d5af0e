"""Connecting a ticket system: credentials go in, never out, and stay with their host."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from resolutionflow.accounts.models import Event
from sessions_app.models import ConnectionCheck, PsaConnection
from sessions_app.psa import PROVIDERS

SECRET = "1-14-very-secret"
RT = {"name": "RT", "base_url": "https://rt.example.com", "credential_token": SECRET}


@pytest.fixture
def connection(northwind) -> PsaConnection:
    return PsaConnection.objects.create(
        account=northwind, kind="request_tracker", name="RT", base_url=RT["base_url"], credentials={"token": SECRET}
    )


@pytest.fixture
def ticket_system(settings) -> Iterator[str]:
    """Answers as Request Tracker does, to the right token only."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            right = self.headers["Authorization"] == f"token {SECRET}"
            self.send_response(200 if right else 401)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"Version": "5.0.3"}' if right else b'{"message": "Unauthorized"}')

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings.OUTBOUND_ALLOWLIST = ["127.0.0.1"]
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_connection_is_made_and_its_credentials_are_nowhere_to_be_read(as_user, adam):
    client = as_user(adam)
    assert client.post("/settings/psa/new/request_tracker/", RT).status_code == 302
    connection = PsaConnection.objects.get()
    assert connection.credentials["token"] == SECRET
    for url in ("/settings/psa/", f"/settings/psa/{connection.pk}/"):
        assert SECRET not in client.get(url).content.decode()
    assert SECRET not in str(Event.objects.get(kind="connection.changed").facts)


NO_TEXT = {"note_length": "900", "lines": "mark", "billable": "NoCharge"}  # options that take only some values


@pytest.mark.parametrize("kind", PROVIDERS)
def test_every_kind_is_offered_and_connected_with_its_own_fields(as_user, adam, kind):
    client, provider = as_user(adam), PROVIDERS[kind]
    url = f"/settings/psa/new/{kind}/"
    assert f'href="{url}"' in client.get("/settings/psa/").content.decode()
    form = client.get(url).context["form"]
    told = {f"credential_{one.name}": SECRET for one in provider.fields}
    values = {one.name: NO_TEXT.get(one.name, "Chosen") for one in provider.options}
    chosen = {f"option_{name}": value for name, value in values.items()}
    assert set(told) | set(chosen) == {name for name in form.fields if name.startswith(("credential_", "option_"))}
    assert client.post(url, {"name": "Desk", "base_url": "https://desk.example", **told, **chosen}).status_code == 302
    assert PsaConnection.objects.get().options == values


@pytest.mark.parametrize(
    "wrong", [{"note_length": "many"}, {"note_length": "9"}, {"lines": "none"}, {"billable": "Yes"}]
)
def test_what_is_no_value_of_an_option_is_said(as_user, adam, wrong):
    told = {f"credential_{one.name}": SECRET for one in PROVIDERS["connectwise"].fields}
    chosen = {f"option_{name}": value for name, value in wrong.items()}
    body = {"name": "Desk", "base_url": "https://desk.example", **told, **chosen}
    page = as_user(adam).post("/settings/psa/new/connectwise/", body)
    assert page.status_code == 422
    assert "errorlist" in page.content.decode()
    assert not PsaConnection.objects.exists()


def test_a_wrong_form_comes_back_without_the_secret(as_user, adam, connection):
    client, url = as_user(adam), "/settings/psa/new/request_tracker/"
    assert "Connect Request Tracker" in client.get(url).content.decode()
    page = client.post(url, RT)  # the name is taken
    assert page.status_code == 422
    assert SECRET not in page.content.decode()
    assert client.post(url, {**RT, "name": "2", "base_url": "javascript:x"}).status_code == 422
    assert client.get("/settings/psa/new/jira/").status_code == 404


def test_empty_credentials_stay_but_not_at_another_host(as_user, adam, connection):
    client, url = as_user(adam), f"/settings/psa/{connection.pk}/"
    same = {"name": "Tracker", "base_url": "https://rt.example.com/rt", "is_active": "on", "credential_token": ""}
    assert client.post(url, same).status_code == 302
    connection.refresh_from_db()
    assert (connection.name, connection.credentials["token"]) == ("Tracker", SECRET)
    assert client.post(url, {**same, "base_url": "https://evil.example"}).status_code == 422
    assert client.post(url, {**same, "base_url": "https://new.example", "credential_token": "new"}).status_code == 302
    connection.refresh_from_db()
    assert connection.credentials["token"] == "new"


def test_check_says_what_the_ticket_system_says(as_user, adam, ticket_system, connection):
    client, url = as_user(adam), f"/settings/psa/{connection.pk}/check/"
    PsaConnection.objects.update(base_url=ticket_system)
    assert client.post(url).status_code == 302
    ConnectionCheck.run(ConnectionCheck.objects.get().pk)
    connection.refresh_from_db()
    assert connection.checked_at
    assert (connection.check_error, connection.check_found) == ("", "Request Tracker 5.0.3")
    PsaConnection.objects.update(credentials={"token": "wrong"})
    client.post(url)
    ConnectionCheck.run(ConnectionCheck.objects.get(status="pending").pk)
    connection.refresh_from_db()
    assert "does not accept the credentials" in connection.check_error
    assert "does not accept the credentials" in client.get("/settings/psa/").content.decode()


@pytest.mark.parametrize("url", ["new/request_tracker/", "{pk}/", "{pk}/check/"])
def test_only_owner_and_admin_connect_and_nobody_elsewhere(as_user, connection, bo, vic, eve, url):
    url = "/settings/psa/" + url.format(pk=connection.pk)
    for person in (bo, vic):
        assert as_user(person).post(url, RT).status_code == 403
    assert as_user(eve).post(url, RT).status_code == (302 if "new" in url else 404)
    assert as_user(vic).get("/settings/psa/").status_code == 200
