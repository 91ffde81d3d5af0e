"""What an event came by is its origin, as the API has always called it."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_time_zone_is_set")]

    operations = [migrations.RenameField("event", "door", "origin")]
