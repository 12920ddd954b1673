"""What is told of return-freight insurance: a subject's policy, a company's policies, the market's
sums, and whether a seller gives it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from pifa.finance import policies
from pifa.finance.insurance.freight import rules
from pifa.finance.insurance.freight.models import FreightPolicy
from pifa.finance.insurance.freight.rules import History, Quote
from pifa.finance.insurance.freight.terms import gives, terms_on
from pifa.finance.insurance.registry import insurer
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.kernel.regions import REGIONS
from pifa.ledger import queries as ledger
from pifa.ledger.queries import Entry
from pifa.ledger.rules import AccountKind

SIDES = ("buyer", "seller")


@dataclass(frozen=True, slots=True)
class FreightPolicyView:
    """A policy; `quote` is the premium with what it was made of, by the rules of its day.

    `covers` is the order's number, `paid` what a return (`refund`) was paid.
    """

    number: str
    covers: str
    buyer: str
    seller: str
    payer: str
    by_buyer: bool
    insured: Money
    premium: Money
    paid: Money
    refund: str
    state: str
    state_label: str
    region: str
    quote: Quote
    written_at: datetime
    ended_at: datetime | None
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class FreightGiftView:
    """Whether a seller gives the insurance, its balance, and two premiums as examples.

    `usual` is for a buyer of whom nothing is known, `dear` from the mainland province whose
    return freight is the dearest; both by the seller's own past.
    """

    on: bool
    balance: Money
    insurer: str
    least: Money
    usual: Quote
    dear: Quote
    dear_region: str


@dataclass(frozen=True, slots=True)
class FreightSums:
    """Premiums against payouts: of all policies of the market, or of those a company paid for.

    `premiums` are less those given back.
    """

    policies: int
    active: int
    premiums: Money
    returned: Money
    payouts: Money
    claims: int

    @property
    def loss_rate(self) -> Decimal | None:
        """What was paid out of the premiums, as a share of one; None without premiums."""
        return Decimal(self.payouts.fen) / self.premiums.fen if self.premiums else None


def policy_of(subject: str, side: str) -> FreightPolicyView | None:
    """The policy of a subject for who may read the subject, with the postings that were the
    reader's money (`side`: buyer, seller; of others all); one statement, two where there is one."""
    row = _named(FreightPolicy.objects.filter(covers=subject)).first()
    if row is None:
        return None
    own = {"buyer": row.buyer_id, "seller": row.seller_id}.get(side)
    entries = ledger.entries(row.subject)
    shown = (one for one in entries if own in (None, one.debit_owner_id, one.credit_owner_id))
    return replace(_view(row), entries=tuple(shown))


def freight_gift(actor: Actor, past: History) -> FreightGiftView:
    """How a seller stands to giving the insurance; `past` is its own. Owner or finance role."""
    company_id = policies.handles_money(actor)
    terms = terms_on(clock.today())
    dear = max(
        terms.return_freight_by_region,
        key=lambda code: (code in _MAINLAND, terms.return_freight_by_region[code]),
        default="",
    )
    unknown = History(0, 0)
    return FreightGiftView(
        on=gives(company_id),
        balance=ledger.balance(company_id, AccountKind.BALANCE),
        insurer=str(insurer().name),
        least=terms.least_premium,
        usual=rules.quote(terms, "", unknown, past),
        dear=rules.quote(terms, dear, unknown, past),
        dear_region=REGIONS.get(dear, dear),
    )


_MAINLAND = frozenset(code for code in REGIONS if code < "71")


def freight_policies(
    actor: Actor, side: str, cursor: str | None = None, size: int | None = None
) -> Page[FreightPolicyView]:
    """A company's policies as the buyer or the seller of the orders, the newest first; owner or
    finance role."""
    if side not in SIDES:
        raise ValueError(side)
    return _page(
        FreightPolicy.objects.filter(**{side: policies.handles_money(actor)}), cursor, size
    )


def freight_policies_of_market(
    actor: Actor, cursor: str | None = None, size: int | None = None
) -> Page[FreightPolicyView]:
    """Every policy, the newest first; operators only."""
    policies.works_for_the_market(actor)
    return _page(FreightPolicy.objects.all(), cursor, size)


def freight_sums_of(actor: Actor) -> FreightSums:
    """What a company paid for, and what its buyers (or itself) were paid; owner or finance role."""
    return _sums(FreightPolicy.objects.filter(payer=policies.handles_money(actor)))


def freight_sums(actor: Actor) -> FreightSums:
    """Premiums against payouts of the whole market; operators only."""
    policies.works_for_the_market(actor)
    return _sums(FreightPolicy.objects.all())


def _sums(rows: QuerySet[FreightPolicy]) -> FreightSums:
    state = FreightPolicy.State
    sums = rows.aggregate(
        policies=Count("pk"),
        active=Count("pk", filter=Q(state=state.ACTIVE)),
        claims=Count("pk", filter=Q(state=state.CLAIMED)),
        premiums=Sum("premium_fen", filter=~Q(state=state.RETURNED)),
        returned=Sum("premium_fen", filter=Q(state=state.RETURNED)),
        payouts=Sum("paid_fen"),
    )
    return FreightSums(
        policies=sums["policies"],
        active=sums["active"],
        claims=sums["claims"],
        premiums=Money(int(sums["premiums"] or 0)),
        returned=Money(int(sums["returned"] or 0)),
        payouts=Money(int(sums["payouts"] or 0)),
    )


def _page(
    rows: QuerySet[FreightPolicy], cursor: str | None, size: int | None
) -> Page[FreightPolicyView]:
    many = page_size(size)
    if cursor:
        (last,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last)
    found = list(_named(rows).order_by("-pk")[: many + 1])
    page = cut(found, many, lambda row: (row.pk,))
    return Page([_view(row) for row in page.items], page.next_cursor)


def _named(rows: QuerySet[FreightPolicy]) -> QuerySet[FreightPolicy]:
    return rows.select_related("buyer", "seller", "payer")


def _view(row: FreightPolicy) -> FreightPolicyView:
    return FreightPolicyView(
        number=row.number,
        covers=row.covers.partition(":")[2],
        buyer=row.buyer.name,
        seller=row.seller.name,
        payer=row.payer.name,
        by_buyer=row.payer_id == row.buyer_id,
        insured=Money(row.insured_fen),
        premium=Money(row.premium_fen),
        paid=Money(row.paid_fen),
        refund=row.refund,
        state=row.state,
        state_label=str(row.get_state_display()),
        region=REGIONS.get(row.region, row.region),
        quote=_quote(row),
        written_at=row.written_at,
        ended_at=row.ended_at,
    )


def _quote(row: FreightPolicy) -> Quote:
    """The quote that the policy was written by: the rules of its day on what was known then."""
    return rules.quote(
        terms_on(clock.market_day(row.quoted_at)),
        row.region,
        History(row.buyer_orders, row.buyer_returns),
        History(row.seller_orders, row.seller_returns),
    )
