"""The life of an approval, as a table."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from pifa.kernel.states import StateTable, Transition


class ApprovalState(TextChoices):
    """States of a purchase approval."""

    WAITING = "waiting", _("待审批")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("未批准")
    LAPSED = "lapsed", _("已失效")


_S = ApprovalState
APPROVAL = StateTable(
    name="approval",
    states=dict(ApprovalState.choices),
    initial=_S.WAITING.value,
    transitions=(
        Transition(
            "approve", _("批准"), (_S.WAITING,), _S.APPROVED, ("buyer",), "approval.decided"
        ),
        Transition(
            "refuse", _("不批准"), (_S.WAITING,), _S.REFUSED, ("buyer",), "approval.decided"
        ),
        Transition("lapse", _("失效"), (_S.WAITING,), _S.LAPSED, ("market",), ""),
    ),
)
"""An approval of one amount. It lapses when the order ends or its amount changes."""
