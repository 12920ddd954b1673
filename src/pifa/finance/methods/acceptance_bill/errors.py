"""What is refused of acceptance bills, with the figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class BillNotCleared(DomainError):
    """A bill of this buyer was dishonoured and is owed still; figures: owed."""

    code = "bill.not_cleared"
    message = _("贵企业有汇票被拒付，还欠 {owed}。用其他方式付清之前，不能再用汇票付款。")


class BillDishonoured(DomainError):
    """The bill of an order was dishonoured and is owed still; figures: number, owed."""

    code = "bill.dishonoured"
    message = _(
        "承兑汇票 {number} 被拒付，还欠 {owed}。买家用其他方式付清，或您免除这笔款后，才能发货。"
    )


class BillMaturity(DomainError):
    """A bill has to mature after its issue and within the term; figures: first, last (days)."""

    code = "bill.maturity"
    message = _("到期日须在 {first} 至 {last} 之间。")


class BillDrawnAlready(DomainError):
    """A payment has one bill; figures: number."""

    code = "bill.drawn_already"
    message = _("这笔付款已经开了汇票 {number}。")
