"""A buyer's invoices and purchase approvals on pages: details, asking, deciding, limits."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from pifa.kernel import clock
from pifa.kernel.actors import Role
from pifa.kernel.money import Money
from pifa.parties.models import Address, Company
from pifa.trade import commands
from pifa.trade.approval.commands import set_limit
from pifa.trade.commands import CheckoutRequest
from pifa.trade.invoices.commands import NewPaper, record_invoice
from pifa.trade.invoices.profiles import profiles, save_profile
from pifa.trade.models import InvoiceRequest, Order, PurchaseApproval
from pifa.trade.queries import preview_checkout
from tests.build import buying
from tests.build.buying import Market
from tests.catalog import market as goods
from tests.catalog.market import sku_ids
from tests.trade.invoice_files import pdf
from tests.trade.test_invoice_rules import CODE, SPECIAL
from tests.web.seller.conftest import signed_in

PAGES = (
    "/buyer/invoices/",
    "/buyer/invoices/?tab=all",
    "/buyer/invoices/ask/",
    "/buyer/invoices/details/",
    "/buyer/invoices/details/new/",
    "/buyer/approvals/",
    "/buyer/approvals/?tab=decided",
    "/buyer/approvals/limits/",
)


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def paid(market: Market) -> str:
    number = buying.order(market, [(sku_ids(market.bags)[0], 500)])
    buying.pay(market, number)
    return number


@pytest.fixture
def held(market: Market) -> str:
    """An order of a purchaser's above its limit."""
    set_limit(market.buyer, Money(100))
    assert market.buyer.company_id is not None
    purchaser = goods.actor(buying.company_of(market.buyer), Role.PURCHASER)
    lines = [(sku_ids(market.bags)[0], 500)]
    where = Address.objects.get(company=market.buyer.company_id)
    view = preview_checkout(purchaser, lines=lines, region=where.region)
    request = CheckoutRequest(lines=lines, address_id=where.pk, shown_total=view.total)
    return commands.place_orders(purchaser, request)[0]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_and_speaks_english(
    buyer: Client, client: Client, market: Market, path: str
) -> None:
    assert client.get(path)["Location"].startswith("/login/?next=")
    page = text(buyer.get(path, headers={"Accept-Language": "en"}))
    main = page.split("<main", 1)[1].split("</main>", 1)[0]
    assert not re.findall(r"[\u4e00-\u9fff]+", main)


def test_details_are_kept_and_fill_in_the_checkout(buyer: Client, market: Market) -> None:
    wrong = buyer.post("/buyer/invoices/details/new/", SPECIAL | {"tax_no": "123", "bank": ""})
    assert wrong.status_code == 422
    assert "开这种发票需要填写这一项" in text(wrong)
    assert "试验路 1 号" in text(wrong)
    buyer.post("/buyer/invoices/details/new/", SPECIAL)
    (row,) = profiles(market.buyer)
    assert (row.is_default, row.account) == (True, SPECIAL["account"])
    page = text(buyer.get("/checkout/", {"line": f"{sku_ids(market.bags)[0]}:500"}))
    assert f'value="{SPECIAL["title"]}"' in page
    assert "还没有通过认证" in page
    other = save_profile(market.buyer, {"title": "别的抬头", "tax_no": CODE})
    buyer.post("/buyer/invoices/details/", {"act": "default", "profile": str(other)})
    assert profiles(market.buyer)[0].pk == other
    buyer.post("/buyer/invoices/details/", {"act": "delete", "profile": str(other)})
    assert [kept.pk for kept in profiles(market.buyer)] == [row.pk]
    changed = SPECIAL | {"title": "新抬头"}
    buyer.post(f"/buyer/invoices/details/{row.pk}/", changed)
    assert profiles(market.buyer)[0].title == "新抬头"


def test_the_checkout_says_at_once_what_does_not_match(buyer: Client, market: Market) -> None:
    sent = {
        "line": f"{sku_ids(market.bags)[0]}:500",
        "invoice-kind": "ordinary",
        "invoice-title": "谁也不是",
        "invoice-tax_no": CODE,
    }
    part = text(buyer.get("/checkout/", sent, headers={"HX-Request": "true"}))
    assert "发票信息与交易双方不一致" in part
    assert "谁也不是" in part
    without = text(buyer.get("/checkout/", sent | {"invoice-kind": "none"}))
    assert "发票信息与交易双方不一致" not in without


def test_an_invoice_is_asked_for_withdrawn_and_downloaded(
    buyer: Client, market: Market, paid: str
) -> None:
    page = text(buyer.get(f"/buyer/orders/{paid}/"))
    assert f"/buyer/invoices/ask/?order={paid}" in page
    form = text(buyer.get("/buyer/invoices/ask/", {"order": paid}))
    assert re.search(rf'value="{paid}"[^>]*checked', form)
    typed = {"order": paid, "kind": "ordinary", "title": "晨光商贸行", "tax_no": CODE, "keep": "1"}
    nothing = buyer.post("/buyer/invoices/ask/", typed | {"order": ""})
    assert nothing.status_code == 404
    where = buyer.post("/buyer/invoices/ask/", typed)["Location"]
    assert len(profiles(market.buyer)) == 1
    request = InvoiceRequest.objects.get()
    assert where == f"/buyer/invoices/{request.number}/"
    assert "还没有通过认证" in text(buyer.get(where))
    assert request.number in text(buyer.get(f"/buyer/orders/{paid}/"))
    buyer.post(where, {"act": "withdraw"})
    buyer.post("/buyer/invoices/ask/", typed)
    number = InvoiceRequest.objects.latest("pk").number
    total = Order.objects.get(number=paid).paid_fen
    paper = NewPaper(number=f"{1:020d}", day=clock.today(), amount=Money(total), file=pdf())
    record_invoice(market.seller, number, paper)
    page = text(buyer.get(f"/buyer/invoices/{number}/"))
    (link,) = re.findall(rf'href="(/buyer/invoices/{number}/papers/\d+/)"', page)
    file = buyer.get(link)
    assert (file.content, file["Content-Type"]) == (pdf(), "application/pdf")
    assert file["Content-Disposition"].startswith("attachment")
    assert file["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in file["Cache-Control"]
    stranger = signed_in(goods.actor(goods.company()))
    assert stranger.get(link).status_code == 404
    assert buyer.get(link.replace("/buyer/", "/seller/")).status_code in (302, 404)


def test_a_held_order_is_approved_on_its_page(buyer: Client, held: str) -> None:
    page = text(buyer.get(f"/buyer/orders/{held}/"))
    assert "等待采购审批" in page
    assert "/pay/?order=" not in page
    listed = text(buyer.get("/buyer/orders/"))
    assert "等待采购审批" in listed
    assert "/pay/?order=" not in listed
    pay = text(buyer.get("/pay/", {"order": held}))
    assert "等待采购审批" in pay
    assert held in text(buyer.get("/buyer/approvals/"))
    total = Order.objects.get(number=held).total_fen
    stale = buyer.post(
        f"/buyer/orders/{held}/", {"act": "approve_purchase", "shown_total": str(total - 1)}
    )
    assert stale.status_code == 422
    assert PurchaseApproval.objects.get().state == "waiting"
    buyer.post(f"/buyer/orders/{held}/", {"act": "approve_purchase", "shown_total": str(total)})
    page = text(buyer.get(f"/buyer/orders/{held}/"))
    assert "/pay/?order=" in page
    assert "/pay/?order=" in text(buyer.get("/buyer/orders/"))
    assert "周晨" in page
    assert "周晨" in text(buyer.get("/buyer/approvals/?tab=decided"))


def test_a_refusal_needs_its_reason_and_keeps_what_was_typed(buyer: Client, held: str) -> None:
    total = str(Order.objects.get(number=held).total_fen)
    refuse = {"act": "refuse_purchase", "shown_total": total}
    wrong = buyer.post(f"/buyer/orders/{held}/", refuse | {"reason": ""})
    assert wrong.status_code == 422
    buyer.post(f"/buyer/orders/{held}/", refuse | {"reason": "本月预算用完"})
    assert Order.objects.get(number=held).close_reason == "本月预算用完"


def test_purchasers_see_their_own_and_no_limits(market: Market, held: str) -> None:
    asker = PurchaseApproval.objects.get().asked_by
    client = Client()
    client.force_login(asker.user, "django.contrib.auth.backends.ModelBackend")
    page = text(client.get("/buyer/approvals/"))
    assert held in page
    assert "approve_purchase" not in page
    assert client.get("/buyer/approvals/limits/").status_code == 403
    total = str(Order.objects.get(number=held).total_fen)
    sent = {"act": "approve_purchase", "shown_total": total}
    assert client.post(f"/buyer/orders/{held}/", sent).status_code == 403


def test_limits_are_set_dropped_and_refused(buyer: Client, market: Market, held: str) -> None:
    member = PurchaseApproval.objects.get().asked_by_id
    at = "/buyer/approvals/limits/"
    assert "采购一次下单超过 ¥1.00 需要审批" in text(buyer.get(at))
    buyer.post(at, {"act": "set", "limit": "2,000"})
    buyer.post(at, {"act": "set", "limit": "30", "member": str(member)})
    page = text(buyer.get(at))
    assert "¥2,000.00" in page
    assert "¥30.00" in page
    buyer.post(at, {"act": "follow", "member": str(member)})
    assert "¥30.00" not in text(buyer.get(at))
    buyer.post(at, {"act": "none", "member": str(member)})
    assert "单独设置" in text(buyer.get(at))
    buyer.post(at, {"act": "none"})
    assert "采购下单不需要审批" in text(buyer.get(at))
    assert buyer.post(at, {"act": "set", "limit": "1.234"}).status_code == 422


def test_a_verified_company_need_not_type_its_own_name(
    buyer: Client, market: Market, paid: str
) -> None:
    pages = ("/buyer/invoices/details/new/", f"/buyer/invoices/ask/?order={paid}")
    for page in pages:
        assert "顺达建材（集团）" not in text(buyer.get(page))
    company = Company.objects.filter(pk=buying.company_of(market.buyer).pk)
    company.update(verified_name="顺达建材（集团）", licence_no=CODE)
    for page in pages:
        form = buyer.get(page).context["form"]
        assert (form["title"].value(), form["tax_no"].value()) == ("顺达建材（集团）", CODE)
    sku = sku_ids(market.bags)[0]
    form = buyer.get("/checkout/", {"line": f"{sku}:500"}).context["invoice_form"]
    assert (form["title"].value(), form["kind"].value()) == ("顺达建材（集团）", "none")
    save_profile(market.buyer, {"kind": "ordinary", "title": "另一个名称", "tax_no": CODE})
    assert buyer.get(pages[1]).context["form"]["title"].value() == "另一个名称"
