"""What a buying company reads of its approvals and limits; a bounded number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import NotFound
from pifa.kernel.models import Deadline
from pifa.kernel.money import Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties import policies as parties
from pifa.parties.models import Member
from pifa.trade import policies
from pifa.trade.approval.limits import is_free
from pifa.trade.approval.states import ApprovalState
from pifa.trade.models import ApprovalLimit, Order, PurchaseApproval
from pifa.trade.states import BUYER


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """An order that was asked for, and what was decided by whom; `due_at` while it waits."""

    order_number: str
    seller_name: str
    title: str
    amount: Money
    checkout: Money
    limit: Money
    state: str
    state_label: str
    asked_by: str
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    due_at: datetime | None

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has to decide."""
        return self.state == ApprovalState.WAITING


@dataclass(frozen=True, slots=True)
class MemberLimit:
    """A purchaser with the limit that holds for it. `own`: it has one of its own; without a
    `limit` it needs no approval."""

    member_id: int
    name: str
    own: bool
    limit: Money | None


@dataclass(frozen=True, slots=True)
class Limits:
    """A company's limits; without one company-wide nobody needs approval but by an own one."""

    company_wide: Money | None
    members: tuple[MemberLimit, ...]


def approvals(
    actor: Actor, waiting: bool = True, cursor: str | None = None, size: int | None = None
) -> Page[ApprovalView]:
    """A company's approvals, newest first: all for owner and finance, for others their own.

    Three statements.
    """
    rows = _rows(actor)
    state = ApprovalState.WAITING
    rows = rows.filter(state=state) if waiting else rows.exclude(state=state)
    if cursor:
        (last_id,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last_id)
    limit = page_size(size)
    page = cut(list(rows.order_by("-pk")[: limit + 1]), limit, lambda row: (row.pk,))
    return Page(_views(page.items), page.next_cursor)


def approvals_of(actor: Actor, number: str) -> list[ApprovalView]:
    """All approvals of one order of the actor's company, the newest first; `NotFound` for a
    stranger's and for the seller's."""
    order = Order.objects.filter(policies.visible(actor), number=number).first()
    if order is None or policies.sides(actor, order.buyer_id, order.seller_id) != BUYER:
        raise NotFound
    rows = PurchaseApproval.objects.filter(order=order).order_by("-pk")
    return _views(list(_with_names(rows)))


def approvals_waiting(actor: Actor) -> int:
    """How many approvals wait for this member: none unless it may decide. One statement at most."""
    if not actor.has_role(Role.FINANCE):
        return 0
    waiting = PurchaseApproval.objects.filter(buyer=actor.company_id, state=ApprovalState.WAITING)
    return waiting.count()


def limits(actor: Actor) -> Limits:
    """The limits of the company and of its purchasers; owner or finance role. Two statements."""
    company_id = parties.require(actor, Role.FINANCE)
    found: dict[int | None, int | None] = dict(
        ApprovalLimit.objects.filter(company_id=company_id).values_list("member_id", "limit_fen")
    )
    people = Member.objects.filter(company_id=company_id, active=True).order_by("pk")
    wide = found.get(None)
    return Limits(
        company_wide=None if wide is None else Money(wide),
        members=tuple(
            _member(row, found)
            for row in people
            if Role.PURCHASER in row.role_set and not is_free(row)
        ),
    )


def _member(row: Member, found: dict[int | None, int | None]) -> MemberLimit:
    own = row.pk in found
    fen = found[row.pk] if own else found.get(None)
    return MemberLimit(row.pk, row.name, own, None if fen is None else Money(fen))


def _rows(actor: Actor) -> QuerySet[PurchaseApproval]:
    company_id = parties.require(actor)
    rows = PurchaseApproval.objects.filter(buyer=company_id)
    if not actor.has_role(Role.FINANCE):
        rows = rows.filter(asked_by=parties.member_id(actor))
    return _with_names(rows)


def _with_names(rows: QuerySet[PurchaseApproval]) -> QuerySet[PurchaseApproval]:
    return rows.select_related("order__seller", "asked_by", "decided_by")


def _views(rows: list[PurchaseApproval]) -> list[ApprovalView]:
    subjects = [row.order.subject for row in rows if row.state == ApprovalState.WAITING]
    due = dict(
        Deadline.objects.filter(
            kind="order.expire", subject__in=subjects, done_at=None
        ).values_list("subject", "due_at")
    )
    titles = dict(
        Order.objects.filter(pk__in=[row.order_id for row in rows], lines__position=1).values_list(
            "pk", "lines__title"
        )
    )
    return [_view(row, titles.get(row.order_id, ""), due.get(row.order.subject)) for row in rows]


def _view(row: PurchaseApproval, title: str, due_at: datetime | None) -> ApprovalView:
    return ApprovalView(
        order_number=row.order.number,
        seller_name=row.order.seller.name,
        title=title,
        amount=Money(row.amount_fen),
        checkout=Money(row.checkout_fen),
        limit=Money(row.limit_fen),
        state=row.state,
        state_label=str(row.get_state_display()),
        asked_by=row.asked_by.name,
        asked_at=row.asked_at,
        decided_by=row.decided_by.name if row.decided_by else "",
        decided_at=row.decided_at,
        reason=row.reason,
        due_at=due_at,
    )
