"""What is done beside the list: a look at one card, and a verb on several."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from handoffs.forms.bulk import BulkForm
from handoffs.queue import bulk as several
from handoffs.queue import preview as brief_look
from handoffs.views.finding import find_handoff
from resolutionflow.web.requests import Request, is_opened, page_to_return_to
from sessions_app.models import Visit


@require_safe
def preview(request: Request, pk: int) -> HttpResponse:
    handoff = find_handoff(request, pk)
    if is_opened(request):
        Visit.note(handoff.session, request.user)
    return render(request, "handoffs/_preview.html", {"preview": brief_look.preview_for(handoff, request.user)})


@require_POST
def bulk(request: Request) -> HttpResponse:
    request.user.must_work()
    form = BulkForm(request.POST, user=request.user)
    if not form.is_valid():
        return _answer(request, form, [], status=422)
    chosen = form.chosen
    results = several.apply_to_each(chosen, request.user, do=form.cleaned_data["do"], fields=form.fields_of_verb)
    return _answer(request, form, results)


def _answer(request: Request, form: BulkForm, results: list[several.BulkResult], *, status: int = 200) -> HttpResponse:
    """A toast that stays to a script, a page to a form."""
    refused = [result for result in results if not result.done]
    context = {
        "bulk": form,
        "lane": request.POST.get("lane", ""),
        "queue_address": page_to_return_to(request, reverse("queue")),
        "done": [result for result in results if result.done],
        "refused": refused,
        "unknown": len(form.cleaned_data.get("pk", [])) - len(results),
        "again": form.chosen if form.errors else [result.handoff for result in refused],
    }
    template = "handoffs/_bulk_results.html" if request.htmx else "handoffs/bulk.html"
    return render(request, template, context, status=status)
