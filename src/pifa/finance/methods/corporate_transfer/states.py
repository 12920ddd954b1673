"""The states of a bank line."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.finance.methods.corporate_transfer.models import BankLine
from pifa.kernel.states import StateTable, Transition

_STATE = BankLine.State
_ARRIVED, _SUSPENSE = _STATE.ARRIVED.value, _STATE.SUSPENSE.value

BANK_LINE = StateTable(
    name="bank line",
    states={state.value: state.label for state in _STATE},
    initial=_ARRIVED,
    transitions=(
        Transition(
            "match", _("自动入账"), (_ARRIVED,), _STATE.MATCHED.value,
            ("market",), "finance.transfer_received",
        ),
        Transition(
            "doubt", _("转入待认领"), (_ARRIVED,), _SUSPENSE,
            ("market",), "finance.transfer_received",
        ),
        Transition(
            "assign_part", _("认领一部分"), (_SUSPENSE,), _SUSPENSE,
            ("operator",), "finance.transfer_assigned",
        ),
        Transition(
            "assign", _("认领"), (_SUSPENSE,), _STATE.MATCHED.value,
            ("operator",), "finance.transfer_assigned",
        ),
        Transition(
            "return_to_sender", _("退回付款账户"), (_SUSPENSE,), _STATE.RETURNED.value,
            ("operator",), "finance.transfer_sent_back",
        ),
    ),
)  # fmt: skip


def after(state: str, verb: str) -> BankLine.State:
    """The state after a verb; `WrongState` where the table does not allow it."""
    return BankLine.State(str(BANK_LINE.check(state, verb).target))
