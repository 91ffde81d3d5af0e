from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sessions_app', '0015_tickets'),
    ]

    operations = [
        migrations.AddField(
            model_name='psaconnection',
            name='note_at_escalation',
            field=models.BooleanField(default=True, help_text='An internal note is posted by itself.'),
        ),
        migrations.AddField(
            model_name='psaconnection',
            name='note_at_resolution',
            field=models.BooleanField(default=True, help_text='An internal note is posted by itself.'),
        ),
    ]
