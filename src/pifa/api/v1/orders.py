"""Orders: placing them, reading them, and their verbs for buyer and seller."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja import File, Query, UploadedFile

from pifa.api.auth import actor_of
from pifa.api.fields import (
    Number,
    Paging,
)
from pifa.api.files import (
    SHEET_FILES,
    row_errors,
    uploaded_sheet,
)
from pifa.api.once import key_of
from pifa.api.problems import told
from pifa.api.routing import Topic
from pifa.api.v1.order_acts import (
    AnswerIn,
    CloseBatchIn,
    NoteIn,
    OutcomesOut,
    PriceIn,
    ReasonIn,
    ReviewIn,
    ShipBatchIn,
    ShipIn,
    ShipmentPreviewOut,
    ShippedSheetOut,
)
from pifa.api.v1.order_shapes import (
    CountsOut,
    DeskQuery,
    OrderOut,
    OrderPage,
    OrderRowOut,
    PickingOut,
    PickingQuery,
    PickOut,
    PlacedOut,
    PlaceIn,
    SheetQuery,
    Side,
)
from pifa.kernel.sheets.answers import sheet_answer
from pifa.trade import commands, queries
from pifa.trade.commands import CheckoutRequest, Outcome, ShipRequest
from pifa.trade.queries import Filters, OrderDetail

topic = Topic()


@topic.writes(
    "POST",
    "/orders",
    PlacedOut,
    _("为一次结算下单"),
    _(
        "一次请求按卖家拆成多个订单，全部成功或全部不下。总额与 shown_total 不同时拒绝，并给出两个总额。"
    ),
    status=201,
    keyed=False,
)
def place_orders(request: HttpRequest, wanted: PlaceIn) -> PlacedOut:
    numbers = commands.place_orders(
        actor_of(request),
        CheckoutRequest(
            lines=[(line.sku_id, line.quantity) for line in wanted.lines],
            address_id=wanted.address_id,
            shown_total=wanted.shown_total,
            messages={int(seller): words for seller, words in wanted.messages.items()},
            ways={int(seller): code for seller, code in wanted.ways.items()},
            invoice=wanted.invoice.model_dump(exclude_none=True) if wanted.invoice else {},
            freight_insurance=wanted.freight_insurance,
            from_list=wanted.from_list,
            in_channel=wanted.in_channel,
            idempotency_key=key_of(request),
        ),
    )
    return PlacedOut.model_construct(numbers=numbers, total=wanted.shown_total)


@topic.reads("/orders", OrderPage, _("订单列表"))
def list_orders(request: HttpRequest, wanted: Query[DeskQuery], page: Paging) -> object:
    return queries.orders(
        actor_of(request), wanted.side, wanted.tab, _filters(wanted), page.cursor, page.size
    )


@topic.reads("/orders/counts", CountsOut, _("各状态的订单数"))
def order_counts(request: HttpRequest, side: Annotated[Side, Query()]) -> object:
    return queries.tab_counts(actor_of(request), side)


@topic.reads(
    "/orders/sheet",
    None,
    _("导出订单表"),
    _("卖家的订单，列与“历史订单”导入相同；导出会记入审计日志。"),
    content=SHEET_FILES,
)
def order_sheet(request: HttpRequest, wanted: Query[SheetQuery]) -> HttpResponseBase:
    rows = commands.export_orders(actor_of(request), wanted.tab, _filters(wanted), kind=wanted.kind)
    return sheet_answer("orders", wanted.kind, queries.SHEET_COLUMNS, rows)


@topic.writes(
    "POST", "/orders/ship", OutcomesOut, _("一次发货多个订单"), _("每个订单各自成功或说明原因。")
)
def ship_many(request: HttpRequest, batch: ShipBatchIn) -> dict[str, Any]:
    rows = [ShipRequest(row.number, row.carrier, row.tracking_no) for row in batch.orders]
    return _outcomes(commands.ship_many(actor_of(request), rows))


@topic.writes(
    "POST",
    "/orders/shipment-sheet",
    ShippedSheetOut,
    _("导入发货表"),
    _(".xlsx 或 .csv，每行一个订单号、物流公司和运单号。"),
)
def ship_from_sheet(
    request: HttpRequest,
    sheet: File[UploadedFile],
) -> dict[str, Any]:
    with uploaded_sheet(sheet) as opened:
        shipped = commands.ship_from_sheet(actor_of(request), opened)
    return {
        "numbers": shipped.numbers,
        "skipped": shipped.skipped,
        "errors": row_errors(shipped.errors),
    }


@topic.writes(
    "POST",
    "/orders/shipment-sheet/preview",
    ShipmentPreviewOut,
    _("预览发货表"),
    _("只说明每一行会怎样，不发货。"),
)
def preview_shipments(request: HttpRequest, sheet: File[UploadedFile]) -> dict[str, Any]:
    with uploaded_sheet(sheet) as opened:
        preview = commands.preview_shipments(actor_of(request), opened)
    return {
        "planned": preview.planned,
        "skipped": preview.skipped,
        "errors": row_errors(preview.errors),
    }


@topic.reads(
    "/orders/picking",
    PickingOut,
    _("拣货单"),
    _("几个订单合在一起要拿的货，按货号（库位）排序；会记入审计日志。"),
)
def picking_list(request: HttpRequest, wanted: Query[PickingQuery]) -> dict[str, Any]:
    picking = commands.print_picking(actor_of(request), wanted.number)
    return {
        "orders": picking.orders,
        "pieces": picking.pieces,
        "picks": [
            {name: getattr(pick, name) for name in PickOut.model_fields if name != "orders"}
            | {"orders": [{"number": number, "quantity": n} for number, n in pick.orders]}
            for pick in picking.picks
        ],
    }


@topic.writes("POST", "/orders/close", OutcomesOut, _("批量关闭未付款的订单"))
def close_many(request: HttpRequest, batch: CloseBatchIn) -> dict[str, Any]:
    return _outcomes(commands.close_many(actor_of(request), batch.numbers, batch.reason))


@topic.reads(
    "/orders/{number}", OrderOut, _("订单详情"), _("含全部行、物流、退款、时间线和资金明细。")
)
def order(request: HttpRequest, number: Number) -> dict[str, Any]:
    return order_data(queries.order(actor_of(request), number))


@topic.writes("POST", "/orders/{number}/cancel", OrderOut, _("取消未付款的订单"), _("买家。"))
def cancel_order(request: HttpRequest, number: Number, why: ReasonIn) -> dict[str, Any]:
    commands.cancel_order(actor_of(request), number, why.reason)
    return order(request, number)


@topic.writes("POST", "/orders/{number}/close", OrderOut, _("关闭未付款的订单"), _("卖家。"))
def close_order(request: HttpRequest, number: Number, why: ReasonIn) -> dict[str, Any]:
    commands.close_order(actor_of(request), number, why.reason)
    return order(request, number)


@topic.writes("POST", "/orders/{number}/price", OrderOut, _("改订单的总价"), _("付款前，卖家。"))
def adjust_price(request: HttpRequest, number: Number, price: PriceIn) -> dict[str, Any]:
    commands.adjust_price(actor_of(request), number, price.new_total, price.reason)
    return order(request, number)


@topic.writes(
    "POST", "/orders/{number}/ship", OrderOut, _("为订单发货"), _("卖家；同城速递不用填运单号。")
)
def ship(request: HttpRequest, number: Number, parcel: ShipIn) -> dict[str, Any]:
    commands.ship(actor_of(request), number, parcel.carrier, parcel.tracking_no)
    return order(request, number)


@topic.writes(
    "POST",
    "/orders/{number}/receipt",
    OrderOut,
    _("为订单确认收货"),
    _("买家；担保的货款随即结算给卖家。"),
)
def confirm_receipt(request: HttpRequest, number: Number) -> dict[str, Any]:
    commands.confirm_receipt(actor_of(request), number)
    return order(request, number)


@topic.writes("POST", "/orders/{number}/review", OrderOut, _("评价订单"), _("买家；订单由此完成。"))
def write_review(request: HttpRequest, number: Number, review: ReviewIn) -> dict[str, Any]:
    commands.write_review(actor_of(request), number, review.stars, review.body)
    return order(request, number)


@topic.writes(
    "POST", "/orders/{number}/review/answer", OrderOut, _("卖家回复评价"), _("卖家，一次。")
)
def answer_review(request: HttpRequest, number: Number, answer: AnswerIn) -> dict[str, Any]:
    commands.answer_review(actor_of(request), number, answer.answer)
    return order(request, number)


@topic.writes("PUT", "/orders/{number}/note", None, _("写卖家备注"))
def note_order(request: HttpRequest, number: Number, note: NoteIn) -> None:
    commands.note_seller(actor_of(request), number, note.note)


def order_data(detail: OrderDetail) -> dict[str, Any]:
    """An order as an answer: its row, and what its page adds."""
    row = {name: getattr(detail.order, name) for name in OrderRowOut.model_fields}
    added = set(OrderOut.model_fields) - set(row) - {"held", "money", "coming"}
    return (
        row
        | {name: getattr(detail, name) for name in added}
        | {"held": detail.money.held, "money": detail.money.entries}
        | {"coming": [{"at": at, "words": words} for at, words in detail.coming]}
    )


def _filters(wanted: DeskQuery | SheetQuery) -> Filters:
    return Filters(
        keyword=wanted.keyword,
        other_login=wanted.other_login,
        since=wanted.since,
        until=wanted.until,
        show_closed=wanted.show_closed,
        method=wanted.method,
        channel=wanted.channel or "",
    )


def _outcomes(outcomes: list[Outcome]) -> dict[str, Any]:
    return {
        "items": [
            {
                "number": outcome.number,
                "done": outcome.done,
                "problem": told(outcome.error) if outcome.error else None,
            }
            for outcome in outcomes
        ]
    }
