from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("finance", "0007_schedule")]

    operations = [
        migrations.AddField(
            model_name="payable",
            name="blocked",
            field=models.CharField(
                blank=True,
                default="",
                help_text="why nobody may pay it now, in source words",
                max_length=200,
            ),
            preserve_default=False,
        ),
    ]
