"""What Teams is sent, over a real socket, read by Microsoft's own library; and what becomes of what it answers."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from handoffs.models import Handoff
from notifications.transports.teams import LARGEST
from resolutionflow.accounts.models import Event
from tests.notifications.channels.conftest import deliver

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.skipif(
    not (ROOT / "node_modules/adaptivecards").exists() or shutil.which("node") is None,
    reason="Microsoft's library is not here: make node_modules/.lint installs it where there is Node.js",
)
NASTY = "<at>Bo</at> **bold** [click](https://evil.example) <users/all> @everyone password=Hunter2!x"


def read(message: dict[str, Any]) -> dict[str, Any]:
    """The card as Microsoft's library reads it."""
    (attachment,) = message["attachments"]
    assert message["type"] == "message"
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = json.dumps(attachment["content"])
    done = subprocess.run(
        ["node", "tests/notifications/channels/parse_card.cjs"],
        input=card, capture_output=True, text=True, check=True, cwd=ROOT, timeout=60,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["wrong"] == []
    assert found["isPlain"], "TextBlocks and facts read Markdown"
    return found


def test_what_is_sent_to_everyone_is_one_card(hooks, teams, waiting) -> None:
    (sent,) = deliver("teams")
    assert (sent.status, sent.answer_code) == ("done", 202)
    (message,) = hooks.messages("teams")
    card = read(message)
    for line in (
        "Ana Tester escalated #48190 VPN drops every ten minutes for two users",
        "Problem: VPN drops every ten minutes for two users", "Client: Northgate Legal", "Ticket: #48190",
        "Priority: High", "Escalated by: Ana Tester", "Tried: 1 failed, 1 unclear, 1 to do", "Why it waits:",
        "I am stuck, it looks like the tunnel itself.", "Last error:", "error 809 again (s1)",
    ):  # fmt: skip
        assert line in card["shown"], line
    assert card["actions"] == [f"{django_settings.SITE_URL}/handoffs/{waiting.pk}/"]
    assert message["attachments"][0]["content"]["version"] == "1.4"


def test_nothing_that_was_typed_is_a_mention_or_markup_or_a_secret(hooks, teams, session, ana, bo) -> None:
    session.change(ana, problem_summary=NASTY, client_name=NASTY)
    Handoff.escalate(session, ana, notes=NASTY)
    deliver("teams")
    (message,) = hooks.messages("teams")
    card = read(message)
    shown = "\n".join(card["shown"])
    assert "**bold** [click](https://evil.example)" in shown, "as it was typed, in runs that know no Markdown"
    assert "Hunter2" not in shown
    assert "left out (password)" in shown
    assert "entities" not in json.dumps(message), "which alone make mentions"


@pytest.mark.parametrize("notes", ["é" * 20_000, "漢字" * 9000, "a\n" * 9000, '"\\' * 9000, "x" * 20_000])
def test_a_card_stays_as_small_as_teams_takes_it(hooks, teams, session, ana, bo, notes) -> None:
    session.change(ana, problem_summary="漢" * 500, client_name="漢" * 200)
    Handoff.escalate(session, ana, notes=notes)
    assert [one.status for one in deliver("teams")] == ["done"]
    assert len(hooks.raw[0]) <= LARGEST
    read(hooks.messages("teams")[0])


def test_a_workflow_that_is_switched_off_switches_the_channel_off(hooks, teams, waiting) -> None:
    signature = hooks.teams.rpartition("=")[2]
    error = {"error": {"code": "WorkflowTriggerIsNotEnabled", "message": f"Flow with sig={signature} is disabled."}}
    hooks.script = [(400, json.dumps(error), {"content-type": "application/json"})]
    (sent,) = deliver("teams")
    teams.refresh_from_db()
    assert not teams.is_active
    assert teams.off_reason == "Teams says: WorkflowTriggerIsNotEnabled: Flow with sig=… is disabled."
    assert signature not in sent.error
    assert Event.objects.filter(kind="channel.failed").count() == 1


def test_a_card_it_cannot_read_is_ours_to_mend(hooks, teams, waiting) -> None:
    error = {"error": {"code": "TriggerInputSchemaMismatch", "message": "x"}}
    hooks.script = [(400, json.dumps(error), {})]
    (sent,) = deliver("teams")
    assert sent.status == "failed"
    teams.refresh_from_db()
    assert teams.is_active


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_workflow_that_is_gone_switches_the_channel_off(hooks, teams, waiting, status) -> None:
    hooks.script = [status]
    deliver("teams")
    teams.refresh_from_db()
    assert not teams.is_active
    assert str(status) in teams.off_reason


def test_a_card_that_is_too_large_for_it_fails_alone(hooks, teams, waiting) -> None:
    hooks.script = [413]
    assert deliver("teams")[0].status == "failed"
    teams.refresh_from_db()
    assert teams.is_active
