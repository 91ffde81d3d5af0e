"""A ticket note reads well as plain text, in pieces, and where a ticket system shows its line ends as blanks."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from handoffs.models import Handoff
from notifications import note
from notifications.models import Delivery
from resolutionflow.accounts.models import Event, User
from resolutionflow.core.text import as_sentences
from sessions_app.models import PsaConnection, Session
from sessions_app.psa import PROVIDERS
from tests.conftest import Wrong, person, summarised
from tests.quality.cases import Case, load_cases
from tests.quality.recording import play

CASES = load_cases()
ENDS = re.compile(r"[.!?…:;][\"'”’)]*\Z")  # of a sentence, or of what introduces the next
CODE = re.compile(r"\S*[/\\=@`|<>]\S*")  # a link, a path: a full stop would become a part of it


@pytest.fixture
def dev(northwind) -> User:
    return person(northwind, "Dev")


@pytest.fixture
def helpdesk(northwind) -> PsaConnection:
    connection: PsaConnection = PsaConnection.objects.create(
        account=northwind, name="Helpdesk", kind="connectwise", base_url="https://na.myconnectwise.net"
    )
    return connection


def texts_of(handoff: Handoff, helpdesk: PsaConnection, lea: User) -> dict[str, str]:
    """Every note there is of this session: of its escalation, where it stands, to come, of its resolution, by hand."""
    session = handoff.session
    texts = {"escalation": note.note_preview(handoff), "standing": note.note_preview(session)}
    texts |= {f"{kind} to come": note.coming_note(kind, session, lea) for kind in PsaConnection.NOTES}
    session.resolve(lea, resolution="Replaced the router", root_cause="It overheated\nagain")
    event = Event.objects.get(kind="session.resolved", session_id=session.pk)
    about = {"account_id": session.account_id, "session": session, "handoff": handoff}
    texts["resolution"] = note.note_body(Delivery(kind="note", event=event, **about))
    assert note.note_preview(session) == texts["resolution"]
    return texts | {"by hand": note.signed("Called the client. They wait", helpdesk, lea)}


def is_sentence(line: str) -> bool:
    return not line or bool(ENDS.search(line) or CODE.fullmatch(line.split()[-1]))


@pytest.mark.thorough
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_recorded_cases_read_well_without_line_ends(case: Case, ana, dev, lea, helpdesk, wrong: Wrong) -> None:
    handoff = play(case, {"ana": ana, "dev": dev}, escalated_at=timezone.now() - timedelta(minutes=5))
    for name, text in texts_of(handoff, helpdesk, lea).items():
        lines = [line for line in text.split("\n") if line]
        for line in lines:
            wrong.unless(is_sentence(line), name, "has a line that runs into the next:", repr(line))
            wrong.unless(not re.search(r"[^.]\.\.\Z", line), name, "has a line that ends twice:", repr(line))
        parts = PROVIDERS["connectwise"]("https://na.myconnectwise.net", {}).parts(text, "AAAA2222")
        wrong.unless(all(len(part.text) < 4_000 for part in parts), name, "has a piece that is too long")


def test_it_carries_what_the_escalation_carries(ana, bo, session, settings) -> None:
    lines = {
        "affected": "Two users cannot work from home",
        "suspect": "The tunnel",
        "next_step": "Look at the MTU",
        "watch_out": "Do not restart the firewall",
        "contact": "Kim, 0150 111 222",
    }
    handoff = Handoff.escalate(session, ana, notes="Stuck", priority=1, **lines)
    text = note.note_preview(handoff)
    for label, said in zip(("Affected", "Suspect", "Next", "Watch out", "Contact"), lines.values(), strict=True):
        assert f"\n{label}: {said}" in text
    assert "\nLast error: error 809 again (s1).\n" in text
    assert "- s1, failed: Restarted the VPN service: error 809 again.\n" in text
    assert text.endswith(f"Handoff: {settings.SITE_URL}/handoffs/{handoff.pk}/")
    handoff.claim(bo)
    handoff.session.resolve(bo, resolution="Lowered the MTU")
    resolved = note.note_preview(Session.objects.get(pk=session.pk))
    assert "Last error: error 809 again (s1)." in resolved
    assert "Suspect:" not in resolved, "what fixed it stands there"
    assert "\nNext:" not in resolved, "there is nothing left to do"
    event = Event.objects.get(kind="session.resolved")
    about = {"account_id": session.account_id, "session": session, "handoff": handoff}
    posted = note.note_body(Delivery(kind="note", event=event, **about))
    assert posted == note.note_preview(handoff.session)
    assert posted.endswith(f"Session: {settings.SITE_URL}/sessions/{session.pk}/"), "not the handoff, which is closed"


def test_what_people_write_changes_nothing_but_itself(session, ana) -> None:
    odd = "<b>Bold</b> &amp; **stars** [a](javascript:x)\u202e\u200b\x1b[31m {{ 7*7 }} @everyone #1"
    session.change(ana, client_name="<i>Acme Inc.</i>", asset_name="Acme's no. 1 Inc.")
    session.add_step(ana, text=odd, free_text=odd, outcome="failed")
    handoff = Handoff.escalate(session, ana, notes=f"{odd}\n- {odd}\n\n```\nipconfig /all\nflush\n```")
    text = note.note_preview(handoff)
    shown = "<b>Bold</b> &amp; **stars** [a](javascript:x) {{ 7*7 }} @everyone #1"
    assert f"Reason: {shown}.\n- {shown}.\n\n```\nipconfig /all\nflush\n```\n" in text, "code stays as it is"
    assert f"failed: {shown}: {shown}.\n" in text
    assert "Device: Acme's no. 1 Inc.\n" in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u200b\u202a-\u202e]", text)


def test_the_reading_ends_its_lines_too(session, ana) -> None:
    handoff = Handoff.escalate(session, ana, notes="Stuck")
    steps = [{"text": "Look at the MTU", "evidence": ["s1"]}]
    summarised(handoff, summary_prose="It drops", confidence="low", suggested_steps=steps)
    text = note.note_preview(Handoff.objects.get(pk=handoff.pk))
    assert "(confidence: low).\nIt drops.\nNext:\n- Look at the MTU [s1]." in text


@pytest.mark.parametrize(
    ("typed", "reads"),
    [
        ("", ""),
        ("Stuck", "Stuck."),
        ("Stuck.", "Stuck."),
        ("Is it DNS?", "Is it DNS?"),
        ("Tried:\n- a\n\n- b)", "Tried:\n- a.\n\n- b)."),
        ("See https://kb.example/1", "See https://kb.example/1"),
        ("C:\\Temp\nok", "C:\\Temp\nok."),
        ("```\nflush dns\n```\nthen", "```\nflush dns\n```\nthen."),
        ("عالق", "عالق."),
    ],
)
def test_lines_that_end_in_a_word_end_in_a_full_stop(typed: str, reads: str) -> None:
    assert as_sentences(typed) == reads
