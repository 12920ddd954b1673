"""Paying: what is to be paid, by which means, and where a buyer comes back from the bank."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from pifa.finance import commands
from pifa.finance import queries as finance
from pifa.finance.errors import GatewayUnavailable
from pifa.finance.events import TOGETHER_SUBJECT
from pifa.finance.insurance.freight.paying import is_last, order_of, premium_open
from pifa.finance.rules import Verdict
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, NotFound
from pifa.kernel.money import Money
from pifa.trade import queries as trade
from pifa.trade.invoices.queries import order_invoice
from pifa.trade.queries import Filters, OrderRow
from pifa.trade.staged.queries import stages_told
from pifa.web.access import buyer_page
from pifa.web.shared.bank import authorised
from pifa.web.shared.centre import actor_on
from pifa.web.shared.channels import channel_on
from pifa.web.shared.ways import ways_of
from pifa.web.storefront.frame import show
from pifa.web.storefront.splitting import Split

CHANNEL = "channel"

TOGETHER = "paying"
"""Orders placed together and still to be paid, kept in the session across the bank's page."""

IN_CHANNEL = "paying_in_channel"
"""Of those the ones that are paid from the private channel: whoever is there stays there."""

MOST = 20

ASKED_AT_ONCE = 10
"""Of how many attempts, the newest, the bank is asked at once."""


@buyer_page
def pay(request: HttpRequest) -> HttpResponse:
    """The orders to be paid, the first (or `now`) with its means; paid ones are ticked off."""
    actor = actor_on(request)
    numbers = list(dict.fromkeys(request.GET.getlist("order")))[:MOST]
    waiting = _waiting(actor, numbers)
    if not waiting:
        return redirect(order_page(request, numbers[0]) if numbers else reverse("buyer:orders"))
    request.session[TOGETHER] = list(waiting)
    request.session[IN_CHANNEL] = list(waiting) if request.GET.get("in") == CHANNEL else []
    now = waiting.get(request.GET.get("now", "")) or next(
        waiting[number] for number in numbers if number in waiting
    )
    return _page(request, numbers, waiting, now)


def _waiting(actor: Actor, numbers: list[str]) -> dict[str, OrderRow]:
    """The orders of these numbers of which something may be paid now, or is to be approved
    before, by number."""
    # One order is looked up by its number; several were placed just now and are the newest.
    if len(numbers) == 1:
        rows = trade.orders(actor, "buyer", "all", Filters(keyword=numbers[0]), size=100)
    else:
        rows = trade.orders(actor, "buyer", "awaiting_payment", size=100)
    return {row.number: row for row in rows.items if row.number in numbers and _is_open(row)}


def _is_open(row: OrderRow) -> bool:
    if "pay" in row.verbs or row.awaits_approval:
        return True
    if not {"pay_balance", "pay_balance_early"} & set(row.verbs) and not row.promised:
        return False
    return any(stage.payable_now or stage.lapsed for stage in finance.stages(row.subject))


def _page(
    request: HttpRequest,
    numbers: list[str],
    waiting: dict[str, OrderRow],
    now: OrderRow,
    split: Split | None = None,
) -> HttpResponse:
    actor = actor_on(request)
    payable = finance.payable(now.subject)
    stages = stages_told(actor, now.number)
    parts = [stage for stage in stages if stage.payable_now]
    if payable is None or not parts:
        raise NotFound
    asked = request.GET.get("part", "")
    part = next((stage for stage in parts if str(stage.position) == asked), parts[0])
    due = Money(sum(stage.amount.fen for stage in parts))
    invoice = order_invoice(actor, now.number)
    wish = premium_open(now.subject)
    premium = Money(wish.premium_fen) if wish and is_last(now.subject, part.position) else None
    return show(
        request,
        "storefront/pay.html",
        status=422 if split else 200,
        tab="orders" if _is_in_channel(request, now.number) else "purchase_list",
        base="channel/base.html" if _is_in_channel(request, now.number) else "kit/storefront.html",
        order_page=order_page(request, now.number),
        now=now,
        payable=payable,
        stages=stages,
        part=part,
        parts=[
            (
                f"{stage.label} {stage.amount}",
                f"{_address(request, numbers, now)}&part={stage.position}",
                None,
                stage is part,
            )
            for stage in parts
        ],
        due=due,
        premium=premium,
        with_premium=part.amount + premium if premium else part.amount,
        split=split or Split.of(due, [stage.amount for stage in parts]),
        split_address=f"{reverse('storefront:pay_split', args=[payable.number])}?{_query(request, numbers)}",
        ways=ways_of(finance.methods_for(actor, payable.number, part.position)),
        others=[
            (row, _address(request, numbers, row)) for row in waiting.values() if row is not now
        ],
        done=len(numbers) - len(waiting),
        count=len(numbers),
        mismatches=invoice.mismatches if invoice.row else (),
        waits_for_approval=now.awaits_approval,
    )


@require_POST
@buyer_page
def split(request: HttpRequest, payable_number: str) -> HttpResponse:
    """Pay what comes next in parts of the amounts typed; wrong ones are said and kept."""
    actor = actor_on(request)
    payable = finance.payable_by_number(actor, payable_number)
    number = payable.subject.removeprefix("order:")
    numbers = list(dict.fromkeys(request.GET.getlist("order")))[:MOST] or [number]
    waiting = _waiting(actor, numbers if number in numbers else [number])
    if number not in waiting:
        return redirect(_home_of(request, payable.subject))
    typed = Split.typed(request.POST, _due(payable.subject))
    if not typed.error:
        try:
            commands.split_payment(actor, payable_number, typed.amounts)
        except DomainError as error:
            if error.status in (403, 404):
                raise
            typed.error = str(error)
    if typed.error:
        return _page(request, numbers, waiting, waiting[number], typed)
    toasts.success(request, _("已按您填的金额分笔，可以逐笔付款，每笔可用不同的方式。"))
    return redirect(_address(request, numbers, waiting[number]))


def _due(subject: str) -> Money:
    return Money(sum(row.amount.fen for row in finance.stages(subject) if row.payable_now))


@sensitive_post_parameters("password")
@require_POST
@buyer_page
def start(request: HttpRequest, payable_number: str) -> HttpResponseBase:
    """Begin to pay and go to the bank; what needs no bank is done at once."""
    actor = actor_on(request)
    part, method = request.POST.get("part", ""), request.POST.get("method", "")
    try:
        begun = commands.start_insured(
            actor,
            payable_number,
            method,
            int(part) if part.isascii() and part.isdigit() and len(part) < 5 else None,
            channel_on(request, method),
            authorised(request, actor),
        )
    except DomainError as error:
        if error.status in (403, 404):
            raise
        toasts.error(request, str(error))
        return redirect(_where_to_choose(request, finance.payable_by_number(actor, payable_number)))
    if begun.redirect_url:
        return redirect(begun.redirect_url)
    return back(request, begun.payment_number)


@buyer_page
def back(request: HttpRequest, payment_number: str) -> HttpResponse:
    """Back from the bank: on to the next unpaid order, or to the order that was paid."""
    actor = actor_on(request)
    payment = finance.payment(payment_number)
    payable = finance.payable_by_number(actor, payment.payable_number)
    if payment.state == "failed" and payable.state == "settled":
        toasts.info(request, _("这笔订单已由另一笔付款付清，不会重复扣款。"))
    elif payment.state == "failed":
        toasts.error(
            request, _("付款没有成功：%(why)s。订单还在，可以再付一次。") % {"why": payment.outcome}
        )
    elif payment.state == "succeeded" and payable.subject.startswith(
        ("repayment:", "secured:", "trust:")
    ):
        toasts.success(request, _("还款 %(amount)s 已到账。") % {"amount": payment.amount})
    elif payment.state == "succeeded":
        toasts.success(request, _("已付款 %(amount)s，由平台担保。") % {"amount": payment.amount})
    elif payment.state == "promised":
        said = _("已约定用“%(method)s”付款 %(amount)s。")
        toasts.success(request, said % {"method": payment.method_label, "amount": payment.amount})
    elif payment.state == "returned":
        toasts.info(request, payment.outcome)
    subject = payable.subject
    if subject.startswith(TOGETHER_SUBJECT):
        subject = order_of(subject)
    others = [
        number for number in request.session.get(TOGETHER, []) if f"order:{number}" != subject
    ]
    if subject.startswith("order:"):
        numbers = [subject.removeprefix("order:"), *others]
        # With parts left of the purpose that was just paid, one goes on with them.
        stages = finance.stages(subject)
        paid_for = {row.purpose for row in stages if row.position == payment.stage_position}
        if others or any(row.payable_now and row.purpose in paid_for for row in stages):
            return redirect(f"{reverse('storefront:pay')}?{_query(request, numbers)}")
    return redirect(_home_of(request, subject))


@require_POST
@buyer_page
def ask_bank(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the bank itself about payments of an order whose notices did not come or were wrong."""
    actor = actor_on(request)
    order = trade.order(actor, number).order
    if order.buyer_id != actor.company_id:
        raise NotFound
    asked = [payment for payment in finance.payments(order.subject) if payment.unanswered]
    try:
        verdicts = {commands.refresh_payment(payment.number) for payment in asked[-ASKED_AT_ONCE:]}
    except GatewayUnavailable as error:
        toasts.error(request, str(error))
        return redirect("buyer:order", number)
    if Verdict.RETURNED in verdicts:
        toasts.success(request, _("银行说款已付；这笔款不用再付，已原路退回。"))
    elif Verdict.SETTLED in verdicts:
        toasts.success(request, _("银行说款已付，已经入账。"))
    else:
        toasts.info(request, _("银行还没有收到付款。刚付过的话，请过几分钟再查。"))
    return redirect("buyer:order", number)


def _where_to_choose(request: HttpRequest, payable: finance.PayableView) -> str:
    """Where another way is chosen for what could not be begun, with the orders paid together."""
    number = payable.subject.removeprefix("order:")
    if number == payable.subject:
        return _home_of(request, payable.subject)
    together = request.session.get(TOGETHER, [])
    query = _query(request, together if number in together else [number])
    return f"{reverse('storefront:pay')}?{query}&now={number}"


def _is_in_channel(request: HttpRequest, number: str) -> bool:
    return number in request.session.get(IN_CHANNEL, [])


def order_page(request: HttpRequest, number: str) -> str:
    """The page of an order, in the channel for whoever pays it from there."""
    return reverse(
        f"{'channel' if _is_in_channel(request, number) else 'buyer'}:order", args=[number]
    )


def _home_of(request: HttpRequest, subject: str) -> str:
    if subject.startswith(TOGETHER_SUBJECT):
        subject = order_of(subject)
    kind, _colon, name = subject.partition(":")
    if kind == "order":
        return order_page(request, name)
    if kind == "repayment":
        return reverse("buyer:credit_repayment", args=[name])
    if kind == "secured":
        return reverse("buyer:secured_repayment", args=[name])
    if kind == "trust":
        return reverse("buyer:trust_repayment", args=[name])
    return reverse("seller:home")


def _address(request: HttpRequest, numbers: list[str], row: OrderRow) -> str:
    return f"{reverse('storefront:pay')}?{_query(request, numbers)}&now={row.number}"


def _query(request: HttpRequest, numbers: list[str]) -> str:
    orders = [("order", number) for number in numbers]
    here = any(_is_in_channel(request, number) for number in numbers)
    return urlencode([*orders, ("in", CHANNEL)] if here else orders)
