"""Upgrading: a note that may have been sent is looked for by the marker it was sent with."""

from __future__ import annotations

import base64

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.crypto import salted_hmac


def tables(migration: str):
    executor = MigrationExecutor(connection)
    executor.migrate([("notifications", migration)])
    return executor.loader.project_state([("notifications", migration)]).apps


@pytest.mark.django_db(transaction=True)
def test_unsent_rows_keep_the_marker_they_had(northwind):
    try:
        before = tables("0001_initial").get_model("notifications", "Delivery")
        made = [
            before.objects.create(account_id=northwind.pk, kind="note", address="1", status=status, created_at=at).pk
            for status, at in [("failed", timezone.now()), ("pending", timezone.now()), ("done", timezone.now())]
        ]
        after = tables("0002_stored_markers").get_model("notifications", "Delivery")
        rows = {row.pk: row for row in after.objects.all()}
        assert set(rows) == set(made)
        for row in rows.values():
            said = f"{row.pk} {row.created_at.isoformat()}"
            digest = salted_hmac("notifications.delivery", said, algorithm="sha256").digest()
            was = base64.b32encode(digest)[:8].decode()
            assert row.marker == ("" if row.status == "done" else was)
    finally:
        MigrationExecutor(connection).migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())
