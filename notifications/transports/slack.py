"""Slack: one message to an incoming webhook. All text is plain_text: nothing in it becomes a mention or markup."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from notifications.transports.card import Card, card_about, card_of_test
from notifications.transports.hook import Hook, SwitchOff, in_words
from resolutionflow.core.outgoing_http import OutgoingResponse
from resolutionflow.core.text import cut
from resolutionflow.core.work import GiveUp

if TYPE_CHECKING:
    from notifications.models import Channel, ChannelTest, Delivery

HEADER, SECTION, FIELD, FALLBACK = 150, 3000, 2000, 1000  # characters that Slack takes, and for a notification enough
# What it answers where it will take nothing any more. Whatever it says besides with a 400 is about the message.
PERMANENT = {
    "no_service": "the webhook was removed",
    "no_service_id": "the webhook was removed",
    "no_team": "there is no such workspace any more",
    "team_disabled": "the workspace is disabled",
    "no_active_hooks": "the webhook is disabled",
    "channel_is_archived": "the channel is archived",
    "channel_not_found": "there is no such channel any more",
    "token_revoked": "the app was removed from the workspace",
    "invalid_token": "the address is not valid any more",
    "account_inactive": "the app's account is inactive",
    "action_prohibited": "an administrator of the workspace does not allow it",
    "posting_to_general_channel_denied": "posting to that channel is not allowed",
}


class Slack(Hook):
    label = "Slack"
    pause = 1.0
    hosts = ("hooks.slack.com",)
    example = "https://hooks.slack.com/services/"
    WORDS: ClassVar[int] = 60  # letters of its errors, which are one word

    def message(self, delivery: Delivery) -> tuple[bytes, dict[str, str]]:
        return as_blocks(card_about(delivery)), {}

    def test_message(self, test: ChannelTest) -> tuple[bytes, dict[str, str]]:
        return as_blocks(card_of_test(test)), {}

    @classmethod
    def check_path(cls, path: str) -> None:
        if not path.startswith("/services/"):
            raise GiveUp(f"This is no address of an incoming webhook. One begins with {cls.example}.")

    def said(self, answer: OutgoingResponse) -> str:
        word = answer.body[: self.WORDS + 1].decode(errors="replace").strip()
        return PERMANENT.get(word) or (word if word.replace("_", "").isalnum() and len(word) <= self.WORDS else "")

    def accepted(self, answer: OutgoingResponse) -> str:
        return f"Slack has taken it: {in_words(answer.status)}."

    def judge(self, answer: OutgoingResponse, channel: Channel) -> None:
        word = answer.body[: self.WORDS].decode(errors="replace").strip()
        if not answer.is_success and word in PERMANENT:
            raise SwitchOff(f"Slack says: {PERMANENT[word]} ({word}).")
        if answer.status == 400 and (said := self.said(answer)):
            raise GiveUp(f"Slack does not take this message: {said}. It is made wrongly, please report it.")
        super().judge(answer, channel)


def as_blocks(card: Card) -> bytes:
    """The body of a message in Block Kit."""
    blocks: list[dict[str, Any]] = [{"type": "header", "text": plain(card.title, HEADER)}]
    if card.facts:
        fields = [plain(f"{label}\n{text}", FIELD) for label, text in card.facts[:10]]
        blocks.append({"type": "section", "fields": fields})
    for label, text in card.texts:
        blocks.append({"type": "section", "text": plain(f"{label}:\n{text}", SECTION)})
    blocks.append({"type": "context", "elements": [plain(card.small, FIELD)]})
    button = {"type": "button", "text": plain(card.button, 75), "url": card.link, "action_id": "open"}
    blocks.append({"type": "actions", "elements": [button]})
    fallback = {"text": escaped(card.title, FALLBACK), "mrkdwn": False, "link_names": False}
    body = {**fallback, "unfurl_links": False, "unfurl_media": False, "blocks": blocks}
    return json.dumps(body, ensure_ascii=False).encode()


def plain(text: str, length: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": escaped(text, length), "emoji": False}


def escaped(text: str, length: int) -> str:
    """`text` with what Slack gives a meaning escaped, and at most `length` characters after that."""
    room = length
    while len(found := _escape(cut(text, room))) > length:
        room -= max(1, (len(found) - length) // 5)
    return found


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
