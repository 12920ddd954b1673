from django.db import migrations

from pifa.kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("integrity", "0001_initial")]
    operations = [append_only("integrity_ruling"), append_only("integrity_rulinganswer")]
