"""FormKeyed: base of rows that a form makes once, however often it is sent."""

from __future__ import annotations

from django.db import models

from resolutionflow.accounts.models import Owned


class FormKeyed(Owned):
    """A row made by a form. The form holds a key, so that a double click makes one row and not two."""

    form_key = models.UUIDField(null=True, editable=False)

    class Meta:
        abstract = True
