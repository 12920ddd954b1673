"""A customer with a phone: the steps that a purchase takes there, each as a person does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pifa.ledger import queries as books
from pifa.trade.models import Order
from tests.trade.market import Trading

if TYPE_CHECKING:
    from playwright.sync_api import Page

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Customer:
    """Somebody who buys of one seller with a phone in the hand."""

    phone: Page
    axe: Callable[[Page], None]
    trading: Trading

    def looks(self) -> None:
        """Everything on the page can be read, and nothing hangs over its right edge."""
        self.axe(self.phone)
        assert self.phone.evaluate(OVERFLOW) == 0, self.phone.url

    def reads(self, *words: str) -> None:
        """The page says this, visibly; waits until it does."""
        for said in words:
            self.phone.get_by_text(said).first.wait_for()

    def chooses_goods(self, quantity: int) -> None:
        """From the offer to the checkout, so many pieces of the first SKU."""
        self.phone.goto(f"/offer/{self.trading.offer.pk}/")
        self.phone.locator(f"#sku_{self.trading.skus[0]}").fill(str(quantity))
        self.phone.get_by_role("button", name="立即订购").click()
        self.phone.get_by_role("heading", name="结算").wait_for()

    def agrees(self, way: str) -> None:
        """Choose in the checkout how the order will be paid later."""
        self.phone.get_by_role("radio", name=way).check()
        self.phone.get_by_text("约定以后付").wait_for()

    def places(self) -> Order:
        """Submit the checkout as it stands."""
        self.phone.get_by_role("button", name="提交订单").click()
        self.phone.wait_for_url("**/pay/**" if not self._has_agreed() else "**/buyer/orders/**")
        return Order.objects.latest("pk")

    def goes_to_pay(self, way: str, password: str = "") -> None:
        """Choose a way on the pay page and go on with it."""
        self.phone.get_by_role("radio", name=way).check()
        if password:
            self.phone.get_by_label("网商银行支付密码").fill(password)
        self.phone.get_by_role("button", name="去付款").click()

    def pays_at_the_bank(self) -> None:
        """Agree on the bank's page."""
        self.phone.get_by_role("button", name="确认付款").click()

    def opens(self, order: Order) -> None:
        """Look at an order in the buyer's centre."""
        self.phone.goto(f"/buyer/orders/{order.number}/")

    def receives(self, order: Order) -> Order:
        """Confirm that the goods have come."""
        self.opens(order)
        self.phone.get_by_role("button", name="确认收货").click()
        self.phone.get_by_role("button", name="确认", exact=True).click()
        self.reads("已确认收货")
        return self.trading.order(order.number)

    def _has_agreed(self) -> bool:
        return self.phone.get_by_text("约定以后付").count() > 0


def settled(trading: Trading, order: Order, status: str = "awaiting_review") -> Order:
    """The order is paid whole and nothing of it is promised any more; the books prove it."""
    order = trading.order(order.number)
    assert (order.status, order.paid_fen, order.promised_fen) == (status, order.total_fen, 0)
    assert books.check() == []
    return order
