"""A bill from the buyer's wish to the acceptor's money: states of a `Bill`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.finance.methods.acceptance_bill import events
from pifa.finance.methods.acceptance_bill.models import Bill
from pifa.kernel.states import SAME, StateTable, Transition

_S = Bill.State
_ASKED, _OFFERED, _ACCEPTED = _S.ASKED.value, _S.OFFERED.value, _S.ACCEPTED.value
_PRESENTED, _UNPAID, _CLEARED = _S.PRESENTED.value, _S.DISHONOURED.value, _S.CLEARED.value
_OPEN = (_ASKED, _OFFERED)
_NOT_TAKEN = events.BillNotTaken.name
_RETURNED, _OVER = events.BillReturned.name, events.BillCleared.name
_ENDED = "finance.promise_ended"

BILL = StateTable(
    name="acceptance bill",
    states=dict(_S.choices),
    initial=_ASKED,
    transitions=(
        Transition("draw", _("银行出票"), (_ASKED,), _OFFERED, ("market",), events.BillOffered.name),
        Transition("fail", _("银行不出票"), (_ASKED,), _S.FAILED.value, ("market",), _NOT_TAKEN),
        Transition("accept", _("签收"), (_OFFERED,), _ACCEPTED, ("seller",), events.BillAccepted.name),
        Transition("refuse", _("拒收"), (_OFFERED,), _S.REFUSED.value, ("seller",), _NOT_TAKEN),
        Transition("expire", _("逾期未签收"), _OPEN, _S.EXPIRED.value, ("market",), _NOT_TAKEN),
        Transition("withdraw", _("订单关闭或已另付"), _OPEN, _S.WITHDRAWN.value, ("market",), ""),
        Transition("waive_part", _("减免一部分"), (_ACCEPTED, _PRESENTED, _UNPAID), SAME, ("market",), _ENDED),
        Transition("give_back", _("全部减免，退票"), (_ACCEPTED,), _S.RETURNED.value, ("market",), _RETURNED),
        Transition("waive", _("提示付款时全部减免"), (_PRESENTED,), SAME, ("market",), _ENDED),
        Transition("present", _("到期提示付款"), (_ACCEPTED,), _PRESENTED, ("market",), ""),
        Transition("honour", _("兑付"), (_PRESENTED,), _S.HONOURED.value, ("market",), events.BillHonoured.name),
        Transition("dishonour", _("拒付"), (_PRESENTED,), _UNPAID, ("market",), events.BillDishonoured.name),
        Transition("dishonour_waived", _("拒付，但已全部减免"), (_PRESENTED,), _CLEARED, ("market",), _OVER),
        Transition("clear", _("另付或减免，了结"), (_UNPAID,), _CLEARED, ("buyer", "market"), _OVER),
    ),
)  # fmt: skip
"""Only an accepted bill promises anything; only an honoured one pays."""


def after(state: str, verb: str) -> str:
    """The state after a verb; `WrongState` where the table does not allow it."""
    target = BILL.check(state, verb).target
    return state if target == SAME else str(target)
