"""Settings: the account's ladder."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from notifications.forms.ladder import LadderForm
from resolutionflow.accounts.models import Priority
from resolutionflow.web.requests import Request, form_page, form_status, submitted


@form_page
def settings_ladder(request: Request) -> HttpResponse:
    """Owners and admins change it, everybody may read it."""
    account = request.user.account
    assert account is not None
    if request.method == "POST":
        request.user.must_administer()
    if not request.user.is_admin:
        read = [(priority.label, account.ladder.get(priority.word, [])) for priority in Priority]
        return render(request, "notifications/ladder.html", {"ladder": read})
    form = LadderForm(submitted(request), account=account)
    if form.is_valid():
        account.change(by=request.user, ladder=form.ladder)
        messages.success(request, "Saved. What waits goes on by it.")
        return redirect("settings_ladder")
    return render(request, "notifications/ladder.html", {"form": form}, status=form_status(form))
