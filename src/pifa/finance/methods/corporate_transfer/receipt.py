"""The receipt of a transfer (电子回单) as a page to print: whose money, to whom, for what.

It names the legal names that an invoice names. The font is one that every reader of PDF brings
along for simplified Chinese, so that no font file is needed to write it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.banks import registry as banks
from pifa.finance.methods.corporate_transfer.models import BankMatch
from pifa.finance.methods.corporate_transfer.rules import same_name
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.capitals import in_capitals
from pifa.kernel.errors import NotFound
from pifa.kernel.ids import number_of
from pifa.kernel.money import Money
from pifa.parties import queries as parties

_FONT = "STSong-Light"
_MARGIN = 56.0
_LINE = 30.0
_WIDEST = 34
"""So many Chinese letters stand on a line of a value."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says; one for each payment by transfer."""

    number: str
    payer: str
    paid_by: str
    payer_account: str
    payer_bank: str
    payee: str
    payee_account: str
    bank: str
    amount: Money
    refunded: Money
    line_no: str
    value_day: str
    paid_at: datetime
    subject: str
    title: str
    remark: str

    @property
    def capitals(self) -> str:
        """The amount in Chinese capitals."""
        return in_capitals(self.amount)


def receipt(actor: Actor, payment_number: str) -> Receipt:
    """The receipt of a payment for its payer, its payee and operators; else `NotFound`."""
    matches = BankMatch.objects.select_related("line__account", "payable", "payment")
    match = matches.filter(payment__number=payment_number).first()
    if match is None:
        raise NotFound
    policies.may_see_payable(actor, match.payable)
    line, payable = match.line, match.payable
    assert payable.payer_id is not None
    assert match.payment.settled_at is not None
    cards = parties.cards([payable.payer_id, payable.payee_id])
    return Receipt(
        number=match.payment.number,
        payer=cards[payable.payer_id].verified_name or line.payer_name,
        paid_by=line.payer_name,
        payer_account=line.payer_account,
        payer_bank=line.payer_bank,
        payee=cards[payable.payee_id].verified_name or cards[payable.payee_id].name,
        payee_account=line.account.number if line.account else line.account_no,
        bank=str(banks.get(line.bank).name),
        amount=Money(match.amount_fen),
        refunded=Money(match.payment.refunded_fen),
        line_no=line.line_no or line.number,
        value_day=line.value_day.isoformat(),
        paid_at=match.payment.settled_at,
        subject=number_of(payable.subject),
        title=payable.title,
        remark=line.remark,
    )


def as_pdf(said: Receipt) -> bytes:
    """One page of A4."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    target = BytesIO()
    width, height = A4
    # `invariant`: the same receipt is the same file, without the moment of writing.
    page = Canvas(target, pagesize=A4, invariant=1)
    page.setTitle(f"{_('转账电子回单')} {said.number}")
    page.setAuthor("Pifa")
    page.setFont(_FONT, 20)
    page.drawCentredString(width / 2, height - 80, _("转账电子回单"))
    page.setFont(_FONT, 10)
    page.drawCentredString(width / 2, height - 100, _("回单号 {number}").format(number=said.number))
    top = height - 130
    for label, value in rows(said):
        lines = _wrapped(value)
        page.setFont(_FONT, 11)
        page.drawString(_MARGIN, top - 19, label)
        for at, text in enumerate(lines):
            page.drawString(_MARGIN + 110, top - 19 - 16 * at, text)
        bottom = top - _LINE - 16 * (len(lines) - 1)
        page.setLineWidth(0.4)
        page.line(_MARGIN, bottom, width - _MARGIN, bottom)
        top = bottom
    page.setFont(_FONT, 9)
    page.drawString(
        _MARGIN,
        top - 28,
        _("付款方、收款方写的是认证名称，发票也应写这两个名称。款项由平台担保，收货后结算。"),
    )
    page.showPage()
    page.save()
    return target.getvalue()


def rows(said: Receipt) -> list[tuple[str, str]]:
    """What stands on the receipt, label by label."""
    found = [
        (_("付款方"), said.payer),
        (_("付款账号"), f"{said.payer_account}  {said.payer_bank}".strip()),
        (_("收款方"), said.payee),
        (_("收款账号"), f"{said.payee_account}  {said.bank}"),
        (_("金额"), _("人民币 {amount}").format(amount=said.amount)),
        (_("金额（大写）"), said.capitals),
        (_("入账日期"), said.value_day),
        (_("付清时间"), f"{said.paid_at.astimezone(clock.zone()):%Y-%m-%d %H:%M:%S}"),
        (_("银行流水号"), said.line_no),
        (_("用途"), " ".join(part for part in (said.subject, said.title) if part)),
        (_("附言"), said.remark or "—"),
    ]
    if not same_name(said.payer, said.paid_by):
        # An operator found out that this money was the payer's all the same.
        found.insert(1, (_("付款户名"), said.paid_by))
    if said.refunded:
        found.append((_("已退回"), str(said.refunded)))
    return found


def _wrapped(text: str) -> list[str]:
    """A value in lines that fit; Latin letters count half."""
    lines, line, wide = [], "", 0.0
    for letter in text:
        size = 0.5 if letter.isascii() else 1.0
        if wide + size > _WIDEST:
            lines.append(line)
            line, wide = "", 0.0
        line, wide = line + letter, wide + size
    return [*lines, line]
