"""Addresses of the storefront."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from pifa.web.storefront import (
    accounts,
    at_gateway,
    browsing,
    checkout,
    collecting,
    gateway,
    invitations,
    offer,
    paying,
    purchase_list,
    sandbox,
    sandbox_bank,
    sandbox_bills,
    sandbox_carrier,
)

app_name = "storefront"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", browsing.home, name="home"),
    path("categories/", browsing.categories, name="categories"),
    path("c/<slug:slug>/", browsing.category, name="category"),
    path("search/", browsing.search, name="search"),
    path("shop/<slug:slug>/", browsing.shop, name="shop"),
    path("offer/<int:offer_id>/", offer.offer, name="offer"),
    path("offer/<int:offer_id>/total/", offer.offer_total, name="offer_total"),
    path("offer/<int:offer_id>/ask/", offer.ask, name="ask"),
    path("list/", purchase_list.purchase_list, name="purchase_list"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("pay/", paying.pay, name="pay"),
    path("pay/start/<str:payable_number>/", paying.start, name="pay_start"),
    path("pay/split/<str:payable_number>/", paying.split, name="pay_split"),
    path("pay/at/<str:payment_number>/", at_gateway.at, name="at_gateway"),
    path("pay/back/<str:payment_number>/", invitations.back, name="paid"),
    path("pay/ask/<str:number>/", paying.ask_bank, name="ask_bank"),
    path("collect/<str:token>/", collecting.collect, name="collect"),
    path("i/<str:token>/", invitations.invitation, name="invitation"),
    path("i/<str:token>/<int:position>/", invitations.picture, name="invitation_picture"),
    path("sandbox/pay/<str:trade_no>/", sandbox.cashier, name="bank"),
    path("sandbox/card/<str:trade_no>/", sandbox.card, name="card"),
    path("sandbox/bank/", sandbox_bank.branch, name="bank_branch"),
    path("sandbox/bank/statement.csv", sandbox_bank.statement, name="bank_statement"),
    path("sandbox/carrier/", sandbox_carrier.depot, name="carrier_depot"),
    path("sandbox/bills/", sandbox_bills.desk, name="bill_bank"),
    path("bills/<slug:bank>/notify", gateway.bill_word, name="bill_word"),
    path("carrier/<slug:carrier>/reports", gateway.carrier_report, name="carrier_report"),
    path("carrier/<slug:carrier>/batches", gateway.carrier_batch, name="carrier_batch"),
    path("bank/<slug:bank>/lines", gateway.bank_line, name="bank_line"),
    path("bank/<slug:bank>/payouts", gateway.bank_payout, name="bank_payout"),
    path("financier/<slug:financier>/notify", gateway.financier_word, name="financier_word"),
    path("gateway/<slug:gateway>/notify", gateway.notify, name="gateway_notify"),
    path("tracking/<slug:carrier>/notify", gateway.carrier_notify, name="carrier_notify"),
    path("login/", accounts.SignIn.as_view(), name="sign_in"),
    path("logout/", accounts.SignOut.as_view(), name="sign_out"),
    path("join/", accounts.sign_up, name="sign_up"),
    path("welcome/", accounts.welcome, name="welcome"),
    path("company/", accounts.choose_company, name="choose_company"),
]
