"""All rows of the database in a form in which two runs can be compared.

Ids become a row's place in its table, numbers drawn at random become their owner's place, and
what only a machine's chance decides (password hashes, signatures, file names) is left out.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from django.apps import apps
from django.db import models

RANDOM_COLUMNS: dict[str, tuple[str, ...]] = {
    "finance.BankLine": ("number", "line_no"),
    "finance.Payable": ("number",),
    "finance.Payment": ("number",),
    "finance.SandboxTrade": ("trade_no",),
    "finance.SandboxNotice": ("notice_id",),
    "finance.SandboxPayee": ("ref",),
    "finance.VirtualAccount": ("number",),
    "finance.Withdrawal": ("number",),
    "trade.Order": ("number",),
    "trade.InvoiceRequest": ("number",),
    "trade.OrderInvitation": ("number",),
    "trade.Quote": ("number",),
    "trade.QuoteRequest": ("number",),
    "trade.RefundCase": ("number",),
}
"""Columns whose values are drawn; elsewhere (in payloads, keys, links) they are found again."""

LEFT_OUT: dict[str, tuple[str, ...]] = {
    "parties.User": ("password",),
    "parties.Verification": ("document",),
    "finance.BankLine": ("digest",),  # of columns that are drawn
    "finance.SandboxLine": ("signature",),
    "finance.SandboxNotice": ("signature",),
    "kernel.MarketClock": ("real_at",),
    "trade.OrderInvitation": ("link_digest",),  # of the number, which is drawn
    "metrics.LakeDay": (
        "sha256",
        "size",
    ),  # of facts, which are compared themselves, their numbers named
}
NOT_COMPARED = frozenset({"sessions", "contenttypes", "auth", "admin", "axes", "django_tasks_db"})
"""Apps whose tables are Django's own business."""

_TOKEN = re.compile(r"(?:SB)?[0-9a-f]{24,32}|T[0-9A-F]{20}|\d{20}|[BLPRHVWXY]?\d{16}")
Rows = dict[str, list[dict[str, Any]]]


def all_rows() -> Rows:
    """Table → its rows in the order of their ids, normalised."""
    found = {}
    places: dict[str, dict[Any, int]] = {}
    names: dict[str, str] = {}
    for model in _models():
        label = model._meta.label
        rows = list(model._default_manager.order_by("pk").values())
        places[label] = {row[str(model._meta.pk.attname)]: at for at, row in enumerate(rows)}
        for column in RANDOM_COLUMNS.get(label, ()):
            names |= {row[column]: f"{label}.{column}#{at}" for at, row in enumerate(rows)}
        found[label] = rows
    return {
        model._meta.label: [_row(model, row, places, names) for row in found[model._meta.label]]
        for model in _models()
    }


def digest(rows: Rows) -> str:
    """One digest of all rows."""
    text = json.dumps(rows, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def differences(first: Rows, second: Rows, most: int = 12) -> list[str]:
    """Where two databases differ, in words, at most so many."""
    found: list[str] = []
    for label in sorted(first.keys() | second.keys()):
        one, other = first.get(label, []), second.get(label, [])
        if len(one) != len(other):
            found.append(f"{label}: {len(one)} rows and {len(other)}")
        for at, (row, twin) in enumerate(zip(one, other, strict=False)):
            if row != twin:
                columns = {
                    name: (row.get(name), twin.get(name))
                    for name in row.keys() | twin.keys()
                    if row.get(name) != twin.get(name)
                }
                found.append(f"{label}#{at}: {columns} in {row}")
                break
    return found[:most]


def _models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label not in NOT_COMPARED]


def _row(
    model: type[models.Model],
    row: dict[str, Any],
    places: dict[str, dict[Any, int]],
    names: dict[str, str],
) -> dict[str, Any]:
    left_out = LEFT_OUT.get(model._meta.label, ())
    result = {}
    for field in model._meta.concrete_fields:
        name = field.attname
        if name in left_out:
            continue
        value = row[name]
        if field.primary_key:
            value = places[model._meta.label].get(value)
        elif isinstance(field, models.ForeignKey) and value is not None:
            target = field.related_model._meta.label
            value = places.get(target, {}).get(value, value)
        result[name] = _named(value, names)
    return result


def _named(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        return _TOKEN.sub(lambda found: names.get(found[0], found[0]), value)
    if isinstance(value, dict):
        return {key: _named(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_named(item, names) for item in value]
    return value
