"""Sign-in, sign-out, forgotten passwords and one-time links: allauth's views with our answers and templates."""

from __future__ import annotations

from typing import Any

from allauth.account import views
from allauth.account.forms import LoginForm
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import method_decorator

from resolutionflow.accounts.forms.members import SignInForm
from resolutionflow.accounts.sign_in import limits
from resolutionflow.web import unsent_text
from resolutionflow.web.requests import page_before

WAIT = {"too_many_login_attempts": "300", "busy": "5"}  # seconds, by why not now


class SignIn(views.LoginView):
    template_name = "account/login.html"

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        """422 with the form again; 429 after too many wrong passwords, or while too many sign in."""
        context = self.get_context_data(form=form)
        for code, seconds in WAIT.items():
            if form.has_error(NON_FIELD_ERRORS, code):
                return self.render_to_response(context, status=429, headers={"Retry-After": seconds})
        return self.render_to_response(context, status=422)

    def form_valid(self, form: LoginForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        unsent_text.take_from_sign_in(self.request)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"carried": unsent_text.sealed_before(self.request)}


def sign_in_again(request: HttpRequest, *, carried: str) -> HttpResponse:
    """The sign-in page, in answer to a form of somebody whose sign-in has ended: it carries on what they typed."""
    page = page_before(request) or request.path
    context = {"form": SignInForm(request=request), "next": page, "carried": carried}
    return render(request, "account/login.html", context, status=403)


class ForgottenPassword(views.PasswordResetView):
    template_name = "account/password_reset.html"

    def form_valid(self, form: Form) -> HttpResponse:
        """429 with the form again for who asks too often; the same for an address that nobody has."""
        if limits.PASSWORD_MAIL.take(self.request, form.cleaned_data["email"]) is None:
            form.add_error(None, "Too many links were asked for. Try again in ten minutes.")
            context = self.get_context_data(form=form)
            return self.render_to_response(context, status=429, headers={"Retry-After": "600"})
        return super().form_valid(form)

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SetPassword(views.PasswordResetFromKeyView):
    """The page a mailed or handed-out link leads to; afterwards the person is signed in."""

    template_name = "account/password_reset_from_key.html"

    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, uidb36: str, key: str, **kwargs: Any) -> HttpResponseBase:
        """allauth keeps the key in the session and leads on to an address without it; no Referer header gives this one
        away."""
        response: HttpResponseBase = super().dispatch(request, uidb36, key, **kwargs)
        if key != self.reset_url_key:
            response["Referrer-Policy"] = "no-referrer"
        return response

    def form_invalid(self, form: Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        if context.get("token_fail"):
            response_kwargs["status"] = 410
        return super().render_to_response(context, **response_kwargs)
