"""The trade of six months: the rated days first, then what led up to them, then what is open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from pifa.demo import setting
from pifa.demo.plan import rhythm
from pifa.demo.plan.catalogue import Catalogue
from pifa.demo.plan.companies import CLERK, OWNER, PURCHASER, BuyerPlan, SellerPlan
from pifa.demo.plan.lives import DisputeEnd, Life
from pifa.demo.plan.pairing import Purchase, pair
from pifa.demo.plan.rhythm import soon
from pifa.demo.plan.script import OrderScript, Trade, Verb, Visit, Withdrawal
from pifa.demo.vocabulary import kind, talk
from pifa.demo.vocabulary.chance import below, between, chance, pick, shuffled, uniform
from pifa.kernel.actors import Role

_LAST_RATED = setting.OPENING.date() - timedelta(days=1)
_BEFORE = setting.first_rated_day() - timedelta(days=1)
_REFUND_SHARE = 0.03
"""Of a shop's sales in the rated days, so much may go back without changing its medal."""

Relations = frozenset[tuple[int, int]]
"""(seller, buyer) pairs that are related before the told trade begins."""


class Storyteller:
    """Draws every order of the market, so that the rated days come out as the targets say."""

    def __init__(
        self,
        rng: Random,
        catalogue: Catalogue,
        sellers: Sequence[SellerPlan],
        buyers: Sequence[BuyerPlan],
    ) -> None:
        self.rng = rng
        self.catalogue = catalogue
        self.sellers = sellers
        self.buyers = buyers
        self.trade = Trade()
        self.life = Life(rng, self._may_refund)
        self.purchases = pair(rng, sellers, buyers)
        self.relations = _relations(rng, sellers, buyers, self.purchases)
        self._refunded: dict[int, int] = defaultdict(int)

    # ------------------------------------------------------------------- one order
    def order(self, buyer: int, seller: int, placed_at: datetime, target_fen: int) -> OrderScript:
        """An order for about so much, with nothing done to it yet."""
        rng, plan = self.rng, self.buyers[buyer]
        address = below(rng, len(plan.addresses)) if chance(rng, 0.3) else 0
        region = plan.addresses[address][1].region_code
        related = (seller, buyer) in self.relations
        script = OrderScript(
            index=len(self.trade.orders),
            buyer=buyer,
            seller=seller,
            address=address,
            placed_at=placed_at,
            planned=self.catalogue.fill(rng, seller, region, target_fen, related=related),
            message=talk.buyer_note(rng) if chance(rng, 0.12) else "",
            wants_invoice=chance(rng, 0.08),
            buying=self._who(plan.people, PURCHASER),
            selling=self._who(self.sellers[seller].people, CLERK),
        )
        self.trade.orders.append(script)
        return script

    def goods(self, script: OrderScript) -> str:
        """What the order's goods are called in talk."""
        return kind(self.catalogue.kind_of(script.planned.lines[0].of_offer)).name

    def level(self, script: OrderScript) -> int:
        """The level that the order's buyer is meant for."""
        return self.buyers[script.buyer].target.level

    def _who(self, people: Sequence[object], role: Role) -> int:
        able = [
            place
            for place, person in enumerate(people)
            if {OWNER, role} & set(getattr(person, "roles", ()))
        ]
        return pick(self.rng, able[1:]) if len(able) > 1 and chance(self.rng, 0.6) else able[0]

    def _may_refund(self, script: OrderScript, at: datetime, fen: int) -> bool:
        """Money may go back before the rated days, and a little of it within them."""
        if at.date() < setting.first_rated_day() - timedelta(days=4):
            return True
        target = self.sellers[script.seller].target
        after = self._refunded[script.seller] + fen
        if target.exact or after > target.sales * 100 * _REFUND_SHARE:
            return False
        self._refunded[script.seller] = after
        return True

    def paid(self, buyer: int, seller: int, paid_at: datetime, target_fen: int) -> OrderScript:
        """An order that will be paid at a moment; mostly minutes after it was placed."""
        rng = self.rng
        mark = rng.random()
        span = (
            soon(rng, 0.12, 0.4)
            if mark < 0.72
            else soon(rng, 1, 11)
            if mark < 0.92
            else soon(rng, 14, 66)
        )
        return self.order(buyer, seller, paid_at - span, target_fen)

    def go_on(self, script: OrderScript, paid_at: datetime, paid_fen: int | None = None) -> None:
        """Pay the order and let it take its way."""
        if paid_fen is not None:
            self.life.adjust(script, script.placed_at + timedelta(seconds=100), paid_fen)
        self.life.pay(script, paid_at)
        self.life.trade(
            script, paid_at, paid_fen or script.total_fen, self.level(script), self.goods(script)
        )

    # ------------------------------------------------------------------- the rated days
    def tell_rated_days(self) -> None:
        """Every shop's purchases, the largest last so that the sum comes out as it should."""
        by_seller: dict[int, list[Purchase]] = defaultdict(list)
        for purchase in self.purchases:
            by_seller[purchase.seller].append(purchase)
        held_back: dict[int, list[tuple[OrderScript, datetime]]] = defaultdict(list)
        for seller, own in by_seller.items():
            self._sell(seller, sorted(own, key=lambda purchase: purchase.share), held_back)
        for buyer, waiting in sorted(held_back.items()):
            self._spend_exactly(buyer, waiting)

    def _sell(
        self,
        seller: int,
        own: Sequence[Purchase],
        held_back: dict[int, list[tuple[OrderScript, datetime]]],
    ) -> None:
        target = self.sellers[seller].target
        left = target.sales * 100
        disputes = self._open_disputes(target.disputes, target.exact, own)
        for place, purchase in enumerate(own):
            day = rhythm.a_day(self.rng, setting.first_rated_day(), _LAST_RATED)
            paid_at = rhythm.a_moment(self.rng, day)
            if place in disputes:
                paid_at = setting.OPENING - soon(self.rng, 150, 230)
            wanted = int(left * purchase.share / sum(other.share for other in own[place:]))
            script = self.paid(purchase.buyer, seller, paid_at, max(wanted, 500))
            last = place == len(own) - 1
            fen = left if target.exact and last else script.total_fen
            left -= fen
            if place in disputes:
                self._dispute_openly(script, paid_at, fen)
            elif self.buyers[purchase.buyer].target.exact_money is not None:
                held_back[purchase.buyer].append((script, paid_at))
            else:
                self.go_on(script, paid_at, fen if fen != script.total_fen else None)

    def _spend_exactly(self, buyer: int, waiting: list[tuple[OrderScript, datetime]]) -> None:
        money = self.buyers[buyer].target.exact_money or 0
        waiting.sort(key=lambda item: item[0].total_fen)
        left = money * 100
        for place, (script, paid_at) in enumerate(waiting):
            fen = left if place == len(waiting) - 1 else script.total_fen
            left -= fen
            self.go_on(script, paid_at, fen if fen != script.total_fen else None)

    def _open_disputes(self, count: int, exact: bool, own: Sequence[Purchase]) -> set[int]:
        """Places of purchases that end up before an operator and wait for the verdict."""
        if exact:
            return {len(own) // 2} if count else set()
        return {len(own) // 2} if len(own) > 8 and chance(self.rng, 0.09) else set()

    def _dispute_openly(self, script: OrderScript, paid_at: datetime, fen: int) -> None:
        if fen != script.total_fen:
            self.life.adjust(script, script.placed_at + timedelta(seconds=100), fen)
        self.life.pay(script, paid_at)
        shipped = rhythm.working(self.rng, paid_at + soon(self.rng, 4, 20))
        self.life.ship_at(script, shipped)
        asked = shipped + soon(self.rng, 30, 50)
        self.life.dispute(script, asked, fen, self.goods(script), DisputeEnd.OPEN)

    # ------------------------------------------------------------------- the months before
    def tell_months_before(self, scale: float) -> None:
        """The same companies' earlier trade: some grew, some fell back, some met only later."""
        span = rhythm.liveliness(setting.FIRST_DAY, _BEFORE)
        times = span / rhythm.liveliness(setting.first_rated_day(), _LAST_RATED) * scale
        growth = [uniform(self.rng, 0.55, 1.15) for _ in self.sellers]
        active = [uniform(self.rng, 0.6, 1.2) for _ in self.buyers]
        pairs: dict[tuple[int, int], list[float]] = defaultdict(list)
        for purchase in self.purchases:
            usual = purchase.share * self.sellers[purchase.seller].target.sales
            pairs[purchase.seller, purchase.buyer].append(usual)
        for (seller, buyer), amounts in sorted(pairs.items()):
            known = 1.6 if chance(self.rng, 0.55) else 0.2
            mean = len(amounts) * times * growth[seller] * active[buyer] * known
            usual = sum(amounts) / len(amounts)
            for _ in range(rhythm.about(self.rng, min(mean, 160.0))):
                self._earlier(buyer, seller, usual)
        self._strangers(scale)
        self._past_disputes()

    def _strangers(self, scale: float) -> None:
        """Buyers who tried a shop and did not come back; shops that sell nothing any more."""
        for seller in self.sellers:
            count = int(between(self.rng, 8, 30) * scale + 1)
            for _ in range(count):
                buyer = below(self.rng, len(self.buyers))
                self._earlier(buyer, seller.index, self.buyers[buyer].target.usual)

    def _earlier(self, buyer: int, seller: int, usual: float) -> None:
        first = max(setting.FIRST_DAY, self.buyers[buyer].joined.date() + timedelta(days=2))
        if first > _BEFORE:
            return
        day = rhythm.a_day(self.rng, first, _BEFORE)
        paid_at = rhythm.a_moment(self.rng, day)
        script = self.paid(
            buyer, seller, paid_at, max(int(usual * 100 * uniform(self.rng, 0.6, 1.5)), 500)
        )
        if script.placed_at.date() < first:
            script.placed_at = paid_at - timedelta(minutes=7)
        fen = None
        if chance(self.rng, 0.04) and script.total_fen > 5_000:
            fen = int(script.total_fen * uniform(self.rng, 0.95, 1.02))
        if fen is not None and paid_at - script.placed_at < timedelta(minutes=7, seconds=1):
            script.placed_at = paid_at - timedelta(minutes=20)
        self.go_on(script, paid_at, fen)

    def _past_disputes(self) -> None:
        """Disputes that were decided: those a shop's target counts, and some that do not count."""
        for seller in self.sellers:
            target = seller.target
            counted = target.disputes - (1 if target.exact and target.disputes > 1 else 0)
            if target.exact and target.disputes == 1:
                counted = 0  # the one is open
            if not target.exact:
                counted = (
                    between(self.rng, 1, 2)
                    if target.medal in (1, 2) and chance(self.rng, 0.3)
                    else 0
                )
            for _ in range(counted):
                self._past_dispute(seller.index, DisputeEnd.UPHELD)
            if chance(self.rng, 0.25):
                end = DisputeEnd.DISMISSED if chance(self.rng, 0.6) else DisputeEnd.WITHDRAWN
                self._past_dispute(seller.index, end)

    def _past_dispute(self, seller: int, end: DisputeEnd) -> None:
        buyers = [purchase.buyer for purchase in self.purchases if purchase.seller == seller]
        known = [buyer for buyer in buyers if self.buyers[buyer].joined.date() < date(2026, 3, 20)]
        if not known:
            return
        buyer = pick(self.rng, known)
        day = rhythm.a_day(self.rng, date(2026, 4, 8), date(2026, 5, 10))
        paid_at = rhythm.a_moment(self.rng, day)
        script = self.paid(buyer, seller, paid_at, self.buyers[buyer].target.usual * 100)
        self.life.pay(script, paid_at)
        shipped = rhythm.working(self.rng, paid_at + soon(self.rng, 4, 20))
        self.life.ship_at(script, shipped)
        asked = shipped + soon(self.rng, 40, 90)
        self.life.dispute(script, asked, script.total_fen, self.goods(script), end)

    # ------------------------------------------------------------------- what else happens
    def tell_unpaid(self, scale: float) -> None:
        """Orders that nobody paid; those of the last days are still open."""
        for purchase in shuffled(self.rng, self.purchases):
            if not chance(self.rng, 0.36 * scale):
                continue
            joined = self.buyers[purchase.buyer].joined.date() + timedelta(days=2)
            first = max(setting.FIRST_DAY, joined)
            day = rhythm.a_day(self.rng, first, setting.OPENING.date())
            placed_at = rhythm.a_moment(self.rng, day)
            if placed_at > setting.OPENING:
                continue
            usual = purchase.share * self.sellers[purchase.seller].target.sales
            script = self.order(purchase.buyer, purchase.seller, placed_at, int(usual * 100) + 500)
            self.life.go_unpaid(script)

    def tell_this_morning(self, count: int) -> None:
        """The opening day until the doors open; it counts for no rating yet."""
        for purchase in shuffled(self.rng, self.purchases)[:count]:
            paid_at = setting.OPENING - soon(self.rng, 0.2, 2.4)
            usual = purchase.share * self.sellers[purchase.seller].target.sales
            script = self.order(
                purchase.buyer,
                purchase.seller,
                paid_at - timedelta(minutes=6),
                int(usual * 100) + 500,
            )
            self.life.pay(script, paid_at)
            self.life.stop_at_opening(script)

    def tell_visits(self, scale: float) -> None:
        """Sellers look in every few days, buyers less often, each for the last time when its
        target says; sellers take their money out."""
        for seller in self.sellers:
            last = setting.OPENING - timedelta(days=seller.target.seen)
            days = 3 if scale >= 1 else 8
            self._visits(True, seller.index, len(seller.people), last, seller.joined, days)
            if seller.target.medal >= 2:
                self._withdrawals(seller.index)
        for buyer in self.buyers:
            last = setting.OPENING - soon(self.rng, 2, 24 * 20)
            self._visits(False, buyer.index, len(buyer.people), last, buyer.joined, 14)

    def _visits(
        self,
        is_seller: bool,
        company: int,
        people: int,
        last: datetime,
        joined: datetime,
        days: int,
    ) -> None:
        at = last - soon(self.rng, 0.5, 12)
        begin = max(joined, setting.moment(setting.FIRST_DAY))
        while at > begin:
            person = below(self.rng, people)
            came = rhythm.working(self.rng, at)
            if came < setting.OPENING:
                self.trade.visits.append(Visit(came, is_seller, company, person))
            at -= timedelta(days=between(self.rng, 1, 2 * days - 1)) + soon(self.rng, 0, 6)

    def _withdrawals(self, seller: int) -> None:
        at = setting.moment(date(2026, 1, 20), 15)
        while at < setting.OPENING:
            at = rhythm.working(self.rng, at + soon(self.rng, 24 * 16, 24 * 30))
            if at < setting.OPENING:
                key = f"told-{seller}-{at:%m%d}"
                self.trade.withdrawals.append(Withdrawal(at, seller, key))


def _relations(
    rng: Random,
    sellers: Sequence[SellerPlan],
    buyers: Sequence[BuyerPlan],
    purchases: Sequence[Purchase],
) -> Relations:
    """Shops with private goods know some of the buyers who will come."""
    cutoff = setting.moment(date(2025, 12, 15))
    found: set[tuple[int, int]] = set()
    for seller in sellers:
        own = {p.buyer for p in purchases if p.seller == seller.index}
        for buyer in sorted(own):
            wanted = 0.5 if seller.index % 4 == 0 else 0.08
            if buyers[buyer].joined < cutoff and chance(rng, wanted):
                found.add((seller.index, buyer))
    found.add((0, 0))
    return frozenset(found)


__all__ = ["Relations", "Storyteller", "Verb"]
