"""Version 1 of the REST API, a module a topic. A module's `topic` holds its endpoints."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.api.openapi import MarketApi
from pifa.api.routing import Topic
from pifa.api.v1 import (
    account,
    adviser,
    after_sale,
    approvals,
    bills,
    bonds,
    buying,
    cash,
    channel,
    collecting,
    company,
    credit,
    customer_files,
    first_order,
    freight_insurance,
    goods,
    goods_sheet,
    invitations,
    invoices,
    loans,
    market,
    messages,
    money,
    operators,
    orders,
    partner_bank,
    past_trade,
    people,
    quotes,
    relationships,
    reports,
    rulings,
    secured,
    staged,
    standing,
    transfers,
    trust,
    withdrawals,
)

TOPICS: tuple[tuple[str | Promise, Topic], ...] = (
    (_("登录与令牌"), account.topic),
    (_("企业"), company.topic),
    (_("成员与地址"), people.topic),
    (_("货品浏览"), market.topic),
    (_("进货单与结算"), buying.topic),
    (_("进货参谋"), adviser.topic),
    (_("询价与报价"), quotes.topic),
    (_("订单邀请"), invitations.topic),
    (_("订单"), orders.topic),
    (_("分阶段付款"), staged.topic),
    (_("退款与纠纷"), after_sale.topic),
    (_("首单交易无忧"), first_order.topic),
    (_("采购审批"), approvals.topic),
    (_("发票"), invoices.topic),
    (_("付款与资金"), money.topic),
    (_("提现"), withdrawals.topic),
    (_("履约保证金险"), bonds.topic),
    (_("运费险"), freight_insurance.topic),
    (_("对公转账"), transfers.topic),
    (_("收钱码"), collecting.topic),
    (_("账期"), credit.topic),
    (_("货到付款"), cash.topic),
    (_("承兑汇票"), bills.topic),
    (_("诚e赊"), secured.topic),
    (_("信任付"), trust.topic),
    (_("网商银行"), partner_bank.topic),
    (_("贷款"), loans.topic),
    (_("等级、勋章与权益"), standing.topic),
    (_("货品表"), goods_sheet.topic),
    (_("卖家货品"), goods.topic),
    (_("消息与通知"), messages.topic),
    (_("客户与供应商"), relationships.topic),
    (_("私域渠道"), channel.topic),
    (_("客户档案"), customer_files.topic),
    (_("历史订单"), past_trade.topic),
    (_("报表"), reports.topic),
    (_("虚假交易裁定"), rulings.topic),
    (_("平台运营"), operators.topic),
)

api = MarketApi()
for _name, _topic in TOPICS:
    api.add_router("", _topic, tags=[_name])  # type: ignore[list-item]  # translated when read
