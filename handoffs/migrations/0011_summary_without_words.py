from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('handoffs', '0010_answers_to_versions'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='summary',
            name='confidence',
        ),
        migrations.RemoveField(
            model_name='summary',
            name='likely_cause',
        ),
        migrations.RemoveField(
            model_name='summary',
            name='model',
        ),
        migrations.RemoveField(
            model_name='summary',
            name='redacted',
        ),
        migrations.RemoveField(
            model_name='summary',
            name='request_id',
        ),
        migrations.RemoveField(
            model_name='summary',
            name='steps_seen',
        ),
        migrations.RemoveField(
            model_name='summary',
            name='suggested_steps',
        ),
        migrations.RemoveField(
            model_name='summary',
            name='summary_prose',
        ),
        migrations.RemoveField(
            model_name='summary',
            name='unseen',
        ),
        migrations.RemoveField(
            model_name='summary',
            name='what_we_know',
        ),
    ]
