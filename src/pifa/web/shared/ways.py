"""Ways to pay as a payer chooses among them: each in a line of words, what is not offered apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.finance.queries import MethodChoice

HINTS: dict[str, str | Promise] = {
    "gateway": _("到银行收银台付款，马上到账"),
    "alipay": _("打开支付宝付款，或用支付宝扫码"),
    "wechat": _("打开微信付款，或用微信扫码"),
    "card": _("在银行的页面填写卡号，平台看不到"),
    "balance": _("从贵企业在市场的余额里付"),
    "transfer": _("从贵企业的银行账户转账，任何银行都可以，不限金额"),
    "partner_bank": _("输入支付密码，从网商银行账户里付"),
}
"""What a payer does; ways that take its word say on which terms instead."""


@dataclass(frozen=True, slots=True)
class WayRow:
    """A way to pay that may be chosen."""

    code: str
    label: str
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Ways:
    """Those that may be chosen, the first of them chosen, and why the others may not."""

    rows: Sequence[WayRow]
    refused: Sequence[MethodChoice]

    @property
    def asks_password(self) -> bool:
        """Whether one of them moves money on a password."""
        return any(row.code == "partner_bank" for row in self.rows)


def ways_of(methods: Sequence[MethodChoice]) -> Ways:
    """Choices as a page shows them."""
    offered = [method for method in methods if method.offered]
    return Ways(
        [
            WayRow(
                method.code,
                method.label,
                method.words or str(HINTS.get(method.code, "")),
                chosen=method is offered[0],
            )
            for method in offered
        ],
        [method for method in methods if not method.offered],
    )
