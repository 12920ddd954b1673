"""What requests for quotes refuse, in words a person can act on and with the figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError

TITLE, SPEC, UNIT = _("货品名称"), _("规格"), _("单位")
UNTIL, NEEDED_BY, VALID_UNTIL = _("报价截止日"), _("需要日期"), _("有效期")
LEAD_DAYS, PRODUCTION_DAYS = _("发货天数"), _("生产天数")
"""What the refusals name as `what`."""


class NobodyAsked(DomainError):
    """A request to no seller, or to too many; figures: sellers, limit."""

    code = "quotes.nobody_asked"
    status = 422
    message = _("请选择 1 到 {limit} 个卖家询价，现在选了 {sellers} 个。")


class NotYourSeller(DomainError):
    """A seller that the buyer does not know from an offer, a relationship or trade."""

    code = "quotes.not_your_seller"
    status = 422
    message = _("只能向货品的卖家、已建立关系或交易过的卖家询价，请重新选择卖家。")


class NothingAsked(DomainError):
    """A request without lines, or with too many; figures: lines, limit."""

    code = "quotes.nothing_asked"
    status = 422
    message = _("请填写 1 到 {limit} 行货品，现在有 {lines} 行。")


class MixedGoods(DomainError):
    """SKUs of several sellers in one request."""

    code = "quotes.mixed_goods"
    status = 422
    message = _("一份询价单里选定的规格须来自同一个卖家，请按卖家分别询价。")


class InvalidDay(DomainError):
    """A day outside what is possible; figures: what, first, last."""

    code = "quotes.invalid_day"
    status = 422
    message = _("{what}须在 {first} 到 {last} 之间。")


class InvalidDays(DomainError):
    """A number of days outside what is possible; figures: what, first, last."""

    code = "quotes.invalid_days"
    status = 422
    message = _("{what}须是 {first} 到 {last} 之间的整数。")


class InvalidPrice(DomainError):
    """A unit price that cannot be quoted; figures: position, limit."""

    code = "quotes.invalid_price"
    status = 422
    message = _("第 {position} 行的单价须大于 ¥0.00 且不超过 {limit}，最多四位小数。")


class NothingQuoted(DomainError):
    """An answer without any price, or with a price for a line that was not asked for."""

    code = "quotes.nothing_quoted"
    status = 422
    message = _("请至少给询价单里的一行报价；没有询价的行不能报价。")


class InvalidQuoteTotal(DomainError):
    """A sum that an order cannot have; figures: total, limit."""

    code = "quotes.invalid_total"
    status = 422
    message = _("报价合计须大于 ¥0.00 且不超过 {limit}，现在是 {total}。")


class InvalidDeposit(DomainError):
    """A deposit that leaves nothing before or after it; figures: deposit, total."""

    code = "quotes.invalid_deposit"
    status = 422
    message = _("定金须大于 ¥0.00 且小于合计 {total}，现在是 {deposit}。")


class TermsDoNotFit(DomainError):
    """Figures of one way of paying given with another, or missing."""

    code = "quotes.terms_do_not_fit"
    status = 422
    message = _("分阶段付款请填写定金比例或定金金额（只填一项）和生产天数；其他付款方式不填。")


class WayNotOffered(DomainError):
    """A way of paying that is not open between these two; figures: way."""

    code = "quotes.way_not_offered"
    message = _("目前不能用“{way}”与这个买家交易，请选择其他付款方式。")


class TooManyOpen(DomainError):
    """A buyer has as many requests waiting as it may; figures: limit."""

    code = "quotes.too_many_open"
    message = _("最多同时有 {limit} 份等待报价的询价单，请先关闭一些。")


class AnsweredAlready(DomainError):
    """A seller answered what was asked, so it is not changed any more; figures: request."""

    code = "quotes.answered_already"
    message = _("询价单 {request} 已有卖家报价，不能再附图或换图。")


class AnswersEnded(DomainError):
    """The request takes no answers any more; figures: request."""

    code = "quotes.answers_ended"
    message = _("询价单 {request} 已截止报价，不能再报价或修改。")


class QuoteLapsed(DomainError):
    """The answer no longer holds; figures: day."""

    code = "quotes.lapsed"
    message = _("这份报价的有效期到 {day} 为止，已过期。可以请卖家重新报价。")


class QuoteChanged(DomainError):
    """The seller changed its answer since it was read; figures: shown, revision, total."""

    code = "quotes.changed"
    message = _("卖家已修改报价：现在是第 {revision} 版，合计 {total}。请核对后再接受。")


class OtherRegion(DomainError):
    """The freight was quoted for another region."""

    code = "quotes.other_region"
    status = 422
    message = _("运费是按询价单上的省份报的，请选择同一省份的收货地址。")
