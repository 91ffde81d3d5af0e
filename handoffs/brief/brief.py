"""The brief: the record put in order for whoever picks it up, by rules and never by AI.

Nothing in it is a guess: every line stands in the record and names its source, s12 (a step), m4 (a message), log (what
was pasted at the start), note, branch, session (its facts), sender (what the sender of an escalation confirmed), or
earlier (what the sender of another escalation of the session confirmed, or its note).
Pages, mails, ticket notes and the API all show the same brief.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import Any, NamedTuple

from django.core.cache import caches
from django.db.models import Case, F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Concat, Left, Length, Right

from handoffs.brief.found_lines import KINDS, Line, Source, find_lines
from handoffs.brief.sources import NOT_DONE, Earlier, error_sources_of, sources_of
from resolutionflow.accounts.models import User
from resolutionflow.core.text import SHORT, cut, one_line, readable
from sessions_app.errors.choice import ErrorSource, newest_error
from sessions_app.errors.lines import ErrorLines
from sessions_app.errors.speaking import verdict
from sessions_app.models import Branch, Message, Session, Step, with_files

STEPS, MESSAGES = 50, 40  # the newest, which are read
SHOWN, FOLDED = 15, 30  # steps of a branch on the pick-up screen, and as many behind a fold
SAID_SHOWN, SAID_FOLDED = 8, 12  # messages likewise; the session has them all
OLDER = 300  # of so many steps, those that are to do, ruled out or temporary
EARLIER = 3  # escalations of the same session, the newest, which are read
WHOLE = 40_000  # characters: of a longer text its beginning and its end are read
RULED_OUT = 3  # lines in the brief; the ledger has them all

MOST = {"affected": 2, "suspect": 2, "next_step": 2, "watch_out": 3, "contact": 2}  # lines of a kind
FOUND = KINDS
FACTS = ("access", "changed_before")  # of the session: nobody looks for them
LABELS = {
    "affected": "Affected",
    "last_error": "Last error",
    "suspect": "Suspect",
    "next_step": "Next",
    "watch_out": "Watch out",
    "ruled_out": "Ruled out",
    "contact": "Contact",
    "access": "Access",
    "changed_before": "Changed before",
}


class Row(NamedTuple):
    """One kind of line, in the order people read them."""

    name: str
    label: str
    lines: list[Line]

    @property
    def is_found(self) -> bool:
        """Whether its lines are chosen by rules, which may be mistaken, unless somebody confirmed them."""
        return self.name in FOUND

    @property
    def is_reachable(self) -> bool:
        """Whether its addresses and telephone numbers are there to be pressed."""
        return self.name in ("contact", "access")


@dataclass(frozen=True)
class FromSender:
    """What the sender of a handoff wrote: the note, and the lines they confirmed, by their names; and its id."""

    sender: User | None = None
    note: str = ""
    lines: Mapping[str, str] = field(default_factory=dict)
    handoff: int | None = None


@dataclass(frozen=True)
class Tried:
    """One branch, and what was done on it, newest first."""

    branch: Branch | None
    steps: list[Step]

    @property
    def shown(self) -> list[Step]:
        return self.steps[:SHOWN]

    @property
    def folded(self) -> list[Step]:
        return self.steps[SHOWN : SHOWN + FOLDED]


@dataclass(frozen=True)
class Brief:
    """What a colleague needs to know first. Lists of lines are empty where nothing was recorded."""

    session: Session
    from_sender: FromSender
    lines: dict[str, list[Line]]  # by the names of LABELS
    in_problem: list[Line]  # of whom is affected, what the problem says: it stands above all of this
    error: ErrorLines | None
    tried: list[Tried]
    to_do: list[Step]
    said: list[Message]
    branches: list[Branch] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)  # all that were read, oldest first

    @property
    def note(self) -> str:
        return self.from_sender.note

    @property
    def sender(self) -> User | None:
        return self.from_sender.sender

    @property
    def rows(self) -> list[Row]:
        """Its lines by kind, without the kinds there are none of."""
        return [Row(name, label, self.lines[name]) for name, label in LABELS.items() if self.lines[name]]

    def known(self, name: str) -> list[Line]:
        """The lines of a kind, best first; of whom is affected, the problem itself, too, where it says so."""
        return [*self.lines[name], *(self.in_problem if name == "affected" else [])]

    @property
    def failed(self) -> list[Step]:
        """What was tried without success, newest first."""
        return [step for step in self.done if step.outcome == Step.Outcome.FAILED]

    @cached_property
    def on_page(self) -> set[str]:
        """The refs of what the pick-up screen shows."""
        done = [step for tried in self.tried for step in (*tried.shown, *tried.folded)]
        steps = {step.ref for step in (*done, *self.to_do_shown)}
        return steps | {message.ref for message in (*self.said_shown, *self.said_folded)}

    @cached_property
    def temporary(self) -> set[str]:
        """The refs of steps that have to be undone later."""
        return {step.ref for step in self.steps if step.temporary}

    @property
    def to_do_shown(self) -> list[Step]:
        return self.to_do[:SHOWN]

    @property
    def said_shown(self) -> list[Message]:
        return self.said[:SAID_SHOWN]

    @property
    def said_folded(self) -> list[Message]:
        return self.said[SAID_SHOWN : SAID_SHOWN + SAID_FOLDED]

    @property
    def left_out(self) -> bool:
        """Whether there are steps that the pick-up screen does not show."""
        return sum(ref.startswith("s") for ref in self.on_page) < self.session.step_count

    @property
    def done(self) -> list[Step]:
        """What was done, on whichever branch, newest first."""
        return [step for step in reversed(self.steps) if step.outcome not in NOT_DONE]


_REACHED = re.compile(r"[\w.+-]+@[\w.-]+|\+?\d[\d ()./-]{5,18}\d")  # an email, a telephone number


def brief_for(session: Session, from_sender: FromSender | None = None) -> Brief:
    """The brief of a session as it stands now, with what the sender of a handoff wrote. Four queries, and one
    where the session was escalated before."""
    return briefs_for([session], {session.pk: from_sender} if from_sender else None)[session.pk]


def briefs_for(sessions: Sequence[Session], from_senders: Mapping[int, FromSender] | None = None) -> dict[int, Brief]:
    """The briefs of several sessions, by their ids, with what senders wrote by the same: four queries for all,
    and one where any was escalated before."""
    from_senders = from_senders or {}
    branches, steps, messages = (_by_session(rows) for rows in _records(sessions))
    with_files(entry for rows in (*steps.values(), *messages.values()) for entry in rows)
    earlier = _earlier(sessions, from_senders)
    return {
        pk: _make_brief(session, branches[pk], steps[pk], messages[pk], from_senders.get(pk, FromSender()), earlier[pk])
        for session in sessions
        if (pk := session.pk)
    }


# --- reading the record ------------------------------------------------------------------------


def _records(sessions: Sequence[Session]) -> tuple[QuerySet[Any], QuerySet[Any], QuerySet[Any]]:
    """Branches in order; steps and messages, newest first, as many as are read."""
    open_or_ruled_out = Q(outcome__in=(Step.Outcome.PENDING, Step.Outcome.RULED_OUT)) | Q(temporary=True)
    known = open_or_ruled_out & Q(order__gt=F("session__step_count") - OLDER)
    recent = Q(order__gt=F("session__step_count") - STEPS)
    branches = Branch.objects.filter(session__in=sessions).with_standing().order_by("order")
    steps = Step.objects.filter(recent | known, session__in=sessions).select_related("author").order_by("-order")
    messages = Message.objects.filter(session__in=sessions, order__gt=F("session__message_count") - MESSAGES)
    said = messages.exclude(role=Message.Role.SYSTEM).select_related("author").order_by("-order")
    return branches, _with_ends(steps, "free_text"), _with_ends(said, "content")


def _with_ends(rows: Any, name: str) -> Any:
    """`rows` with `shown`: this text, or the beginning and the end of a very long one, which is then not read whole."""
    ends = Concat(Left(name, WHOLE // 2), Value("\n…\n"), Right(name, WHOLE // 2))
    text = Case(When(Q(shown_length__lte=WHOLE), then=F(name)), default=ends, output_field=TextField())
    return rows.annotate(shown_length=Length(name)).annotate(shown=text).defer(name)


def _earlier(sessions: Sequence[Session], from_senders: Mapping[int, FromSender]) -> defaultdict[int, list[Earlier]]:
    """The escalations of each session before the one that the brief is of, newest first."""
    found: defaultdict[int, list[Earlier]] = defaultdict(list)
    several = [session for session in sessions if session.handoff_count > (session.pk in from_senders)]
    if several:
        rows: Any = several[0].handoffs.model.objects.filter(session__in=several, intent="escalate")
        own = {pk: one.handoff for pk, one in from_senders.items()}
        for row in rows.order_by("-created_at", "-id").values("id", "session_id", "created_at", "notes", *FOUND):
            if (mine := own.get(row["session_id"])) and row["id"] >= mine:
                continue  # the brief's own, or a later one where one that has ended is looked at
            lines = {name: row[name] for name in FOUND if row[name] and name != "contact"}  # which the session has
            found[row["session_id"]].append(Earlier(row["created_at"], row["notes"], lines))
    return found


def _by_session(rows: Iterable[Any]) -> defaultdict[int, list[Any]]:
    found = defaultdict(list)
    for row in rows:
        found[row.session_id].append(row)
    return found


def _make_brief(
    session: Session,
    branches: list[Branch],
    steps: list[Step],
    messages: list[Message],
    from_sender: FromSender,
    earlier: list[Earlier],
) -> Brief:
    for step in steps:
        step.shown = readable(step.shown)
    note, confirmed = from_sender.note, from_sender.lines
    by_id = {branch.pk: branch for branch in branches}
    entries: list[Step | Message] = [*steps, *messages]
    entries.sort(key=lambda entry: (entry.created_at, entry.order), reverse=True)
    sources = tuple(sources_of(session, by_id, entries, note, earlier[:EARLIER]))
    found, error = _read(sources, tuple(error_sources_of(session, entries, note)))
    beside = {name: [line for line in found[name] if line.source != "session"] for name in FOUND}
    to_do = sorted((step for step in steps if step.outcome == Step.Outcome.PENDING), key=_place(session))
    beside["next_step"] = _in_turn(beside["next_step"], to_do)
    lines = {name: _with_confirmed(name, confirmed.get(name, ""), session, beside[name]) for name in FOUND}
    lines = {name: _shown(name, known) for name, known in lines.items()}
    lines["last_error"] = [Line(error[1].line, error[0])] if error else []
    lines["ruled_out"] = _ruled_out(branches, steps)
    for name in FACTS:
        lines[name] = [Line(text, "session")] if (text := getattr(session, name)) else []
    return Brief(
        session=session,
        from_sender=from_sender,
        lines=lines,
        in_problem=[line for line in found["affected"] if line.source == "session"],
        error=error[1] if error else None,
        tried=_by_branch([step for step in steps if step.outcome not in NOT_DONE], by_id, session.active_branch_id),
        to_do=to_do,
        said=messages,
        branches=branches,
        steps=list(reversed(steps)),
    )


def _read(
    sources: tuple[Source, ...], error_sources: tuple[ErrorSource, ...]
) -> tuple[dict[str, list[Line]], tuple[str, ErrorLines] | None]:
    """What the rules find, from this process's cache where they have read the very same before: pages are asked for
    again at every event."""
    key = blake2b(repr((sources, error_sources)).encode()).hexdigest()
    found: Any = caches["local"].get_or_set(key, lambda: (find_lines(sources), newest_error(error_sources)))
    lines, error = found
    return lines, error


# --- lines -------------------------------------------------------------------------------------


def _place(session: Session) -> Callable[[Step], tuple[bool, int]]:
    """The order in which steps are to be done: of the active branch first, as they were written."""
    return lambda step: (step.branch_id != session.active_branch_id, step.order)


def _in_turn(lines: list[Line], to_do: list[Step]) -> list[Line]:
    """These lines, those of to-do steps in the order in which they are to be done: the other way round they tell
    somebody to begin with the end."""
    place = {step.ref: number for number, step in enumerate(to_do)}
    turn = iter(sorted((line for line in lines if line.source in place), key=lambda line: place[line.source]))
    return [next(turn) if line.source in place else line for line in lines]


def _with_confirmed(name: str, text: str, session: Session, found: list[Line]) -> list[Line]:
    """The sender's word first, then what was found and says something else. A contact is a fact of the session: one
    that differs there has been corrected since."""
    first = [Line(text, "sender")] if text else []
    if name == "contact" and session.contact != text:
        first = [Line(session.contact, "session")] if session.contact else []
    said = " ".join(line.text.casefold() for line in first)
    return first + [line for line in found if not _is_said(line.text, said)]


def _shown(name: str, known: list[Line]) -> list[Line]:
    """The best of these: two hunches beside the label of the branch that is worked on; of the note, which stands just
    above them, no sentence but one that is the best answer."""
    most = MOST[name] + any(line.source == "branch" for line in known)
    return [line for at, line in enumerate(known[:most]) if at == 0 or line.source != "note"]


def _is_said(text: str, said: str) -> bool:
    """Whether `said` holds this line already, or every number and address by which it reaches somebody."""
    reached = {_digits(found) for found in _REACHED.findall(text.casefold())}
    known = {_digits(found) for found in _REACHED.findall(said)}
    return text.rstrip("…").casefold() in said or (bool(reached) and reached <= known)


def _digits(found: str) -> str:
    return found if "@" in found else "".join(filter(str.isdigit, found))


def _ruled_out(branches: list[Branch], steps: list[Step]) -> list[Line]:
    """Hypotheses given up, with the reason, and checks that came out fine, newest first."""
    dead = [branch for branch in reversed(branches) if branch.status == Branch.Status.DEAD_END]
    lines = [Line(cut(_reasoned(branch.label, branch.status_reason), SHORT), "branch") for branch in dead]
    checks = [step for step in steps if step.outcome == Step.Outcome.RULED_OUT and step.kind != Step.Kind.QUESTION]
    fine = [Line(_in_short(step), step.ref) for step in checks]
    return [*lines, *fine][:RULED_OUT]


def _in_short(step: Step) -> str:
    """What was done and how it came out, in one line."""
    return cut(_reasoned(step.text, verdict((step.answer or step.shown).splitlines())), SHORT)


def _reasoned(what: str, why: str) -> str:
    what, why = one_line(what).rstrip(".:"), one_line(why)
    if not why:
        return what
    return f"{what} {why}" if what.endswith("?") else f"{what}: {why}"


def _by_branch(steps: list[Step], branches: dict[int, Branch], active: int | None) -> list[Tried]:
    """The active branch first, then the others in their order; branches without steps are left out."""
    order = sorted(branches, key=lambda pk: (pk != active, branches[pk].order))
    groups = [Tried(branches[pk], [step for step in steps if step.branch_id == pk]) for pk in order]
    loose = [step for step in steps if step.branch_id not in branches]
    return [group for group in [*groups, Tried(None, loose)] if group.steps]
