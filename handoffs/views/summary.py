"""The AI summary of a handoff: renewing it, its versions, and what a reader says of it."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from handoffs.forms.handoff import FeedbackForm
from handoffs.models import Summary, SummaryFeedback, SummaryVersion
from handoffs.views.finding import find_handoff
from resolutionflow.web.requests import Request, form_status

VERSIONS = 50  # the newest that are shown


@require_POST
def renew(request: Request, pk: int) -> HttpResponse:
    request.user.must_work()
    handoff = find_handoff(request, pk)
    Summary.ask(handoff, request.user)
    if request.htmx:
        handoff = find_handoff(request, pk)
        given = SummaryFeedback.of(handoff.summary_version, request.user)
        context = {"handoff": handoff, "given": given, "why_not": handoff.why_not_summarised}
        return render(request, "handoffs/_summary.html", context)
    return redirect(handoff.get_absolute_url())


@require_safe
def versions(request: Request, pk: int) -> HttpResponse:
    """What the AI wrote, newest first."""
    handoff = find_handoff(request, pk)
    found = SummaryVersion.objects.visible_to(request.user).filter(summary__handoff=handoff)
    counted = {"useful": Count("feedback", filter=Q(feedback__useful=True)), "all": Count("feedback")}
    found = found.select_related("call").defer("call__asked", "call__answered").annotate(**counted)
    shown = list(found.order_by("-number")[:VERSIONS])
    for version in shown:
        version.summary = handoff.summary
    context = {"handoff": handoff, "session": handoff.session, "versions": shown}
    return render(request, "handoffs/versions.html", context)


@require_POST
def feedback(request: Request, pk: int) -> HttpResponse:
    """Of the version that the form showed, which may be an older one by now."""
    request.user.must_work()
    handoff, form = find_handoff(request, pk), FeedbackForm(request.POST)
    form.full_clean()
    version = SummaryVersion.of(handoff, form.cleaned_data.get("version"))
    if version is None:
        raise Http404("There is no summary yet.")
    given = SummaryFeedback.of(version, request.user)
    if form.is_valid():
        said = {"useful": form.cleaned_data["useful"], "comment": form.cleaned_data["comment"]}
        given = SummaryFeedback.give(version, request.user, **said)
        if not request.htmx:
            messages.success(request, "Thank you: the people who set up the AI read it.")
            return redirect(handoff.get_absolute_url())
    context = {"handoff": handoff, "version": version, "given": given, "typed_feedback": form if form.errors else None}
    page = "handoffs/_feedback.html" if request.htmx else "handoffs/feedback.html"
    return render(request, page, context, status=form_status(form if form.errors else None))
