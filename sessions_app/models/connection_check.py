"""ConnectionCheck: a check whether a ticket system's address and credentials work, as a row of work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models, transaction
from django.db.models import Q

from resolutionflow.accounts.models import Owned, User
from resolutionflow.core import clock
from resolutionflow.core.verbs import verb
from resolutionflow.core.work import Work
from sessions_app.models.psa import PsaConnection
from sessions_app.models.ticket import AskQuerySet

AT_ONCE = 2  # of one account: the workers are there for the others, too
LOOK_FOR = timedelta(minutes=2)  # an open page asks for the result; longer than this, no worker is there to find it


class ConnectionCheck(Work, Owned):
    """One press of Check. Its result is stored on the connection. Rows are locked in the order connection, check."""

    task = "sessions_app.check_connection"
    queue = "slow"
    time_limit = timedelta(seconds=90)
    backoff = ()  # somebody looks at it: what is wrong now is the answer

    connection = models.ForeignKey(PsaConnection, on_delete=models.CASCADE, related_name="checks")
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    found = models.CharField(max_length=PsaConnection.FOUND, blank=True)

    objects: ClassVar[Any] = AskQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection"],
                condition=Q(status__in=Work.UNFINISHED),
                name="one_unfinished_check_per_connection",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], name="connection_check_due", condition=Q(status__in=Work.UNFINISHED)),
        ]

    def __str__(self) -> str:
        return f"Check of {self.connection}"

    @property
    def is_running(self) -> bool:
        return self.status in self.TAKEN

    @property
    def is_looked_for(self) -> bool:
        """Whether an open page that shows it should ask again for the result."""
        return self.created_at > clock.now() - LOOK_FOR

    @classmethod
    @verb
    def ask(cls, connection: PsaConnection, by: User) -> ConnectionCheck:
        """A new check of this connection; or the one that is waiting or running already."""
        by.must_administer()
        PsaConnection.objects.filter(pk=connection.pk).lock()
        check: ConnectionCheck | None = cls.objects.unfinished().filter(connection=connection).first()
        if check is None:
            check = cls.objects.create(account_id=connection.account_id, connection=connection, asked_by=by)
        check.nudge_worker()
        return check

    @classmethod
    def _take(cls, pk: int) -> Self | None:
        """Take it, unless AT_ONCE checks of the account are running: then it waits until one ends and nudges a worker
        for it."""
        with transaction.atomic():
            account_id = cls.objects.filter(pk=pk).values_list("account_id", flat=True).first() or 0
            PsaConnection.objects.filter(account_id=account_id).lock()
            if cls.objects.running().filter(account_id=account_id).count() >= AT_ONCE:
                return None
            return super()._take(pk)

    def perform(self) -> dict[str, Any]:
        return {"found": self.connection.try_out()}

    def _store(self, **fields: Any) -> None:
        with transaction.atomic():
            PsaConnection.objects.filter(pk=self.connection_id).lock()
            super()._store(**fields)

    def settled(self) -> None:
        """Store the result on the connection, have its technicians read where it works, and nudge a worker for a check
        that waited for this one to end."""
        self.connection.keep_check(found=self.found, error=self.error)
        if not self.error:
            self.connection.ask_technicians()
        for check in type(self).objects.filter(account_id=self.account_id, status=self.Status.PENDING):
            check.nudge_worker()
