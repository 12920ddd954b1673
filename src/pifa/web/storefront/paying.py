"""Paying: what is to be paid, by which means, and where a buyer comes back from the bank."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pifa.finance import commands
from pifa.finance import queries as finance
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, NotFound
from pifa.trade import queries as trade
from pifa.trade.approval.queries import awaits_approval
from pifa.trade.invoices.queries import order_invoice
from pifa.trade.queries import Filters, OrderRow
from pifa.web.access import buyer_page
from pifa.web.shared.centre import actor_on
from pifa.web.storefront.frame import show

TOGETHER = "paying"
"""Orders placed together and still to be paid, kept in the session across the bank's page."""

MOST = 20


@buyer_page
def pay(request: HttpRequest) -> HttpResponse:
    """The orders to be paid, the first (or `now`) with its means; paid ones are ticked off."""
    actor = actor_on(request)
    numbers = list(dict.fromkeys(request.GET.getlist("order")))[:MOST]
    # One order is looked up by its number; several were placed just now and are the newest.
    narrowed = Filters(keyword=numbers[0]) if len(numbers) == 1 else Filters()
    unpaid = trade.orders(actor, "buyer", "awaiting_payment", narrowed, size=100)
    waiting = {row.number: row for row in unpaid.items if row.number in numbers}
    if not waiting:
        return redirect("buyer:order", numbers[0]) if numbers else redirect("buyer:orders")
    request.session[TOGETHER] = list(waiting)
    now = waiting.get(request.GET.get("now", "")) or next(
        waiting[number] for number in numbers if number in waiting
    )
    payable = finance.payable(now.subject)
    if payable is None:
        raise NotFound
    methods = finance.methods_for(actor, payable.number)
    invoice = order_invoice(actor, now.number)
    return show(
        request,
        "storefront/pay.html",
        tab="purchase_list",
        now=now,
        payable=payable,
        methods=methods,
        chosen=next((method.code for method in methods if method.offered), ""),
        others=[(row, _address(numbers, row)) for row in waiting.values() if row is not now],
        done=len(numbers) - len(waiting),
        count=len(numbers),
        mismatches=invoice.mismatches if invoice.row else (),
        waits_for_approval=awaits_approval(now.number),
    )


@require_POST
@buyer_page
def start(request: HttpRequest, payable_number: str) -> HttpResponse:
    """Begin to pay and go to the bank."""
    actor = actor_on(request)
    try:
        begun = commands.start_payment(actor, payable_number, request.POST.get("method", ""))
    except DomainError as error:
        if error.status in (403, 404):
            raise
        toasts.error(request, str(error))
        payable = finance.payable_by_number(actor, payable_number)
        return redirect(_home_of(payable.subject))
    # What is done at once (a balance, a promise) needs no page of a bank.
    return redirect(begun.redirect_url or _address_after(actor, payable_number))


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
    elif payment.state == "succeeded" and payable.subject.startswith("repayment:"):
        toasts.success(request, _("还款 %(amount)s 已到账。") % {"amount": payment.amount})
    elif payment.state == "succeeded":
        toasts.success(request, _("已付款 %(amount)s，由平台担保。") % {"amount": payment.amount})
    elif payment.state == "returned":
        toasts.info(request, payment.outcome)
    others = [
        number
        for number in request.session.get(TOGETHER, [])
        if f"order:{number}" != payable.subject
    ]
    if others and payable.subject.startswith("order:"):
        numbers = [payable.subject.removeprefix("order:"), *others]
        return redirect(f"{reverse('storefront:pay')}?{_query(numbers)}")
    return redirect(_home_of(payable.subject))


@require_POST
@buyer_page
def ask_bank(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the bank itself about payments of an order whose notices did not come or were wrong."""
    actor = actor_on(request)
    order = trade.order(actor, number).order
    if order.buyer_id != actor.company_id:
        raise NotFound
    verdicts: list[Any] = []
    for payment in finance.payments(order.subject)[-5:]:
        if payment.state == "started":
            verdicts.append(commands.refresh_payment(payment.number))
    if any(verdicts):
        toasts.success(request, _("银行说款已付，已经入账。"))
    else:
        toasts.info(request, _("银行还没有收到付款。刚付过的话，请过几分钟再查。"))
    return redirect("buyer:order", number)


def _address_after(actor: Actor, payable_number: str) -> str:
    return _home_of(finance.payable_by_number(actor, payable_number).subject)


def _home_of(subject: str) -> str:
    kind, _colon, name = subject.partition(":")
    if kind == "order":
        return reverse("buyer:order", args=[name])
    if kind == "repayment":
        return reverse("buyer:credit_repayment", args=[name])
    return reverse("seller:home")


def _address(numbers: list[str], row: OrderRow) -> str:
    return f"{reverse('storefront:pay')}?{_query(numbers)}&now={row.number}"


def _query(numbers: list[str]) -> str:
    return urlencode([("order", number) for number in numbers])
