"""Pages of sessions. A view fetches, asks and answers; the verbs decide what may be done."""

from __future__ import annotations

import re
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from resolutionflow.accounts import shown_once
from resolutionflow.accounts.models import Event
from resolutionflow.api.endpoint import ROOT
from resolutionflow.core import pagination
from resolutionflow.core.text import SHORT, cut, one_line
from resolutionflow.ops.body_limit import takes_files
from resolutionflow.web.requests import Request, form_page, form_status, is_opened, submitted
from sessions_app import trail, unseen_changes
from sessions_app.files import reading
from sessions_app.forms.branch import BranchChangeForm, BranchForm
from sessions_app.forms.resolve import ResolveForm
from sessions_app.forms.session import ChangeForm, ReasonForm, SessionForm, suggested_devices
from sessions_app.forms.step import MessageForm, StepChangeForm, StepForm
from sessions_app.from_ticket import start_from_ticket
from sessions_app.models import (
    Branch,
    Checklist,
    Message,
    Session,
    Step,
    StoredFile,
    stored_files,
    with_files,
)
from sessions_app.reasons import newest_reason

PAGE = 50  # sessions in a list
TIMELINE = 30  # events beside a session
SHELLS = ("powershell", "curl")
ENDED = ("session.resolved", "session.abandoned")


# --- the list and a new one --------------------------------------------------------------------


@require_safe
def sessions(request: Request) -> HttpResponse:
    status, words, mine = (request.GET.get(name, "") for name in ("status", "q", "mine"))
    found = Session.objects.visible_to(request.user).select_related("assignee", "psa_connection").search(words[:200])
    if status in Session.Status.values:
        found = found.filter(status=status)
    if mine:
        found = found.mine(request.user)
    page = pagination.keyset_page(found, ("-updated_at", "-id"), cursor=request.GET.get("cursor", ""), limit=PAGE)
    return render(
        request,
        "sessions_app/sessions.html",
        {"page": page, "statuses": Session.Status, "status": status, "q": words, "mine": mine},
    )


@form_page
def session_new(request: Request) -> HttpResponse:
    """The form. `?ticket=4711` fills it in from that ticket, or leads to the session that is open for it."""
    request.user.must_work()
    initial: dict[str, Any] = {"intake": request.GET.get("intake", "free_text")}
    already_open: list[Session] = []
    if request.method != "POST" and request.GET.get("ticket"):
        initial, already_open = start_from_ticket(request.user, request.GET.dict())
        if len(already_open) == 1:
            return redirect(already_open[0])
    form = SessionForm(submitted(request), user=request.user, initial=initial)
    if form.is_valid():
        already_open = form.already_open()
    if form.is_valid() and not already_open:
        if made := form.open():
            return _compose(made)
        already_open = form.already_open()
    form.mark_filled()
    context = {"form": form, "already_open": already_open}
    asks_again = already_open and form.is_bound
    return render(request, "sessions_app/new.html", context, status=422 if asks_again else form_status(form))


@require_safe
def already_open(request: Request) -> HttpResponse:
    """A fragment: the sessions that what is being typed may be about, too."""
    form = SessionForm(request.GET, user=request.user)
    form.is_valid()  # the other fields are not there: those that are have been cleaned
    return render(request, "sessions_app/_already_open.html", {"form": form, "already_open": form.already_open()})


@require_safe
def session_devices(request: Request) -> HttpResponse:
    """A fragment: the devices to suggest for the client that was typed."""
    client = request.GET.get("client_name", "")
    return render(request, "sessions_app/_names.html", {"names": suggested_devices(request.user, client[:SHORT])})


# --- one session -------------------------------------------------------------------------------


@require_safe
def session(request: Request, pk: int) -> HttpResponse:
    return _page(request, _session(request, pk))


def _page(request: Request, session: Session, *, composer: StepForm | None = None) -> HttpResponse:
    branches = list(session.branches.with_standing().select_related("status_changed_by"))
    branch, to = (
        next((one for one in branches if str(one.pk) == request.GET.get(name)), None) for name in ("branch", "to")
    )
    permitted = session.permitted_for(request.user)
    handoffs = list(
        session.handoffs.select_related("sender", "holder", "claimed_by", "target_user", "target_team").order_by("-id")
    )
    handoff = next((one for one in handoffs if not one.is_closed), None)
    happened = Event.objects.visible_to(request.user).filter(session_id=session.pk).select_related("actor")
    at, until = request.GET.get("at", ""), request.GET.get("until", "")
    window = trail.trail_window(session, at=at, until=until, branch=branch)
    with_files([session, *window.entries])
    events: list[Event] = list(_outside_the_trail(happened)[:TIMELINE])
    context = {
        "session": session,
        "permitted": permitted,
        "since": unseen_changes.unseen_by(session, request.user, opened=is_opened(request), handoff=handoff),
        "trail": window,
        "files": session.shown_files,
        "most_bytes": settings.MAX_FILE,
        "branches": branches,
        "branch": branch,
        "tree": trail.branch_tree(branches),
        "handoffs": handoffs,
        "handoff": handoff,
        "events": events,
        "ended": next((event for event in events if event.kind in ENDED), None),
        "reason": newest_reason(events, handoff.pk if handoff else None),
        "composer": composer or StepForm(session=session, branches=branches, to=to or branch),
        "outcomes": Step.Outcome,
        "checklists": Checklist.objects.visible_to(request.user).order_by("domain", "name")
        if "write" in permitted
        else (),
        "branch_form": BranchForm(session=session, branches=branches),
        "compose": bool(request.GET.get("compose")),
    }
    return render(request, "sessions_app/session.html", context, status=form_status(composer))


def _outside_the_trail(events: Any) -> Any:
    """The events other than steps, messages and their files, which the trail shows already."""
    others = events.exclude(kind__in=unseen_changes.ON_THE_TRAIL)
    return others.exclude(kind="file.added", facts__has_any_keys=["step", "message"]).order_by("-seq")


# --- its facts and its end ---------------------------------------------------------------------


@form_page
def session_change(request: Request, pk: int) -> HttpResponse:
    session = _session(request, pk)
    form = ChangeForm(submitted(request), session=session, user=request.user)
    if form.is_valid():
        session.change(request.user, **form.cleaned_data)
        return redirect(session)
    return _ask(request, session, form, "change", offered="write")


@require_POST
def session_resume(request: Request, pk: int) -> HttpResponse:
    session = _session(request, pk)
    session.resume(request.user)
    return _compose(session)


@form_page
def session_resolve(request: Request, pk: int) -> HttpResponse:
    session = _session(request, pk)
    form = ResolveForm(submitted(request), session=session)
    if form.is_valid():
        session.resolve(request.user, **form.cleaned_data)
        return redirect("session_time", pk) if "log_time" in request.POST else redirect(session)
    return _ask(request, session, form, "resolve")


@form_page
def session_abandon(request: Request, pk: int) -> HttpResponse:
    session = _session(request, pk)
    form = ReasonForm(submitted(request))
    if form.is_valid():
        session.abandon(request.user, **form.cleaned_data)
        return redirect(session)
    return _ask(request, session, form, "abandon")


@form_page
def session_reopen(request: Request, pk: int) -> HttpResponse:
    session = _session(request, pk)
    form = ReasonForm(submitted(request))
    if form.is_valid():
        session.reopen(request.user, **form.cleaned_data)
        return _compose(session)
    return _ask(request, session, form, "reopen")


# --- the ledger and the conversation -----------------------------------------------------------


@takes_files
@require_POST
def step_add(request: Request, pk: int) -> HttpResponse:
    session = _session(request, pk)
    form, files = _composed(request, session, StepForm)
    if not form.is_valid():
        return _page(request, session, composer=form)
    step = session.add_step_with_files(request.user, files=files, **form.cleaned_data)
    return _with_place(request, _compose(session, step.ref, **_same_branch(request, step)), step)


@form_page
def session_script(request: Request, pk: int) -> HttpResponse:
    """The command that sends the output of a script here, made anew by one press and shown once."""
    session, kept = _session(request, pk), f"script-{pk}"
    if request.method == "POST":
        shown_once.keep(request, kept, key=session.issue_script_token(request.user))
        return redirect("session_script", pk)
    key = shown_once.take(request, kept).get("key")
    return _ask(request, session, None, "script", offered="write", **(_commands(request, pk, key) if key else {}))


def _commands(request: Request, pk: int, key: str) -> dict[str, str]:
    """By the name of the shell, the command in one line."""
    known = {"key": key, "address": request.build_absolute_uri(f"{ROOT}sessions/{pk}/steps/")}
    return {shell: one_line(render_to_string(f"sessions_app/script_{shell}.txt", known)) for shell in SHELLS}


@takes_files
@require_POST
def message_add(request: Request, pk: int) -> HttpResponse:
    session = _session(request, pk)
    form, files = _composed(request, session, MessageForm)
    if not form.is_valid():
        return _page(request, session, composer=form)
    sent = form.cleaned_data
    message = session.add_message_with_files(request.user, files=files, content=sent["text"], form_key=sent["form_key"])
    return _with_place(request, _compose(session, message.ref), message)


def _composed(request: Request, session: Session, kind: type[StepForm]) -> tuple[StepForm, list[StoredFile]]:
    """What was sent by the composer, and its files, which are stored if all of it is right. A refusal before they are
    looked at where the session takes none; who sends files waits their turn."""
    with reading.in_turn() if request.FILES else nullcontext():
        if request.FILES:
            session.must_take_file(request.user)
        form = kind(request.POST, request.FILES, session=session)
        files = form.cleaned_data.pop("files") if form.is_valid() else []
        return form, stored_files(session.account_id, files)


def _with_place(request: Request, response: HttpResponse, entry: Step | Message) -> HttpResponse:
    """Where files that follow belong: files.js asks for it by a name of its own, and cannot see where it is led."""
    asked = request.POST.get("files_follow", "")
    if re.fullmatch(r"\w{1,40}", asked, re.ASCII):
        place = f"{entry._meta.model_name}-{entry.pk}"
        response.set_cookie(f"files-{asked}", place, max_age=300, secure=settings.HTTPS, samesite="Lax")
    return response


@require_POST
def message_step(request: Request, pk: int, message_pk: int) -> HttpResponse:
    """Makes the message a step. The page shows the step; of the answer to HTMX the message is shown."""
    session = _session(request, pk)
    message = get_object_or_404(Message.objects.visible_to(request.user), session=session, pk=message_pk)
    message.session = session
    step = message.make_step(request.user)
    ref = message.ref if request.htmx else step.ref
    return redirect(f"{session.get_absolute_url()}?at={ref}#{ref}")


@form_page
def step_change(request: Request, pk: int, step_pk: int) -> HttpResponse:
    session = _session(request, pk)
    step = get_object_or_404(
        Step.objects.visible_to(request.user).select_related("author"), session=session, pk=step_pk
    )
    step.session = session
    form = StepChangeForm(submitted(request), step=step, user=request.user)
    if form.is_valid():
        if files := form.cleaned_data.pop("files"):
            session.must_take_file(request.user)
        files = stored_files(session.account_id, files)
        session.change_step_with_files(request.user, step, files=files, **form.cleaned_data)
        return redirect(f"{session.get_absolute_url()}?at={step.ref}#{step.ref}")
    return _ask(request, session, form, "step_change", offered="write", step=step)


# --- branches ----------------------------------------------------------------------------------


@form_page
def branch_add(request: Request, pk: int) -> HttpResponse:
    session = _session(request, pk)
    form = BranchForm(submitted(request), session=session)
    if form.is_valid():
        branch = session.add_branch(request.user, **form.cleaned_data, active=True)
        return _compose_on(request, session, branch)
    return _ask(request, session, form, "branch_add", offered="write")


@form_page
def branch_change(request: Request, pk: int, branch_pk: int) -> HttpResponse:
    session, branch = _branch(request, pk, branch_pk)
    form = BranchChangeForm(submitted(request), initial={"status": request.GET.get("status")})
    if form.is_valid():
        branch.change_status(request.user, **form.cleaned_data)
        return redirect(f"{session.get_absolute_url()}#branches")
    return _ask(request, session, form, "branch_change", offered="write", branch=branch)


@require_POST
def branch_activate(request: Request, pk: int, branch_pk: int) -> HttpResponse:
    session, branch = _branch(request, pk, branch_pk)
    branch.activate(request.user)
    return _compose_on(request, session, branch)


# --- the parts views are made of ---------------------------------------------------------------


def _session(request: Request, pk: int) -> Session:
    """The session; NotAllowed for a viewer who posts, before anything else is looked at."""
    if request.method == "POST":
        request.user.must_work()
    session: Session = get_object_or_404(Session.objects.visible_to(request.user).with_page(), pk=pk)
    return session


def _branch(request: Request, pk: int, branch_pk: int) -> tuple[Session, Branch]:
    session = _session(request, pk)
    branch = get_object_or_404(Branch.objects.visible_to(request.user), session=session, pk=branch_pk)
    branch.session = session
    return session, branch


def _ask(
    request: Request, session: Session, form: BaseForm | None, verb: str, *, offered: str = "", **context: Any
) -> HttpResponse:
    """The page of one form; where the verb is not offered to this person now, the session's page."""
    if request.method != "POST" and (offered or verb) not in session.permitted_for(request.user):
        return redirect(session)
    context |= {"session": session, "form": form}
    return render(request, f"sessions_app/{verb}.html", context, status=form_status(form))


def _compose(session: Session, ref: str = "", **query: Any) -> HttpResponse:
    """Back to the session, with the composer ready for the next line."""
    return redirect(f"{session.get_absolute_url()}?{urlencode({'compose': 1, **query})}#{ref or 'composer'}")


def _compose_on(request: Request, session: Session, branch: Branch) -> HttpResponse:
    messages.success(request, f"“{cut(branch.label, 60)}” is the active branch now: your next steps go there.")
    return _compose(session)


def _same_branch(request: Request, step: Step) -> dict[str, Any]:
    """What keeps the composer on the branch that was just written to: the filter, if there was one, or a choice that
    differs from the active branch."""
    if request.GET.get("branch"):
        return {"branch": step.branch_id}
    return {} if step.branch_id == step.session.active_branch_id else {"to": step.branch_id}
