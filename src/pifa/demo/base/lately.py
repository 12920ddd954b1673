"""The last weeks beside the orders, by commands: talk, penalties, requests, what waits in queues."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from django.db.models import F

from pifa.demo import setting
from pifa.demo.base import companies, goods, people, terms
from pifa.demo.base.terms import Act
from pifa.demo.plan import goods as goods_plan
from pifa.demo.plan.market import MarketPlan
from pifa.demo.plan.rhythm import soon, working
from pifa.demo.running import orders
from pifa.demo.vocabulary import kind, talk
from pifa.demo.vocabulary.chance import between, chance, pick, some
from pifa.demo.world import Joined, World
from pifa.kernel import clock, events
from pifa.kernel.actors import Actor
from pifa.kernel.models import OutboxEvent
from pifa.messages import commands as messages
from pifa.messages.models import Delivery
from pifa.parties import commands as parties
from pifa.relationships import commands as relationships
from pifa.relationships.policies import Side
from pifa.trade import commands as trade
from pifa.trade.invoices import commands as invoices
from pifa.trade.invoices.errors import NotInvoiceable
from pifa.trade.models import Order

TALKATIVE = 20
"""How many sellers talked with several buyers lately; the others answered one."""


def call_it_told(about: str = "") -> None:
    """What was announced until now (about something only: events whose names begin so) counts as
    delivered when it happened: nobody reads it."""
    waiting = OutboxEvent.objects.filter(delivered_at=None, name__startswith=about)
    waiting.update(delivered_at=F("happened_at"))


def write_lately(plan: MarketPlan, world: World) -> None:
    """Everything of the last weeks that is no order, in the order of time, told as it happens."""
    lately = _Lately(plan, world)
    for at, act in sorted(lately.acts(), key=lambda item: item[0]):
        with clock.frozen(at):
            act()
            events.deliver()
    Delivery.objects.filter(state=Delivery.State.WAITING).update(
        state=Delivery.State.SENT, attempts=1
    )


class _Lately:
    def __init__(self, plan: MarketPlan, world: World) -> None:
        self._plan = plan
        self._world = world
        self._rng = Random(plan.seed + 1)
        self._buyers: dict[int, list[int]] = defaultdict(list)
        for script in plan.trade.orders:
            if script.buyer not in self._buyers[script.seller]:
                self._buyers[script.seller].append(script.buyer)
        self._offers: dict[int, list[goods_plan.OfferPlan]] = defaultdict(list)
        for offer in plan.offers:
            if offer.state == goods_plan.ONLINE and offer.visibility == "public":
                self._offers[offer.seller].append(offer)

    def acts(self) -> Iterator[Act]:
        """All acts with their moments, in no order."""
        yield from self._talk()
        yield from self._talk_of_orders()
        yield from self._invoices()
        yield from self._penalties()
        yield from self._requests()
        yield from self._verifications()
        yield from self._purchase_list()
        yield setting.OPENING - timedelta(days=20), self._note_customers
        yield from goods.late_acts(self._world, self._plan.offers)
        yield from terms.acts(self._plan, self._world)
        yield from people.acts(self._plan, self._world)
        yield from orders.acts(self._plan, self._world)

    # ------------------------------------------------------------------------- talk
    def _talk(self) -> Iterator[Act]:
        for seller in self._plan.sellers:
            buyers = self._buyers[seller.index]
            if not buyers:
                continue
            replied = setting.OPENING - timedelta(days=seller.target.replied, minutes=41)
            yield from self._asked(seller.index, buyers[0], replied, answered=True)
            for _ in range(between(self._rng, 0, 2) if seller.index < TALKATIVE else 0):
                at = replied - soon(self._rng, 20, 24 * 30)
                yield from self._asked(seller.index, pick(self._rng, buyers), at, answered=True)
            if chance(self._rng, 0.4):
                at = setting.OPENING - soon(self._rng, 0.1, 6)
                yield from self._asked(seller.index, pick(self._rng, buyers), at, answered=False)
        for seller_index in range(1, 4):
            at = setting.OPENING - timedelta(hours=7 * seller_index)
            yield from self._asked(seller_index, 0, at, answered=seller_index % 2 == 1)

    def _asked(self, seller: int, buyer: int, at: datetime, *, answered: bool) -> Iterator[Act]:
        """A question about an offer at a moment, or its answer at that moment."""
        offer = pick(self._rng, self._offers[seller])
        chat = talk.chat(self._rng, kind(offer.spec.kind).name)
        asked = at - soon(self._rng, 0.2, 3) if answered else at
        subject, title = f"offer:{self._world.offers[offer.index]}", offer.spec.title
        buying, selling = self._world.buyers[buyer], self._world.sellers[seller]

        def say(by: Joined, body: str) -> Callable[[], object]:
            return lambda: messages.say(
                by.owner, buying.company_id, selling.company_id, subject, title, body
            )

        yield asked, say(buying, chat.ask)
        if answered:
            yield at, say(selling, chat.answer)

    def _talk_of_orders(self) -> Iterator[Act]:
        """The named companies talk about orders of theirs, step by step."""
        words = talk.order_messages()
        for side in ("buyer", "seller"):
            company = self._world.buyers[0] if side == "buyer" else self._world.sellers[0]
            mine = Order.objects.filter(**{side: company.company_id}, shipped_at__isnull=False)
            for number, buyer_id, seller_id, paid_at in mine.order_by("-id").values_list(
                "number", "buyer_id", "seller_id", "paid_at"
            )[:3]:
                assert paid_at is not None
                joined = {item.company_id: item for item in self._all()}
                at = paid_at
                for place, (who, body) in enumerate(words[: between(self._rng, 2, 4)]):
                    at += timedelta(minutes=11 + 7 * place)
                    by = joined[buyer_id if who == "buyer" else seller_id]
                    yield at, self._saying(by, buyer_id, seller_id, number, body)

    def _invoices(self) -> Iterator[Act]:
        """Buyers who want one ask for the invoice of an order of the last days; none is due."""
        since = setting.OPENING - timedelta(days=6)
        wanted = [
            script
            for script in self._plan.trade.orders
            if script.wants_invoice and script.placed_at >= since
        ]
        for script in wanted:
            buyer, plan = self._world.buyers[script.buyer], self._plan.buyers[script.buyer]
            seller = self._world.sellers[script.seller]
            if not companies.is_verified(plan):
                continue
            order = Order.objects.filter(
                buyer=buyer.company_id, seller=seller.company_id, placed_at=script.placed_at
            ).first()
            if order and order.covered_at and order.covered_at > since and not order.ended_at:
                details = {"title": plan.spec.name, "tax_no": plan.spec.licence}
                at = min(order.covered_at + timedelta(minutes=25), setting.OPENING)
                yield at, self._asking_invoice(buyer.owner, order.number, details)

    def _asking_invoice(
        self, owner: Actor, number: str, details: dict[str, str]
    ) -> Callable[[], object]:
        def ask() -> None:
            with suppress(NotInvoiceable):  # a refund case of it is open
                invoices.ask_invoice(owner, [number], details)

        return ask

    def _saying(
        self, by: Joined, buyer_id: int, seller_id: int, number: str, body: str
    ) -> Callable[[], object]:
        return lambda: messages.say(
            by.owner, buyer_id, seller_id, f"order:{number}", f"订单 {number}", body
        )

    def _all(self) -> list[Joined]:
        return [*self._world.buyers, *self._world.sellers]

    # ------------------------------------------------------------------------- standing, queues
    def _penalties(self) -> Iterator[Act]:
        for seller in self._plan.sellers[1:]:
            if not chance(self._rng, 0.14):
                continue
            company_id = self._world.sellers[seller.index].company_id
            points, reason = pick(self._rng, (1, 2, 3, 6)), talk.penalty_reason(self._rng)
            yield (
                working(self._rng, setting.OPENING - soon(self._rng, 30, 24 * 90)),
                self._penalty(company_id, points, reason),
            )

    def _penalty(self, company_id: int, points: int, reason: str) -> Callable[[], object]:
        return lambda: parties.give_penalty(self._world.operator, company_id, points, reason)

    def _requests(self) -> Iterator[Act]:
        """Some ask the named companies for a relationship and have no answer yet."""
        named_seller, named_buyer = self._world.sellers[0], self._world.buyers[0]
        known = {buyer for seller, buyer in self._plan.relations if seller == 0}
        strangers = [buyer for buyer in self._buyers[0] if buyer not in known and buyer]
        for place, buyer in enumerate(strangers[:4]):
            owner = self._world.buyers[buyer].owner
            yield (
                setting.OPENING - timedelta(hours=5 + 13 * place),
                self._asking(owner, named_seller.company_id, "buyer"),
            )
        known = {seller for seller, buyer in self._plan.relations if buyer == 0}
        others = [plan.index for plan in self._plan.sellers if plan.index not in known]
        for place, seller in enumerate(others[:3]):
            owner = self._world.sellers[seller].owner
            yield (
                setting.OPENING - timedelta(hours=4 + 11 * place),
                self._asking(owner, named_buyer.company_id, "seller"),
            )

    def _asking(self, owner: Actor, other: int, side: Side) -> Callable[[], object]:
        return lambda: relationships.request(owner, other, side)

    def _verifications(self) -> Iterator[Act]:
        """Licences that wait for a reviewer, and some that came back with a reason."""
        fresh = [plan for plan in self._plan.buyers if not companies.is_verified(plan)]
        for place, plan in enumerate(some(self._rng, fresh, 8)):
            refusal = talk.licence_rejection(self._rng) if place % 4 == 3 else ""
            at = setting.OPENING - timedelta(hours=3 + 5 * place + (24 if refusal else 0))
            yield at, self._verifying(plan.index, at, refusal)

    def _verifying(self, buyer: int, at: datetime, refusal: str) -> Callable[[], object]:
        plan, joined = self._plan.buyers[buyer], self._world.buyers[buyer]
        return lambda: companies.verify(
            self._world,
            joined,
            at,
            plan.spec.name,
            plan.spec.licence,
            waiting=not refusal,
            refusal=refusal,
        )

    # ------------------------------------------------------------------------- the named companies
    def _purchase_list(self) -> Iterator[Act]:
        owner = self._world.buyers[0].owner
        at = setting.OPENING - timedelta(hours=16)
        for seller in (0, 3, 6):
            for offer in self._offers[seller][:2]:
                skus = self._world.skus[offer.index][:2]
                pieces = offer.spec.usual_quantities[1]
                each = max(offer.spec.multiple, pieces // len(skus))
                each -= each % offer.spec.multiple
                at += timedelta(minutes=4)
                yield at, self._listing(owner, [(sku, each) for sku in skus])

    def _listing(self, owner: Actor, lines: list[tuple[int, int]]) -> Callable[[], object]:
        return lambda: trade.put_on_list(owner, lines)

    def _note_customers(self) -> None:
        seller = self._world.sellers[0]
        known = [
            (f"C{number:03d}", f"{city}{name}", city)
            for number, (city, name) in enumerate(
                (
                    ("鹭栖", "老陶五金店"),
                    ("砚浦", "望苇机修铺"),
                    ("云汀", "三榫农机站"),
                    ("苇塘", "青埭门窗厂"),
                    ("柘垣", "长庚钢构"),
                ),
                start=1,
            )
        ]
        relationships.note_customers(seller.company_id, known, seller.owner)
