"""Every kind of notice: its words, why one gets it, and where it goes unless one says otherwise.

Words take figures from a notice's params. A param named `*_fen` is shown as an amount, one
named `due`, `*_by` or `*_at` as a moment in the market's zone; so most events can be passed
on as they are. Of a param with a twin named `*_en` an English reader gets the twin. Where
what happened has several outcomes, `choice` names the param that chooses the body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
Audience = Literal["buyer", "seller", "both"]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of notice. `why` ends a mail: it tells the reader what the mail is for."""

    code: str
    label: Words
    title: Words
    body: Words
    why: Words
    audience: Audience
    email: bool = False
    in_app: bool = True
    choice: str = ""
    bodies: Mapping[str, Words] = field(default_factory=dict)

    def body_for(self, params: Mapping[str, object]) -> Words:
        """The body by the outcome in the params; the plain one for outcomes without their own."""
        return self.bodies.get(outcome(params.get(self.choice)), self.body)

    def needs(self, params: Mapping[str, object]) -> set[str]:
        """The params that the words for this outcome take figures from."""
        chosen = {self.choice} if self.choice else set()
        return chosen | placeholders(self.title) | placeholders(self.body_for(params))


def outcome(value: object) -> str:
    """An outcome as `bodies` is keyed by it: true, false or a word."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def placeholders(words: Words) -> set[str]:
    """The names of the figures that words take."""
    return {name for _, name, _, _ in Formatter().parse(str(words)) if name}


_WHY_BUYER = _("您的企业是这笔订单的买家。")
_WHY_SELLER = _("您的企业是这笔订单的卖家。")
_WHY_ORDER = _("您的企业参与了这笔订单。")
_WHY_PAYER = _("这笔款是您的企业付的。")
_WHY_COMPANY = _("平台就您的企业作出了决定。")
_WHY_OFFER = _("这是您企业店铺里的货品。")
_WHY_STANDING = _("平台每晚按规则评定每家企业。")
_WHY_RELATION = _("另一家企业与您的企业建立或改变了关系。")

_ALL = (
    Kind(
        code="order_placed",
        label=_("新订单"),
        title=_("新订单 {number}"),
        body=_("订单 {number} 应付 {total_fen}，买家尚未付款。您可以在付款前改价或关闭。"),
        why=_WHY_SELLER,
        audience="seller",
    ),
    Kind(
        code="paid",
        label=_("订单已付款"),
        title=_("订单 {number} 已付款"),
        body=_("订单 {number} 已付 {paid_fen}，货款由平台保管，收货后结算给卖家。"),
        why=_WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="paid_early",
        label=_("订单已付款，货款提前结算"),
        title=_("订单 {number} 已付款"),
        body=_(
            "订单 {number} 已付 {paid_fen}。卖家使用极速到账，货款已提前结算；"
            "买家申请退款的权利不变。"
        ),
        why=_WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="ship_by",
        label=_("发货时限临近"),
        title=_("请尽快发货：订单 {number}"),
        body=_("订单 {number} 请在 {due} 前发货。逾期会影响您的发货及时率。"),
        why=_WHY_SELLER,
        audience="seller",
        email=True,
    ),
    Kind(
        code="shipped",
        label=_("卖家已发货"),
        title=_("订单 {number} 已发货"),
        body=_("订单 {number} 已由{carrier}承运，运单号 {tracking_no}。收到货后请确认收货。"),
        why=_WHY_BUYER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="receive_soon",
        label=_("即将自动确认收货"),
        title=_("订单 {number} 即将自动确认收货"),
        body=_(
            "如果没有问题，订单 {number} 将在 {due} 视为已收货，货款结算给卖家。有问题请先申请退款。"
        ),
        why=_WHY_BUYER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="received",
        label=_("已确认收货"),
        title=_("订单 {number} 已确认收货"),
        body=_("订单 {number} 的货款 {released_fen} 已进入卖家余额。"),
        why=_WHY_ORDER,
        audience="both",
    ),
    Kind(
        code="received_early",
        label=_("已确认收货，货款此前已结算"),
        title=_("订单 {number} 已确认收货"),
        body=_("订单 {number} 已确认收货，货款此前已结算给卖家。"),
        why=_WHY_ORDER,
        audience="both",
    ),
    Kind(
        code="refund_asked",
        label=_("买家申请退款"),
        title=_("订单 {number} 申请退款"),
        body=_("买家就订单 {number} 申请退款 {asked_fen}，请在时限内答复，逾期视为同意。"),
        why=_WHY_SELLER,
        audience="seller",
        email=True,
    ),
    Kind(
        code="refund_answered",
        label=_("退款申请有答复"),
        title=_("订单 {number} 的退款申请有答复"),
        body=_("订单 {number} 的退款申请有了新的进展，请查看详情。"),
        why=_WHY_BUYER,
        audience="buyer",
        email=True,
        choice="accepted",
        bodies={
            "true": _("订单 {number} 的退款申请已获同意，请按页面提示完成后续步骤。"),
            "false": _("订单 {number} 的退款申请被拒绝。您可以与卖家协商，或申请平台介入。"),
        },
    ),
    Kind(
        code="refund_paid",
        label=_("退款已到账"),
        title=_("订单 {number} 已退款"),
        body=_("订单 {number} 已退款 {amount_fen}，按原付款方式退回买家。"),
        why=_WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="unshipped_refunded",
        label=_("逾期未发货退款"),
        title=_("订单 {number} 逾期未发货，已全额退款"),
        body=_("卖家没有在期限内发货，订单 {number} 的 {amount_fen} 已按原付款方式退回买家。"),
        why=_WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="payment_returned",
        label=_("付款被退回"),
        title=_("一笔付款已原路退回：{title}"),
        body=_("您为“{title}”付的 {amount_fen} 已原路退回。"),
        why=_WHY_PAYER,
        audience="buyer",
        email=True,
        choice="why",
        bodies={
            "paid_already": _("“{title}”已经付清，您多付的 {amount_fen} 已原路退回。"),
            "closed": _("您的付款到账时“{title}”已关闭，{amount_fen} 已原路退回。"),
            "amount_changed": _(
                "您的付款到账前“{title}”的金额已更改，{amount_fen} 已原路退回。请按新的金额付款。"
            ),
        },
    ),
    Kind(
        code="deposit_drawn",
        label=_("保证金被用于退款"),
        title=_("保证金已扣除 {amount_fen}"),
        body=_("一笔退款从您的买家保障保证金扣除了 {amount_fen}，请尽快补足。"),
        why=_WHY_COMPANY,
        audience="seller",
        email=True,
    ),
    Kind(
        code="instant_paid",
        label=_("极速到账"),
        title=_("{amount_fen} 已极速到账"),
        body=_("一笔货款 {amount_fen} 已提前结算到您的余额，手续费 {fee_fen}。"),
        why=_WHY_COMPANY,
        audience="seller",
    ),
    Kind(
        code="collected",
        label=_("收钱码收款"),
        title=_("收钱码收到 {amount_fen}"),
        body=_("收钱码收到一笔 {amount_fen}，单号 {number}，付款人留言：{note}"),
        why=_WHY_COMPANY,
        audience="both",
    ),
    Kind(
        code="debt_incurred",
        label=_("平台垫付退款"),
        title=_("平台垫付了 {amount_fen} 退款"),
        body=_(
            "一笔极速到账订单的退款中，您的余额和保证金不足的 {amount_fen} 由平台垫付。"
            "您现在欠款 {debt_fen}，之后的进账会先用来偿还。"
        ),
        why=_WHY_COMPANY,
        audience="seller",
        email=True,
    ),
    Kind(
        code="debt_paid",
        label=_("偿还平台垫付款"),
        title=_("已偿还平台垫付款 {amount_fen}"),
        body=_("进账先偿还了平台垫付的退款 {amount_fen}，还欠 {left_fen}。"),
        why=_WHY_COMPANY,
        audience="seller",
    ),
    Kind(
        code="dispute_opened",
        label=_("申请平台介入"),
        title=_("订单 {number} 有一起纠纷"),
        body=_("买家就订单 {number} 申请平台介入，请尽快说明情况并提供凭证。"),
        why=_WHY_SELLER,
        audience="seller",
        email=True,
    ),
    Kind(
        code="dispute_ruled",
        label=_("纠纷已裁决"),
        title=_("订单 {number} 的纠纷已裁决"),
        body=_("平台已就订单 {number} 的纠纷作出裁决，请查看详情。"),
        why=_WHY_ORDER,
        audience="both",
        email=True,
        choice="verdict",
        bodies={
            "buyer": _("平台就订单 {number} 的纠纷支持买家，退款 {amount_fen}。"),
            "partly": _("平台就订单 {number} 的纠纷部分支持买家，退款 {amount_fen}。"),
            "seller": _("平台就订单 {number} 的纠纷支持卖家，不退款。"),
            "withdrawn": _("买家撤回了订单 {number} 的纠纷。"),
        },
    ),
    Kind(
        code="first_order_decided",
        label=_("首单赔付结果"),
        title=_("订单 {number} 的首单赔付申请有结果"),
        body=_("订单 {number} 的首单赔付申请已审核，请查看详情。"),
        why=_WHY_BUYER,
        audience="buyer",
        email=True,
        choice="approved",
        bodies={
            "true": _("订单 {number} 的首单赔付已通过，{paid_fen} 已进入您的余额。"),
            "false": _("订单 {number} 的首单赔付未通过：{reason}"),
        },
    ),
    Kind(
        code="order_ruled",
        label=_("订单被裁定为虚假交易"),
        title=_("订单 {number} 被裁定为虚假交易"),
        body=_(
            "平台裁定订单 {number} 为虚假交易：{reason} 它不再计入任何销售和采购指标；"
            "订单本身和款项不受影响。卖家可以在订单页申诉一次。"
        ),
        why=_WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="ruling_taken_back",
        label=_("虚假交易裁定已撤销"),
        title=_("订单 {number} 的裁定已撤销"),
        body=_("平台撤销了对订单 {number} 的虚假交易裁定：{reason} 它重新计入各项指标。"),
        why=_WHY_ORDER,
        audience="both",
        email=True,
    ),
    Kind(
        code="price_changed",
        label=_("订单改价"),
        title=_("订单 {number} 的价格已修改"),
        body=_("卖家将订单 {number} 的应付金额由 {old_total_fen} 改为 {new_total_fen}。"),
        why=_WHY_BUYER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="payment_deadline",
        label=_("付款时限临近"),
        title=_("请尽快付款：订单 {number}"),
        body=_("订单 {number} 请在 {due} 前付款，逾期订单将自动关闭，库存释放。"),
        why=_WHY_BUYER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="order_closed",
        label=_("订单已关闭"),
        title=_("订单 {number} 已关闭"),
        body=_("订单 {number} 已关闭。"),
        why=_WHY_ORDER,
        audience="both",
    ),
    Kind(
        code="review_got",
        label=_("收到评价"),
        title=_("订单 {number} 收到评价"),
        body=_("买家给订单 {number} 打了 {stars} 星。您可以回复一次。"),
        why=_WHY_SELLER,
        audience="seller",
    ),
    Kind(
        code="message_got",
        label=_("新消息"),
        title=_("{company} 发来消息"),
        body=_("关于“{title}”：{excerpt}"),
        why=_("您的企业是这段对话的一方。"),
        audience="both",
    ),
    Kind(
        code="offer_reviewed",
        label=_("货品审核结果"),
        title=_("货品审核结果：{title}"),
        body=_("“{title}”已审核，请查看详情。"),
        why=_WHY_OFFER,
        audience="seller",
        choice="approved",
        bodies={
            "true": _("“{title}”已通过审核，现在可以销售。"),
            "false": _("“{title}”未通过审核：{reason}。修改后可以重新提交。"),
        },
    ),
    Kind(
        code="offer_taken_down",
        label=_("货品被下架"),
        title=_("货品被平台下架：{title}"),
        body=_("“{title}”已被平台下架：{reason}。如有异议请联系平台客服。"),
        why=_WHY_OFFER,
        audience="seller",
        email=True,
    ),
    Kind(
        code="stock_low",
        label=_("库存偏低"),
        title=_("库存偏低：{title}"),
        body=_("“{title}”的规格 {spec} 还剩 {left} {unit}，已不够起批量，请补货。"),
        why=_WHY_OFFER,
        audience="seller",
    ),
    Kind(
        code="verification_reviewed",
        label=_("认证审核结果"),
        title=_("认证审核结果"),
        body=_("您的认证申请已审核，请查看详情。"),
        why=_WHY_COMPANY,
        audience="both",
        email=True,
        choice="approved",
        bodies={
            "true": _("您的企业已通过认证。"),
            "false": _("您的认证申请被驳回：{reason}。更正后可以重新提交。"),
        },
    ),
    Kind(
        code="penalty_given",
        label=_("店铺扣分"),
        title=_("店铺被扣 {points} 分"),
        body=_("您的店铺被扣 {points} 分：{reason}。如有异议请联系平台客服。"),
        why=_WHY_COMPANY,
        audience="seller",
        email=True,
    ),
    Kind(
        code="relationship_asked",
        label=_("有企业申请建立关系"),
        title=_("{company} 申请与您建立关系"),
        body=_("{company} 希望与您的企业建立客户关系。同意后，买家可以看到卖家的私域货品。"),
        why=_WHY_RELATION,
        audience="both",
    ),
    Kind(
        code="relationship_answered",
        label=_("客户关系有变化"),
        title=_("与 {company} 的关系有变化"),
        body=_("与 {company} 的关系有变化，请查看详情。"),
        why=_WHY_RELATION,
        audience="both",
        choice="outcome",
        bodies={
            "granted": _("{company} 同意了您的申请，双方已建立关系。"),
            "declined": _("{company} 谢绝或撤回了建立关系的申请。"),
            "revoked": _("{company} 解除了与您的关系。"),
            "claimed": _("{company} 用认领码认领了您记录的客户，往期订单已归到它名下。"),
        },
    ),
    Kind(
        code="standing_risen",
        label=_("等级或勋章上升"),
        title=_("{ladder}升为 {new}"),
        body=_("自 {day} 起，您企业的{ladder}由 {old} 升为 {new}。随之获得的权益请查看详情。"),
        why=_WHY_STANDING,
        audience="both",
    ),
    Kind(
        code="standing_fallen",
        label=_("等级或勋章下降"),
        title=_("{ladder}降为 {new}"),
        body=_("自 {day} 起，您企业的{ladder}由 {old} 降为 {new}。缺什么、差多少，请查看详情。"),
        why=_WHY_STANDING,
        audience="both",
        email=True,
    ),
    Kind(
        code="standing_will_fall",
        label=_("等级或勋章即将下降"),
        title=_("{ladder}将在 {day} 降为 {new}"),
        body=_("若没有新的成交，您企业的{ladder}将在 {day} 由 {old} 降为 {new}。{keep}"),
        why=_WHY_STANDING,
        audience="both",
        email=True,
    ),
)

KINDS: Mapping[str, Kind] = {kind.code: kind for kind in _ALL}
