"""The states of a payable and of an attempt to pay, whichever way it is paid."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.finance.events import PayableSettled, PaymentFailed, PaymentReturned, StagePromised
from pifa.finance.models import Payable, Payment
from pifa.kernel.states import StateTable, Transition

_OWED, _TRY = Payable.State, Payment.State
_OPEN = _OWED.OPEN.value
_STARTED, _PROMISED, _FAILED = _TRY.STARTED.value, _TRY.PROMISED.value, _TRY.FAILED.value
_COLLECTED = _TRY.COLLECTED.value

PAYABLE = StateTable(
    name="payable",
    states={state.value: state.label for state in _OWED},
    initial=_OPEN,
    transitions=(
        Transition(
            "settle", _("付清"), (_OPEN,), _OWED.SETTLED.value, ("market",), PayableSettled.name
        ),
        Transition("waive", _("免除全部"), (_OPEN,), _OWED.CLOSED.value, ("market",), ""),
        Transition("close", _("关闭"), (_OPEN,), _OWED.CLOSED.value, ("market",), ""),
    ),
)
"""Settled when what was not waived is paid; closed while nothing is paid, or if all is waived."""

PAYMENT = StateTable(
    name="payment",
    states={state.value: state.label for state in _TRY},
    initial=_STARTED,
    transitions=(
        Transition(
            "promise", _("约定付款"), (_STARTED,), _PROMISED, ("buyer",), StagePromised.name
        ),
        Transition(
            "settle",
            _("到账"),
            (_STARTED, _PROMISED, _COLLECTED, _FAILED),
            _TRY.SUCCEEDED.value,
            ("market",),
            "finance.stage_settled",
        ),
        Transition(
            "collect",
            _("承运商代收"),
            (_PROMISED,),
            _COLLECTED,
            ("market",),
            "cash.reported",
        ),
        Transition(
            "replace",
            _("改用其他方式付清"),
            (_PROMISED,),
            _FAILED,
            ("buyer",),
            "finance.promise_ended",
        ),
        Transition("fail", _("付款失败"), (_STARTED,), _FAILED, ("market",), PaymentFailed.name),
        Transition("give_up", _("不再支付"), (_STARTED,), _FAILED, ("market",), ""),
        Transition(
            "waive",
            _("免除"),
            (_PROMISED,),
            _FAILED,
            ("market",),
            "finance.promise_ended",
        ),
        Transition(
            "send_back",
            _("原路退回"),
            (_STARTED, _FAILED),
            _TRY.RETURNED.value,
            ("market",),
            PaymentReturned.name,
        ),
    ),
)
"""An attempt. Money may still come for one that failed: it settles its stage, or goes back."""


def payable_after(state: str, verb: str) -> Payable.State:
    """The state of a payable after a verb; `WrongState` where the table does not allow it."""
    return Payable.State(str(PAYABLE.check(state, verb).target))


def payment_after(state: str, verb: str) -> Payment.State:
    """The state of an attempt after a verb; `WrongState` where the table does not allow it."""
    return Payment.State(str(PAYMENT.check(state, verb).target))
