"""Tasks of sessions: checking and asking a ticket system, deleting the bytes of files."""

from __future__ import annotations

from celery import shared_task

from sessions_app.models import ConnectionCheck, FileDeletion, TechnicianList, TicketCopy, TicketSearch


@shared_task(name=ConnectionCheck.task)
def check_connection(pk: int) -> None:
    ConnectionCheck.run(pk)


@shared_task(name=TicketCopy.task)
def read_ticket(pk: int) -> None:
    TicketCopy.run(pk)


@shared_task(name=TicketSearch.task)
def search_tickets(pk: int) -> None:
    TicketSearch.run(pk)


@shared_task(name=TechnicianList.task)
def read_technicians(pk: int) -> None:
    TechnicianList.run(pk)


@shared_task(name=FileDeletion.task)
def delete_file(pk: int) -> None:
    FileDeletion.run(pk)
