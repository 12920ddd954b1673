"""A buyer's mandate and what is left of it, its orders under it, its repayments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pifa.finance.methods.trade_credit.queries.lines import READERS
from pifa.finance.methods.trust import standing
from pifa.finance.methods.trust.book import terms
from pifa.finance.methods.trust.commands.repaying import SUBJECT
from pifa.finance.methods.trust.models import TrustAccount, TrustItem, TrustRepayment
from pifa.finance.methods.trust.queries.views import TrustView, in_tab, page_of
from pifa.finance.methods.trust.rules import Standing
from pifa.finance.partner_bank.models import PartnerAccount
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.ids import number_of
from pifa.kernel.money import ZERO, Money
from pifa.kernel.paging import Page
from pifa.parties import policies as parties


@dataclass(frozen=True, slots=True)
class TrustMandateView:
    """A mandate that runs: the account by its last digits, the limits that were signed."""

    number: str
    tail: str
    per_order: Money
    in_all: Money
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class TrustLimits:
    """What a buyer may promise and why: the lower of what it signed and what the rulebook lets.

    `most_per_order`, `most_in_all` are the rulebook's; none of it is there (zero) in a market
    without trust payment (`offered`). `retries` business days follow a debit that failed.
    `has_account`: it has the account at the partner bank that a mandate needs.
    """

    offered: bool
    mandate: TrustMandateView | None
    has_account: bool
    most_per_order: Money
    most_in_all: Money
    retries: int
    per_order: Money
    in_all: Money
    used: Money
    free: Money
    debt: Money


@dataclass(frozen=True, slots=True)
class TrustRepaymentView:
    """A repayment of an order: what was begun, what of it came, what stayed on the balance."""

    number: str
    payable_number: str
    order: str
    amount: Money
    settled: Money
    left: Money
    state: str
    state_label: str
    at: datetime


def trust_limits(actor: Actor) -> TrustLimits:
    """The mandate of the actor's company and what is left of it."""
    buyer_id = parties.require(actor, *READERS)
    most, mandate = terms(), standing.mandate_of(buyer_id)
    account = TrustAccount.objects.filter(buyer=buyer_id).first()
    used = Money(account.used_fen) if account else ZERO
    debt = Money(account.debt_fen) if account else ZERO
    now = standing.standing_of(mandate, account) if mandate else Standing(ZERO, ZERO, used, debt)
    return TrustLimits(
        offered=most is not None,
        mandate=TrustMandateView(
            number=mandate.number,
            tail=mandate.tail,
            per_order=Money(mandate.per_order_fen),
            in_all=Money(mandate.in_all_fen),
            signed_at=mandate.signed_at,
        )
        if mandate
        else None,
        has_account=PartnerAccount.objects.filter(company=buyer_id).exists(),
        most_per_order=most.per_order if most else ZERO,
        most_in_all=most.in_all if most else ZERO,
        retries=most.retries if most else 0,
        per_order=now.per_order,
        in_all=now.in_all,
        used=now.used,
        free=now.free,
        debt=now.debt,
    )


def trust_items(
    actor: Actor, *, tab: str = "all", cursor: str | None = None, size: int | None = None
) -> Page[TrustView]:
    """The orders of the actor's company as a buyer, latest first; `tab` is one of `TABS`."""
    rows = TrustItem.objects.filter(account__buyer=parties.require(actor, *READERS))
    return page_of(rows.filter(in_tab(tab)), cursor, size)


def trust_repayments(actor: Actor, limit: int = 50) -> list[TrustRepaymentView]:
    """The repayments of the actor's company of which something came, latest first."""
    rows = TrustRepayment.objects.filter(
        item__account__buyer=parties.require(actor, *READERS), payable__settled_fen__gt=0
    )
    loaded = rows.select_related("payable", "item__payable")
    return [_repayment(row) for row in loaded.order_by("-pk")[:limit]]


def trust_repayment(actor: Actor, number: str) -> TrustRepaymentView:
    """One repayment; `NotFound` for a stranger's."""
    rows = TrustRepayment.objects.filter(item__account__buyer=parties.require(actor, *READERS))
    loaded = rows.select_related("payable", "item__payable")
    row = loaded.filter(number=number.removeprefix(SUBJECT)).first()
    if row is None:
        raise NotFound
    return _repayment(row)


def _repayment(row: TrustRepayment) -> TrustRepaymentView:
    return TrustRepaymentView(
        number=row.number,
        payable_number=row.payable.number,
        order=number_of(row.item.payable.subject),
        amount=Money(row.payable.amount_fen),
        settled=Money(row.payable.settled_fen),
        left=Money(row.left_fen),
        state=row.payable.state,
        state_label=str(row.payable.get_state_display()),
        at=row.at,
    )
