"""Redmine, when a note is looked for whose answer was lost: what became public, and what our user is not shown."""

from __future__ import annotations

import pytest

from resolutionflow.core import outgoing_http
from resolutionflow.core.work import GiveUp, Unknown
from sessions_app.psa import WrongKind
from tests.sessions_app.psa.test_redmine import DONE, ISSUE, NOTE, ROLES, Redmine, journal, provider


@pytest.fixture
def server(monkeypatch) -> Redmine:
    fake = Redmine()
    monkeypatch.setattr(outgoing_http, "request", fake.request)
    return fake


def test_a_note_that_became_public_is_taken_back_when_it_is_found(server):
    """Its posting ended unknown: the right was taken away meanwhile, and the note could not be read back."""
    public = (200, {"issue": {**ISSUE, "journals": [journal("AAAA2222", private=False)]}})
    server["GET /issues/48190.json"] = [(200, {"issue": ISSUE}), Unknown("timeout"), public]
    server["PUT /journals/61.json"] = DONE
    with pytest.raises(Unknown):
        provider().post_note("48190", NOTE)
    server["GET /roles/4.json"] = (200, {"role": {"permissions": ["add_issue_notes"]}})
    with pytest.raises(WrongKind, match=r"shows this note to the client.*was deleted there") as wrong:
        provider().find_note("48190", NOTE.marker)
    assert wrong.value.note_id == "61"
    assert server.written[-1] == ("/journals/61.json", {"journal": {"notes": ""}})


def test_a_public_note_that_is_private_is_said_and_left(server):
    with pytest.raises(WrongKind, match="has this note as an internal one"):
        provider().find_note("48190", NOTE.marker, internal=False)
    assert server.written == []


@pytest.mark.parametrize("right", ROLES[4]["permissions"])
def test_without_the_rights_it_was_posted_with_no_note_is_said_to_be_absent(server, right):
    """Somebody took one away after the answer was lost: Redmine then leaves the note out of what it shows."""
    rest = [other for other in ROLES[4]["permissions"] if other != right]
    server["GET /roles/4.json"] = (200, {"role": {"permissions": rest}})
    server["GET /issues/48190.json"] = (200, {"issue": {**ISSUE, "journals": []}})
    with pytest.raises(GiveUp, match=r"does not show whether the note is there: the user bot lacks .* “Harbour”"):
        provider().find_note("48190", NOTE.marker)
    assert provider().find_note("48190", NOTE.marker, internal=False) is None, "that one everybody is shown"
