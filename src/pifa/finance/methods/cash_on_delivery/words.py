"""Cash on delivery in plain words, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.finance.methods.cash_on_delivery.models import CashFinding
from pifa.finance.methods.cash_on_delivery.rules import Judgement
from pifa.kernel.money import Money

JUDGEMENTS: dict[Judgement, str | Promise] = {
    Judgement.MATCHED: gettext_lazy("相符"),
    Judgement.SHORT: CashFinding.Kind.SHORT.label,
    Judgement.OVER: CashFinding.Kind.OVER.label,
    Judgement.TWICE: CashFinding.Kind.TWICE.label,
    Judgement.UNKNOWN: CashFinding.Kind.UNKNOWN.label,
    Judgement.NOT_COLLECTED: CashFinding.Kind.NOT_COLLECTED.label,
    Judgement.UNCOVERED: CashFinding.Kind.UNCOVERED.label,
}

PUT_RIGHT = gettext_lazy("已回款")
"""Why a finding is cleared by itself."""


def offered(amount: Money) -> str:
    """What a buyer reads beside it in the checkout."""
    return _("先发货，送到时付给承运商 {amount}").format(amount=amount)
