"""One of several processes that try verbs at random on the same sessions.

`python -m tests.handoffs.random_verbs.process ACCOUNT SEED SECONDS`.
Whatever is not a refusal ends it with a traceback.
"""

from __future__ import annotations

import random
import sys
import time

import django

django.setup()

from handoffs.models import Handoff  # noqa: E402
from notifications import sweep  # noqa: E402
from resolutionflow.accounts.models import User  # noqa: E402
from resolutionflow.core import clock  # noqa: E402
from resolutionflow.core.refusals import Refusal  # noqa: E402
from sessions_app.models import Session  # noqa: E402
from tests.handoffs.random_verbs.verbs import OFTEN, ON_HANDOFFS, ON_PEOPLE, ON_SESSIONS, ON_SEVERAL, SWEEP  # noqa: E402

TIME = "time passes"
LEAST = 120  # steps, however long they take: a busy machine takes few in the time


def walk(account_id: int, seed: int, seconds: float) -> None:
    chance, until = random.Random(seed), time.monotonic() + seconds
    people = list(User.objects.filter(account=account_id).order_by("pk"))
    sessions = list(Session.objects.filter(account=account_id).order_by("pk"))
    steps = 0
    while time.monotonic() < until or steps < LEAST:
        steps += 1
        try:
            step(chance, account_id, chance.choice(sessions).pk, chance.choice(people), chance.choice(people))
        except Refusal:
            continue


def step(chance: random.Random, account_id: int, session_id: int, actor: User, other: User) -> None:
    session = Session.objects.get(pk=session_id)
    verb = chance.choice([*OFTEN, TIME, TIME])
    if chance.random() < 0.4 and session.assignee is not None:  # as WHOEVER in the other walk
        actor = session.assignee
    if verb == TIME:
        pass_time(account_id)
    if verb in (TIME, SWEEP):
        sweep.sweep(sweep.do_it)
    elif verb in ON_PEOPLE:
        ON_PEOPLE[verb](User.objects.get(pk=actor.pk))
    elif verb in ON_SEVERAL:
        ON_SEVERAL[verb](list(Handoff.objects.visible_to(actor).with_people()[:4]), actor, other)
    elif verb in ON_SESSIONS:
        ON_SESSIONS[verb](session, actor, other)
    elif handoff := session.handoffs.first():
        time.sleep(chance.random() / 100)  # what they look at grows old
        ON_HANDOFFS[verb](handoff, actor, other)


def pass_time(account_id: int) -> None:
    """Whatever waits for its time is due."""
    now = clock.now()
    handoffs = Handoff.objects.filter(account=account_id)
    handoffs.claimed().filter(lease_until__isnull=False).update(lease_until=now, remind_at=now)
    handoffs.open().filter(wake_at__isnull=False).update(wake_at=now)
    handoffs.open().filter(directed_until__isnull=False).update(directed_until=now)


if __name__ == "__main__":
    walk(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
