"""Why an application was refused, and what loans are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance.loans.rules import Basis, Method
from pifa.kernel.money import Money

METHODS: dict[str, str | Promise] = {
    Method.INTEREST_ONLY.value: gettext_lazy("先息后本"),
    Method.EQUAL_PRINCIPAL.value: gettext_lazy("等额本金"),
}
BASES: dict[str, str | Promise] = {
    Basis.THIRTY_360.value: gettext_lazy("每月 30 天"),
    Basis.ACTUAL_360.value: gettext_lazy("实际天数"),
    Basis.ACTUAL_365.value: gettext_lazy("实际天数（一年 365 天）"),
}


def why_refused(decided: Mapping[str, Any]) -> str:
    """The reason of a decision; empty of an approval."""
    code = decided.get("refused", "")
    limit, used = Money(decided.get("limit_fen", 0)), Money(decided.get("used_fen", 0))
    if code == "no_step":
        return _("活跃度还没有达到最低一档。")
    if code == "overdue":
        return _("有贷款逾期未还，还清后才能再申请。")
    if code == "limit":
        return _("额度 {limit}，已用 {used}，申请的金额超过可用额度。").format(
            limit=limit, used=used
        )
    return ""


def rate_words(daily: Decimal) -> str:
    """A daily rate as it is spoken of: 0.03%."""
    percent = (daily * 100).normalize()
    return f"{percent:f}%"
