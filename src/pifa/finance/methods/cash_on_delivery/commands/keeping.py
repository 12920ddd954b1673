"""What a carrier remitted for an item is paid to its seller, and the carrier's fee charged.

The caller holds the order, its payable, the item and the seller's accounts.
"""

from __future__ import annotations

from pifa.finance.commands.arriving import keep_promise
from pifa.finance.methods.cash_on_delivery import standing
from pifa.finance.methods.cash_on_delivery.commands.findings import put_right
from pifa.finance.methods.cash_on_delivery.events import CashRemitted
from pifa.finance.methods.cash_on_delivery.models import CashBatch, CashItem
from pifa.finance.methods.cash_on_delivery.rules import Judged
from pifa.finance.methods.cash_on_delivery.states import after
from pifa.finance.models import Payment
from pifa.kernel.events import emit
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import queries as books
from pifa.ledger import rules as postings
from pifa.ledger.rules import AccountKind, TransferKind


def keep(batch: CashBatch, item: CashItem, judged: Judged, key: str) -> None:
    """Pay so much of what the carrier had of an item; its fee comes from the seller's balance,
    and what that lacks the seller owes. `key` names the line, once."""
    payable = item.payable
    assert payable.payer_id is not None
    _pay(item, judged.kept, key)
    if judged.fee:
        _charge(item, judged.fee, key)
    item.kept_fen += judged.kept.fen
    item.fee_fen += judged.fee.fen
    whole = item.kept_fen == item.collected_fen
    item.state = after(item.state, "remit" if whole else "remit_part")
    item.save(update_fields=["kept_fen", "fee_fen", "state"])
    if whole:
        put_right(item)
    emit(
        CashRemitted(
            subject=payable.subject,
            number=item.number,
            seller_id=payable.payee_id,
            buyer_id=payable.payer_id,
            carrier=item.carrier_name,
            batch=batch.number,
            amount_fen=judged.kept.fen,
            fee_fen=judged.fee.fen,
            left_fen=item.with_carrier_fen,
        )
    )


def _pay(item: CashItem, amount: Money, key: str) -> None:
    """With parts the carrier collected several payments, one after another."""
    rows = Payment.objects.filter(
        payable=item.payable_id, method=standing.CODE, state=Payment.State.COLLECTED
    )
    for payment in rows.order_by("stage__position"):
        part = min(amount, Money(payment.amount_fen))
        if not part:
            return
        keep_promise(payment.number, part, f"{key}/{payment.pk}")
        amount = amount - part


def _charge(item: CashItem, fee: Money, key: str) -> None:
    seller_id = item.payable.payee_id
    from_balance = min(fee, books.balance(seller_id, AccountKind.BALANCE))
    legs = postings.carrier_fee(item.subject, seller_id, from_balance, fee - from_balance)
    ledger.transfer(f"cash_fee:{key}", TransferKind.CARRIER_FEE, legs)
