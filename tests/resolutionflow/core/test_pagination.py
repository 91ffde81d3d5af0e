"""Keyset pages: every row once, in any order, whatever is equal, and whatever comes meanwhile."""

from __future__ import annotations

import pytest

from handoffs.models import Handoff
from handoffs.queue.filters import NEWEST_FIRST, SORTS
from resolutionflow.core import pagination
from resolutionflow.core.refusals import Invalid
from sessions_app.models import Session

pytestmark = pytest.mark.django_db

ORDERS = [*SORTS.values(), ("-created_at", "-id"), ("-session__client_name", "id")]


@pytest.fixture
def eleven(ana, bo) -> None:
    """Many of one client, of one priority, at one moment."""
    for number in range(11):
        client = ("", "Amber", "amber", "Ärzte", 'Quote\'s "x"')[number % 5]
        session = Session.open(ana, problem_summary=f"p{number}", client_name=client)
        Handoff.escalate(session, ana, notes="x", priority=number % 3)
    Handoff.objects.update(opened_at=Handoff.objects.earliest("id").opened_at)


def walked(order: tuple[str, ...], *, backwards: bool = False) -> list[int]:
    """The rows of all pages, read one after the other."""
    rows, cursor, found = Handoff.objects.select_related("session"), "", []
    if backwards:
        cursor = last_page(order)
    while True:
        page = pagination.keyset_page(rows, order, cursor=cursor, limit=3)
        found = [row.pk for row in page.rows] + found if backwards else found + [row.pk for row in page.rows]
        following = page.previous if backwards else page.next
        if following is None:
            return found
        cursor = following


def last_page(order: tuple[str, ...]) -> str:
    rows = list(Handoff.objects.select_related("session").order_by(*order))
    end = pagination._write_cursor(rows[-1], order, backwards=True)
    assert pagination.keyset_page(Handoff.objects.select_related("session"), order, cursor=end, limit=3).next
    return end


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
def test_every_row_comes_once_and_in_order(order, eleven) -> None:
    expected = list(Handoff.objects.order_by(*order).values_list("pk", flat=True))
    assert walked(order) == expected
    assert walked(order, backwards=True) == expected[:-1]


def test_a_cursor_of_another_order_is_none_of_this(eleven) -> None:
    rows = Handoff.objects.select_related("session")
    cursor = pagination.keyset_page(rows, SORTS["client"], cursor="", limit=3).next
    assert cursor
    assert pagination.is_cursor(cursor, Handoff, SORTS["client"])
    for order in (SORTS["wait"], SORTS["priority"], NEWEST_FIRST["claimed"]):
        assert not pagination.is_cursor(cursor, Handoff, order)
        with pytest.raises(Invalid):
            pagination.keyset_page(rows, order, cursor=cursor, limit=3)
    assert not pagination.is_cursor("", Handoff, SORTS["wait"])
