"""FormKeyed: what a form makes once, however often it is sent."""

from __future__ import annotations

from django.db import models

from resolutionflow.accounts.models import Owned


class FormKeyed(Owned):
    """A row a form makes. The form carries a key of its own, so that a double click makes one row, not two."""

    form_key = models.UUIDField(null=True, editable=False)

    class Meta:
        abstract = True
