"""A company: its goods, its verification, whom it knows and talks with."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import WHY_COMPANY, WHY_OFFER, WHY_RELATION, Kind

KINDS = (
    Kind(
        code="message_got",
        label=_("新消息"),
        title=_("{company} 发来消息"),
        body=_("关于“{title}”：{excerpt}"),
        why=_("您的企业是这段对话的一方。"),
        audience="both",
    ),
    Kind(
        code="post_published",
        label=_("供应商发布动态"),
        title=_("{company} 发布了新动态"),
        body=_("{company} 说：{excerpt}"),
        why=WHY_RELATION,
        audience="buyer",
    ),
    Kind(
        code="offer_reviewed",
        label=_("货品审核结果"),
        title=_("货品审核结果：{title}"),
        body=_("“{title}”已审核，请查看详情。"),
        why=WHY_OFFER,
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
        why=WHY_OFFER,
        audience="seller",
        email=True,
    ),
    Kind(
        code="stock_low",
        label=_("库存偏低"),
        title=_("库存偏低：{title}"),
        body=_("“{title}”的规格 {spec} 还剩 {left} {unit}，已不够起批量，请补货。"),
        why=WHY_OFFER,
        audience="seller",
    ),
    Kind(
        code="verification_reviewed",
        label=_("认证审核结果"),
        title=_("认证审核结果"),
        body=_("您的认证申请已审核，请查看详情。"),
        why=WHY_COMPANY,
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
        why=WHY_COMPANY,
        audience="seller",
        email=True,
    ),
    Kind(
        code="relationship_asked",
        label=_("有企业申请建立关系"),
        title=_("{company} 申请与您建立关系"),
        body=_("{company} 希望与您的企业建立客户关系。同意后，买家可以看到卖家的私域货品。"),
        why=WHY_RELATION,
        audience="both",
    ),
    Kind(
        code="relationship_answered",
        label=_("客户关系有变化"),
        title=_("与 {company} 的关系有变化"),
        body=_("与 {company} 的关系有变化，请查看详情。"),
        why=WHY_RELATION,
        audience="both",
        choice="outcome",
        bodies={
            "granted": _("{company} 同意了您的申请，双方已建立关系。"),
            "declined": _("{company} 谢绝或撤回了建立关系的申请。"),
            "revoked": _("{company} 解除了与您的关系。"),
            "claimed": _("{company} 用认领码认领了您记录的客户，往期订单已归到它名下。"),
        },
    ),
)
