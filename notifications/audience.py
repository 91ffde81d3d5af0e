"""Who is notified of which event, and why: one rule for each kind of event (docs/product.md lists them).

Never the person who did it, viewers, deactivated people or anybody of another account. A `why` is a phrase that
continues "because".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from handoffs.models import Handoff
from notifications.models import CALLS, SENT_TO_EVERYONE, Notification
from resolutionflow.accounts.models import Event, User, UserQuerySet
from sessions_app.models import Session

Whys = dict[int, str]  # person to phrase; the first phrase of a person stands


@dataclass(frozen=True)
class EventContext:
    """An event and what it is about, read when it is relayed."""

    event: Event
    session: Session | None
    handoff: Handoff | None

    def fact(self, name: str) -> int | None:
        value = self.event.facts.get(name)
        return value if isinstance(value, int) else None


@dataclass(frozen=True)
class Recipient:
    user: User
    why: str


def audience_of(scene: EventContext) -> list[Recipient]:
    """Everybody to notify of this event, each once, with the reason."""
    rule = RULES.get(scene.event.kind)
    whys = rule(scene) if rule else {}
    people = _members(scene).filter(pk__in=whys.keys() - {scene.event.actor_id})
    return [Recipient(user, whys[user.pk]) for user in people.exclude(pk__in=_told_already(scene))]


def is_for_everybody(scene: EventContext) -> bool:
    """Whether the event calls everybody who may claim; then the account's shared channels are notified, too."""
    return scene.event.kind in CALLS and not _aimed_at(scene)


def _members(scene: EventContext) -> UserQuerySet:
    return User.objects.filter(account_id=scene.event.account_id).engineers()


def _told_already(scene: EventContext) -> Iterable[int]:
    """The ids of people with an open bell line that says the same: a call to this handoff, or a failed delivery."""
    lines = Notification.objects.filter(handoff=scene.handoff, session=scene.session, done_at=None)
    if scene.event.kind in CALLS:
        return lines.filter(event__kind__in=CALLS).values_list("user_id", flat=True)
    if scene.event.kind == "delivery.failed":
        return lines.filter(event__kind="delivery.failed", read_at=None).values_list("user_id", flat=True)
    return []


# --- the rules ---------------------------------------------------------------------------------


def _called(scene: EventContext) -> Whys:
    """The target, or the engineers of the target team; everybody who may claim where there is none, it has widened, or
    nobody is left there."""
    return _aimed_at(scene) or {**_sides(scene), **_rest(scene)}


def _aimed_at(scene: EventContext) -> Whys:
    handoff = scene.handoff
    if handoff is None or (handoff.widened_at is not None and scene.event.kind != "handoff.escalated"):
        return {}
    if handoff.target_user is not None:
        return {handoff.target_user.pk: "it is for you"} if handoff.target_user.is_engineer else {}
    if handoff.target_team is not None:
        why = f"it is for your team {handoff.target_team.name}"
        return dict.fromkeys(handoff.team_takers().values_list("pk", flat=True), why)
    return {}


def _rest(scene: EventContext) -> Whys:
    known = _sides(scene)
    everybody = _members(scene).values_list("pk", flat=True)
    return {pk: SENT_TO_EVERYONE for pk in everybody if pk not in known}


def _sides(scene: EventContext) -> Whys:
    """Sender and holder: who escalated it, and who worked on it before."""
    if scene.handoff is None:
        return {}
    return {**_person(scene.handoff.holder_id, "you worked on it"), **_sender(scene)}


def _sender(scene: EventContext) -> Whys:
    return _person(scene.handoff.sender_id if scene.handoff else None, "you escalated it")


def _person(pk: int | None, why: str) -> Whys:
    return {} if pk is None else {pk: why}


def _superseded(scene: EventContext) -> Whys:
    """The sender of a claim that this event closed on the way."""
    closed = scene.event.facts.get("closed") or {}
    return _person(closed.get("sender"), "you escalated it") if closed.get("status") == "claimed" else {}


def _escalated(scene: EventContext) -> Whys:
    return {**_called(scene), **_superseded(scene)}


def _released(scene: EventContext) -> Whys:
    """As for an escalation, but not the person who had the claim: what they gave back does not call them."""
    return {pk: why for pk, why in _called(scene).items() if pk != scene.fact("claimed_by")}


def _returned(scene: EventContext) -> Whys:
    """The holder; and, where the sender or holder took it back, the person who had claimed it."""
    holder = scene.handoff.holder_id if scene.handoff else None
    to = {**_person(holder, "you worked on it"), **_person(scene.fact("to_user"), "it is yours again")}
    return {**_person(scene.fact("claimed_by"), "you had claimed it"), **to}


def _passed_on(scene: EventContext) -> Whys:
    """The sender, the former claimer and the new one."""
    return {
        **_sender(scene),
        **_person(scene.fact("from_user"), "you had claimed it"),
        **_person(scene.fact("to_user"), "it is yours now"),
    }


def _finished(scene: EventContext) -> Whys:
    """The senders and claimers of all handoffs of the session."""
    whys: Whys = {}
    sides = Handoff.objects.filter(session=scene.session).values_list("sender_id", "claimed_by_id")
    for sender, claimer in sides if scene.session else ():
        whys |= {**_person(claimer, "you claimed it"), **_person(sender, "you escalated it"), **whys}
    return whys


def _claimer(scene: EventContext) -> Whys:
    """The claimer; nobody where they have worked on it since the reminder or somebody else has it: then that lease is
    over."""
    reminded = scene.handoff is not None and scene.handoff.reminded_at is not None
    return _person(scene.handoff.claimed_by_id if scene.handoff and reminded else None, "you have claimed it")


def _woken(scene: EventContext) -> Whys:
    return _person(scene.handoff.sender_id if scene.handoff else None, "you parked it")


def _not_delivered(scene: EventContext) -> Whys:
    """The sender, the person who asked for the note or resolved the session, and the leads."""
    leads = _members(scene).leads().values_list("pk", flat=True)
    asked = _person(scene.fact("requested_by"), "it was sent for you")
    return {**dict.fromkeys(leads, "you are a lead"), **asked, **_sender(scene)}


RULES: dict[str, Callable[[EventContext], Whys]] = {
    "handoff.parked": _superseded,
    "handoff.escalated": _escalated,
    "handoff.released": _released,
    "handoff.widened": _called,
    "handoff.expired": _called,
    "handoff.claim_undone": _called,
    "handoff.claimed": _sides,
    "handoff.returned": _returned,
    "handoff.transferred": _passed_on,
    "handoff.taken_over": _passed_on,
    "handoff.woken": _woken,
    "handoff.expiring": _claimer,
    "handoff.read_back": _sides,
    "session.resolved": _finished,
    "session.abandoned": _finished,
    "note.failed": _not_delivered,
    "delivery.failed": _not_delivered,
}
