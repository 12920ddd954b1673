"""How a secured order stands, for its seller and for its buyer: two tables over one receivable.

None of the states is kept: each follows from its figures, what was received and what is asked.
"""

from __future__ import annotations

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from pifa.finance.methods.secured import events
from pifa.finance.methods.secured.models import SecuredReceivable
from pifa.kernel.states import SAME, StateTable, Transition


class ClaimState(TextChoices):
    """How a seller's claim on the financier stands."""

    PROMISED = "promised", _("已约定，未收货")
    WAITING = "waiting", _("到期待收款")
    REQUESTED = "requested", _("提前收款申请中")
    PAID = "paid", _("已收款")
    WAIVED = "waived", _("已退款，不再收款")


class DebtState(TextChoices):
    """How a buyer's debt to the financier stands."""

    PROMISED = "promised", _("已约定，未收货")
    RUNNING = "running", _("未到期")
    OVERDUE = "overdue", _("已逾期")
    REPAID = "repaid", _("已还清")
    FORGIVEN = "forgiven", _("已退款，不必再还")


_C, _D = ClaimState, DebtState
_CLAIMED = tuple(state.value for state in (_C.PROMISED, _C.WAITING, _C.REQUESTED))
_OWED = tuple(state.value for state in (_D.PROMISED, _D.RUNNING, _D.OVERDUE))

CLAIM = StateTable(
    name="secured claim",
    states=dict(_C.choices),
    initial=_C.PROMISED.value,
    transitions=(
        Transition(
            "receive", _("收货"), (_C.PROMISED.value,), _C.WAITING.value, ("buyer", "market"),
            events.SecuredReceived.name,
        ),
        Transition(
            "ask_early", _("申请提前收款"), (_C.WAITING.value,), _C.REQUESTED.value, ("seller",),
            events.SecuredAsked.name,
        ),
        Transition(
            "refuse", _("金融机构未通过"), (_C.REQUESTED.value,), _C.WAITING.value, ("market",),
            events.SecuredRefused.name,
        ),
        Transition(
            "pay", _("金融机构付款"), (_C.WAITING.value, _C.REQUESTED.value), _C.PAID.value,
            ("market",), events.SecuredPaid.name,
        ),
        Transition("waive_part", _("退款减少一部分"), _CLAIMED, SAME, ("market",), "finance.promise_ended"),
        Transition("waive", _("退款"), _CLAIMED, _C.WAIVED.value, ("market",), "finance.promise_ended"),
        Transition(
            "waive_rest", _("退款减去余款"), _CLAIMED, _C.PAID.value, ("market",), "finance.promise_ended"
        ),
    ),
)  # fmt: skip
"""`waive_rest`: something was paid before, so that what ends it is no waiver of the whole."""

DEBT = StateTable(
    name="secured debt",
    states=dict(_D.choices),
    initial=_D.PROMISED.value,
    transitions=(
        Transition(
            "receive", _("收货"), (_D.PROMISED.value,), _D.RUNNING.value, ("buyer", "market"),
            events.SecuredReceived.name,
        ),
        Transition(
            "fall_due", _("逾期"), (_D.RUNNING.value,), _D.OVERDUE.value, ("market",),
            events.SecuredOverdueDay.name,
        ),
        Transition("repay_part", _("还一部分"), _OWED, SAME, ("buyer",), events.SecuredRepaid.name),
        Transition("repay", _("还清"), _OWED, _D.REPAID.value, ("buyer",), events.SecuredRepaid.name),
        Transition("forgive_part", _("退款减少一部分"), _OWED, SAME, ("market",), "finance.payable_refunded"),
        Transition(
            "forgive", _("退款"), _OWED, _D.FORGIVEN.value, ("market",), "finance.payable_refunded"
        ),
        Transition(
            "forgive_rest", _("退款减去余款"), _OWED, _D.REPAID.value, ("market",),
            "finance.payable_refunded",
        ),
    ),
)  # fmt: skip


def claim_state(row: SecuredReceivable) -> ClaimState:
    """How the claim of a receivable stands."""
    if not row.claim_fen:
        return _C.PAID if row.paid_fen else _C.WAIVED
    if row.received_at is None:
        return _C.PROMISED
    if row.early == SecuredReceivable.Early.REQUESTED:
        return _C.REQUESTED
    return _C.WAITING


def debt_state(row: SecuredReceivable, today: date) -> DebtState:
    """How the debt of a receivable stands on a market day."""
    if not row.owed_fen:
        return _D.REPAID if row.repaid_fen else _D.FORGIVEN
    if row.due_on is None:
        return _D.PROMISED
    return _D.OVERDUE if row.due_on < today else _D.RUNNING
