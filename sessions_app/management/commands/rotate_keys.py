"""manage.py rotate_keys: encrypt everything again with the newest key of FIELD_ENCRYPTION_KEYS; then old keys
may go."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import CommandError
from django.db import models, transaction

from resolutionflow.accounts.management import base
from resolutionflow.core.encrypted_field import CannotDecrypt, EncryptedJSONField, Secrets


class Command(base.SiteCommand):
    help = "Encrypt every stored secret again with the newest key of FIELD_ENCRYPTION_KEYS."

    def run(self, options: dict[str, Any]) -> None:
        found = [
            (model, field.name)
            for model in apps.get_models()
            for field in model._meta.concrete_fields
            if isinstance(field, EncryptedJSONField)
        ]
        rows = [(model, name, pk) for model, name in found for pk in model._base_manager.values_list("pk", flat=True)]
        done = [self._rotate(*row) for row in rows]
        self.stdout.write(f"{sum(done)} encrypted again.")
        if not all(done):
            raise CommandError(f"{done.count(False)} could not be opened: keep the old keys.")

    def _rotate(self, model: type[models.Model], name: str, pk: Any) -> bool:
        with transaction.atomic():
            row = model._base_manager.select_for_update().get(pk=pk)
            try:
                setattr(row, name, Secrets(getattr(row, name)))
            except CannotDecrypt as error:
                self.stderr.write(f"{model.__name__} {pk}: {error}")
                return False
            row.save(update_fields=[name])
        return True
