"""The purchase list as its page shows it: by seller, by offer, with what is chosen and what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pifa.catalog import queries as catalog
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money, total
from pifa.trade import queries as trade
from pifa.trade.queries import LineView, SellerView
from pifa.web.shared.quantities import Typed
from pifa.web.storefront.remedies import Trouble, trouble_of


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A line, whether it is ticked, and what was typed if it was no quantity."""

    line: LineView
    picked: bool
    typed: str
    troubles: tuple[Trouble, ...]

    @property
    def field(self) -> str:
        """The name of its quantity in the form."""
        return f"qty_{self.line.line_id}"


@dataclass(frozen=True, slots=True)
class ListedOffer:
    """An offer's lines together: MOQ and price breaks count them together."""

    offer_id: int
    title: str
    picture: str
    lines: tuple[ListedLine, ...]
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True)
class ListedSeller:
    """One seller's part; figures are of what is ticked."""

    seller_id: int
    name: str
    offers: tuple[ListedOffer, ...]
    goods: Money
    freight: Money | None
    troubles: tuple[Trouble, ...]

    @property
    def picked_lines(self) -> list[LineView]:
        """What of it is ticked."""
        return [item.line for offer in self.offers for item in offer.lines if item.picked]

    @property
    def picked(self) -> bool:
        """Whether any of it is ticked."""
        return bool(self.picked_lines)


@dataclass(frozen=True, slots=True)
class ListPage:
    """The whole list. `gone` are lines whose goods this buyer can no longer see."""

    sellers: tuple[ListedSeller, ...]
    gone: tuple[int, ...]
    picked: tuple[LineView, ...]
    total: Money
    clean: bool

    @property
    def picked_sellers(self) -> int:
        """How many orders the ticked lines become."""
        return sum(seller.picked for seller in self.sellers)


def list_page(actor: Actor, region: str, unpicked: Collection[int], typed: Typed) -> ListPage:
    """Read the list; about eleven statements however long it is."""
    whole = trade.purchase_list(actor, region)
    ids = [line.line_id or 0 for seller in whole.sellers for line in seller.lines]
    chosen = [line_id for line_id in ids if line_id not in unpicked]
    if len(chosen) == len(ids):
        ticked = whole
    else:
        ticked = trade.preview_checkout(actor, chosen, region=region)
    by_seller = {seller.seller_id: seller for seller in ticked.sellers}
    pictures = catalog.first_pictures({line.offer_id for s in whole.sellers for line in s.lines})
    sellers = tuple(
        _seller(seller, by_seller.get(seller.seller_id), pictures, typed)
        for seller in whole.sellers
    )
    return ListPage(
        sellers=sellers,
        gone=tuple(line_id for _sku, line_id in whole.missing if line_id is not None),
        picked=tuple(line for seller in ticked.sellers for line in seller.lines),
        total=total(seller.total for seller in ticked.sellers),
        clean=bool(ticked.sellers) and not ticked.problems and not typed.errors,
    )


def _seller(
    whole: SellerView, ticked: SellerView | None, pictures: Mapping[int, str], typed: Typed
) -> ListedSeller:
    now = {line.line_id: line for line in ticked.lines} if ticked else {}
    problems = list(ticked.problems) if ticked else []
    by_offer: dict[int, list[LineView]] = {}
    for line in whole.lines:
        by_offer.setdefault(line.offer_id, []).append(now.get(line.line_id, line))
    offers = tuple(
        _offer(offer_id, lines, set(now), problems, pictures.get(offer_id, ""), typed)
        for offer_id, lines in by_offer.items()
    )
    return ListedSeller(
        seller_id=whole.seller_id,
        name=whole.seller_name,
        offers=offers,
        goods=ticked.goods if ticked else Money(0),
        freight=ticked.freight if ticked else None,
        troubles=tuple(trouble_of(problem, ()) for problem in problems),
    )


def _offer(
    offer_id: int,
    lines: list[LineView],
    ticked: Collection[int | None],
    problems: list[DomainError],
    picture: str,
    typed: Typed,
) -> ListedOffer:
    skus = {line.sku_id for line in lines}
    own = [p for p in problems if _is_of_offer(p, offer_id, lines[0].title, skus)]
    for problem in own:
        problems.remove(problem)  # what is left at the end is the seller's as a whole
    on_lines = [problem for problem in own if problem.figures.get("sku_id") in skus]
    listed = []
    for line in lines:
        line_id = line.line_id or 0
        found = [trouble_of(p, lines) for p in on_lines if p.figures["sku_id"] == line.sku_id]
        if line_id in typed.errors:
            found.append(Trouble(str(typed.errors[line_id])))
        listed.append(
            ListedLine(
                line=line,
                picked=line.line_id in ticked,
                typed=typed.texts.get(line_id, str(line.quantity)),
                troubles=tuple(found),
            )
        )
    rest = [problem for problem in own if problem not in on_lines]
    picked = [line for line in lines if line.line_id in ticked]
    return ListedOffer(
        offer_id=offer_id,
        title=lines[0].shown_title,
        picture=picture,
        lines=tuple(listed),
        troubles=tuple(trouble_of(problem, picked) for problem in rest),
    )


def _is_of_offer(problem: DomainError, offer_id: int, title: str, skus: Collection[int]) -> bool:
    figures = problem.figures
    if "offer_id" in figures:
        return bool(figures["offer_id"] == offer_id)
    if "sku_id" in figures:
        return figures["sku_id"] in skus
    return figures.get("title") == title
