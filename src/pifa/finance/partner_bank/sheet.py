"""A month's statement as a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy

from pifa.finance.partner_bank.queries import MonthStatement
from pifa.kernel.sheets import Column, ColumnKind

COLUMNS: tuple[Column, ...] = (
    Column(gettext_lazy("时间"), ColumnKind.MOMENT),
    Column(gettext_lazy("事由"), width=18),
    Column(gettext_lazy("对方"), width=24),
    Column(gettext_lazy("关联号"), width=22),
    Column(gettext_lazy("收入"), ColumnKind.MONEY),
    Column(gettext_lazy("支出"), ColumnKind.MONEY),
    Column(gettext_lazy("余额"), ColumnKind.MONEY),
    Column(gettext_lazy("流水号"), width=30),
)


def rows(found: MonthStatement) -> Iterator[Sequence[object]]:
    """Every movement, oldest first."""
    for line in found.lines:
        yield (
            line.at,
            line.label,
            line.other,
            line.reference,
            line.incoming or None,
            line.outgoing or None,
            line.balance,
            line.key,
        )
