"""Names and conditions as a season's file writes them."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from pifa.programme.reading.fields import word
from pifa.programme.rules.season import Asked, Kind, Stage
from pifa.rulebook.reading.conditions import read_condition
from pifa.rulebook.reading.tables import Table
from pifa.rulebook.rules import Vocabulary


def named(table: Table) -> tuple[str, str]:
    """The name in both languages."""
    return table.text("name") or "", table.text("name_en") or ""


def read_asked(table: Table, words: Vocabulary, *, staged: bool = False) -> Asked | None:
    """One condition with its rule: `{ rule_id = …, asks = { metric = …, at_least = … } }`.

    `staged`: it may be a reference, and be asked of rehearsals or enrolments alone.
    """
    rule_id = table.text("rule_id")
    department = table.text("department", needed=False) or ""
    kind, stages = Kind.GATE, tuple(Stage)
    if staged:
        kind = word(table, "kind", Kind, Kind.GATE) or Kind.GATE
        stages = _stages(table)
    asks = table.table("asks")
    condition = read_condition(asks, words) if asks else None
    table.close()
    if rule_id is None or condition is None:
        return None
    return Asked(rule_id, condition, kind, stages, department)


def _stages(table: Table) -> tuple[Stage, ...]:
    if "of" not in table.data:
        return tuple(Stage)
    found = []
    for written in table.texts("of"):
        if written not in list(Stage):
            known = "、".join(Stage)
            table.add(
                "of",
                _("“{key}”不认识 {value}。可用：{known}。"),
                key="of",
                value=written,
                known=known,
            )
        else:
            found.append(Stage(written))
    return tuple(found)
