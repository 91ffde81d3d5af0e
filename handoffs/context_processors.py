"""What is around every page: how many handoffs wait, how many sessions are mine."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest

from handoffs.models import Handoff
from resolutionflow.accounts.models import User
from resolutionflow.core import pagination
from sessions_app.models import Session


class PageFrame:
    """Reads from the database only what a template shows, so that a fragment or the admin costs nothing."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def queue_count(self) -> int:
        return int(Handoff.objects.visible_to(self.user).waiting().count())

    @cached_property
    def my_count(self) -> int:
        return int(Session.objects.visible_to(self.user).filter(assignee=self.user, status="active").count())

    @cached_property
    def next_card(self) -> Handoff | None:
        """The handoff at the head of the queue that this person may claim: offered to those who lost a race."""
        return next(iter(pagination.first_rows(Handoff.objects.claimable_by(self.user).with_card(), 1)), None)


def page_frame(request: HttpRequest) -> dict[str, Any]:
    return {"frame": PageFrame(request.user)} if request.user.is_authenticated else {}
