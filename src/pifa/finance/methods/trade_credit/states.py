"""What is promised on a line, from the order to the last fen: the states of a `CreditItem`.

None of them is kept: each follows from what was received, what is due and what is still open.
"""

from __future__ import annotations

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from pifa.finance.methods.trade_credit.events import CreditOverdueDay, CreditStatementClosed
from pifa.finance.methods.trade_credit.models import CreditItem
from pifa.kernel.states import SAME, StateTable, Transition


class ItemState(TextChoices):
    """How what is promised of one order stands."""

    PROMISED = "promised", _("已约定，未收货")
    RUNNING = "running", _("已收货，未到期")
    ON_STATEMENT = "on_statement", _("已出账单")
    OVERDUE = "overdue", _("已逾期")
    PAID = "paid", _("已付清")
    WAIVED = "waived", _("已免除")


_S = ItemState
_OPEN = tuple(state.value for state in (_S.PROMISED, _S.RUNNING, _S.ON_STATEMENT, _S.OVERDUE))

PROMISE = StateTable(
    name="promise on credit",
    states=dict(_S.choices),
    initial=_S.PROMISED.value,
    transitions=(
        Transition("receive", _("收货"), (_S.PROMISED.value,), _S.RUNNING.value, ("buyer", "market"), ""),
        Transition(
            "close_period", _("出账单"), (_S.RUNNING.value,), _S.ON_STATEMENT.value, ("market",),
            CreditStatementClosed.name,
        ),
        Transition(
            "fall_due", _("逾期"), (_S.RUNNING.value, _S.ON_STATEMENT.value), _S.OVERDUE.value,
            ("market",), CreditOverdueDay.name,
        ),
        Transition("repay_part", _("还一部分"), _OPEN, SAME, ("buyer",), "finance.stage_settled"),
        Transition("repay", _("还清"), _OPEN, _S.PAID.value, ("buyer",), "finance.stage_settled"),
        Transition("waive_part", _("退款免除一部分"), _OPEN, SAME, ("market",), "finance.promise_ended"),
        Transition("waive", _("退款免除"), _OPEN, _S.WAIVED.value, ("market",), "finance.promise_ended"),
        Transition(
            "waive_rest", _("退款免除余款"), _OPEN, _S.PAID.value, ("market",), "finance.promise_ended"
        ),
    ),
)  # fmt: skip
"""`waive_rest`: something was repaid before, so that what ends it is no waiver of the whole."""


def state_of(item: CreditItem, today: date) -> ItemState:
    """How an item stands on a market day."""
    if not item.open_fen:
        return ItemState.PAID if item.kept_fen else ItemState.WAIVED
    if item.due_on is None:
        return ItemState.PROMISED
    if item.due_on < today:
        return ItemState.OVERDUE
    return ItemState.ON_STATEMENT if item.statement_id is not None else ItemState.RUNNING
