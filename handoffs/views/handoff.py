"""The pick-up screen, and the verbs of a handoff as people press them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from handoffs import permitted_actions
from handoffs.brief import LABELS
from handoffs.brief.text import text_to_copy
from handoffs.briefing_panel import briefing_panel
from handoffs.forms.asking import AskForm
from handoffs.forms.handoff import (
    HoldForm,
    PriorityForm,
    ReadBackForm,
    ReleaseForm,
    ReturnForm,
    TakeOverForm,
    TransferForm,
    WithdrawForm,
)
from handoffs.models import Briefing, Handoff, SummaryFeedback, with_counts
from handoffs.then_and_now import changes_since_snapshot
from handoffs.views.finding import find_handoff
from resolutionflow.accounts.models import Event, User
from resolutionflow.web.requests import Request, form_status, is_opened, page_to_return_to
from resolutionflow.web.templatetags import clock_time
from sessions_app import unseen_changes
from sessions_app.models import Visit
from sessions_app.reasons import PASSED_ON, TELLS_WITHOUT_REASON

REASONS = 10
ENDED = ("handoff.returned", "handoff.withdrawn", "session.abandoned")
CORRECTED = "handoff.changed"
CORRECTIONS = 50  # the newest that are looked at
SEEN_BY = 5  # names

# --- the pick-up screen ------------------------------------------------------------------------


@require_safe
def handoff(request: Request, pk: int) -> HttpResponse:
    return _pick_up(request, find_handoff(request, pk))


def _pick_up(request: Request, handoff: Handoff, *, typed: forms.Form | None = None) -> HttpResponse:
    """The screen; `typed` is a form that was not right, shown again with what was typed."""
    session, user = handoff.session, request.user
    read, permitted = handoff.brief(), permitted_actions.permitted_for(handoff, user)
    history, why_not = _history(handoff), handoff.why_not_summarised
    since = unseen_changes.unseen_by(session, user, opened=is_opened(request), handoff=handoff)
    context = {
        "handoff": handoff,
        "session": session,
        "since": since,
        "brief": read,
        "why_not": why_not,
        "panel": briefing_panel(handoff, user, brief=read, since=since, why_not=why_not),
        "changes": changes_since_snapshot(handoff, steps=read.steps, branches=read.branches),
        "reasons": _reasons(handoff, user),
        "corrected": _corrected(handoff, user),
        "seen_by": _seen_by(handoff, user),
        "history": history,
        "permitted": permitted,
        "kept_for": handoff.kept_for(user) if handoff.is_open else None,
        "forms": _forms(user, handoff, permitted, typed),
        "ask_form": AskForm() if permitted_actions.can_ask(handoff, user) else None,
        "typed": type(typed).__name__,
        "given": SummaryFeedback.of(handoff.summary_version, user),
        "queue_address": page_to_return_to(request, reverse("queue")),
    }
    return render(request, "handoffs/handoff.html", context, status=422 if typed else 200)


def _seen_by(handoff: Handoff, user: User) -> list[Visit] | None:
    """None where it is no news for this person."""
    if not handoff.is_of(user) or handoff.is_closed or handoff.intent == Handoff.Intent.PARK:
        return None
    return list(handoff.seen_by_others(user)[:SEEN_BY])


def _history(handoff: Handoff) -> list[Handoff]:
    """Every handoff of its session, newest first; most have this one alone, which has been read."""
    several = handoff.session.handoff_count > 1
    history = list(handoff.session.handoffs.with_card().order_by("-id")) if several else [handoff]
    handoff.counted = with_counts(history)[0].counted  # of the same session
    return history


def _acts(handoff: Handoff, user: User, *kinds: str) -> QuerySet[Event]:
    """What of these kinds was done with it, newest first."""
    events = Event.objects.visible_to(user).filter(handoff_id=handoff.pk, kind__in=kinds)
    return events.select_related("actor").order_by("-seq")


def _reasons(handoff: Handoff, user: User) -> list[Event]:
    """Why it was released, transferred, taken over or ended: the next person must know."""
    acts = _acts(handoff, user, *PASSED_ON, *ENDED)
    return list(acts.exclude(~Q(kind=TELLS_WITHOUT_REASON), facts__reason="")[:REASONS])


def _corrected(handoff: Handoff, user: User) -> dict[str, list[str]]:
    """By the names of others than the sender, what they corrected last: they are not the sender's words any more."""
    newest: dict[str, Event] = {}
    for event in _acts(handoff, user, CORRECTED)[:CORRECTIONS]:
        for name in event.facts["after"]:
            newest.setdefault(name, event)
    found: dict[str, list[str]] = {}
    for name in ("notes", *Handoff.LINES):
        if name in newest and newest[name].actor_id != handoff.sender_id:
            found.setdefault(str(newest[name].actor), []).append(LABELS.get(name, "The note"))
    return found


FORMS: dict[str, type[forms.Form]] = {
    "release": ReleaseForm,
    "return": ReturnForm,
    "transfer": TransferForm,
    "take_over": TakeOverForm,
    "withdraw": WithdrawForm,
    "read_back": ReadBackForm,
    "priority": PriorityForm,
    "hold": HoldForm,
}


def _forms(user: User, handoff: Handoff, permitted: set[str], typed: forms.Form | None) -> dict[str, forms.Form]:
    """The forms of the verbs that are offered, by their names, and the one that was not right."""
    more: dict[str, dict[str, Any]] = {
        "transfer": {"handoff": handoff, "user": user},
        "read_back": {"initial": {"text": handoff.read_back}},
        "priority": {"initial": {"priority": handoff.priority}},
    }
    made = {name: FORMS[name](auto_id=f"{name}_%s", **more.get(name, {})) for name in FORMS.keys() & permitted}
    return made | {name: typed for name, form in FORMS.items() if typed is not None and type(typed) is form}


@require_safe
def text(request: Request, pk: int) -> HttpResponse:
    """The brief as plain text, to be copied."""
    handoff = find_handoff(request, pk)
    about = f"{handoff.get_priority_display()}, from {handoff.sender}"
    copied = text_to_copy(handoff.brief(), about=about, link=handoff.get_absolute_url())
    return HttpResponse(copied, content_type="text/plain; charset=utf-8")


# --- the verbs of a handoff --------------------------------------------------------------------


def _to_change(request: Request, pk: int) -> Handoff:
    """As `find_handoff`, for a POST: a viewer is told no before anything else."""
    request.user.must_work()
    return find_handoff(request, pk)


def _by_form(
    request: Request, handoff: Handoff, form: forms.Form, verb: Callable[..., None], said: str, to: str
) -> HttpResponse:
    """Do the verb as the form says, or show the screen again with what was typed."""
    if not form.is_valid():
        return _pick_up(request, handoff, typed=form)
    verb(request.user, **form.cleaned_data)
    return _done(request, said, to)


def _done(request: Request, said: str, to: str) -> HttpResponse:
    messages.success(request, said)
    return _go(request, to)


def _go(request: Request, to: str) -> HttpResponse:
    return HttpResponseClientRedirect(to) if request.htmx else redirect(to)


@require_POST
def claim(request: Request, pk: int) -> HttpResponse:
    """Into the session, wherever it was pressed."""
    way = request.POST.get("way", "")
    handoff = _to_change(request, pk)
    handoff.claim(request.user, analysis=way == "analysis")
    return _done(request, render_to_string("handoffs/_claimed_said.html", {"handoff": handoff}), _way(handoff, way))


def _way(handoff: Handoff, way: str) -> str:
    """The session, ready to write in: at its last step, at the analysis, or at nothing in particular."""
    session = handoff.session
    place = {"analysis": f"m{session.message_count}", "own": "composer"}.get(way, f"s{session.step_count}")
    return f"{session.get_absolute_url()}?compose=1#{place if place != 's0' else 'composer'}"


@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    handoff = _to_change(request, pk)
    handoff.undo(request.user)
    return _done(request, "Back in the queue at its original position.", handoff.get_absolute_url())


@require_POST
def release(request: Request, pk: int) -> HttpResponse:
    handoff = _to_change(request, pk)
    form = ReleaseForm(request.POST, auto_id="release_%s")
    said = "Released. Back in the queue at its original position, open to anyone."
    return _by_form(request, handoff, form, handoff.release, said, page_to_return_to(request, reverse("queue")))


@require_POST
def return_(request: Request, pk: int) -> HttpResponse:
    handoff = _to_change(request, pk)
    form = ReturnForm(request.POST, auto_id="return_%s")
    said = f"Returned to {handoff.holder}."
    return _by_form(request, handoff, form, handoff.return_, said, handoff.get_absolute_url())


@require_POST
def transfer(request: Request, pk: int) -> HttpResponse:
    handoff = _to_change(request, pk)
    form = TransferForm(request.POST, handoff=handoff, user=request.user, auto_id="transfer_%s")
    if not form.is_valid():
        return _pick_up(request, handoff, typed=form)
    handoff.transfer(request.user, **form.cleaned_data)
    to = form.cleaned_data["to"]
    said = "You've taken this over." if to == request.user else f"Transferred to {to}."
    return _done(request, said, handoff.get_absolute_url())


@require_POST
def take_over(request: Request, pk: int) -> HttpResponse:
    handoff = _to_change(request, pk)
    form = TakeOverForm(request.POST, auto_id="take_over_%s")
    said = "You've taken this over. Everyone involved was notified."
    return _by_form(request, handoff, form, handoff.take_over, said, handoff.session.get_absolute_url())


@require_POST
def withdraw(request: Request, pk: int) -> HttpResponse:
    handoff = _to_change(request, pk)
    form = WithdrawForm(request.POST, auto_id="withdraw_%s")
    said = "Withdrawn. The card has left every queue."
    return _by_form(request, handoff, form, handoff.withdraw, said, handoff.session.get_absolute_url())


@require_POST
def priority(request: Request, pk: int) -> HttpResponse:
    handoff = _to_change(request, pk)
    form = PriorityForm(request.POST, auto_id="priority_%s")
    return _by_form(request, handoff, form, handoff.reprioritise, "Priority changed.", handoff.get_absolute_url())


@require_POST
def hold(request: Request, pk: int) -> HttpResponse:
    handoff = _to_change(request, pk)
    form = HoldForm(request.POST, auto_id="hold_%s")
    said = "Held: the ladder calls nobody until it is let go."
    return _by_form(request, handoff, form, handoff.hold, said, handoff.get_absolute_url())


@require_POST
def let_go(request: Request, pk: int) -> HttpResponse:
    handoff = _to_change(request, pk)
    handoff.let_go(request.user)
    return _done(request, "The ladder goes on.", handoff.get_absolute_url())


@require_POST
def extend(request: Request, pk: int) -> HttpResponse:
    handoff = _to_change(request, pk)
    handoff.extend(request.user)
    assert handoff.lease_until is not None
    return _held(request, handoff, f"Claim extended to {clock_time(handoff.lease_until)}.")


@require_POST
def read_back(request: Request, pk: int) -> HttpResponse:
    handoff = _to_change(request, pk)
    form = ReadBackForm(request.POST, auto_id="read_back_%s")
    if not form.is_valid():
        return _holding(request, handoff, form) if request.htmx else _pick_up(request, handoff, typed=form)
    handoff.leave_read_back(request.user, **form.cleaned_data)
    return _held(request, handoff, f"Shared with {handoff.sender}.")


def _held(request: Request, handoff: Handoff, said: str) -> HttpResponse:
    """Back to where it was pressed; HTMX gets that part alone."""
    if request.htmx:
        return _holding(request, handoff)
    pages = {"session": handoff.session.get_absolute_url(), "home": reverse("home")}
    return _done(request, said, pages.get(request.POST.get("page", ""), handoff.get_absolute_url()))


def _holding(request: Request, handoff: Handoff, typed: ReadBackForm | None = None) -> HttpResponse:
    context = {"handoff": handoff, "page": request.POST.get("page", ""), "typed_read_back": typed}
    return render(request, "handoffs/_holding.html", context, status=form_status(typed))


@require_POST
def briefing_ask(request: Request, pk: int) -> HttpResponse:
    """Nobody else's page shows it: the answer, and what is fetched again, is drawn for this person alone."""
    handoff = _to_change(request, pk)
    Briefing.ask(handoff, request.user)
    if not request.htmx:
        return _go(request, f"{handoff.get_absolute_url()}#briefing-{pk}")
    read = handoff.brief()
    since = unseen_changes.unseen_by(handoff.session, request.user, opened=False, handoff=handoff)
    why_not = handoff.why_not_summarised
    panel = briefing_panel(handoff, request.user, brief=read, since=since, why_not=why_not)
    return render(request, "handoffs/_briefing.html", {"handoff": handoff, "brief": read, "panel": panel})
