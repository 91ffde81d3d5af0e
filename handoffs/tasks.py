"""Tasks of handoffs: what the AI is asked to write."""

from __future__ import annotations

from celery import shared_task

from handoffs.models import Briefing, Proposals, Summary


@shared_task(name=Summary.task)
def summarise(pk: int) -> None:
    Summary.run(pk)


@shared_task(name=Briefing.task)
def write_briefing(pk: int) -> None:
    Briefing.run(pk)


@shared_task(name=Proposals.task)
def propose(pk: int) -> None:
    Proposals.run(pk)
