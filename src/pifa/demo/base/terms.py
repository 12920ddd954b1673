"""Terms that customers ask for: lines of credit, and quotes that wait for a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from pifa.demo import setting
from pifa.demo.base.companies import pay_online
from pifa.demo.plan import goods
from pifa.demo.plan.goods import OfferPlan
from pifa.demo.plan.market import MarketPlan
from pifa.demo.world import Joined, World
from pifa.finance import commands as finance
from pifa.finance.commands import LineDraft
from pifa.finance.models import Payable
from pifa.kernel import clock
from pifa.kernel.money import Money, UnitPrice
from pifa.trade.models import Quote
from pifa.trade.quotes import commands as quotes
from pifa.trade.quotes.commands import AnswerGiven, AskRequest
from pifa.trade.quotes.rules import GoodsWanted
from pifa.trade.quotes.states import PayWay
from pifa.trade.quotes.terms import QuoteTerms
from pifa.trade.staged import commands as staged

Act = tuple[datetime, Callable[[], object]]

_LINES = (
    LineDraft(Money.yuan("50000.00"), "monthly", 28),
    LineDraft(Money.yuan("20000.00"), "monthly", 31),
    LineDraft(Money.yuan("8000.00"), "days", 30),
    LineDraft(Money.yuan("120000.00"), "days", 60),
)
"""What sellers grant, in turn."""

_KIND = "hex-bolt"
"""The kind of goods on whose sellers' pages the next are asked for."""

_WANTED = (
    GoodsWanted(2_000, title="法兰面螺栓", spec_text="M10×40 8.8级 达克罗", unit="件"),
    GoodsWanted(500, title="非标垫圈", spec_text="按图加工，外径 38 mm", unit="件"),
)
_ANSWERS = (
    (("0.8650", "1.2000"), "85.00", 9, QuoteTerms()),
    (("0.8200", "1.3500"), "120.00", 18, QuoteTerms(PayWay.STAGED, 30, production_days=15)),
)


def acts(plan: MarketPlan, world: World) -> Iterator[Act]:
    """Lines that the named companies grant and hold, and a request of the named buyer."""
    suppliers = sorted(seller for seller, buyer in plan.relations if buyer == 0)
    customers = sorted(buyer for seller, buyer in plan.relations if seller == 0)
    pairs = [(seller, 0) for seller in suppliers[:3]] + [(0, buyer) for buyer in customers[:4]]
    for place, (seller, buyer) in enumerate(dict.fromkeys(pairs)):
        at = setting.OPENING - timedelta(days=18, hours=-place)
        login = plan.buyers[buyer].spec.login
        yield at, _granting(world.sellers[seller], login, _LINES[place % len(_LINES)])
    yield setting.OPENING - timedelta(hours=22), _asking(world, _makers(plan)[:3])
    yield from _made_to_order(plan, world)


def _makers(plan: MarketPlan) -> list[OfferPlan]:
    """One offer of each seller of the kind of goods that is asked for, the named seller's first."""
    found: dict[int, OfferPlan] = {}
    for offer in plan.offers:
        shown = offer.state == goods.ONLINE and offer.visibility == "public"
        if shown and offer.spec.kind == _KIND:
            found.setdefault(offer.seller, offer)
    return [found[seller] for seller in sorted(found)]


def _made_to_order(plan: MarketPlan, world: World) -> Iterator[Act]:
    """Two orders of the named buyer with the named seller that are paid in stages: one is being
    made, the other is made and waits for its balance."""
    offer = next(
        offer
        for offer in plan.offers
        if offer.seller == 0 and offer.state == goods.ONLINE and offer.visibility == "public"
    )
    sku_id = world.skus[offer.index][0]
    for days, made in ((9, True), (3, False)):
        work = _Work(world, sku_id, offer.spec.usual_quantities[0])
        at = setting.OPENING - timedelta(days=days)
        yield at, work.ask
        yield at + timedelta(hours=2), work.answer
        yield at + timedelta(hours=5), work.accept
        yield at + timedelta(hours=6), work.pay_deposit
        if made:
            yield setting.OPENING - timedelta(hours=20), work.finish


def _granting(seller: Joined, login: str, draft: LineDraft) -> Callable[[], object]:
    return lambda: finance.grant_credit(seller.owner, login, draft)


def _asking(world: World, offers: list[OfferPlan]) -> Callable[[], object]:
    def ask() -> None:
        buyer, asked = world.buyers[0], [world.sellers[offer.seller] for offer in offers]
        number = quotes.ask_quotes(
            buyer.owner,
            AskRequest(
                lines=_WANTED,
                address_id=buyer.address_ids[0],
                until=clock.today() + timedelta(days=6),
                offer_ids=[world.offers[offer.index] for offer in offers],
                note="请按图纸加工，先打样。",
            ),
        )
        # One of three has not answered yet.
        for seller, (prices, freight, days, terms) in zip(asked, _ANSWERS, strict=False):
            quote = Quote.objects.get(request__number=number, seller=seller.company_id)
            answer = AnswerGiven(
                prices={at: UnitPrice.yuan(price) for at, price in enumerate(prices, start=1)},
                freight=Money.yuan(freight),
                lead_days=days,
                valid_until=clock.today() + timedelta(days=12),
                terms=terms,
            )
            quotes.answer_quote(seller.owner, quote.number, answer)

    return ask


class _Work:
    """One order made to order, from the question to the end of production."""

    def __init__(self, world: World, sku_id: int, quantity: int) -> None:
        self._buyer, self._seller = world.buyers[0], world.sellers[0]
        self._wanted = GoodsWanted(quantity, sku_id=sku_id)
        self._request = self._order = ""

    @property
    def _quote(self) -> Quote:
        rows = Quote.objects.filter(request__number=self._request)
        return rows.get(seller=self._seller.company_id)

    def ask(self) -> None:
        until = clock.today() + timedelta(days=3)
        address_id = self._buyer.address_ids[0]
        ask = AskRequest(lines=[self._wanted], address_id=address_id, until=until)
        self._request = quotes.ask_quotes(self._buyer.owner, ask)

    def answer(self) -> None:
        answer = AnswerGiven(
            prices={1: UnitPrice.yuan("0.4350")},
            freight=Money.yuan("60.00"),
            lead_days=20,
            valid_until=clock.today() + timedelta(days=10),
            terms=QuoteTerms(PayWay.STAGED, 30, production_days=20),
        )
        quotes.answer_quote(self._seller.owner, self._quote.number, answer)

    def accept(self) -> None:
        quote = self._quote
        self._order = quotes.accept_quote(self._buyer.owner, quote.number, quote.revision)

    def pay_deposit(self) -> None:
        payable = Payable.objects.get(subject=f"order:{self._order}")
        pay_online(self._buyer, payable.number)

    def finish(self) -> None:
        staged.finish_production(self._seller.owner, self._order)
