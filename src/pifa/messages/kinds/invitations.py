"""Order invitations: what becomes of what a seller sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import Kind

_WHY = _("您的企业发出了这份订单邀请。")

KINDS = (
    Kind(
        code="invitation_opened",
        label=_("客户打开了邀请"),
        title=_("邀请 {invitation} 已被打开"),
        body=_("有人打开了您发出的订单邀请 {invitation}，合计 {total_fen}。"),
        why=_WHY,
        audience="seller",
    ),
    Kind(
        code="invitation_confirmed",
        label=_("客户确认了邀请"),
        title=_("邀请 {invitation} 已确认，待付款"),
        body=_("订单邀请 {invitation} 已确认为订单 {order}，合计 {total_fen}，库存已为它预留。"),
        why=_WHY,
        audience="seller",
    ),
    Kind(
        code="invitation_completed",
        label=_("邀请已成交"),
        title=_("邀请 {invitation} 已成交"),
        body=_("订单邀请 {invitation} 的订单 {order} 已付款或已约定付款，请按时发货。"),
        why=_WHY,
        audience="seller",
        email=True,
    ),
    Kind(
        code="invitation_reopened",
        label=_("邀请的订单未付款关闭"),
        title=_("邀请 {invitation} 的订单已关闭"),
        body=_("订单 {order} 没有付款，已关闭；邀请 {invitation} 在有效期内仍可确认。"),
        why=_WHY,
        audience="seller",
    ),
    Kind(
        code="invitation_due",
        label=_("邀请即将过期"),
        title=_("邀请 {invitation} 即将过期"),
        body=_("订单邀请 {invitation}（{total_fen}）到 {day} 为止有效，还没有人确认。"),
        why=_WHY,
        audience="seller",
    ),
    Kind(
        code="invitation_expired",
        label=_("邀请已过期"),
        title=_("邀请 {invitation} 已过期"),
        body=_("订单邀请 {invitation}（{total_fen}）已过期；修改有效期后可以继续使用原链接。"),
        why=_WHY,
        audience="seller",
    ),
)
