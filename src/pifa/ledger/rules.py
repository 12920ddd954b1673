"""The chart of accounts and the postings of every movement of money, without a database.

A movement is a tuple of legs; a leg takes an amount from one purse (debit) to another
(credit). `docs/money.md` shows the same as tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pifa.kernel.money import ZERO, Money


class AccountKind(StrEnum):
    """The chart of accounts.

    Sides: GATEWAY is the market's asset (money at gateways and banks), CLAWBACK too (what a
    company owes it), FEES its income, GOODWILL and PROTECTION its expenses; the rest are
    liabilities: money the market keeps for others. RECEIVABLE and PROMISED are a pair beside
    them: what a buyer has promised to pay, and to whom; no money of the market is in them. CARRIER
    stands beside RECEIVABLE: what was promised and a carrier has collected at the door. FINANCIER
    stands between the two where a financier pays for the buyer: what it is out of pocket.
    RECOURSE and INSURER are another pair: what sellers owe the insurer for claims it paid.
    """

    GATEWAY = "gateway"
    ESCROW = "escrow"
    BALANCE = "balance"
    DEPOSIT = "deposit"
    CLAWBACK = "clawback"
    FEES = "fees"
    GOODWILL = "goodwill"
    PROTECTION = "protection"
    SUSPENSE = "suspense"
    RECEIVABLE = "receivable"
    PROMISED = "promised"
    RECOURSE = "recourse"
    INSURER = "insurer"
    CARRIER = "carrier"
    FINANCIER = "financier"


DEBIT_NORMAL = frozenset(
    {
        AccountKind.GATEWAY,
        AccountKind.CLAWBACK,
        AccountKind.GOODWILL,
        AccountKind.PROTECTION,
        AccountKind.RECEIVABLE,
        AccountKind.RECOURSE,
        AccountKind.CARRIER,
    }
)
"""Accounts whose balance grows by debits: assets, expenses, and what buyers have promised."""

COMPANY_OWN = (AccountKind.ESCROW, AccountKind.BALANCE, AccountKind.DEPOSIT)
"""What a company has with the market, in the order in which its accounts are locked."""

GUARDED = frozenset(
    {
        *COMPANY_OWN,
        AccountKind.CLAWBACK,
        AccountKind.RECEIVABLE,
        AccountKind.PROMISED,
        AccountKind.RECOURSE,
    }
)
"""Accounts that may never be negative; they keep a running balance under a constraint."""

MARKET_OWNED = frozenset(
    {
        AccountKind.GATEWAY,
        AccountKind.FEES,
        AccountKind.GOODWILL,
        AccountKind.PROTECTION,
        AccountKind.SUSPENSE,
        AccountKind.INSURER,
        AccountKind.CARRIER,
        AccountKind.FINANCIER,
    }
)
"""Accounts without an owner: the market's own."""


class TransferKind(StrEnum):
    """Why money moved; kept on every transfer, told in words by `ledger.words`."""

    PAYMENT = "payment"
    RETURN = "return"
    RELEASE = "release"
    REFUND = "refund"
    DEPOSIT = "deposit"
    DEPOSIT_RETURN = "deposit_return"
    FEE = "fee"
    INSTANT = "instant"
    FEE_RETURN = "fee_return"
    CLAWBACK = "clawback"
    COLLECTION = "collection"
    PROTECTION = "protection"
    WITHDRAWAL = "withdrawal"
    WITHDRAWAL_RETURN = "withdrawal_return"
    PROMISE = "promise"
    WAIVER = "waiver"
    ALLOCATION = "allocation"
    BANK_IN = "bank_in"
    BANK_OUT = "bank_out"
    BOND_PREMIUM = "bond_premium"
    BOND_CLAIM = "bond_claim"
    RECOURSE = "recourse"
    FREIGHT_PREMIUM = "freight_premium"
    FREIGHT_CLAIM = "freight_claim"
    FREIGHT_RETURN = "freight_return"
    AT_THE_DOOR = "at_the_door"
    CARRIER_FEE = "carrier_fee"
    BILL_REST = "bill_rest"
    FINANCIER_REPAID = "financier_repaid"
    FINANCIER_RETURN = "financier_return"


@dataclass(frozen=True, slots=True)
class Purse:
    """An account by what it is and whose; the market's own have no owner."""

    kind: AccountKind
    owner_id: int | None = None

    def __post_init__(self) -> None:
        if (self.owner_id is None) != (self.kind in MARKET_OWNED):
            raise ValueError(f"{self.kind} owned by {self.owner_id}")


@dataclass(frozen=True, slots=True)
class Leg:
    """One debit, one credit, one amount above zero, for a subject (`order:<number>`)."""

    debit: Purse
    credit: Purse
    amount: Money
    subject: str

    def __post_init__(self) -> None:
        if self.amount.fen <= 0:
            raise ValueError(f"a leg moves more than nothing, not {self.amount}")
        if self.debit == self.credit:
            raise ValueError(f"a leg has two purses, not {self.debit} twice")


Legs = tuple[Leg, ...]
GATEWAY = Purse(AccountKind.GATEWAY)
FEES = Purse(AccountKind.FEES)
PROTECTION = Purse(AccountKind.PROTECTION)
SUSPENSE = Purse(AccountKind.SUSPENSE)
INSURER = Purse(AccountKind.INSURER)
CARRIER = Purse(AccountKind.CARRIER)
FINANCIER = Purse(AccountKind.FINANCIER)


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Something the ledger check found: what should be equal and is not.

    `code` names the proof that failed, `subject` what it is about (an account as
    `account:<id>`, or a subject in words), `what` the compared figure.
    """

    code: str
    subject: str
    what: str
    expected: Money
    found: Money

    @property
    def difference(self) -> Money:
        return self.found - self.expected


def settlement(subject: str, payee_id: int, amount: Money, source: Purse = GATEWAY) -> Legs:
    """A payment arrived: it is held for the payee until receipt is confirmed."""
    return (Leg(source, Purse(AccountKind.ESCROW, payee_id), amount, subject),)


def returned(subject: str, payer_id: int, amount: Money, source: Purse = GATEWAY) -> Legs:
    """A payment nobody waits for: booked in as the payer's money and sent back at once."""
    payer = Purse(AccountKind.BALANCE, payer_id)
    return (Leg(source, payer, amount, subject), Leg(payer, source, amount, subject))


def release(subject: str, payee_id: int, amount: Money) -> Legs:
    """Held money becomes the payee's to use."""
    escrow = Purse(AccountKind.ESCROW, payee_id)
    return (Leg(escrow, Purse(AccountKind.BALANCE, payee_id), amount, subject),)


def refund(
    subject: str,
    payee_id: int,
    *,
    escrow: Money,
    balance: Money,
    deposit: Money,
    debt: Money = ZERO,
    target: Purse = GATEWAY,
) -> Legs:
    """Money goes back to the payer: what is held first, then the payee's balance and deposit;
    `debt` is what the market lays out and the payee owes it from then on."""
    parts = (
        (AccountKind.ESCROW, escrow),
        (AccountKind.BALANCE, balance),
        (AccountKind.DEPOSIT, deposit),
        (AccountKind.CLAWBACK, debt),
    )
    return tuple(
        Leg(Purse(kind, payee_id), target, amount, subject) for kind, amount in parts if amount
    )


def deposit_paid_in(subject: str, company_id: int, amount: Money) -> Legs:
    """A buyer-protection deposit that was paid online leaves escrow and is frozen."""
    escrow = Purse(AccountKind.ESCROW, company_id)
    return (Leg(escrow, Purse(AccountKind.DEPOSIT, company_id), amount, subject),)


def deposit_frozen(subject: str, company_id: int, amount: Money) -> Legs:
    """A buyer-protection deposit taken from the company's balance."""
    balance = Purse(AccountKind.BALANCE, company_id)
    return (Leg(balance, Purse(AccountKind.DEPOSIT, company_id), amount, subject),)


def deposit_returned(subject: str, company_id: int, amount: Money) -> Legs:
    """A deposit goes back to the balance of a company that left buyer protection."""
    deposit = Purse(AccountKind.DEPOSIT, company_id)
    return (Leg(deposit, Purse(AccountKind.BALANCE, company_id), amount, subject),)


def fee(subject: str, company_id: int, amount: Money) -> Legs:
    """The market's fee, taken from the company's balance."""
    return (Leg(Purse(AccountKind.BALANCE, company_id), FEES, amount, subject),)


def instant_payout(subject: str, company_id: int, amount: Money, cost: Money) -> Legs:
    """Held money becomes the payee's at once, for a fee of the market (none: no posting)."""
    paid = release(subject, company_id, amount)
    return (*paid, *fee(subject, company_id, cost)) if cost else paid


def fee_returned(subject: str, company_id: int, amount: Money) -> Legs:
    """The market gives a fee, or a part of it, back."""
    return (Leg(FEES, Purse(AccountKind.BALANCE, company_id), amount, subject),)


def debt_paid(subject: str, company_id: int, amount: Money) -> Legs:
    """What a company owes the market is paid from its balance."""
    balance = Purse(AccountKind.BALANCE, company_id)
    return (Leg(balance, Purse(AccountKind.CLAWBACK, company_id), amount, subject),)


def collected(subject: str, company_id: int, amount: Money) -> Legs:
    """Money that came by a collection code is the company's to use."""
    return release(subject, company_id, amount)


def protection_paid(subject: str, buyer_id: int, amount: Money) -> Legs:
    """The market makes good a loss of a protected first order, into the buyer's balance."""
    return (Leg(PROTECTION, Purse(AccountKind.BALANCE, buyer_id), amount, subject),)


def promised(subject: str, payer_id: int, payee_id: int, amount: Money) -> Legs:
    """A buyer promises to pay later: it owes, the seller has a claim; no money moves."""
    owed = Purse(AccountKind.RECEIVABLE, payer_id)
    return (Leg(owed, Purse(AccountKind.PROMISED, payee_id), amount, subject),)


def promise_ended(subject: str, payer_id: int, payee_id: int, amount: Money) -> Legs:
    """A promise, or a part of it, is kept (beside the payment) or waived (with nothing beside)."""
    owed = Purse(AccountKind.RECEIVABLE, payer_id)
    return (Leg(Purse(AccountKind.PROMISED, payee_id), owed, amount, subject),)


def at_the_door(subject: str, payer_id: int, amount: Money) -> Legs:
    """A carrier collected at the door what a buyer had promised: the carrier owes it from now on,
    the seller's claim stands; no money of the market moves."""
    return (Leg(CARRIER, Purse(AccountKind.RECEIVABLE, payer_id), amount, subject),)


def remitted(subject: str, payee_id: int, amount: Money) -> Legs:
    """A carrier's money, booked in suspense with its batch, is what it had collected for an order:
    held for the payee, whose claim is met."""
    claim = Purse(AccountKind.PROMISED, payee_id)
    return (*claimed(subject, payee_id, amount), Leg(claim, CARRIER, amount, subject))


def carrier_fee(subject: str, company_id: int, balance: Money, debt: Money) -> Legs:
    """A carrier kept its fee of what it collected, so that its batch is whole again: the seller
    pays it from its balance; what that lacks it owes."""
    parts = ((AccountKind.BALANCE, balance), (AccountKind.CLAWBACK, debt))
    return tuple(
        Leg(Purse(kind, company_id), SUSPENSE, amount, subject) for kind, amount in parts if amount
    )


def bill_rest(subject: str, payer_id: int, amount: Money) -> Legs:
    """A bill that was honoured brought more than is owed by then: the rest is its payer's."""
    return (Leg(GATEWAY, Purse(AccountKind.BALANCE, payer_id), amount, subject),)


def financed(
    subject: str, payee_id: int, amount: Money, *, service: Money = ZERO, early: Money = ZERO
) -> Legs:
    """A financier pays a promise for the buyer, less the fees: the market's for the service, its
    own for paying early, which goes back to it at once. The buyer's debt stays as it is."""
    escrow = Purse(AccountKind.ESCROW, payee_id)
    claim = Purse(AccountKind.PROMISED, payee_id)
    legs = (*settlement(subject, payee_id, amount), Leg(claim, FINANCIER, amount, subject))
    if service + early:
        legs += (Leg(escrow, FEES, service + early, subject),)
    return (*legs, Leg(FEES, GATEWAY, early, subject)) if early else legs


def financed_waived(
    subject: str, payer_id: int, payee_id: int, *, forgiven: Money, returned: Money
) -> Legs:
    """A claim on a financier need not be paid: the buyer owes so much less; what it had paid
    already the financier owes back (`financier_returned`)."""
    claim = Purse(AccountKind.PROMISED, payee_id)
    parts = ((Purse(AccountKind.RECEIVABLE, payer_id), forgiven), (FINANCIER, returned))
    return tuple(Leg(claim, purse, amount, subject) for purse, amount in parts if amount)


def financier_repaid(subject: str, payer_id: int, amount: Money) -> Legs:
    """So much of what a buyer owes a financier is paid, or forgiven with a refund."""
    return (Leg(FINANCIER, Purse(AccountKind.RECEIVABLE, payer_id), amount, subject),)


def financier_gets(subject: str, payer_id: int, came: Money, paid: Money) -> Legs:
    """A repayment that came leaves escrow; of it `paid` goes to the financier, the rest stays on
    the buyer's balance."""
    own = passed_on(subject, payer_id, payer_id, came)
    balance = Purse(AccountKind.BALANCE, payer_id)
    return (*own, Leg(balance, GATEWAY, paid, subject)) if paid else own


def financier_returned(subject: str, payer_id: int, amount: Money) -> Legs:
    """A financier gives a buyer back what it had repaid of an order that was refunded."""
    return (Leg(GATEWAY, Purse(AccountKind.BALANCE, payer_id), amount, subject),)


def passed_on(subject: str, payee_id: int, payer_id: int, amount: Money) -> Legs:
    """What was paid for several things together is the payer's again, to be laid out on each."""
    escrow = Purse(AccountKind.ESCROW, payee_id)
    return (Leg(escrow, Purse(AccountKind.BALANCE, payer_id), amount, subject),)


def bank_in(subject: str, amount: Money) -> Legs:
    """Money on the market's bank account, of which nobody has said yet what it is for."""
    return (Leg(GATEWAY, SUSPENSE, amount, subject),)


def claimed(subject: str, payee_id: int, amount: Money) -> Legs:
    """Money of a bank transfer is known to pay something: it is held for the payee."""
    return settlement(subject, payee_id, amount, SUSPENSE)


def bank_out(subject: str, amount: Money) -> Legs:
    """Money that belongs to nothing here goes back to the bank account it came from."""
    return (Leg(SUSPENSE, GATEWAY, amount, subject),)


def withdrawal(subject: str, company_id: int, amount: Money, cost: Money = ZERO) -> Legs:
    """A company takes money out to its bank account, for a fee beside it (none: no posting)."""
    sent = (Leg(Purse(AccountKind.BALANCE, company_id), GATEWAY, amount, subject),)
    return (*sent, *fee(subject, company_id, cost)) if cost else sent


def withdrawal_returned(subject: str, company_id: int, amount: Money, cost: Money = ZERO) -> Legs:
    """The bank sent a withdrawal back: the company has its money again, and the fee."""
    came = (Leg(GATEWAY, Purse(AccountKind.BALANCE, company_id), amount, subject),)
    return (*came, *fee_returned(subject, company_id, cost)) if cost else came


def bond_premium(subject: str, company_id: int, amount: Money) -> Legs:
    """A seller pays the insurer the premium of a bond."""
    return (Leg(Purse(AccountKind.BALANCE, company_id), GATEWAY, amount, subject),)


def bond_claimed(subject: str, company_id: int, amount: Money) -> Legs:
    """The insurer pays what a seller lacks for a refund, and the seller owes it."""
    owed = Purse(AccountKind.RECOURSE, company_id)
    return (
        Leg(GATEWAY, Purse(AccountKind.BALANCE, company_id), amount, subject),
        Leg(owed, INSURER, amount, subject),
    )


def recourse_paid(subject: str, company_id: int, amount: Money) -> Legs:
    """What a seller owes the insurer is paid from its balance."""
    owed = Purse(AccountKind.RECOURSE, company_id)
    return (
        Leg(Purse(AccountKind.BALANCE, company_id), GATEWAY, amount, subject),
        Leg(INSURER, owed, amount, subject),
    )


def freight_premium(subject: str, payer_id: int, amount: Money) -> Legs:
    """Who insures an order's return freight pays the insurer the premium."""
    return (Leg(Purse(AccountKind.BALANCE, payer_id), GATEWAY, amount, subject),)


def freight_premium_returned(subject: str, payer_id: int, amount: Money) -> Legs:
    """Nothing was shipped: the insurer gives the premium back to who paid it."""
    return (Leg(GATEWAY, Purse(AccountKind.BALANCE, payer_id), amount, subject),)


def freight_paid_out(subject: str, buyer_id: int, amount: Money) -> Legs:
    """The insurer pays a buyer the freight of goods that it sent back."""
    return (Leg(GATEWAY, Purse(AccountKind.BALANCE, buyer_id), amount, subject),)


def net(legs: Iterable[Leg]) -> dict[Purse, int]:
    """What each purse gains (credits less debits) in fen; the values always add up to zero."""
    gains: dict[Purse, int] = {}
    for leg in legs:
        gains[leg.debit] = gains.get(leg.debit, 0) - leg.amount.fen
        gains[leg.credit] = gains.get(leg.credit, 0) + leg.amount.fen
    return gains


def hold_changes(legs: Iterable[Leg]) -> dict[tuple[str, int], tuple[int, int]]:
    """(subject, escrow owner) → (fen that came into escrow, fen that left it)."""
    changes: dict[tuple[str, int], tuple[int, int]] = {}
    for leg in legs:
        for purse, came, left in ((leg.credit, leg.amount.fen, 0), (leg.debit, 0, leg.amount.fen)):
            if purse.kind is AccountKind.ESCROW and purse.owner_id is not None:
                before = changes.get((leg.subject, purse.owner_id), (0, 0))
                changes[leg.subject, purse.owner_id] = (before[0] + came, before[1] + left)
    return changes


def natural(kind: AccountKind, gain_fen: int) -> Money:
    """A gain (credits less debits) as the account's balance: assets and expenses turn the sign."""
    return Money(-gain_fen if kind in DEBIT_NORMAL else gain_fen)
