"""Addresses and secrets are in no page, answer, log, event, task or row: canaries are planted and looked for."""

from __future__ import annotations

import inspect
import json
import logging
from pathlib import Path

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from notifications import tasks
from notifications.models import Channel, ChannelTest, Delivery
from resolutionflow.accounts.models import Event
from resolutionflow.ops import logs
from tests.conftest import relay_all
from tests.fakes.hooks import SLACK, TEAMS, WEBHOOK
from tests.notifications.channels.conftest import deliver

CANARIES = ("CanarySlack", "CanaryTeams", "CanaryWebhook")


@pytest.fixture
def planted(hooks, slack, teams, webhook, adam, waiting, bo, caplog) -> list[str]:
    """The secrets of one channel of each kind: used, refused, answered with what was sent there, tested and rotated."""
    caplog.set_level(logging.DEBUG)
    secrets = [*CANARIES, webhook.secrets["secret"], webhook.rotate_secret(adam)]
    for channel in (slack, teams, webhook):
        channel.change(adam, name=f"{channel.name} again", address=hooks.address(channel.kind), is_active=True)
    for kind in ("slack", "teams", "webhook"):
        hooks.script = ["drop", (500, SLACK, {}), (404, hooks.address(kind), {})]
        deliver(kind)
    hooks.script = [
        (403, f"not_there {hooks.slack} {SLACK}", {}),
        (400, json.dumps({"error": {"code": "Gone", "message": f"{hooks.teams} {TEAMS}"}}), {}),
        (410, f"{hooks.webhook} {WEBHOOK}", {}),
    ]
    for channel in (slack, teams, webhook):
        ChannelTest.run(ChannelTest.ask(channel, adam).pk)
    relay_all()
    return secrets


def found(text: str, secrets: list[str]) -> list[str]:
    return [secret for secret in secrets if secret in text]


def test_no_page_shows_them(planted, adam, bo, waiting, webhook, wrong) -> None:
    for person in (adam, bo):
        client = Client()
        client.force_login(person)
        channels = [f"/settings/channels/{pk}/" for pk in Channel.objects.values_list("pk", flat=True)]
        pages = ["/settings/channels/", *channels, *(f"{path}state/" for path in channels)]
        pages += [f"/settings/channels/{webhook.pk}/deliveries/", "/notifications/", f"/handoffs/{waiting.pk}/"]
        pages += [f"/handoffs/{waiting.pk}/timeline/", f"/sessions/{waiting.session_id}/timeline/"]
        pages += ["/api/v1/events/", f"/api/v1/handoffs/{waiting.pk}/deliveries/", "/api/v1/notifications/"]
        for path in pages:
            answer = client.get(path)
            wrong.unless(answer.status_code in (200, 403), path, answer.status_code)
            wrong.unless(not found(answer.content.decode(), planted), path, person)


def test_no_page_of_the_admin_shows_them(planted, adam, root, wrong) -> None:
    for person in (adam, root):
        client = Client()
        client.force_login(person)
        for model in admin.site._registry:
            if model._meta.app_label != "notifications":
                continue
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            paths = [reverse(f"{name}_changelist")]
            paths += [reverse(f"{name}_change", args=[row.pk]) for row in model._base_manager.all()[:30]]
            for path in paths:
                text = client.get(path).content.decode()
                wrong.unless(not found(text, planted), path, person)


def test_no_log_and_no_command_tells_them(planted, caplog, capsys) -> None:
    lines = caplog.get_records("setup")
    assert "a channel was switched off" in lines[0].getMessage()
    assert not found("".join(f"{line.getMessage()} {line.__dict__}" for line in lines), planted)
    call_command("deliveries", "--failed")
    told = capsys.readouterr()
    assert not found(told.out + told.err, planted)


def test_no_row_holds_them_but_encrypted(planted, wrong) -> None:
    for model in (Channel, ChannelTest, Delivery, Event):
        for row in model._base_manager.all():
            for field in model._meta.fields:
                text = str(getattr(row, field.attname))
                wrong.unless(not found(text, planted), model.__name__, field.name)
            wrong.unless(not found(repr(row), planted), model.__name__)
    with connection.cursor() as cursor:
        tables = connection.introspection.django_table_names(only_existing=True)
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            wrong.unless(not found(repr(cursor.fetchall()), planted), table)


def test_a_task_is_told_the_number_of_a_row_alone(planted) -> None:
    for row in (*Delivery.objects.all(), *ChannelTest.objects.all()):
        assert not found(repr((row.task, row.pk, row.queue)), planted)
    signatures = [inspect.signature(task) for task in (tasks.deliver, tasks.test_channel)]
    assert [list(signature.parameters) for signature in signatures] == [["pk"], ["pk"]]


def test_the_library_that_posts_writes_no_line_with_an_address() -> None:
    assert logging.getLogger("httpx2").level >= logging.WARNING
    assert logging.getLogger("httpcore2").level >= logging.WARNING


def test_an_error_report_tells_no_address() -> None:
    """Its texts are looked through; variables, among which are those of webhooks, are not in it at all."""
    teams = "https://prod-7.westeurope.logic.azure.com/workflows/a?api-version=1&sig=CanaryTeamsSignature77"
    report = {
        "message": "POST https://hooks.slack.com/services/T0NORTHW/B0DESK/CanarySlackLive99",
        "request": {"url": teams},
        "breadcrumbs": [{"data": {"url": "https://hooks.slack.com/services/T0/B0/CanarySlackLive99"}}],
        "extra": {"secret": "whsec_" + "QUJD" * 10},
    }
    text = json.dumps(logs.without_secrets(report, {}))
    assert not found(text, ["Canary", "QUJDQUJD"])
    assert "include_local_variables=False" in (Path(__file__).parents[3] / "resolutionflow/settings.py").read_text()
