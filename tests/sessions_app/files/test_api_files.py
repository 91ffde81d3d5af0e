"""The API of files: /api/v1/sessions/7/files/."""

from __future__ import annotations

import hashlib

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resolutionflow.accounts.models import Event
from resolutionflow.core.refusals import TooSlow
from sessions_app.files import pictures, reading
from sessions_app.models import FileDeletion, Session, SessionFile, StoredFile
from sessions_app.models.attachments import FILES
from tests.api_client import client_of, errors_of
from tests.sessions_app.files.conftest import opened, picture, refused, sent, stored


def test_a_picture_of_a_step(send, session, bo, on_disk) -> None:
    step = session.steps.first()
    answer = send(picture(), step=step.pk)
    assert answer.status_code == 201, answer.content
    file = SessionFile.objects.get()
    body = answer.json()
    assert answer["Location"] == f"http://testserver/api/v1/sessions/{session.pk}/files/{file.pk}/"
    assert body["content"] == f"/api/v1/sessions/{session.pk}/files/{file.pk}/content/"
    assert (body["name"], body["content_type"], body["width"], body["height"]) == ("error.png", "image/png", 40, 30)
    assert (body["step"], body["message"], body["author"]["id"], body["removed_at"]) == (step.pk, None, bo.pk, None)
    assert on_disk() == [file.key, f"{file.key}.webp"]
    assert file.key.startswith(f"{session.account_id}/")
    event = Event.objects.last()
    assert (event.kind, event.facts) == (
        "file.added", {"file": file.pk, "name": "error.png", "size": file.size, "step": step.pk}
    )  # fmt: skip
    assert not FileDeletion.objects.exists()


def test_its_bytes_and_the_list(send, session, bo) -> None:
    log = "Ångström\r\n\tfailed  0x80070005\n".encode()
    made = send(log, "cbs.log").json()
    client = client_of(bo)
    answer = client.get(made["content"])
    assert (answer.content, answer["Content-Type"]) == (log, "application/octet-stream")
    assert answer["Content-Disposition"] == 'attachment; filename="cbs.log"'
    assert (answer["X-Content-Type-Options"], "sandbox" in answer["Content-Security-Policy"]) == ("nosniff", True)
    assert made["sha256"] == hashlib.sha256(log).hexdigest()
    assert client.get(f"sessions/{session.pk}/files/").json()["results"] == [made]
    assert client.get(f"sessions/{session.pk}/files/{made['id']}/").json() == made


def test_of_a_message_or_of_the_session(send, session, bo) -> None:
    message = session.add_message(bo, content="look")
    assert send(picture(), message=message.pk).json()["message"] == message.pk
    assert send(picture()).json()["step"] is None


def test_steps_and_messages_name_theirs(send, session, bo) -> None:
    step, message = session.steps.first(), session.add_message(bo, content="look")
    of_step = [send(picture(), name, step=step.pk).json() for name in ("one.png", "two.png")]
    of_message, of_session = send(b"text", "a.log", message=message.pk).json(), send(picture()).json()
    client, path = client_of(bo), f"sessions/{session.pk}/"
    of_step[0] = client.delete(f"{path}files/{of_step[0]['id']}/").json()
    assert (of_step[0]["name"], of_step[0]["content"], of_step[0]["thumbnail"]) == ("one.png", None, None)

    detail = client.get(path).json()
    assert [step["files"] for step in detail["steps"]] == [of_step, [], []]
    assert [message["files"] for message in detail["messages"]] == [[of_message]]
    assert detail["files"] == [of_session]
    assert client.get(f"{path}steps/{step.pk}/").json() == detail["steps"][0]
    assert client.get(f"{path}messages/{message.pk}/").json() == detail["messages"][0]
    assert client.patch(f"{path}steps/{step.pk}/", outcome="worked").json()["files"] == of_step
    assert client.patch(path, client_name="Baker").json()["steps"][0]["files"] == of_step
    assert client.post(f"{path}steps/", text="another").json()["files"] == []
    assert client.post(f"{path}messages/", content="another").json()["files"] == []


def test_however_many_files_there_are_it_asks_as_often(send, session, ana, bo, django_assert_num_queries) -> None:
    client, path = client_of(bo), f"sessions/{session.pk}/"
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    few = len(queries)
    for number in range(5):
        step, message = session.add_step(ana, text=f"{number}"), session.add_message(ana, content=f"{number}")
        send(picture(), step=step.pk)
        send(picture(), step=step.pk)
        session.files.get(pk=send(picture(), message=message.pk).json()["id"]).remove(bo)
    with django_assert_num_queries(few):
        client.get(path)


def test_a_small_picture(send, session, bo, vic, eve) -> None:
    made = send(picture(size=(640, 640)), "wide.png").json()
    assert made["thumbnail"] == f"/api/v1/sessions/{session.pk}/files/{made['id']}/thumbnail/"
    answer = client_of(vic).get(made["thumbnail"])
    assert (opened(answer.content).size, answer["Content-Type"]) == ((240, 240), "image/webp")
    assert (answer["X-Content-Type-Options"], "sandbox" in answer["Content-Security-Policy"]) == ("nosniff", True)
    assert "no-store" in answer["Cache-Control"]
    errors_of(client_of(eve).get(made["thumbnail"]), 404, "not_found")
    log = send(b"text", "a.log").json()
    assert log["thumbnail"] is None
    errors_of(client_of(bo).get(f"sessions/{session.pk}/files/{log['id']}/thumbnail/"), 404, "not_found")
    client_of(bo).delete(f"sessions/{session.pk}/files/{made['id']}/")
    errors_of(client_of(bo).get(made["thumbnail"]), 404, "not_found")


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.png", "empty"),
        (b"MZ\x90\x00", "a.png", "This kind of file is not taken"),
        (picture("JPEG")[:200], "a.jpg", "damaged, or cut off"),
    ],
)
def test_what_is_refused_says_why_and_leaves_nothing(send, on_disk, content, name, said) -> None:
    assert said in refused(send(content, name))
    assert (SessionFile.objects.count(), on_disk()) == (0, [])


def test_11_mb_are_refused_in_words(send, on_disk) -> None:
    assert refused(send(bytes(11_000_000), "a.log")) == "This file has 11 MB, and at most 10 MB fit."
    assert on_disk() == []


def test_10_mb_are_taken(send) -> None:
    assert send(b"x" * settings.MAX_FILE, "a.log").json()["size"] == 10_000_000


def test_its_place_is_one_of_this_session(send, session, ana, bo) -> None:
    other = Session.open(ana, problem_summary="other")
    step, message = other.add_step(ana, text="x"), other.add_message(ana, content="x")
    own = session.steps.first(), session.add_message(bo, content="x")
    for fields in ({"step": step.pk}, {"message": message.pk}, {"step": own[0].pk, "message": own[1].pk}):
        assert list(errors_of(send(picture(), **fields), 400, "invalid")["errors"]) == [list(fields)[-1]]
    for wrong in ("x", "0", "-1", "1" * 30):
        assert list(errors_of(send(picture(), step=wrong), 400, "invalid")["errors"]) == ["step"]
    assert SessionFile.objects.count() == 0


def test_another_form_of_request(session, bo, send) -> None:
    client = client_of(bo)
    errors_of(client.post(f"sessions/{session.pk}/files/", file="x"), 415, "unsupported_media_type")
    path = f"/api/v1/sessions/{session.pk}/files/"
    for body in ({}, {"file": "text"}):
        answer = super(type(client), client).post(path, body)
        assert list(errors_of(answer, 400, "invalid")["errors"]) == ["file"]
    assert list(errors_of(send(picture(), colour="red"), 400, "invalid")["errors"]) == ["colour"]


def test_who_may(session, ana, vic, eve, kept) -> None:
    path = f"sessions/{session.pk}/files/"
    assert sent(client_of(vic), path, picture()).status_code == 403
    assert sent(client_of(ana, scope="read"), path, picture()).status_code == 403
    assert sent(client_of(eve), path, picture()).status_code == 404
    for more in ("", f"{kept.pk}/", f"{kept.pk}/content/"):
        assert client_of(vic).get(path + more).status_code == 200
        assert client_of(eve).get(path + more).status_code == 404
    assert client_of(eve).delete(f"{path}{kept.pk}/").status_code == 404
    assert SessionFile.objects.count() == 1


def test_not_once_it_is_resolved(send, session, ana, on_disk, monkeypatch) -> None:
    session.resolve(ana, resolution="done")
    monkeypatch.setattr(pictures, "made_anew", None)  # nor is it looked at
    errors_of(send(picture()), 409, "wrong_state")
    assert on_disk() == []


def test_more_than_a_session_keeps_are_refused(send, session, bo, on_disk) -> None:
    row = {"account_id": session.account_id, "session": session, "size": 1, "author": bo, "content_type": "text/plain"}
    SessionFile.objects.bulk_create(SessionFile(name="a", sha256="", key=f"k{n}", **row) for n in range(FILES - 1))
    answers = [send(b"one", "a.txt").status_code for _n in range(5)]
    assert answers == [201, 409, 409, 409, 409]
    assert "at most 200 files" in refused(send(b"x"), 409)
    assert len(on_disk()) == 1


def test_the_same_key_adds_it_once(send, on_disk) -> None:
    first, second = (send(picture(), headers={"Idempotency-Key": "k"}) for _n in range(2))
    assert first.json() == second.json()
    assert (second["Idempotency-Replayed"], SessionFile.objects.count()) == ("true", 1)
    errors_of(send(picture("GIF"), headers={"Idempotency-Key": "k"}), 409, "idempotency_mismatch")


def test_what_was_stored_twice_goes(send, session, on_disk) -> None:
    for _n in range(2):
        send(picture(), headers={"Idempotency-Key": "k"})
    assert len(on_disk()) == 4
    left = FileDeletion.objects.get()
    assert FileDeletion.run(left.pk) is None, "not before a verb has had its time"
    FileDeletion.objects.update(due_at=left.created_at)
    FileDeletion.run(left.pk)
    file = SessionFile.objects.get()
    assert on_disk() == [file.key, f"{file.key}.webp"]


# --- removing ------------------------------------------------------------------------------------


def test_its_author_removes_it(kept, session, bo, on_disk) -> None:
    path = f"sessions/{session.pk}/files/{kept.pk}/"
    answer = client_of(bo).delete(path)
    assert answer.status_code == 200
    assert (answer.json()["content"], answer.json()["removed_by"]["id"]) == (None, bo.pk)
    assert client_of(bo).get(f"{path}content/").status_code == 404
    FileDeletion.run(FileDeletion.objects.get().pk)
    assert on_disk() == []
    event = Event.objects.filter(session_id=session.pk).last()
    assert (event.kind, event.facts["name"]) == ("file.removed", "error.png")
    errors_of(client_of(bo).delete(path), 409, "wrong_state")


def test_so_does_a_lead_but_nobody_else(kept, session, ana, lea) -> None:
    path = f"sessions/{session.pk}/files/{kept.pk}/"
    errors_of(client_of(ana).delete(path), 403, "not_allowed")
    session.resolve(ana, resolution="done")
    assert client_of(lea).delete(path).status_code == 200


def test_what_cannot_be_deleted_now_is_tried_again(kept, bo, on_disk, monkeypatch) -> None:
    kept.remove(bo)
    left = FileDeletion.objects.get()

    def away(*_unused: object) -> None:
        raise OSError("the storage is away")

    with monkeypatch.context() as patch:
        patch.setattr(reading, "delete", away)
        FileDeletion.run(left.pk)
    left.refresh_from_db()
    assert (left.status, len(on_disk())) == ("pending", 2)
    FileDeletion.objects.update(due_at=left.created_at)
    FileDeletion.run(left.pk)
    assert on_disk() == []


# --- crashes -------------------------------------------------------------------------------------


def test_bytes_of_a_verb_that_was_refused_go(session, bo, ana, on_disk) -> None:
    waiting = stored(session, picture())
    session.resolve(ana, resolution="meanwhile")
    with pytest.raises(Exception, match="resolved"):
        session.add_file(bo, stored=waiting)
    assert len(on_disk()) == 2
    FileDeletion.objects.update(due_at=waiting.deletion.created_at)
    FileDeletion.run(waiting.deletion.pk)
    assert on_disk() == []


def test_a_verb_that_comes_too_late_makes_no_row_without_bytes(session, bo) -> None:
    late = stored(session, picture())
    FileDeletion.objects.update(due_at=late.deletion.created_at)
    FileDeletion.run(late.deletion.pk)
    with pytest.raises(TooSlow):
        session.add_file(bo, stored=late)
    assert SessionFile.objects.count() == 0


def test_a_deletion_never_takes_what_a_file_needs(session, bo, on_disk) -> None:
    file = session.add_file(bo, stored=stored(session, b"text", "a.txt"))
    wrong = FileDeletion.objects.create(account_id=session.account_id, key=file.key)
    FileDeletion.run(wrong.pk)
    wrong.refresh_from_db()
    assert (wrong.status, on_disk()) == ("cancelled", [file.key])


def test_a_step_and_its_files_are_one(session, bo) -> None:
    first, second = (stored(session, picture()) for _n in range(2))
    FileDeletion.objects.filter(pk=second.deletion.pk).delete()
    with pytest.raises(TooSlow):
        session.add_step_with_files(bo, text="Tried", files=[first, second])
    assert (session.steps.count(), SessionFile.objects.count(), FileDeletion.objects.count()) == (3, 0, 1)


def test_the_storage_is_any_of_djangos(session, bo, settings) -> None:
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "files": memory}
    file = session.add_file(bo, stored=StoredFile(session.account_id, reading.ready("a.txt", b"text")))
    assert client_of(bo).get(f"sessions/{session.pk}/files/{file.pk}/content/").content == b"text"
