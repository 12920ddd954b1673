"""The method: a word instead of money, collected at the door and kept when it is remitted."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from pifa.finance.methods.cash_on_delivery import standing, words
from pifa.finance.methods.cash_on_delivery.commands import items
from pifa.finance.methods.cash_on_delivery.errors import CashNotOffered
from pifa.finance.methods.protocol import Attempt, Due, Outcome, Progress, Start, Terms, Words
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.ledger import rules
from pifa.ledger.rules import AccountKind, Legs, Purse

SUBJECT = "order:"
"""Only what is delivered can be paid at the door."""

_BANK_ENTRIES = """
SELECT 'in', bank_receipt, amount_fen, 'remittance', number FROM finance_cashbatch
UNION ALL
SELECT 'out', 'cash_back:' || number, returned_fen, 'remittance_back', number
FROM finance_cashbatch WHERE returned_fen > 0
"""


class CashOnDeliveryMethod:
    """Takes the word of a buyer whose seller lets it pay at the door."""

    code = standing.CODE
    label: Words = _("货到付款")
    bank_entries = _BANK_ENTRIES
    for_finance_only = False

    def purse(self, due: Due) -> Purse:
        """The payer's balance: what was paid in cash has no other way back."""
        assert due.payer_id is not None
        return Purse(AccountKind.BALANCE, due.payer_id)

    def offered(self, due: Due, payer_id: int | None) -> Words | DomainError | None:
        """Goods of a seller that offers it, to one of its regions, up to its amount."""
        if not due.subject.startswith(SUBJECT) or payer_id is None:
            return _("货到付款只用于订单。")
        offer = standing.offers([due.payee_id]).get(due.payee_id)
        return standing.refusal(offer, due)

    def terms(self, dues: Sequence[Due]) -> Sequence[Terms | None]:
        """How each seller's order may be paid at the door, or why not; none of a seller that does
        not offer it. One statement."""
        offers = standing.offers({due.payee_id for due in dues})
        found: list[Terms | None] = []
        for due in dues:
            error = standing.refusal(offers.get(due.payee_id), due)
            if isinstance(error, CashNotOffered):
                found.append(None)
            elif error is not None:
                found.append(Terms(str(error), refused=True, figures=error.figures))
            else:
                limit = offers[due.payee_id].limit
                found.append(Terms(words.offered(due.amount), figures={"limit": limit}))
        return found

    def lock(self, payer_id: int, payee_ids: Sequence[int]) -> Sequence[Purse]:
        """Nothing: there is no limit that is used up. A promise moves the buyer's RECEIVABLE and the
        sellers' PROMISED."""
        claims = [Purse(AccountKind.PROMISED, payee_id) for payee_id in payee_ids]
        return [Purse(AccountKind.RECEIVABLE, payer_id), *claims]

    def waive(self, due: Due) -> Legs:
        """The seller's claim and the buyer's debt end together."""
        assert due.payer_id is not None
        return rules.promise_ended(due.subject, due.payer_id, due.payee_id, due.amount)

    def start(self, attempt: Attempt) -> Start:
        """It will be collected with the parcel."""
        items.promise(attempt)
        return Start(promised=True)

    def progress(self, attempt: Attempt) -> Progress:
        """The carrier tells of the door and of its batches by itself."""
        return Progress(Outcome.WAITING, Money(0), "")

    def settle(self, attempt: Attempt) -> Legs:
        """SUSPENSE, where the batch was booked, to the payee's ESCROW; the carrier's debt ends."""
        due = attempt.due
        return rules.remitted(due.subject, due.payee_id, due.amount)

    def refund(self, attempt: Attempt, amount: Money, key: str, reason: str) -> None:
        """The posting has done it."""

    def close(self, attempt: Attempt) -> None:
        """Nothing is open anywhere."""
