"""The facts of a session (client, device, ticket, …): cleaning them, and an event's account of their change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from resolutionflow.accounts.models import User
from resolutionflow.core import clock
from resolutionflow.core.refusals import Invalid
from resolutionflow.core.text import as_it_came, clean, one_line

DUE_YEARS = range(2000, 2100)  # beyond them somebody mistyped, and at the ends of the calendar a time has no UTC
NOT_DUE = "Choose a day from 2000 to 2099."
ONE_LINE = ("problem_summary", "client_name", "asset_name", "psa_ticket_id", "contact", "access", "changed_before")


def cleaned_facts(user: User, **fields: Any) -> dict[str, Any]:
    """The facts as they are stored; raises Invalid where they cannot be."""
    for name in ONE_LINE:
        if name in fields:
            fields[name] = one_line(fields[name] or "")
    if "intake_text" in fields:
        fields["intake_text"] = as_it_came(fields["intake_text"] or "")
    if not fields.get("problem_summary", "-"):
        raise Invalid(problem_summary="Say what the problem is.")
    if fields.get("confidence") is not None and not 0 <= fields["confidence"] <= 1:
        raise Invalid(confidence="Confidence is a number from 0 to 1.")
    if fields.get("due_at") is not None and fields["due_at"].year not in DUE_YEARS:
        raise Invalid(due_at=NOT_DUE)
    for name in ("team", "psa_connection"):
        if fields.get(name) is not None and fields[name].account_id != user.account_id:
            raise Invalid(**{name: "There is no such thing in this account."})
    return fields


def plain_value(value: Any) -> Any:
    """A fact as an event holds it: a row by its id, a time in ISO 8601."""
    if isinstance(value, datetime):
        return clock.iso(value)
    return value.pk if isinstance(value, models.Model) else value


def required_reason(text: str) -> str:
    if not clean(text):
        raise Invalid(reason="Give a reason.")
    return clean(text)
