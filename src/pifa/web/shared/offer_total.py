"""What an offer's page says of the quantities in its grid: rows, breaks, total, freight, problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from pifa.catalog.errors import NotDelivered
from pifa.catalog.queries import OfferView, SkuView
from pifa.catalog.rules import Parcel, PricedOffer, freight_of_parcels, tier_price
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money, UnitPrice
from pifa.web.shared.quantities import Typed

PREFIX = "sku_"
"""What the names of quantities begin with; the SKU's id follows."""


@dataclass(frozen=True, slots=True)
class Row:
    """A SKU in the grid. `prices` are at each of the offer's breaks; the page shows the reached."""

    sku: SkuView
    cells: tuple[str, ...]
    typed: str
    prices: tuple[UnitPrice, ...]
    amount: Money | None
    problem: DomainError | None

    @property
    def field(self) -> str:
        """The name of its quantity in the form."""
        return f"{PREFIX}{self.sku.id}"

    @property
    def problem_id(self) -> str:
        """Where what is wrong with it stands on the page."""
        return f"problem-{self.sku.id}"

    @property
    def words(self) -> str:
        """Its specification in one line."""
        return " ".join(self.cells) or _("统一规格")

    @property
    def label(self) -> str:
        """What the quantity is of, for those who do not see the grid."""
        return _("数量 %(spec)s") % {"spec": self.sku.spec_text or self.sku.code}


@dataclass(frozen=True, slots=True)
class OfferTotal:
    """Everything that changes with the quantities."""

    rows: tuple[Row, ...]
    priced: PricedOffer
    chosen: bool
    reached: int
    freight: Money | None
    freight_pieces: int
    not_delivered: NotDelivered | None
    problems: tuple[DomainError, ...]

    @property
    def total(self) -> Money:
        """Goods and freight, as far as it is known."""
        return self.priced.goods + (self.freight or Money(0))

    @property
    def can_be_ordered(self) -> bool:
        """Whether the quantities can be ordered as they are."""
        clean = not any(row.problem for row in self.rows) and not self.problems
        return self.chosen and clean and self.not_delivered is None

    @property
    def amounts(self) -> str:
        """The amounts in the grid as the form carries them, for `changed`."""
        return ",".join(f"{row.sku.id}:{row.amount.fen}" for row in self.rows if row.amount)

    @property
    def wrong(self) -> str:
        """The SKUs with a problem in the grid, likewise."""
        return ",".join(str(row.sku.id) for row in self.rows if row.problem)

    def changed(self, amounts: str, wrong: str) -> tuple[list[Row], list[Row]]:
        """Rows whose amount, and whose problem, is other than the page has: only these travel."""
        before = dict(pair.split(":", 1) for pair in amounts.split(",") if ":" in pair)
        had = set(wrong.split(","))
        moved = [
            row
            for row in self.rows
            if before.get(str(row.sku.id), "") != (str(row.amount.fen) if row.amount else "")
        ]
        return moved, [row for row in self.rows if row.problem or str(row.sku.id) in had]

    @property
    def kinds(self) -> int:
        """How many SKUs were chosen."""
        return len(self.priced.lines)


def spec_heads(skus: Sequence[SkuView]) -> tuple[str, ...]:
    """The names of the specification columns; none where SKUs have different ones."""
    heads = {tuple(name for name, _value in sku.spec) for sku in skus}
    return next(iter(heads)) if len(heads) == 1 else ()


def button_step(offer: OfferView) -> int:
    """How much − and + change a quantity by: the multiple, else a power of ten up to the MOQ."""
    if offer.multiple > 1:
        return offer.multiple
    return int(10 ** (len(str(offer.moq)) - 1))


def total_of(offer: OfferView, typed: Typed, region: str) -> OfferTotal:
    """Price what was typed. Without quantities, freight is that of the smallest order."""
    priced = offer.priced(typed.quantities)
    by_sku: dict[int, DomainError] = dict(typed.errors)
    general: list[DomainError] = []
    chosen = bool(typed.quantities or typed.errors)
    for problem in priced.problems:
        sku_id = problem.figures.get("sku_id")
        if sku_id in typed.texts:
            by_sku.setdefault(sku_id, problem)
        elif chosen:
            general.append(problem)
    pieces = priced.quantity or offer.smallest_order
    freight, refusal = _freight(offer, priced, pieces, region)
    heads = spec_heads(offer.skus)
    amounts = {line.sku_id: line.amount for line in priced.lines}
    rows = tuple(
        Row(
            sku=sku,
            cells=tuple(value for _name, value in sku.spec) if heads else (sku.spec_text,),
            typed=typed.texts.get(sku.id, ""),
            prices=tuple(tier_price(sku.tiers, start) for start in offer.break_quantities),
            amount=amounts.get(sku.id),
            problem=by_sku.get(sku.id),
        )
        for sku in offer.skus
        if sku.tiers
    )
    return OfferTotal(
        rows=rows,
        priced=priced,
        chosen=chosen,
        reached=sum(start <= pieces for start in offer.break_quantities[1:]),
        freight=freight,
        freight_pieces=pieces,
        not_delivered=refusal,
        problems=tuple(general),
    )


def _freight(
    offer: OfferView, priced: PricedOffer, pieces: int, region: str
) -> tuple[Money | None, NotDelivered | None]:
    weights = {sku.id: sku.weight_mg for sku in offer.skus}
    if priced.lines:
        parcels = [
            Parcel(offer.freight, weights[line.sku_id] * line.quantity, line.quantity)
            for line in priced.lines
        ]
    elif offer.skus:
        parcels = [Parcel(offer.freight, offer.skus[0].weight_mg * pieces, pieces)]
    else:
        return None, None
    try:
        return freight_of_parcels(parcels, region), None
    except NotDelivered as problem:
        return None, problem
