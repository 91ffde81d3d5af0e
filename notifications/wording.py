"""Events in words: each kind has its words once, under templates/events/<kind>/.

title.txt and body.txt are sent to people, body.txt as the paragraphs of a mail; line.txt is the line in the timeline
(title.txt where there is none). All of it is plain text: whoever shows it in HTML escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template, select_template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from handoffs.brief import brief_for
from handoffs.brief.text import Part, brief_in_parts
from handoffs.models import Handoff
from notifications import mail
from resolutionflow.accounts.models import Account, Event, Team, User
from resolutionflow.core.text import LINE, NOTE, cut, one_line
from sessions_app.models import Message, Session, Step

if TYPE_CHECKING:
    from notifications.models import Notification

URGENT = "Urgent: "  # how titles of urgent escalations begin
PROBLEM_LENGTH = 70  # characters of the problem in a title
SAID_LENGTH = 120  # … and of what was said
# Facts that hold a person's number, the numbers of several, and a team's.
PEOPLE = ("to_user", "from_user", "claimed_by", "target_user", "member", "owner", "requested_by", "recipient")
AS_YOU = ("from_user", "requested_by", "recipient")  # named in titles, which say "you" to them
LISTED = ("mentioned", "asked")
TEAMS = ("target_team",)
IN_SETTINGS = {  # where one reads on
    "connection.refused": "settings_psa",
    "channel.failed": "settings_channels",
    "ai.budget": "settings_ai",
}
# These call people to a waiting handoff: each person is called once, but by the ladder, and nobody once it is taken.
# Their mails have the whole brief.
CALLS = frozenset(
    f"handoff.{verb}"
    for verb in ("escalated", "released", "widened", "expired", "claim_undone", "reprioritised", "stepped")
)
REFS = {"message.added": "m", "step.added": "s"}  # how what was added is referred to


@dataclass(frozen=True)
class Names:
    """The names of people and teams that facts of events give as ids."""

    people: dict[int, str] = field(default_factory=dict)
    teams: dict[int, str] = field(default_factory=dict)


def event_title(event: Event, session: Session | None, handoff: Handoff | None, *, reader_id: int | None = None) -> str:
    """One line that tells this event from any other: who, which ticket, which problem. Says "you" to the person with
    `reader_id` where it would name, ask or mention them."""
    context = {
        **_handoff_context(session, handoff),
        **_for_reader(event, reader_id),
        "said": partial(_first_line, event),
    }
    return cut(_render(event, ["title.txt"], context), LINE)


def event_body(
    event: Event, session: Session | None, handoff: Handoff | None, *, why: str = "", reader_id: int | None = None
) -> str:
    """The text of a mail about this event, as it was written: secrets are still in it."""
    return mail.as_text(mail_content(event, session, handoff, why=why, reader_id=reader_id))


def mail_content(
    event: Event, session: Session | None, handoff: Handoff | None, *, why: str = "", reader_id: int | None = None
) -> mail.Content:
    """What a mail about this event says to this reader; to a channel, where there is none."""
    template = get_template(f"events/{_folder(event)}/body.txt").template  # type: ignore[attr-defined]
    context = {**_context(event, names_in([event])), **_handoff_context(session, handoff), "why": why}
    context |= {**_for_reader(event, reader_id), "message": _message_of(event), "step": partial(_step_of, event)}
    title = event_title(event, session, handoff, reader_id=reader_id)
    return mail.Content(
        subject=_mail_subject(session) if session else title,
        heading=title,
        paragraphs=mail.paragraphs_of(template.render(Context(context, autoescape=False))),
        facts=list(_facts(session, handoff)),
        brief=_brief(session, handoff) if session and event.kind in CALLS else (),
        button=_button(event, session, handoff),
        settings=_page("settings_notifications" if reader_id else "settings_channels"),
        why=why,
    )


def _brief(session: Session, handoff: Handoff | None) -> list[Part]:
    return brief_in_parts(handoff.brief() if handoff else brief_for(session))


def _mail_subject(session: Session) -> str:
    """The same for all mails about a session, or Gmail shows each as a conversation of its own; no two sessions have
    the same."""
    return f"{_subject(session)} (session {session.pk})"


def _facts(session: Session | None, handoff: Handoff | None) -> Iterator[mail.Fact]:
    """The facts that a mail names, as they are now."""
    facts: dict[str, str] = {}
    if session is not None:
        facts = {
            "Problem": session.problem_summary,
            "Client": session.client_name,
            "Device": session.asset_name,
            "Ticket": session.psa_ticket_id,
            "Due": in_zone_of(session.due_at, session.account) if session.due_at else "",
        }
    if handoff is not None and handoff.intent == handoff.Intent.ESCALATE:
        facts["Priority"] = handoff.get_priority_display()
        facts["Waiting since"] = in_zone_of(handoff.opened_at, handoff.account) if handoff.is_open else ""
    return (mail.Fact(label, value) for label, value in facts.items() if value)


def in_zone_of(moment: datetime, account: Account) -> str:
    """1 Dec 2026 17:00 (Europe/Oslo): for a mail or a note, which people of several zones read."""
    return f"{date_format(localtime(moment, ZoneInfo(account.time_zone)), 'j M Y H:i')} ({account.time_zone})"


def _button(event: Event, session: Session | None, handoff: Handoff | None) -> mail.Button:
    about = "settings" if event.kind in IN_SETTINGS else "handoff" if handoff else "session"
    return mail.Button(f"Open the {about}", mail.Address(settings.SITE_URL + page_about(event, session, handoff)))


def digest(lines: Sequence[Notification], more: int) -> mail.Content:
    """A mail that lists these lines of one person's bell, and says how many more there are."""
    others = len(lines) + more - 1
    listed = [
        mail.Line(_with_urgency(line), mail.Address(settings.SITE_URL + line.get_absolute_url()), line.because)
        for line in lines
    ]
    left_out = [f"{more} more are in the bell."] if more else []
    return mail.Content(
        subject=f"{listed[0].text}, and {others} more" if others else listed[0].text,
        heading=f"{others + 1} things wait for you" if others else "One thing waits for you",
        paragraphs=[*left_out, "They came while your mails were held, or within 15 minutes of the last one."],
        lists=[mail.Lines("Most urgent first", listed)],
        button=mail.Button("Open the bell", _page("notifications")),
        settings=_page("settings_notifications"),
    )


def _with_urgency(line: Notification) -> str:
    """Its title, which may be of before it was raised to urgent."""
    is_urgent = line.handoff is not None and line.handoff.is_open and line.handoff.is_urgent
    return f"{URGENT}{line.title}" if is_urgent and not line.title.startswith(URGENT) else line.title


def _page(name: str) -> mail.Address:
    return mail.Address(settings.SITE_URL + reverse(name))


def asked_by(event: Event) -> list[int]:
    """The ids of the people whom a message asks; one of before there were mentions asks all that it names."""
    asked: list[int] = event.facts.get("asked", event.facts.get("mentioned")) or []
    return asked


def role_in(event: Event, reader_id: int | None) -> str:
    """What the reader is to the event: to_user, who gets the work by it; asked; mentioned; one of AS_YOU; or nothing of
    that."""
    if reader_id is None or reader_id == event.facts.get("target_user"):
        return ""
    if reader_id == event.facts.get("to_user"):
        return "to_user"
    if event.kind == "message.added" and reader_id in asked_by(event):
        return "asked"
    if reader_id in (event.facts.get("mentioned") or ()):
        return "mentioned"
    return next((fact for fact in AS_YOU if event.facts.get(fact) == reader_id), "")


def _for_reader(event: Event, reader_id: int | None) -> dict[str, Any]:
    role = role_in(event, reader_id)
    return {role: "you"} if role in ("to_user", *AS_YOU) else {"reader_is": role}


def page_about(event: Event, session: Session | None, handoff: Handoff | None) -> str:
    """The address of the page to read on: the handoff's, the session's, or there the message or step that was added;
    the settings, where a ticket system refuses its key, a channel was switched off or the AI's budget is used."""
    if event.kind in IN_SETTINGS:
        return reverse(IN_SETTINGS[event.kind])
    if event.kind == "delivery.failed" and session is None:  # a mail with several things
        return reverse("settings_channels")
    about = handoff or session
    page = about.get_absolute_url() if about else "/"
    order = event.facts.get("order") if event.kind in REFS and about is session else None
    ref = f"{REFS[event.kind]}{order}" if order else ""
    return f"{page}?at={ref}#{ref}" if ref else page


def _message_of(event: Event) -> str:
    """What the message says that an event is about; empty where it is about none."""
    pk = event.facts.get("message")
    found = Message.objects.filter(pk=pk, session_id=event.session_id or 0).values_list("content", flat=True)
    return cut(found.first() or "", NOTE) if pk else ""


def _step_of(event: Event) -> str:
    """What was tried in the step that an event is about."""
    found = Step.objects.filter(pk=event.facts.get("step"), session_id=event.session_id or 0)
    return found.values_list("text", flat=True).first() or ""


def _first_line(event: Event) -> str:
    """The first line of a message, cut as titles need it."""
    lines = (one_line(line) for line in _message_of(event).splitlines())
    return cut(next(filter(None, lines), ""), SAID_LENGTH)


def event_line(event: Event, names: Names | None = None) -> str:
    """One line of the timeline; the page around it names the session and handoff."""
    try:
        return _render(event, ["line.txt", "title.txt"], {}, names)
    except TemplateDoesNotExist:
        return event.kind


def names_in(events: Iterable[Event]) -> Names:
    """The names of the people and teams that the facts of these events mention: two queries at most."""
    events = list(events)
    return Names(_named(User, events, (*PEOPLE, *LISTED)), _named(Team, events, TEAMS))


def _named(kind: type[User | Team], events: list[Event], facts: Iterable[str]) -> dict[int, str]:
    found = [event.facts.get(fact) for event in events for fact in facts]
    pks = {pk for value in found for pk in (value if isinstance(value, list) else [value]) if isinstance(pk, int)}
    return dict(kind._default_manager.filter(pk__in=pks).values_list("pk", "name")) if pks else {}


def _render(event: Event, files: list[str], more: dict[str, Any], names: Names | None = None) -> str:
    template = select_template([f"events/{_folder(event)}/{name}" for name in files])
    context = _context(event, names_in([event]) if names is None else names)
    return one_line(template.template.render(Context({**context, **more}, autoescape=False)))


def _folder(event: Event) -> str:
    return event.kind.replace(".", "_")


def _context(event: Event, names: Names) -> dict[str, Any]:
    """The variables of the templates. `actor` is "" for what time did; people and teams in the facts are given
    by name."""
    people = {fact: names.people.get(event.facts.get(fact) or 0, "") for fact in PEOPLE}
    teams = {fact: names.teams.get(event.facts.get(fact) or 0, "") for fact in TEAMS}
    lists = {fact: ", ".join(names.people.get(pk, "") for pk in event.facts.get(fact) or ()) for fact in LISTED}
    lists["asked"] = ", ".join(names.people.get(pk, "") for pk in asked_by(event)) if lists["mentioned"] else ""
    actor = event.actor.name if event.actor else ""
    return {"event": event, "actor": actor, "facts": event.facts, **people, **teams, **lists}


def _handoff_context(session: Session | None, handoff: Handoff | None) -> dict[str, Any]:
    if session is None:
        return {"handoff": handoff}
    return {"session": session, "handoff": handoff, "subject": _subject(session)}


def _subject(session: Session) -> str:
    """The ticket and the problem, as titles name them."""
    problem = cut(one_line(session.problem_summary), PROBLEM_LENGTH)
    return f"#{session.psa_ticket_id.lstrip('#')} {problem}" if session.psa_ticket_id else problem
