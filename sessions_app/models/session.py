"""Session: a problem being worked, and its verbs from its opening to its end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import UUID

from resolutionflow.accounts.models import ApiToken, User
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid
from resolutionflow.core.text import clean
from resolutionflow.core.verbs import verb
from sessions_app.models.branch import Branch
from sessions_app.models.psa import PsaConnection
from sessions_app.models.session_facts import cleaned_facts, plain_value, required_reason
from sessions_app.models.session_fields import SessionFields
from sessions_app.models.session_ticket import TAKEN, Ticketed, copy_of, filled_from, number_of, seen_of
from sessions_app.models.step import Step
from sessions_app.models.watch import SessionWatch


class Session(Ticketed):
    """A technical problem being worked: the ledger of what was tried and the conversation about it."""

    class Meta(SessionFields.Meta):
        pass

    @classmethod
    @verb
    def open(cls, user: User, *, problem_summary: str, form_key: UUID | None = None, **fields: Any) -> Session:
        """A new session, worked on by `user`. `fields`: any of CHANGEABLE, intake and intake_text. Where the account
        has only one ticket system, it need not be given."""
        user.must_work()
        if "psa_connection" not in fields:
            fields["psa_connection"] = PsaConnection.only_one(user)
        fields = cleaned_facts(user, problem_summary=problem_summary, **fields)
        connection = fields["psa_connection"]
        fields["psa_ticket_id"] = number_of(connection, fields.get("psa_ticket_id", ""))
        copy = copy_of(connection, fields["psa_ticket_id"])
        new, from_ticket = filled_from(copy, fields, {})
        fields |= {**new, "ticket_copy": copy, "from_ticket": from_ticket}
        if copy and copy.read_at:
            fields["ticket_seen"] = seen_of(copy)
        if form_key and (made := cls._made_by(user, form_key)):
            return made
        session: Session = cls.objects.create(
            account_id=user.home, started_by=user, assignee=user, form_key=form_key, **fields
        )
        session.active_branch = Branch.objects.create(
            account_id=user.home, session=session, label="Main", status=Branch.Status.ACTIVE
        )
        session.save(update_fields=["active_branch"])
        session.record_event("session.opened", user, summary=session.problem_summary)
        return session

    @classmethod
    @verb
    def open_first(cls, user: User, **fields: Any) -> Session | None:
        """A new session, as open() makes it; None where an unfinished one of its ticket was opened since that was
        asked. Of several who open the same ticket at once, one does: the ticket's copy is locked."""
        user.must_work()
        connection = fields["psa_connection"] if "psa_connection" in fields else PsaConnection.only_one(user)
        number = number_of(connection, fields.get("psa_ticket_id", ""))
        if connection and copy_of(connection, number):
            same = cls.objects.visible_to(user).already_open(ticket=number, connection=connection)
            if same.but_of_form(user, fields.get("form_key")).exists():
                return None
        return cls.open(user, **{**fields, "psa_connection": connection})

    @classmethod
    def _made_by(cls, user: User, form_key: UUID) -> Session | None:
        """The session that this form has made already, or None. Locks the person, so that two clicks come one after the
        other."""
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        made: Session | None = cls.objects.filter(started_by=user, form_key=form_key).first()
        return made

    CHANGEABLE = (
        "problem_summary",
        "problem_domain",
        "client_name",
        "asset_name",
        "team",
        "psa_connection",
        "psa_ticket_id",
        "contact",
        "access",
        "due_at",
        "changed_before",
        "confidence",
    )

    @verb
    def change(self, user: User, **fields: Any) -> None:
        """Correct the facts of an unfinished session; old values go into the event."""
        user.must_work()
        fields = cleaned_facts(user, **fields)
        self.lock(unfinished=True)
        if fields.get("psa_ticket_id") and "psa_connection" not in fields and self.psa_connection_id is None:
            fields["psa_connection"] = PsaConnection.only_one(user)
        self._name_ticket(fields)
        changed = {name: value for name, value in fields.items() if getattr(self, name) != value}
        if not changed:
            return
        before = {name: plain_value(getattr(self, name)) for name in changed}
        for name, value in changed.items():
            setattr(self, name, value)
        self.from_ticket |= {name: False for name in changed if name in TAKEN}
        self.touch(*changed, "from_ticket")
        self.renew_lease(user)
        self.record_event("session.changed", user, before=before, after={k: plain_value(v) for k, v in changed.items()})
        if {"psa_ticket_id", "psa_connection"} & set(changed):
            self._link_ticket(typed=changed)

    @verb
    def resume(self, user: User) -> None:
        """parked -> working, by the assignee. The park is closed."""
        user.must_work()
        self.lock()
        self.move(from_=[self.Status.PAUSED], to=self.Status.ACTIVE, allowed=self.must_be_assignee, user=user)
        closed = self.handoffs.unclosed().close("resumed")
        self.record_event("session.resumed", user, closed=closed)

    NOT_TEMPORARY = "One of these steps is not temporary, or no longer: look at the list again."

    @verb
    def resolve(
        self,
        user: User,
        *,
        resolution: str,
        root_cause: str = "",
        step: Step | None = None,
        undone: Iterable[Step] = (),
    ) -> None:
        """Any unfinished position -> resolved. An open handoff is closed with it. `step` is the one that showed what
        fixed it. `undone`: steps that were temporary and are undone by now; the event names those that are not."""
        user.must_work()
        if not clean(resolution):
            raise Invalid(resolution="Say what fixed it.")
        self._must_own(step=step)
        self.lock()
        self.move(
            from_=self.UNFINISHED,
            to=self.Status.RESOLVED,
            allowed=self.must_be_assignee_or_lead,
            user=user,
            resolution=clean(resolution),
            root_cause=clean(root_cause),
            resolution_step=step,
            finished_at=clock.now(),
        )
        ApiToken.objects.end(self.pk)
        closed = self.handoffs.unclosed().close("resolved")
        facts = {"resolution": self.resolution, "root_cause": self.root_cause, **(step.as_fact if step else {})}
        self.record_event("session.resolved", user, closed=closed, **facts, **self._undo_temporary(undone))

    def _undo_temporary(self, undone: Iterable[Step]) -> dict[str, Any]:
        """Make these steps temporary no longer. Returns the facts of the event: which they are, and which still are."""
        temporary, done = list(self.temporary_steps), {one.pk for one in undone}
        if done - {one.pk for one in temporary}:
            raise Invalid(undone=self.NOT_TEMPORARY)
        self.steps.filter(pk__in=done).update(temporary=False)
        facts = {
            "undone": [one.as_fact for one in temporary if one.pk in done],
            "still_temporary": [one.as_fact for one in temporary if one.pk not in done],
        }
        return {name: steps for name, steps in facts.items() if steps}

    @verb
    def abandon(self, user: User, *, reason: str) -> None:
        """Any unfinished position -> abandoned. The event names the steps that are still temporary."""
        user.must_work()
        reason = required_reason(reason)
        self.lock()
        self.move(
            from_=self.UNFINISHED,
            to=self.Status.ABANDONED,
            allowed=self.must_be_assignee_or_lead,
            user=user,
            finished_at=clock.now(),
        )
        ApiToken.objects.end(self.pk)
        closed = self.handoffs.unclosed().close("abandoned")
        left = [one.as_fact for one in self.temporary_steps]
        self.record_event("session.abandoned", user, closed=closed, reason=reason, still_temporary=left)

    @verb
    def reopen(self, user: User, *, reason: str) -> None:
        """resolved, abandoned -> working; whoever reopens it works on it."""
        user.must_work()
        reason = required_reason(reason)
        self.lock()
        self.move(from_=self.FINISHED, to=self.Status.ACTIVE, user=user, assignee=user, finished_at=None)
        self.record_event("session.reopened", user, reason=reason)

    @verb
    def watch(self, user: User) -> None:
        """Be notified of what is said here, also where it was muted before. It is their own affair: no event."""
        user.must_work()
        SessionWatch.choose(self, user, muted=False)

    @verb
    def mute(self, user: User) -> None:
        """Be notified of nothing here any more but what is aimed at them."""
        user.must_work()
        SessionWatch.choose(self, user, muted=True)

    @verb
    def issue_script_token(self, user: User) -> str:
        """A key by which a script adds steps here as this person and does nothing else, for a day or until the session
        is finished. It is shown this once."""
        user.must_work()
        self.lock(unfinished=True)
        _token, key = ApiToken.issue(user, name=f"Script in session {self.pk}", days=1, session_id=self.pk)
        return key

    def permitted_for(self, user: User) -> set[str]:
        """The verbs to offer this person on this session now. It only fills the page: the verbs themselves decide."""
        if not user.is_engineer:
            return set()
        if self.is_finished:
            return {"reopen"}
        verbs = {"write"}
        if self.assignee_id == user.pk or user.is_lead:
            verbs |= {"resolve", "abandon"} | self._HANDING_OVER.get(self.status, set())
        if self.assignee_id == user.pk and self.status == self.Status.PAUSED:
            verbs.add("resume")
        return verbs

    _HANDING_OVER: ClassVar[dict[str, set[str]]] = {"active": {"park", "escalate"}, "paused": {"escalate"}}
