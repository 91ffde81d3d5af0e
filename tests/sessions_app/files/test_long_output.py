"""A log too long for a step becomes a file of it, and its telling lines stay in the step."""

from __future__ import annotations

import time

import pytest

from resolutionflow.accounts.models import Event
from sessions_app.files import long_output
from sessions_app.models import FileDeletion, SessionFile
from sessions_app.models.attachments import FILES
from tests.api_client import client_of, errors_of

QUIET = "2026-11-27 10:{0:02}:{1:02}, Info                  CBS    Appl: detect Parent, Package: KB503921{2}\n"
FAILED = "2026-11-27 10:12:30, Error                 CBS    Failed to resolve package [HRESULT = 0x80073701]\n"


def cbs_log(lines: int = 4_120) -> str:
    """Some 70 characters a line, with its error in the middle, where neither end shows it."""
    quiet = [QUIET.format(n // 60 % 60, n % 60, n % 10) for n in range(lines)]
    quiet[lines // 2] = FAILED
    return "".join(quiet).rstrip("\n")


def test_by_the_api(session, bo) -> None:
    log = cbs_log()
    assert len(log) > 283_000
    answer = client_of(bo).post(f"sessions/{session.pk}/steps/", text="Read the servicing log", free_text=log)
    assert answer.status_code == 201, answer.content
    file = SessionFile.objects.get()
    first, *shown = answer.json()["free_text"].split("\n")
    assert first == f"{round(len(log) / 1000)} kB, 4,120 lines: whole in output.log"
    assert FAILED.strip() in shown
    assert (file.step_id, file.name, file.size) == (answer.json()["id"], "output.log", len(log))
    content = client_of(bo).get(f"sessions/{session.pk}/files/{file.pk}/content/").content
    assert content.decode() == log


def test_the_same_key_gives_the_first_answer_whatever_became_of_the_session(session, bo, ana) -> None:
    def send():
        body = {"text": "Read it", "free_text": cbs_log()}
        path = f"sessions/{session.pk}/steps/"
        return client_of(bo).send("POST", path, body, headers={"Idempotency-Key": "once"})

    first = send()
    session.resolve(ana, resolution="Fixed")
    again = send()
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert SessionFile.objects.count() == 1
    answer = client_of(bo).post(f"sessions/{session.pk}/steps/", text="Read it", free_text=cbs_log())
    errors_of(answer, 409, "wrong_state")


def test_in_the_composer(as_user, session, bo) -> None:
    path = f"{session.get_absolute_url()}steps/"
    for _n in range(2):
        answer = as_user(bo).post(
            path,
            {"text": "Read it", "free_text": cbs_log(), "form_key": "8a2d8f0e-3f0f-4a1e-9f2b-0e6b8d0f6a11"},
        )
        assert answer.status_code == 302
    step = session.steps.last()
    assert "4,120 lines: whole in output.log" in step.free_text
    assert step.files.get().size == len(cbs_log())


def test_what_fits_stays_whole(session, bo) -> None:
    client_of(bo).post(f"sessions/{session.pk}/steps/", text="Read it", free_text="y" * 200_000)
    assert (len(session.steps.last().free_text), SessionFile.objects.count()) == (200_000, 0)


def test_not_into_a_finished_session(session, ana, bo, on_disk) -> None:
    session.resolve(ana, resolution="done")
    answer = client_of(bo).post(f"sessions/{session.pk}/steps/", text="Read it", free_text=cbs_log())
    errors_of(answer, 409, "wrong_state")
    assert on_disk() == []


# --- of a step that is there ---------------------------------------------------------------------


def change(session, user, **fields):
    """The answer of the API to a change of the first step."""
    return client_of(user).patch(f"sessions/{session.pk}/steps/{session.steps.first().pk}/", **fields)


def test_a_step_is_changed_to_it_by_the_api(session, bo) -> None:
    answer = change(session, bo, free_text=cbs_log(), outcome="failed")
    assert answer.status_code == 200, answer.content
    step, file = session.steps.first(), SessionFile.objects.get()
    assert (answer.json()["free_text"], answer.json()["outcome"]) == (step.free_text, "failed")
    assert "4,120 lines: whole in output.log" in step.free_text
    assert FAILED.strip() in step.free_text
    assert [one["id"] for one in answer.json()["files"]] == [file.pk]
    assert client_of(bo).get(answer.json()["files"][0]["content"]).content.decode() == cbs_log()
    assert happened(session)[-2:] == ["step.changed", "file.added"]


def test_the_same_again_changes_nothing_and_another_keeps_both(session, bo, on_disk) -> None:
    change(session, bo, free_text=cbs_log())
    before = happened(session)
    assert change(session, bo, free_text=cbs_log()).status_code == 200
    assert (happened(session), SessionFile.objects.count()) == (before, 1)
    change(session, bo, free_text=cbs_log(5_000))
    names = dict(SessionFile.objects.values_list("name", "size"))
    assert names == {"output.log": len(cbs_log()), "output-2.log": len(cbs_log(5_000))}
    assert "whole in output-2.log" in session.steps.first().free_text
    change(session, bo, free_text=cbs_log())
    assert "whole in output.log" in session.steps.first().free_text
    assert SessionFile.objects.count() == 2
    delete_what_no_file_needs()
    assert on_disk() == sorted(SessionFile.objects.values_list("key", flat=True))


def test_a_change_that_is_refused_leaves_nothing(session, ana, bo, on_disk) -> None:
    before = session.steps.values().first()
    errors_of(change(session, bo, free_text=cbs_log(), text="Not mine"), 403, "not_allowed")
    errors_of(change(session, bo, free_text=cbs_log(), outcome="wrong"), 400, "invalid")
    headers, path = {"If-Match": '"old"'}, f"sessions/{session.pk}/steps/{before['id']}/"
    outdated = client_of(bo).send("PATCH", path, {"free_text": cbs_log()}, headers=headers)
    errors_of(outdated, 412, "precondition_failed")
    assert (session.steps.values().first(), SessionFile.objects.count(), len(on_disk())) == (before, 0, 3)
    delete_what_no_file_needs()
    assert on_disk() == []
    session.resolve(ana, resolution="done")
    errors_of(change(session, bo, free_text=cbs_log()), 409, "wrong_state")
    assert on_disk() == []


def test_on_the_page_of_a_change(as_user, session, ana, bo, on_disk) -> None:
    step = session.steps.first()
    path = f"{session.get_absolute_url()}steps/{step.pk}/"
    wrong = as_user(bo).post(path, {"free_text": cbs_log(), "outcome": "wrong"})
    assert (wrong.status_code, FAILED.strip() in wrong.content.decode(), on_disk()) == (422, True, [])
    assert as_user(bo).post(path, {"free_text": cbs_log(), "outcome": "failed"}).status_code == 302
    step.refresh_from_db()
    assert "4,120 lines: whole in output.log" in step.free_text
    assert (step.outcome, step.files.get().size) == ("failed", len(cbs_log()))
    session.resolve(ana, resolution="done")
    late = as_user(bo).post(path, {"free_text": cbs_log(5_000)})
    assert (late.status_code, FAILED.strip() in late.content.decode()) == (409, True)
    assert len(on_disk()) == 1


def test_on_the_page_of_a_change_where_the_session_keeps_no_more_files(as_user, session, bo, on_disk) -> None:
    row = {"account_id": session.account_id, "session": session, "size": 1, "author": bo, "content_type": "text/plain"}
    SessionFile.objects.bulk_create(SessionFile(name="a", sha256="", key=f"k{n}", **row) for n in range(FILES))
    path = f"{session.get_absolute_url()}steps/{session.steps.first().pk}/"
    answer = as_user(bo).post(path, {"free_text": cbs_log()})
    assert (answer.status_code, FAILED.strip() in answer.content.decode()) == (409, True)
    assert on_disk() == []
    assert as_user(bo).post(path, {"free_text": "short"}).status_code == 302


def happened(session) -> list[str]:
    return list(Event.objects.of_session(session.pk).order_by("seq").values_list("kind", flat=True))


def delete_what_no_file_needs() -> None:
    """An hour later."""
    for left in FileDeletion.objects.all():
        FileDeletion.objects.filter(pk=left.pk).update(due_at=left.created_at)
        FileDeletion.run(left.pk)


# --- what is kept --------------------------------------------------------------------------------


@pytest.mark.parametrize("log", [cbs_log(27_000), "x" * 1_900_000, "\n" * 1_900_000, "a b\n" * 450_000])
def test_any_two_megabytes_are_read_in_time(log) -> None:
    began = time.process_time()
    kept, whole = long_output.moved(log)
    assert time.process_time() - began < 10
    assert (len(kept) < 20_000, whole.content.decode() == log) == (True, True)


def test_one_without_an_error_shows_its_ends() -> None:
    kept, _whole = long_output.moved("\n".join(f"row {n} of the list" for n in range(20_000)))
    assert kept.split("\n")[1:4] == ["row 0 of the list", "row 1 of the list", "row 2 of the list"]
    assert kept.split("\n")[-1] == "row 19999 of the list"
