"""The verbs that the random walks try: by name, each a function of what it is done to, who does it, and another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from handoffs.models import Handoff
from handoffs.queue import bulk
from resolutionflow.accounts.models import Team, User
from resolutionflow.core import clock
from sessions_app.models import Session

PEOPLE = ["ana", "bo", "cy", "lea", "vic"]
WHOEVER = "whoever"  # works on it now: most verbs are theirs, and a walk should get somewhere

ON_SESSIONS: dict[str, Callable[[Session, User, User], Any]] = {
    "park": lambda s, u, o: Handoff.park(s, u, wake_at=clock.now() + timedelta(hours=3)),
    "park for ever": lambda s, u, o: Handoff.park(s, u),
    "escalate": lambda s, u, o: Handoff.escalate(s, u, notes="stuck", priority=o.pk % 4),
    "escalate to": lambda s, u, o: Handoff.escalate(s, u, notes="stuck", target_user=o),
    "escalate to team": lambda s, u, o: Handoff.escalate(
        s, u, notes="stuck", target_team=Team.objects.get(account=s.account_id)
    ),
    "resume": lambda s, u, o: s.resume(u),
    "resolve": lambda s, u, o: s.resolve(u, resolution="fixed"),
    "abandon": lambda s, u, o: s.abandon(u, reason="gone"),
    "reopen": lambda s, u, o: s.reopen(u, reason="back"),
    "add step": lambda s, u, o: s.add_step(u, text="try"),
    "change step": lambda s, u, o: s.steps.first() and s.steps.first().change(u, outcome="failed"),
    "say": lambda s, u, o: s.add_message(u, content="look at this"),
    "add branch": lambda s, u, o: s.add_branch(u, label="the router"),
}
ON_HANDOFFS: dict[str, Callable[[Handoff, User, User], Any]] = {
    "claim": lambda h, u, o: h.claim(u),
    "claim with analysis": lambda h, u, o: h.claim(u, analysis=True),
    "undo": lambda h, u, o: h.undo(u),
    "release": lambda h, u, o: h.release(u),
    "return": lambda h, u, o: h.return_(u, reason="no"),
    "transfer": lambda h, u, o: h.transfer(u, to=o),
    "take over": lambda h, u, o: h.take_over(u, reason="mine"),
    "withdraw": lambda h, u, o: h.withdraw(u),
    "reprioritise": lambda h, u, o: h.reprioritise(u, priority=o.pk % 4),
    "step": lambda h, u, o: h.step(),
    "hold": lambda h, u, o: h.hold(u, reason="the part is ordered"),
    "let go": lambda h, u, o: h.let_go(u),
    "extend": lambda h, u, o: h.extend(u),
    "read back": lambda h, u, o: h.leave_read_back(u, text=f"first I ask {o}"),
    "expire": lambda h, u, o: h.expire(),
    "remind": lambda h, u, o: h.remind(),
    "wake": lambda h, u, o: h.wake(),
    "widen": lambda h, u, o: h.widen(),
}
ON_PEOPLE: dict[str, Callable[[User], Any]] = {
    "go off shift": lambda u: u.go_off_shift(),
    "come back": lambda u: u.come_back(),
}
ON_SEVERAL: dict[str, Callable[[list[Handoff], User, User], Any]] = {
    "bulk priority": lambda hs, u, o: bulk.apply_to_each(hs, u, do="priority", fields={"priority": o.pk % 4}),
    "bulk transfer": lambda hs, u, o: bulk.apply_to_each(hs, u, do="transfer", fields={"to": o}),
    "bulk park": lambda hs, u, o: bulk.apply_to_each(
        hs, u, do="park", fields={"wake_at": clock.now() + timedelta(hours=3)}
    ),
}
SWEEP = "sweep"
# What ends a session comes less often than what hands it on.
OFTEN = [
    *ON_SESSIONS,
    *ON_PEOPLE,
    *ON_SEVERAL,
    *ON_HANDOFFS,
    *ON_HANDOFFS,
    SWEEP,
    SWEEP,
    *["reopen", "escalate", "claim"] * 3,
]
