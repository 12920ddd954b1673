"""What must hold after every step, whatever the steps were. A handful of statements for each
proof: they run after every step of every example."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Model, Sum

from pifa.catalog.models import Sku
from pifa.finance import queries as books
from pifa.finance.methods.trade_credit.models import CreditAllocation, CreditStatement, Repayment
from pifa.finance.models import (
    OPEN_STAGE,
    BankLine,
    BankMatch,
    Bill,
    BillPart,
    BondPolicy,
    CashBatch,
    CashFinding,
    CashItem,
    CashLine,
    Collection,
    CreditItem,
    CreditLine,
    FreightPolicy,
    FreightWish,
    GatewayNotice,
    InstantPayout,
    Payable,
    PayableStage,
    Payment,
    PaymentRefund,
    SandboxBillWord,
    SandboxCarrierWord,
    SandboxEntry,
    SandboxLine,
    SandboxParcel,
    SandboxTrade,
    SandboxWord,
    SecuredAccount,
    SecuredAllocation,
    SecuredPayout,
    SecuredReceivable,
    SecuredRepayment,
    TrustAccount,
    TrustCall,
    TrustItem,
    TrustMandate,
    TrustRepayment,
    Withdrawal,
    WithdrawalDay,
)
from pifa.finance.queries.reconciling import Difference
from pifa.finance.sandbox import mandates
from pifa.finance.sandbox.books import FINANCIER_NUMBER, MARKET_NUMBER, balance
from pifa.kernel.models import AuditEntry, Deadline, OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.models import Account, Hold, Posting, Transfer
from pifa.ledger.rules import AccountKind
from pifa.trade.models import Order, OrderInvitation, OrderLine, RefundCase, StagedOrder
from pifa.trade.staged.payment import standing
from tests.trade.whole.invitations import assert_invitations_agree
from tests.trade.whole.world import World

ENDED = ("closed", "completed")
_DIGESTED: tuple[type[Model], ...] = (
    Transfer, Posting, Account, Hold, Payable, PayableStage, Payment, PaymentRefund, InstantPayout,
    CreditLine, CreditItem, CreditStatement, CreditAllocation, Repayment, BankLine, BankMatch,
    Collection, BondPolicy, FreightPolicy, FreightWish, Withdrawal, WithdrawalDay, SecuredAccount, SecuredReceivable,
    SecuredPayout, SecuredRepayment,
    SecuredAllocation, Order, StagedOrder, RefundCase, Sku, SandboxEntry, SandboxTrade,
    TrustMandate, TrustAccount, TrustItem, TrustCall, TrustRepayment,
    SandboxParcel, CashItem, CashBatch, CashLine, CashFinding, Bill, BillPart, OrderInvitation,
)  # fmt: skip


def digest() -> str:
    """All that money and orders stand at, and how much was announced, in short."""
    told = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in _DIGESTED:
            cursor.execute(f"SELECT * FROM {table._meta.db_table} ORDER BY id")
            told.update(repr(cursor.fetchall()).encode())
    told.update(repr(OutboxEvent.objects.count()).encode())
    # That an operator brought a sheet in is noted each time.
    done = AuditEntry.objects.exclude(action="transfer.sheet")
    told.update(repr(done.count()).encode())
    return told.hexdigest()


@contextmanager
def nothing_changes(indeed: bool = True) -> Iterator[None]:
    """What is done here must leave all as it was."""
    before = digest() if indeed else ""
    yield
    if indeed:
        assert digest() == before


def assert_sound(world: World) -> None:
    """The books, the bank, the orders and the stock all tell the same."""
    assert ledger.check() == []
    accounts = list(Account.objects.values_list("kind", "balance_fen"))
    assert min(fen for _kind, fen in accounts) >= 0
    assert_money_adds_up(world, accounts)
    owed = {row.subject: row for row in Payable.objects.all()}
    for row in owed.values():
        assert row.refunded_fen <= row.settled_fen <= row.amount_fen
        assert row.released_fen <= row.settled_fen
    assert_carriers_owe()
    open_ = dict(CreditItem.objects.values_list("line").annotate(Sum("open_fen")).order_by())
    for line in CreditLine.objects.all():
        assert line.used_fen <= line.limit_fen + line.over_fen
        assert line.used_fen == open_.get(line.pk, 0)
    assert_financiers_stand_between()
    assert_banks_stand_by_their_word()
    assert_orders_stand_right(owed)
    assert_stock(world)
    assert_invitations_agree()
    # What happens by itself is never refused: nobody would be there to hear why.
    assert list(Deadline.objects.exclude(error="").values_list("kind", "error")) == []


def assert_carriers_owe() -> None:
    """What is promised to sellers, and what financiers paid for buyers, is owed by buyers or with
    carriers; no carrier brought more of a parcel than it took at the door."""
    books_of = {kind: ledger.balance(None, kind) for kind in (AccountKind.CARRIER,)}
    away = sum(item.with_carrier_fen for item in CashItem.objects.all())
    assert books_of[AccountKind.CARRIER].fen == away
    sums = dict(
        Account.objects.filter(kind__in=["receivable", "promised"])
        .values_list("kind")
        .annotate(Sum("balance_fen"))
        .order_by()
    )
    financed = ledger.balance(None, AccountKind.FINANCIER).fen
    assert sums.get("promised", 0) + financed == sums.get("receivable", 0) + away
    taken = dict(SandboxParcel.objects.values_list("number", "collected_fen"))
    for item in CashItem.objects.exclude(collected_fen=0):
        assert item.kept_fen <= item.collected_fen <= taken[item.number]


def assert_money_adds_up(world: World, accounts: list[tuple[str, int]]) -> None:
    """By the bank's own book: money in = money out + money that we hold + what we have not heard of.

    What we hold is read from balances that are kept, not from the postings that made them.
    """
    entries = SandboxEntry.objects.values_list("credit__number", "debit__number", "amount_fen")
    came = sum(fen for credit, _debit, fen in entries if credit == MARKET_NUMBER)
    went = sum(fen for _credit, debit, fen in entries if debit == MARKET_NUMBER)
    held = sum(fen for kind, fen in accounts if kind in ("escrow", "balance", "deposit"))
    lent = sum(fen for kind, fen in accounts if kind == "clawback")
    unclaimed = sum(BankLine.objects.values_list("left_fen", flat=True))
    unclaimed += sum(CashBatch.objects.values_list("left_fen", flat=True))
    fees = ledger.balance(None, AccountKind.FEES).fen
    assert fees >= 0
    compared = books.reconciliation(world.operator)
    for entry in compared.entries:
        assert_not_heard_of(entry)
    unheard = sum(entry.bank.fen for entry in compared.entries)
    assert came == went + held + unclaimed + fees - lent + unheard
    assert compared.difference == Money(unheard)


def assert_financiers_stand_between() -> None:
    """What buyers owe financiers is what these are out of pocket and have still to pay; by the
    financier's own book as well."""
    rows = list(SecuredReceivable.objects.all())
    owed: dict[int, int] = {}
    for row in rows:
        owed[row.account_id] = owed.get(row.account_id, 0) + row.owed_fen
    for account in SecuredAccount.objects.all():
        assert account.used_fen == owed.get(account.pk, 0)
        assert account.used_fen <= account.limit_fen + account.over_fen
    outlay = sum(row.owed_fen - row.claim_fen for row in rows)
    paid = SecuredPayout.objects.filter(state="paid")
    fees = paid.aggregate(fen=Sum("early_fee_fen"))["fen"] or 0
    asked = SandboxEntry.objects.filter(
        key__in=[
            word.payload["receipt_no"]
            for word in SandboxWord.objects.filter(sent_at=None, financier="sandbox")
            if word.payload["receipt_no"]
        ]
    )
    unheard = asked.aggregate(fen=Sum("amount_fen"))["fen"] or 0
    assert -balance(FINANCIER_NUMBER).fen == outlay - fees + unheard


def assert_banks_stand_by_their_word() -> None:
    """What buyers promised and owe under mandates is what is used of them; what they owe is what the
    bank is out of pocket, by its own book as well."""
    rows = list(TrustItem.objects.all())
    for account in TrustAccount.objects.all():
        own = [row for row in rows if row.account_id == account.pk]
        assert account.debt_fen == sum(row.debt_fen for row in own)
        assert account.used_fen == sum(row.claim_fen + row.debt_fen for row in own)
        assert account.used_fen <= account.limit_fen + account.over_fen
    unheard = TrustCall.objects.filter(kind="cover", state="asked")
    owed = sum(row.debt_fen for row in rows) + sum(call.amount_fen for call in unheard)
    assert -balance(mandates.OWN.number).fen == owed


def assert_not_heard_of(entry: Difference) -> None:
    """The bank has money that we have not: its notice or line is on its way, or was refused."""
    assert (entry.way, entry.ours) == ("in", Money(0))
    if entry.kind in ("financier_out", "mandate_debit"):
        assert SandboxWord.objects.filter(number=entry.number, sent_at=None).exists()
    elif entry.kind == "payment":
        # A notice that was not believed is kept as text, and so is not among them.
        taken = GatewayNotice.objects.filter(payload__receipt_no=entry.name)
        assert set(taken.values_list("verdict", flat=True)) <= {"wrong_amount"}
    elif entry.kind == "remittance":
        words = SandboxCarrierWord.objects.filter(payload__bank_receipt=entry.name)
        assert not words.filter(answer__in=["settled", "repeated"]).exists()
    elif entry.kind == "bill":
        told = SandboxBillWord.objects.filter(payload__receipt_no=entry.name)
        assert not told.filter(answer__in=["settled", "repeated"]).exists()
    else:
        assert entry.kind == "transfer_in"
        lines = SandboxLine.objects.filter(payload__line_no=entry.name)
        assert not lines.exclude(sent_at=None).exists()


def assert_orders_stand_right(owed: dict[str, Payable]) -> None:
    """Every order tells of its money what its payable does, and is as far as that money goes."""
    stages: dict[int, list[str]] = {}
    rows = PayableStage.objects.filter(OPEN_STAGE, payable__state="open").order_by("position")
    for payable_id, purpose in rows.values_list("payable", "purpose"):
        stages.setdefault(payable_id, []).append(purpose)
    held = dict(Hold.objects.values_list("subject", "remaining_fen"))
    plans = {row.order_id: row for row in StagedOrder.objects.all()}
    cases = set(RefundCase.objects.filter(ended_at=None).values_list("order", flat=True))
    for order in Order.objects.all():
        row = owed[order.subject]
        assert (order.total_fen, order.paid_fen, order.refunded_fen, order.waived_fen) == (
            row.amount_fen,
            row.settled_fen,
            row.refunded_fen,
            row.waived_fen,
        )
        assert (order.status == "in_refund") == (order.pk in cases)
        asks = stages.get(row.pk, [""])[0]
        assert_stands_right(order, plans.get(order.pk), asks, held.get(order.subject, 0))


def assert_stands_right(order: Order, plan: StagedOrder | None, asks: str, held_fen: int) -> None:
    """`asks` is the purpose that is to be paid next, if there is any."""
    where = standing(order)
    if where in ENDED:
        assert (asks, held_fen) == ("", 0)
    elif plan is not None:
        assert_stands_where_its_stages_say(order, plan, where, asks)
    else:
        assert bool(asks) == (where == "awaiting_payment")
    if order.shipped_at is not None:
        assert order.paid_fen + order.promised_fen + order.waived_fen == order.total_fen
    if order.received_at is not None:
        assert held_fen == 0


def assert_stands_where_its_stages_say(
    order: Order, plan: StagedOrder, where: str, asks: str
) -> None:
    assert (where == "awaiting_payment") == (plan.deposit_at is None)
    assert (where == "in_production") == (plan.deposit_at is not None and plan.finished_at is None)
    assert (where == "awaiting_balance") <= (plan.balance_at is None)
    if where in ("awaiting_shipment", "awaiting_receipt", "awaiting_review"):
        assert None not in (plan.finished_at, plan.balance_at, order.covered_at)
    if plan.deposit_at is None:
        assert asks == "deposit"
    else:
        assert asks == ("" if plan.balance_at else "balance")


def assert_stock(world: World) -> None:
    """What is reserved waits in orders; what left the stock was shipped."""
    lines: Any = OrderLine.objects.exclude(order__status="closed", order__shipped_at=None)
    lines = lines.exclude(sku=None)
    reserved, shipped = dict.fromkeys(world.stock, 0), dict.fromkeys(world.stock, 0)
    for sku_id, moment, pieces in lines.values_list("sku", "order__shipped_at", "quantity"):
        (reserved if moment is None else shipped)[sku_id] += pieces
    for sku_id, stock, kept in Sku.objects.values_list("pk", "stock", "reserved"):
        assert (stock, kept) == (world.stock[sku_id] - shipped[sku_id], reserved[sku_id])
