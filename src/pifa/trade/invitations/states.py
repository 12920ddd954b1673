"""The life of an order invitation, as a table."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from pifa.kernel.states import SAME, StateTable, Transition

BUYER, SELLER, MARKET = "buyer", "seller", "market"


class InvitationState(TextChoices):
    """States of an invitation."""

    DRAFT = "draft", _("草稿")
    OPEN = "open", _("待客户确认")
    CONFIRMED = "confirmed", _("已确认，待付款")
    DONE = "done", _("已成交")
    EXPIRED = "expired", _("已过期")
    RECALLED = "recalled", _("已撤回")


ANSWERING = (InvitationState.OPEN, InvitationState.CONFIRMED, InvitationState.DONE)
"""States in which the link shows anything at all."""

_S = InvitationState
INVITATION = StateTable(
    name="invitation",
    states=dict(InvitationState.choices),
    initial=_S.DRAFT.value,
    transitions=(
        Transition("edit", _("修改"), (_S.DRAFT,), SAME, (SELLER,), ""),
        Transition("send", _("发起订单"), (_S.DRAFT,), _S.OPEN, (SELLER,), "invitation.sent"),
        Transition(
            "change",
            _("修改邀请"),
            (_S.OPEN, _S.CONFIRMED, _S.EXPIRED),
            _S.OPEN,
            (SELLER,),
            "invitation.changed",
        ),
        Transition(
            "confirm", _("确认订单"), (_S.OPEN,), _S.CONFIRMED, (BUYER,), "invitation.confirmed"
        ),
        Transition(
            "complete", _("成交"), (_S.CONFIRMED,), _S.DONE, (MARKET,), "invitation.completed"
        ),
        Transition(
            "reopen", _("重新开放"), (_S.CONFIRMED,), _S.OPEN, (MARKET,), "invitation.reopened"
        ),
        Transition(
            "lapse", _("有效期结束"), (_S.CONFIRMED,), _S.EXPIRED, (MARKET,), "invitation.expired"
        ),
        Transition(
            "expire", _("有效期结束"), (_S.OPEN,), _S.EXPIRED, (MARKET,), "invitation.expired"
        ),
        Transition(
            "recall",
            _("撤回邀请"),
            (_S.DRAFT, _S.OPEN, _S.CONFIRMED, _S.EXPIRED),
            _S.RECALLED,
            (SELLER,),
            "invitation.recalled",
        ),
    ),
)
"""An invitation. Where its order was confirmed and is not paid, changing and recalling close that
order first; one whose order closed unpaid is open again while it is valid."""

TABLES = (INVITATION,)
