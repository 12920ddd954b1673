"""Asking for approval, deciding it, and setting limits.

An order's approval is written under the order's lock. The payable is held meanwhile (`finance`
refuses to begin a payment and sends back what arrives), so that no way to pay goes around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from pifa.finance import commands as finance
from pifa.kernel import audit, clock
from pifa.kernel.actors import SYSTEM, Actor, Role
from pifa.kernel.errors import InvalidInput, NotFound, WrongState
from pifa.kernel.events import emit
from pifa.kernel.models import Deadline
from pifa.kernel.money import MAX_FEN, Money
from pifa.parties import policies as parties
from pifa.parties.models import Company, Member
from pifa.trade import rules as orders
from pifa.trade.approval import limits, rules
from pifa.trade.approval.facts import ApprovalAsked, ApprovalDecided
from pifa.trade.approval.states import ApprovalState
from pifa.trade.commands import pricing
from pifa.trade.commands.loading import buyer_of, lock_visible
from pifa.trade.errors import PriceChanged
from pifa.trade.models import ApprovalLimit, Order, PurchaseApproval
from pifa.trade.states import OrderStatus

WAITS = gettext_noop("金额超过采购审批额度，等待贵企业的财务或主账号批准。")
"""Why a payable is held, kept in its source words; readers have it in their language."""


def ask_at_checkout(
    actor: Actor, buyer_id: int, placed: Sequence[tuple[str, Money]], pay_by: datetime
) -> bool:
    """Hold the orders of one checkout (numbers and totals) if together they are above the limit of
    the purchaser who placed them; whether they wait now.

    Within the transaction that placed them. Owners and finance people are never asked.
    """
    if actor.has_role(Role.FINANCE):
        return False
    limit = limits.limit_of(buyer_id, actor.member_id)
    checkout = orders.sum_money(total for _number, total in placed)
    if limit is None or not rules.needs_approval(checkout, limit):
        return False
    rows = Order.objects.filter(number__in=[number for number, _total in placed])
    found = list(rows.order_by("pk"))
    moment = clock.now()
    PurchaseApproval.objects.bulk_create(
        PurchaseApproval(
            order=order,
            buyer_id=buyer_id,
            asked_by_id=_asker(order),
            amount_fen=order.total_fen,
            checkout_fen=checkout.fen,
            limit_fen=limit.fen,
            asked_at=moment,
        )
        for order in found
    )
    finance.block_new([order.subject for order in found], WAITS)
    audit.record_all(
        audit.entry(
            actor, "approval.ask", order.subject, amount_fen=order.total_fen, limit_fen=limit.fen
        )
        for order in found
    )
    emit(*(_asked(order, limit, pay_by.isoformat()) for order in found))
    return True


def price_changed(order: Order) -> None:
    """A locked, unpaid order has another total: an approval of another amount is worth nothing.

    Above the limit and above what was approved it waits anew; otherwise it may be paid.
    """
    waiting = PurchaseApproval.objects.filter(order=order, state=ApprovalState.WAITING)
    waited = waiting.update(state=ApprovalState.LAPSED, decided_at=clock.now())
    limit = _limit_of_order(order)
    checkout = _checkout_of(order)
    if (
        limit is None
        or not rules.needs_approval(checkout, limit)
        or rules.is_covered(Money(order.total_fen), _approved(order))
    ):
        if waited:
            finance.unblock_payable(order.subject)
        return
    PurchaseApproval.objects.create(
        order=order,
        buyer_id=buyer_of(order),
        asked_by_id=_asker(order),
        amount_fen=order.total_fen,
        checkout_fen=checkout.fen,
        limit_fen=limit.fen,
        asked_at=clock.now(),
    )
    finance.block_payable(order.subject, WAITS)
    audit.record(
        SYSTEM, "approval.ask", order.subject, amount_fen=order.total_fen, limit_fen=limit.fen
    )
    due = Deadline.objects.filter(kind="order.expire", subject=order.subject, done_at=None)
    pay_by = due.values_list("due_at", flat=True).first()
    emit(_asked(order, limit, pay_by.isoformat() if pay_by else ""))


def decide_purchase(
    actor: Actor, number: str, approve: bool, shown_total: Money, reason: str = ""
) -> None:
    """An owner or finance person lets an order be paid, or refuses it: then the order closes.

    `shown_total` is what the order cost as it was shown: `PriceChanged` if it costs another
    amount now. `WrongState` if nothing waits; a refusal needs its reason.
    """
    company_id = parties.require(actor, Role.FINANCE)
    check = orders.optional_text if approve else orders.required_text
    reason = check(reason, _("审批意见"), 200, "reason")
    with transaction.atomic():
        order = lock_visible(actor, number)
        if order.buyer_id != company_id:
            raise NotFound
        approval = _waiting(order)
        if shown_total.fen != order.total_fen:
            raise PriceChanged(shown=shown_total, total=Money(order.total_fen))
        approval.state = ApprovalState.APPROVED if approve else ApprovalState.REFUSED
        approval.reason = reason
        approval.decided_at, approval.decided_by_id = clock.now(), actor.member_id
        approval.save()
        verb = "approval.approve" if approve else "approval.refuse"
        audit.record(actor, verb, order.subject, amount_fen=order.total_fen, reason=reason)
        emit(
            ApprovalDecided(
                number=order.number,
                buyer_id=company_id,
                seller_id=order.seller_id,
                approved=approve,
                total_fen=order.total_fen,
                reason=reason,
            )
        )
        if approve:
            finance.unblock_payable(order.subject)
        else:
            pricing.end_unpaid(actor, order, "refuse_purchase", reason)


def lapse(number: str) -> None:
    """An order ended: nobody has to decide on it any more."""
    waiting = PurchaseApproval.objects.filter(order__number=number, state=ApprovalState.WAITING)
    waiting.update(state=ApprovalState.LAPSED, decided_at=clock.now())


# ------------------------------------------------------------------------------- limits


def set_limit(actor: Actor, limit: Money | None, member_id: int | None = None) -> None:
    """Set up to which amount purchasers order alone: all of the company, or one member.

    Owner or finance role. None company-wide: nobody needs approval; None for a member: it needs
    none, whatever holds for the others. Orders that wait already are left to be decided.
    """
    company_id = parties.require(actor, Role.FINANCE)
    if limit is not None and not 0 <= limit.fen <= MAX_FEN:
        raise InvalidInput(field="limit", reason=_("审批额度不能小于 ¥0.00。"))
    with transaction.atomic():
        _lock(company_id, member_id)
        if limit is None and member_id is None:
            ApprovalLimit.objects.filter(company_id=company_id, member=None).delete()
        else:
            rows = ApprovalLimit.objects.filter(company_id=company_id)
            own = rows.filter(member=None) if member_id is None else rows.filter(member=member_id)
            row = own.first() or ApprovalLimit(company_id=company_id, member_id=member_id)
            row.limit_fen = None if limit is None else limit.fen
            row.changed_at = clock.now()
            row.save()
        audit.record(
            actor,
            "approval.set_limit",
            f"company:{company_id}",
            member=member_id,
            limit_fen=None if limit is None else limit.fen,
        )


def follow_company_limit(actor: Actor, member_id: int) -> None:
    """Drop a member's own limit: what holds for the company holds for it again."""
    company_id = parties.require(actor, Role.FINANCE)
    with transaction.atomic():
        _lock(company_id, member_id)
        if ApprovalLimit.objects.filter(company_id=company_id, member_id=member_id).delete()[0]:
            audit.record(
                actor, "approval.follow_company", f"company:{company_id}", member=member_id
            )


def _asker(order: Order) -> int:
    """Who placed it; only orders of members wait for approval."""
    assert order.placed_by_id is not None
    return order.placed_by_id


def _lock(company_id: int, member_id: int | None) -> None:
    Company.objects.select_for_update(no_key=True).get(pk=company_id)
    people = Member.objects.filter(company_id=company_id)
    if member_id is not None and not people.filter(pk=member_id).exists():
        raise NotFound


def _waiting(order: Order) -> PurchaseApproval:
    rows = PurchaseApproval.objects.filter(order=order)
    approval = rows.filter(state=ApprovalState.WAITING).first()
    if approval is None or order.status != OrderStatus.AWAITING_PAYMENT:
        last = rows.order_by("-pk").first()
        state = last.get_state_display() if last else _("无需审批")
        raise WrongState(state=state, verb=_("审批"))
    return approval


def _limit_of_order(order: Order) -> Money | None:
    member = order.placed_by
    if member is None or limits.is_free(member):
        return None
    return limits.limit_of(buyer_of(order), member.pk)


def _checkout_of(order: Order) -> Money:
    """What the orders of the same checkout cost now: one member placed them at one moment."""
    together = Order.objects.filter(
        buyer=order.buyer_id, placed_by=order.placed_by_id, placed_at=order.placed_at
    ).exclude(status=OrderStatus.CLOSED)
    return Money(together.aggregate(total=Sum("total_fen"))["total"])


def _approved(order: Order) -> Money | None:
    rows = PurchaseApproval.objects.filter(order=order, state=ApprovalState.APPROVED)
    most = rows.aggregate(most=Max("amount_fen"))["most"]
    return None if most is None else Money(most)


def _asked(order: Order, limit: Money, pay_by: str) -> ApprovalAsked:
    return ApprovalAsked(
        number=order.number,
        buyer_id=buyer_of(order),
        seller_id=order.seller_id,
        total_fen=order.total_fen,
        limit_fen=limit.fen,
        pay_by=pay_by,
    )
