"""SessionFile: a picture or another file of a session; and FileDeletion, the work of deleting bytes nobody needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse

from resolutionflow.accounts.models import Owned, OwnedQuerySet, User
from resolutionflow.core import clock
from resolutionflow.core.refusals import NotAllowed, TooSlow, WrongState
from resolutionflow.core.text import SHORT
from resolutionflow.core.verbs import verb
from resolutionflow.core.work import NotWanted, Work, WorkQuerySet
from sessions_app.files import reading
from sessions_app.files.pictures import IN_A_LIST, thumbnail_size
from sessions_app.files.reading import Readied
from sessions_app.models.form_key import FormKeyed
from sessions_app.models.message import Message
from sessions_app.models.step import Step

if TYPE_CHECKING:
    from sessions_app.models.session import Session

CLAIM = timedelta(hours=1)  # within which a verb has to make a row of what was stored


class FileQuerySet(OwnedQuerySet["SessionFile"]):
    def kept(self) -> Self:
        """Without those that were removed."""
        return self.filter(removed_at=None)


class SessionFile(FormKeyed):
    """A file of a session, of one of its steps or messages, or of the session as a whole. Its bytes are in the storage
    `files`, under a name nobody can guess. One that was removed keeps its row: its bytes are gone, its name stays."""

    session = models.ForeignKey("Session", on_delete=models.CASCADE, related_name="files")
    step = models.ForeignKey(Step, on_delete=models.CASCADE, null=True, related_name="files")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="files")
    name = models.CharField(max_length=SHORT)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    key = models.CharField(max_length=100, unique=True, editable=False)
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar[Any] = FileQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(step=None) | Q(message=None), name="file_of_a_step_or_a_message"),
            models.UniqueConstraint(fields=["session", "form_key"], name="one_file_per_form"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("file", args=[self.session_id, self.pk])

    @property
    def is_picture(self) -> bool:
        return self.width is not None

    @property
    def size_in_words(self) -> str:
        return reading.in_words(self.size)

    @property
    def ending(self) -> str:
        """What people call this kind of file: pdf, log, zip."""
        return self.name.rpartition(".")[2].lower()

    @property
    def thumbnail_width(self) -> int:
        return thumbnail_size((self.width or 1, self.height or 1))[0]

    @property
    def thumbnail_height(self) -> int:
        return thumbnail_size((self.width or 1, self.height or 1))[1]

    @property
    def listed_width(self) -> int:
        """As it stands among the files of a step: known before it has come, so that nothing moves when it does."""
        return thumbnail_size((self.width or 1, self.height or 1), IN_A_LIST)[0]

    @property
    def listed_height(self) -> int:
        return thumbnail_size((self.width or 1, self.height or 1), IN_A_LIST)[1]

    @property
    def place(self) -> str:
        """Where on the page of its session it is."""
        entry = self.step or self.message
        return f"?at={entry.ref}#{entry.ref}" if entry else "#files"

    @property
    def belongs_to(self) -> tuple[str, int]:
        """The kind and number of the step or message it is of, or of the session as a whole."""
        places = (("step", self.step_id), ("message", self.message_id))
        return next(((kind, pk) for kind, pk in places if pk), ("session", self.session_id))

    def may_be_removed_by(self, user: User) -> bool:
        return self.removed_at is None and user.is_engineer and (self.author_id == user.pk or user.is_lead)

    @verb
    def remove(self, user: User) -> None:
        """By its author or a lead, also once the session has ended: the bytes go, for good; name and event stay."""
        user.must_work()
        self.session.lock()
        self.refresh_from_db(fields=["removed_at", "removed_by"])
        if self.removed_at is not None:
            raise WrongState(f"{self.removed_by or 'Somebody'} has removed this file already.")
        if not self.may_be_removed_by(user):
            raise NotAllowed("Only who added this file or a lead can remove it.")
        self.removed_at, self.removed_by = clock.now(), user
        self.save(update_fields=["removed_at", "removed_by"])
        FileDeletion.objects.create(account_id=self.account_id, key=self.key).nudge_worker()
        self.session.touch()
        self.record("file.removed", user)

    def record(self, kind: str, user: User) -> None:
        """The event of a verb: it names the file, and the step or message it is of."""
        places = {"step": self.step_id, "message": self.message_id}
        of: dict[str, Any] = {name: pk for name, pk in places.items() if pk}
        self.session.record_event(kind, user, file=self.pk, name=self.name, size=self.size, **of)


def with_files(places: Iterable[Step | Message | Session]) -> None:
    """Hang on to these steps and messages the files that belong to them, and to these sessions those of a session as a
    whole: all as `shown_files`, and as `kept_files` those that were not removed. One query."""
    by_place: dict[tuple[str, int], Step | Message | Session] = {}
    for place in places:
        by_place[str(place._meta.model_name), place.pk] = place
        place.shown_files, place.kept_files = [], []
    sessions = {getattr(place, "session_id", place.pk) for place in by_place.values()}
    files = SessionFile.objects.filter(session__in=sessions).select_related("author", "removed_by")
    for file in files if sessions else ():
        if found := by_place.get(file.belongs_to):
            found.shown_files.append(file)
            if file.removed_at is None:
                found.kept_files.append(file)


class FileDeletionQuerySet(OwnedQuerySet["FileDeletion"], WorkQuerySet):
    pass


class FileDeletion(Work, Owned):
    """Bytes in the storage that no file needs: not any more, or not yet. Tried for days: a storage may be away."""

    task = "sessions_app.delete_file"
    queue = "slow"
    backoff = (10, 60, 300, 1800, 7200, 7200, 7200, 7200, 7200, 7200, 7200, 7200)

    key = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[Any] = FileDeletionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["due_at"], name="file_deletion_due", condition=Q(status__in=Work.UNFINISHED))]

    def __str__(self) -> str:
        return f"Deletion of {self.key}"

    def perform(self) -> dict[str, Any]:
        if SessionFile.objects.kept().filter(key=self.key).exists():
            raise NotWanted("A file needs these bytes.")
        reading.delete(self.key)
        return {}


class StoredFile:
    """Bytes that are stored and have no row yet: a verb makes one of them, or they are deleted within two hours."""

    def __init__(self, account_id: int, file: Readied) -> None:
        self.key = reading.new_key(account_id)
        self.fields = {  # and not its bytes, which may be many
            "key": self.key,
            "name": file.name,
            "content_type": file.content_type,
            "size": len(file.content),
            "sha256": file.sha256,
            "width": file.width,
            "height": file.height,
        }
        later = clock.now() + CLAIM
        self.deletion = FileDeletion.objects.create(account_id=account_id, key=self.key, due_at=later)
        reading.store(self.key, file)

    def claim(self) -> dict[str, Any]:
        """The fields of the file's row. TooSlow where the bytes are being deleted already."""
        taken, _rows = FileDeletion.objects.filter(pk=self.deletion.pk, status=Work.Status.PENDING).delete()
        if not taken:
            raise TooSlow
        return self.fields


def stored_files(account_id: int, files: Iterable[Readied]) -> list[StoredFile]:
    """These files, stored."""
    return [StoredFile(account_id, file) for file in files]
