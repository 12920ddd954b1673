"""A notice may be for one member of a company only."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_invitations"),
        ("pifa_messages", "0002_waiting_mail"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="member",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.member",
            ),
        ),
    ]
