"""The account at the partner bank and a loan by the API: opened, funded, paid with, drawn, repaid."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from pifa.finance.models import BankAuthorisation, PartnerAccount, Payable, SandboxPassword
from pifa.kernel import clock
from pifa.kernel.models import IdempotencyKey
from pifa.parties.models import Company
from tests.api.client import App
from tests.api.market import SmallMarket, small_market
from tests.finance.bank.conftest import LICENCE, PAYMENT, QUERY, fund, verify
from tests.finance.loans.conftest import spend


@pytest.fixture
def market(db: None) -> SmallMarket:
    return small_market()


@pytest.fixture
def app(market: SmallMarket) -> App:
    verify(market.trading.buyer)
    return App(market.buyer_token)


def opened(app: App, company: Company) -> PartnerAccount:
    told = {"name": company.name, "licence_no": LICENCE, "representative": "王顺"}
    app.post(
        "/partner-bank/account", {**told, "query_password": QUERY, "payment_password": PAYMENT}
    )
    return PartnerAccount.objects.get()


def signed(app: App, which: str = "payment", password: str = PAYMENT) -> str:
    answer = app.post("/partner-bank/authorisations", {"which": which, "password": password})
    token: str = answer["authorisation"]
    return token


def test_an_order_is_paid_from_the_account(market: SmallMarket, app: App) -> None:
    account = opened(app, market.trading.buyer)
    fund(account, 100_000_00)
    order = market.trading.place(1000)
    payable = Payable.objects.get(subject=order.subject).number
    app.post(
        f"/payables/{payable}/payments",
        {"method": "partner_bank", "authorisation": signed(app)},
    )
    assert app.get(f"/payables/{payable}")["state"] == "settled"
    assert app.get("/partner-bank/account")["tail"] == account.number[-4:]


def test_a_wrong_password_counts_whatever_key_the_request_has(
    market: SmallMarket, app: App
) -> None:
    opened(app, market.trading.buyer)
    wrong = {"which": "payment", "password": "wrong-wrong"}
    codes = [
        app.call(
            "POST",
            "/partner-bank/authorisations",
            wrong,
            key=f"k{n}",
            expect=429 if n == 4 else 422,
        )["code"]
        for n in range(5)
    ]
    assert codes == ["partner_bank.wrong_password"] * 4 + ["partner_bank.password_locked"]
    assert SandboxPassword.objects.get(which="payment").state == "locked"
    assert not IdempotencyKey.objects.filter(body__icontains="wrong-wrong").exists()
    assert not BankAuthorisation.objects.exists()


def test_a_loan_from_the_offer_to_its_end(market: SmallMarket, app: App) -> None:
    buyer = market.trading.buyer
    account = opened(app, buyer)
    spend(buyer, 60_000, clock.today() - timedelta(days=3))
    offer: dict[str, Any] = app.get("/loans/offer")
    assert (offer["step"]["limit"], offer["daily_rate"]) == ("300000.00", "0.0004")
    assert offer["next_asks"][0]["holds"] is False
    assert offer["next_asks"][0]["missing"]
    planned = app.get("/loans/schedule", amount="100000.00", months="6")
    made = app.post("/loans", {"amount": "100000.00", "months": 6})
    assert made["state"] == "approved"
    drawn = app.post(f"/loans/{made['number']}/draw", {"authorisation": signed(app)})
    assert [row["interest"] for row in drawn["instalments"]] == [
        row["interest"] for row in planned["instalments"]
    ]
    fund(account, 50_000_00)
    cost = app.get(f"/loans/{made['number']}/early")
    assert (cost["amount"], cost["saved"]) == ("100000.00", planned["interest"])
    part = {"authorisation": signed(app), "amount": "40000.00"}
    assert app.post(f"/loans/{made['number']}/repay-part", part)["loan"]["owed"] == "60000.00"
    ended = app.post(f"/loans/{made['number']}/repay-whole", {"authorisation": signed(app)})
    assert ended["amount"] == "60000.00"
    (shown,) = App(market.staff_token).get("/market/loans", state="repaid")["items"]
    assert shown["company_name"] == buyer.name
