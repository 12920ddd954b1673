"""Writing order drafts as declared orders: a bounded number of statements for a chunk of orders.

An order's identity is (seller, its number), a line's is (order, ordinal). What is there already
stays; an order may receive further lines later, when mended rows are sent alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from pifa.kernel import bulk
from pifa.kernel.ids import public_number
from pifa.kernel.sheets import RowError
from pifa.relationships.commands import note_customers
from pifa.trade.models import Order, OrderChannel, OrderLine, Provenance
from pifa.trade.past.drafts import DeclaredOrderDraft, LineDraft
from pifa.trade.past.rules import LineKind, OrderKind, credit_of, is_sale, sale_of

_LINE = ("order_id", "position", "code", "quantity", "price_e4")


@dataclass(slots=True)
class Written:
    """What a chunk added, and the warnings about what was there with other content."""

    orders_new: int = 0
    orders_known: int = 0
    lines_new: int = 0
    customers_new: int = 0
    cancels: bool = False
    warnings: list[RowError] = field(default_factory=list)


def write_orders(seller_id: int, batch_id: int, drafts: Sequence[DeclaredOrderDraft]) -> Written:
    """Write a chunk inside the caller's transaction; repeating it adds nothing."""
    written = Written()
    customers = _customers(seller_id, drafts, written)
    numbers = [draft.external_no for draft in drafts]
    there = Order.objects.filter(seller=seller_id, external_no__in=numbers)
    known: dict[str, int] = {
        str(number): pk for number, pk in there.values_list("external_no", "id")
    }
    fresh = [draft for draft in drafts if draft.external_no not in known]
    rows = [_order_row(draft, seller_id, batch_id, customers) for draft in fresh]
    ids = dict(zip((draft.external_no for draft in fresh), bulk.insert(Order, rows), strict=True))
    lines = [row for draft in fresh for row in _line_rows(ids[draft.external_no], draft.lines)]
    again = [draft for draft in drafts if draft.external_no in known]
    added = _further_lines(again, known, written) if again else []
    bulk.insert(OrderLine, lines + added, returning=None)
    if added:
        _add_up_again({(row["order_id"], row["position"]) for row in added})
    written.orders_new = len(fresh)
    written.orders_known = len(again)
    written.lines_new = len(lines) + len(added)
    written.cancels = any(row["kind"] == LineKind.CANCELLATION for row in lines + added)
    return written


def _customers(
    seller_id: int, drafts: Iterable[DeclaredOrderDraft], written: Written
) -> dict[str, int]:
    found: dict[str, tuple[str, str, str]] = {}
    for draft in drafts:
        if draft.customer_key:
            name = draft.customer_name or draft.customer_key
            found[draft.customer_key] = (draft.customer_key, name, draft.country)
    before = _count_customers(seller_id)
    ids = note_customers(seller_id, found.values())
    written.customers_new = _count_customers(seller_id) - before
    return ids


def _count_customers(seller_id: int) -> int:
    from pifa.relationships.models import Relationship

    return Relationship.objects.filter(seller=seller_id).count()


def _order_row(
    draft: DeclaredOrderDraft, seller_id: int, batch_id: int, customers: dict[str, int]
) -> dict[str, Any]:
    cancels = draft.kind is OrderKind.CANCELLATION
    sale = sale_of(draft)
    goods = draft.goods_fen if draft.goods_fen is not None else draft.lines_fen
    freight, adjustment = draft.freight_fen or 0, draft.adjustment_fen or 0
    return {
        "number": public_number("D", draft.placed_at),
        "buyer_id": None,
        "seller_id": seller_id,
        "customer_id": customers.get(draft.customer_key),
        "placed_by_id": None,
        "channel": OrderChannel.DECLARED.value,
        "scene": "stock",
        "provenance": Provenance.DECLARED.value,
        "status": "completed" if cancels else draft.status,
        "status_before": "",
        "goods_fen": goods,
        "freight_fen": freight,
        "adjustment_fen": adjustment,
        "total_fen": credit_of(draft) if cancels else goods + freight + adjustment,
        # A declared order counts in reports when it has a moment of payment.
        "paid_fen": sale or 0,
        "paid_at": None if sale is None else draft.paid_at or draft.placed_at,
        "consignee": draft.consignee[:60],
        "region": "",
        "address": draft.address[:300],
        "post_code": draft.post_code[:10],
        "phone": draft.phone[:30],
        "mobile": draft.mobile[:20],
        "message": "",
        "invoice": {},
        "seller_note": "",
        "close_reason": "",
        "placed_at": draft.placed_at,
        "external_no": draft.external_no,
        "is_cancellation": cancels,
        "batch_id": batch_id,
    }


def _line_rows(order_id: int, lines: Iterable[LineDraft]) -> list[dict[str, Any]]:
    return [
        {
            "order_id": order_id,
            "position": line.ordinal,
            "kind": line.kind.value,
            "sku_id": None,
            "offer_id": None,
            "code": line.code[:60],
            "title": line.title[:200],
            "title_en": "",
            "spec_text": "",
            "unit": line.unit[:10],
            "quantity": line.quantity,
            "price_e4": line.price_e4,
            "amount_fen": line.amount_fen,
        }
        for line in lines
    ]


def _further_lines(
    drafts: Iterable[DeclaredOrderDraft], known: dict[str, int], written: Written
) -> list[dict[str, Any]]:
    """Lines that their known orders do not have yet; those they have otherwise are told."""
    there = {
        (order_id, position): rest
        for order_id, position, *rest in OrderLine.objects.filter(
            order__in=list(known.values())
        ).values_list(*_LINE)
    }
    added = []
    for draft in drafts:
        order_id = known[draft.external_no]
        for line, row in zip(draft.lines, _line_rows(order_id, draft.lines), strict=True):
            kept = there.get((order_id, line.ordinal))
            if kept is None:
                added.append(row)
            elif kept != [row["code"], row["quantity"], row["price_e4"]]:
                written.warnings.append(_differs(draft.external_no, line))
    return added


def _differs(order_no: str, line: LineDraft) -> RowError:
    return RowError(
        row=line.row,
        field="",
        reason=_("订单 {order} 的第 {ordinal} 行已导入过，内容与这次不同，保留了原来的").format(
            order=order_no, ordinal=line.ordinal
        ),
        remedy=_("如要更正，请在后面补一行更正（负数量），不要改动已导入的行"),
        ordinal=line.ordinal,
    )


def _add_up_again(added: set[tuple[int, int]]) -> None:
    """Orders whose totals were those of their lines follow them when lines are added."""
    lines: dict[int, list[OrderLine]] = {order_id: [] for order_id, _position in added}
    for line in OrderLine.objects.filter(order__in=list(lines)).order_by("order", "position"):
        lines[line.order_id].append(line)
    changed = []
    for order in Order.objects.filter(pk__in=list(lines)):
        own = lines[order.pk]
        earlier = [line for line in own if (order.pk, line.position) not in added]
        if order.goods_fen != sum(line.amount_fen for line in earlier):
            continue
        order.goods_fen = sum(line.amount_fen for line in own)
        order.total_fen = order.goods_fen + order.freight_fen + order.adjustment_fen
        kind = OrderKind.CANCELLATION if order.is_cancellation else OrderKind.ORDER
        sold = [line for line in own if is_sale(kind, line.quantity, line.price_e4)]
        if sold and order.paid_fen == _sold_fen(kind, earlier):
            order.paid_fen = sum(line.amount_fen for line in sold)
            order.paid_at = order.paid_at or order.placed_at
        changed.append(order)
    Order.objects.bulk_update(changed, ["goods_fen", "total_fen", "paid_fen", "paid_at"])


def _sold_fen(kind: OrderKind, lines: Iterable[OrderLine]) -> int:
    return sum(line.amount_fen for line in lines if is_sale(kind, line.quantity, line.price_e4))
