"""Settings of the account's channels."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from notifications.channel_forms import ChannelForm
from notifications.models import Channel
from resolutionflow.access import Request

page = require_http_methods(["GET", "HEAD", "POST"])


@page
def settings_channels(request: Request) -> HttpResponse:
    form = ChannelForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST":
        request.user.must_administer()
        if form.is_valid():
            Channel.add(request.user, **form.cleaned_data)
            return redirect("settings_channels")
    context = {"form": form, "channels": Channel.objects.visible_to(request.user)}
    return render(request, "notifications/channels.html", context, status=422 if form.errors else 200)


@page
def settings_channel(request: Request, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel.objects.visible_to(request.user), pk=pk)
    request.user.must_administer()
    form = ChannelForm(
        request.POST if request.method == "POST" else None,
        by=request.user,
        channel=channel,
        initial={name: getattr(channel, name) for name in ("name", "address", "is_active")},
    )
    if form.is_valid():
        channel.change(request.user, **form.cleaned_data)
        return redirect("settings_channels")
    context = {"form": form, "channel": channel}
    return render(request, "notifications/channel.html", context, status=422 if form.errors else 200)
