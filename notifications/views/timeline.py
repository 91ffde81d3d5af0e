"""The timeline of a session or a handoff, as a page and as CSV."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from handoffs.models import Handoff
from notifications.timeline import Timeline, TimelineFilter, actor_named, by_day
from resolutionflow.accounts.models import Event
from resolutionflow.core import origin
from resolutionflow.core.text import as_id
from resolutionflow.web.requests import Request
from sessions_app.models import Session


@require_safe
def session_timeline(request: Request, pk: int) -> HttpResponseBase:
    session = get_object_or_404(Session.objects.visible_to(request.user).defer("intake_text"), pk=pk)
    events = Event.objects.visible_to(request.user).of_session(session.pk)
    return _answer(request, Timeline(events, session))


@require_safe
def handoff_timeline(request: Request, pk: int) -> HttpResponseBase:
    handoff = get_object_or_404(Handoff.objects.visible_to(request.user).select_related("session"), pk=pk)
    events = Event.objects.visible_to(request.user).of_handoff(handoff.pk, session_id=handoff.session_id)
    return _answer(request, Timeline(events, handoff.session, handoff))


def _answer(request: Request, timeline: Timeline) -> HttpResponseBase:
    chosen, newest_first = _chosen(request), request.GET.get("order") == "newest"
    if request.GET.get("format") != "csv":
        return _page(request, timeline, chosen, newest_first)
    headers = {"Content-Disposition": f'attachment; filename="{timeline.file_name}"'}
    content = timeline.as_csv(chosen, newest_first=newest_first)
    return StreamingHttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _page(request: Request, timeline: Timeline, chosen: TimelineFilter, newest_first: bool) -> HttpResponse:
    upto = as_id(request.GET.get("upto", "")) if newest_first else None
    page = timeline.page(chosen, cursor=request.GET.get("cursor", ""), newest_first=newest_first, upto=upto)
    context: dict[str, Any] = {
        "session": timeline.session,
        "handoff": timeline.handoff,
        "groups": timeline.groups,
        "chosen": chosen,
        "actor": request.GET.get("actor", "") if chosen.actor is not None else "",
        "newest_first": newest_first,
        "page": page,
        "days": by_day(page.rows),
        "newer": timeline.newer(chosen, upto),
        **timeline.size(chosen),
        **timeline.choices(),
    }
    return render(request, "notifications/timeline.html", context)


# --- what is asked for: a word that says nothing is passed over ------------------------------------


def _chosen(request: Request) -> TimelineFilter:
    kind = request.GET.get("kind", "")
    came_by = request.GET.get("origin") or request.GET.get("door", "")  # as it was called in older links
    return TimelineFilter(
        kind=kind if re.fullmatch(r"[a-z_.,]{1,500}", kind) else "",
        actor=actor_named(request.GET.get("actor", ""), request.user.pk),
        origin=came_by if came_by in origin.ORIGINS else "",
    )
