from django.db import migrations

from pifa.kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_initial")]
    operations = [append_only("ledger_transfer"), append_only("ledger_posting")]
