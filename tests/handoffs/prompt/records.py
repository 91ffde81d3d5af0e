"""Large records, written without their verbs: what is tested is how they are read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sessions_app.models import Message, Session, Step

LOG = "2026-11-28 14:02 fw01 charon: 13[IKE] sent DPD request to 203.0.113.7, peer is alive\n"


def add_steps(session: Session, steps: Iterable[dict[str, Any]]) -> None:
    """These fields of steps, after those there are."""
    rows = [_row(Step, session, n, fields) for n, fields in enumerate(steps, session.step_count + 1)]
    Step.objects.bulk_create(rows)
    session.step_count += len(rows)
    session.save(update_fields=["step_count"])


def add_messages(session: Session, contents: Iterable[str]) -> None:
    rows = [_row(Message, session, n, {"content": text}) for n, text in enumerate(contents, session.message_count + 1)]
    Message.objects.bulk_create(rows)
    session.message_count += len(rows)
    session.save(update_fields=["message_count"])


def lines_of(content: str) -> list[dict[str, Any]]:
    """What stands between the markers."""
    return [json.loads(line) for line in content.split("\n")[1:-1]]


def by_id(content: str) -> dict[str, dict[str, Any]]:
    return {line["id"]: line for line in lines_of(content) if "id" in line}


def _row(model: Any, session: Session, order: int, fields: dict[str, Any]) -> Any:
    return model(session=session, account_id=session.account_id, author_id=session.started_by_id, order=order, **fields)
