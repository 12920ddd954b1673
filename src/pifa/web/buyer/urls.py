"""Addresses of the buyer's centre."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from pifa.web.buyer import (
    addresses,
    adviser,
    after,
    approvals,
    balance,
    bills,
    credit,
    freight_insurance,
    invoices,
    order,
    orders,
    secured,
    suppliers,
    taking_over,
    transfer_to,
    trust,
)
from pifa.web.buyer.centre import CENTRE
from pifa.web.buyer.quotes import asking, pages
from pifa.web.shared import urls as shared

app_name = "buyer"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", orders.home, name="home"),
    path("orders/", orders.orders, name="orders"),
    path("orders/claim/", taking_over.take_over, name="take_over"),
    path("orders/<str:number>/", order.order, name="order"),
    path(
        "orders/<str:number>/production/<int:picture_id>/",
        order.production_picture,
        name="production_picture",
    ),
    path("orders/<str:number>/refund/", after.ask_refund, name="ask_refund"),
    path("orders/<str:number>/review/", after.review, name="review"),
    path("addresses/", addresses.addresses, name="addresses"),
    path("addresses/new/", addresses.add, name="address_add"),
    path("addresses/<int:address_id>/", addresses.change, name="address"),
    path("balance/", balance.balance, name="balance"),
    path("transfers/to/<str:payment_number>/", transfer_to.transfer_to, name="transfer_to"),
    path("bills/", bills.bills, name="bills"),
    path("bills/draw/<str:payment_number>/", bills.draw, name="bill_draw"),
    path("credit/", credit.lines, name="credit"),
    path("credit/<int:line_id>/", credit.line, name="credit_line"),
    path("credit/<int:line_id>/repay/", credit.repay, name="credit_repay"),
    path("credit/<int:line_id>/sheet/", credit.sheet, name="credit_sheet"),
    path("credit/repayments/<str:number>/", credit.repayment, name="credit_repayment"),
    path("freight-insurance/", freight_insurance.policies, name="freight_insurance"),
    path("secured/", secured.debts, name="secured"),
    path("secured/repay/", secured.repay, name="secured_repay"),
    path("secured/repayments/<str:number>/", secured.repayment, name="secured_repayment"),
    path("trust/", trust.trust, name="trust"),
    path("trust/repay/", trust.repay, name="trust_repay"),
    path("trust/repayments/<str:number>/", trust.repayment, name="trust_repayment"),
    path("adviser/", adviser.adviser, name="adviser"),
    path("quotes/", pages.requests, name="quote_requests"),
    path("quotes/new/", asking.ask, name="quote_new"),
    path("quotes/<str:number>/", pages.quote_request, name="quote_request"),
    path("quotes/<str:number>/picture/", pages.picture, name="quote_picture"),
    path("suppliers/", suppliers.suppliers, name="suppliers"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/limits/", approvals.limits, name="approval_limits"),
    path("invoices/ask/", invoices.ask, name="invoice_ask"),
    path("invoices/details/", invoices.details, name="invoice_profiles"),
    path("invoices/details/new/", invoices.detail, name="invoice_profile_add"),
    path("invoices/details/<int:profile_id>/", invoices.detail, name="invoice_profile"),
    *shared.pages(CENTRE),
]
