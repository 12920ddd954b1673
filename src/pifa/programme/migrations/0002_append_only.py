from django.db import migrations

from pifa.kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("programme", "0001_initial")]
    operations = [
        append_only("programme_season"),
        append_only("programme_opinion"),
        append_only("programme_evidence"),
    ]
