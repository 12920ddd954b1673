"""Seller-initiated orders as sellers and buyers make them, with money that moves at the sandbox bank."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from pifa.finance import commands as finance
from pifa.finance.methods.corporate_transfer.accounts import open_account
from pifa.finance.models import SandboxTrade
from pifa.finance.sandbox import bank, transfers
from pifa.finance.sandbox.transfers import Transfer
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money, UnitPrice
from pifa.parties.commands import AddressInput
from pifa.parties.models import Company
from pifa.trade.invitations import commands as invitations
from pifa.trade.invitations import queries as invited
from pifa.trade.invitations.commands import Confirmation, InvitationGiven
from pifa.trade.invitations.rules import GoodsGiven

GOODS = "定制紧固件"

_TO = AddressInput(
    consignee="李师傅", region="33", city="云汀市", detail="工业路 2 号", mobile="13900001234"
)


class By(StrEnum):
    """How an order is paid."""

    GATEWAY = "gateway"
    TRANSFER = "transfer"
    CREDIT = "trade_credit"
    """Later, by the terms of the buyer's line with the seller."""


def invite(seller: Actor, amount: Money, title: str = GOODS, until: date | None = None) -> str:
    """An invitation over one lot of goods, open until the end of a day (three days); its number."""
    given = InvitationGiven(
        lines=[GoodsGiven(1, UnitPrice.yuan(str(amount.decimal)), title=title, unit="批")],
        valid_until=until or clock.today() + timedelta(days=3),
    )
    return invitations.invite(seller, given)


def confirm(seller: Actor, to: Actor, number: str, way: str = "") -> str:
    """A buyer confirms an invitation; the order's number."""
    view = invited.invitation(seller, number)
    said = Confirmation(revision=view.said.revision, to=_TO, way=way)
    return invitations.confirm_invitation(to, view.token, said).order


def pay(seller: Actor, to: Actor, number: str, order: str, amount: Money, by: By) -> None:
    """Pay the order of an invitation that was confirmed."""
    if by is By.TRANSFER:
        buyer = Company.objects.get(pk=to.company_id or 0)
        account = open_account(buyer.pk, seller.company_id or 0).number
        payer = f"6222{buyer.pk:012}"
        transfers.make(Transfer(buyer.name, payer, "云汀商业银行", account, amount, order))
    elif by is By.GATEWAY:
        token = invited.invitation(seller, number).token
        _act(invitations.pay_invitation(token, amount, by.value).payment_number)


def sell(seller: Actor, to: Actor, amount: Money, by: By, title: str = GOODS) -> str:
    """An order of one lot that is invited to, confirmed and paid, or taken on credit; its number."""
    number = invite(seller, amount, title)
    order = confirm(seller, to, number, by.value if by is By.CREDIT else "")
    pay(seller, to, number, order, amount, by)
    return order


def pay_online(actor: Actor, payable_number: str) -> None:
    """Pay what a payable asks for next by the gateway."""
    _act(finance.start_payment(actor, payable_number, "gateway").payment_number)


def _act(payment_number: str) -> None:
    trade_no = SandboxTrade.objects.get(payment_number=payment_number).trade_no
    bank.act(trade_no, bank.BankAction.PAY, payer="6222000011112222")
