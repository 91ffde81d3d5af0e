"""/sessions/: the list."""

from __future__ import annotations

from sessions_app.models import Session


def opened(user, problem, **fields):
    return Session.open(user, problem_summary=problem, **fields)


def problems(response):
    return [one.problem_summary for one in response.context["page"].rows]


def test_newest_first(as_user, ana):
    opened(ana, "first"), opened(ana, "second")
    assert problems(as_user(ana).get("/sessions/")) == ["second", "first"]


def test_filters_are_in_the_address(as_user, ana, bo):
    opened(ana, "VPN drops").resolve(ana, resolution="new cable")
    opened(bo, "Printer jams")
    client = as_user(bo)
    assert problems(client.get("/sessions/?status=resolved")) == ["VPN drops"]
    assert problems(client.get("/sessions/?mine=1")) == ["Printer jams"]
    assert problems(client.get("/sessions/?status=nonsense")) == ["Printer jams", "VPN drops"]


def test_search_finds_problem_client_device_and_ticket(as_user, ana):
    opened(ana, "VPN drops", client_name="Northgate", asset_name="FW01", psa_ticket_id="48190")
    opened(ana, "Printer jams")
    client = as_user(ana)
    for words in ("vpn", "northgate", "fw01", "48190", "%2348190", "vpn+north"):
        assert problems(client.get(f"/sessions/?q={words}")) == ["VPN drops"], words
    assert "No session fits" in client.get("/sessions/?q=zebra").content.decode()


def test_pages_follow_the_cursor(as_user, ana):
    for n in range(120):
        opened(ana, f"p{n}")
    client, seen, cursor = as_user(ana), [], ""
    while cursor is not None:
        response = client.get("/sessions/", {"cursor": cursor})
        seen += problems(response)
        cursor = response.context["page"].next
    assert seen == [f"p{n}" for n in reversed(range(120))]
    assert client.get("/sessions/?cursor=rubbish").status_code == 422


def test_query_count_does_not_grow(as_user, ana, django_assert_num_queries, django_assert_max_num_queries):
    client = as_user(ana)
    opened(ana, "one", client_name="A", psa_ticket_id="1")
    client.get("/sessions/")
    with django_assert_max_num_queries(8) as few:
        client.get("/sessions/")
    for n in range(40):
        opened(ana, f"p{n}", psa_ticket_id=str(n))
    with django_assert_num_queries(len(few)):
        client.get("/sessions/")


def test_empty_says_what_to_do(as_user, ana, vic):
    assert "Open a session" in as_user(ana).get("/sessions/").content.decode()
    assert "/sessions/new/" not in as_user(vic).get("/sessions/").content.decode()


def test_other_accounts_see_nothing(as_user, ana, eve):
    opened(ana, "secret")
    assert "secret" not in as_user(eve).get("/sessions/").content.decode()
