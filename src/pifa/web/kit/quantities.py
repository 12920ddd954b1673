"""Quantities that − and + sent without script: the button's change is applied to its field."""

from __future__ import annotations

from django.http import QueryDict


def apply_step(data: QueryDict) -> QueryDict:
    """The posted data with `step=<field>:<change>` applied; never below zero.

    A step that names no field, or is not a whole number, changes nothing. What the quantity
    may be (minimum, multiple, stock) is for the rules to say.
    """
    name, _, change = str(data.get("step", "")).rpartition(":")
    if not name or name not in data:
        return data
    try:
        wanted = int(str(data[name]) or 0) + int(change)
    except ValueError:
        return data
    stepped = data.copy()
    stepped[name] = str(max(wanted, 0))
    stepped.pop("step")
    return stepped
