"""What the bench works on: an account, two technicians, as many sessions and handoffs as are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client as Browser

from handoffs.models import Handoff
from resolutionflow.accounts.models import Account, ApiToken, Event, User
from resolutionflow.core import nudges
from sessions_app.models import Session


class Dataset:
    """Made through the verbs; nobody is nudged unless `nudging`, since nobody listens while it is made."""

    def __init__(self) -> None:
        self._ring, nudges.event_recorded = nudges.event_recorded, lambda *_event: None
        for command, options in (("migrate", {}), ("createcachetable", {}), ("collectstatic", {"interactive": False})):
            call_command(command, verbosity=0, **options)
        self.account = Account.objects.create(name="Bench")
        self.ana, self.bo = (self._person(name) for name in ("ana", "bo"))
        self.junior, self.senior = (self._token(person, "write") for person in (self.ana, self.bo))

    def _person(self, name: str, **fields: str) -> User:
        email = f"{name}@bench.example"
        return User.objects.create_user(email, account=self.account, name=name.title(), confirmed_email=email, **fields)

    def admin(self) -> User:
        return self._person("olga", role=User.Role.OWNER)

    @staticmethod
    def _token(user: User, scope: str) -> str:
        token, key = ApiToken.issue(user, name="bench", scope=scope)
        ApiToken.objects.filter(pk=token.pk).update(last_used_at="2100-01-01T00:00Z")  # not its once-a-minute note
        return key

    def sessions(self, count: int) -> list[int]:
        """Each with two steps."""
        made = []
        for n in range(count):
            session = Session.open(self.ana, problem_summary=f"Bench {n}", client_name="Hartwell Dental")
            session.add_step(self.ana, text="Restarted it", outcome="failed")
            session.add_step(self.ana, text="Looked at the log", outcome="inconclusive")
            made.append(session.pk)
        return made

    def handoffs(self, count: int) -> list[int]:
        """Each of a session of its own, waiting for anybody."""
        sessions = Session.objects.filter(pk__in=self.sessions(count))
        return [Handoff.escalate(session, self.ana, notes="stuck").pk for session in sessions]

    def pages(self, count: int) -> list[str]:
        """The cookie of each of as many open pages; a person has ten at most."""
        people = [self._person(f"w{User.objects.count()}x{n}") for n in range(-(-count // 10))]
        return [cookie for person in people for cookie in [self.cookie(person)] * 10][:count]

    def cookie(self, user: User | None = None) -> str:
        browser = Browser()
        browser.force_login(user or self.bo)
        return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"

    @contextmanager
    def nudging(self) -> Iterator[None]:
        """One transaction of many verbs, with nudges as a process of its own does."""
        silent, nudges.event_recorded = nudges.event_recorded, self._ring
        try:
            with transaction.atomic():
                yield
        finally:
            nudges.event_recorded = silent

    def events(self, count: int = 1) -> int:
        """Events without a card; the last one's number."""
        for _n in range(count):
            with transaction.atomic():
                seq: int = Event.record(self.account.pk, "session.changed", actor=self.ana).seq
        return seq
