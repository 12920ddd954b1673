"""The claim path: where a refund would be taken from the deposit, the insurer pays.

The company's accounts are the bond's lock: whoever changes a bond has locked them.
"""

from __future__ import annotations

from pifa.finance.insurance.bond import rules
from pifa.finance.insurance.bond.events import BondClaimed, RecoursePaid
from pifa.finance.insurance.bond.states import BOND
from pifa.finance.insurance.bond.terms import active
from pifa.finance.insurance.registry import insurer
from pifa.kernel import audit
from pifa.kernel.actors import SYSTEM
from pifa.kernel.events import emit
from pifa.kernel.money import ZERO, Money
from pifa.ledger import commands as ledger
from pifa.ledger import queries as books
from pifa.ledger import rules as postings
from pifa.ledger.rules import AccountKind, TransferKind


def claim(company_id: int, short: Money, refund_key: str) -> Money:
    """Let the insurer pay what a refund lacks onto the payee's balance; how much it paid.

    Called under the lock of the company's accounts, before the refund takes its balance whole.
    """
    bond = active(company_id)
    if bond is None:
        return ZERO
    amount = rules.claim(short, Money(bond.cover_fen), Money(bond.claimed_fen))
    if not amount:
        return ZERO
    BOND.check(bond.state, "claim")
    key = f"bond-claim:{refund_key}"
    legs = postings.bond_claimed(bond.subject, company_id, amount)
    ledger.transfer(key, TransferKind.BOND_CLAIM, legs)
    bond.claimed_fen += amount.fen
    bond.save(update_fields=["claimed_fen"])
    insurer().pay_claim(bond.number, amount, key)
    audit.record(SYSTEM, "bond.claim", bond.subject, amount_fen=amount.fen)
    emit(
        BondClaimed(
            company_id=company_id,
            number=bond.number,
            amount_fen=amount.fen,
            debt_fen=books.balance(company_id, AccountKind.RECOURSE).fen,
        )
    )
    return amount


def pay_recourse(company_id: int, owed: Money, balance: Money, income_key: str) -> Money:
    """Pay the insurer back from a company's balance, as far as it goes; how much.

    Called in the transaction of an income, after what is owed to the market.
    """
    amount = min(owed, balance)
    if not amount:
        return ZERO
    key = f"recourse:{income_key}"
    subject = f"company:{company_id}"
    ledger.transfer(key, TransferKind.RECOURSE, postings.recourse_paid(subject, company_id, amount))
    insurer().take_recourse(subject, amount, key)
    emit(RecoursePaid(company_id=company_id, amount_fen=amount.fen, left_fen=(owed - amount).fen))
    return amount
