from django.db import migrations


class Migration(migrations.Migration):
    """A lease is the length of a claim; what keeps two timers from one job is a lock. The table is the same."""

    dependencies = [
        ('notifications', '0004_plain_words'),
    ]

    operations = [
        migrations.AlterModelTable(name='lease', table='notifications_lease'),
        migrations.RenameModel(old_name='Lease', new_name='TimerLock'),
    ]
