"""What is claimed and owed of an order: promised, received, refunded.

The caller holds the order and its payable; the buyer's account is locked here, before the ledger's
accounts.
"""

from __future__ import annotations

from pifa.finance.commands.debts import pay_debt
from pifa.finance.financiers import registry as financiers
from pifa.finance.methods.protocol import Attempt
from pifa.finance.methods.secured import rules, standing
from pifa.finance.methods.secured.book import rates
from pifa.finance.methods.secured.commands import collecting, lateness
from pifa.finance.methods.secured.errors import SecuredNotJoined
from pifa.finance.methods.secured.events import SecuredReceived
from pifa.finance.methods.secured.models import (
    COLUMNS,
    SecuredAccount,
    SecuredReceivable,
)
from pifa.finance.methods.secured.rules import Position
from pifa.finance.models import Payable
from pifa.kernel import clock
from pifa.kernel.events import emit
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import Leg, TransferKind


def reserve(attempt: Attempt) -> None:
    """Take an attempt's amount from the buyer's limit. `SecuredNotJoined`, `SecuredNotHeld`,
    `SecuredOverdue`, `SecuredOverLimit` with the figures."""
    due = attempt.due
    terms = rates()
    if (
        due.payer_id is None
        or terms is None
        or due.payee_id not in standing.members([due.payee_id])
    ):
        raise SecuredNotJoined
    account = standing.account_of(due.payer_id)
    limit = standing.limit_of(due.payer_id)
    refused = standing.refusal(account, limit, due.amount)
    if refused is not None:
        raise refused
    row = SecuredReceivable.objects.filter(payable__number=due.payable_number).first()
    row = row or SecuredReceivable(
        payable=Payable.objects.get(number=due.payable_number),
        account=account,
        seller_id=due.payee_id,
        financier=financiers.DEFAULT,
        service_rate=terms.service_rate,
        term_days=terms.term_days,
        promised_at=clock.now(),
    )
    row.put(row.position.promise(due.amount))
    row.save()
    _owe(account, due.amount.fen, limit)
    if row.due_on is not None:
        collecting.expect(row)
        lateness.watch(account, row.due_on)


def note_received(subject: str) -> None:
    """What was promised for a subject was received: from today's market day on its days count.

    Once; nothing for a subject that was not promised this way.
    """
    found = SecuredReceivable.objects.filter(payable__subject=subject, received_at=None)
    buyer_id = found.values_list("account__buyer", flat=True).first()
    if buyer_id is None:
        return
    account = standing.account_of(buyer_id)
    row = found.get()
    moment = clock.now()
    row.received_at = moment
    row.due_on = rules.due_day(clock.market_day(moment), row.term_days)
    row.save(update_fields=["received_at", "due_on"])
    if row.claim_fen:
        collecting.expect(row)
    if row.owed_fen or row.repaid_fen:
        lateness.watch(account, row.due_on)
    if row.claim_fen or row.owed_fen:
        emit(
            SecuredReceived(
                subject=subject,
                seller_id=row.seller_id,
                buyer_id=buyer_id,
                claim_fen=row.claim_fen,
                owed_fen=row.owed_fen,
                due_on=row.due_on.isoformat(),
            )
        )


def promise_ended(subject: str, amount: Money, *, kept: bool) -> None:
    """So much of a seller's claim was paid by the financier, or is waived with a refund."""
    row = _locked(subject)
    before = row.position
    after = before.pay_out(amount) if kept else before.waive(amount)
    _put(row, before, after)
    returned = after.returned - before.returned
    if returned:
        # As a refund does, before anything of either is moved.
        ledger.lock_company(row.seller_id, row.account.buyer_id)
        # Each waiver has raised the sum, so that the key is its own.
        _give_back(row, subject, returned, f"financier-waived:{subject}/{after.waived.fen}")


def lock_for_refund(subject: str) -> None:
    """Money of a subject is about to go back: lock the buyer's account before the ledger's."""
    _locked(subject)


def refunded(attempt: Attempt, amount: Money, key: str) -> None:
    """A refund took money back from the seller: the financier has it, and the buyer owes less.

    What the buyer had repaid of it comes back to its balance.
    """
    due = attempt.due
    row = _locked(due.subject)
    before = row.position
    after = before.claw_back(amount)
    _put(row, before, after)
    financiers.get(row.financier).take(amount, key, attempt.payment_number)
    forgiven = after.forgiven - before.forgiven
    if forgiven:
        legs = postings.financier_repaid(due.subject, row.account.buyer_id, forgiven)
        ledger.transfer(f"financier-forgiven:{key}", TransferKind.FINANCIER_RETURN, legs)
    if amount > forgiven:
        _give_back(row, due.subject, amount - forgiven, f"financier-return:{key}")


def repaid(row: SecuredReceivable, amount: Money) -> Leg:
    """The buyer paid so much of a locked receivable; returns the posting that says so."""
    before = row.position
    _put(row, before, before.repay(amount))
    (leg,) = postings.financier_repaid(row.payable.subject, row.account.buyer_id, amount)
    return leg


def _locked(subject: str) -> SecuredReceivable:
    found = SecuredReceivable.objects.select_related("account", "payable")
    row = found.get(payable__subject=subject)
    standing.account_of(row.account.buyer_id)
    return found.get(pk=row.pk)


def _put(row: SecuredReceivable, before: Position, after: Position) -> None:
    row.put(after)
    row.save(update_fields=COLUMNS)
    if after.owed != before.owed:
        account = SecuredAccount.objects.get(pk=row.account_id)
        _owe(account, (after.owed - before.owed).fen)
        lateness.open_again(account)


def _owe(account: SecuredAccount, more_fen: int, limit: Money | None = None) -> None:
    account.used_fen += more_fen
    account.limit_fen = account.limit_fen if limit is None else limit.fen
    account.over_fen = max(0, account.used_fen - account.limit_fen)
    account.save(update_fields=["used_fen", "limit_fen", "over_fen"])


def _give_back(row: SecuredReceivable, subject: str, amount: Money, key: str) -> None:
    buyer_id = row.account.buyer_id
    legs = postings.financier_returned(subject, buyer_id, amount)
    ledger.transfer(key, TransferKind.FINANCIER_RETURN, legs)
    financiers.get(row.financier).give_back(amount, key, subject)
    pay_debt(buyer_id, key)
