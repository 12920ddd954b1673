"""A piece weighs whole milligrams: in whole grams a washer of 0.1 g paid tenfold freight."""

from __future__ import annotations

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F


def to_milligrams(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was written in grams, in milligrams."""
    skus = apps.get_model("catalog", "Sku").objects.using(schema_editor.connection.alias)
    skus.update(weight_mg=F("weight_mg") * 1000)


def to_grams(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Back to grams, each begun one counted: what weighed something still does."""
    skus = apps.get_model("catalog", "Sku").objects.using(schema_editor.connection.alias)
    skus.update(weight_mg=(F("weight_mg") + 999) / 1000)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_initial")]

    operations = [
        migrations.RenameField("sku", "weight_g", "weight_mg"),
        migrations.AlterField(
            "sku",
            "weight_mg",
            models.PositiveBigIntegerField(default=0, verbose_name="单重(毫克)"),
        ),
        migrations.RunPython(to_milligrams, to_grams),
    ]
