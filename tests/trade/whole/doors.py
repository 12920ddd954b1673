"""What happens at doors at random, and what carriers bring: right, wrong, late, never."""

from __future__ import annotations

from django.db.models import QuerySet

from pifa.finance import commands as finance
from pifa.finance.models import (
    LAPSED_STAGE,
    CashBatch,
    CashItem,
    Payable,
    PayableStage,
    SandboxCarrierWord,
    SandboxParcel,
)
from pifa.finance.sandbox import carrier
from pifa.kernel.money import Money
from tests.trade.whole.money import MoneyVerbs
from tests.trade.whole.world import may_refuse, picked

KEPT_OR_STRANGE = ("matched", "twice", "unknown")
"""What a carrier still has a claim to explain is not sent back to it."""


class DoorVerbs(MoneyVerbs):
    """Whatever a carrier tells must be taken, whatever was before it."""

    def door(self, pick: int, action: str) -> None:
        """Something happens to a parcel that is on its way; without one, something is to be paid
        at a door."""
        parcel = picked(SandboxParcel.objects.filter(state="on_the_way"), pick)
        if parcel is None:
            self.pay(pick, "cash_on_delivery", 0, "")
            return
        with may_refuse():
            # A parcel of a single fen cannot be paid in part.
            carrier.act(parcel.number, action)

    def remit(self, trick: str) -> None:
        with may_refuse():
            carrier.remit(trick)

    def batch(self, pick: int, again: bool) -> None:
        """An operator judges a batch once more, or sends back what belongs to nothing."""
        batch = picked(CashBatch.objects.filter(left_fen__gt=0), pick)
        if batch is None:
            return
        with may_refuse():
            if again:
                finance.recheck_batch(self.operator, batch.number)
            elif not batch.lines.exclude(judgement__in=KEPT_OR_STRANGE).exists():
                left = Money(batch.left_fen)
                finance.return_batch(self.operator, batch.number, "随机", left)

    def forgive(self, pick: int) -> None:
        if item := picked(CashItem.objects.filter(state__in=["collected", "remitted"]), pick):
            with may_refuse():
                payable = item.payable
                finance.forgive_rest(self.owner[payable.payee_id], payable.subject)

    def pay_rest(self, pick: int, method: str) -> None:
        """What was not collected at a door is paid otherwise."""
        if payable := picked(Payable.objects.filter(stages__in=lapsed()).distinct(), pick):
            self.pay_for(payable, method)

    def end_of_carriers(self) -> None:
        """Every parcel is delivered and reported, all is remitted, and the rest is let go."""
        for parcel in SandboxParcel.objects.filter(state="on_the_way"):
            carrier.act(parcel.number, "collect")
        for word in SandboxCarrierWord.objects.filter(sent_at=None).order_by("pk"):
            carrier.send(word.pk)
        while carrier.nothing_left() is False:
            carrier.remit()
        for batch in CashBatch.objects.filter(left_fen__gt=0):
            finance.recheck_batch(self.operator, batch.number)
        at_doors = lapsed().filter(payments__method="cash_on_delivery", payments__state="promised")
        for payable in Payable.objects.filter(stages__in=at_doors).distinct():
            finance.forgive_rest(self.owner[payable.payee_id], payable.subject)


def lapsed() -> QuerySet[PayableStage]:
    """What was promised and not kept, and is owed still."""
    return PayableStage.objects.filter(LAPSED_STAGE, amount_fen__gt=0)
