"""Why a seller's customers would not trade online (`WHY-*`), and that each of them buys all the same.

Every test is a purchase that a customer with that reason finishes on a phone: from the page where it
begins until the money is where it belongs. What others do meanwhile (the seller, a carrier, a bank, the
days that pass) is done by commands. The customers of invitations are in `test_why_invited.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from pifa.catalog.models import OfferStagedPlan, PriceBreak
from pifa.finance import commands as finance
from pifa.finance.commands import LineDraft
from pifa.finance.models import CreditStatement, Payment, SecuredReceivable
from pifa.finance.sandbox import carrier
from pifa.kernel import deadlines, events
from pifa.kernel.money import Money
from pifa.ledger import queries as books
from pifa.ledger.rules import AccountKind
from pifa.parties.models import User
from pifa.trade import commands
from pifa.trade.models import Order, RefundCase
from pifa.trade.staged import commands as staged
from tests.build import reasons
from tests.build.customer import Customer, settled
from tests.finance.bank import conftest as bank
from tests.finance.conftest import grant
from tests.finance.credit.conftest import relate
from tests.plugins.clock import MarketClock
from tests.trade import market
from tests.trade.market import Trading, yuan

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tools.gateway_emulator.server import Emulator

Axe = Callable[["Page"], None]
SignIn = Callable[["Page", User], None]


@pytest.fixture
def trading(transactional_db: None) -> Trading:
    return market.trading()


@pytest.fixture
def customer(trading: Trading, phone: Page, axe: Axe, sign_in: SignIn) -> Customer:
    """The buyer, signed in on its phone."""
    sign_in(phone, reasons.buyer_of(trading))
    return Customer(phone, axe, trading)


def test_why_3_i_must_pay_from_the_companys_bank_account(customer: Customer) -> None:
    """“必须从公司账户付款。” Corporate transfer: the page tells the cashier where to, how much and
    with which words; the money finds its order by itself."""
    phone, trading = customer.phone, customer.trading
    reasons.verified(trading)
    customer.chooses_goods(1000)
    order = customer.places()
    customer.looks()
    customer.goes_to_pay("对公转账")
    customer.reads("请从贵企业的银行账户转账")
    customer.looks()
    told = dict(
        zip(
            phone.locator("main .card .pairs dt").all_inner_texts(),
            phone.locator("main .card .pairs dd").all_inner_texts(),
            strict=True,
        )
    )
    assert "¥310.00" in told["金额"]
    account, remark = (told[name].split()[0] for name in ("收款账号", "附言"))
    reasons.transfer(told["付款户名"], account, Money(310_00), remark)
    phone.reload()
    customer.reads("这笔转账已到账")
    customer.looks()
    order = reasons.ship(trading, order)
    customer.receives(order)
    settled(trading, order)
    assert reasons.seller_has(trading) == Money(310_00)
    assert books.balance(None, AccountKind.SUSPENSE) == Money(0)


def test_why_5_we_settle_monthly_by_trade_credit(
    customer: Customer, market_clock: MarketClock
) -> None:
    """“我们线下月结。” Trade credit with a settlement day: nothing is paid with the order; the
    statement of the month comes on the 28th and is paid by one button."""
    phone, trading = customer.phone, customer.trading
    relate(trading.seller, trading.buyer)
    draft = LineDraft(yuan("10000.00"), "monthly", 28)
    line = finance.grant_credit(trading.selling, trading.buyer.login, draft)
    orders = []
    for quantity in (1000, 100):
        customer.chooses_goods(quantity)
        customer.agrees("账期支付")
        if quantity == 1000:
            customer.reads("可用 ¥10,000.00，每月 28 日结算")
            customer.looks()
        orders.append(customer.places())
        customer.reads("等卖家发货")
    assert [order.promised_fen for order in orders] == [310_00, 35_00]
    for order in orders:
        reasons.ship(trading, order)
    received = [customer.receives(order) for order in orders]
    assert {order.status for order in received} == {"awaiting_review"}
    assert reasons.seller_has(trading) == Money(0)
    reasons.wait_until(market_clock, reasons.noon(date(2026, 3, 28)))
    phone.goto("/buyer/credit/")
    customer.reads("2026-03-28", "¥345.00")
    customer.looks()
    phone.goto(f"/buyer/credit/statements/{CreditStatement.objects.get().number}/")
    customer.reads(*(order.number for order in orders))
    customer.looks()
    phone.goto("/buyer/credit/")
    phone.get_by_role("button", name="付清").click()
    customer.reads("¥345.00")
    customer.looks()
    customer.goes_to_pay("在线支付")
    customer.pays_at_the_bank()
    customer.reads("还款已到账")
    customer.looks()
    for order in orders:
        settled(trading, order, "completed")
    line.refresh_from_db()
    assert line.used_fen == 0
    assert reasons.seller_has(trading) == Money(345_00)
    assert reasons.buyer_owes(trading) == Money(0)


def test_why_5_we_settle_monthly_by_secured_credit(
    customer: Customer, market_clock: MarketClock
) -> None:
    """“我们线下月结。” Secured credit: the financier pays the seller on the due day, the buyer repays
    the financier, and the seller never waits for it."""
    phone, trading = customer.phone, customer.trading
    finance.join_secured(trading.selling)
    grant(trading.buyer.pk, "secured_credit", limit="10000.00")
    customer.chooses_goods(1000)
    customer.agrees("诚e赊")
    customer.reads("可用 ¥10,000.00，收货后 30 天内还清")
    customer.looks()
    order = customer.places()
    customer.reads("这笔订单使用诚e赊")
    reasons.ship(trading, order)
    customer.receives(order)
    customer.reads("诚e赊待还（2026-04-01 前还清） ¥310.00")
    customer.looks()
    reasons.wait_until(market_clock, reasons.noon(date(2026, 4, 1)))
    fee = Money(37)  # 0.12 % of ¥310.00, rounded half up
    assert reasons.seller_has(trading) == Money(310_00) - fee
    settled(trading, order, "completed")
    phone.goto("/buyer/secured/")
    customer.reads("2026-04-01")
    customer.looks()
    phone.get_by_role("button", name="去还款").click()
    customer.reads("¥310.00")
    customer.looks()
    customer.goes_to_pay("在线支付")
    customer.pays_at_the_bank()
    customer.reads("还款已到账")
    debt = SecuredReceivable.objects.get()
    assert (debt.owed_fen, debt.repaid_fen) == (0, 310_00)
    assert reasons.buyer_owes(trading) == Money(0)
    assert reasons.seller_has(trading) == Money(310_00) - fee


def test_why_6_a_deposit_now_and_the_rest_on_delivery(customer: Customer) -> None:
    """“先付定金，余款货到再付。” Staged payment: the deposit online, the balance in cash at the door;
    what the carrier collected comes to the seller less its fee."""
    phone, trading = customer.phone, customer.trading
    trading.offer.scene = "custom"
    trading.offer.save()
    OfferStagedPlan.objects.create(offer=trading.offer, **reasons.PLAN_FIELDS)
    finance.offer_cash(trading.selling, True, yuan("5000.00"), ["33"])
    customer.chooses_goods(1000)
    customer.reads("先付定金", "¥93.00")
    customer.looks()
    order = customer.places()
    customer.goes_to_pay("在线支付")
    customer.pays_at_the_bank()
    customer.reads("卖家生产中")
    staged.finish_production(trading.selling, order.number)
    phone.reload()
    phone.get_by_role("link", name="付尾款", exact=True).click()
    customer.reads("¥217.00", "先发货，送到时付给承运商 ¥217.00")
    customer.looks()
    customer.goes_to_pay("货到付款")
    customer.reads("这笔订单货到付款")
    customer.looks()
    order = trading.order(order.number)
    assert (order.paid_fen, order.promised_fen) == (93_00, 217_00)
    reasons.ship(trading, order, "沙箱快运")
    customer.opens(order)
    customer.reads("请备好 ¥217.00")
    customer.looks()
    reasons.at_the_door(order, "collect")
    customer.receives(order)
    assert reasons.seller_has(trading) == Money(93_00)
    reasons.remit()
    settled(trading, order)
    fee = carrier.fee_of(Money(217_00))
    assert reasons.seller_has(trading) == Money(310_00) - fee


def test_why_7_my_money_is_in_wechat_not_in_alipay(
    customer: Customer, emulator: Emulator, settings: Any
) -> None:
    """“钱在微信里，不在支付宝。” Any enabled way on the same order: a way that was begun is no bond;
    the partner bank's account pays it at once, and WeChat takes nothing for it any more."""
    settings.SANDBOX_GATEWAY = False  # as it is wherever a real gateway is set up
    phone, trading = customer.phone, customer.trading
    bank.verify(trading.buyer)
    bank.fund(bank.open_account(trading.buying), 500_00)
    customer.chooses_goods(1000)
    order = customer.places()
    shown = phone.get_by_role("radio").all()
    assert [one.get_attribute("value") for one in shown] == ["alipay", "wechat", "partner_bank"]
    customer.looks()
    customer.goes_to_pay("支付宝")
    customer.reads("用支付宝付款")
    customer.looks()
    phone.get_by_role("link", name="换一种付款方式").click()
    customer.goes_to_pay("微信支付")
    customer.reads("用微信支付付款")
    customer.looks()
    phone.get_by_role("link", name="换一种付款方式").click()
    customer.goes_to_pay("网商银行快捷支付", "wrong-password")
    customer.reads("密码")
    assert trading.order(order.number).paid_fen == 0
    customer.goes_to_pay("网商银行快捷支付", bank.PAYMENT)
    customer.reads("等卖家发货")
    customer.looks()
    deadlines.run_due()
    assert not emulator.alipay.trades  # nobody followed its link
    assert [trade.state for trade in emulator.wechat.trades.values()] == ["closed"]
    reasons.ship(trading, order)
    customer.receives(order)
    settled(trading, order)
    assert reasons.seller_has(trading) == Money(310_00)


def test_why_8_i_fear_quality_and_return_freight(customer: Customer) -> None:
    """“怕质量不好，怕退货运费。” Cash on delivery: goods refused at the door cost the buyer nothing;
    those that are good are paid there."""
    trading = customer.trading
    finance.offer_cash(trading.selling, True, yuan("5000.00"), ["33"])
    customer.chooses_goods(1000)
    customer.agrees("货到付款")
    customer.reads("先发货，送到时付给承运商 ¥310.00")
    customer.looks()
    bad = customer.places()
    reasons.ship(trading, bad, "沙箱快运")
    customer.opens(bad)
    customer.reads("不想要了可以在门口拒收，不欠任何款项")
    reasons.at_the_door(bad, "refuse")
    customer.opens(bad)
    customer.reads("货物退回卖家后订单关闭，不欠任何款项")
    customer.looks()
    case = RefundCase.objects.get(order=bad)
    commands.confirm_return(trading.selling, case.number)
    customer.opens(bad)
    customer.reads("交易关闭")
    bad = trading.order(bad.number)
    assert (bad.status, bad.paid_fen, bad.promised_fen) == ("closed", 0, 0)
    assert reasons.buyer_owes(trading) == Money(0)
    customer.chooses_goods(1000)
    customer.agrees("货到付款")
    good = customer.places()
    reasons.ship(trading, good, "沙箱快运")
    reasons.at_the_door(good, "collect")
    customer.receives(good)
    customer.reads("货款由承运商代收")
    customer.looks()
    reasons.remit()
    settled(trading, good)
    fee = carrier.fee_of(Money(310_00))
    assert reasons.seller_has(trading) == Money(310_00) - fee


def test_why_8_i_fear_return_freight(customer: Customer) -> None:
    """“怕质量不好，怕退货运费。” The return freight is insured with one payment: goods that are not
    good are sent back, their money goes to the bank it came from, the freight comes by itself."""
    phone, trading = customer.phone, customer.trading
    customer.chooses_goods(1000)
    phone.get_by_role("checkbox", name="运费险").check()
    customer.reads("¥310.45")  # goods and premium, as they will be paid
    customer.looks()
    order = customer.places()
    customer.goes_to_pay("在线支付")
    customer.pays_at_the_bank()
    while events.deliver():
        pass
    customer.opens(order)
    customer.reads("退货退款成功后，退货运费 ¥12.00 自动赔付到买家余额")
    customer.looks()
    reasons.ship(trading, order)
    phone.goto(f"/buyer/orders/{order.number}/refund/")
    phone.get_by_label("退货退款").check()
    phone.get_by_label("原因").fill("螺纹粗糙，和样品不一样")
    phone.get_by_role("button", name="提交退款申请").click()
    customer.reads("退款进行中")
    case = RefundCase.objects.get(order=order)
    commands.answer_refund(trading.selling, case.number, accept=True)
    customer.opens(order)
    phone.get_by_label("运单号").fill("SF1234567890")
    phone.get_by_role("button", name="货已寄回").click()
    customer.reads("SF1234567890")
    commands.confirm_return(trading.selling, case.number)
    while events.deliver():
        pass
    customer.opens(order)
    customer.reads("货已退回，退货运费 ¥12.00 已赔付到买家余额")
    customer.looks()
    (paid,) = Payment.objects.filter(method="gateway")
    assert (paid.amount_fen, paid.refunded_fen) == (310_45, 310_00)
    assert books.balance(trading.buyer.pk, AccountKind.BALANCE) == Money(12_00)
    assert trading.order(order.number).status == "closed"
    assert books.check() == []


def test_why_9_the_amount_is_over_the_payment_limit(customer: Customer) -> None:
    """“超过支付限额。” The amount is split: a part online within the bank's limit, the rest by
    corporate transfer, which has none."""
    phone, trading = customer.phone, customer.trading
    reasons.verified(trading)
    PriceBreak.objects.filter(sku__in=trading.skus).update(price_e4=12_345_0000)
    customer.chooses_goods(100)
    order = customer.places()
    assert order.total_fen == 1_234_500_00
    phone.get_by_text("分几笔付这 ¥1,234,500.00").click()
    amounts = phone.locator("input[name=amount]")
    amounts.nth(0).fill("50000")
    customer.reads("还差 ¥1,184,500.00")
    amounts.nth(1).fill("1184500")
    customer.reads("合计正好")
    customer.looks()
    phone.get_by_role("button", name="按这些金额分笔").click()
    phone.get_by_role("link", name="¥50,000.00").wait_for()
    customer.looks()
    customer.goes_to_pay("在线支付")
    customer.pays_at_the_bank()
    customer.reads("¥1,184,500.00")
    customer.goes_to_pay("对公转账")
    customer.reads("请从贵企业的银行账户转账")
    customer.looks()
    payment = Payment.objects.get(method="transfer")
    account = phone.locator("main .card .pairs dd").first.inner_text().split()[0]
    number = payment.payable.number
    reasons.transfer(trading.buyer.name, account, Money(1_184_500_00), number)
    phone.reload()
    customer.reads("这笔转账已到账")
    assert trading.order(order.number).status == "awaiting_shipment"
    reasons.ship(trading, order)
    customer.receives(order)
    settled(trading, order)
    assert reasons.seller_has(trading) == Money(1_234_500_00)
    assert Order.objects.count() == 1
