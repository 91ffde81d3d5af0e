"""Status and owner of a ticket: as its session stands now, read back; a ticket that is so already is not written to.

Only the newest word about a session counts. What an earlier one was to set is dropped, and where that may still be on
its way it is waited for, so that however workers and tries cross the ticket ends as the session does. A ticket that
somebody has closed or merged in its system is left so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from django.db.models import Q, QuerySet

from notifications.transports.psa import begun
from resolutionflow.accounts.models import Event, User
from resolutionflow.core.text import clean
from resolutionflow.core.work import GiveUp, NotWanted, NotYet
from sessions_app.models import PsaConnection, technician_of
from sessions_app.psa import CannotOwn, NoSuchTicket, Provider

if TYPE_CHECKING:
    from notifications.models import Delivery

SOON = 5.0  # seconds to wait for what an earlier word may still be setting


class Setting:
    def send(self, delivery: Delivery) -> dict[str, Any]:
        """Set the owner, then the status, which may close the ticket. Where one takes and the other does not, it fails
        and says which."""
        wanted = _wanted(delivery)
        who, status = wanted.owner, wanted.status
        owner = technician_of(wanted.connection, who) if who else ""
        left = f"The owner stays: nobody there is mapped to {who}." if who and not owner else ""
        if not owner and not status:
            raise NotWanted(left or "Nobody has the session: the owner stays.")
        _keep(delivery, [f"owner {who}"] * bool(owner), status, left)
        provider = begun(delivery)
        if wanted.word.kind != "session.resolved":
            _must_be_open(delivery, provider, wanted)
        outcome, delivery.was_set = _Outcome(wanted), {}
        try:
            if owner and who and outcome.of(delivery, "owner", provider.set_owner, owner):
                delivery.was_set["owner"] = who.pk
            if status and outcome.of(delivery, "status", provider.set_status, status):
                delivery.was_set["ticket_status"] = status
        except (NoSuchTicket, NotYet):  # the next try tells what this one wrote
            delivery.maybe_sent = delivery.maybe_sent or bool(delivery.was_set)
            raise
        except NotWanted as dropped:
            if delivery.was_set:  # it is cancelled, and the history says what was written before
                _keep(delivery, [f"owner {who}"], "", f"The status stays: {dropped}")
            raise
        except GiveUp as error:
            outcome.fail(delivery, str(error))
        delivery.maybe_sent = False
        if outcome.refused:
            outcome.fail(delivery)
        if outcome.left:
            if not status:
                raise NotWanted(outcome.left)
            _keep(delivery, [], status, outcome.left)
        return {}


def _keep(delivery: Delivery, owner: list[str], status: str, left: str) -> None:
    """Keep in words what the ticket is to get, and what of it stays as it is."""
    said = ", ".join([*owner, *([f"status {status}"] * bool(status))])
    delivery.body = clean(f"{said}{'. ' if left else ''}{left}")
    delivery.keep_body(delivery.body)


class _Wanted(NamedTuple):
    connection: PsaConnection
    word: Event
    status: str
    owner: User | None


class _Outcome:
    """What took and what was refused, in sentences; and why the owner was left, where that was told before."""

    def __init__(self, wanted: _Wanted) -> None:
        self.wanted, self.left = wanted, ""
        self.took: list[str] = []
        self.refused: list[str] = []
        self.cannot_own: dict[str, Any] = {}

    def of(self, delivery: Delivery, what: str, call: Callable[[str, str], bool], value: str) -> bool:
        """Whether it was written, by this try or by one whose answer was lost."""
        self._must_still_be_so(delivery)
        delivery.sending()
        was_lost, delivery.maybe_sent = delivery.maybe_sent, True
        try:
            is_written = call(delivery.address, value) or was_lost
        except (NoSuchTicket, NotYet):  # nothing was written by this call
            delivery.maybe_sent = was_lost
            raise
        except CannotOwn as error:
            self._tell_once(delivery, error)
            is_written = False
        except GiveUp as error:
            self.refused.append(f"The {what} was not set: {error}")
            is_written = False
        else:
            self.took.append(f"The {what} was set.")
        delivery.maybe_sent = was_lost
        return is_written

    def fail(self, delivery: Delivery, *more: str) -> NoReturn:
        delivery.was_left = self.cannot_own
        raise GiveUp(" ".join([*self.took, *self.refused, *more]))

    def _must_still_be_so(self, delivery: Delivery) -> None:
        if _wanted(delivery) != self.wanted:
            raise NotYet("What is to be set has changed meanwhile.", after=SOON)

    def _tell_once(self, delivery: Delivery, error: CannotOwn) -> None:
        """It fails the first time, so that people are told; from then on it stands beside the status."""
        owner = self.wanted.owner
        why = f"{owner} cannot own it: {error}"
        cannot_own = {"cannot_own": owner.pk if owner else None, "ticket_project": error.project}
        told = _told(delivery, self.wanted.connection)
        if told.filter(**{f"facts__{name}": value for name, value in cannot_own.items()}).exists():
            self.left = f"The owner stays: {why}"
        else:
            self.cannot_own = cannot_own
            self.refused.append(f"The owner was not set: {why}")


def _told(delivery: Delivery, connection: PsaConnection) -> QuerySet[Event]:
    """What people were told of this ticket system's tickets that were not set, but for what this delivery told. Events
    stay; a delivery loses its error once it is tried again."""
    events = Event.objects.filter(account_id=delivery.account_id, kind="ticket.update_failed")
    told: QuerySet[Event] = events.filter(facts__connection=connection.pk).exclude(facts__delivery=delivery.pk)
    return told


def _wanted(delivery: Delivery) -> _Wanted:
    """What the ticket is to get as everything stands at this moment. NotWanted where that was switched off or more has
    happened since; NotYet where what an earlier word was to set may still arrive."""
    delivery.refresh_from_db(fields=["connection", "session"])
    connection, event, session = delivery.connection, delivery.event, delivery.session
    word = PsaConnection.last_word_at(event) if event else None
    if connection is None or event is None:
        raise GiveUp("The connection to the ticket system is switched off.")
    if word is None or session is None or not connection.sets_at(word):
        raise NotWanted("Setting this is switched off in the settings of the ticket system.")
    if (session.psa_connection_id, session.psa_ticket_id) != (connection.pk, delivery.address):
        raise NotWanted("The session has another ticket now.")
    words = Event.objects.filter(session_id=session.pk, kind__in=connection.LAST_WORDS, seq__gt=event.seq)
    if words.exists():
        raise NotWanted("More has happened to the session since.")
    earlier = session.deliveries.ticket_updates().filter(event__seq__lt=event.seq)
    if earlier.under_way().exists():
        raise NotYet("What was to be set before this may still be on its way.", after=SOON)
    owner = word.actor if word.kind == "session.resolved" else session.assignee
    return _Wanted(connection, word, connection.status_at(word), owner if connection.owner_follows else None)


# a ticket that is closed there


def _must_be_open(delivery: Delivery, provider: Provider, wanted: _Wanted) -> None:
    """Raise where somebody has closed or merged the ticket in its system: GiveUp, that people are told, NotWanted where
    they were. What this session has closed it opens again once it is reopened."""
    ticket, connection = provider.standing(delivery.address), wanted.connection
    left: dict[str, Any]
    ours = {name.casefold() for name in (connection.status_waiting, connection.status_working) if name}
    if ticket.merged_into:
        why, left = f"It was merged into {ticket.merged_into} in {connection}.", {"merged_into": ticket.merged_into}
    elif ticket.is_closed and ticket.status.casefold() not in ours and not _is_reopened(delivery, wanted):
        why, left = f"It is closed in {connection}, with the status {ticket.status}.", {"ticket_closed": True}
    else:
        return
    why = f"{why} It was left as it is."
    if _is_left_since_told(delivery, connection):
        raise NotWanted(why)
    delivery.was_left = left
    raise GiveUp(why)


def _is_left_since_told(delivery: Delivery, connection: PsaConnection) -> bool:
    """Whether people were told that this ticket is closed or merged, and it could not be set since then either."""
    told = _told(delivery, connection).filter(session_id=delivery.session_id, facts__ticket=delivery.address)
    is_left = Q(facts__ticket_closed=True) | Q(facts__has_key="merged_into")
    last = told.filter(is_left).order_by("-seq").first()
    if last is None:
        return False
    return not _set_before(delivery, connection).filter(pk__gte=last.facts["delivery"]).exists()


def _set_before(delivery: Delivery, connection: PsaConnection) -> QuerySet[Delivery]:
    """What of this session was set in this ticket."""
    same = {"session_id": delivery.session_id, "address": delivery.address, "status": "done"}
    updates: QuerySet[Delivery] = connection.deliveries.ticket_updates().filter(**same)
    return updates


def _is_reopened(delivery: Delivery, wanted: _Wanted) -> bool:
    """Whether the session was reopened with this ticket, and no status has been set in that since: so far it is closed
    as the session's end left it, whoever owns it."""
    kinds, session = ("session.reopened", "session.changed"), delivery.session_id
    events = Event.objects.filter(session_id=session, kind__in=kinds)
    for event in events.order_by("-seq").only("kind", "facts", "seq"):
        if PsaConnection.is_of_another_ticket(event):
            return False
        if event.kind == "session.reopened":
            since = _set_before(delivery, wanted.connection).filter(event__seq__gte=event.seq).select_related("event")
            return not any(row.event and wanted.connection.status_at(row.event) for row in since)
    return False
