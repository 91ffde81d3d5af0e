"""What crashes and deleted accounts leave in the storage is deleted by `prune`, and nothing else is."""

from __future__ import annotations

import os
import time
from datetime import timedelta

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command
from django.utils import timezone

from notifications.prune import prune
from sessions_app.files import reading
from sessions_app.models import FileDeletion, Session, SessionFile
from tests.conftest import add_picture
from tests.sessions_app.files.conftest import picture, stored


@pytest.fixture
def age(files_on_disk):
    """Makes all that is stored so many days older."""

    def age(days: float) -> None:
        for path in files_on_disk.rglob("*"):
            if path.is_file():
                os.utime(path, (time.time() - days * 86_400,) * 2)

    return age


def pruned() -> int:
    """How many stored files `prune` deletes."""
    return prune()["stored files"]


def killed(session, name: str = "a.txt") -> str:
    """Stores a file as a process does that is then killed; the key. Its deletion is gone: it was given up, say."""
    waiting = stored(session, b"text", name)
    waiting.deletion.delete()
    return waiting.key


def test_it_goes_after_a_month_and_what_is_needed_stays(session, bo, on_disk, age) -> None:
    kept = add_picture(session, bo)
    old = killed(session)
    age(31)
    young = killed(session)
    assert pruned() == 1
    assert on_disk() == sorted([kept.key, f"{kept.key}.webp", young])
    assert old not in on_disk()
    assert pruned() == 0


def test_a_thumbnail_goes_with_its_picture(session, bo, on_disk, age) -> None:
    removed, waiting = add_picture(session, bo), stored(session, picture())
    removed.remove(bo)
    FileDeletion.objects.all().delete()
    assert len(on_disk()) == 4
    assert waiting.key in on_disk()
    age(31)
    assert (pruned(), on_disk(), SessionFile.objects.count()) == (4, [], 1)


def test_the_folder_of_a_deleted_account_goes(session, bo, eve, on_disk, age, files_on_disk) -> None:
    add_picture(session, bo)
    theirs = add_picture(Session.open(eve, problem_summary="Theirs"), eve)
    number = session.account_id
    session.account.delete()
    age(29)
    assert pruned() == 0, "a month later: who deletes an account by mistake may bring its rows back"
    age(31)
    assert pruned() == 2
    assert not (files_on_disk / str(number)).exists()
    assert on_disk() == [theirs.key, f"{theirs.key}.webp"]


def test_what_is_not_ours_is_left(session, bo, on_disk, age, files_on_disk) -> None:
    add_picture(session, bo)
    for name in ("notes.txt", "backup/1", f"{session.account_id}/notes.txt", f"{session.account_id}/ab/notes.txt"):
        path = files_on_disk / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    there = on_disk()
    age(1000)
    assert (pruned(), on_disk()) == (0, there)


class Refusing(FileSystemStorage):
    """A storage with one file that it does not delete, in its own words."""

    refused = ""

    def delete(self, name: str) -> None:
        if name == self.refused:
            raise RuntimeError("503 Slow Down")
        super().delete(name)


def test_what_the_storage_refuses_keeps_nothing_else(session, on_disk, age, files_on_disk, settings, caplog) -> None:
    Refusing.refused = killed(session)
    killed(session)
    age(31)
    refusing = {"BACKEND": f"{__name__}.Refusing", "OPTIONS": {"location": str(files_on_disk)}}
    settings.STORAGES = {**settings.STORAGES, "files": refusing}
    assert (pruned(), on_disk()) == (1, [Refusing.refused])
    assert f"{Refusing.refused} is left in the storage." in caplog.text


def test_nothing_was_ever_stored(ana) -> None:
    assert pruned() == 0


def test_a_database_without_accounts_deletes_nothing(session, bo, on_disk, age) -> None:
    add_picture(session, bo)
    age(1000)
    session.account.delete()
    assert (pruned(), len(on_disk())) == (0, 2)


def test_any_storage_will_do(session, bo, eve, settings, time_machine) -> None:
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "files": memory}
    kept, lost, there = add_picture(session, bo), killed(session), reading.file_storage().exists
    time_machine.move_to(timezone.now() + timedelta(days=31))
    assert (pruned(), there(kept.key), there(lost)) == (1, True, False)
    session.account.delete()
    assert (pruned(), there(kept.key)) == (2, False)
    assert reading.file_storage().listdir("") == ([], [])


def test_the_command_counts_them(session, age, capsys) -> None:
    killed(session)
    age(31)
    call_command("prune")
    assert "stored files 1\n" in capsys.readouterr().out
