"""Tasks of handoffs: writing summaries, proposing lines."""

from __future__ import annotations

from celery import shared_task

from handoffs.models import Proposals, Summary


@shared_task(name=Summary.task)
def summarise(pk: int) -> None:
    Summary.run(pk)


@shared_task(name=Proposals.task)
def propose(pk: int) -> None:
    Proposals.run(pk)
