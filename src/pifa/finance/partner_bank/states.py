"""The states of a password at the partner bank."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.finance.partner_bank.events import PasswordLockedEvent, PasswordReset
from pifa.finance.sandbox.models import SandboxPassword
from pifa.kernel.states import SAME, StateTable, Transition

_S = SandboxPassword.State
_FREE, _LOCKED = _S.FREE.value, _S.LOCKED.value

PASSWORD = StateTable(
    name="bank password",
    states={state.value: state.label for state in _S},
    initial=_FREE,
    transitions=(
        Transition("mistake", _("输错"), (_FREE,), SAME, ("buyer", "seller"), ""),
        Transition("lock", _("连续输错"), (_FREE,), _LOCKED, ("market",), PasswordLockedEvent.name),
        Transition("unlock", _("锁定到期"), (_LOCKED,), _FREE, ("market",), ""),
        Transition(
            "reset", _("重设"), (_FREE, _LOCKED), _FREE, ("buyer", "seller"), PasswordReset.name
        ),
    ),
)


def password_after(state: str, verb: str) -> str:
    """The state after a verb; `WrongState` where the table does not allow it."""
    target = PASSWORD.check(state, verb).target
    return state if target == SAME else str(target)
