"""Output is kept as it came, and shown without what only a terminal understands."""

from __future__ import annotations

import time
import unicodedata
from html import unescape

import pytest

from handoffs.models import Handoff
from notifications.note import note_preview
from notifications.wording import event_body
from resolutionflow.accounts.models import Event
from resolutionflow.core import text
from sessions_app.errors.lines import opening_line
from sessions_app.models import Session
from tests.api_client import client_of
from tests.sessions_app.printed_texts import TEXTS

pytestmark = pytest.mark.django_db

TITLES = {
    "ipconfig": "Host Name: NL-WS014",
    "netstat -b": "Active Connections",
    "systemctl status": "web01 nginx[8121]: nginx: [emerg] bind() to 0.0.0.0:443 failed (98: Address already in use)",
    "route print": "Interface List",
    "CBS.log": (
        "Error CBS Failed to resolve package 'Package_for_KB5031356' [HRESULT = 0x800f0831 - CBS_E_STORE_CORRUPTION]"
    ),
    "PowerShell 7": "Cannot find any service with service name 'Spoolr'.",
    "tabs": "ana Ana Petrov 12.4 GB",
    "Outlook": "“Can’t print” – again…",
    "emoji": "👩\u200d🔧 checked ❤\ufe0f ok",
    "Arabic": "الرمز 0x80070035",
    "NFD": "Réseau injoignable : Zürich",
    "progress": "E: Unable to locate package htopp",
    "columns": "10 pizza",
}


@pytest.mark.parametrize("printed", TEXTS.values(), ids=TEXTS.keys())
def test_the_api_gives_back_what_it_was_given(printed, session, ana) -> None:
    api = client_of(ana)
    made = api.post(f"sessions/{session.pk}/steps/", text="Looked", free_text=printed)
    assert made.json()["free_text"] == printed
    again = api.post(f"sessions/{session.pk}/steps/", text="And again", free_text=made.json()["free_text"])
    assert again.json()["free_text"] == printed
    changed = api.patch(f"sessions/{session.pk}/steps/{made.json()['id']}/", free_text=f" {printed}")
    assert changed.json()["free_text"] == f" {printed}"
    opened = api.post("sessions/", problem_summary="x", intake="log_paste", intake_text=printed)
    assert api.get(f"sessions/{opened.json()['id']}/").json()["intake_text"] == printed
    events = api.get(f"sessions/{session.pk}/events/?limit=200").json()["results"]
    told = [event["facts"] for event in events if event["kind"] == "step.changed"]
    assert [facts["before"]["free_text"] for facts in told] == [printed]


@pytest.mark.parametrize("printed", TEXTS.values(), ids=TEXTS.keys())
def test_a_form_keeps_it_and_saved_as_it_was_opened_leaves_it(printed, as_user, session, ana) -> None:
    client, typed = as_user(ana), printed.replace("\r", "").replace("\n", "\r\n")  # as a browser sends it
    client.post(f"{session.get_absolute_url()}steps/", {"text": "Looked", "free_text": typed})
    step = session.steps.last()
    assert step.free_text == printed.replace("\r", "")
    session.steps.filter(pk=step.pk).update(free_text=printed)
    step.refresh_from_db()
    form = client.get(f"/sessions/{session.pk}/steps/{step.pk}/").context["form"]
    sent = {"free_text": form["free_text"].value().replace("\n", "\r\n"), "shown": form["shown"].value()}
    answer = client.post(f"/sessions/{session.pk}/steps/{step.pk}/", sent)
    assert answer.status_code == 302
    step.refresh_from_db()
    assert step.free_text == printed


@pytest.mark.parametrize("printed", TEXTS.values(), ids=TEXTS.keys())
def test_pages_show_every_column_of_it(printed, as_user, session, ana, bo) -> None:
    session.add_step(ana, text="Looked", outcome="failed", free_text=printed)
    Session.objects.filter(pk=session.pk).update(intake_text=printed)
    handoff = Handoff.escalate(session, ana, notes="Stuck")
    for path in (session.get_absolute_url(), handoff.get_absolute_url()):
        shown = unescape(as_user(bo).get(path).content.decode())
        assert shown.count(text.readable(printed)) >= 2, path  # the step's output and the pasted log
    event = Event.objects.get(kind="handoff.escalated")
    for sent in (event_body(event, session, handoff), note_preview(handoff)):
        assert text.visible(sent) == sent
        assert "\x1b" not in sent
        assert opening_line(printed).split()[-1] in sent


@pytest.mark.parametrize(("name", "title"), TITLES.items(), ids=TITLES.keys())
def test_a_session_opened_with_it_is_named_well(name, title, as_user, ana) -> None:
    as_user(ana).post("/sessions/new/", {"intake": "log_paste", "intake_text": TEXTS[name], "problem_domain": "other"})
    assert Session.objects.get().problem_summary == title


def test_only_nul_half_pairs_and_line_ends_are_changed(session, ana) -> None:
    api = client_of(ana)
    made = api.post(f"sessions/{session.pk}/steps/", text="x", free_text="\r\n a\0b\r\nc\rd\r\r\ne\ud800 \r\n")
    assert made.json()["free_text"] == "\n ab\nc\rd\ne \n"
    for nothing in ("\n\t \x1b[0m\r\n", "\u200b", "\x1b]0;title\x07"):
        made = api.post(f"sessions/{session.pk}/steps/", text="x", free_text=nothing)
        assert made.json()["free_text"] is None


def test_what_people_write_is_stored_composed(session, ana) -> None:
    decomposed = unicodedata.normalize("NFD", "Zürich é")
    session.add_step(ana, text=decomposed, free_text=decomposed)
    session.add_message(ana, content=decomposed)
    session.change(ana, client_name=decomposed, contact=decomposed)
    step = session.steps.last()
    written = (step.text, session.messages.get().content, session.client_name, session.contact)
    assert written == ("Zürich é",) * 4
    assert step.free_text == decomposed
    api = client_of(ana)
    assert api.get(f"sessions/?q={decomposed}").json()["results"][0]["client_name"] == "Zürich é"


def test_the_first_of_several_lines_of_a_message_keeps_its_place(session, ana) -> None:
    assert session.add_message(ana, content="\n  10 pizza\n 250 pasta\n ").content == "  10 pizza\n 250 pasta"
    assert session.add_message(ana, content="  Hello ").content == "Hello"


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("\x1b]0;title\x07a", "a"),
        ("\x1b]8;;https://x.example/\x1b\\the link\x1b]8;;\x1b\\.", "the link."),
        ("\x9b1;31mred\x9b0m \x9d0;title\x9cb", "red b"),
        ("\x1b(Ba\x1b)0b\x1b#8c\x1b=d\x1bMe\x1b7f", "abcdef"),
        ("\x1bPq#0;2\x1b\\a\x1b_app\x1b\\b\x1b^pm\x1b\\c\x1bXsos\x1b\\d", "abcd"),
        ("\x1b[?25l\x1b[38;2;1;2;3mx\x1b[0 qy\x1b[>4;1mz", "xyz"),
        ("page\x0cnext\x0bline", "page\nnext\nline"),
        ("10%\r 50%\r100%", "100%"),
        ("Downloading 10%\r\x1b[KDone", "Done"),
        ("[....] Starting sshd\r[ ok \n", "[ ok ] Starting sshd\n"),
        ("|\b/\b-\bready", "ready"),
        ("N\bNA\bAM\bME\bE", "NAME"),
        ("a\r\nb\r\r\nc", "a\nb\nc"),
        ("\x1b]0;never ended\nnext\n\x1b[31", "0;never ended\nnext\n31"),
        ("\x1bPnever ended\n\x1b]8;;x", "never ended\n8;;x"),
        ("a\x1b[0m\x9b31\u00e9b", "a31\u00e9b"),
        ("a\tb\u00a0c\u200dd e\u0301", "a\tb\u00a0c\u200dd e\u0301"),
        ("evil\u202etxt.exe\u2069\ufeff", "eviltxt.exe"),
        ("press \x1b to stop", "press  to stop"),
    ],
)
def test_what_a_terminal_understands_is_not_shown(printed, shown) -> None:
    assert text.readable(printed) == shown
    assert text.readable(shown) == shown


PIECES = [
    "\x1b]", "\x1b]8;;", "\x1b[", "\x1b[0", "\x1bP", "\x1b(", "\x9b", "\x9d", "\r", "a\r", "\r\r\n", "\b", "a\b",
    "\x1b[31mX\r", "\x1b[K\r", "\x0c", " ", "\u202e",
]  # fmt: skip


@pytest.mark.parametrize("piece", PIECES, ids=ascii)
def test_200000_characters_of_it_take_no_time(piece) -> None:
    """Some hundredths of a second; what reads it again from every place would take minutes."""
    for printed in (
        (piece * text.LONG)[: text.LONG],
        "x" * 100_000 + (piece * text.LONG)[:100_000],
        piece + "0" * text.LONG,
    ):
        assert _seconds(text.readable, printed) < 2
        assert _seconds(text.clean, printed) < 2


def _seconds(read, printed: str) -> float:
    start = time.process_time()
    read(printed)
    return time.process_time() - start
