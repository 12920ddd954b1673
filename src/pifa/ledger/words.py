"""What a posting means, in plain words, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.ledger.models import ACCOUNT_LABELS
from pifa.ledger.rules import AccountKind, TransferKind

Words = str | Promise
Way = tuple[AccountKind, AccountKind]

_WORDS: dict[str, Words] = {
    TransferKind.PAYMENT: _("买家付款，进入平台担保"),
    TransferKind.RELEASE: _("担保款结算到卖家余额"),
    TransferKind.DEPOSIT: _("缴纳买家保障保证金"),
    TransferKind.DEPOSIT_RETURN: _("退还买家保障保证金到余额"),
    TransferKind.FEE: _("平台手续费"),
    TransferKind.FEE_RETURN: _("退还极速到账手续费"),
    TransferKind.CLAWBACK: _("偿还平台垫付的退款"),
    TransferKind.COLLECTION: _("收钱码收款进入余额"),
    TransferKind.PROTECTION: _("首单交易无忧赔付，进入买家余额"),
    TransferKind.PROMISE: _("买家约定以后付款（尚未收款）"),
    TransferKind.WAIVER: _("约定款减免，不必再付"),
    TransferKind.ALLOCATION: _("合并付款分配到各笔"),
    TransferKind.BANK_IN: _("银行到账，待认领"),
    TransferKind.BOND_PREMIUM: _("履约保证金险保费"),
    TransferKind.FREIGHT_PREMIUM: _("运费险保费"),
    TransferKind.FREIGHT_CLAIM: _("运费险赔付退货运费，进入买家余额"),
    TransferKind.FREIGHT_RETURN: _("没有发货，退还运费险保费到余额"),
    TransferKind.BANK_OUT: _("无法认领的款项退回付款账户"),
    TransferKind.AT_THE_DOOR: _("承运商在门口代收，等待回款"),
    TransferKind.CARRIER_FEE: _("承运商代收手续费"),
    TransferKind.BILL_REST: _("汇票兑付，已退款的部分进入买家余额"),
    TransferKind.FINANCIER_REPAID: _("买家还款，转给金融机构"),
    TransferKind.FINANCIER_RETURN: _("退款冲减买家欠金融机构的款项"),
}

_WORDS_BY_WAY: dict[tuple[str, Way], Words] = {
    (TransferKind.PAYMENT, (AccountKind.PROMISED, AccountKind.RECEIVABLE)): _(
        "约定款已付，约定了结"
    ),
    (TransferKind.PAYMENT, (AccountKind.PROMISED, AccountKind.CARRIER)): _(
        "承运商已回款，约定了结"
    ),
    (TransferKind.PAYMENT, (AccountKind.PROMISED, AccountKind.FINANCIER)): _(
        "金融机构付款，约定了结"
    ),
    (TransferKind.PAYMENT, (AccountKind.ESCROW, AccountKind.FEES)): _("诚e赊服务费与提前收款费"),
    (TransferKind.PAYMENT, (AccountKind.FEES, AccountKind.GATEWAY)): _("提前收款费转给金融机构"),
    (TransferKind.WAIVER, (AccountKind.PROMISED, AccountKind.FINANCIER)): _(
        "约定款减免，买家已还的部分由金融机构退回"
    ),
    (TransferKind.FINANCIER_RETURN, (AccountKind.GATEWAY, AccountKind.BALANCE)): _(
        "金融机构退回已还款项，进入买家余额"
    ),
    (TransferKind.FINANCIER_REPAID, (AccountKind.ESCROW, AccountKind.BALANCE)): _(
        "还款到账，进入买家余额"
    ),
    (TransferKind.FINANCIER_REPAID, (AccountKind.FINANCIER, AccountKind.RECEIVABLE)): _(
        "买家还款，欠款减少"
    ),
    (TransferKind.INSTANT, (AccountKind.ESCROW, AccountKind.BALANCE)): _(
        "极速到账：货款提前结算到卖家余额"
    ),
    (TransferKind.INSTANT, (AccountKind.BALANCE, AccountKind.FEES)): _("极速到账手续费"),
    (TransferKind.WITHDRAWAL, (AccountKind.BALANCE, AccountKind.GATEWAY)): _("提现到银行账户"),
    (TransferKind.WITHDRAWAL, (AccountKind.BALANCE, AccountKind.FEES)): _("提现手续费"),
    (TransferKind.WITHDRAWAL_RETURN, (AccountKind.GATEWAY, AccountKind.BALANCE)): _(
        "提现被银行退回，回到余额"
    ),
    (TransferKind.WITHDRAWAL_RETURN, (AccountKind.FEES, AccountKind.BALANCE)): _(
        "提现未到账，手续费退回"
    ),
    (TransferKind.BOND_CLAIM, (AccountKind.GATEWAY, AccountKind.BALANCE)): _(
        "履约保证金险赔付，用于退款"
    ),
    (TransferKind.BOND_CLAIM, (AccountKind.RECOURSE, AccountKind.INSURER)): _(
        "保险公司赔付后向卖家追偿"
    ),
    (TransferKind.RECOURSE, (AccountKind.BALANCE, AccountKind.GATEWAY)): _("偿还保险公司赔付款"),
    (TransferKind.RECOURSE, (AccountKind.INSURER, AccountKind.RECOURSE)): _("追偿款已还"),
    (TransferKind.RETURN, (AccountKind.GATEWAY, AccountKind.BALANCE)): _("收到多付的款项"),
    (TransferKind.RETURN, (AccountKind.BALANCE, AccountKind.GATEWAY)): _("多付的款项原路退回"),
    (TransferKind.REFUND, (AccountKind.ESCROW, AccountKind.GATEWAY)): _("担保款原路退回买家"),
    (TransferKind.REFUND, (AccountKind.BALANCE, AccountKind.GATEWAY)): _(
        "从收款方余额退款给付款方"
    ),
    (TransferKind.REFUND, (AccountKind.DEPOSIT, AccountKind.GATEWAY)): _("从卖家保证金退款给买家"),
    (TransferKind.REFUND, (AccountKind.CLAWBACK, AccountKind.GATEWAY)): _(
        "平台先行垫付，退款给买家"
    ),
    (TransferKind.REFUND, (AccountKind.ESCROW, AccountKind.BALANCE)): _("担保款退回买家余额"),
    (TransferKind.REFUND, (AccountKind.BALANCE, AccountKind.BALANCE)): _(
        "从收款方余额退款到付款方余额"
    ),
    (TransferKind.REFUND, (AccountKind.DEPOSIT, AccountKind.BALANCE)): _(
        "从卖家保证金退款到买家余额"
    ),
    (TransferKind.REFUND, (AccountKind.CLAWBACK, AccountKind.BALANCE)): _(
        "平台先行垫付，退款到买家余额"
    ),
}


def of_posting(kind: str, debit: AccountKind, credit: AccountKind) -> str:
    """One posting in words; a way without words of its own names its two accounts."""
    words = _WORDS_BY_WAY.get((kind, (debit, credit))) or _WORDS.get(kind)
    if words is not None:
        return str(words)
    return f"{ACCOUNT_LABELS[debit]} → {ACCOUNT_LABELS[credit]}"


def account(kind: AccountKind) -> str:
    """The name of an account."""
    return str(ACCOUNT_LABELS[kind])


def bad_cursor() -> str:
    """Why a statement's cursor was refused."""
    return str(_("翻页位置无效，请从第一页重新查看。"))
