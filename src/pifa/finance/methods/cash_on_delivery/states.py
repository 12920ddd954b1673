"""What is collected at the door, from the order to the seller's money: states of a `CashItem`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.finance.methods.cash_on_delivery.events import CashRefused, CashRemitted, CashReported
from pifa.finance.methods.cash_on_delivery.models import CashItem
from pifa.kernel.states import SAME, StateTable, Transition

_S = CashItem.State
_PROMISED, _WAY, _COLLECTED = _S.PROMISED.value, _S.ON_THE_WAY.value, _S.COLLECTED.value
_REMITTED, _REFUSED, _CANCELLED = _S.REMITTED.value, _S.REFUSED.value, _S.CANCELLED.value
_DONE = (_COLLECTED, _REMITTED)
_GIVEN = "finance.stage_promised"
_ENDED = "finance.promise_ended"

CASH = StateTable(
    name="cash on delivery",
    states=dict(_S.choices),
    initial=_PROMISED,
    transitions=(
        Transition("promise_more", _("再约定一笔"), (_PROMISED, _CANCELLED), _PROMISED, ("buyer",), _GIVEN),
        Transition("hand_over", _("发货，交承运商代收"), (_PROMISED,), _WAY, ("seller",), "order.shipped"),
        Transition("collect", _("签收并收齐"), (_WAY,), _COLLECTED, ("market",), CashReported.name),
        Transition("collect_less", _("签收但少收"), (_WAY,), _COLLECTED, ("market",), CashReported.name),
        Transition("refuse", _("门口拒收"), (_WAY,), _REFUSED, ("market",), CashRefused.name),
        Transition("waive_part", _("减免一部分"), (_PROMISED, _WAY, *_DONE, _REFUSED), SAME, ("market",), _ENDED),
        Transition("waive", _("全部减免"), (_PROMISED, _WAY), _CANCELLED, ("market",), _ENDED),
        Transition("pay_rest", _("少收部分另付"), _DONE, SAME, ("buyer",), _ENDED),
        Transition("remit_part", _("回款一部分"), (_COLLECTED,), SAME, ("market",), CashRemitted.name),
        Transition("remit", _("回款"), (_COLLECTED,), _REMITTED, ("market",), CashRemitted.name),
    ),
)  # fmt: skip
"""Refused, what was promised is waived when the goods are back; then nothing is owed."""


def after(state: str, verb: str) -> str:
    """The state after a verb; `WrongState` where the table does not allow it."""
    target = CASH.check(state, verb).target
    return state if target == SAME else str(target)
