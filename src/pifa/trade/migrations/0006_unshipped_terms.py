"""Paid orders that wait for shipment already are given the term after which they are refunded."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import migrations

KIND = "order.refund_unshipped"


def set_terms(apps: Any, _schema: Any) -> None:
    deadlines = apps.get_model("kernel", "Deadline").objects
    have = set(deadlines.filter(kind=KIND, done_at=None).values_list("subject", flat=True))
    orders = apps.get_model("trade", "Order").objects.filter(
        provenance="market", status="awaiting_shipment", paid_at__isnull=False
    )
    for number, scene, paid_at in orders.values_list("number", "scene", "paid_at").iterator():
        custom = "custom_" if scene == "custom" else ""
        days = settings.MARKET[f"{custom}unshipped_refund_days"]
        if f"order:{number}" not in have:
            due_at = paid_at + timedelta(days=days)
            deadlines.create(kind=KIND, subject=f"order:{number}", due_at=due_at)


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0003_clock_moves_and_retries"),
        ("trade", "0005_private_import_files"),
    ]

    operations = [migrations.RunPython(set_terms, migrations.RunPython.noop)]
