"""Hook: what Slack, Teams and webhooks share: one POST to an address that is a secret, and a word on how it ended."""

from __future__ import annotations

import time
from http.client import responses
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from resolutionflow.core import outgoing_http
from resolutionflow.core.outgoing_http import OutgoingResponse
from resolutionflow.core.text import SHORT, cut, one_line
from resolutionflow.core.work import GiveUp, Later, NotWanted

if TYPE_CHECKING:
    from notifications.models import Channel, ChannelTest, Delivery

TIMEOUT = 10.0  # seconds for all of a post
BUSY = 30.0  # seconds to leave it alone where it does not say for how long
LONGEST = 2000  # characters of an address
GONE = (400, 401, 403, 404, 410)  # nothing will arrive there until somebody has changed something
SHOWN = 4  # last characters of an address


class SwitchOff(GiveUp):
    """Nothing will arrive there until somebody has changed something: the channel is switched off."""


class Hook:
    """One kind of channel that is posted to. A subclass says what is posted, and reads what is answered."""

    label: ClassVar[str]
    pause: ClassVar[float] = 0.0  # seconds from one message to the next
    hosts: ClassVar[tuple[str, ...]] = ()  # of its addresses, "." before those that others are below; none: any
    example: ClassVar[str]

    def send(self, delivery: Delivery) -> dict[str, Any]:
        """Post it, if it is still wanted and its turn."""
        channel = delivery.channel
        if channel is None:
            raise NotWanted("The channel is gone.")
        self.must_be_wanted(delivery)
        body, headers = self.message(delivery)
        with channel.turn(delivery, pause=self.pause):
            self.begin(delivery)
            begun = time.monotonic()
            delivery.answer_code = None
            try:
                answer = self._post(channel, body, headers)
                delivery.answer_code = answer.status
            finally:
                delivery.answer_ms = round((time.monotonic() - begun) * 1000)
            self.judge(answer, channel)
        return {}

    def test(self, test: ChannelTest) -> str:
        """Post a test message; returns what was answered, in words."""
        body, headers = self.test_message(test)
        test.sending()
        begun = time.monotonic()
        answer = self._post(test.channel, body, headers)
        took = round((time.monotonic() - begun) * 1000)
        self.judge(answer, test.channel)
        return f"{self.accepted(answer)} It took {took} ms."

    # what each kind does

    def must_be_wanted(self, delivery: Delivery) -> None:
        """NotWanted where it is not needed any more."""
        delivery.must_be_wanted()

    def begin(self, delivery: Delivery) -> None:
        """Take it for sending; NotWanted as above."""
        delivery.begin()

    def message(self, delivery: Delivery) -> tuple[bytes, dict[str, str]]:
        """The body that is posted, and its headers."""
        raise NotImplementedError

    def test_message(self, test: ChannelTest) -> tuple[bytes, dict[str, str]]:
        """The same of a test."""
        raise NotImplementedError

    def said(self, answer: OutgoingResponse) -> str:
        """What the other side said, for people; "" where they could not use it."""
        return ""

    def accepted(self, answer: OutgoingResponse) -> str:
        """What an answer means by which it was taken, in a sentence."""
        return f"{self.label} answered {in_words(answer.status)}."

    def judge(self, answer: OutgoingResponse, channel: Channel) -> None:
        """Nothing where it was taken; else Later, GiveUp or SwitchOff."""
        if answer.is_success:
            return
        said = cut(one_line(without_secrets(self.said(answer), channel.goes_to())), SHORT)
        says = f"{self.label} says: {said}" if said else f"{self.label} answered {in_words(answer.status)}."
        match answer.status:
            case 429:
                after = BUSY if answer.retry_after is None else answer.retry_after
                raise Later(f"{self.label} is busy and asked us to wait.", after=after)
            case status if status >= 500 or status in (408, 425):
                raise Later(says)
            case status if 300 <= status < 400:
                raise SwitchOff(f"{self.label} sends us elsewhere ({status}): type the address it has now.")
            case status if status in GONE:
                raise SwitchOff(says)
            case _:
                raise GiveUp(says)

    # its address

    @classmethod
    def check_address(cls, address: str) -> None:
        """GiveUp, in words without the address, where a channel of this kind cannot have it."""
        if len(address) > LONGEST:
            raise GiveUp("This address is too long.")
        target = outgoing_http.check_url(address)
        host = target.raw_host.decode().lower()
        if cls.hosts and not outgoing_http.is_allowlisted(host):
            if not any(host.endswith(one) if one.startswith(".") else host == one for one in cls.hosts):
                raise GiveUp(f"This is no address of {cls.label}. One begins with {cls.example}.")
            cls.check_path(target.path)

    @classmethod
    def check_path(cls, path: str) -> None:
        """GiveUp where what follows the host cannot be right."""

    @classmethod
    def shown(cls, address: str) -> str:
        """What is shown of an address: its host and last characters."""
        host = outgoing_http.host_of(address)
        rest = address.rpartition(host)[2] if host else ""
        return cut(f"{host} …{rest[-SHOWN:]}" if len(rest) > 2 * SHOWN else host, SHORT)

    def _post(self, channel: Channel, body: bytes, headers: dict[str, str]) -> OutgoingResponse:
        address = channel.goes_to()
        headers = {"content-type": "application/json; charset=utf-8", **headers}
        try:
            self.check_address(address)  # what an operator allows may have changed
            return outgoing_http.request("POST", address, headers=headers, body=body, total=TIMEOUT)
        except GiveUp as error:
            raise SwitchOff(str(error)) from error


def in_words(status: int) -> str:
    return f"{status} {responses.get(status, '')}".strip()


def without_secrets(said: str, address: str) -> str:
    """What the other side said, without what it repeats of our address."""
    parts = urlsplit(address)
    named = [address, f"{parts.path}?{parts.query}" if parts.query else parts.path]
    named += [value for _name, value in parse_qsl(parts.query)] + parts.path.split("/")
    for secret in sorted(named, key=len, reverse=True):
        said = said.replace(secret, "…") if len(secret) >= 6 else said
    return said
