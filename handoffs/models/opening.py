"""The verbs of a handoff before it is claimed: park and wake; escalate, widen, reprioritise, withdraw."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from handoffs import ladder
from handoffs.models.fields import HandoffFields
from handoffs.models.summary import Summary
from handoffs.snapshot import snapshot_of
from resolutionflow.accounts.models import Event, Priority, Team, User
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid, WrongState
from resolutionflow.core.text import clean, one_line
from resolutionflow.core.verbs import verb
from sessions_app import ai_words
from sessions_app.models import Session

LONGEST_PARK = timedelta(days=5 * 366)


class Opening(HandoffFields):
    """Verbs before somebody claims."""

    class Meta:
        abstract = True

    # park

    @classmethod
    @verb
    def park(cls, session: Session, user: User, *, notes: str = "", wake_at: datetime | None = None) -> Self:
        """working, claimed -> parked. `wake_at` None means no time on purpose; the form makes people choose."""
        user.must_work()
        if wake_at and wake_at - clock.now() > LONGEST_PARK:
            raise Invalid(wake_at="Choose a time within five years.")
        session.lock()
        frozen = snapshot_of(session)
        session.move(
            from_=[Session.Status.ACTIVE],
            to=Session.Status.PAUSED,
            user=user,
            allowed=session.must_be_assignee_or_lead,
            handoff_count=session.handoff_count + 1,
        )
        closed = session.handoffs.unclosed().close(cls.ClosedReason.SUPERSEDED)
        parked = cls(
            account_id=session.account_id,
            session=session,
            intent=cls.Intent.PARK,
            notes=clean(notes),
            sender=user,
            holder_id=session.assignee_id,
            source_branch_id=session.active_branch_id,
            snapshot=frozen,
            wake_at=wake_at,
        )
        parked.save(force_insert=True)
        wakes = clock.iso(wake_at) if wake_at else None
        mentioned = parked._mentioned(user, parked.notes)
        parked.record_event("handoff.parked", user, closed=closed, wake_at=wakes, **mentioned)
        return parked

    @verb
    def wake(self) -> bool:
        """By time: notify the person who parked it, once. Nothing resumes by itself. False when not due."""
        woken = type(self).objects.to_wake(clock.now()).filter(pk=self.pk).update(woken_at=clock.now())
        if woken:
            self.record_event("handoff.woken", None)
        return bool(woken)

    # escalate

    @classmethod
    @verb
    def escalate(
        cls,
        session: Session,
        user: User,
        *,
        notes: str,
        priority: int = Priority.NORMAL,
        target_user: User | None = None,
        target_team: Team | None = None,
        **lines: str,
    ) -> Self:
        """working, parked, claimed -> waiting. The assignee becomes the holder, who gets the work when it is
        returned. `lines`: any of LINES; a contact is written to the session too."""
        user.must_work()
        if not clean(notes):
            raise Invalid(notes="Say why you are escalating: it is the first thing your colleague reads.")
        lines = {name: one_line(text) for name, text in lines.items()}
        session.lock()
        was = session.contact
        cls._check_target(session, user, target_user, target_team)
        frozen = {**snapshot_of(session), **{name: text for name, text in lines.items() if text}}
        session.move(
            from_=[Session.Status.ACTIVE, Session.Status.PAUSED],
            to=Session.Status.ESCALATED,
            user=user,
            allowed=session.must_be_assignee_or_lead,
            handoff_count=session.handoff_count + 1,
            contact=lines.get("contact", session.contact),
        )
        closed = session.handoffs.unclosed().close(cls.ClosedReason.SUPERSEDED)
        now = clock.now()
        kept = timedelta(minutes=session.account.widen_after) if target_user or target_team else None
        waiting = cls(
            account=session.account,
            session=session,
            intent=cls.Intent.ESCALATE,
            notes=clean(notes),
            **lines,
            priority=priority,
            sender=user,
            holder_id=session.assignee_id,
            target_user=target_user,
            target_team=target_team,
            source_branch_id=session.active_branch_id,
            snapshot=frozen,
            **dict.fromkeys(("created_at", "opened_at", "open_since"), now),
            directed_until=now + kept if kept else None,
        )
        waiting._show(**ladder.planned(waiting))
        waiting.save(force_insert=True)
        if not ai_words.switched_off(session.account):
            Summary.objects.create(account_id=session.account_id, handoff_id=waiting.pk).nudge_worker()
        said: dict[str, Any] = {"before": {"contact": was}} if was and was != session.contact else {}
        aimed = {"target_user": waiting.target_user_id, "target_team": waiting.target_team_id}
        said |= waiting._mentioned(user, waiting.notes)
        waiting.record_event(
            "handoff.escalated", user, closed=closed, priority=Priority(priority).word, **aimed, **said
        )
        return waiting

    @verb
    def widen(self) -> bool:
        """By time: open a directed handoff to everybody, and notify those who have not been yet. False when not due."""
        now = clock.now()
        if not type(self).objects.to_widen(now).filter(pk=self.pk).exists():
            return False
        # Checked again on this row alone: after waiting for a claim PostgreSQL does not evaluate a subquery again.
        mine = type(self).objects.filter(pk=self.pk, status=self.Status.OPEN, widened_at=None)
        widened = mine.update(widened_at=now)
        if widened:
            self.record_event("handoff.widened", None)
        return bool(widened)

    @verb
    def reprioritise(self, user: User, *, priority: int) -> None:
        """Change the priority of an unclosed handoff; by the sender, the holder or a lead."""
        user.must_work()
        self._must_be_sides(user, "change the priority")
        self.lock()
        if self.is_closed:
            raise WrongState(self._where())
        if self.priority == priority:
            return
        before, self.priority = Priority(self.priority), priority
        if priority < before:
            self.ladder_until = self._stepped_at(priority)  # what the steeper ladder has missed is made up for
        planned = {"ladder_until": self.ladder_until, **ladder.planned(self)}
        lease = self._lease(self.account) if self.is_claimed else {}
        self._set(priority=priority, undo_until=None, **planned, **lease)
        self.record_event("handoff.reprioritised", user, before=before.word, priority=Priority(priority).word)

    def _stepped_at(self, priority: int) -> datetime | None:
        """When the ladder of this priority has called last since it was opened to be claimed: it may have been lowered
        since."""
        steps = Event.objects.filter(handoff_id=self.pk, kind="handoff.stepped", at__gte=self.open_since)
        mine = steps.filter(facts__priority=Priority(priority).word)
        return mine.order_by("-seq").values_list("at", flat=True).first()

    @verb
    def change(self, user: User, **fields: str) -> None:
        """Correct the notes and any of LINES while it waits, by the sender, the holder or a lead. Old values go into
        the event; a contact is written to the session too; the snapshot stays as it was."""
        user.must_work()
        self._must_be_sides(user, "correct it")
        self._must_wait()
        fields = {name: clean(text) if name == "notes" else one_line(text) for name, text in fields.items()}
        if not fields.get("notes", "-"):
            raise Invalid(notes="Say why you are escalating: it is the first thing your colleague reads.")
        written = {name: getattr(self, name) for name in fields}
        known = written | {"contact": self.session.contact}  # the one that counts
        changed = {name: text for name, text in fields.items() if not text == written[name] == known[name]}
        if not changed:
            return
        before = {name: known[name] for name in changed}
        self._set(**changed)
        if changed.get("contact", known["contact"]) != known["contact"]:
            self.session.contact = changed["contact"]
            self.session.touch("contact")
        mentioned = self._mentioned(user, self.notes, before=written["notes"]) if "notes" in changed else {}
        self.record_event("handoff.changed", user, before=before, after=changed, **mentioned)

    @verb
    def correct(self, user: User, *, priority: int | None = None, **fields: str) -> None:
        """reprioritise() and change() as one verb: both, or neither."""
        if priority is not None:
            self.reprioritise(user, priority=priority)
        if fields:
            self.change(user, **fields)

    @verb
    def withdraw(self, user: User, *, reason: str = "") -> None:
        """waiting -> working, back with the holder; by the sender, the holder or a lead. The card leaves every
        queue."""
        user.must_work()
        self._must_be_sides(user, "withdraw it")
        self._must_wait()
        self._move_session(Session.Status.ESCALATED, Session.Status.ACTIVE, assignee=self.holder)
        self._set(status=self.Status.CLOSED, closed_reason=self.ClosedReason.WITHDRAWN)
        self.record_reason("handoff.withdrawn", user, reason)

    def _must_wait(self) -> None:
        """Lock, as `lock()`; WrongState unless it is an escalation that nobody has claimed."""
        self.lock()
        if not (self.is_open and self.intent == self.Intent.ESCALATE):
            raise WrongState(self._where())

    @staticmethod
    def _check_target(session: Session, user: User, target_user: User | None, target_team: Team | None) -> None:
        if target_user is not None and target_team is not None:
            raise Invalid(target_user="Choose a person or a team, not both.")
        if target_team is not None and target_team.account_id != session.account_id:
            raise Invalid(target_team="There is no such team in this account.")
        if target_user is None:
            return
        if target_user.account_id != session.account_id or not target_user.is_engineer:
            raise Invalid(target_user="Choose an active engineer of this account.")
        if target_user.pk == user.pk:
            raise Invalid(target_user="You cannot escalate to yourself: park it instead.")
        if target_user.pk == session.assignee_id:
            raise Invalid(target_user=f"{target_user.name} is working on it already.")
