"""The life of a request for an invoice, as a table."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from pifa.kernel.states import StateTable, Transition

BUYER, SELLER, MARKET = "buyer", "seller", "market"


class RequestState(TextChoices):
    """States of a request for an invoice."""

    WAITING = "waiting", _("待开票")
    ISSUED = "issued", _("已开票")
    REFUSED = "refused", _("卖家已拒绝")
    WITHDRAWN = "withdrawn", _("买家已撤回")
    LAPSED = "lapsed", _("订单关闭，已失效")


_S = RequestState
REQUEST = StateTable(
    name="invoice",
    states=dict(RequestState.choices),
    initial=_S.WAITING.value,
    transitions=(
        Transition(
            "issue", _("登记发票"), (_S.WAITING, _S.ISSUED), _S.ISSUED, (SELLER,), "invoice.issued"
        ),
        Transition(
            "refuse", _("拒绝开票"), (_S.WAITING,), _S.REFUSED, (SELLER,), "invoice.refused"
        ),
        Transition(
            "withdraw", _("撤回申请"), (_S.WAITING,), _S.WITHDRAWN, (BUYER,), "invoice.withdrawn"
        ),
        Transition("lapse", _("订单关闭失效"), (_S.WAITING,), _S.LAPSED, (MARKET,), ""),
        Transition(
            "credit",
            _("登记红字发票"),
            (_S.WAITING, _S.ISSUED),
            None,
            (SELLER,),
            "invoice.credited",
        ),
    ),
)
"""A request. One that is in part issued waits for the rest; a credit note changes no state."""
