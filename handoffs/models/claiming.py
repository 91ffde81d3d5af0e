"""The verbs of a claim: claim, undo, extend, remind, expire, and the claimer's read-back."""

from __future__ import annotations

from datetime import timedelta

from handoffs.brief.text import brief_as_text
from handoffs.models.fields import HandoffFields
from resolutionflow.accounts.models import User
from resolutionflow.core import clock
from resolutionflow.core.refusals import AlreadyClaimed, Directed, Invalid, NotAllowed, WrongState
from resolutionflow.core.text import LINE, one_line
from resolutionflow.core.verbs import verb
from sessions_app.models import Session

UNDO_WITHIN = timedelta(seconds=60)
EXTENDED_JUST_NOW = timedelta(minutes=1)  # a lease that would end within so much of where it does was extended just now


class Claiming(HandoffFields):
    """Verbs of the claimer, and those that time does to a claim."""

    class Meta:
        abstract = True

    # claim and undo

    @verb
    def claim(self, user: User, *, analysis: bool = False) -> None:
        """waiting -> claimed. One wins, for the others AlreadyClaimed. To claim again what is mine changes nothing.

        `analysis` puts the summary, or the brief until the summary is ready, into the conversation: "Start from an
        analysis".
        """
        user.must_work()
        self._must_not_be_own(user)
        written = self._analysis() if analysis else ""  # reads the whole record: before any row is locked
        now = clock.now()
        moved = Session.objects.filter(pk=self.session_id, status=Session.Status.ESCALATED).update(
            status=Session.Status.ACTIVE, assignee=user, updated_at=now
        )
        # What the page knew may be old: an undo keeps it for its target again, a new priority has another lease.
        self.refresh_from_db(fields=["status", "priority", "directed_until", "widened_at"])
        self.takers = None
        if self.is_open:
            self._must_be_open_to(user)
        assert user.account is not None
        leased = {**self._lease(user.account), "undo_until": now + UNDO_WITHIN}
        won = moved and type(self).objects.filter(pk=self.pk).waiting().order_by().update(
            status=self.Status.CLAIMED, claimed_by=user, claimed_at=now, **leased
        )
        if not won:
            self._lost_to(user)
            return
        self._show(status=self.Status.CLAIMED, claimed_by=user, claimed_at=now, **leased)
        self.session.status, self.session.assignee, self.session.updated_at = Session.Status.ACTIVE, user, now
        if analysis:
            self.session.add_message(None, content=written, role="system")
        self.record_event("handoff.claimed", user)

    def _analysis(self) -> str:
        """What "Start from an analysis" writes into the conversation: the summary when it is ready, and the brief."""
        brief = brief_as_text(self.brief())
        version = self.summary_version
        return f"{version.as_text()}\n\n{brief}" if version else brief

    def _lost_to(self, user: User) -> None:
        """The UPDATE matched no row: raise a refusal that says who has it. Raising undoes what this transaction
        changed."""
        self.refresh_from_db()
        if self.is_claimed and self.claimed_by_id == user.pk:
            return
        if self.is_claimed and self.claimed_by and self.claimed_at:
            raise AlreadyClaimed(self.claimed_by.pk, self.claimed_by.name, self.claimed_at, session_id=self.session_id)
        raise WrongState(self._where())

    @verb
    def undo(self, user: User) -> None:
        """claimed -> waiting, by the claimer, within 60 seconds and before anything else happened to it."""
        user.must_work()
        self.lock()
        self._must_be_claimer(user)
        if self.undo_until is None:
            raise WrongState("More has happened since the claim. Release it instead.")
        if not self.can_be_undone:
            raise WrongState("The minute for undoing is over. Release it instead.")
        self._back_to_queue()
        self.record_event("handoff.claim_undone", user)

    def _must_not_be_own(self, user: User) -> None:
        if self.is_of(user):
            raise NotAllowed("You escalated this yourself. Withdraw it to work on it again.")

    def _must_be_open_to(self, user: User) -> None:
        target = self.kept_for(user)
        if target is not None and self.widens_at is not None:
            raise Directed(target.pk, target.name, self.widens_at)

    # the lease of a claim

    @verb
    def extend(self, user: User) -> None:
        """Start the lease anew, by the claimer ("I'm still working on this"), as any work on the session does."""
        user.must_work()
        self.lock()
        self._must_be_claimer(user)
        leased = self._lease(self.account)
        until = leased["lease_until"]
        if until is None:
            raise WrongState("A claim of this priority does not run out.")
        if self.lease_until is not None and abs(until - self.lease_until) < EXTENDED_JUST_NOW:
            return
        self._set(**leased, undo_until=None)
        self.record_event("handoff.extended", user, lease_until=clock.iso(until))

    def renew(self) -> None:
        """Start the lease anew as part of a verb by which the claimer worked on the session; that verb leaves the
        event."""
        self._set(**self._lease(self.account))

    @verb
    def start_lease(self) -> bool:
        """By time: give a claim a lease where the account had none for it when it was claimed. False where there is
        nothing to do."""
        self.lock()
        until = self._lease(self.account)["lease_until"]
        if not self.is_claimed or self.lease_until is not None or until is None:
            return False
        self._set(**self._lease(self.account))
        self.record_event("handoff.extended", None, lease_until=clock.iso(until))
        return True

    @verb
    def remind(self) -> bool:
        """By time: notify the claimer that the lease is running out. False when not due."""
        now = clock.now()
        if not type(self).objects.to_remind(now).filter(pk=self.pk).exists():
            return False
        # Checked again on this row alone, as in widen(): the lease may have been renewed meanwhile.
        mine = type(self).objects.filter(
            pk=self.pk, status=self.Status.CLAIMED, remind_at__lte=now, reminded_at=None, lease_until__gt=now
        )
        if not mine.update(reminded_at=now):
            return False
        self.refresh_from_db(fields=["lease_until", "reminded_at"])
        assert self.lease_until is not None
        self.record_event("handoff.expiring", None, lease_until=clock.iso(self.lease_until))
        return True

    @verb
    def expire(self) -> bool:
        """claimed -> waiting, by time: nobody worked on it while its lease lasted. False when not due."""
        self.lock()
        now = clock.now()
        if not self.is_claimed or self.lease_until is None or self.lease_until > now:
            return False
        if self._lease(self.account)["lease_until"] is None:  # set to "never" since it was claimed
            self._set(**self._lease(self.account))
            return False
        lapsed, was = self.claimed_by, self.lease_until
        self._back_to_queue(open_since=now, widened_at=now, ladder_until=None)
        reason = f"The claim of {lapsed} ran out: nothing was done on it for as long as one lasts."
        self.record_event(
            "handoff.expired", None, reason=reason, claimed_by=lapsed and lapsed.pk, lease_until=clock.iso(was)
        )
        return True

    @verb
    def leave_read_back(self, user: User, *, text: str) -> None:
        """Store the claimer's next step, in one line: it shows the sender that the problem was understood."""
        user.must_work()
        text = one_line(text)
        if not text:
            raise Invalid(text="Say in one line what you do next.")
        if len(text) > LINE:
            raise Invalid(text=f"One line of at most {LINE} characters.")
        self.lock()
        self._must_be_claimer(user)
        if text == self.read_back:
            return
        self._set(**self._lease(self.account), read_back=text, undo_until=None)
        self.record_event("handoff.read_back", user, text=text)
