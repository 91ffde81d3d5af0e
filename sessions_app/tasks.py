"""Tasks of sessions: checking a ticket system, deleting the bytes of files."""

from __future__ import annotations

from celery import shared_task

from sessions_app.models import ConnectionCheck, FileDeletion


@shared_task(name=ConnectionCheck.task)
def check_connection(pk: int) -> None:
    ConnectionCheck.run(pk)


@shared_task(name=FileDeletion.task)
def delete_file(pk: int) -> None:
    FileDeletion.run(pk)
