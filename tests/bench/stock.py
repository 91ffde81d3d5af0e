"""What the bench works on: an account, two technicians, as many sessions and handoffs as are asked for."""

from __future__ import annotations

import django
from django.conf import settings
from django.core.management import call_command
from django.test import Client as Browser

django.setup()

from handoffs.models import Handoff
from resolutionflow import bus
from resolutionflow.accounts.models import Account, ApiToken, User
from sessions_app.models import Session


class Stock:
    """Made through the verbs; nothing is rung for, since nobody listens while it is made."""

    def __init__(self) -> None:
        bus.ring = lambda *_event: None
        for command, options in (("migrate", {}), ("createcachetable", {}), ("collectstatic", {"interactive": False})):
            call_command(command, verbosity=0, **options)
        self.account = Account.objects.create(name="Bench")
        self.ana, self.bo = (self._person(name) for name in ("ana", "bo"))
        self.junior, self.senior = (self._token(person, "write") for person in (self.ana, self.bo))

    def _person(self, name: str) -> User:
        return User.objects.create_user(f"{name}@bench.example", account=self.account, name=name.title())

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

    def watchers(self, sockets: int) -> list[str]:
        """A key for each socket; a person has ten at most."""
        people = [self._person(f"w{User.objects.count()}x{n}") for n in range(-(-sockets // 10))]
        return [key for person in people for key in [self._token(person, "read")] * 10][:sockets]

    def cookie(self) -> str:
        browser = Browser()
        browser.force_login(self.bo)
        return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"
