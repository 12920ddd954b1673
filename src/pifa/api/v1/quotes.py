"""Requests for quotes: a buyer asks and decides, sellers answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import File, Query, UploadedFile

from pifa.api.auth import actor_of
from pifa.api.fields import Number, Paging, listed
from pifa.api.files import PICTURE_FILES, picture_bytes
from pifa.api.routing import Topic
from pifa.api.v1.buying import FreightOfferOut
from pifa.api.v1.order_acts import ReasonIn
from pifa.api.v1.quote_shapes import (
    AcceptQuoteIn,
    LinePriceIn,
    QuoteAnswerIn,
    QuoteInboxPage,
    QuoteOrderOut,
    QuoteRequestIn,
    QuoteRequestOut,
    QuoteRequestPage,
    QuoteTermsIn,
    SellersToAskPage,
)
from pifa.kernel.errors import InvalidInput
from pifa.kernel.money import UnitPrice
from pifa.trade.quotes import commands, queries
from pifa.trade.quotes.commands import AnswerGiven, AskRequest
from pifa.trade.quotes.queries import Picture, RequestView
from pifa.trade.quotes.rules import GoodsWanted
from pifa.trade.quotes.terms import QuoteTerms

topic = Topic()


@topic.reads("/quote-requests", QuoteRequestPage, _("询价单"), _("本企业发出的，新的在前。"))
def quote_requests(
    request: HttpRequest,
    page: Paging,
    tab: Annotated[Literal["all", "waiting", "ended"], Query()] = "all",
) -> object:
    return queries.requests(actor_of(request), tab, page.cursor, page.size)


@topic.reads(
    "/quote-requests/sellers",
    SellersToAskPage,
    _("可以询价的卖家"),
    _("已建立关系、交易过或进货单里有其货品的卖家，最多 60 个；货品的卖家另由货品指定。"),
)
def sellers_to_ask(request: HttpRequest) -> object:
    found = queries.sellers_to_ask(actor_of(request))
    return listed([{"id": company_id, "name": name} for company_id, name in found])


@topic.writes(
    "POST",
    "/quote-requests",
    QuoteRequestOut,
    _("向卖家询价"),
    _("向 1 到 20 个卖家询价；卖家互不知道还问了谁。不占用库存。"),
    status=201,
)
def ask_quotes(request: HttpRequest, asked: QuoteRequestIn) -> RequestView:
    actor = actor_of(request)
    number = commands.ask_quotes(
        actor,
        AskRequest(
            lines=[
                GoodsWanted(
                    quantity=line.quantity,
                    sku_id=line.sku_id,
                    title=line.title,
                    spec_text=line.spec_text,
                    unit=line.unit,
                    wanted=line.wanted_price,
                )
                for line in asked.lines
            ],
            address_id=asked.address_id,
            until=asked.answers_until,
            seller_ids=asked.seller_ids,
            offer_ids=asked.offer_ids,
            needed_by=asked.needed_by,
            note=asked.note,
        ),
    )
    return queries.quote_request(actor, number)


@topic.reads(
    "/quote-requests/{rfq}", QuoteRequestOut, _("一份询价单和收到的报价"), _("发出它的买家。")
)
def quote_request(request: HttpRequest, rfq: Number) -> RequestView:
    return queries.quote_request(actor_of(request), rfq)


@topic.writes(
    "POST",
    "/quote-requests/{rfq}/picture",
    None,
    _("给询价单附图"),
    _("发出询价的买家，还没有卖家报价时；只有买家和被询价的卖家看得到。再传一次即替换。"),
)
def attach_quote_picture(request: HttpRequest, rfq: Number, picture: File[UploadedFile]) -> None:
    commands.attach_picture(actor_of(request), rfq, picture_bytes(picture))


@topic.reads(
    "/quote-requests/{rfq}/picture",
    None,
    _("询价单的附图"),
    _("发出它的买家。"),
    content=PICTURE_FILES,
)
def quote_request_picture(request: HttpRequest, rfq: Number) -> HttpResponse:
    return _sent(queries.request_picture(actor_of(request), rfq))


@topic.writes("POST", "/quote-requests/{rfq}/close", None, _("关闭询价单"))
def close_quote_request(request: HttpRequest, rfq: Number) -> None:
    commands.close_request(actor_of(request), rfq)


@topic.reads("/quotes", QuoteInboxPage, _("收到的询价"), _("卖家；新的在前。"))
def quote_inbox(
    request: HttpRequest,
    page: Paging,
    tab: Annotated[Literal["all", "waiting", "answered", "ended"], Query()] = "all",
) -> object:
    return queries.inbox(actor_of(request), tab, page.cursor, page.size)


@topic.reads(
    "/quotes/{quote}", QuoteRequestOut, _("一份收到的询价"), _("被询价的卖家；只含自己的报价。")
)
def asked_quote(request: HttpRequest, quote: Number) -> RequestView:
    return queries.asked_quote(actor_of(request), quote)


@topic.reads(
    "/quotes/{quote}/picture",
    None,
    _("收到的询价的附图"),
    _("被询价的卖家。"),
    content=PICTURE_FILES,
)
def asked_quote_picture(request: HttpRequest, quote: Number) -> HttpResponse:
    return _sent(queries.request_picture(actor_of(request), quote))


@topic.writes(
    "PUT",
    "/quotes/{quote}/answer",
    QuoteRequestOut,
    _("报价或修改报价"),
    _(
        "卖家；每次修改是新的一版，以前的各版保留。账期支付只在买家有本企业没有冻结的账期额度时可报，"
        "定金比例和金额只填一项。"
    ),
)
def answer_quote(request: HttpRequest, quote: Number, answer: QuoteAnswerIn) -> RequestView:
    actor = actor_of(request)
    commands.answer_quote(
        actor,
        quote,
        AnswerGiven(
            prices=_prices(answer.prices),
            freight=answer.freight,
            lead_days=answer.lead_days,
            valid_until=answer.valid_until,
            terms=_terms(answer.terms),
            note=answer.note,
        ),
    )
    return queries.asked_quote(actor, quote)


@topic.writes("POST", "/quotes/{quote}/withdraw", None, _("撤回报价"))
def withdraw_quote(request: HttpRequest, quote: Number, why: ReasonIn) -> None:
    commands.withdraw_quote(actor_of(request), quote, why.reason)


@topic.writes("POST", "/quotes/{quote}/decline", None, _("不报价"), _("被询价的卖家。"))
def decline_quote(request: HttpRequest, quote: Number, why: ReasonIn) -> None:
    commands.decline_quote(actor_of(request), quote, why.reason)


@topic.writes("POST", "/quotes/{quote}/refuse", None, _("不接受报价"), _("发出询价的买家。"))
def refuse_quote(request: HttpRequest, quote: Number, why: ReasonIn) -> None:
    commands.refuse_quote(actor_of(request), quote, why.reason)


@topic.writes(
    "POST",
    "/quotes/{quote}/accept",
    QuoteOrderOut,
    _("接受报价"),
    _(
        "买家；立即按报价的单价、运费、天数和付款方式生成订单，重复请求得到同一个订单。"
        "金额超过采购额度的，等待企业批准后才能付款。"
    ),
    status=201,
)
def accept_quote(request: HttpRequest, quote: Number, wanted: AcceptQuoteIn) -> dict[str, Any]:
    number = commands.accept_quote(
        actor_of(request),
        quote,
        wanted.revision,
        address_id=wanted.address_id,
        message=wanted.message,
        invoice=wanted.invoice.model_dump(exclude_none=True) if wanted.invoice else None,
        premium=wanted.premium,
    )
    return {"number": number}


@topic.reads(
    "/quotes/{quote}/freight-insurance",
    FreightOfferOut,
    _("报价的运费险"),
    _("买家；接受这份报价时投保的保费，或由卖家赠送。"),
)
def quote_insurance(request: HttpRequest, quote: Number) -> dict[str, Any]:
    found = queries.offer_to_insure(actor_of(request), quote)
    return {"given": found.given, "premium": found.quote.premium, "insured": found.quote.insured}


def _sent(picture: Picture) -> HttpResponse:
    return HttpResponse(picture.data, content_type=f"image/{picture.kind}")


def _prices(given: Sequence[LinePriceIn]) -> dict[int, UnitPrice]:
    prices = {line.position: line.price for line in given}
    if len(prices) < len(given):
        raise InvalidInput(field="prices", reason=_("同一行货品只能报一个单价。"))
    return prices


def _terms(given: QuoteTermsIn) -> QuoteTerms:
    return QuoteTerms(given.way, given.deposit_percent, given.deposit, given.production_days)
