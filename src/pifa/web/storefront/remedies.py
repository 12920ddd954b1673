"""What a buyer can do at once about a line that cannot be ordered: one button each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from pifa.kernel.errors import DomainError
from pifa.trade.queries import LineView


@dataclass(frozen=True, slots=True)
class Remedy:
    """A button of the purchase list: `name` is `fix` (line:quantity) or `remove` (lines)."""

    label: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem in words with its remedy, if one button can be it."""

    words: str
    remedy: Remedy | None = None


def trouble_of(problem: DomainError, lines: Sequence[LineView]) -> Trouble:
    """Tell a problem of some lines of one offer, with its remedy."""
    return Trouble(str(problem), _remedy(problem, lines))


def _remedy(problem: DomainError, lines: Sequence[LineView]) -> Remedy | None:
    figures = problem.figures
    sku_id = figures.get("sku_id")
    meant = [line for line in lines if sku_id is None or line.sku_id == sku_id]
    if not meant or meant[0].line_id is None:
        return None
    first = meant[0]
    if problem.code == "catalog.below_moq":
        return _set(first, first.quantity + figures["missing"])
    if problem.code == "catalog.not_multiple":
        return _set(first, first.quantity + figures["upper"] - figures["quantity"])
    if problem.code == "catalog.above_stock":
        return _set(first, figures["available"])
    if problem.code == "catalog.amount_too_large" or problem.code == "catalog.not_delivered":
        return None
    ids = ",".join(str(line.line_id) for line in meant)
    return Remedy(_("移除"), "remove", ids)


def _set(line: LineView, quantity: int) -> Remedy:
    words = _("改为 %(quantity)s%(unit)s") % {"quantity": f"{quantity:,}", "unit": line.unit}
    if line.spec_text:
        words = f"{line.spec_text} {words}"
    return Remedy(words, "fix", f"{line.line_id}:{quantity}")
