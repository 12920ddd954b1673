"""The states of a term of a performance bond."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.finance.insurance.bond.models import BondPolicy
from pifa.kernel.states import SAME, StateTable, Transition

_STATE = BondPolicy.State
_ACTIVE = (_STATE.ACTIVE.value,)

BOND = StateTable(
    name="bond",
    states={state.value: state.label for state in _STATE},
    initial=_STATE.ACTIVE.value,
    transitions=(
        Transition("claim", _("赔付"), _ACTIVE, SAME, ("market",), "finance.bond_claimed"),
        Transition(
            "renew", _("续保"), _ACTIVE, _STATE.RENEWED.value, ("market",), "finance.bond_ended"
        ),
        Transition(
            "refreeze", _("改回保证金"), _ACTIVE, _STATE.REFROZEN.value,
            ("seller", "market"), "finance.bond_ended",
        ),
        Transition(
            "leave", _("退出买家保障"), _ACTIVE, _STATE.LEFT.value,
            ("seller",), "finance.protection_left",
        ),
        Transition(
            "lapse", _("到期未续"), _ACTIVE, _STATE.LAPSED.value,
            ("market",), "finance.bond_ended",
        ),
    ),
)  # fmt: skip


def after(state: str, verb: str) -> BondPolicy.State:
    """The state after a verb that ends a term; `WrongState` where the table does not allow it."""
    return BondPolicy.State(str(BOND.check(state, verb).target))
