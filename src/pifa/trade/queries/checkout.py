"""What a purchase list or a checkout looks like before it is ordered: by seller, with problems.

The order itself is computed by the same functions (`plan_orders`), so that what a buyer was
shown is what is charged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pifa.catalog import queries as catalog
from pifa.catalog.errors import NotDelivered
from pifa.catalog.queries import CheckoutGoods
from pifa.catalog.rules import PricedOffer, StagedPlan, shared_plan
from pifa.finance import queries as money
from pifa.finance.queries import AgreedChoice
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money, UnitPrice
from pifa.parties import policies as parties
from pifa.trade import rules
from pifa.trade.errors import NotForSale, OwnGoods
from pifa.trade.models import PurchaseLine
from pifa.trade.rules import LineAsked, PlannedLine, PlannedOrder


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as it would be ordered now; `problems` say why it cannot be, if it cannot.

    `line_id` and `price_seen` (the price when it was put in) are those of a purchase list.
    """

    sku_id: int
    offer_id: int
    title: str
    title_en: str
    spec_text: str
    unit: str
    quantity: int
    price: UnitPrice
    amount: Money
    line_id: int | None = None
    price_seen: UnitPrice | None = None

    @property
    def shown_title(self) -> str:
        """The title in the reader's language."""
        return catalog.localized(self.title, self.title_en)

    @property
    def price_changed(self) -> bool:
        """Whether the price is another than when the line was put on the list."""
        return self.price_seen is not None and self.price_seen != self.price


@dataclass(frozen=True, slots=True)
class SellerView:
    """One seller's part. Without a region the freight is not known yet (None).

    `staged` is the plan by which it is paid in stages; `plans_differ`: some of its goods could
    be, but not together.
    """

    seller_id: int
    seller_name: str
    lines: tuple[LineView, ...]
    goods: Money
    freight: Money | None
    problems: tuple[DomainError, ...]
    staged: StagedPlan | None = None
    plans_differ: bool = False

    @property
    def total(self) -> Money:
        """Goods and freight, as far as it is known."""
        return self.goods + (self.freight or Money(0))

    @property
    def deposit(self) -> Money | None:
        """What is paid first; None if all is paid at once."""
        fen = self.staged.deposit_of(self.total.fen) if self.staged else None
        return None if fen is None else Money(fen)

    @property
    def balance(self) -> Money:
        """What is paid when production is finished."""
        return self.total - (self.deposit or Money(0))


@dataclass(frozen=True, slots=True)
class CheckoutView:
    """A whole checkout to a region, if that is known. `missing` are SKUs that are gone for this
    buyer: (SKU id, line id)."""

    sellers: tuple[SellerView, ...]
    missing: tuple[tuple[int, int | None], ...] = ()
    region: str | None = None

    @property
    def total(self) -> Money:
        """The figure a buyer agrees to (`CheckoutRequest.shown_total`)."""
        return rules.sum_money(seller.total for seller in self.sellers)

    @property
    def problems(self) -> tuple[DomainError, ...]:
        """Everything that stands against ordering it as it is."""
        return tuple(problem for seller in self.sellers for problem in seller.problems)

    @property
    def can_be_ordered(self) -> bool:
        """Whether nothing stands against it."""
        return bool(self.sellers) and not self.missing and not self.problems


@dataclass(frozen=True, slots=True)
class _Listed:
    line_id: int | None
    price_seen: UnitPrice | None


def preview_checkout(
    actor: Actor,
    line_ids: Sequence[int] | None = None,
    lines: Sequence[tuple[int, int]] | None = None,
    region: str | None = None,
) -> CheckoutView:
    """Show lines by seller with goods, freight to a region, totals and problems.

    Either lines of the actor's own purchase list (by id) or (SKU id, quantity) pairs. Four
    statements at most.
    """
    if lines is not None:
        parties.require(actor)
        wanted = rules.merge_lines([LineAsked(*line) for line in lines])
        return _view(actor, wanted, {}, region)
    rows = _listed(actor)
    if line_ids is not None:
        picked = set(line_ids)
        rows = [row for row in rows if row[0] in picked]
    return _view(
        actor,
        {sku_id: quantity for _, sku_id, quantity, _ in rows},
        {sku_id: _Listed(line, UnitPrice(seen)) for line, sku_id, _, seen in rows},
        region,
    )


def purchase_list(actor: Actor, region: str | None = None) -> CheckoutView:
    """The member's whole purchase list, by seller."""
    return preview_checkout(actor, region=region)


def ways_to_agree(actor: Actor, view: CheckoutView) -> dict[int, list[AgreedChoice]]:
    """By seller: how its order (in stages: the deposit) may be paid as agreed on with it, each with
    its terms or why not. Three statements more, for any number of sellers; none without sellers."""
    buyer_id = parties.require(actor)
    amounts = {seller.seller_id: seller.deposit or seller.total for seller in view.sellers}
    amounts.pop(buyer_id, None)
    deposits = {seller.seller_id for seller in view.sellers if seller.deposit}
    if not amounts:
        return {}
    return money.agreed_choices(buyer_id, amounts, region=view.region or "", deposits=deposits)


def list_count(actor: Actor) -> int:
    """How many lines the member's purchase list has (the badge beside the basket)."""
    return PurchaseLine.objects.filter(member=actor.member_id).count() if actor.member_id else 0


def plan_orders(
    buyer_id: int, wanted: Mapping[int, int], goods: CheckoutGoods, region: str
) -> list[PlannedOrder]:
    """What the quantities become, one order a seller; raises the first problem there is.

    `NotForSale` for a SKU that does not exist for the buyer, `OwnGoods`, catalog's quantity
    problems, `NotDelivered`, `TooManySellers`.
    """
    for sku_id in goods.missing(wanted):
        raise NotForSale(title=f"SKU {sku_id}", sku_id=sku_id)
    for offer in goods.offers.values():
        if offer.seller_id == buyer_id:
            raise OwnGoods(title=offer.title, offer_id=offer.terms.offer_id)
    priced = goods.price(wanted)
    for offer_view in priced.values():
        for problem in offer_view.problems:
            raise problem
    by_seller = rules.group_by((_seller_of(goods, sku_id), sku_id) for sku_id in wanted)
    rules.check_sellers(len(by_seller))
    prices = _prices(priced)
    return [
        _plan_one(seller_id, {sku_id: wanted[sku_id] for sku_id in skus}, goods, prices, region)
        for seller_id, skus in by_seller.items()
    ]


_Prices = dict[int, tuple[UnitPrice, Money]]


def _plan_one(
    seller_id: int, wanted: Mapping[int, int], goods: CheckoutGoods, prices: _Prices, region: str
) -> PlannedOrder:
    lines, offers = [], []
    for sku_id, quantity in wanted.items():
        sku = goods.skus[sku_id]
        offer = goods.offers[sku.offer_id]
        offers.append(offer)
        price, amount = prices[sku_id]
        lines.append(
            PlannedLine(
                sku_id=sku_id,
                offer_id=sku.offer_id,
                seller_id=seller_id,
                code=sku.code,
                title=offer.title,
                spec_text=sku.spec_text,
                unit=offer.unit,
                quantity=quantity,
                price=price,
                amount=amount,
                title_en=offer.title_en,
            )
        )
    return PlannedOrder(
        seller_id=seller_id,
        lines=tuple(lines),
        freight=goods.freight(wanted, region),
        channel=rules.channel_of(any(offer.visibility == "private" for offer in offers)),
        scene=rules.scene_of(offer.scene for offer in offers),
        staged=shared_plan(offer.staged for offer in offers),
    )


def _listed(actor: Actor) -> list[tuple[int, int, int, int]]:
    parties.require(actor)
    return list(
        PurchaseLine.objects.filter(member=actor.member_id)
        .order_by("added_at", "id")
        .values_list("id", "sku_id", "quantity", "price_seen_e4")
    )


def _view(
    actor: Actor, wanted: Mapping[int, int], listed: Mapping[int, _Listed], region: str | None
) -> CheckoutView:
    goods = catalog.checkout_goods(list(wanted), actor)
    gone = set(goods.missing(wanted))
    blank = _Listed(None, None)
    present = {sku_id: quantity for sku_id, quantity in wanted.items() if sku_id not in gone}
    priced = goods.price(present)
    by_seller = rules.group_by((_seller_of(goods, sku_id), sku_id) for sku_id in present)
    return CheckoutView(
        sellers=tuple(
            _seller_view(actor, goods, priced, {sku: present[sku] for sku in skus}, listed, region)
            for skus in by_seller.values()
        ),
        missing=tuple(
            (sku_id, listed.get(sku_id, blank).line_id) for sku_id in wanted if sku_id in gone
        ),
        region=region,
    )


def _seller_view(
    actor: Actor,
    goods: CheckoutGoods,
    priced: Mapping[int, PricedOffer],
    wanted: Mapping[int, int],
    listed: Mapping[int, _Listed],
    region: str | None,
) -> SellerView:
    offer_ids = {goods.skus[sku_id].offer_id: None for sku_id in wanted}
    problems: list[DomainError] = []
    offer = goods.offers[next(iter(offer_ids))]
    if offer.seller_id == actor.company_id:
        problems.append(OwnGoods(title=offer.title, offer_id=offer.terms.offer_id))
    problems += [problem for offer_id in offer_ids for problem in priced[offer_id].problems]
    freight = None
    if region is not None:
        try:
            freight = goods.freight(wanted, region)
        except NotDelivered as problem:
            problems.append(problem)
    prices = _prices({offer_id: priced[offer_id] for offer_id in offer_ids})
    plans = [goods.offers[offer_id].staged for offer_id in offer_ids]
    plan = shared_plan(plans)
    return SellerView(
        seller_id=offer.seller_id,
        seller_name=offer.seller_name,
        lines=tuple(
            _line_view(goods, sku_id, quantity, prices, listed)
            for sku_id, quantity in wanted.items()
        ),
        goods=rules.sum_money(priced[offer_id].goods for offer_id in offer_ids),
        freight=freight,
        problems=tuple(problems),
        staged=plan,
        plans_differ=plan is None and any(plans),
    )


def _line_view(
    goods: CheckoutGoods,
    sku_id: int,
    quantity: int,
    prices: _Prices,
    listed: Mapping[int, _Listed],
) -> LineView:
    sku = goods.skus[sku_id]
    offer = goods.offers[sku.offer_id]
    price, amount = prices.get(sku_id, (UnitPrice(0), Money(0)))
    row = listed.get(sku_id, _Listed(None, None))
    return LineView(
        sku_id=sku_id,
        offer_id=sku.offer_id,
        title=offer.title,
        title_en=offer.title_en,
        spec_text=sku.spec_text,
        unit=offer.unit,
        quantity=quantity,
        price=price,
        amount=amount,
        line_id=row.line_id,
        price_seen=row.price_seen,
    )


def _prices(priced: Mapping[int, PricedOffer]) -> _Prices:
    return {line.sku_id: (line.price, line.amount) for o in priced.values() for line in o.lines}


def _seller_of(goods: CheckoutGoods, sku_id: int) -> int:
    return goods.offers[goods.skus[sku_id].offer_id].seller_id
