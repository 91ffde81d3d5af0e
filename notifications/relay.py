"""The relay: makes of an event what people and the ticket get of it (bell lines, mails, the ticket note, status and
owner), exactly once per event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from handoffs.models import Handoff, Summary
from notifications import audience, calling_again, wording
from notifications.audience import EventContext, Recipient
from notifications.models import (
    BY_KIND,
    BY_NAME,
    CALLS,
    MESSAGES,
    QUESTION,
    Channel,
    Delivery,
    DeliveryQuerySet,
    Notification,
    Preference,
    Way,
    claim_of,
    undone_by,
)
from resolutionflow.accounts.models import Event, User
from resolutionflow.core import clock, nudges
from resolutionflow.core.verbs import verb
from sessions_app.models import PsaConnection, Session, TicketCopy

NOTE_WAITS = timedelta(seconds=60)  # for the summary; then the ticket note goes with what is there
# A mail about a mail that failed helps nobody; a read-back is good to know and asks for nothing.
BELL_ONLY = {"delivery.failed", "handoff.read_back", "ticket.update_failed"}
LADDERS_FOLLOW = {"ladder", "business_hours", "holidays", "time_zone"}  # fields of the account
# First words of the kinds that move or tell anybody; a step does where it mentions somebody.
SPEAKING = {"handoff", "session", "message", "summary", "note", "time", "delivery", "ticket"}


def relay(event_id: int) -> bool:
    """Notify everybody of this event. False where another worker has done so."""
    event = _relay(event_id)
    if event is not None and _has_left(event):
        _release_claims(event)
        _widen_without_takers(event)
    return event is not None


@verb
def _relay(event_id: int) -> Event | None:
    if not Event.objects.filter(pk=event_id, relayed_at=None).update(relayed_at=timezone.now()):
        return None
    event: Event = Event.objects.select_related("actor").get(pk=event_id)
    if event.session_id is not None and (event.kind.split(".")[0] in SPEAKING or event.facts.get("mentioned")):
        _wait_for_others_of_this_session(event)
        _relay_within_lock(_context_of(event))
    elif event.kind in audience.RULES:  # of no session: a digest that failed, a ticket system that refuses its key
        context = EventContext(event, None, None)
        _notify(context, audience.audience_of(context))
    elif event.kind == "member.deactivated":
        Delivery.objects.filter(recipient_id=event.facts.get("member")).cancel()
    elif event.kind == "member.changed" and event.facts.get("off_shift") is False:
        Delivery.objects.digests().filter(recipient_id=event.facts.get("member")).let_go()
    elif event.kind == "account.changed":
        _follow_account(event)
    _tell_webhooks(event)
    return event


def _follow_account(event: Event) -> None:
    changed = set(event.facts.get("after") or ())
    if any(name.startswith("ai_") for name in changed):
        Summary.objects.ask_again(event.account_id)
    if LADDERS_FOLLOW & changed:
        Handoff.objects.plan_ladders(event.account, since=event.at)


def _relay_within_lock(context: EventContext) -> None:
    for handoff in _handoffs(context):
        _settle(handoff)
    _undo_what_a_claim_settled(context)
    _let_what_presses_go(context)
    _notify(context, audience.audience_of(context))
    _settle_questions(context)
    _keep_note_up_to_date(context)
    _set_in_ticket(context)
    _read_ticket_again(context)


def _wait_for_others_of_this_session(event: Event) -> None:
    """Lock, so that only one event of a session is relayed at a time: a call and the claim that ends it must not cross.

    The lock is on the session's first event, which no verb locks, so that nobody's click waits for it. What is read
    from here on includes what earlier relays have committed.
    """
    events = Event.objects.select_for_update(of=("self",), no_key=True).filter(session_id=event.session_id)
    events.order_by("seq").values_list("pk").first()


def _context_of(event: Event) -> EventContext:
    session = Session.objects.select_related("psa_connection", "ticket_copy").filter(pk=event.session_id or 0).first()
    handoff = Handoff.objects.with_card().filter(pk=event.handoff_id or 0).first()
    return EventContext(event, session, handoff)


def _handoffs(context: EventContext) -> Iterator[Handoff]:
    """The event's handoff, and the one that was closed on the way."""
    if context.handoff is not None:
        yield context.handoff
    closed = (context.event.facts.get("closed") or {}).get("handoff")
    if closed is not None and closed != context.event.handoff_id:
        yield from Handoff.objects.filter(pk=closed)


def _settle(handoff: Handoff) -> None:
    """End the calls to a handoff that does not wait any more: by its state now, in whatever order events are
    relayed. While a claim can be undone, mails that have not left are held, not cancelled."""
    if handoff.reminded_at is None:  # extended, or no claim of theirs any more
        handoff.notifications.filter(event__kind="handoff.expiring", done_at=None).mark_done()
    if handoff.is_open:
        return
    lines, mails = handoff.notifications.calls(), handoff.deliveries.calls()
    if handoff.is_claimed:
        handoff.notifications.filter(user=handoff.claimed_by, event__kind__in=CALLS, done_at=None).mark_read()
        lines, mails = lines.exclude(user=handoff.claimed_by), mails.exclude(recipient=handoff.claimed_by)
    lines.mark_done(by=claim_of(handoff))
    if handoff.can_be_undone and handoff.undo_until:
        mails.hold(handoff.undo_until)
    else:
        mails.cancel()


def _undo_what_a_claim_settled(context: EventContext) -> None:
    """After an undo: nobody is notified of the claim any more, and where the handoff waits again, the lines it settled
    are open and the mails it held leave. Where it was claimed once more meanwhile, they are that claim's."""
    handoff, claim = context.handoff, undone_by(context.event)
    if handoff is None or claim is None:
        return
    Notification.objects.filter(event=claim, done_at=None).mark_done()
    claim.deliveries.messages().cancel()
    settled = Notification.objects.filter(settled_by=claim).by_number()
    if handoff.is_open:
        settled.update(done_at=None, settled_by=None)
        calls = handoff.deliveries.calls()
        calls.let_go()
        calls.filter(digest__taken_at__gte=claim.at).take_out(of_sending=True)
    elif handoff.is_claimed:
        settled.update(settled_by=claim_of(handoff))


def _let_what_presses_go(context: EventContext) -> None:
    """What is urgent by now and aimed at somebody waits for no digest."""
    handoff = context.handoff
    if context.event.kind == "handoff.reprioritised" and handoff is not None and handoff.is_urgent:
        handoff.deliveries.messages().filter(aimed=True, digest__status=Delivery.Status.PENDING).take_out()


def _settle_questions(context: EventContext) -> None:
    """End the questions that need no answer any more, this one, too, where its answer was relayed before it. Who writes
    has read what was said before; what is read by opening the session is marked so, that few lines are to be asked."""
    if context.session is not None and context.event.kind in (QUESTION, "session.resolved", "session.abandoned"):
        Notification.objects.settled_questions(context.session).mark_done()
        Delivery.objects.settled_questions(context.session).cancel()
        Notification.objects.seen_by_watchers(context.session).mark_read()


# --- telling -----------------------------------------------------------------------------------


def _notify(context: EventContext, people: list[Recipient]) -> None:
    """Write bell lines for all of them, and mails where there is still something to do or to know."""
    preferences = Preference.objects.of(person.user for person in people)
    wanted = [person for person in people if _wants(context, person, preferences, Way.EMAIL)]
    if people:
        told = calling_again.without_who_keeps_a_line(context, people, {person.user.pk for person in wanted})
        Notification.objects.bulk_create(_lines(context, told, preferences), ignore_conflicts=True)
        account_id = context.event.account_id
        transaction.on_commit(lambda: nudges.account_changed(account_id))
    if context.event.kind not in BELL_ONLY:
        mailed = [person for person in wanted if not _is_over(context, person)]
        Delivery.objects.bulk_create(_mails(context, mailed), ignore_conflicts=True)
        _nudge_workers(context.event.deliveries.messages())


def _wants(context: EventContext, person: Recipient, preferences: dict[int, Preference], way: Way) -> bool:
    """Whether they want to hear of it this way, beside the bell."""
    why = person.why
    subject = BY_NAME["said"] if why.cause == Notification.Cause.MENTION else BY_KIND[context.event.kind]
    is_possible = way != Way.EMAIL or why.mailed
    return is_possible and preferences[person.user.pk].wants(subject, way, why.scope)


def _waits_no_more(context: EventContext, person: Recipient | None = None) -> bool:
    """Whether the event calls people to a handoff that is not open any more: claimed, say, or withdrawn. Whoever is
    mentioned in it is told something all the same."""
    is_call = context.event.kind in CALLS and (person is None or person.why.cause != Notification.Cause.MENTION)
    return is_call and not (context.handoff and context.handoff.is_open)


def _is_over(context: EventContext, person: Recipient | None = None) -> bool:
    """Whether it waits no more, and will not do so again by an undo; whoever claimed it knows."""
    claimer = context.handoff.claimed_by if context.handoff else None
    is_theirs = person is not None and person.user == claimer
    return _waits_no_more(context, person) and (is_theirs or _undo_until(context) is None)


def _undo_until(context: EventContext) -> datetime | None:
    """Until when an undo can make the claim untrue that the event reports, or ended the calls of."""
    handoff = context.handoff
    speaks_of_it = context.event.kind in CALLS or context.event.kind == "handoff.claimed"
    return handoff.undo_until if handoff is not None and speaks_of_it and handoff.can_be_undone else None


def _lines(context: EventContext, people: list[Recipient], preferences: dict[int, Preference]) -> list[Notification]:
    about, now = (context.event, context.session, context.handoff), timezone.now()
    roles = {person.user.pk: wording.role_in(context.event, person.user.pk) for person in people}
    readers = {role: pk for pk, role in roles.items()}
    titles = {role: wording.event_title(*about, reader_id=pk) for role, pk in readers.items()}
    over = {person.user.pk: _waits_no_more(context, person) for person in people}
    claim = claim_of(context.handoff) if context.handoff and any(over.values()) else None
    return [
        Notification(
            account_id=context.event.account_id,
            user=person.user,
            event=context.event,
            session=context.session,
            handoff=context.handoff,
            title=titles[roles[person.user.pk]],
            why=person.why.phrase,
            cause=person.why.cause,
            by_browser=_wants(context, person, preferences, Way.BROWSER),
            done_at=now if over[person.user.pk] else None,
            settled_by=claim if over[person.user.pk] else None,
        )
        for person in people
    ]


def _channels_called(context: EventContext) -> Iterable[Channel]:
    """The shared channels this calls people in: all where it is for everybody, those that the ladder names."""
    named = audience.channels_called_by(context.event)
    if not (named or audience.is_for_everybody(context)) or _is_over(context):
        return ()
    channels = Channel.objects.active(context.event.account_id, *MESSAGES)
    return channels.filter(pk__in=named) if named else channels


def _mails(context: EventContext, people: list[Recipient]) -> list[Delivery]:
    due_at = _undo_until(context) or timezone.now()
    mails = []
    for channel in _channels_called(context):
        mails.append(_mail(context, channel.address, kind=channel.kind, channel=channel, due_at=due_at))
    # Then people: at an address of both the channel's mail comes, which waits for no others.
    return mails + [
        _mail(context, person.user.email, recipient=person.user, due_at=due_at, aimed=person.why.aimed)
        for person in people
        if person.user.email
    ]


def _mail(context: EventContext, address: str, *, kind: str = Delivery.Kind.EMAIL, **to: object) -> Delivery:
    return Delivery(
        account_id=context.event.account_id,
        event=context.event,
        session=context.session,
        handoff=context.handoff,
        kind=kind,
        address=address,
        **to,
    )


def _tell_webhooks(event: Event) -> None:
    """Write that each webhook of the account gets this event. Where others are ahead of it, the last of those calls
    it."""
    about = {"account_id": event.account_id, "session_id": event.session_id, "handoff_id": event.handoff_id}
    made = [
        Delivery(event=event, kind=Delivery.Kind.WEBHOOK, channel=webhook, address=webhook.address, **about)
        for webhook in Channel.objects.active(event.account_id, Channel.Kind.WEBHOOK)
    ]
    first = [row.channel_id for row in made if not Delivery.objects.waiting_at(row).exists()]
    Delivery.objects.bulk_create(made, ignore_conflicts=True)
    _nudge_workers(event.deliveries.filter(kind=Delivery.Kind.WEBHOOK, channel__in=first))


def _nudge_workers(deliveries: DeliveryQuerySet) -> None:
    for delivery in deliveries.due():
        delivery.nudge_worker()


# --- the ticket note ---------------------------------------------------------------------------


def _keep_note_up_to_date(context: EventContext) -> None:
    """Write the ticket note of an escalation or resolution; that of an escalation waits for a summary that is being
    written, 60 seconds at most. Cancel that of a withdrawal."""
    match context.event.kind:
        case "handoff.escalated" | "session.resolved":
            _write_note(context)
        case "handoff.withdrawn" if context.handoff:
            context.handoff.deliveries.notes().filter(event__kind="handoff.escalated").cancel()
        case "summary.ready" | "summary.failed" if context.handoff:
            _send_note_now(context.handoff)


def _write_note(context: EventContext) -> None:
    session, handoff = context.session, context.handoff
    if session is None or session.psa_connection is None or not session.takes_notes:
        return
    if not session.psa_connection.posts_about(context.event.kind):
        return
    if handoff and handoff.closed_reason == Handoff.ClosedReason.WITHDRAWN:
        return
    waits = context.event.kind == "handoff.escalated" and handoff is not None and handoff.summary_state == "pending"
    _put_into_ticket(context, session, Delivery.Kind.NOTE, due_at=context.event.at + NOTE_WAITS if waits else None)


def _send_note_now(handoff: Handoff) -> None:
    """The summary is ready or has failed: make the note that waits for it due now."""
    now = timezone.now()
    waiting = handoff.deliveries.notes().filter(status=Delivery.Status.PENDING, attempt=0)
    waiting.filter(due_at__gt=now).update(due_at=now)
    for note in waiting:
        note.nudge_worker()


def _set_in_ticket(context: EventContext) -> None:
    """Write that the ticket gets the status and owner of how its session stands now, after a claim once that cannot be
    undone any more; another ticket, once the session has it. What was still to be set before is overtaken."""
    session, event = context.session, context.event
    word = PsaConnection.last_word_at(event)
    if session is None or word is None:
        return
    older = session.deliveries.ticket_updates().filter(event__seq__lt=event.seq)
    older.cancel(Delivery.Status.PENDING, Delivery.Status.FAILED)
    connection = session.psa_connection
    if connection is None or not session.takes_notes or not connection.sets_at(word):
        return
    handoff = context.handoff or Handoff.objects.filter(pk=word.handoff_id or 0).first()
    undo_until = handoff.undo_until if handoff and word.kind == "handoff.claimed" else None
    _put_into_ticket(replace(context, handoff=handoff), session, Delivery.Kind.TICKET, due_at=undo_until)


def _read_ticket_again(context: EventContext) -> None:
    """Have a worker read the ticket of what changes hands: it may have been closed there while nobody looked."""
    session = context.session
    if session is None or context.event.kind not in ("handoff.escalated", "handoff.claimed"):
        return
    if session.ticket_copy is not None and session.psa_connection is not None and session.has_readable_ticket:
        TicketCopy.ask(session.psa_connection, session.ticket_copy.number, renew=True)


def _put_into_ticket(context: EventContext, session: Session, kind: str, *, due_at: datetime | None) -> None:
    """Once per event; due now, unless it says when."""
    row = Delivery(
        account_id=session.account_id,
        event=context.event,
        session=session,
        handoff=context.handoff,
        kind=kind,
        connection=session.psa_connection,
        address=session.psa_ticket_id,
        due_at=due_at or timezone.now(),
    )
    Delivery.objects.bulk_create([row], ignore_conflicts=True)
    _nudge_workers(context.event.deliveries.filter(kind=kind))


# --- a member leaves ---------------------------------------------------------------------------


def _has_left(event: Event) -> bool:
    if event.kind != "member.changed":
        return event.kind == "member.deactivated"
    return event.facts.get("off_shift") is True or event.facts.get("role") == User.Role.VIEWER


def _widen_without_takers(event: Event) -> None:
    """Open what was kept for a person who left to everybody. The sweep finds what a crash leaves."""
    for handoff in Handoff.objects.filter(account_id=event.account_id).to_widen(clock.now()):
        handoff.widen()


def _release_claims(event: Event) -> None:
    """Release the claims of a person who left, one transaction each. The sweep finds what a crash leaves."""
    held = Handoff.objects.filter(account_id=event.account_id, claimed_by=event.facts.get("member")).held_by_gone()
    for handoff in held:
        handoff.release_of_gone()
