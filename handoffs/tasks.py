"""Tasks of handoffs: writing summaries."""

from __future__ import annotations

from celery import shared_task

from handoffs.models import Summary


@shared_task(name=Summary.task)
def summarise(pk: int) -> None:
    Summary.run(pk)
