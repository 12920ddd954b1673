"""How a mandate and an order under it stand. An order's state is not kept: it follows from its
figures, what was received and what the bank said."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from pifa.finance.methods.trust import events
from pifa.finance.methods.trust.models import TrustItem, TrustMandate
from pifa.kernel.states import SAME, StateTable, Transition

_M = TrustMandate.State

MANDATE = StateTable(
    name="trust mandate",
    states=dict(_M.choices),
    initial=_M.SIGNED.value,
    transitions=(
        Transition(
            "end", _("解约"), (_M.SIGNED.value,), _M.ENDED.value, ("buyer",),
            events.TrustMandateChanged.name,
        ),
    ),
)  # fmt: skip


class TrustState(TextChoices):
    """How an order that is paid this way stands."""

    PROMISED = "promised", _("已约定，未收货")
    DEBITING = "debiting", _("扣款中")
    RETRYING = "retrying", _("扣款失败，待重试")
    CALLED = "called", _("银行代付中")
    DEBITED = "debited", _("已扣款")
    OWING = "owing", _("银行已代付，待还")
    REPAID = "repaid", _("已还清")
    WAIVED = "waived", _("已退款，不再扣款")


_S = TrustState
_CLAIMED = tuple(state.value for state in (_S.PROMISED, _S.DEBITING, _S.RETRYING, _S.CALLED))
_TRIED = (_S.DEBITING.value, _S.RETRYING.value)
_ENDED = "finance.promise_ended"
_REFUNDED = "finance.payable_refunded"

TRUST = StateTable(
    name="trust payment",
    states=dict(_S.choices),
    initial=_S.PROMISED.value,
    transitions=(
        Transition(
            "receive", _("收货"), (_S.PROMISED.value,), _S.DEBITING.value, ("buyer", "market"),
            events.TrustReceived.name,
        ),
        Transition(
            "debit", _("扣款成功"), _TRIED, _S.DEBITED.value, ("market",), events.TrustDebited.name
        ),
        Transition(
            "fail", _("扣款失败"), _TRIED, _S.RETRYING.value, ("market",),
            events.TrustDebitFailed.name,
        ),
        Transition(
            "call", _("请银行兑现承诺"), _TRIED, _S.CALLED.value, ("market",),
            events.TrustDebitFailed.name,
        ),
        Transition(
            "cover", _("银行代付"), (_S.CALLED.value,), _S.OWING.value, ("market",),
            events.TrustCovered.name,
        ),
        Transition(
            "repay_part", _("还一部分"), (_S.OWING.value,), SAME, ("buyer",), events.TrustRepaid.name
        ),
        Transition(
            "repay", _("还清"), (_S.OWING.value,), _S.REPAID.value, ("buyer",),
            events.TrustRepaid.name,
        ),
        Transition("waive_part", _("退款减少一部分"), _CLAIMED, SAME, ("market",), _ENDED),
        Transition("waive", _("退款"), _CLAIMED, _S.WAIVED.value, ("market",), _ENDED),
        Transition("waive_rest", _("退款减去余款"), _CLAIMED, _S.DEBITED.value, ("market",), _ENDED),
        Transition(
            "forgive_part", _("退款减少欠款"), (_S.OWING.value,), SAME, ("market",), _REFUNDED
        ),
        Transition(
            "forgive", _("退款"), (_S.OWING.value,), _S.WAIVED.value, ("market",), _REFUNDED
        ),
        Transition(
            "forgive_rest", _("退款减去余欠"), (_S.OWING.value,), _S.REPAID.value, ("market",),
            _REFUNDED,
        ),
    ),
)  # fmt: skip
"""`waive_rest`, `forgive_rest`: something was paid before, so that what ends it is no waiver of all."""


def trust_state(row: TrustItem) -> TrustState:
    """How an order stands."""
    if row.claim_fen:
        if row.received_at is None:
            return _S.PROMISED
        if row.called_at is not None:
            return _S.CALLED
        return _S.RETRYING if row.failed else _S.DEBITING
    if row.debt_fen:
        return _S.OWING
    if row.repaid_fen:
        return _S.REPAID
    return _S.DEBITED if row.debited_fen else _S.WAIVED
