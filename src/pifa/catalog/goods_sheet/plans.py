"""A plan of staged payment in one cell: 定金:30%;生产:15;尾款:7;定金归:卖家."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from pifa.catalog.goods_sheet.cells import CellError, read_pairs, read_whole
from pifa.catalog.rules import StagedPlan
from pifa.kernel.money import Money

_KEYS = {
    "定金": "deposit",
    "deposit": "deposit",
    "生产": "production_days",
    "production": "production_days",
    "尾款": "balance_days",
    "balance": "balance_days",
    "定金归": "keeper",
    "keeper": "keeper",
}
_KEEPERS = {"卖家": "seller", "seller": "seller", "买家": "buyer", "buyer": "buyer"}
_WORDS = {"seller": "卖家", "buyer": "买家"}
_FIGURE = re.compile(r"\d{1,12}(?:\.\d{1,2})?")


def read_plan(text: str) -> StagedPlan:
    """The plan that a cell tells; who keeps the deposit and the days of the balance may be left
    out."""
    values: dict[str, str] = {}
    for name, value in read_pairs(text):
        key = _KEYS.get(name.casefold())
        if key is None or key in values:
            raise _unclear(name)
        values[key] = value
    if not {"deposit", "production_days"} <= set(values):
        raise _unclear(text)
    keeper = _KEEPERS.get(values.get("keeper", "seller").casefold())
    if keeper is None:
        raise _unclear(values["keeper"])
    return StagedPlan(
        production_days=_days(values["production_days"]),
        balance_days=_days(values.get("balance_days", "7")),
        keeper=keeper,
        **_deposit(values["deposit"]),
    )


def write_plan(plan: StagedPlan | None) -> str:
    """The text that `read_plan` reads back."""
    if plan is None:
        return ""
    if plan.deposit_bp is not None:
        deposit = f"{share_text(plan.deposit_bp)}%"
    else:
        deposit = format(Money(plan.deposit_fen or 0).decimal, "f")
    return (
        f"定金:{deposit};生产:{plan.production_days};尾款:{plan.balance_days}"
        f";定金归:{_WORDS[plan.keeper]}"
    )


def share_text(deposit_bp: int) -> str:
    """Hundredths of a per cent as per cent: 3000 is 30, 1250 is 12.5."""
    return format(Decimal(deposit_bp) / 100, "f").rstrip("0").rstrip(".") if deposit_bp else "0"


def _deposit(text: str) -> dict[str, int]:
    plain = unicodedata.normalize("NFKC", text).replace("¥", "").replace(",", "").strip()
    share = plain.endswith("%")
    figure = plain.removesuffix("%").strip()
    if not _FIGURE.fullmatch(figure):
        raise _unclear(text)
    hundredths = int(Decimal(figure) * 100)
    if share and hundredths > 10_000:
        raise _unclear(text)
    return {"deposit_bp" if share else "deposit_fen": hundredths}


def _days(text: str) -> int:
    days = read_whole(text.removesuffix("天").removesuffix("days"))
    if not 0 <= days <= 1000:
        raise _unclear(text)
    return days


def _unclear(text: str) -> CellError:
    return CellError(
        _("“{text}”看不懂").format(text=text[:40]),
        _("请写成“定金:30%;生产:15;尾款:7;定金归:卖家”，定金也可以写金额，例如 定金:500.00"),
    )
