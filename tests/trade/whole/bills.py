"""What is done with acceptance bills at random: drawn, taken or not, honoured or not, told wrongly."""

from __future__ import annotations

from datetime import timedelta

from pifa.finance import commands as finance
from pifa.finance.methods.acceptance_bill.states import BILL
from pifa.finance.models import Bill, Payable, Payment, SandboxBill, SandboxBillWord
from pifa.finance.sandbox import bill_book
from pifa.kernel import clock
from tests.trade.whole.doors import DoorVerbs
from tests.trade.whole.world import may_refuse, picked

BY_BILL = "acceptance_bill"


class BillVerbs(DoorVerbs):
    """Whatever the bank tells of a bill must be taken, whatever was before it."""

    def pay_for(self, payable: Payable, method: str, part: int = 0, action: str = "pay") -> None:
        """By bill: it is drawn, and taken at once where the payer goes through with it."""
        super().pay_for(payable, method, part, action)
        if method != BY_BILL or not action:
            return
        begun = payable.payments.filter(method=BY_BILL, state="started", bill_part=None)
        if payment := begun.order_by("-pk").first():
            self._draw(payment, 2 + payment.pk % 12)
        if action == "pay":
            bill_book.send_waiting()
            if bill := Bill.objects.filter(payable=payable, state="offered").first():
                with may_refuse():
                    finance.accept_bill(self.owner[bill.seller_id], bill.number)

    def bill(self, pick: int, act: str) -> None:
        """A seller answers a bill, or lets one go; without any, something is paid by one."""
        verb = "clear" if act == "forgive" else act
        states = BILL.transition(verb).sources
        bill = picked(Bill.objects.filter(state__in=states), pick)
        if bill is None:
            self.pay(pick, BY_BILL, 0, "late")
            return
        actor = self.owner[bill.seller_id]
        with may_refuse():
            if act == "accept":
                finance.accept_bill(actor, bill.number)
            elif act == "refuse":
                finance.refuse_bill(actor, bill.number, "随机")
            else:
                finance.forgive_bill(actor, bill.number)

    def bill_plan(self, pick: int, plan: str) -> None:
        """The bank is told what becomes of a bill on its day."""
        if row := picked(SandboxBill.objects.filter(state="drawn"), pick):
            bill_book.plan(row.number, plan)

    def bill_word(self, pick: int, trick: str) -> None:
        """The bank tells something of a bill that is not so, or is known."""
        if row := picked(SandboxBill.objects.exclude(bill_no=""), pick):
            with may_refuse():
                bill_book.tell(row.number, trick)

    def end_of_bills(self) -> None:
        """All that the bank has to say is said; what is still owed of bills is let go."""
        bill_book.send_waiting(now_only=False)
        for bill in Bill.objects.filter(state="dishonoured"):
            finance.forgive_bill(self.owner[bill.seller_id], bill.number)

    def _draw(self, payment: Payment, days: int) -> None:
        actor = self.owner[payment.payable.payer_id]
        acceptor = list(bill_book.ACCEPTORS)[payment.pk % 3]
        with may_refuse():
            day = clock.today() + timedelta(days=days)
            finance.draw_bill(actor, payment.number, acceptor, day)


def told_bills() -> set[int]:
    """The words of bills that were told."""
    told = SandboxBillWord.objects.exclude(sent_at=None)
    return set(told.values_list("pk", flat=True))
