"""Settings: the account's channels."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from notifications.forms.channel import ChannelForm
from notifications.models import Channel
from resolutionflow.web.requests import Request, form_page, form_status, submitted


@form_page
def settings_channels(request: Request) -> HttpResponse:
    form = ChannelForm(submitted(request), by=request.user)
    if request.method == "POST":
        request.user.must_administer()
        if form.is_valid():
            Channel.add(request.user, **form.cleaned_data)
            return redirect("settings_channels")
    context = {"form": form, "channels": Channel.objects.visible_to(request.user)}
    return render(request, "notifications/channels.html", context, status=form_status(form))


@form_page
def settings_channel(request: Request, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel.objects.visible_to(request.user), pk=pk)
    request.user.must_administer()
    form = ChannelForm(
        submitted(request),
        by=request.user,
        channel=channel,
        initial={name: getattr(channel, name) for name in ("name", "address", "is_active")},
    )
    if form.is_valid():
        channel.change(request.user, **form.cleaned_data)
        return redirect("settings_channels")
    context = {"form": form, "channel": channel}
    return render(request, "notifications/channel.html", context, status=form_status(form))
