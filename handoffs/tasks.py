"""Tasks of handoffs: writing summaries and briefings."""

from __future__ import annotations

from celery import shared_task

from handoffs.models import Briefing, Summary


@shared_task(name=Summary.task)
def summarise(pk: int) -> None:
    Summary.run(pk)


@shared_task(name=Briefing.task)
def write_briefing(pk: int) -> None:
    Briefing.run(pk)
