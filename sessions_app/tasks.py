"""Tasks of sessions: checking a ticket system."""

from __future__ import annotations

from celery import shared_task

from sessions_app.models import ConnectionCheck


@shared_task(name=ConnectionCheck.task)
def check_connection(pk: int) -> None:
    ConnectionCheck.run(pk)
