"""What is promised and owed of an order: promised, received, paid, refunded, repaid.

The caller holds the order and its payable; the buyer's account is locked here, before the ledger's
accounts.
"""

from __future__ import annotations

from pifa.finance.financiers import mandates as banks
from pifa.finance.methods.protocol import Attempt
from pifa.finance.methods.trust import standing
from pifa.finance.methods.trust.book import terms
from pifa.finance.methods.trust.commands import debiting
from pifa.finance.methods.trust.errors import TrustNotOffered, TrustNotSigned
from pifa.finance.methods.trust.events import TrustReceived
from pifa.finance.methods.trust.models import COLUMNS, TrustAccount, TrustCall, TrustItem
from pifa.finance.methods.trust.rules import Position
from pifa.finance.models import Payable
from pifa.kernel import clock
from pifa.kernel.events import emit
from pifa.kernel.money import ZERO, Money
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import Leg, TransferKind


def reserve(attempt: Attempt) -> None:
    """Take an attempt's amount from the mandate. `TrustNotOffered`, `TrustNotSigned`, `TrustOwing`,
    `TrustOverOrder`, `TrustOverLimit` with the figures."""
    due = attempt.due
    if due.payer_id is None or due.payer_id == due.payee_id or terms() is None:
        raise TrustNotOffered
    account = standing.account_of(due.payer_id)
    mandate = standing.mandate_of(due.payer_id)
    if mandate is None:
        raise TrustNotSigned
    row = TrustItem.objects.filter(payable__number=due.payable_number).first()
    now = standing.standing_of(mandate, account)
    refused = standing.refusal(now, due.amount, row.position.used if row else ZERO)
    if refused is not None:
        raise refused
    row = row or TrustItem(
        payable=Payable.objects.get(number=due.payable_number),
        account=account,
        seller_id=due.payee_id,
        promised_at=clock.now(),
    )
    row.mandate = mandate
    row.put(row.position.promise(due.amount))
    row.save()
    _count(account, due.amount.fen, 0, now.in_all)
    if row.received_at is not None:
        debiting.expect(row)


def note_received(subject: str) -> None:
    """What was promised for a subject was received: it is debited now.

    Once; nothing for a subject that was not promised this way.
    """
    found = TrustItem.objects.filter(payable__subject=subject, received_at=None)
    buyer_id = found.values_list("account__buyer", flat=True).first()
    if buyer_id is None:
        return
    standing.account_of(buyer_id)
    row = found.select_related("payable").get()
    row.received_at = clock.now()
    row.save(update_fields=["received_at"])
    if row.claim_fen:
        debiting.expect(row)
        emit(
            TrustReceived(
                subject=subject,
                buyer_id=buyer_id,
                seller_id=row.seller_id,
                amount_fen=row.claim_fen,
            )
        )


def promise_ended(subject: str, amount: Money, *, kept: bool) -> None:
    """So much of a claim was paid, by whom the bank was asked, or is waived with a refund."""
    row = locked(subject)
    before = row.position
    if not kept:
        after = before.waive(amount)
    elif debiting.asked(row).kind == TrustCall.Kind.COVER:
        row.covered_on = row.covered_on or clock.today()
        after = before.cover(amount)
    else:
        after = before.debit(amount)
    put(row, before, after)


def refunded(attempt: Attempt, amount: Money, key: str) -> None:
    """A refund took money back from the seller: the bank has it. The buyer owes so much less; what
    it had paid is put on its account at the bank."""
    due = attempt.due
    row = locked(due.subject)
    before = row.position
    after = before.give_back(amount)
    put(row, before, after)
    bank = banks.get(row.mandate.bank)
    bank.take(amount, key, attempt.payment_number)
    forgiven = after.forgiven - before.forgiven
    if forgiven:
        legs = postings.financier_repaid(due.subject, row.account.buyer_id, forgiven)
        ledger.transfer(f"financier-forgiven:{key}", TransferKind.FINANCIER_RETURN, legs)
    if amount > forgiven:
        reference = attempt.payment_number
        bank.give_to_buyer(row.mandate.ref, amount - forgiven, f"{key}:account", reference)


def repaid(row: TrustItem, amount: Money) -> Leg:
    """The buyer paid so much of what it owes for a locked item; returns the posting that says so."""
    before = row.position
    put(row, before, before.repay(amount))
    (leg,) = postings.financier_repaid(row.payable.subject, row.account.buyer_id, amount)
    return leg


def locked(subject: str) -> TrustItem:
    """The item of a subject under its account's lock."""
    found = TrustItem.objects.select_related("account", "payable", "mandate")
    row = found.get(payable__subject=subject)
    standing.account_of(row.account.buyer_id)
    return found.get(pk=row.pk)


def put(row: TrustItem, before: Position, after: Position) -> None:
    """Write what an item stands at now, and what that makes of its account.

    With nothing left to be paid, nothing is to be tried any more; what is promised later begins anew.
    """
    row.put(after)
    if not after.claim:
        row.failed, row.try_on, row.called_at = 0, None, None
    row.save(update_fields=[*COLUMNS, "covered_on", "failed", "try_on", "called_at"])
    account = TrustAccount.objects.get(pk=row.account_id)
    _count(account, (after.used - before.used).fen, (after.debt - before.debt).fen)


def _count(account: TrustAccount, used_fen: int, debt_fen: int, limit: Money | None = None) -> None:
    account.used_fen += used_fen
    account.debt_fen += debt_fen
    account.limit_fen = account.limit_fen if limit is None else limit.fen
    account.over_fen = max(0, account.used_fen - account.limit_fen)
    account.save(update_fields=["used_fen", "debt_fen", "limit_fen", "over_fen"])
