"""Settings of the AI: what the account has chosen, what was used, what leaves."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from resolutionflow.accounts.forms.ai import AiForm, model_choices
from resolutionflow.web.requests import Request, form_page, form_status, submitted
from sessions_app import ai_usage, ai_words


@form_page
def settings_ai(request: Request) -> HttpResponse:
    """Owners and admins change how the AI is used, everybody reads it."""
    account = request.user.account
    assert account is not None
    last = ai_usage.last_calls(request.user)
    form = AiForm(submitted(request), account=account, typical=last.typical)
    if request.method == "POST":
        request.user.must_administer()
        if form.is_valid():
            account.change(by=request.user, **form.cleaned_data)
            messages.success(request, "Saved.")
            return redirect("settings_ai")
    context = {
        "form": form,
        "account": account,
        "model": dict(model_choices(account))[account.ai_model],
        "month": ai_usage.month_of_account(request.user),
        "last": last,
        "off": ai_words.switched_off(account),
        "has_key": bool(settings.ANTHROPIC_API_KEY),
        "receiver": urlsplit(settings.ANTHROPIC_BASE_URL).hostname,
    }
    return render(request, "sessions_app/ai.html", context, status=form_status(form))
