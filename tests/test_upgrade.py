"""Upgrading keeps every row: the demo in the tables of the version before, brought to those of this one."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from notifications import demo
from resolutionflow.accounts.models import Account, User
from tests.conftest import person

pytestmark = pytest.mark.thorough

# The newest migration of each app in the version before.
BEFORE = {
    "accounts": "0003_lease_and_shift",
    "sessions_app": "0003_visit_began",
    "handoffs": "0004_index_by_wait",
    "notifications": "0001_initial",
}


def rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        counts = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return {table: count for table, count in counts.items() if not table.startswith("django_") and table != "cache"}


@pytest.mark.django_db(transaction=True)
def test_every_row_is_kept() -> None:
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    demo.load()
    invited = person(Account.objects.get(name="Harbour IT"), "Ina")
    User.objects.filter(pk=invited.pk).update(password="!", last_login=None)
    try:
        MigrationExecutor(connection).migrate(list(BEFORE.items()))
        before = rows()
        assert min(before[table] for table in ("sessions_app_step", "handoffs_handoff", "accounts_event")) > 5
        call_command("migrate", verbosity=0)
        after = rows()
        assert {table: after[table] for table in before} == before
        assert not [user for user in User.objects.exclude(pk=invited.pk) if not user.is_confirmed]
        assert not User.objects.get(pk=invited.pk).is_confirmed
    finally:
        MigrationExecutor(connection).migrate(latest)
