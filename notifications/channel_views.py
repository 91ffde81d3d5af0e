"""Settings of the account's channels."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from notifications.channel_forms import ChannelForm
from notifications.models import Channel
from resolutionflow.access import Request, form_page, sent, status_of


@form_page
def settings_channels(request: Request) -> HttpResponse:
    form = ChannelForm(sent(request), by=request.user)
    if request.method == "POST":
        request.user.must_administer()
        if form.is_valid():
            Channel.add(request.user, **form.cleaned_data)
            return redirect("settings_channels")
    context = {"form": form, "channels": Channel.objects.visible_to(request.user)}
    return render(request, "notifications/channels.html", context, status=status_of(form))


@form_page
def settings_channel(request: Request, pk: int) -> HttpResponse:
    channel = get_object_or_404(Channel.objects.visible_to(request.user), pk=pk)
    request.user.must_administer()
    form = ChannelForm(
        sent(request),
        by=request.user,
        channel=channel,
        initial={name: getattr(channel, name) for name in ("name", "address", "is_active")},
    )
    if form.is_valid():
        channel.change(request.user, **form.cleaned_data)
        return redirect("settings_channels")
    context = {"form": form, "channel": channel}
    return render(request, "notifications/channel.html", context, status=status_of(form))
