"""The bank's book beside ours, entry by entry; every difference has its number.

An entry is named by what both sides know: the receipt of a payment, the key of a refund or a
payout, the bank's number of a line. Both sides are added up by name and direction in the
database; only what differs comes back.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Sum

from pifa.finance import policies
from pifa.finance.gateways.models import GatewayCall
from pifa.finance.methods.registry import METHODS, ONLINE
from pifa.finance.sandbox.books import MARKET_NUMBER, market_money
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money, total
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind

# What we booked, by the names that the bank knows it by; each method tells of its own.
_PAYOUTS = """
SELECT CASE WHEN c.kind = 'gateway' THEN 'out' ELSE 'in' END AS way, t.key AS name, p.amount_fen,
    'payout' AS kind, p.subject AS ours
FROM ledger_transfer t
JOIN ledger_posting p ON p.transfer_id = t.id
JOIN ledger_account c ON c.id = p.credit_id
JOIN ledger_account d ON d.id = p.debit_id
WHERE t.kind IN ('withdrawal', 'withdrawal_return', 'bond_premium', 'bond_claim', 'recourse',
    'freight_premium', 'freight_claim', 'freight_return')
    AND 'gateway' IN (c.kind, d.kind)
"""

_DIFFERENCES = """
WITH market AS (SELECT id FROM finance_sandboxaccount WHERE number = %s),
ours AS ({ours}),
both_sides AS (
    SELECT way, name, amount_fen AS ours_fen, 0 AS bank_fen, kind, ours AS number FROM ours
    UNION ALL
    SELECT 'in', e.key, 0, e.amount_fen, e.kind, e.reference
    FROM finance_sandboxentry e JOIN market ON market.id = e.credit_id
    UNION ALL
    SELECT 'out', e.key, 0, e.amount_fen, e.kind, e.reference
    FROM finance_sandboxentry e JOIN market ON market.id = e.debit_id
)
SELECT way, name, CAST(SUM(ours_fen) AS bigint), CAST(SUM(bank_fen) AS bigint), MAX(kind),
    MAX(number)
FROM both_sides GROUP BY way, name
HAVING SUM(ours_fen) <> SUM(bank_fen) ORDER BY way, name
"""

_IN_ALL = """
WITH entries (way, name, amount_fen, kind, ours) AS ({entries})
SELECT CAST(COALESCE(SUM(CASE WHEN way = 'in' THEN amount_fen ELSE -amount_fen END), 0) AS bigint)
FROM entries
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """An entry that both books do not agree on.

    `name` is what both would know it by, `number` what it belongs to (a payment, a line, a
    trade), `way` is in or out, seen from the market. What one side does not have is zero there.
    """

    name: str
    number: str
    kind: str
    way: str
    bank: Money
    ours: Money

    @property
    def difference(self) -> Money:
        """What the bank's book has more."""
        return self.bank - self.ours


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Money with a provider whose book is not on this machine, as we booked it.

    Nothing here was compared: its statement is the provider's to give. `on_the_way` is booked as
    refunded and not yet confirmed by the provider.
    """

    method: str
    label: str
    ours: Money
    on_the_way: Money


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The bank's word against ours: balances, what is in suspense, every entry that differs.

    `ledger` is what we booked at this bank: money with other providers (`elsewhere`) is no part
    of it, and was not compared. `difference` is money at the bank that we did not book: its
    notice is on its way, was refused or is flagged.
    """

    bank: Money
    ledger: Money
    suspense: Money
    entries: list[Difference]
    elsewhere: list[Elsewhere]

    @property
    def difference(self) -> Money:
        return self.bank - self.ledger

    @property
    def agrees(self) -> bool:
        """Whether balances and entries are the same on both sides."""
        return not self.difference and not self.entries


def reconciliation(actor: Actor) -> Reconciliation:
    """The bank's own book against ours, entry by entry. Operators only."""
    policies.works_for_the_market(actor)
    booked = ledger.balance(None, AccountKind.GATEWAY)
    entries = _differences()
    elsewhere = _elsewhere()
    others = total(row.ours for row in elsewhere)
    in_all = _sum(_ours()) + others
    if in_all != booked:
        # Money moved at the bank's account that no payment, refund, payout or line tells of.
        entries.append(Difference("ledger", "GATEWAY", "ledger", "in", in_all, booked))
    return Reconciliation(
        bank=market_money(),
        ledger=booked - others,
        suspense=ledger.balance(None, AccountKind.SUSPENSE),
        entries=entries,
        elsewhere=elsewhere,
    )


def _ours() -> str:
    told = [method.bank_entries for method in METHODS.values() if method.bank_entries]
    return "\nUNION ALL\n".join([_PAYOUTS, *told])


def _differences() -> list[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES.format(ours=_ours()), [MARKET_NUMBER])
        rows = cursor.fetchall()
    return [
        Difference(name, number or "", kind, way, Money(int(bank)), Money(int(ours)))
        for way, name, ours, bank, kind, number in rows
    ]


def _elsewhere() -> list[Elsewhere]:
    """What we booked with providers on other machines; those of which we booked nothing are left
    out."""
    found = []
    waiting = GatewayCall.objects.filter(kind=GatewayCall.Kind.REFUND, done_at=None)
    for method in ONLINE.values():
        if method.is_elsewhere:
            of = waiting.filter(gateway=method.gateway_code).aggregate(fen=Sum("amount_fen"))
            row = Elsewhere(
                method=method.code,
                label=str(method.label),
                ours=_sum(method.entries),
                on_the_way=Money(int(of["fen"] or 0)),
            )
            if row.ours or row.on_the_way:
                found.append(row)
    return found


def _sum(entries: str) -> Money:
    with connection.cursor() as cursor:
        cursor.execute(_IN_ALL.format(entries=entries))
        return Money(int(cursor.fetchone()[0]))
