"""Pages of files: with the step without JavaScript, shown on the trail, opened safely, removed for good."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from handoffs.brief.text import brief_as_text
from handoffs.models import Handoff
from notifications.live.fragments import fragments_of
from notifications.note import note_preview
from resolutionflow.accounts.models import Event
from sessions_app.models import Session, SessionFile
from tests.conftest import add_picture
from tests.sessions_app.files.conftest import picture, stored


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


@pytest.fixture
def compose(as_user, session, bo):
    client = as_user(bo)

    def post(*files: SimpleUploadedFile, to: str = "steps", **fields: str):
        return client.post(f"{session.get_absolute_url()}{to}/", {"text": "Tried", "files": list(files), **fields})

    return post


# --- with the step -------------------------------------------------------------------------------


def test_files_come_with_the_step(compose, session, bo, as_user) -> None:
    answer = compose(upload(picture(), "error.png"), upload(b"failed", "cbs.log"), outcome="failed")
    step = session.steps.last()
    assert answer.url == f"/sessions/{session.pk}/?compose=1#{step.ref}"
    assert list(step.files.values_list("name", flat=True)) == ["error.png", "cbs.log"]
    kinds = list(Event.objects.filter(session_id=session.pk).values_list("kind", flat=True))[-3:]
    assert kinds == ["step.added", "file.added", "file.added"]
    page = as_user(bo).get(answer.url).content.decode()
    shown = page[page.index(f'id="step-{step.pk}"') :]
    assert re.search(rf'href="/sessions/{session.pk}/files/\d+/".*?title="cbs.log"', shown, re.S)
    assert 'enctype="multipart/form-data"' in page


def test_and_with_a_message(compose, session) -> None:
    assert compose(upload(picture(), "error.png"), to="messages").status_code == 302
    assert session.messages.last().files.get().name == "error.png"


def test_sent_twice_it_is_there_once(compose, session) -> None:
    key = "8a2d8f0e-3f0f-4a1e-9f2b-0e6b8d0f6a11"
    for _n in range(2):
        compose(upload(picture(), "error.png"), form_key=key)
    assert (session.steps.count(), SessionFile.objects.count()) == (4, 1)


def test_a_bad_file_is_said_by_its_name_and_the_text_stays(compose, session) -> None:
    answer = compose(upload(b"MZ\x90\x00", "setup.exe"), upload(picture(), "error.png"))
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "setup.exe: This kind of file is not taken" in said
    assert ">Tried</textarea>" in said
    assert (session.steps.count(), SessionFile.objects.count()) == (3, 0)


def test_a_bad_text_says_that_the_files_have_to_be_chosen_again(compose, session) -> None:
    answer = compose(upload(picture(), "error.png"), text="")
    assert answer.status_code == 422
    assert "Choose the files again" in answer.content.decode()


def test_a_finished_session_takes_none_and_gives_the_text_back(compose, session, ana) -> None:
    session.resolve(ana, resolution="done")
    answer = compose(upload(picture(), "error.png"), text="My long finding")
    assert (answer.status_code, "My long finding" in answer.content.decode()) == (409, True)
    assert SessionFile.objects.count() == 0


def test_where_files_that_follow_belong(compose, session) -> None:
    answer = compose(files_follow="abc123")
    assert answer.cookies["files-abc123"].value == f"step-{session.steps.last().pk}"
    assert not compose(files_follow="a; path=/x").cookies


def test_more_text_than_fits_is_413_as_without_files(compose, session) -> None:
    answer = compose(upload(picture(), "error.png"), free_text="y" * 2_100_000)
    assert (answer.status_code, session.steps.count()) == (413, 3)
    assert "more than one request may carry" in answer.content.decode()
    assert compose(*(upload(b"x", f"{n}.txt") for n in range(21))).status_code == 413


# --- opened --------------------------------------------------------------------------------------

HTML = b"<!doctype html><script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "name"),
    [(HTML, "page.html"), (SVG, "logo.svg"), (b"%PDF-1.7 PK\x03\x04", "a.pdf"), (b"failed", "cbs.log")],
)
def test_what_is_no_picture_is_only_downloaded(as_user, session, bo, content, name) -> None:
    file = session.add_file(bo, stored=stored(session, content, name))
    answer = as_user(bo).get(file.get_absolute_url())
    assert (answer.content, answer["Content-Type"]) == (content, "application/octet-stream")
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert "no-store" in answer["Cache-Control"]
    assert as_user(bo).get(f"{file.get_absolute_url()}thumbnail/").status_code == 404


def test_a_picture_opens_and_runs_nothing(as_user, kept, bo) -> None:
    answer = as_user(bo).get(kept.get_absolute_url())
    assert (answer["Content-Type"], answer["Content-Disposition"]) == ("image/png", 'inline; filename="error.png"')
    assert "sandbox" in answer["Content-Security-Policy"]
    small = as_user(bo).get(f"{kept.get_absolute_url()}thumbnail/")
    assert (small["Content-Type"], small.content[8:12]) == ("image/webp", b"WEBP")


def test_nothing_of_it_is_another_accounts(as_user, kept, eve, client) -> None:
    for more in ("", "thumbnail/", "remove/"):
        assert as_user(eve).get(kept.get_absolute_url() + more).status_code == 404
        assert client.get(kept.get_absolute_url() + more).status_code == 302
    assert as_user(eve).post(f"{kept.get_absolute_url()}remove/").status_code == 404


def test_a_file_of_another_session_is_not_found_here(as_user, kept, ana, bo) -> None:
    other = Session.open(ana, problem_summary="other")
    assert as_user(bo).get(f"/sessions/{other.pk}/files/{kept.pk}/").status_code == 404


# --- removed -------------------------------------------------------------------------------------


def test_removing_asks_and_says_that_it_is_for_good(as_user, kept, session, bo) -> None:
    path = f"{kept.get_absolute_url()}remove/"
    assert "cannot be undone" in as_user(bo).get(path).content.decode()
    assert as_user(bo).post(path).url == f"/sessions/{session.pk}/?at=s1#s1"
    page = as_user(bo).get(session.get_absolute_url()).content.decode()
    assert "<bdi>error.png</bdi> removed by <bdi>Bo Tester</bdi>" in page
    for more in ("", "thumbnail/"):
        assert as_user(bo).get(kept.get_absolute_url() + more).status_code == 404
    assert as_user(bo).post(path).status_code == 409


def test_it_is_offered_to_its_author_and_leads(as_user, kept, ana, bo, lea, vic) -> None:
    path = f"{kept.get_absolute_url()}remove/"
    assert [as_user(who).get(path).status_code for who in (bo, lea, ana, vic)] == [200, 200, 302, 302]
    assert [as_user(who).post(path).status_code for who in (ana, vic)] == [403, 403]
    rules = {who: as_user(who).get("/me.css").content.decode() for who in (ana, lea, vic)}
    assert f'.file:not([data-author="{ana.pk}"]) .file-remove' in rules[ana]
    assert ".file-remove" not in rules[lea]
    assert ".file .file-remove" in rules[vic]


# --- where else it is named ----------------------------------------------------------------------


def test_whoever_picks_it_up_sees_the_files(as_user, kept, session, ana, bo) -> None:
    handoff = Handoff.escalate(session, ana, notes="Stuck")
    page = as_user(bo).get(handoff.get_absolute_url()).content.decode()
    assert f'href="{kept.get_absolute_url()}"' in page
    assert "[error.png] (s1)" in brief_as_text(handoff.brief())
    assert "Files: error.png." in note_preview(handoff)
    kept.remove(bo)
    assert "error.png" not in note_preview(handoff) + brief_as_text(handoff.brief())


def test_open_pages_get_the_entry_with_its_files(kept, session, bo) -> None:
    event = Event.objects.filter(kind="file.added").get()
    drawn = fragments_of([event], {f"session:{session.pk}"})[event.seq][f"session:{session.pk}"]
    assert [fragment["id"] for fragment in drawn] == [f"step-{kept.step_id}"]
    assert kept.get_absolute_url() in drawn[0]["html"]
    add_picture(session, bo)
    event = Event.objects.filter(kind="file.added").last()
    assert fragments_of([event], {f"session:{session.pk}"})[event.seq][f"session:{session.pk}"] == []
