"""What is told of bonds: what one would cost, the one that runs, its history, the market's sums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import QuerySet, Sum

from pifa.finance import policies
from pifa.finance.insurance.bond import rules
from pifa.finance.insurance.bond.models import BondPolicy
from pifa.finance.insurance.bond.terms import terms_on
from pifa.finance.insurance.registry import insurer
from pifa.finance.models import ProtectionDeposit
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind


@dataclass(frozen=True, slots=True)
class BondTermView:
    """One term: from `since` to `last_day`, both covered."""

    number: str
    company_id: int
    company: str
    cover: Money
    premium: Money
    claimed: Money
    since: date
    last_day: date
    renews: bool
    state: str
    state_label: str
    taken_at: datetime
    ended_at: datetime | None

    @property
    def left(self) -> Money:
        """What the insurer would still pay."""
        return self.cover - self.claimed


@dataclass(frozen=True, slots=True)
class BondView:
    """How a company stands to the bond: what one costs today, the one it has, what it owes.

    `joined`: it is in buyer protection, which a bond needs.
    """

    joined: bool
    required: Money
    deposit: Money
    cover: Money
    premium: Money
    premium_rate: Decimal
    term_days: int
    insurer: str
    owed: Money
    current: BondTermView | None
    history: list[BondTermView]


@dataclass(frozen=True, slots=True)
class BondSums:
    """The market's bonds in sum: premiums and claims of all terms, what sellers still owe."""

    active: int
    premiums: Money
    claims: Money
    owed: Money


def bond(actor: Actor) -> BondView:
    """How the company stands to the bond; owner or finance role."""
    company_id = policies.handles_money(actor)
    required = Money(settings.MARKET["protection_deposit_fen"])
    terms = terms_on(clock.today())
    cover = rules.cover(terms, required)
    history = _views(BondPolicy.objects.filter(company=company_id))
    protection = ProtectionDeposit.objects.filter(
        company=company_id, joined_at__isnull=False, left_at=None
    )
    return BondView(
        joined=protection.exists(),
        required=required,
        deposit=ledger.balance(company_id, AccountKind.DEPOSIT),
        cover=cover,
        premium=rules.premium(terms, cover),
        premium_rate=terms.premium_rate,
        term_days=terms.term_days,
        insurer=str(insurer().name),
        owed=ledger.balance(company_id, AccountKind.RECOURSE),
        current=next((one for one in history if one.state == BondPolicy.State.ACTIVE), None),
        history=history,
    )


def bonds_of_market(
    actor: Actor, cursor: str | None = None, size: int | None = None
) -> Page[BondTermView]:
    """Every term of every bond, the newest first; operators only."""
    policies.works_for_the_market(actor)
    many = page_size(size)
    rows = BondPolicy.objects.all()
    if cursor:
        (last,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last)
    page = cut(list(rows.order_by("-pk")[: many + 1]), many, lambda row: (row.pk,))
    shown = BondPolicy.objects.filter(pk__in=[row.pk for row in page.items])
    return Page(_views(shown), page.next_cursor)


def bond_sums(actor: Actor) -> BondSums:
    """Premiums against claims; operators only."""
    policies.works_for_the_market(actor)
    sums = BondPolicy.objects.aggregate(premiums=Sum("premium_fen"), claims=Sum("claimed_fen"))
    return BondSums(
        active=BondPolicy.objects.filter(state=BondPolicy.State.ACTIVE).count(),
        premiums=Money(int(sums["premiums"] or 0)),
        claims=Money(int(sums["claims"] or 0)),
        owed=ledger.balance(None, AccountKind.INSURER),
    )


def _views(rows: QuerySet[BondPolicy]) -> list[BondTermView]:
    return [
        BondTermView(
            number=row.number,
            company_id=row.company_id,
            company=row.company.name,
            cover=Money(row.cover_fen),
            premium=Money(row.premium_fen),
            claimed=Money(row.claimed_fen),
            since=row.since,
            last_day=date.fromordinal(row.until.toordinal() - 1),
            renews=row.renews,
            state=row.state,
            state_label=str(row.get_state_display()),
            taken_at=row.taken_at,
            ended_at=row.ended_at,
        )
        for row in rows.select_related("company").order_by("-pk")
    ]
