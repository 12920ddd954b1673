"""The states of a loan and of an interest coupon."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.finance.loans import events
from pifa.finance.loans.models import InterestCoupon, Loan
from pifa.kernel.states import SAME, StateTable, Transition

_S, _C = Loan.State, InterestCoupon.State
_RUNS = (_S.RUNNING.value, _S.OVERDUE.value, _S.DEFAULTED.value)
_SIDES = ("buyer", "seller")

LOAN = StateTable(
    name="loan",
    states={state.value: state.label for state in _S},
    initial=_S.APPROVED.value,
    transitions=(
        Transition("lapse", _("过期"), (_S.APPROVED.value,), _S.LAPSED.value, ("market",), ""),
        Transition(
            "draw", _("支用"), (_S.APPROVED.value,), _S.RUNNING.value, _SIDES, events.LoanDrawn.name
        ),
        Transition(
            "collect", _("扣款"), _RUNS, SAME, ("market", *_SIDES), events.LoanCollected.name
        ),
        Transition(
            "repay_early", _("提前还一部分"), (_S.RUNNING.value,), SAME, _SIDES,
            events.LoanCollected.name,
        ),
        Transition(
            "fall_overdue", _("逾期"), (_S.RUNNING.value,), _S.OVERDUE.value, ("market",),
            events.LoanOverdue.name,
        ),
        Transition(
            "default", _("违约"), (_S.OVERDUE.value,), _S.DEFAULTED.value, ("market",),
            events.LoanDefaulted.name,
        ),
        Transition(
            "recover", _("还清逾期"), (_S.OVERDUE.value, _S.DEFAULTED.value), _S.RUNNING.value,
            ("market", *_SIDES), events.LoanCollected.name,
        ),
        Transition(
            "repay", _("还清"), _RUNS, _S.REPAID.value, ("market", *_SIDES), events.LoanRepaid.name
        ),
    ),
)  # fmt: skip
"""An application is decided at once: what is refused begins and ends as `refused`."""

COUPON = StateTable(
    name="interest coupon",
    states={state.value: state.label for state in _C},
    initial=_C.ASKED.value,
    transitions=(
        Transition(
            "credit", _("发放"), (_C.ASKED.value,), _C.CREDITED.value, ("market",),
            events.CouponCredited.name,
        ),
        Transition("use", _("抵扣"), (_C.CREDITED.value,), SAME, ("market", *_SIDES), ""),
        Transition("use_up", _("用完"), (_C.CREDITED.value,), _C.USED.value, ("market", *_SIDES), ""),
        Transition(
            "expire", _("过期"), (_C.ASKED.value, _C.CREDITED.value), _C.EXPIRED.value,
            ("market",), "",
        ),
    ),
)  # fmt: skip


def loan_after(state: str, verb: str) -> str:
    """The state of a loan after a verb; `WrongState` where the table does not allow it."""
    target = LOAN.check(state, verb).target
    return state if target == SAME else str(target)


def coupon_after(state: str, verb: str) -> str:
    """The state of a coupon after a verb; `WrongState` where the table does not allow it."""
    target = COUPON.check(state, verb).target
    return state if target == SAME else str(target)
