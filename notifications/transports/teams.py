"""Microsoft Teams: one Adaptive Card to a workflow's address. Text stands in TextRuns, which know no Markdown, and
mentions are made by entities, of which there are none: nothing that somebody typed becomes either."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from notifications.transports.card import TEXT, Card, card_about, card_of_test
from notifications.transports.hook import Hook
from resolutionflow.core.outgoing_http import OutgoingResponse
from resolutionflow.core.text import cut
from resolutionflow.core.work import GiveUp

if TYPE_CHECKING:
    from notifications.models import Channel, ChannelTest, Delivery

LARGEST = 20_000  # bytes; 28 KB are documented, and less was refused
LINES = 30  # of one text
# What it says of a message that it cannot read, by 400 as of a workflow that is switched off
OURS = ("TriggerInputSchemaMismatch", "InvalidRequestContent", "InvalidJson")


class Teams(Hook):
    label = "Teams"
    pause = 0.25
    hosts = (".logic.azure.com", ".environment.api.powerplatform.com")
    example = "https://….logic.azure.com/ or https://….environment.api.powerplatform.com/"

    def message(self, delivery: Delivery) -> tuple[bytes, dict[str, str]]:
        return as_message(card_about(delivery)), {}

    def test_message(self, test: ChannelTest) -> tuple[bytes, dict[str, str]]:
        return as_message(card_of_test(test)), {}

    def said(self, answer: OutgoingResponse) -> str:
        error = _error(answer)
        return ": ".join(filter(None, (error.get("code", ""), error.get("message", ""))))

    def accepted(self, answer: OutgoingResponse) -> str:
        taken = super().accepted(answer)
        return f"{taken} It shows the message once its workflow has run." if answer.status == 202 else taken

    def judge(self, answer: OutgoingResponse, channel: Channel) -> None:
        if answer.status == 400 and _error(answer).get("code") in OURS:
            raise GiveUp("Teams does not take this message. It is made wrongly, please report it.")
        super().judge(answer, channel)


def _error(answer: OutgoingResponse) -> dict[str, str]:
    found = answer.json()
    error = found.get("error") if isinstance(found, dict) else None
    return {name: str(value) for name, value in error.items()} if isinstance(error, dict) else {}


def as_message(card: Card) -> bytes:
    """The body that holds the card: with shorter texts, where it would be too large."""
    room = TEXT
    while len(body := _body(card, room)) > LARGEST and room > 20:
        room //= 2
    return body


def _body(card: Card, room: int) -> bytes:
    body: list[dict[str, Any]] = [_line(_run(cut(card.title, room), weight="Bolder", size="Large"))]
    for label, text in card.facts:
        body.append(_line(_run(f"{label}: ", weight="Bolder"), _run(cut(text, room)), spacing="Small"))
    for label, text in card.texts:
        body.append(_line(_run(f"{label}:", weight="Bolder"), spacing="Medium"))
        lines = [line for line in cut(text, room).splitlines() if line.strip()]
        lines = [*lines[: LINES - 1], "…"] if len(lines) > LINES else lines
        body += [_line(_run(line), spacing="None") for line in lines]
    body.append(_line(_run(card.small, size="Small", isSubtle=True), spacing="Medium"))
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": card.button, "url": card.link}],
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": content}
    return json.dumps({"type": "message", "attachments": [attachment]}, ensure_ascii=False).encode()


def _line(*runs: dict[str, Any], **look: str) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": list(runs), **look}


def _run(text: str, **look: Any) -> dict[str, Any]:
    return {"type": "TextRun", "text": text, **look}
