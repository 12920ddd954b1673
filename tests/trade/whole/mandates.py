"""What is done under mandates at random: signed and ended, debited well and badly, repaid."""

from __future__ import annotations

from pifa.finance import commands as finance
from pifa.finance.models import SandboxMandate, TrustItem
from pifa.finance.sandbox import bank
from pifa.kernel.money import Money
from tests.trade.market import trade_of
from tests.trade.whole.doors import DoorVerbs
from tests.trade.whole.world import may_refuse, picked


class MandateVerbs(DoorVerbs):
    """Whatever the bank tells of a debit must be taken, whatever was before it."""

    def mandate(self, pick: int, in_all: Money) -> None:
        """A buyer ends its mandate, or signs another."""
        company = self.companies[pick % 3]
        with may_refuse():
            if pick % 2:
                finance.end_trust(self.owner[company.pk])
            self.sign_mandate(company.pk, min(in_all, Money(70_00)), in_all)

    def play(self, pick: int, how: str) -> None:
        """From now on the bank does this when it is asked to debit a company."""
        if row := picked(SandboxMandate.objects.all(), pick):
            SandboxMandate.objects.filter(account=row.account_id).update(play=how)

    def repay_trust(self, pick: int, amount: Money | None, method: str) -> None:
        """A buyer repays the bank for an order, all or a part."""
        row = picked(TrustItem.objects.filter(debt_fen__gt=0).select_related("account"), pick)
        if row is None:
            self.pay(pick, "trust_payment", 0, "")
            return
        actor, number, started = self.owner[row.account.buyer_id], "", None
        with may_refuse():
            number = finance.repay_trust(actor, row.payable.subject, amount)
        if number and method:
            with may_refuse():
                token = self.signed(actor, method)
                started = finance.start_payment(actor, number, method, authorisation=token)
        if started is not None and method == "gateway":
            bank.act(trade_of(started.payment_number), "pay")

    def end_of_mandates(self) -> None:
        """The bank does as it is asked from now on."""
        SandboxMandate.objects.update(play="funds")

    def repay_banks(self) -> None:
        """Every buyer pays what it owes a bank."""
        for row in TrustItem.objects.filter(debt_fen__gt=0).select_related("account", "payable"):
            actor = self.owner[row.account.buyer_id]
            number = finance.repay_trust(actor, row.payable.subject)
            finance.start_payment(actor, number, "balance")
