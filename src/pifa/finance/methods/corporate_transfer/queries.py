"""What is told of transfers: where to pay, what came, what waits for operators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet, Sum

from pifa.finance import policies
from pifa.finance.banks import registry as banks
from pifa.finance.methods.corporate_transfer import dues, words
from pifa.finance.methods.corporate_transfer.method import CODE
from pifa.finance.methods.corporate_transfer.models import BankLine, BankMatch, VirtualAccount
from pifa.finance.methods.corporate_transfer.suggestions import ProposalView, proposals_for
from pifa.finance.models import Payable, Payment
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.ids import number_of
from pifa.kernel.money import ZERO, Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties import queries as parties

MOST_ACCOUNTS = 200
MOST_EXPLAINED = 500
"""So many lines in suspense are looked through for what explains them now."""


@dataclass(frozen=True, slots=True)
class OtherDue:
    """Something else that the payer may pay the same seller with the same transfer."""

    payable_number: str
    subject: str
    title: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Instructions:
    """Where a payer transfers what, for an attempt that waits.

    `remark` is what lets the money find its payable when several are open (`others`);
    `waiting` came to this account before and is in suspense.
    """

    payment_number: str
    payable_number: str
    subject: str
    bank: str
    account_no: str
    account_name: str
    payer_name: str
    amount: Money
    remark: str
    paid: bool
    waiting: Money
    others: list[OtherDue]


@dataclass(frozen=True, slots=True)
class MatchView:
    """What of a line paid what."""

    payment_number: str
    subject: str
    title: str
    amount: Money
    at: datetime
    by_operator: bool

    @property
    def number(self) -> str:
        """The number that people know it by: the order's, or the repayment's."""
        return number_of(self.subject)


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as its buyer and operators see it; `why` says why some of it waits."""

    number: str
    line_no: str
    account_no: str
    buyer: str
    seller: str
    payer_name: str
    payer_account: str
    payer_bank: str
    amount: Money
    left: Money
    returned: Money
    value_day: date
    remark: str
    source: str
    arrived_at: datetime
    state: str
    state_label: str
    why: str
    note: str
    matches: list[MatchView]


@dataclass(frozen=True, slots=True)
class ReceivedView:
    """Money of a transfer as the seller sees it: what it paid of which order."""

    payment_number: str
    subject: str
    title: str
    buyer: str
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class AccountView:
    """A buyer's own account at the bank for what it pays one seller; `waiting` of what came to
    it is in suspense."""

    seller: str
    bank: str
    account_no: str
    account_name: str
    waiting: Money


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A line in suspense with what it is likeliest meant for as things stand now."""

    line: LineView
    best: ProposalView | None


def instructions(actor: Actor, payment_number: str) -> Instructions:
    """Where to transfer for an attempt of the actor's company; `NotFound` for anybody else."""
    payment = (
        Payment.objects.select_related("payable").filter(number=payment_number, method=CODE).first()
    )
    if payment is None:
        raise NotFound
    payable = payment.payable
    policies.may_pay(actor, payable)
    account = VirtualAccount.objects.filter(buyer=payable.payer_id, seller=payable.payee_id).first()
    if account is None:
        raise NotFound
    names = parties.cards([account.buyer_id, account.seller_id])
    return Instructions(
        payment_number=payment.number,
        payable_number=payable.number,
        subject=payable.subject,
        bank=str(banks.get(banks.DEFAULT).name),
        account_no=account.number,
        account_name=names[account.seller_id].verified_name,
        payer_name=names[account.buyer_id].verified_name,
        amount=Money(payment.amount_fen),
        remark=payable.number,
        paid=payment.state == Payment.State.SUCCEEDED,
        waiting=_waiting_on([account.pk]).get(account.pk, ZERO),
        others=_others(account, payable.pk),
    )


def accounts(actor: Actor) -> list[AccountView]:
    """The accounts by which the actor's company pays its sellers, the newest `MOST_ACCOUNTS`
    first; owner or finance role."""
    rows = VirtualAccount.objects.filter(buyer=policies.handles_money(actor))
    found = list(rows.select_related("seller").order_by("-pk")[:MOST_ACCOUNTS])
    waiting = _waiting_on([row.pk for row in found])
    bank = str(banks.get(banks.DEFAULT).name)
    return [
        AccountView(
            seller=row.seller.name,
            bank=bank,
            account_no=row.number,
            account_name=row.seller.verified_name,
            waiting=waiting.get(row.pk, ZERO),
        )
        for row in found
    ]


def sent_transfers(
    actor: Actor, cursor: str | None = None, size: int | None = None
) -> Page[LineView]:
    """Lines on the actor's company's accounts, newest first; owner or finance role."""
    rows = BankLine.objects.filter(account__buyer=policies.handles_money(actor))
    return _page(rows, cursor, size)


def received_transfers(
    actor: Actor, cursor: str | None = None, size: int | None = None
) -> Page[ReceivedView]:
    """What transfers paid the actor's company, newest first; owner or finance role."""
    rows = BankMatch.objects.filter(payable__payee=policies.handles_money(actor))
    if cursor:
        (last_id,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last_id)
    limit = page_size(size)
    found = rows.select_related("payable__payer", "payment").order_by("-pk")[: limit + 1]
    page = cut(list(found), limit, lambda row: (row.pk,))
    items = [
        ReceivedView(
            payment_number=row.payment.number,
            subject=row.payable.subject,
            title=row.payable.title,
            buyer=row.payable.payer.name if row.payable.payer else "",
            amount=Money(row.amount_fen),
            at=row.at,
        )
        for row in page.items
    ]
    return Page(items, page.next_cursor)


def lines_in_suspense(
    actor: Actor, waiting: bool = True, cursor: str | None = None, size: int | None = None
) -> Page[LineView]:
    """Lines of which some waits, or all others; newest first. Operators only."""
    policies.works_for_the_market(actor)
    state = Q(state=BankLine.State.SUSPENSE)
    return _page(BankLine.objects.filter(state if waiting else ~state), cursor, size)


def bank_line(actor: Actor, number: str) -> LineView:
    """One line. Operators only."""
    policies.works_for_the_market(actor)
    return _view(_line(number))


def proposals(actor: Actor, number: str) -> list[ProposalView]:
    """What a line may be meant for, the likeliest first. Operators only."""
    policies.works_for_the_market(actor)
    line = _line(number)
    return proposals_for([line]).get(line.pk, [])


def waiting_lines(
    actor: Actor, cursor: str | None = None, size: int | None = None
) -> Page[WaitingLine]:
    """Lines of which some waits, newest first, each with its likeliest proposal. Operators only."""
    policies.works_for_the_market(actor)
    page = _rows(BankLine.objects.filter(state=BankLine.State.SUSPENSE), cursor, size)
    return Page(_with_best(page.items), page.next_cursor)


def explained_lines(actor: Actor) -> list[WaitingLine]:
    """Of the oldest `MOST_EXPLAINED` lines that wait, those that payables open now explain to
    the fen, whenever they were opened. Operators only."""
    policies.works_for_the_market(actor)
    rows = BankLine.objects.filter(state=BankLine.State.SUSPENSE).order_by("pk")
    found = _with_best(list(_with_matches(rows)[:MOST_EXPLAINED]))
    return [row for row in found if row.best is not None and row.best.exact]


def count_in_suspense() -> int:
    """How many lines wait for an operator."""
    return BankLine.objects.filter(state=BankLine.State.SUSPENSE).count()


def _waiting_on(account_ids: Iterable[int]) -> dict[int, Money]:
    """What is in suspense of what came to these accounts."""
    rows = BankLine.objects.filter(account__in=list(account_ids), state=BankLine.State.SUSPENSE)
    sums = rows.values("account").annotate(fen=Sum("left_fen")).values_list("account", "fen")
    return {account_id: Money(int(fen)) for account_id, fen in sums}


def _others(account: VirtualAccount, payable_id: int) -> list[OtherDue]:
    """What else is open between the pair, oldest first."""
    opened = dues.open_dues(account.buyer_id, account.seller_id)
    asked = {due.payable_id: Money(due.fen) for due in opened if due.payable_id != payable_id}
    rows = Payable.objects.filter(pk__in=asked).order_by("pk")
    return [OtherDue(row.number, row.subject, row.title, asked[row.pk]) for row in rows]


_WHOLE = ("account__buyer", "account__seller")


def _line(number: str) -> BankLine:
    line = _with_matches(BankLine.objects.filter(number=number)).first()
    if line is None:
        raise NotFound
    return line


def _with_matches(rows: QuerySet[BankLine]) -> QuerySet[BankLine]:
    matches = BankMatch.objects.select_related("payable", "payment").order_by("pk")
    return rows.select_related(*_WHOLE).prefetch_related(Prefetch("matches", matches))


def _page(rows: QuerySet[BankLine], cursor: str | None, size: int | None) -> Page[LineView]:
    page = _rows(rows, cursor, size)
    return Page([_view(row) for row in page.items], page.next_cursor)


def _rows(rows: QuerySet[BankLine], cursor: str | None, size: int | None) -> Page[BankLine]:
    if cursor:
        (last_id,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last_id)
    limit = page_size(size)
    return cut(list(_with_matches(rows).order_by("-pk")[: limit + 1]), limit, lambda row: (row.pk,))


def _with_best(rows: list[BankLine]) -> list[WaitingLine]:
    found = proposals_for(rows)
    return [WaitingLine(_view(row), next(iter(found.get(row.pk, [])), None)) for row in rows]


def _view(row: BankLine) -> LineView:
    return LineView(
        number=row.number,
        line_no=row.line_no or "",
        account_no=row.account_no,
        buyer=row.account.buyer.name if row.account else "",
        seller=row.account.seller.name if row.account else "",
        payer_name=row.payer_name,
        payer_account=row.payer_account,
        payer_bank=row.payer_bank,
        amount=Money(row.amount_fen),
        left=Money(row.left_fen),
        returned=Money(row.returned_fen),
        value_day=row.value_day,
        remark=row.remark,
        source=str(row.get_source_display()),
        arrived_at=row.arrived_at,
        state=row.state,
        state_label=str(row.get_state_display()),
        why=words.why(row.why) if row.left_fen else "",
        note=row.note,
        matches=_matches(row.matches.all()),
    )


def _matches(rows: Iterable[BankMatch]) -> list[MatchView]:
    return [
        MatchView(
            payment_number=row.payment.number,
            subject=row.payable.subject,
            title=row.payable.title,
            amount=Money(row.amount_fen),
            at=row.at,
            by_operator=row.user_id is not None,
        )
        for row in rows
    ]
