"""The grid of SKUs and price breaks as a seller types it: text in, draft or complaints out.

Everything typed is kept as text, so that a page with mistakes shows it again unchanged.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from pifa.catalog.rules import MAX_SKUS, SkuDraft, Tier, grams_text, read_grams
from pifa.kernel.money import UnitPrice
from pifa.web.shared.figures import price_text, typed_number

DIMENSIONS = 3
TIERS, MAX_TIERS = 3, 10
_BETWEEN = re.compile(r"[\n,，、;；\t]+")
Pairs = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class SkuRow:
    """One row of the grid. `prices` stand under the grid's quantities; `errors` by cell."""

    code: str = ""
    values: list[str] = field(default_factory=list)
    prices: list[str] = field(default_factory=list)
    stock: str = ""
    weight: str = ""
    active: bool = True
    reserved: int = 0
    stored: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The row as its inputs are named for a screen reader."""
        return " / ".join(value for value in self.values if value) or self.code or _("默认规格")

    @property
    def price_cells(self) -> list[tuple[str, bool]]:
        """The prices with whether each is what is wrong (all are when the breaks are)."""
        return [
            (text, "tiers" in self.errors or f"price-{place}" in self.errors)
            for place, text in enumerate(self.prices)
        ]

    @property
    def messages(self) -> list[str]:
        """What is wrong with the row, each thing once."""
        return list(dict.fromkeys(self.errors.values()))


@dataclass(slots=True)
class Grid:
    """Dimensions with their values, quantities of the price breaks, and a row for each SKU."""

    names: list[str] = field(default_factory=lambda: [""] * DIMENSIONS)
    values: list[str] = field(default_factory=lambda: [""] * DIMENSIONS)
    quantities: list[str] = field(default_factory=lambda: ["1", "", ""])
    rows: list[SkuRow] = field(default_factory=lambda: [SkuRow(prices=["", "", ""])])
    errors: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, skus: Sequence[SkuDraft], reserved: Mapping[str, int]) -> Grid:
        """The grid of what is stored."""
        if not skus:
            return cls()
        first = next((sku for sku in skus if sku.active), skus[0])
        names = [name for name, _value in first.spec][:DIMENSIONS]
        starts = [str(tier.min_quantity) for tier in first.tiers]
        grid = cls(_padded(names, DIMENSIONS), [""] * DIMENSIONS, _padded(starts, TIERS))
        for place, name in enumerate(names):
            seen = dict.fromkeys(dict(sku.spec).get(name, "") for sku in skus)
            grid.values[place] = "、".join(value for value in seen if value)
        grid.rows = [grid._row_of(sku, reserved.get(sku.code, 0)) for sku in skus]
        return grid

    def _row_of(self, sku: SkuDraft, reserved: int) -> SkuRow:
        prices = {str(tier.min_quantity): price_text(tier.price) for tier in sku.tiers}
        return SkuRow(
            code=sku.code,
            values=[value for _name, value in sku.spec],
            prices=[prices.get(start, "") for start in self.quantities],
            stock=str(sku.stock),
            weight=grams_text(sku.weight_mg) if sku.weight_mg else "",
            active=sku.active,
            reserved=reserved,
            stored=True,
        )

    @classmethod
    def typed(cls, post: QueryDict, reserved: Mapping[str, int]) -> Grid:
        """The grid as it came with a form."""
        count = min(_whole(post.get("skus", "")) or 0, MAX_SKUS)
        tiers = min(max(_whole(post.get("tiers", "")) or TIERS, 1), MAX_TIERS)
        grid = cls(
            [post.get(f"dim-{n}-name", "").strip() for n in range(DIMENSIONS)],
            [post.get(f"dim-{n}-values", "").strip() for n in range(DIMENSIONS)],
            [post.get(f"tier-{n}", "").strip() for n in range(tiers)],
            [],
        )
        for row in range(count):
            code = post.get(f"sku-{row}-code", "").strip()
            grid.rows.append(
                SkuRow(
                    code=code,
                    values=[
                        value
                        for n in range(DIMENSIONS)
                        if (value := post.get(f"sku-{row}-value-{n}", "").strip())
                    ],
                    prices=[post.get(f"sku-{row}-price-{n}", "").strip() for n in range(tiers)],
                    stock=post.get(f"sku-{row}-stock", "").strip(),
                    weight=post.get(f"sku-{row}-weight", "").strip(),
                    active=f"sku-{row}-active" in post,
                    reserved=reserved.get(code, 0),
                    stored=code in reserved,
                )
            )
        grid.rows = grid.rows or [SkuRow(prices=[""] * tiers)]
        return grid

    # ------------------------------------------------------------------ changing its shape

    def spread(self) -> None:
        """Make a row for every combination of the dimensions' values; known rows keep theirs.

        Stored rows whose combination is gone stay at the end, not for sale: orders point at them.
        """
        self.errors = []
        lists = [
            list(dict.fromkeys(part.strip() for part in _BETWEEN.split(text) if part.strip()))
            for name, text in zip(self.names, self.values, strict=True)
            if name
        ]
        lists = [values for values in lists if values]
        wanted = 1
        for values in lists:
            wanted *= len(values)
        if wanted > MAX_SKUS:
            self.errors.append(
                _("这些取值会生成 %(count)d 个规格，一个货品最多 %(limit)d 个。")
                % {"count": wanted, "limit": MAX_SKUS}
            )
            return
        known = {tuple(row.values): row for row in self.rows}
        model = self.rows[0]
        rows = []
        for combination in itertools.product(*lists):
            row = known.pop(tuple(combination), None)
            rows.append(
                row
                or SkuRow(
                    values=list(combination),
                    prices=list(model.prices),
                    stock="" if model.stored else model.stock,
                    weight=model.weight,
                )
            )
        for row in known.values():
            if row.stored:
                row.active = False
                rows.append(row)
        self.rows = rows

    def add_tier(self) -> None:
        """One more column of prices."""
        if len(self.quantities) < MAX_TIERS:
            self.quantities.append("")
            for row in self.rows:
                row.prices.append("")

    # -------------------------------------------------------------------------- reading it

    def drafts(self) -> tuple[SkuDraft, ...] | None:
        """The SKUs; None when something cannot be read, with each cell saying why."""
        starts = self._starts()
        names = [name for name in self.names if name]
        drafts, taken = [], {row.code for row in self.rows if row.code}
        for place, row in enumerate(self.rows, 1):
            row.errors = {}
            code = row.code or _free_code(place, taken)
            taken.add(code)
            drafts.append(
                SkuDraft(
                    code=code,
                    tiers=self._tiers(row, starts),
                    spec=tuple(zip(names, row.values, strict=False)),
                    stock=_stock(row),
                    weight_mg=_weight(row),
                    active=row.active,
                )
            )
        if self.errors or any(row.errors for row in self.rows):
            return None
        for row, draft in zip(self.rows, drafts, strict=True):
            row.code = draft.code
        return tuple(drafts)

    def _starts(self) -> list[int | None]:
        """The quantity of each column, None for a column not used."""
        self.errors = []
        starts: list[int | None] = []
        for text in self.quantities:
            number = _whole(typed_number(text))
            if text and not number:
                self.errors.append(_("阶梯价的起始数量“%(text)s”不是整数。") % {"text": text})
            starts.append(number or None)
        if not any(starts):
            self.errors.append(_("请填写阶梯价的起始数量，例如 1。"))
        return starts

    def _tiers(self, row: SkuRow, starts: Sequence[int | None]) -> tuple[Tier, ...]:
        tiers = []
        for place, (start, text) in enumerate(zip(starts, row.prices, strict=True)):
            if start is None:
                if text:
                    row.errors[f"price-{place}"] = _("这一列没有填写起始数量。")
                continue
            try:
                tiers.append(Tier(start, UnitPrice.yuan(typed_number(text))))
            except ValueError:
                row.errors[f"price-{place}"] = (
                    _("单价“%(text)s”读不懂，请写成 0.035 这样，最多四位小数。") % {"text": text}
                    if text
                    else _("请填写单价。")
                )
        return tuple(tiers)

    def blame(self, sku: str | None, name: str, message: str) -> bool:
        """Put a complaint on the cell it is about; False if there is no such row."""
        for row in self.rows:
            if row.code == sku:
                cell = {"stock": "stock", "weight_g": "weight", "sku_code": "code"}.get(name, name)
                row.errors.setdefault(cell, message)
                return True
        return False


def _stock(row: SkuRow) -> int:
    """Pieces; an empty cell is 0, anything else that is no whole number is the cell's error."""
    number = _whole(typed_number(row.stock)) if row.stock else 0
    if number is None:
        row.errors["stock"] = _("库存“%(text)s”不是整数。") % {"text": row.stock}
    return number or 0


def _weight(row: SkuRow) -> int:
    """Milligrams of the grams in the cell; an empty one is 0."""
    try:
        return read_grams(typed_number(row.weight)) if row.weight else 0
    except ValueError:
        row.errors["weight"] = _(
            "单重“%(text)s”读不懂，请写克数，最多三位小数，例如 12 或 0.1。"
        ) % {"text": row.weight}
        return 0


def read_pairs(text: str) -> Pairs:
    """Lines of `材质：304不锈钢` (a tab or an equals sign will do) as pairs."""
    pairs = []
    for line in text.splitlines():
        name, _mark, value = _first_mark(line)
        if name or value:
            pairs.append((name, value))
    return tuple(pairs)


def pairs_text(pairs: Pairs) -> str:
    """Pairs as lines, as `read_pairs` reads them."""
    return "\n".join(f"{name}：{value}" for name, value in pairs)


def _first_mark(line: str) -> tuple[str, str, str]:
    found = re.search(r"[：:\t=]", line)
    if found is None:
        return line.strip(), "", ""
    return line[: found.start()].strip(), found[0], line[found.end() :].strip()


def _free_code(place: int, taken: set[str]) -> str:
    numbers = itertools.count(place)
    return next(code for number in numbers if (code := f"S{number:02d}") not in taken)


def _whole(text: str) -> int | None:
    if text.isascii() and text.isdecimal() and len(text) <= 18:
        return int(text)
    return None


def _padded(texts: Sequence[str], size: int) -> list[str]:
    return [*texts, *[""] * (size - len(texts))]
