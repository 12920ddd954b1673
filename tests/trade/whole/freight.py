"""What is done with return-freight insurance at random; what the worker hears, and when."""

from __future__ import annotations

from pifa.finance import commands as finance
from pifa.finance.models import FreightPolicy, FreightWish, Payable
from pifa.finance.sandbox import bank
from pifa.kernel import events
from pifa.kernel.models import OutboxEvent
from pifa.trade import commands as trade
from pifa.trade import queries
from pifa.trade.commands import CheckoutRequest
from pifa.trade.freight_insurance.queries import freight_offers
from pifa.trade.models import Order
from tests.trade.market import trade_of
from tests.trade.whole.world import World, may_refuse, picked


class FreightVerbs(World):
    """Sellers give it, buyers take it; the worker may be late."""

    def give_insurance(self, pick: int, on: bool) -> None:
        finance.give_freight_insurance(self.owner[self.routes[pick % 2].seller.pk], on)

    def insured(self, pick: int, method: str, action: str) -> None:
        """Order with the insurance, and begin to pay both at once."""
        route = self.routes[pick % len(self.routes)]
        buyer, lines = self.owner[route.buyer.pk], [(route.sku_id, 60)]
        numbers: list[str] = []
        with may_refuse():
            view = queries.preview_checkout(buyer, lines=lines, region="33")
            premium = freight_offers(buyer, view)[route.seller.pk].quote.premium
            request = CheckoutRequest(
                lines,
                route.address_id,
                view.total + premium,
                freight_insurance=[route.seller.pk],
            )
            numbers += trade.place_orders(buyer, request)
        for number in numbers:
            self._pay_insured(f"order:{number}", method, action)

    def pay_insured(self, pick: int, method: str, action: str) -> None:
        """Begin to pay an order with its premium, perhaps once more."""
        if wish := picked(FreightWish.objects.all(), pick):
            self._pay_insured(wish.covers, method, action)
        else:
            self.insured(pick, method, action)

    def hear(self) -> None:
        """The worker hears of all that happened, and policies follow their orders."""
        while events.deliver():
            pass
        assert OutboxEvent.objects.filter(attempts__gt=0, delivered_at=None).count() == 0
        ended = Order.objects.filter(status__in=["closed", "completed"])
        covers = [f"order:{number}" for number in ended.values_list("number", flat=True)]
        running = FreightPolicy.objects.filter(covers__in=covers, state="active")
        assert not running.exists()

    def _pay_insured(self, subject: str, method: str, action: str) -> None:
        payable = Payable.objects.get(subject=subject)
        actor, begun = self.owner[payable.payer_id], []
        with may_refuse():
            token = self.signed(actor, method)
            started = finance.start_insured(actor, payable.number, method, authorisation=token)
            begun.append(started.payment_number)
        if begun and method == "gateway" and action:
            bank.act(trade_of(begun[0]), action)
