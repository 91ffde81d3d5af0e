"""What Slack is sent, over a real socket, judged by Slack's own library; and what becomes of what it answers."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from slack_sdk.models.blocks import Block, SectionBlock

from handoffs.models import Handoff
from notifications.models import Channel, Delivery, Notification
from notifications.sweep import do_it, sweep
from notifications.transports.slack import PERMANENT, escaped
from resolutionflow.accounts.models import Event
from tests.conftest import relay_all
from tests.notifications.channels.conftest import deliver

NASTY = "<!here> @channel <@U123> *bold* & <https://evil.example|click> password=Hunter2!x"


def texts(message: dict) -> str:
    found = []
    for block in message["blocks"]:
        parts = [block["text"]] if "text" in block else block.get("fields") or block["elements"]
        found += [part["text"]["text"] if part["type"] == "button" else part["text"] for part in parts]
    return "\n".join(found)


def test_what_is_sent_to_everyone_is_one_message(hooks, slack, waiting) -> None:
    (sent,) = deliver("slack")
    assert sent.status == "done"
    (message,) = hooks.messages("slack")
    assert message["text"] == "Ana Tester escalated #48190 VPN drops every ten minutes for two users"
    shown = texts(message)
    for words in (
        "VPN drops every ten minutes for two users", "Northgate Legal", "#48190", "High", "Ana Tester",
        "I am stuck, it looks like the tunnel itself.", "error 809 again", "1 failed, 1 unclear, 1 to do",
        "You get this because",
    ):  # fmt: skip
        assert words in shown, words
    assert message["blocks"][-1]["elements"][0]["url"] == f"{django_settings.SITE_URL}/handoffs/{waiting.pk}/"


def test_what_is_for_one_person_is_not_in_the_channel(hooks, slack, session, ana, bo) -> None:
    Handoff.escalate(session, ana, notes="Stuck", target_user=bo)
    assert deliver("slack") == []


@pytest.mark.parametrize("notes", ["Stuck", NASTY, "&<>" * 3000, "é" * 20_000, "a\n" * 5000])
def test_slacks_own_library_takes_the_blocks(hooks, slack, session, ana, bo, notes) -> None:
    session.change(ana, problem_summary=f"{NASTY} {'&' * 300}"[:500], client_name="<" * 200)
    Handoff.escalate(session, ana, notes=notes)
    assert [one.status for one in deliver("slack")] == ["done"]
    (message,) = hooks.messages("slack")
    blocks = Block.parse_all(message["blocks"])
    assert len(blocks) == len(message["blocks"]) <= 50
    for block in blocks:
        block.validate_json()
        if isinstance(block, SectionBlock) and block.text is not None:
            assert len(block.text.text) <= 3000
    assert len(message["blocks"][0]["text"]["text"]) <= 150


def test_nothing_that_was_typed_is_a_mention_or_markup_or_a_secret(hooks, slack, session, ana, bo) -> None:
    session.change(ana, problem_summary=NASTY, client_name=NASTY[:200])
    Handoff.escalate(session, ana, notes=NASTY)
    deliver("slack")
    (message,) = hooks.messages("slack")
    everything = f"{message['text']}\n{texts(message)}"
    assert "<" not in everything
    assert ">" not in everything
    assert "&lt;!here&gt;" in everything
    assert "Hunter2" not in everything
    assert "[REDACTED:PASSWORD#1]" in everything
    assert "left out (password)" in everything
    kinds = {part["type"] for block in message["blocks"] for part in block.get("fields", [block.get("text")]) if part}
    assert kinds == {"plain_text"}
    assert message["mrkdwn"] is False


@pytest.mark.parametrize("length", [3, 150, 3000])
def test_what_is_escaped_still_fits(length) -> None:
    for text in ("&" * 5000, "<a>" * 900, "plain " * 900, "& " * 40):
        assert len(escaped(text, length)) <= length
    assert escaped("a & b", 150) == "a &amp; b"


@pytest.mark.parametrize(
    "word", ["no_service", "channel_is_archived", "no_team", "token_revoked", "channel_not_found", "action_prohibited"]
)
def test_a_channel_that_is_gone_is_switched_off_and_admins_notified_once(
    hooks, slack, waiting, session, ana, adam, olga, bo, word
) -> None:
    hooks.script = [(410 if word == "channel_is_archived" else 404, word, {})] * 2
    (sent,) = deliver("slack")
    assert sent.status == "failed"
    slack.refresh_from_db()
    assert not slack.is_active
    assert slack.off_at is not None
    assert slack.off_reason == f"Slack says: {PERMANENT[word]} ({word})."
    relay_all()
    assert Event.objects.filter(kind="channel.failed").count() == 1
    told = Notification.objects.filter(event__kind="channel.failed")
    assert {line.user.name for line in told} == {"Adam Tester", "Olga Tester"}
    assert told[0].title == "Channel Desk in slack was switched off: nothing arrives there"
    assert told[0].get_absolute_url() == "/settings/channels/"
    waiting.withdraw(ana)
    Handoff.escalate(session, ana, notes="Again")
    assert len(deliver("slack")) == 1, "nothing more is sent there"


def test_what_is_ours_to_mend_leaves_the_channel_on(hooks, slack, waiting) -> None:
    hooks.script = [(400, "invalid_blocks", {})]
    (sent,) = deliver("slack")
    assert sent.status == "failed"
    assert "invalid_blocks" in sent.error
    slack.refresh_from_db()
    assert slack.is_active
    assert Event.objects.filter(kind="delivery.failed").count() == 1


@pytest.mark.parametrize("status", [500, 503, 408])
def test_a_failure_over_there_is_tried_again(hooks, slack, waiting, status) -> None:
    hooks.script = [status]
    (sent,) = deliver("slack")
    assert sent.status == "pending"
    assert sent.answer_code == status
    assert hooks.messages("slack") == []


def test_it_waits_as_long_as_slack_asks(hooks, slack, waiting) -> None:
    hooks.script = [(429, "rate_limited", {"retry-after": "90"})]
    (sent,) = deliver("slack")
    assert sent.status == "pending"
    assert 85 < (sent.due_at - sent.taken_at).total_seconds() < 100


def test_an_answer_that_never_came_may_have_been_sent(hooks, slack, waiting, bo) -> None:
    hooks.script = ["drop"]
    (sent,) = deliver("slack")
    assert sent.status == "failed"
    assert sent.error.startswith("May have been sent.")
    Channel.objects.update(free_at=sent.taken_at)
    sent.retry_by(bo)
    Delivery.run(sent.pk)
    assert Delivery.objects.get(pk=sent.pk).status == "done"


def test_a_claim_cancels_what_was_not_sent(hooks, slack, waiting, bo, time_machine) -> None:
    relay_all()
    waiting.claim(bo)
    relay_all()
    (message,) = Delivery.objects.filter(kind="slack")
    assert message.due_at == waiting.undo_until, "held, as long as it can be undone"
    time_machine.move_to(waiting.undo_until)
    sweep(do_it)
    message.refresh_from_db()
    assert (message.status, hooks.messages("slack")) == ("cancelled", [])
    assert hooks.messages("slack") == []


def test_no_redirect_is_followed(hooks, slack, waiting) -> None:
    hooks.script = [(302, "", {"location": hooks.webhook})]
    deliver("slack")
    assert hooks.messages("webhook") == []
    slack.refresh_from_db()
    assert "elsewhere" in slack.off_reason
