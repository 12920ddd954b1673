"""One order: where it stands, its lines and money, and what its seller can do now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance.queries import bills_of, shipment_refusals
from pifa.integrity import commands as integrity
from pifa.integrity import queries as rulings
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, Forbidden, NotFound
from pifa.standing import queries as standing
from pifa.trade import commands
from pifa.trade import queries as trade
from pifa.trade.queries import OrderDetail, OrderRow, RefundView
from pifa.trade.staged import commands as staged
from pifa.trade.staged.queries import (
    PaymentStory,
    ProductionView,
    lapse_words,
    payment_story,
)
from pifa.trade.states import OrderStatus
from pifa.web.access import seller_page
from pifa.web.seller.frame import CENTRE, CLERK, FINANCE, actor_on, show
from pifa.web.seller.orders import forms as order_forms
from pifa.web.seller.orders.desk import STATUS_KINDS
from pifa.web.seller.orders.shipping import CARRIER_KEY, remember_carrier
from pifa.web.shared.bills import bill_words, by_bill
from pifa.web.shared.freight_insurance import card as freight_card
from pifa.web.shared.order_invoice import of_order
from pifa.web.shared.parcels import journeys

Data = Mapping[str, Any]
Act = tuple[type[forms.Form], Callable[[Actor, str, Data], object], str | Promise]

ACTS: dict[str, Act] = {
    "adjust_price": (
        order_forms.AdjustForm,
        lambda actor, number, data: commands.adjust_price(
            actor, number, data["new_total"], data["reason"]
        ),
        gettext_lazy("价格已改，买家会收到通知。"),
    ),
    "finish_production": (
        forms.Form,
        lambda actor, number, data: staged.finish_production(actor, number),
        gettext_lazy("已完成生产，买家会收到通知。"),
    ),
    "cancel_production": (
        order_forms.CloseForm,
        lambda actor, number, data: staged.cancel_production(actor, number, data["reason"]),
        gettext_lazy("订单已取消，款项全额退回买家。"),
    ),
    "close": (
        order_forms.CloseForm,
        lambda actor, number, data: commands.close_order(actor, number, data["reason"]),
        gettext_lazy("订单已关闭，库存已放回。"),
    ),
    "ship": (
        order_forms.ShipForm,
        lambda actor, number, data: commands.ship(
            actor, number, data["carrier"], data["tracking_no"]
        ),
        gettext_lazy("已发货，买家会收到通知。"),
    ),
    "express": (
        forms.Form,
        lambda actor, number, data: commands.ship_express(actor, number),
        gettext_lazy("已叫同城速递，买家会收到通知。"),
    ),
    "note": (
        order_forms.NoteForm,
        lambda actor, number, data: commands.note_seller(actor, number, data["note"]),
        gettext_lazy("备注已保存。"),
    ),
    "accept": (
        order_forms.AnswerForm,
        lambda actor, number, data: commands.answer_refund(
            actor, data["refund"], True, data["answer"]
        ),
        gettext_lazy("已同意，买家会收到通知。"),
    ),
    "refuse": (
        order_forms.AnswerForm,
        lambda actor, number, data: commands.answer_refund(
            actor, data["refund"], False, data["answer"]
        ),
        gettext_lazy("已拒绝；买家可以申请平台介入。"),
    ),
    "confirm_return": (
        order_forms.ReturnForm,
        lambda actor, number, data: commands.confirm_return(actor, data["refund"]),
        gettext_lazy("已确认收到退货，款项退回买家。"),
    ),
    "answer_dispute": (
        order_forms.StatementForm,
        lambda actor, number, data: commands.answer_dispute(
            actor, data["refund"], data["statement"]
        ),
        gettext_lazy("陈述已提交，等待平台裁决。"),
    ),
    "answer_ruling": (
        order_forms.RulingAnswerForm,
        lambda actor, number, data: integrity.answer_ruling(actor, number, data["words"]),
        gettext_lazy("申诉已提交，平台客服会看到。"),
    ),
    "answer_review": (
        order_forms.ReplyForm,
        lambda actor, number, data: commands.answer_review(actor, number, data["answer"]),
        gettext_lazy("已回复评价。"),
    ),
}
"""What can be done here: its form, the command behind it, what is said after."""


@seller_page()
def order(request: HttpRequest, number: str) -> HttpResponse:
    """An order of the company as its seller; a refused act keeps what was typed."""
    actor = actor_on(request)
    if request.method != "POST":
        return _show(request, sold(actor, number))
    name = request.POST.get("act", "")
    if name not in ACTS:
        raise NotFound()
    form_class, act, said = ACTS[name]
    sold(actor, number)
    form = form_class(request.POST)
    refusal = None
    if form.is_valid():
        try:
            act(actor, number, form.cleaned_data)
        except (NotFound, Forbidden):
            raise
        except DomainError as error:
            refusal = error
        else:
            if name == "ship":
                remember_carrier(request, [form.cleaned_data["carrier"]])
            messages.success(request, str(said))
            return redirect("seller:order", number=number)
    return _show(request, sold(actor, number), name, form, refusal)


def sold(actor: Actor, number: str) -> OrderDetail:
    """An order that this company sold; what it bought has its page in the buyer's centre."""
    detail = trade.order(actor, number)
    if detail.order.seller_id != actor.company_id:
        raise NotFound()
    return detail


def show_refused(
    request: HttpRequest,
    number: str,
    name: str,
    form: forms.Form,
    refusal: DomainError | None,
) -> HttpResponse:
    """The order's page with an act that was refused, and what was typed for it."""
    return _show(request, sold(actor_on(request), number), name, form, refusal)


def _show(
    request: HttpRequest,
    detail: OrderDetail,
    failed: str = "",
    form: forms.Form | None = None,
    refusal: DomainError | None = None,
) -> HttpResponse:
    actor = actor_on(request)
    row = detail.order
    open_case = next((case for case in detail.refunds if case.is_open), None)
    story = payment_story(actor, row.number) if detail.is_divided else PaymentStory((), None)
    production = story.production
    blank = _forms(request, row, open_case, production)
    if form is not None:
        key = _FORM_KEYS.get(failed, failed)
        form.auto_id = blank[key].auto_id if key in blank else form.auto_id
        blank[key] = form
    clerk, finance = actor.has_role(CLERK), actor.has_role(CLERK, FINANCE)
    return show(
        request,
        "seller/order.html",
        status=422 if failed else 200,
        detail=detail,
        row=row,
        kind=STATUS_KINDS.get(OrderStatus(row.status), ""),
        level=standing.levels_of([row.buyer_id]).get(row.buyer_id, "") if row.buyer_id else "",
        forms=blank,
        failed=failed,
        failed_form=form,
        refusal=refusal,
        open_case=open_case,
        ruling=rulings.ruling_of(actor, row.number),
        verbs=set(row.verbs) if clerk else set(),
        held_back=_held_back(row) if clerk else None,
        case_verbs=set(open_case.verbs) if open_case and finance else set(),
        may_note=clerk,
        may_invite=clerk and bool(detail.lines) and not row.is_cancellation,
        may_reply=clerk and detail.review and not detail.review.answer,
        steps=_steps(detail, production),
        story=story,
        production=production,
        lapse_words=lapse_words(production.plan) if production else "",
        side="seller",
        by_bill=by_bill(detail),
        sums=_sums(detail),
        bills=[] if row.is_declared else bills_of(row.subject),
        may_answer=actor.has_role(FINANCE),
        facts=_facts(detail),
        **of_order(request, CENTRE, detail),
        parcels=journeys(detail.parcels),
        **freight_card(detail.freight_policy, "seller"),
        coming=[(at, words, "") for at, words in detail.coming],
        happenings=[
            (event.at, event.words, event.who_label) for event in reversed(detail.timeline)
        ],
    )


def _held_back(row: OrderRow) -> DomainError | None:
    """Why an order that waits for shipment may not be shipped now."""
    if not row.promised or "ship" not in row.verbs:
        return None
    return shipment_refusals([row.subject]).get(row.subject)


def _forms(
    request: HttpRequest,
    row: OrderRow,
    open_case: RefundView | None,
    production: ProductionView | None,
) -> dict[str, forms.Form]:
    """The forms that this order's state has, not filled in."""
    blank: dict[str, forms.Form] = {
        "adjust": order_forms.AdjustForm(initial={"new_total": row.total}),
        "close": order_forms.CloseForm(),
        "cancel_production": order_forms.CloseForm(auto_id="cancel_%s"),
        "ship": order_forms.ShipForm(
            initial={"carrier": request.session.get(CARRIER_KEY, "")}, auto_id="ship_%s"
        ),
        "note": order_forms.NoteForm(initial={"note": row.seller_note}),
        "reply": order_forms.ReplyForm(auto_id="reply_%s"),
        "ruling": order_forms.RulingAnswerForm(auto_id="ruling_%s"),
    }
    if open_case:
        of_case = {"refund": open_case.number}
        blank["answer"] = order_forms.AnswerForm(initial=of_case, auto_id="case_%s")
        blank["statement"] = order_forms.StatementForm(initial=of_case, auto_id="case_%s")
    if production:
        blank["progress"] = order_forms.ProgressForm(
            initial={"percent": production.percent}, auto_id="progress_%s"
        )
    return blank


_FORM_KEYS = {
    "adjust_price": "adjust",
    "accept": "answer",
    "refuse": "answer",
    "answer_dispute": "statement",
    "answer_review": "reply",
    "answer_ruling": "ruling",
}


def _steps(detail: OrderDetail, production: ProductionView | None) -> list[tuple[str, Any, str]]:
    """Placed → paid → shipped → received → done, or stopped where it was closed.

    Paid in stages: deposit → production → balance instead of paid.
    """
    row = detail.order
    done_at = detail.ended_at if row.status == OrderStatus.COMPLETED else None
    named = [
        (_("买家下单"), row.placed_at),
        *_paid_steps(detail, production),
        (_("卖家发货"), row.shipped_at),
        (_("买家收货"), detail.received_at),
        (_("交易成功"), done_at),
    ]
    if row.is_declared:
        return []
    steps: list[tuple[str, Any, str]] = [
        (name, moment, "done") for name, moment in named if moment is not None
    ]
    if row.status == OrderStatus.CLOSED:
        return [*steps, (_("交易关闭"), detail.ended_at, "stopped")]
    for place, (name, _moment) in enumerate(named[len(steps) :]):
        steps.append((name, None, "todo" if place else "now"))
    return steps


def _paid_steps(detail: OrderDetail, production: ProductionView | None) -> list[tuple[str, Any]]:
    row = detail.order
    if production is None:
        if row.promised and row.paid_at is None:
            said = _("约定货到付款") if detail.cash else _("买家使用账期")
            said = _("买家使用诚e赊") if detail.secured else said
            said = _("签收汇票") if by_bill(detail) else said
            return [(_("约定信任付") if detail.trust else said, detail.covered_at)]
        return [(_("买家付款"), row.paid_at)]
    # What is paid early stands after the production that it waits for.
    balance_at = production.balance_at if production.finished_at else None
    return [
        (_("买家付定金"), production.deposit_at),
        (_("完成生产"), production.finished_at),
        (_("买家付尾款"), balance_at),
    ]


def _sums(detail: OrderDetail) -> list[tuple[str, Any]]:
    """The amounts of an order, the last the one that counts now."""
    row = detail.order
    lines: list[tuple[str, Any]] = [(_("货款"), row.goods), (_("运费"), row.freight)]
    if row.adjustment:
        lines.append((_("涨价或折扣"), row.adjustment))
    lines.append((_("应付"), row.total))
    if row.paid:
        lines.append((_("实付"), row.paid))
    if row.refunded:
        lines.append((_("已退"), row.refunded))
    if row.promised:
        item = detail.credit or detail.secured
        due_on = item.due_on if item else None
        due = _("账期待付（%(day)s 到期）") % {"day": due_on} if due_on else _("账期待付（未收货）")
        at_door = detail.cash is not None and detail.credit is None
        if detail.secured is not None:
            due = (
                _("诚e赊，%(day)s 付款") % {"day": due_on}
                if due_on
                else _("诚e赊，买家收货后计算付款日")
            )
        if detail.trust is not None:
            due = _("信任付，买家收货后由银行付款")
        due = _("货到付款，待回款") if at_door else due
        lines.append((bill_words(detail) if by_bill(detail) else due, row.promised))
    if row.paid:
        lines.append((_("买家实际支出"), row.paid - row.refunded))
    return lines


def _facts(detail: OrderDetail) -> list[tuple[str, Any]]:
    """Consignee and message as names and values."""
    to, row = detail.delivery, detail.order
    phones = " ".join(part for part in (to.mobile, to.phone) if part)
    lines = [
        (_("收货人"), to.consignee),
        (_("联系方式"), phones),
        (_("地址"), to.address),
        (_("邮编"), to.post_code),
        (_("买家留言"), row.message),
    ]
    lines += [(_("物流"), text) for text in row.tracking]
    return [(name, value) for name, value in lines if value]
