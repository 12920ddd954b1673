"""What a seller's keepers find in the morning."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import Kind

KINDS = (
    Kind(
        code="customers_to_call",
        label=_("今日跟进"),
        title=_("今天有客户要跟进"),
        body=_(
            "今天到期的跟进 {followups} 件，该补货的客户 {due} 位，正在流失的 {slipping} 位，"
            "大客户 {top} 位。"
        ),
        why=_("您的企业用客户档案管理老客户。"),
        audience="seller",
    ),
)
