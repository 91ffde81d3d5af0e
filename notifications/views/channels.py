"""Settings: the account's channels, their tests, and what was sent to a webhook."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from notifications.forms.channel import ChannelForm
from notifications.mail_state import where_mail_goes
from notifications.models import Channel, ChannelTest, Delivery
from notifications.volumes import volumes
from resolutionflow.accounts import shown_once
from resolutionflow.web.requests import Request, form_page, form_status, submitted

NOT_DELIVERED = 20
SHOWN = 100  # of what was sent to a webhook
SECRET = "webhook secret"  # noqa: S105  a name


@require_safe
def settings_channels(request: Request) -> HttpResponse:
    mails = Delivery.objects.visible_to(request.user).filter(kind=Delivery.Kind.EMAIL).order_by("-pk")
    waits = Q(status=Delivery.Status.PENDING) & ~Q(error="")
    context: dict[str, Any] = {
        "channels": Channel.objects.visible_to(request.user).with_test(),
        "kinds": Channel.Kind.choices,
        "volumes": volumes(request.user),
        "mail_goes": where_mail_goes(),
        "mail_accepted": mails.filter(status=Delivery.Status.DONE).order_by("-done_at").first(),
        "not_delivered": mails.failed().filter(handoff=None, session=None).as_lines()[:NOT_DELIVERED],
    }
    failed = mails.filter(Q(status=Delivery.Status.FAILED) | waits).first()
    accepted = context["mail_accepted"]
    if failed and request.user.is_admin and not (accepted and accepted.done_at > failed.taken_at):
        context["mail_failed"] = failed
    return render(request, "notifications/channels.html", context)


@sensitive_post_parameters("secret_address")
@form_page
def channel_new(request: Request, channel_kind: str) -> HttpResponse:
    request.user.must_administer()
    if channel_kind not in Channel.Kind.values:
        raise Http404
    form = ChannelForm(submitted(request), by=request.user, kind=channel_kind)
    if form.is_valid():
        channel = Channel.add(request.user, kind=channel_kind, **form.cleaned_data)
        if channel.is_webhook:
            shown_once.keep(request, SECRET, secret=channel.secrets["secret"], channel=channel.pk)
            return redirect("settings_channel", channel.pk)
        return redirect("settings_channels")
    return render(request, "notifications/channel.html", {"form": form}, status=form_status(form))


@sensitive_post_parameters("secret_address")
@form_page
def settings_channel(request: Request, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel.objects.visible_to(request.user), pk=pk)
    request.user.must_administer()
    shown = ("name", "address", "is_active") if channel.is_email else ("name", "is_active")
    form = ChannelForm(
        submitted(request),
        by=request.user,
        kind=channel.kind,
        channel=channel,
        initial={name: getattr(channel, name) for name in shown},
    )
    if form.is_valid():
        channel.change(request.user, **form.cleaned_data)
        return redirect("settings_channels")
    new = shown_once.take(request, SECRET)
    secret = new.get("secret") if new.get("channel") == channel.pk else None
    context = {"form": form, "channel": channel, "secret": secret}
    return render(request, "notifications/channel.html", context, status=form_status(form))


@require_POST
def channel_secret(request: Request, pk: int) -> HttpResponse:
    """Make a webhook a new signing secret; the page shows it once."""
    channel = get_object_or_404(Channel.objects.visible_to(request.user), pk=pk)
    secret = channel.rotate_secret(request.user)
    shown_once.keep(request, SECRET, secret=secret, channel=channel.pk)
    return redirect("settings_channel", channel.pk)


@require_POST
def channel_test(request: Request, pk: int) -> HttpResponse:
    """Have a worker send a test message; the page shows what was answered when it comes. A channel that is off is on
    again if it arrives."""
    channel = get_object_or_404(Channel.objects.visible_to(request.user), pk=pk)
    ChannelTest.ask(channel, request.user)
    return redirect("settings_channels")


@require_safe
def channel_state(request: Request, pk: int) -> HttpResponse:
    """One channel and how its test goes: the page asks for it while one runs."""
    channel = get_object_or_404(Channel.objects.visible_to(request.user).with_test(), pk=pk)
    return render(request, "notifications/_channel.html", {"channel": channel})


@require_safe
def channel_deliveries(request: Request, pk: int) -> HttpResponse:
    """What was sent to a webhook lately, and what was answered."""
    channel = get_object_or_404(Channel.objects.visible_to(request.user), pk=pk, kind=Channel.Kind.WEBHOOK)
    request.user.must_administer()
    sent = Delivery.objects.visible_to(request.user).filter(channel=channel, kind=Delivery.Kind.WEBHOOK)
    rows = sent.select_related("event").order_by("-event")[:SHOWN]
    return render(request, "notifications/channel_deliveries.html", {"channel": channel, "deliveries": rows})


@require_POST
def delivery_again(request: Request, pk: int) -> HttpResponse:
    """Send an event to its webhook once more."""
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user), pk=pk)
    delivery.send_again(request.user)
    return redirect("channel_deliveries", delivery.channel_id)
