"""What is told of transfers: where to pay, what came, what waits for operators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q, QuerySet

from pifa.finance import policies
from pifa.finance.banks import registry as banks
from pifa.finance.methods.corporate_transfer import dues, words
from pifa.finance.methods.corporate_transfer.method import CODE
from pifa.finance.methods.corporate_transfer.models import BankLine, BankMatch, VirtualAccount
from pifa.finance.methods.corporate_transfer.proposals import Candidate, rank
from pifa.finance.methods.corporate_transfer.rules import numbers_in, same_name
from pifa.finance.models import Payable, Payment
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties import queries as parties
from pifa.parties.models import Company

MOST_CANDIDATES = 60


@dataclass(frozen=True, slots=True)
class Instructions:
    """Where a payer transfers what, for an attempt that waits.

    `remark` is what lets the money find its payable when several are open.
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


@dataclass(frozen=True, slots=True)
class MatchView:
    """What of a line paid what."""

    payment_number: str
    subject: str
    title: str
    amount: Money
    at: datetime
    by_operator: bool


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
class ShareView:
    """A payable that may be meant, with so much for it."""

    payable_number: str
    subject: str
    title: str
    buyer: str
    seller: str
    open: Money
    amount: Money


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with its reasons in words."""

    shares: list[ShareView]
    reasons: list[str]


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
    )


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
    if not line.left_fen:
        return []
    payables = _candidates(line)
    named = numbers_in(line.remark)
    candidates = [
        Candidate(
            due=due,
            named=bool(due.names & named),
            same_account=line.account is not None
            and (line.account.buyer_id, line.account.seller_id)
            == (payables[due.payable_id].payer_id, payables[due.payable_id].payee_id),
            same_name=_pays(line, payables[due.payable_id]),
        )
        for due in dues.dues_of(payables.values())
    ]
    opened = {candidate.due.payable_id: candidate.due.fen for candidate in candidates}
    return [
        ProposalView(
            shares=[_share(payables[pk], opened[pk], fen) for pk, fen in proposal.shares],
            reasons=[words.reason(reason) for reason in proposal.reasons],
        )
        for proposal in rank(line.left_fen, candidates)
    ]


def count_in_suspense() -> int:
    """How many lines wait for an operator."""
    return BankLine.objects.filter(state=BankLine.State.SUSPENSE).count()


def _candidates(line: BankLine) -> dict[int, Payable]:
    """Open payables of the account's pair, of payers of that name, and named in the remark,
    oldest first."""
    meant = Q(pk__in=[])
    if line.account is not None:
        meant |= Q(payer=line.account.buyer_id, payee=line.account.seller_id)
    meant |= Q(payer__in=_called(line.payer_name))
    for number in numbers_in(line.remark):
        meant |= Q(number=number) | Q(subject__endswith=f":{number}")
    rows = Payable.objects.filter(meant, state=Payable.State.OPEN, payer__isnull=False)
    found = rows.select_related("payer", "payee").order_by("pk")[:MOST_CANDIDATES]
    return {row.pk: row for row in found}


def _called(name: str) -> list[int]:
    """Companies of a legal name; written otherwise than here, they are found by its beginning."""
    close = Company.objects.filter(verified_name__startswith=name[:2]).exclude(verified_name="")
    rows = close.values_list("pk", "verified_name")[:500]
    return [pk for pk, verified in rows if same_name(verified, name)]


def _pays(line: BankLine, payable: Payable) -> bool:
    return payable.payer is not None and same_name(line.payer_name, payable.payer.verified_name)


def _share(payable: Payable, open_fen: int, fen: int) -> ShareView:
    return ShareView(
        payable_number=payable.number,
        subject=payable.subject,
        title=payable.title,
        buyer=payable.payer.name if payable.payer else "",
        seller=payable.payee.name,
        open=Money(open_fen),
        amount=Money(fen),
    )


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
    if cursor:
        (last_id,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last_id)
    limit = page_size(size)
    page = cut(list(_with_matches(rows).order_by("-pk")[: limit + 1]), limit, lambda row: (row.pk,))
    return Page([_view(row) for row in page.items], page.next_cursor)


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
