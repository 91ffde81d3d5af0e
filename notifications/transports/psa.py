"""The ticket note: posted once, however often a worker dies or an answer is lost.

Where an earlier attempt may have posted it, the ticket is searched for the note's marker before anything is posted
again. Where the search fails, the search is tried again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handoffs.models import Handoff
from notifications import note
from resolutionflow.core.text import SHORT, cut
from resolutionflow.core.work import GiveUp, Later, NotWanted
from sessions_app.models import author_of
from sessions_app.psa import Provider, TextPart, WrongKind

if TYPE_CHECKING:
    from notifications.models import Delivery


class Note:
    def send(self, delivery: Delivery) -> dict[str, Any]:
        """Post every part that the ticket does not have yet."""
        provider = begun(delivery)
        text = note.note_body(delivery)
        ids: list[str] = []
        look, author = delivery.maybe_sent, _author(delivery)
        for part in delivery.cut_up(provider, text):
            found = _find(delivery, provider, part) if look else None
            ids.append(found or _post(delivery, provider, part, text, author, landed=bool(ids)))
        delivery.maybe_sent = False
        return {"remote_id": cut(ids[0], SHORT), "parts": []}


def begun(delivery: Delivery) -> Provider:
    """The ticket system of this delivery, its exchange begun: where it has to wait, nothing was read or written."""
    if delivery.connection is None:
        raise GiveUp("The connection to the ticket system is switched off.")
    provider = delivery.connection.provider_for("work")
    provider.begin()
    return provider


def _post(delivery: Delivery, provider: Provider, part: TextPart, text: str, author: str, *, landed: bool) -> str:
    delivery.maybe_sent = landed
    if not landed:
        _must_be_wanted(delivery)
        delivery.keep_body(text)
    delivery.sending()
    delivery.maybe_sent = True
    post = provider.post_note if delivery.internal else provider.post_public_note
    try:
        return post(delivery.address, part, author=author)
    except WrongKind as error:
        delivery.landed_wrong(error.note_id)
        raise
    except (GiveUp, Later):  # this part did not land, and says so
        delivery.maybe_sent = landed
        raise


def _find(delivery: Delivery, provider: Provider, part: TextPart) -> str | None:
    try:
        return provider.find_note(delivery.address, part.marker, internal=delivery.internal)
    except WrongKind as error:
        delivery.landed_wrong(error.note_id)
        raise


def _must_be_wanted(delivery: Delivery) -> None:
    """Raise NotWanted where such notes were switched off or the handoff was withdrawn; a claim does not stop its
    note. It goes by how these are now, not when the delivery began."""
    delivery.refresh_from_db(fields=["connection", "handoff"])
    handoff, event = delivery.handoff, delivery.event
    if event is not None and delivery.connection is not None and not delivery.connection.posts_about(event.kind):
        raise NotWanted("Notes about this are switched off in the settings of the ticket system.")
    if event is None or event.kind != "handoff.escalated" or handoff is None:
        return
    if handoff.closed_reason == Handoff.ClosedReason.WITHDRAWN:
        raise NotWanted("The handoff was withdrawn.")


def _author(delivery: Delivery) -> str:
    """Who wrote it, by their name in the ticket system; "" where that is not known."""
    user = delivery.requested_by or (delivery.event.actor if delivery.event else None)
    return author_of(delivery.connection, user) if delivery.connection and user else ""
