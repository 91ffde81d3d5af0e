"""The verbs of the ladder of an escalation that waits: step by time, hold and let go."""

from __future__ import annotations

from handoffs import ladder
from handoffs.models.opening import Opening
from resolutionflow.accounts.models import User
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid, WrongState
from resolutionflow.core.text import LINE, one_line
from resolutionflow.core.verbs import verb


class Laddering(Opening):
    """Whom it calls again while nobody claims it."""

    class Meta:
        abstract = True

    @verb
    def step(self) -> bool:
        """By time: call whom the steps name that are due, several as one. False when none is."""
        self.lock()  # a claim that commits first has it; one that comes later waits for what is begun here
        now = clock.now()
        if not self.is_open or self.ladder_at is None or self.ladder_at > now:
            return False
        due = [one.step for one in ladder.steps_left(self) if one.at <= now]
        self.ladder_until = now
        self._set(ladder_until=now, **ladder.planned(self))
        if not due:  # the account has another ladder by now
            return False
        called = [{name: step[name] for name in ("whom", "id", "name") if name in step} for step in due]
        unique = [one for n, one in enumerate(called) if one not in called[:n]]
        waited = int((now - self.open_since).total_seconds() // 60)
        self.record_event("handoff.stepped", None, called=unique, waited=waited, priority=self.priority_word)
        return True

    @verb
    def hold(self, user: User, *, reason: str) -> None:
        """Let the ladder of this card call nobody until somebody lets it go; by the sender, the holder or a lead."""
        user.must_work()
        self._must_be_sides(user, "hold the ladder")
        reason = one_line(reason)
        if not reason:
            raise Invalid(reason="Say why nobody should be called.")
        if len(reason) > LINE:
            raise Invalid(reason=f"One line of at most {LINE} characters.")
        self._must_wait()
        if self.ladder_held_by is not None:
            raise WrongState(f"{self.ladder_held_by.name} holds it already.")
        self._show(ladder_held_at=clock.now())
        held = {"ladder_held_by": user, "ladder_held_at": self.ladder_held_at, "ladder_held_why": reason}
        self._set(**held, **ladder.planned(self))
        self.record_event("handoff.held", user, held=True, reason=reason)

    @verb
    def let_go(self, user: User) -> None:
        """Let the ladder go on: what was due meanwhile calls once. By the sender, the holder or a lead."""
        user.must_work()
        self._must_be_sides(user, "let the ladder go on")
        self._must_wait()
        if self.ladder_held_at is None:
            raise WrongState("Nobody holds it.")
        self._show(ladder_held_at=None)
        self._set(ladder_held_by=None, ladder_held_at=None, ladder_held_why="", **ladder.planned(self))
        self.record_event("handoff.held", user, held=False)
