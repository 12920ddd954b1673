from django.db import migrations

from pifa.kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_initial")]
    operations = [append_only("crm_filenote")]
