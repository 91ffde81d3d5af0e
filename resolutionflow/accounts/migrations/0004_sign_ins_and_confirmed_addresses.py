"""Whose address is confirmed, and by what a sign-in holds; what the deactivated had ends for good."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import migrations, models
from django.db.models import F, Q
from django.utils import timezone

import resolutionflow.accounts.models.user

NO_PASSWORD = Q(password__startswith="!") | Q(password="")


def set_right(apps: Any, schema_editor: Any) -> None:
    """Who has a password, or has ever signed in, used their link or got it from the operator."""
    users = apps.get_model("accounts", "User").objects
    users.exclude(NO_PASSWORD & Q(last_login=None)).exclude(email=None).update(confirmed_email=F("email"))
    tokens = apps.get_model("accounts", "ApiToken").objects
    users.filter(is_active=True).update(stamp=F("password"))  # by which they were signed in until now, and stay so
    for user in users.filter(is_active=False).only("pk"):
        user.stamp = secrets.token_hex(16)
        user.save(update_fields=["stamp"])
        tokens.filter(user_id=user.pk, revoked_at=None).update(revoked_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_lease_and_shift")]
    operations = [
        migrations.AddField(
            "user",
            "confirmed_email",
            models.EmailField(
                blank=True,
                editable=False,
                help_text="The address they have shown to be theirs; nothing else is mailed to.",
            ),
        ),
        migrations.AddField("user", "stamp", models.CharField(max_length=128, default="", editable=False)),
        migrations.AlterField(
            "user",
            "stamp",
            models.CharField(max_length=128, default=resolutionflow.accounts.models.user.new_stamp, editable=False),
        ),
        migrations.RunPython(set_right, migrations.RunPython.noop),
    ]
