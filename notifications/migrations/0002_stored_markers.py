"""The marker of a note stands in its row: one made of SECRET_KEY was another after the key was changed."""

import base64

from django.db import migrations, models
from django.utils.crypto import salted_hmac

import notifications.models.delivery

PAGE = 1000


def keep_markers(apps, schema_editor):
    """What may be sent once more is looked for by the marker it was sent with."""
    delivery = apps.get_model("notifications", "Delivery")
    unsent = delivery.objects.exclude(status__in=("done", "cancelled")).order_by("pk")
    last = 0
    while page := list(unsent.filter(pk__gt=last).only("pk", "created_at")[:PAGE]):
        for row in page:
            row.marker = _marker(row.pk, row.created_at)
        delivery.objects.bulk_update(page, ["marker"])
        last = page[-1].pk


def _marker(pk, created_at):
    """As it was made until now."""
    digest = salted_hmac("notifications.delivery", f"{pk} {created_at.isoformat()}", algorithm="sha256").digest()
    return base64.b32encode(digest)[:8].decode()


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.AddField("delivery", "marker", models.CharField(default="", editable=False, max_length=8)),
        migrations.RunPython(keep_markers, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            "delivery",
            "marker",
            models.CharField(default=notifications.models.delivery.new_marker, editable=False, max_length=8),
        ),
    ]
