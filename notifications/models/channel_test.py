"""ChannelTest: a test message to a channel, as a row of work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Max, Q

from notifications import transports
from notifications.models.channel import Channel
from notifications.transports.hook import SwitchOff
from resolutionflow.accounts.models import Owned, OwnedQuerySet, User
from resolutionflow.core import clock
from resolutionflow.core.text import LINE, cut, one_line
from resolutionflow.core.verbs import verb
from resolutionflow.core.work import Work, WorkQuerySet
from sessions_app.models.connection_check import LOOK_FOR

SHOWN_FOR = timedelta(hours=1)


class ChannelTestQuerySet(OwnedQuerySet[Any], WorkQuerySet):
    def newest_of_each(self) -> Self:
        newest = self.order_by().values("channel").annotate(newest=Max("pk")).values("newest")
        return self.filter(pk__in=newest)


class ChannelTest(Work, Owned):
    """One press of Test, or of Switch on again: then what arrives switches the channel on."""

    task = "notifications.test_channel"
    time_limit = timedelta(seconds=60)
    backoff = ()  # somebody looks at it: what is wrong now is the answer

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="tests")
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    switches_on = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    found = models.CharField(max_length=LINE, blank=True, help_text="What the other side said.")

    objects: ClassVar[Any] = ChannelTestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel"],
                condition=Q(status__in=Work.UNFINISHED),
                name="one_unfinished_test_per_channel",
            )
        ]
        indexes = [models.Index(fields=["due_at"], name="channel_test_due", condition=Q(status__in=Work.UNFINISHED))]

    def __str__(self) -> str:
        return f"Test of {self.channel}"

    @classmethod
    @verb
    def ask(cls, channel: Channel, by: User) -> ChannelTest:
        """A new test of this channel, which switches it on where it is off; or the one that is under way already."""
        channel.account.lock_people(by)
        test: ChannelTest | None = cls.objects.unfinished().filter(channel=channel).first()
        if test is None:
            is_active = Channel.objects.filter(pk=channel.pk, is_active=True).exists()
            made = {"account_id": channel.account_id, "channel": channel, "asked_by": by, "switches_on": not is_active}
            test = cls.objects.create(**made)
        test.nudge_worker()
        return test

    @property
    def is_looked_for(self) -> bool:
        """Whether an open page that shows it should ask again for the result."""
        return self.is_unfinished and self.created_at > clock.now() - LOOK_FOR

    @property
    def is_shown(self) -> bool:
        """Whether its result is news."""
        return not self.is_unfinished and self.created_at > clock.now() - SHOWN_FOR

    def perform(self) -> dict[str, Any]:
        transport = transports.CHANNELS[self.channel.kind]()
        try:
            said = transport.test(self)
        except SwitchOff as error:
            self.channel.switch_off(str(error))
            raise
        return {"found": cut(one_line(said), LINE)}

    def settled(self) -> None:
        """What has arrived is the newest that was sent, and switches on what was off."""
        if self.status != self.Status.DONE:
            return
        if self.switches_on:
            self.channel.back_on(self.asked_by)  # locks the account, which comes before its channels everywhere
        Channel.objects.filter(pk=self.channel_id).update(last_sent_at=self.done_at, failures=0, last_error="")
