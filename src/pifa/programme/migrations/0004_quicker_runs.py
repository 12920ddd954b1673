from django.db import migrations, models

from pifa.kernel.roomy import roomy


class Migration(migrations.Migration):
    dependencies = [("programme", "0003_proofs")]
    operations = [
        migrations.RemoveConstraint(model_name="verdict", name="verdict_revisions"),
        migrations.RemoveIndex(model_name="verdict", name="verdict_of_member"),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.UniqueConstraint(
                fields=("membership", "run", "revision"), name="verdict_revisions"
            ),
        ),
        # A checkpoint changes most members of a season in one statement.
        roomy("programme_membership", 50),
    ]
