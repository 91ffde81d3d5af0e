"""The queue: its lanes and filters, how much is in each, a page of cards; and the views kept of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Min
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from handoffs.forms.bulk import BulkForm
from handoffs.forms.queue import FilterBar, Known, SavedViewForm
from handoffs.models import Handoff, SavedView, with_counts
from handoffs.queue import preview
from handoffs.queue.filters import LANES, WAITING, QueueQuery, in_lane
from resolutionflow.accounts.models import User
from resolutionflow.core import pagination
from resolutionflow.web.requests import Request, form_page, form_status, is_opened, submitted
from sessions_app.models import Session, Visit

PAGE = 50


@require_safe
def queue(request: Request) -> HttpResponse:
    user, listing = request.user, QueueQuery.read(request.GET)
    views = {view: QueueQuery.read(QueryDict(view.query)) for view in SavedView.objects.shown_to(user)}
    known = Known.to(user, [listing, *views.values()])
    for one in (listing, *views.values()):
        one.forget_strangers(people=known.people, teams=known.teams)
    context = {
        "lane": listing.lane,
        "listing": listing,
        "bar": FilterBar(listing, known),
        "page": _page(user, listing, request.GET.get("after", "")),
        **_counts(user, listing, views),
        **_beside(request),
    }
    return render(request, "handoffs/queue.html", context)


def _page(user: User, listing: QueueQuery, cursor: str) -> pagination.Page:
    """Cards in their order. A cursor of another order, as in an old link, is the first page."""
    cards = Handoff.objects.visible_to(user).filter(listing.q(user)).as_cards()
    cursor = cursor if pagination.is_cursor(cursor, Handoff, listing.order) else ""
    page = pagination.keyset_page(cards, listing.order, cursor=cursor, limit=PAGE)
    with_counts(page.rows)
    return page


def _beside(request: Request) -> dict[str, Any]:
    """What stands beside the list: the card that is open, and what can be done with those that are ticked."""
    shown = preview.opened_preview(request.user, request.GET.get("open", ""))
    if shown is not None and is_opened(request):
        Visit.note(shown.handoff.session, request.user)
    return {
        "preview": shown,
        "bulk": BulkForm(user=request.user) if request.user.is_engineer else None,
    }


def _unclosed(user: User) -> Any:
    """The handoffs in any lane. All their sessions are unfinished and of this account; saying so lets the database use
    two short index ranges in place of looking up every session among a million."""
    unclosed = Handoff.objects.visible_to(user).unclosed()
    return unclosed.filter(session__account=user.account_id, session__status__in=Session.UNFINISHED)


def _counts(user: User, listing: QueueQuery, views: dict[SavedView, QueueQuery]) -> dict[str, Any]:
    """How much is in each lane and each saved view, and the longest wait: one query for all of it."""
    wanted = {lane: in_lane(lane, user) & listing.filter(user) for lane in LANES}
    if listing.values:
        wanted |= {"all_waiting": WAITING, "unfiltered": in_lane(listing.lane, user)}
    wanted |= {f"view_{view.pk}": kept.q(user) for view, kept in views.items()}
    counted = _unclosed(user).aggregate(
        longest=Min("opened_at", filter=WAITING), **{name: Count("pk", filter=q) for name, q in wanted.items()}
    )
    names = {"waiting": "Waiting", "mine": "For me", "claimed": "Claimed", "parked": "Parked"}
    kept_views = [(view, counted[f"view_{view.pk}"], kept.query == listing.query) for view, kept in views.items()]
    return {
        "lanes": [(lane, names[lane], counted[lane], listing.address(lane=lane)) for lane in LANES],
        "views": kept_views,
        "is_saved": any(is_current for _view, _count, is_current in kept_views),
        "waiting": counted.get("all_waiting", counted["waiting"]),
        "longest": counted["longest"],
        "shown": counted[listing.lane],
        "hidden": counted.get("unfiltered", counted[listing.lane]) - counted[listing.lane],
    }


# --- saved views ---------------------------------------------------------------------------------


@form_page
def views_save(request: Request) -> HttpResponse:
    """Keep the filters of `?query=`, or of the form, under a name."""
    form = SavedViewForm(submitted(request), user=request.user, initial={"query": request.GET.get("query", "")})
    if form.is_valid():
        view = SavedView.add(request.user, **form.cleaned_data)
        messages.success(request, "Saved. It stands above the queue, with its count.")
        return redirect(view)
    return _view_page(request, form)


@form_page
def view_change(request: Request, pk: int) -> HttpResponse:
    view = _view(request, pk)
    kept = {"name": view.name, "shared": view.shared, "query": view.query}
    form = SavedViewForm(submitted(request), user=request.user, view=view, initial=kept)
    if form.is_valid():
        view.change(request.user, **{"shared": view.shared, **form.cleaned_data})
        messages.success(request, "Saved.")
        return redirect(view)
    return _view_page(request, form, view)


@require_POST
def view_delete(request: Request, pk: int) -> HttpResponse:
    view = _view(request, pk)
    view.delete_by(request.user)
    messages.success(request, f"The view {view.name} is deleted. No handoff was touched.")
    return redirect("queue")


def _view(request: Request, pk: int) -> SavedView:
    found: SavedView = get_object_or_404(SavedView.objects.shown_to(request.user).select_related("owner"), pk=pk)
    return found


def _view_page(request: Request, form: SavedViewForm, view: SavedView | None = None) -> HttpResponse:
    mine = view is None or view.is_open_to(request.user)
    return render(request, "handoffs/view.html", {"form": form, "view": view, "mine": mine}, status=form_status(form))
