"""Timed: the part of a delivery that is time worked, booked on the ticket."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from django.db import models

from handoffs.worked_time import MOST, worked_time
from notifications import note as note_text
from resolutionflow.accounts.models import User
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid, WrongState
from resolutionflow.core.text import clean
from resolutionflow.core.verbs import verb
from resolutionflow.core.work import Work
from sessions_app.models import Session

LONGEST = 750  # characters somebody may write: with their name it fits into every ticket system
ROOM = 1_000  # … as it leaves
MINUTES = f"Whole minutes, from 1 to {MOST:,}: at most a day."
SAID_ALREADY = "A note of this session says the same, and a ticket is not to say it twice: write here what was done."


class Timed(models.Model):
    """Of a time entry: how long, and since when. Its text is its body, and is no note's."""

    minutes = models.PositiveSmallIntegerField(null=True, help_text="Of a time entry.")
    started_at = models.DateTimeField(null=True, help_text="Of a time entry: when what is booked began.")

    if TYPE_CHECKING:
        objects: ClassVar[Any]

        @classmethod
        def put_into_ticket(cls, session: Session, user: User, **fields: Any) -> Self: ...

    class Meta:
        abstract = True

    @classmethod
    @verb
    def send_time(
        cls,
        session: Session,
        user: User,
        *,
        minutes: int,
        text: str,
        internal: bool = True,
        form_key: UUID | None = None,
        ticket: str = "",
        seen: int | None = None,
    ) -> Self:
        """Book time on the ticket, as it was at the end of what this person worked. `internal` False: the client sees
        the text; only where the ticket system has such. A form makes one entry, however often it is sent. `ticket`: as
        of send_note(). `seen`: the newest entry of this person that they saw, 0 for none; where they have logged more
        since, nothing is booked."""
        user.must_work()
        if not 1 <= minutes <= MOST:
            raise Invalid(minutes=MINUTES)
        if not clean(text):
            raise Invalid(text="Say what was done.")
        session.lock()  # two clicks come one after the other, and the ticket stays what it is
        if form_key and (made := cls.objects.filter(session=session, form_key=form_key).first()):
            return made  # type: ignore[no-any-return]
        if newer := cls.logged_since(session, user, seen):
            raise WrongState(newer.logged_meanwhile)
        connection = note_text.connection_for(session, ticket, "time")
        if not internal and not connection.shows_time:
            raise Invalid(internal=f"{connection.label} has no time entries that are shown to the client.")
        body = note_text.signed(text, connection, user)
        if len(body) > ROOM:
            raise Invalid(text=f"This is {len(body):,} characters long as it leaves, and {ROOM:,} fit.")
        if cls.says(session, body, kind="note"):
            raise Invalid(text=SAID_ALREADY)
        ended = worked_time(session, user).ended or session.finished_at or clock.now()
        kept = {"kind": "time", "body": body, "internal": internal, "form_key": form_key, "minutes": minutes}
        return cls.put_into_ticket(session, user, **kept, started_at=ended - timedelta(minutes=minutes))

    @classmethod
    def says(cls, session: Session, text: str, *, kind: str) -> bool:
        """Whether what is in the ticket, or on its way there, says this already, whoever signed it. `kind`: note or
        time. What failed counts: it can be tried again."""
        rows = cls.objects.filter(session=session, kind=kind).exclude(status=Work.Status.CANCELLED)
        rows = rows.select_related("event", "session", "handoff", "event__actor")
        wanted = note_text.as_compared(text)
        may = (row for row in rows if note_text.may_say(row, wanted))
        return any(note_text.as_compared(note_text.note_body(row)) == wanted for row in may)

    @classmethod
    def newest_logged(cls, session: Session, user: User) -> Self | None:
        """This person's newest entry that is in the ticket, or on its way there."""
        newest: Self | None = cls.objects.logged().filter(session=session, requested_by=user).order_by("-pk").first()
        return newest

    @classmethod
    def logged_since(cls, session: Session, user: User, seen: int | None) -> Self | None:
        """Their newest entry, where it is not the one they saw; None where it is, or nobody says."""
        newest = cls.newest_logged(session, user)
        return newest if seen is not None and newest is not None and newest.pk != seen else None

    @property
    def logged_meanwhile(self) -> str:
        return f"You have logged {self.minutes} min here meanwhile. If this comes on top of that, post it again."
