"""How a claim ends before its session does: release, return, transfer, take over."""

from __future__ import annotations

from handoffs.models.fields import HandoffFields
from resolutionflow.accounts.models import User
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid, NotAllowed, WrongState
from resolutionflow.core.text import clean
from resolutionflow.core.verbs import verb
from sessions_app.models import Session


class GivingBack(HandoffFields):
    """Verbs that pass a claim on."""

    class Meta:
        abstract = True

    # giving back

    @verb
    def release(self, user: User | None, *, reason: str = "") -> None:
        """claimed -> waiting, open to everybody, at its old place in the queue. `user` None: by time, or because the
        claimer left."""
        if user is not None:
            user.must_work()
        self.lock()
        if user is not None:
            self._must_be_claimer(user)
        self.must_be_claimed()
        released = self.claimed_by_id
        now = clock.now()
        self._back_to_queue(open_since=now, widened_at=now, ladder_until=None)
        self.record_reason("handoff.released", user, reason, claimed_by=released)

    @verb
    def release_of_gone(self) -> bool:
        """Release a claim whose claimer has left. False where somebody who is here has it by now."""
        self.lock()
        if not self.is_claimed or self.claimed_by is None or self.claimed_at is None:
            return False
        if not self.claimed_by.has_left(self.claimed_at):
            return False
        self.release(None, reason=f"{self.claimed_by} {self._why_gone(self.claimed_by)}.")
        return True

    @staticmethod
    def _why_gone(claimer: User) -> str:
        if claimer.is_engineer:
            return "went off shift"
        return "only reads here now" if claimer.is_active else "was deactivated"

    @verb
    def return_(self, user: User, *, reason: str) -> None:
        """claimed -> working, back with the holder. The reason says what they should do."""
        user.must_work()
        if not clean(reason):
            raise Invalid(reason="Say why it comes back.")
        self.lock()
        self._must_be_claimer(user)
        if self.holder is None or not self.holder.is_engineer:
            raise WrongState("The person it came from can no longer work on it: release it instead.")
        self._give_back(user, to=self.holder, reason=reason)

    @verb
    def transfer(self, user: User, *, to: User, reason: str = "") -> None:
        """claimed -> claimed by `to`; by the claimer or a lead."""
        user.must_work()
        self.lock()
        self.must_be_claimed()
        if self.claimed_by_id != user.pk and not user.is_lead:
            raise NotAllowed("Only the person who claimed it or a lead can transfer it.")
        if to.account_id != self.account_id or not to.is_engineer:
            raise Invalid(to="Choose an active engineer of this account.")
        if to.pk == self.claimed_by_id:
            raise Invalid(to=f"{to.name} has it already.")
        if self.is_of(to):
            raise WrongState(f"It came from {to.name}: return it instead.")
        former = self.claimed_by_id
        self._claim_for(to)
        self.record_reason("handoff.transferred", user, reason, from_user=former, to_user=to.pk)

    @verb
    def take_over(self, user: User, *, reason: str) -> None:
        """claimed by another -> claimed by this lead. By the sender or holder it is a return to them."""
        user.must_work()
        user.must_lead()
        if not clean(reason):
            raise Invalid(reason="Say why you take it over.")
        self.lock()
        self.must_be_claimed()
        if self.claimed_by_id == user.pk:
            raise WrongState("You have it already.")
        if self.is_of(user):
            self._give_back(user, to=user, reason=reason)
            return
        former = self.claimed_by_id
        self._claim_for(user)
        self.record_reason("handoff.taken_over", user, reason, from_user=former, to_user=user.pk)

    def _claim_for(self, to: User) -> None:
        self._move_session(Session.Status.ACTIVE, Session.Status.ACTIVE, assignee=to)
        self._set(claimed_by=to, claimed_at=clock.now(), read_back="", undo_until=None, **self._lease(self.account))
        self._renew_stale_summary()

    def _give_back(self, user: User, *, to: User, reason: str) -> None:
        former = self.claimed_by_id
        self._move_session(Session.Status.ACTIVE, Session.Status.ACTIVE, assignee=to)
        self._set(status=self.Status.CLOSED, closed_reason=self.ClosedReason.RETURNED, **self.NO_LEASE)
        self.record_reason("handoff.returned", user, reason, claimed_by=former, to_user=to.pk)
