from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0006_cause_of_a_line'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='delivery',
            name='one_note_per_form',
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('session', 'form_key'), name='one_note_per_form'),
        ),
    ]
