"""The fields of past trade that a column can mean."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Field(StrEnum):
    """What a column of a sheet of past trade can mean; the value is its key in a mapping."""

    ORDER_NO = "order_no"
    ORDINAL = "ordinal"
    CUSTOMER = "customer"
    BUYER_COMPANY = "buyer_company"
    BUYER_MEMBER = "buyer_member"
    SELLER_COMPANY = "seller_company"
    SELLER_MEMBER = "seller_member"
    GOODS_TOTAL = "goods_total"
    FREIGHT = "freight"
    ADJUSTMENT = "adjustment"
    PAID = "paid"
    STATUS = "status"
    CREATED_AT = "created_at"
    PAID_AT = "paid_at"
    SHIPPER = "shipper"
    CONSIGNEE = "consignee"
    COUNTRY = "country"
    ADDRESS = "address"
    POST_CODE = "post_code"
    PHONE = "phone"
    MOBILE = "mobile"
    CODE = "code"
    DESCRIPTION = "description"
    UNIT_PRICE = "unit_price"
    QUANTITY = "quantity"
    UNIT = "unit"

    @property
    def label(self) -> str | Promise:
        """The field's name for a person, as the page that matches columns shows it."""
        return LABELS[self]


LABELS: dict[Field, str | Promise] = {
    Field.ORDER_NO: _("订单号"),
    Field.ORDINAL: _("单内序号"),
    Field.CUSTOMER: _("客户编号"),
    Field.BUYER_COMPANY: _("买家公司"),
    Field.BUYER_MEMBER: _("买家会员"),
    Field.SELLER_COMPANY: _("卖家公司"),
    Field.SELLER_MEMBER: _("卖家会员"),
    Field.GOODS_TOTAL: _("货品总价"),
    Field.FREIGHT: _("运费"),
    Field.ADJUSTMENT: _("涨价或折扣"),
    Field.PAID: _("实付款"),
    Field.STATUS: _("订单状态"),
    Field.CREATED_AT: _("下单时间"),
    Field.PAID_AT: _("付款时间"),
    Field.SHIPPER: _("发货方"),
    Field.CONSIGNEE: _("收货人"),
    Field.COUNTRY: _("国家"),
    Field.ADDRESS: _("收货地址"),
    Field.POST_CODE: _("邮编"),
    Field.PHONE: _("固定电话"),
    Field.MOBILE: _("手机"),
    Field.CODE: _("货号"),
    Field.DESCRIPTION: _("货品标题"),
    Field.UNIT_PRICE: _("单价"),
    Field.QUANTITY: _("数量"),
    Field.UNIT: _("单位"),
}

MONEY_FIELDS = (Field.GOODS_TOTAL, Field.FREIGHT, Field.ADJUSTMENT, Field.PAID)
LINE_FIELDS = (Field.CODE, Field.DESCRIPTION, Field.UNIT_PRICE, Field.QUANTITY, Field.UNIT)

MAX_LENGTHS: dict[Field, int] = {
    Field.ORDER_NO: 60,
    Field.CODE: 60,
    Field.CUSTOMER: 60,
    Field.BUYER_COMPANY: 120,
    Field.BUYER_MEMBER: 60,
    Field.SELLER_COMPANY: 120,
    Field.SELLER_MEMBER: 60,
    Field.DESCRIPTION: 200,
    Field.UNIT: 10,
    Field.SHIPPER: 60,
    Field.CONSIGNEE: 60,
    Field.COUNTRY: 60,
    Field.ADDRESS: 300,
    Field.POST_CODE: 10,
    Field.PHONE: 30,
    Field.MOBILE: 20,
}
"""Longest text the tables hold."""

IDENTIFYING = (Field.ORDER_NO, Field.CODE, Field.CUSTOMER, Field.BUYER_MEMBER)
"""Too long a text here is refused, because cutting it would make two things one; elsewhere
it is cut with a warning."""
