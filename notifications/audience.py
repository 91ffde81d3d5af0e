"""Who is notified of which event, and why: one rule for each kind of event (docs/product.md lists them).

Never the person who did it, viewers, deactivated people or anybody of another account; nor who has muted the session,
but of what is aimed at them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.db.models import Q

from handoffs.models import Handoff
from notifications import wording
from notifications.models import CALLS, SENT_TO_EVERYONE, Notification, Scope, claim_of, undone_by, was_undone
from resolutionflow.accounts.models import Event, Priority, User, UserQuerySet, Whom
from resolutionflow.core import clock
from sessions_app.models import Session, SessionWatch

Cause = Notification.Cause


@dataclass(frozen=True)
class Why:
    """A reason to notify somebody: `phrase` continues "because". `scope`: how near it is to them; what is aimed at them
    in person comes through where they have muted the session. `mailed`: not in the bell alone."""

    phrase: str
    scope: Scope = Scope.MINE
    cause: Cause = Cause.RULE
    mailed: bool = True

    @property
    def aimed(self) -> bool:
        return self.scope == Scope.AIMED


Whys = dict[int, Why]  # by person
STEPPED = "handoff.stepped"  # by the ladder, which calls the same people again
ONE_LINE = ("delivery.failed", "ticket.update_failed")  # while it is unread no other is written
MENTIONED = Why("you are mentioned in it", scope=Scope.AIMED, cause=Cause.MENTION)
ASKED = Why("you were asked", scope=Scope.AIMED, cause=Cause.MENTION)
WATCHED = Why("you watch this session", cause=Cause.WATCH, mailed=False)
TO_EVERYONE = Why(SENT_TO_EVERYONE, scope=Scope.EVERYONE)


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
    why: Why


def audience_of(context: EventContext) -> list[Recipient]:
    """Everybody to notify of this event, each once, with the reason."""
    rule = RULES.get(context.event.kind)
    whys = _with_mentions(context, rule(context) if rule else {})
    # what is said to somebody is no second call: they are told of it, whatever line they have
    known = {pk for pk in _notified_already(context) if pk in whys and whys[pk].cause != Cause.MENTION}
    people = _members(context).filter(pk__in=whys.keys() - {context.event.actor_id} - _muted(context, whys) - known)
    return [Recipient(user, whys[user.pk]) for user in people]


def _with_mentions(context: EventContext, whys: Whys) -> Whys:
    """These people and those whom the text mentions, which is their reason unless it is aimed at them anyway."""
    mentioned = dict.fromkeys(context.event.facts.get("mentioned") or (), MENTIONED)
    return {**whys, **mentioned, **{pk: why for pk, why in whys.items() if why.aimed}}


def _muted(context: EventContext, whys: Whys) -> set[int]:
    """Those of them who have muted the session, where it is not aimed at them."""
    watches = SessionWatch.objects.muted().filter(session=context.session, user__in=whys)
    return {pk for pk in watches.values_list("user_id", flat=True) if not whys[pk].aimed} if whys else set()


def is_for_everybody(context: EventContext) -> bool:
    """Whether the event calls everybody who may claim; then the account's shared channels are notified, too. An undo
    calls nobody anew, nor does another priority: what it made wait has left, or leaves now. The ladder names whom it
    calls."""
    calls_anew = CALLS - {"handoff.claim_undone", "handoff.reprioritised", STEPPED}
    return context.event.kind in calls_anew and not _aimed_at(context)


def _members(context: EventContext) -> UserQuerySet:
    return User.objects.filter(account_id=context.event.account_id).engineers()


def _notified_already(context: EventContext) -> Iterable[int]:
    """The ids of people with an open bell line that says the same: a call to this handoff, or what failed."""
    if context.handoff is not None and context.handoff.pk is None:  # nothing has happened yet: preview.py
        return []
    if context.event.kind == STEPPED:
        return []
    lines = Notification.objects.filter(handoff=context.handoff, session=context.session)
    if context.event.kind in CALLS:
        undone = undone_by(context.event)
        now = claim_of(context.handoff) if context.handoff else None
        may_wait = Q(done_at=None) | Q(settled_by__in=filter(None, (undone, now)))  # what a claim settled an undo opens
        called = lines.filter(may_wait, event__kind__in=CALLS).values_list("user_id", flat=True)
        if undone is not None:
            return called
        said = Q(cause=Cause.MENTION, read_at__isnull=False)  # a claim does not settle it: it may be of before one
        if context.event.kind == "handoff.widened" and context.handoff and context.handoff.target_team:
            said &= ~Q(user__in=context.handoff.team_takers())  # nobody has claimed it since it called its team
        return called.exclude(said)
    if context.event.kind in ONE_LINE:
        unread = lines.filter(event__kind=context.event.kind, read_at=None, done_at=None)
        return unread.values_list("user_id", flat=True)
    return []


# --- the rules ---------------------------------------------------------------------------------


def _called(context: EventContext) -> Whys:
    """The target, or the engineers of the target team; everybody who may claim where there is none, it has widened, or
    nobody is left there."""
    return _aimed_at(context) or {**_sender_and_holder(context), **_everybody_else(context)}


def _aimed_at(context: EventContext) -> Whys:
    handoff = context.handoff
    if handoff is None or (handoff.widened_at is not None and context.event.kind != "handoff.escalated"):
        return {}
    if handoff.target_user is not None:
        return _aimed(handoff.target_user.pk, "it is for you") if handoff.target_user.is_engineer else {}
    if handoff.target_team is not None:
        why = Why(f"it is for your team {handoff.target_team.name}", scope=Scope.TEAMS)
        return dict.fromkeys(handoff.team_takers().values_list("pk", flat=True), why)
    return {}


def _everybody_else(context: EventContext) -> Whys:
    """Nearer to whoever watches the session, or is in its team."""
    known, session = _sender_and_holder(context), context.session
    everybody = _members(context).values_list("pk", flat=True)
    near: Whys = {}
    if session is not None and session.team_id is not None:
        team = _members(context).filter(teams=session.team_id).values_list("pk", flat=True)
        near |= dict.fromkeys(team, replace(TO_EVERYONE, scope=Scope.TEAMS))
    if session is not None:
        near |= dict.fromkeys(SessionWatch.watchers(session), replace(TO_EVERYONE, scope=Scope.MINE))
    return {pk: near.get(pk, TO_EVERYONE) for pk in everybody if pk not in known}


def _sender_and_holder(context: EventContext) -> Whys:
    """Sender and holder: who escalated it, and who worked on it before."""
    if context.handoff is None:
        return {}
    return {**_person(context.handoff.holder_id, "you worked on it"), **_sender(context)}


def _claimed(context: EventContext) -> Whys:
    """Sender and holder; nobody of a claim that was undone before anybody knew."""
    return {} if was_undone(context.event) else _sender_and_holder(context)


def _undone(context: EventContext) -> Whys:
    """Whom it calls, as before the claim: those who were called have their line again and hear nothing. Sender and
    holder see it wait again."""
    return _aimed_at(context) or _everybody_else(context)


def _raised(context: EventContext) -> Whys:
    """As for an escalation, where it is urgent now and waits: those of them who were not called yet."""
    handoff = context.handoff
    is_raised = context.event.facts.get("priority") == Priority.URGENT.word
    return _called(context) if is_raised and handoff is not None and handoff.is_open and handoff.is_urgent else {}


def _stepped(context: EventContext) -> Whys:
    """Whom the steps name, each by the nearest of their reasons; of a team, or on shift, only who can claim it."""
    whys: Whys = {}
    for called in context.event.facts.get("called") or ():
        for pk, why in _called_by_ladder(context, called["whom"], called.get("id")).items():
            whys[pk] = min(why, whys.get(pk, why), key=lambda one: one.scope)
    return whys


def _called_by_ladder(context: EventContext, whom: str, pk: int | None) -> Whys:
    everybody = _members(context)
    match whom:
        case Whom.LEADS:
            return _named(everybody.leads(), "nobody has claimed it and you are a lead")
        case Whom.PERSON if pk is not None:
            return _named(everybody.filter(pk=pk), "nobody has claimed it and you are next")
        case Whom.TARGET if context.handoff is not None and context.handoff.target_user_id is not None:
            aimed = everybody.filter(pk=context.handoff.target_user_id)
            return _named(aimed, "nobody has claimed it and it was sent to you")
        case Whom.TARGET if context.handoff is not None and context.handoff.target_team is not None:
            why = Why("nobody has claimed it and it was sent to your team", scope=Scope.TEAMS)
            return dict.fromkeys(context.handoff.team_takers().values_list("pk", flat=True), why)
        case Whom.TEAM:
            why = Why("nobody has claimed it and your team is next", scope=Scope.TEAMS)
            return dict.fromkeys(_who_can_claim(context).filter(teams=pk).values_list("pk", flat=True), why)
        case Whom.ON_SHIFT:
            near = {**_everybody_else(context), **_aimed_at(context)}
            here = _who_can_claim(context).on_shift().values_list("pk", flat=True)
            phrase = "nobody has claimed it and you are on shift"
            return {pk: Why(phrase, scope=near[pk].scope if pk in near else Scope.EVERYONE) for pk in here}
    return {}


def _named(people: UserQuerySet, phrase: str) -> Whys:
    """These people, each of whom it is aimed at."""
    return dict.fromkeys(people.values_list("pk", flat=True), Why(phrase, scope=Scope.AIMED))


def _who_can_claim(context: EventContext) -> UserQuerySet:
    """Not sender and holder; while it is kept for its target, that and leads."""
    people, handoff = _members(context).exclude(pk__in=_sender_and_holder(context)), context.handoff
    if handoff is None or handoff.widens_at is None or handoff.widens_at <= clock.now():
        return people
    return people.filter(pk__in={*_aimed_at(context), *_members(context).leads().values_list("pk", flat=True)})


def channels_called_by(event: Event) -> list[int]:
    """The ids of the channels that the ladder calls by this event."""
    return [one["id"] for one in event.facts.get("called") or () if one["whom"] == Whom.CHANNEL]


def _sender(context: EventContext) -> Whys:
    return _person(context.handoff.sender_id if context.handoff else None, "you escalated it")


def _person(pk: int | None, phrase: str) -> Whys:
    return {} if pk is None else {pk: Why(phrase)}


def _aimed(pk: int | None, phrase: str) -> Whys:
    return {} if pk is None else {pk: Why(phrase, scope=Scope.AIMED)}


def _superseded(context: EventContext) -> Whys:
    """The sender of a claim that this event closed on the way."""
    closed = context.event.facts.get("closed") or {}
    return _person(closed.get("sender"), "you escalated it") if closed.get("status") == "claimed" else {}


def _escalated(context: EventContext) -> Whys:
    return {**_called(context), **_superseded(context)}


def _released(context: EventContext) -> Whys:
    """As for an escalation, but not the person who had the claim: what they gave back does not call them."""
    return {pk: why for pk, why in _called(context).items() if pk != context.fact("claimed_by")}


def _returned(context: EventContext) -> Whys:
    """The holder; and, where the sender or holder took it back, the person who had claimed it."""
    holder = context.handoff.holder_id if context.handoff else None
    to = {**_aimed(holder, "you worked on it"), **_aimed(context.fact("to_user"), "it is yours again")}
    return {**_person(context.fact("claimed_by"), "you had claimed it"), **to}


def _passed_on(context: EventContext) -> Whys:
    """The sender, the former claimer and the new one."""
    return {
        **_sender(context),
        **_person(context.fact("from_user"), "you had claimed it"),
        **_aimed(context.fact("to_user"), "it is yours now"),
    }


def _finished(context: EventContext) -> Whys:
    """The senders and claimers of all handoffs of the session; who did several of it reads that they escalated it."""
    if context.session is None:
        return {}
    sides = list(Handoff.objects.filter(session=context.session).values_list("intent", "sender_id", "claimed_by_id"))
    parked = {sender: Why("you parked it") for intent, sender, _claimer in sides if intent == Handoff.Intent.PARK}
    claimed = {claimer: Why("you claimed it") for _intent, _sender, claimer in sides if claimer}
    sent = {sender: Why("you escalated it") for intent, sender, _claimer in sides if intent == Handoff.Intent.ESCALATE}
    return {**parked, **claimed, **sent}


def _claimer(context: EventContext) -> Whys:
    """The claimer; nobody where they have worked on it since the reminder or somebody else has it: then that lease is
    over."""
    reminded = context.handoff is not None and context.handoff.reminded_at is not None
    return _aimed(context.handoff.claimed_by_id if context.handoff and reminded else None, "you have claimed it")


def _woken(context: EventContext) -> Whys:
    return _aimed(context.handoff.sender_id if context.handoff else None, "you parked it")


def _said(context: EventContext) -> Whys:
    """The people whom a message asks; and those who watch the session, whoever works on it among them, and have no
    unread line about it yet, of what a person wrote."""
    asked = dict.fromkeys(wording.asked_by(context.event), ASKED)
    if context.session is None or context.event.actor_id is None:
        return asked
    unread = Notification.objects.watched(context.session).values_list("user_id", flat=True)
    return {**dict.fromkeys(SessionWatch.watchers(context.session) - set(unread), WATCHED), **asked}


def _not_delivered(context: EventContext) -> Whys:
    """The sender, the person who asked for the note or whose verb it followed from, and the leads."""
    leads = _members(context).leads().values_list("pk", flat=True)
    asked = _aimed(context.fact("requested_by"), "it was sent for you")
    sender = _aimed(context.handoff.sender_id if context.handoff else None, "you escalated it")
    return {**dict.fromkeys(leads, Why("you are a lead", scope=Scope.EVERYONE)), **asked, **sender}


def _admins(context: EventContext) -> Whys:
    """Owners and admins, who can mend it."""
    return _named(_members(context).filter(role__in=User.ADMIN_ROLES), "you administer the account")


# A rule that is new says whom it is aimed at (Scope.AIMED): tests/notifications/test_muting.py asks.
RULES: dict[str, Callable[[EventContext], Whys]] = {
    "handoff.parked": _superseded,
    "handoff.escalated": _escalated,
    "handoff.released": _released,
    "handoff.widened": _called,
    "handoff.expired": _called,
    "handoff.claim_undone": _undone,
    "handoff.reprioritised": _raised,
    STEPPED: _stepped,
    "handoff.claimed": _claimed,
    "handoff.returned": _returned,
    "handoff.transferred": _passed_on,
    "handoff.taken_over": _passed_on,
    "handoff.woken": _woken,
    "handoff.expiring": _claimer,
    "handoff.read_back": _sender_and_holder,
    "message.added": _said,
    "session.resolved": _finished,
    "session.abandoned": _finished,
    "note.failed": _not_delivered,
    "ticket.update_failed": _not_delivered,
    "time.failed": _not_delivered,
    "delivery.failed": _not_delivered,
    "connection.refused": _admins,
    "channel.failed": _admins,
    "ai.budget": _admins,
}
