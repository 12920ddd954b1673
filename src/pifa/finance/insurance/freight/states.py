"""The states of a policy of return freight."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.finance.insurance.freight.models import FreightPolicy
from pifa.kernel.states import StateTable, Transition

_STATE = FreightPolicy.State
_ACTIVE = (_STATE.ACTIVE.value,)

FREIGHT = StateTable(
    name="freight_insurance",
    states={state.value: state.label for state in _STATE},
    initial=_STATE.ACTIVE.value,
    transitions=(
        Transition(
            "pay_out", _("赔付退货运费"), _ACTIVE, _STATE.CLAIMED.value,
            ("market",), "finance.freight_paid_out",
        ),
        Transition(
            "give_back", _("退还保费"), _ACTIVE, _STATE.RETURNED.value,
            ("market",), "finance.freight_given_back",
        ),
        Transition("expire", _("保障结束"), _ACTIVE, _STATE.EXPIRED.value, ("market",), ""),
    ),
)  # fmt: skip


def after(state: str, verb: str) -> FreightPolicy.State:
    """The state after a verb; `WrongState` where the table does not allow it."""
    return FreightPolicy.State(str(FREIGHT.check(state, verb).target))
