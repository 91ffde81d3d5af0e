"""Log lines: one per request, and no secret in any."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import httpx2
import pytest
import structlog
from celery import current_app

from notifications.models import Delivery
from resolutionflow.accounts.models import ApiToken
from resolutionflow.ops import logs
from tests.live_site import PATIENCE, wait_until

KEY = "rf_" + "aB3-" * 11


@pytest.fixture
def lines():
    """What a production process writes, line by line. After `workers`: Celery sets logging up anew as they start."""
    kept: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(self.format(record))

    settings = logs.configure("INFO", as_json=True)["formatters"]["line"]
    handler = Keep()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=settings["processors"], foreign_pre_chain=settings["foreign_pre_chain"]
        )
    )
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield kept
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    "text",
    [
        KEY,
        f"GET /ws/live/?token={KEY}",
        "Authorization: Token abcdefghijklmnopqrstuvwxyz",
        "sk-ant-api03-abcdefghijkl",
        "https://hooks.slack.com/services/T0/B0/abcdefghijkl",
        "redis://user:abcdefghijkl@host/0",
        "https://prod.logic.azure.com/x?sig=abcdefghijkl",
        "https://x.example/y?sig=ab%2Fabcdefghijkl",
        "GET /files/?token=-abcdefghijkl",
        "Bearer abcdefghijklmnopqrst",
    ],
)
def test_secrets_are_hidden_wherever_they_stand(lines, text):
    logging.getLogger("somewhere").warning("said %s", text)
    structlog.get_logger("elsewhere").warning("said", nested={"list": [text]})
    logging.getLogger("third").warning("said", extra={"password": "hunter2", "api_key": text})
    assert len(lines) == 3
    for line in lines:
        json.loads(line)
        assert "abcdefghijkl" not in line
        assert KEY not in line
        assert "hunter2" not in line


def test_tracebacks_hide_them_too(lines):
    try:
        raise ValueError(f"cannot send {KEY}")
    except ValueError:
        logging.getLogger("somewhere").exception("failed")
    assert "ValueError" in lines[0]
    assert KEY not in lines[0]


def test_a_request_is_one_line_without_its_query(lines, client, ana):
    client.force_login(ana)
    client.get("/sessions/?q=private")
    mine = [json.loads(line) for line in lines if "/sessions/" in line]
    assert [line["event"] for line in mine] == ["GET /sessions/ 200"]
    assert mine[0]["user"] == ana.pk
    assert "private" not in json.dumps(mine)


def test_lines_of_a_task_name_the_request_that_led_to_it(live_site, workers, lines, session, ana, bo, caplog):
    """Through the nudge, the broker and the task that relays, as far as the task that delivers the mail."""
    caplog.set_level("INFO", logger="django_structlog")
    _token, key = ApiToken.issue(ana, name="script", scope="write")
    httpx2.post(
        f"{live_site.url}/api/v1/sessions/{session.pk}/escalate/",
        json={"notes": "Stuck", "target_user": bo.pk},
        headers={"Authorization": f"Token {key}", "X-Request-ID": "trace-7"},
    ).raise_for_status()
    wait_until(lambda: Delivery.objects.filter(status="done").exists())

    def started() -> dict[str, Any]:
        told = [json.loads(line) for line in lines if "task_started" in line]
        return {line["task"]: line for line in told if line.get("request_id") == "trace-7"}

    wait_until(lambda: {"notifications.relay", Delivery.task} <= started().keys())
    relay, deliver = started()["notifications.relay"], started()[Delivery.task]
    assert deliver["parent_task_id"] == relay["task_id"] != deliver["task_id"]


def test_a_task_that_breaks_is_one_traceback_with_its_ids(workers, lines):
    current_app.send_task("notifications.relay", args=["no number"], queue="fast")
    wait_until(lambda: any("task_failed" in line for line in lines))
    assert workers.stop(PATIENCE)  # whatever else it had to say, it has said
    [broke] = [json.loads(line) for line in lines if "Traceback" in line]
    assert broke["task_id"]
    assert (broke["task"], broke["args"]) == ("notifications.relay", "['no number']")


def test_a_traceback_shows_no_local_variables() -> None:
    """A console's renderer would, as soon as `rich` is installed for something else: slowly, and secrets among them."""
    [_redact, console, _text] = logs._writers(as_json=False)
    try:
        mine = "correct horse battery"
        raise ValueError(len(mine))
    except ValueError:
        line = console(None, "error", {"event": "broke", "exc_info": sys.exc_info()})
    assert "ValueError: 21" in line
    assert "horse" not in line
