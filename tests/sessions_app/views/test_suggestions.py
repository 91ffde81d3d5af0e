"""Clients and devices that a form suggests."""

from __future__ import annotations

import re

from sessions_app.models import Session


def opened(user, client="", device="", **fields):
    return Session.open(user, problem_summary="x", client_name=client, asset_name=device, **fields)


def suggested(html, name):
    inside = re.search(rf'<datalist id="{name}">(.*?)</datalist>', html, re.S)[1] if name else html
    return re.findall(r'<option value="([^"]*)">', inside)


def test_clients_stand_on_the_form_without_javascript(as_user, ana, bo, session):
    opened(ana, "Hartwell Dental"), opened(bo, "Brook & Daughters"), opened(bo, "HARTWELL  dental"), opened(bo)
    for path in ("/sessions/new/", f"{session.get_absolute_url()}change/"):
        html = as_user(ana).get(path).content.decode()
        assert suggested(html, "clients") == ["HARTWELL dental", "Brook &amp; Daughters", "Northgate Legal"], path
        assert 'list="clients"' in html
        assert 'list="devices"' in html


def test_at_most_200_the_newest(as_user, ana):
    for number in range(205):
        opened(ana, f"Client {number}")
    found = suggested(as_user(ana).get("/sessions/new/").content.decode(), "clients")
    assert found == [f"Client {number}" for number in range(204, 4, -1)]


def test_devices_of_the_client_that_was_typed(as_user, ana):
    opened(ana, "Hartwell", "HD-1"), opened(ana, "hartWELL ", "HD-2"), opened(ana, "Hartwell", "hd-1")
    opened(ana, "Brook", "BD-1"), opened(ana, "Hartwell", "")
    client = as_user(ana)

    def devices(typed):
        return suggested(client.get("/sessions/devices/", {"client_name": typed}).content.decode(), "")

    assert devices("HARTWELL") == ["hd-1", "HD-2"]
    assert devices(" brook") == ["BD-1"]
    assert devices("Nobody") == []
    assert devices("") == ["BD-1", "hd-1", "HD-2"]  # of everybody
    for odd in ("%", "_", "'", "\x00", "x" * 5000, '"><script>', "\u202e"):
        assert devices(odd) in ([], ["BD-1", "hd-1", "HD-2"]), odd


def test_a_form_that_came_back_suggests_the_devices_of_its_client(as_user, ana):
    opened(ana, "Hartwell", "HD-1"), opened(ana, "Brook", "BD-1")
    html = as_user(ana).post("/sessions/new/", {"client_name": "hartwell"}).content.decode()
    assert suggested(html, "devices") == ["HD-1"]


def test_another_accounts_are_never_suggested(as_user, ana, eve):
    opened(ana, "Secret", "S-1")
    client = as_user(eve)
    assert "Secret" not in client.get("/sessions/new/").content.decode()
    assert suggested(client.get("/sessions/devices/", {"client_name": "Secret"}).content.decode(), "") == []
    assert suggested(client.get("/sessions/devices/").content.decode(), "") == []


def test_markup_in_a_name_stays_text(as_user, ana):
    opened(ana, '"><script>alert(1)</script>', "'><b>")
    html = as_user(ana).get("/sessions/new/").content.decode()
    assert "<script>alert" not in html
    assert "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in suggested(html, "clients")


def test_query_count_does_not_grow(as_user, ana, django_assert_num_queries, django_assert_max_num_queries):
    client = as_user(ana)
    opened(ana, "One", "D")
    client.get("/sessions/new/")
    with django_assert_max_num_queries(12) as few:
        client.get("/sessions/new/")
    with django_assert_max_num_queries(4) as fragment:
        client.get("/sessions/devices/?client_name=One")
    for number in range(30):
        opened(ana, f"Client {number}", f"D{number}")
    with django_assert_num_queries(len(few)):
        client.get("/sessions/new/")
    with django_assert_num_queries(len(fragment)):
        client.get("/sessions/devices/?client_name=One")
