"""Checklist: what is always looked at first where something fails, put on the trail as to-do steps by one press."""

from __future__ import annotations

from typing import Any

from django.db import models

from resolutionflow.accounts.models import Account, Event, Owned, User
from resolutionflow.core.refusals import Invalid
from resolutionflow.core.text import LINE, SHORT, clean, one_line
from resolutionflow.core.verbs import verb
from sessions_app.models.domain import Domain

MOST = 20  # checks of one list: a longer one is not read
LENGTH = MOST * LINE
TAKEN = "There is a checklist of this name already."

# What a new account starts from, by one press; each can be changed.
STARTERS = [
    (
        "VPN down",
        Domain.NETWORK,
        "Does the internet work without the VPN?\nDoes another person at the same place connect?\n"
        "Does the account sign in elsewhere, and is it not locked?\nIs the certificate of the gateway valid?\n"
        "What does the client's log say?\nIs the gateway's licence or address pool used up?",
    ),
    (
        "Nobody can sign in",
        Domain.IDENTITY,
        "Is it one person, one place or everybody?\nIs the account locked, disabled or expired?\n"
        "Is the clock of the device right?\nDoes the domain controller or the identity provider answer?\n"
        "What does the sign-in log say?",
    ),
    (
        "Email does not arrive",
        Domain.EMAIL,
        "One sender, one recipient or all?\nIs it in junk or in quarantine?\nWhat does the message trace say?\n"
        "Is the mailbox full?\nAre MX, SPF and DKIM as they should be?",
    ),
    (
        "Does not print",
        Domain.PRINTING,
        "Does it print a page of its own?\nDoes another device print to it?\nIs a job stuck in the queue?\n"
        "Does it answer at the address of its port?\nWhich driver is it, and since when?",
    ),
    (
        "Server does not answer",
        Domain.SERVER,
        "Does it answer a ping, and its console?\nIs a disk full?\nWhich service has stopped?\n"
        "What do the last errors of its log say?\nWhat was changed or updated last?\nWhen was the last good backup?",
    ),
]


class Checklist(Owned):
    """A short list of checks for one kind of problem."""

    name = models.CharField(max_length=SHORT)
    domain = models.CharField(max_length=20, choices=Domain)
    checks = models.TextField(max_length=LENGTH, help_text="One a line.")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "name"],
                name="checklist_name_once_per_account",
                violation_error_message=TAKEN,
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def lines(self) -> list[str]:
        return self.checks.splitlines()

    @property
    def written(self) -> dict[str, str]:
        return {"name": self.name, "domain": self.domain, "checks": self.checks}

    @property
    def as_fact(self) -> str:
        """All of it, as an event keeps it."""
        return "\n".join(self.written.values())

    @classmethod
    @verb
    def add(cls, by: User, *, name: str, domain: str, checks: str) -> Checklist:
        """A new checklist of the account, by a lead."""
        cls._lock_account(by)
        made = cls(account_id=by.home, **cls._cleaned(name, domain, checks))
        made.must_fit()
        made.save(force_insert=True)
        made._record(by, "", made.as_fact)
        return made

    @classmethod
    @verb
    def add_starters(cls, by: User) -> None:
        """Those that every desk can start from; names that the account has already are left alone."""
        cls._lock_account(by)
        there = set(cls.objects.visible_to(by).values_list("name", flat=True))
        for name, domain, checks in STARTERS:
            if name not in there:
                cls.add(by, name=name, domain=domain, checks=checks)

    @verb
    def change(self, by: User, **fields: str) -> None:
        """Any of name, domain and checks, by a lead."""
        self._lock_account(by)
        self.refresh_from_db()
        before = self.as_fact
        cleaned = self._cleaned(**{**self.written, **fields})
        self.__dict__.update(cleaned)
        if self.as_fact == before:
            return
        self.must_fit()
        self.save(update_fields=list(cleaned))
        self._record(by, before, self.as_fact)

    @verb
    def remove(self, by: User) -> None:
        """Steps that were made from it stay."""
        self._lock_account(by)
        before = self.as_fact
        if type(self).objects.filter(pk=self.pk).delete()[0]:
            self._record(by, before, "")

    @staticmethod
    def _lock_account(by: User) -> None:
        """For leads; one change of the account's checklists at a time."""
        by.must_lead()
        Account.objects.select_for_update(no_key=True).get(pk=by.home)

    @staticmethod
    def _cleaned(name: str, domain: str, checks: str) -> dict[str, Any]:
        if domain not in Domain.values:
            raise Invalid(domain=f"Choose one of {', '.join(Domain.values)}.")
        if not one_line(name):
            raise Invalid(name="Give it a name.")
        return {"name": one_line(name), "domain": domain, "checks": checks_in(checks)}

    def _record(self, by: User, before: str, after: str) -> None:
        facts = {"before": {"checklist": before}, "after": {"checklist": after}}
        Event.record(self.account_id, "account.changed", actor=by, facts=facts)


def checks_in(text: str) -> str:
    """The checks, one a line, each once; raises Invalid where they are none, too many or too long."""
    lines = list(dict.fromkeys(filter(None, map(one_line, clean(text).splitlines()))))
    if not lines:
        raise Invalid(checks="Write at least one check.")
    if len(lines) > MOST or any(len(line) > LINE for line in lines):
        raise Invalid(checks=f"A checklist has at most {MOST} checks of {LINE} characters.")
    return "\n".join(lines)
