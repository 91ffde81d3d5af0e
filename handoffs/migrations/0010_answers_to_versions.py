"""What was answered becomes the first version of its summary, with the call that gave it."""

from django.db import migrations

WORDS = ("summary_prose", "unseen", "what_we_know", "suggested_steps", "likely_cause", "confidence", "steps_seen", "redacted")


def move(apps, schema_editor):
    Summary, Version = (apps.get_model("handoffs", name) for name in ("Summary", "SummaryVersion"))
    AiCall = apps.get_model("sessions_app", "AiCall")
    answered = Summary.objects.exclude(summary_prose="", what_we_know=[], suggested_steps=[])
    for summary in answered.select_related("handoff__session").iterator(chunk_size=500):
        at = summary.done_at or summary.due_at
        call = AiCall.objects.create(
            account_id=summary.account_id, session_id=summary.handoff.session_id, purpose="summary", outcome="answered",
            model=summary.model, request_id=summary.request_id, created_at=at,
        )
        words = {name: getattr(summary, name) for name in WORDS}
        # How much had been said is not known: at most what there is.
        words["messages_seen"] = summary.handoff.session.message_count
        summary.current = Version.objects.create(
            account_id=summary.account_id, summary=summary, number=1, call=call, created_at=at, **words
        )
        summary.save(update_fields=["current"])


class Migration(migrations.Migration):

    dependencies = [
        ('handoffs', '0009_summary_versions'),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
