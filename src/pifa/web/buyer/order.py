"""One order: where it stands, its goods, its money, and what the buyer can do with it now."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.catalog import queries as catalog
from pifa.finance import queries as finance
from pifa.finance.queries import BillView, PaymentView
from pifa.integrity import queries as integrity
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import NotFound
from pifa.kernel.money import Money
from pifa.standing import queries as standing
from pifa.trade import commands
from pifa.trade import queries as trade
from pifa.trade.approval.commands import decide_purchase
from pifa.trade.approval.queries import ApprovalView, approvals_of
from pifa.trade.first_order.commands import claim_first_order
from pifa.trade.first_order.queries import Cover, first_order_cover
from pifa.trade.policies import BUYING
from pifa.trade.queries import OrderDetail, OrderRow, RefundView
from pifa.trade.staged.commands import cancel_late
from pifa.trade.staged.queries import PaymentStory, lapse_words, payment_story, plan_words
from pifa.web.access import buyer_page
from pifa.web.buyer import words
from pifa.web.buyer.approvals import STATE_KINDS as APPROVAL_KINDS
from pifa.web.buyer.approvals import DecisionForm
from pifa.web.buyer.centre import CENTRE
from pifa.web.shared.bills import BY_BILL, by_bill
from pifa.web.shared.centre import actor_on
from pifa.web.shared.figures import MoneyField
from pifa.web.shared.forms import attempt
from pifa.web.shared.freight_insurance import card as freight_card
from pifa.web.shared.order_invoice import of_order
from pifa.web.shared.parcels import journeys
from pifa.web.shared.production import picture_answer


class CancelForm(forms.Form):
    """Why an order is cancelled."""

    reason = forms.CharField(label=_("取消原因"), max_length=200, required=False)


class ReturnForm(forms.Form):
    """How goods go back."""

    refund = forms.CharField(widget=forms.HiddenInput)
    tracking_no = forms.CharField(
        label=_("退货物流公司和运单号"), max_length=60, help_text=_("例如 顺达快递 SD1234567890")
    )


class DisputeForm(forms.Form):
    """The buyer's side of a matter that the seller refused."""

    refund = forms.CharField(widget=forms.HiddenInput)
    statement = forms.CharField(
        label=_("情况说明"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("写清楚约定的是什么、收到的是什么、希望怎么解决，平台会看双方的说明。"),
    )


class ClaimForm(forms.Form):
    """What went wrong with a first order, how much of it, in words."""

    kind = forms.CharField(widget=forms.HiddenInput)
    amount = MoneyField(label=_("申请赔付金额"))
    words = forms.CharField(
        label=_("情况说明"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("只能申请一次。写清楚损失是什么、怎么算的；退货运费请写明承运方和单号。"),
    )


class RefundNumber(forms.Form):
    """Which case is meant."""

    refund = forms.CharField(widget=forms.HiddenInput)


Act = tuple[type[forms.Form], Callable[[Actor, str, dict[str, Any]], object], str | Promise]

ACTS: dict[str, Act] = {
    "cancel": (
        CancelForm,
        lambda actor, number, data: commands.cancel_order(actor, number, data["reason"]),
        _("订单已取消，库存已释放。"),
    ),
    "cancel_late": (
        forms.Form,
        lambda actor, number, data: cancel_late(actor, number),
        _("订单已取消，已付的款项全额退回。"),
    ),
    "confirm_receipt": (
        forms.Form,
        lambda actor, number, data: commands.confirm_receipt(actor, number),
        _("已确认收货，订单进入评价。"),
    ),
    "send_return": (
        ReturnForm,
        lambda actor, number, data: commands.send_return(
            actor, data["refund"], data["tracking_no"]
        ),
        _("退货信息已提交，等卖家确认收到。"),
    ),
    "withdraw": (
        RefundNumber,
        lambda actor, number, data: commands.withdraw_refund(actor, data["refund"]),
        _("退款申请已撤销，订单继续。"),
    ),
    "open_dispute": (
        DisputeForm,
        lambda actor, number, data: commands.open_dispute(actor, data["refund"], data["statement"]),
        _("已申请平台介入，客服会看双方的说明后裁决。"),
    ),
    "approve_purchase": (
        DecisionForm,
        lambda actor, number, data: decide_purchase(
            actor, number, True, Money(data["shown_total"]), data["reason"]
        ),
        _("已批准，可以付款了。"),
    ),
    "refuse_purchase": (
        DecisionForm,
        lambda actor, number, data: decide_purchase(
            actor, number, False, Money(data["shown_total"]), data["reason"]
        ),
        _("已拒绝，订单关闭，库存已释放。"),
    ),
    "claim_first_order": (
        ClaimForm,
        lambda actor, number, data: claim_first_order(
            actor, number, data["kind"], data["amount"], data["words"]
        ),
        _("赔付申请已提交，平台审核后通知您。"),
    ),
}
"""What can be done here: its form, the command behind it, what is said after."""


def bought(actor: Actor, number: str) -> OrderDetail:
    """An order that this company bought; what it sold has its page in the seller's centre."""
    detail = trade.order(actor, number)
    if detail.side != "buyer" and detail.order.buyer_id != actor.company_id:
        raise NotFound
    return detail


@buyer_page
def order(request: HttpRequest, number: str) -> HttpResponse:
    """Show the order, or do one of `ACTS`; a refused one keeps what was typed."""
    actor = actor_on(request)
    detail = bought(actor, number)
    if request.method != "POST":
        return _show(request, detail)
    name = request.POST.get("act", "")
    if name not in ACTS:
        raise NotFound
    form_class, act, said = ACTS[name]
    form = form_class(request.POST)
    if form.is_valid():
        attempt(form, lambda: act(actor, number, form.cleaned_data))
        if not form.errors:
            toasts.success(request, str(said))
            return redirect("buyer:order", number)
        detail = bought(actor, number)
    return _show(request, detail, {name: form}, form)


@buyer_page
def production_picture(request: HttpRequest, number: str, picture_id: int) -> HttpResponseBase:
    """A picture of production that the seller showed."""
    actor = actor_on(request)
    return picture_answer(actor, bought(actor, number).order.number, picture_id)


def _show(
    request: HttpRequest,
    detail: OrderDetail,
    sent: dict[str, forms.Form] | None = None,
    failed: forms.Form | None = None,
) -> HttpResponse:
    row = detail.order
    may = actor_on(request).has_role(*BUYING)
    case = next((refund for refund in detail.refunds if refund.is_open), None)
    approvals = _approvals(actor_on(request), detail)
    waiting = bool(approvals and approvals[0].is_waiting)
    cover = _cover(actor_on(request), detail)
    story = _story(actor_on(request), detail)
    payments = _payments(detail)
    bills = _bills(detail, payments)
    attempts = _attempts(payments)
    shown_forms = {**_forms(row, case, cover, waiting=waiting), **(sent or {})}
    return CENTRE.show(
        request,
        "buyer/order.html",
        status=422 if failed else 200,
        detail=detail,
        row=row,
        kind=words.STATUS_KINDS.get(row.status, ""),
        medal=standing.medals_of([row.seller_id]).get(row.seller_id),
        steps=words.steps(detail, story.production),
        story=story,
        production=story.production,
        plan=_plan(detail, story),
        lapse_words=lapse_words(story.production.plan) if story.production else "",
        side="buyer",
        sums=words.sums(detail),
        money_now=words.money_now(detail),
        credit_words=f"{words.promised_words(detail)} {row.promised}",
        approvals=[(item, APPROVAL_KINDS.get(item.state, "")) for item in approvals],
        waits_for_approval=waiting,
        may_decide=waiting and actor_on(request).has_role(Role.FINANCE),
        parcels=journeys(detail.parcels),
        **of_order(request, CENTRE, detail),
        **freight_card(detail.freight_policy, "buyer"),
        lines=_lines(detail),
        cover=cover,
        may_claim=may and bool(cover and cover.losses),
        ruling=integrity.ruling_of(actor_on(request), row.number),
        verbs=set(row.verbs) if may else set(),
        may_pay=not waiting and _may_pay(detail, story),
        attempts=attempts,
        bills=bills,
        by_bill=by_bill(detail),
        bill_unpaid=any(bill.dishonoured for bill in bills),
        may_ask_bank=may and any(payment.unanswered for payment in attempts),
        case=case,
        case_verbs=set(case.verbs) if case and may else set(),
        ended=[refund for refund in detail.refunds if not refund.is_open],
        forms=shown_forms,
        decision=next(
            (
                shown_forms[name]
                for name in ("approve_purchase", "refuse_purchase", "decision")
                if name in shown_forms
            ),
            None,
        ),
        failed=failed,
        coming=[(at, said, "") for at, said in detail.coming],
        happenings=[(event.at, event.words, event.who_label) for event in detail.timeline[::-1]],
    )


def _forms(
    row: OrderRow, case: RefundView | None, cover: Cover | None, *, waiting: bool
) -> dict[str, forms.Form]:
    """The forms that this order's state has, not filled in."""
    of_case = {"refund": case.number} if case else {}
    blank: dict[str, forms.Form] = {
        "cancel": CancelForm(),
        "send_return": ReturnForm(initial=of_case),
        "open_dispute": DisputeForm(initial=of_case),
    }
    if waiting:
        blank["decision"] = DecisionForm(initial={"shown_total": row.total.fen})
    if cover and cover.losses:
        blank["claim_first_order"] = ClaimForm(
            initial={"kind": cover.losses[0].kind, "amount": cover.losses[0].most}
        )
    return blank


def _approvals(actor: Actor, detail: OrderDetail) -> list[ApprovalView]:
    if detail.order.provenance != "market":
        return []
    return approvals_of(actor, detail.order.number)


def _story(actor: Actor, detail: OrderDetail) -> PaymentStory:
    """The order's stages and production, if it has any."""
    if not detail.is_divided:
        return PaymentStory((), None)
    return payment_story(actor, detail.order.number)


def _may_pay(detail: OrderDetail, story: PaymentStory) -> bool:
    if not detail.is_divided:
        return bool(detail.payable_number)
    return any(stage.payable_now for stage in story.stages)


def _plan(detail: OrderDetail, story: PaymentStory) -> list[str]:
    """The plan in words while the order is paid by it."""
    if story.production is None or detail.order.status == "closed":
        return []
    totals = {
        purpose: Money(sum(row.amount.fen for row in story.stages if row.purpose == purpose))
        for purpose in ("deposit", "balance")
    }
    return plan_words(story.production.plan, totals["deposit"], totals["balance"])


def _cover(actor: Actor, detail: OrderDetail) -> Cover | None:
    """How first-order protection covers an order in which something may have gone wrong."""
    if not detail.refunds or detail.order.provenance != "market":
        return None
    return first_order_cover(actor, detail.order.number)


def _lines(detail: OrderDetail) -> list[tuple[Any, str]]:
    pictures = catalog.first_pictures({n.offer_id for n in detail.lines if n.offer_id})
    return [(line, pictures.get(line.offer_id or 0, "")) for line in detail.lines]


def _payments(detail: OrderDetail) -> list[PaymentView]:
    if detail.order.provenance != "market":
        return []
    return finance.payments(detail.order.subject)


def _bills(detail: OrderDetail, payments: list[PaymentView]) -> list[BillView]:
    """The bills of an order that was, or was to be, paid by some; else no statement."""
    tried = any(payment.method == BY_BILL for payment in payments)
    return finance.bills_of(detail.order.subject) if tried else []


def _attempts(payments: list[PaymentView]) -> list[PaymentView]:
    """Attempts to pay that did not simply succeed: begun, failed, sent back."""
    done = ("succeeded", "promised", "collected")
    return [payment for payment in payments if payment.state not in done]
