"""The states of a withdrawal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.finance.withdrawals.models import Withdrawal
from pifa.kernel.states import StateTable, Transition

_STATE = Withdrawal.State
_ASKED, _SENT, _ARRIVED = _STATE.ASKED.value, _STATE.SENT.value, _STATE.ARRIVED.value
_COMPANY = ("company",)

WITHDRAWAL = StateTable(
    name="withdrawal",
    states={state.value: state.label for state in _STATE},
    initial=_ASKED,
    transitions=(
        Transition("send", _("汇出"), (_ASKED,), _SENT, _COMPANY, "finance.withdrawal_sent"),
        Transition(
            "approve", _("复核同意"), (_ASKED,), _SENT, _COMPANY, "finance.withdrawal_sent"
        ),
        Transition(
            "refuse", _("复核不同意"), (_ASKED,), _STATE.REFUSED.value,
            _COMPANY, "finance.withdrawal_ended",
        ),
        Transition("cancel", _("撤销"), (_ASKED,), _STATE.CANCELLED.value, _COMPANY, ""),
        Transition(
            "expire", _("复核超时"), (_ASKED,), _STATE.EXPIRED.value,
            ("market",), "finance.withdrawal_ended",
        ),
        Transition(
            "arrive", _("到账"), (_SENT,), _ARRIVED, ("bank",), "finance.withdrawal_ended"
        ),
        Transition(
            "give_back", _("银行退回"), (_SENT, _ARRIVED), _STATE.RETURNED.value,
            ("bank",), "finance.withdrawal_ended",
        ),
    ),
)  # fmt: skip
"""`send`: nobody else has to agree. A bank may send back even what it said had arrived."""


def after(state: str, verb: str) -> Withdrawal.State:
    """The state after a verb; `WrongState` where the table does not allow it."""
    return Withdrawal.State(str(WITHDRAWAL.check(state, verb).target))
