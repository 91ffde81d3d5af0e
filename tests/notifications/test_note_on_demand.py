"""A ticket note that somebody writes: of a handoff or a session, internal unless they say so twice; and its API."""

from __future__ import annotations

import pytest
from django.utils import timezone

from notifications.models import Delivery
from resolutionflow.accounts.models import Event
from resolutionflow.core import outgoing_http
from resolutionflow.core.refusals import WrongState
from sessions_app.models import MemberMapping, PsaConnection, Session
from tests.api_client import client_of
from tests.notifications.test_note_settings import connected

LANDED = {"location": "https://rt.example/REST/2.0/transaction/61"}


@pytest.fixture
def ticket(session, northwind) -> Session:
    """Ana's session, its ticket in Request Tracker."""
    session.psa_connection = connected(northwind)
    session.save(update_fields=["psa_connection"])
    return session


@pytest.fixture
def posted(monkeypatch) -> list[tuple[str, dict]]:
    """What a Request Tracker that takes everything was sent: the address, and the body."""
    calls: list[tuple[str, dict]] = []

    def request(method, url, **more):
        if method == "GET":  # whether the ticket was deleted
            return outgoing_http.OutgoingResponse(200, {}, b'{"id": 1, "Status": "open"}')
        calls.append((url, more.get("body")))
        return outgoing_http.OutgoingResponse(201, LANDED, b'["Recorded"]')

    monkeypatch.setattr(outgoing_http, "request", request)
    return calls


def deliver(note: Delivery) -> Delivery:
    Delivery.objects.filter(pk=note.pk).update(due_at=timezone.now())
    Delivery.run(note.pk)
    return Delivery.objects.get(pk=note.pk)


def page_of(client, session: Session) -> str:
    return client.get(f"/sessions/{session.pk}/note/").content.decode()


def history_of(client, session: Session) -> str:
    return client.get(f"/sessions/{session.pk}/").content.decode()


# the page


def test_a_session_has_a_note_that_says_where_it_stands(client, ticket, bo, posted, settings) -> None:
    client.force_login(bo)
    address = f"/sessions/{ticket.pk}/note/"
    initial = client.get(address).context["form"].initial
    assert initial["body"].startswith("Where this stands: Ana Tester is working on it.\n\nProblem: VPN drops")
    assert initial["body"].endswith(f"Session: {settings.SITE_URL}/sessions/{ticket.pk}/")
    answer = client.post(address, {**initial, "body": "Called the client"}, follow=True)
    assert answer.redirect_chain == [(f"/sessions/{ticket.pk}/", 302)]
    assert "The note is on its way into ticket #48190." in answer.content.decode()
    done = deliver(Delivery.objects.notes().get())
    assert (done.status, done.internal, done.handoff, done.requested_by) == ("done", True, None, bo)
    [(url, body)] = posted
    assert url.endswith("/ticket/48190/comment")
    assert body["Subject"] == f"Note [rf:{done.marker}]"
    assert body["Content"] == "Called the client.\nWritten by Bo Tester."
    assert Event.objects.filter(kind="note.posted", session_id=ticket.pk).exists()
    assert "Note in ticket" in client.get(f"/sessions/{ticket.pk}/").content.decode()


def test_after_a_resolve_it_says_what_fixed_it(client, ticket, ana) -> None:
    ticket.resolve(ana, resolution="Replaced the router")
    client.force_login(ana)
    assert "Ana Tester resolved this.\nWhat fixed it: Replaced the router." in page_of(client, ticket)
    assert f'href="/sessions/{ticket.pk}/note/"' in client.get(f"/sessions/{ticket.pk}/").content.decode()


def test_a_double_click_makes_one_note_and_another_text_another(client, ticket, bo) -> None:
    client.force_login(bo)
    address = f"/sessions/{ticket.pk}/note/"
    key = client.get(address).context["form"].initial["form_key"]
    for body in ("Called the client", "Called the client", "Called them again"):
        assert client.post(address, {"body": body, "form_key": key}).status_code == 302
    assert Delivery.objects.notes().count() == 2


def test_a_preview_is_what_is_posted_and_posts_nothing(client, ticket, bo, posted) -> None:
    client.force_login(bo)
    address, typed = f"/sessions/{ticket.pk}/note/", "The password is Kangaroo-7\nCalled them"
    shown = client.post(address, {"body": typed, "look": "yes"})
    assert shown.status_code == 200
    assert not Delivery.objects.exists()
    assert typed in shown.content.decode(), "what was typed is still there"
    assert "1 secret was left out (password)" in shown.content.decode()
    sent = client.post(address, {"body": typed}, follow=True).content.decode()
    assert "1 secret was left out (password)." in sent
    deliver(Delivery.objects.notes().get())
    [part], sent_body = shown.context["parts"], posted[0][1]
    assert (part.text, part.subject) == (sent_body["Content"], "Note [rf:XXXXXXXX]")
    assert part.subject[:9] == sent_body["Subject"][:9]
    assert "Subject: Note [rf:XXXXXXXX]" in shown.content.decode()
    ticked = client.post(address, {"body": typed, "look": "yes", "client_may_read": "on", "ticket": ticket.ticket_key})
    assert "Subject: Update [rf:XXXXXXXX]" in ticked.content.decode()
    assert "Kangaroo" not in str(posted)
    assert "Kangaroo" not in Delivery.objects.get().body


def test_a_long_note_says_in_how_many_parts_it_goes(client, northwind, session, bo) -> None:
    session.psa_connection = connected(northwind, kind="connectwise")
    session.save(update_fields=["psa_connection"])
    client.force_login(bo)
    long = "\n".join(f"Line {number} of a long note." for number in range(400))
    shown = client.post(f"/sessions/{session.pk}/note/", {"body": long, "look": "yes"})
    assert [part.text[:5] for part in shown.context["parts"]] == ["(1/3)", "(2/3)", "(3/3)"]
    assert shown.context["parts"][2].text.endswith("\n[rf:XXXXXXXX-3]"), "as it leaves"
    assert "Subject: " not in shown.content.decode()
    assert "It goes in 3 parts" in shown.content.decode()
    assert client.post(f"/sessions/{session.pk}/note/", {"body": "x" * 60_001}).status_code == 422


def test_its_author_is_named_unless_the_ticket_system_does(client, northwind, session, bo) -> None:
    session.psa_connection = connected(northwind, kind="connectwise")
    session.save(update_fields=["psa_connection"])
    client.force_login(bo)
    assert "“Written by Bo Tester.” stands at its end" in page_of(client, session)
    MemberMapping.objects.create(account=northwind, connection=session.psa_connection, user=bo, identifier="bo")
    assert "It is posted in your name." in page_of(client, session)
    client.post(f"/sessions/{session.pk}/note/", {"body": "Called them"})
    assert Delivery.objects.notes().get().body == "Called them"


def test_the_client_sees_it_only_where_that_is_said_twice(client, ticket, bo, posted) -> None:
    client.force_login(bo)
    address = f"/sessions/{ticket.pk}/note/"
    public = {"body": "We are on it", "public": "yes", "ticket": ticket.ticket_key}
    refused = client.post(address, public)
    assert refused.status_code == 422
    assert "Tick this to post it where the client sees it." in refused.content.decode()
    client.post(address, {"body": "For us alone", "client_may_read": "on"})
    assert Delivery.objects.notes().get().internal, "by the other button"
    said = client.post(address, {**public, "client_may_read": "on"}, follow=True)
    assert "where the client sees it" in said.content.decode()
    done = deliver(Delivery.objects.notes().get(internal=False))
    assert done.status == "done"
    [(url, body)] = posted
    assert url.endswith("/ticket/48190/correspond")
    assert body["Subject"] == f"Update [rf:{done.marker}]"
    assert Event.objects.get(kind="note.posted").facts["internal"] is False
    assert "A note that the client sees was posted to ticket 48190" in history_of(client, ticket)
    deliver(Delivery.objects.notes().get(internal=True))
    assert "A note was posted to ticket 48190" in history_of(client, ticket)


PUBLIC = {"body": "We are on it", "public": "yes", "client_may_read": "on"}


@pytest.mark.parametrize("how", [PUBLIC, {"body": "We are on it"}, {"body": "We are on it", "look": "yes"}])
def test_a_note_goes_into_no_other_ticket_than_its_author_was_shown(client, ticket, ana, bo, how) -> None:
    client.force_login(bo)
    address, shown = f"/sessions/{ticket.pk}/note/", ticket.ticket_key
    assert f'name="ticket" value="{shown}"' in page_of(client, ticket)
    ticket.change(ana, psa_ticket_id="5000")
    refused = client.post(address, {**how, "ticket": shown})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "changed while this was written, to #5000 of" in page
    assert "We are on it</textarea>" in page
    assert not Delivery.objects.exists()
    assert not refused.context["form"]["client_may_read"].value(), "that was agreed to for the other"
    assert f'name="ticket" value="{ticket.ticket_key}"' in page, "whoever has read that may go on"
    assert client.post(address, {**PUBLIC, "ticket": ticket.ticket_key}).status_code == 302
    assert Delivery.objects.notes().get().address == "5000"


def test_a_public_note_names_the_ticket_it_was_shown_for(client, ticket, bo) -> None:
    client.force_login(bo)
    assert client.post(f"/sessions/{ticket.pk}/note/", PUBLIC).status_code == 422
    assert not Delivery.objects.exists()


def test_a_ticket_that_is_changed_at_the_same_moment_is_seen_under_the_lock(ticket, ana, bo) -> None:
    """What was read before the lock is no proof: the verb reads the row again."""
    stale, gone, emptied = (Session.objects.select_related("psa_connection").get(pk=ticket.pk) for _ in range(3))
    ticket.change(ana, psa_ticket_id="5000")
    with pytest.raises(WrongState, match="to #5000 of"):
        Delivery.send_note(stale, bo, body="x", internal=False, ticket=stale.ticket_key)
    ticket.change(ana, psa_ticket_id="")
    with pytest.raises(WrongState, match="has no ticket"):
        Delivery.send_note(emptied, bo, body="x")
    Session.objects.filter(pk=ticket.pk).update(psa_ticket_id="1", psa_connection=None)
    with pytest.raises(WrongState, match="has no ticket"):
        Delivery.send_note(gone, bo, body="x")
    assert not Delivery.objects.exists()


def test_without_a_ticket_the_page_says_what_to_do(client, session, northwind, bo) -> None:
    client.force_login(bo)
    assert "is of no connected ticket system" in page_of(client, session)
    Session.objects.filter(pk=session.pk).update(psa_ticket_id="", psa_connection=connected(northwind))
    assert "This session has no ticket" in page_of(client, session)
    Session.objects.filter(pk=session.pk).update(psa_ticket_id="1")
    PsaConnection.objects.update(is_active=False)
    assert "switched off in its settings" in page_of(client, session)
    assert client.post(f"/sessions/{session.pk}/note/", {"body": "x"}).status_code == 409
    typed = client.post(f"/sessions/{session.pk}/note/", {"body": "x", "look": "yes"}).content.decode()
    assert "It is posted in your name" not in typed
    assert "Ticket note</a>" not in client.get(f"/sessions/{session.pk}/").content.decode()


def test_viewers_and_strangers_write_none(client, ticket, vic, eve) -> None:
    for user, status in ((vic, 403), (eve, 404)):
        client.force_login(user)
        for ask in (client.get, client.post):
            assert ask(f"/sessions/{ticket.pk}/note/").status_code == status
    assert client.get(f"/sessions/{ticket.pk}/note/escalation/").status_code == 404


@pytest.mark.parametrize(
    ("verb", "what", "begins"),
    [
        ("escalate", "escalation", "Ana Tester escalated this to whoever is free."),
        ("resolve", "resolution", "Ana Tester resolved this."),
    ],
)
def test_what_will_be_posted_can_be_looked_at_before(client, ticket, ana, verb, what, begins) -> None:
    client.force_login(ana)
    address = f"/sessions/{ticket.pk}/note/{what}/"
    form = client.get(f"/sessions/{ticket.pk}/{verb}/").content.decode()
    assert "An internal note goes into the ticket" in form
    assert f'href="{address}"' in form
    [part] = client.get(address).context["parts"]
    assert part.text.startswith(begins)
    assert part.subject == f"{what.capitalize()} [rf:XXXXXXXX]"
    assert "(what you write)." in part.text
    PsaConnection.objects.update(**{f"note_at_{what}": False})
    assert "note goes into the ticket" not in client.get(f"/sessions/{ticket.pk}/{verb}/").content.decode()
    assert "Nothing is posted by itself here" in client.get(address).content.decode()


# the API


def test_the_api_previews_and_posts_a_sessions_note(ticket, bo, vic, eve) -> None:
    client, url = client_of(bo), f"sessions/{ticket.pk}/note/"
    shown = client.get(url).json()
    assert shown["body"].startswith("Where this stands: ")
    assert (shown["signature"], shown["parts"], shown["redacted"]) == ("Written by Bo Tester.", 1, [])
    sent = client.post(url, body="pin: 4711")
    assert sent.status_code == 202
    assert (sent.json()["internal"], sent.json()["redacted"]) == (True, ["code"])
    assert sent.json()["body"] == "pin: [REDACTED:CODE#1].\nWritten by Bo Tester."
    assert client.post(url, body="We are on it", internal=False).json()["internal"] is False
    assert client.post(url, body=shown["body"]).json()["body"] == f"{shown['body']}\nWritten by Bo Tester."
    assert client_of(vic).post(url, body="x").status_code == 403
    assert client_of(eve).get(url).status_code == client_of(eve).post(url, body="x").status_code == 404


def test_the_api_says_that_there_is_no_ticket(session, bo) -> None:
    client, url = client_of(bo), f"sessions/{session.pk}/note/"
    assert client.get(url).json()["signature"] is None
    assert client.post(url, body="x").json()["code"] == "wrong_state"
