"""Adding pictures and other files to a session, its steps and messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from resolutionflow.accounts.models import User
from resolutionflow.core.refusals import Invalid, WrongState
from resolutionflow.core.verbs import verb
from sessions_app.models.file import SessionFile, StoredFile
from sessions_app.models.ledger import Ledger
from sessions_app.models.message import Message
from sessions_app.models.step import Step

FILES = 200  # of one session, without those that were removed
FULL = f"A session keeps at most {FILES} files. Remove one that nobody needs, or pack several into a zip."


class Attachments(Ledger):
    """Verbs that add files. What they are given is stored already: see sessions_app/files/reading.py."""

    class Meta:
        abstract = True

    @verb
    def add_file(
        self,
        user: User,
        *,
        stored: StoredFile,
        step: Step | None = None,
        message: Message | None = None,
        form_key: UUID | None = None,
    ) -> SessionFile:
        """A file of this step or this message, or of the session as a whole."""
        user.must_work()
        if step is not None and message is not None:
            raise Invalid(message="A file is of a step or of a message, not of both.")
        self._must_own(step=step, message=message)
        self.lock(unfinished=True)
        made: SessionFile | None = self._row_of_form("files", form_key)
        if made:
            return made
        self.must_take_file(user)
        file: SessionFile = self.files.create(
            account_id=self.account_id,
            step=step,
            message=message,
            author=user,
            form_key=form_key,
            **stored.claim(),
        )
        self.touch()
        self.renew_lease(user)
        file.record("file.added", user)
        return file

    @verb
    def add_step_with_files(self, user: User, *, files: Sequence[StoredFile], **fields: Any) -> Step:
        """A step and the files that came with it: all of them, or nothing."""
        step = self.add_step(user, **fields)
        for number, stored in enumerate(files):
            self.add_file(user, stored=stored, step=step, form_key=_key_of(stored, number, fields.get("form_key")))
        return step

    @verb
    def change_step_with_files(self, user: User, step: Step, *, files: Sequence[StoredFile], **fields: Any) -> None:
        """Change a step of this session, and add the files that came with it: all of it, or nothing. A file that the
        step has already is not added again."""
        step.change(user, **fields)
        for stored in files:
            if not self.files.kept().filter(step=step, sha256=stored.fields["sha256"]).exists():
                self.add_file(user, stored=stored, step=step)

    @verb
    def add_message_with_files(self, user: User, *, files: Sequence[StoredFile], **fields: Any) -> Message:
        """A message and the files that came with it: all of them, or nothing."""
        message = self.add_message(user, **fields)
        for number, stored in enumerate(files):
            key = _key_of(stored, number, fields.get("form_key"))
            self.add_file(user, stored=stored, message=message, form_key=key)
        return message

    def must_take_file(self, user: User) -> None:
        """Raise where it takes no file from this person now: asked before a file is looked at, and again under the
        lock."""
        user.must_work()
        self.must_be_unfinished()
        if self.files.kept().count() >= FILES:
            raise WrongState(FULL)


def _key_of(stored: StoredFile, number: int, form_key: UUID | None) -> UUID | None:
    """The key of one file of a form: the form sent again finds the file that it made."""
    return uuid5(form_key, f"{number} {stored.fields['sha256']}") if form_key else None
