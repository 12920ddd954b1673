"""Transfers from a buyer's bank account: arrived, waiting, assigned, sent back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.messages.kinds.kind import WHY_PAYER, Kind

KINDS = (
    Kind(
        code="transfer_received",
        label=_("转账到账"),
        title=_("转账 {amount_fen} 已到账入账"),
        body=_("贵企业转来的 {amount_fen} 已入账，由平台担保。回单在“对公转账”里。"),
        why=WHY_PAYER,
        audience="buyer",
    ),
    Kind(
        code="transfer_waiting",
        label=_("转账待核对"),
        title=_("转账 {amount_fen} 已到账，{left_fen} 待核对"),
        body=_(
            "贵企业转来的 {amount_fen} 已到账，其中 {matched_fen} 已入账，{left_fen} 对不上应付款，"
            "由平台核对后入账或退回原账户。"
        ),
        why=WHY_PAYER,
        audience="buyer",
        email=True,
    ),
    Kind(
        code="transfer_assigned",
        label=_("转账已认领"),
        title=_("转账中的 {amount_fen} 已核对入账"),
        body=_("平台核对后，把贵企业转账中的 {amount_fen} 付给了应付款。回单在“对公转账”里。"),
        why=WHY_PAYER,
        audience="buyer",
    ),
    Kind(
        code="transfer_sent_back",
        label=_("转账退回"),
        title=_("转账 {amount_fen} 已退回付款账户"),
        body=_("{amount_fen} 已退回贵企业的付款账户：{reason}"),
        why=WHY_PAYER,
        audience="buyer",
        email=True,
    ),
)
