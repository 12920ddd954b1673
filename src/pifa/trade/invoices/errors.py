"""What is refused about invoices, in words a person can act on."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError, InvalidInput

LABELS: dict[str, str | Promise] = {
    "kind": _("发票类型"),
    "title": _("发票抬头"),
    "tax_no": _("税号"),
    "address": _("注册地址"),
    "phone": _("注册电话"),
    "bank": _("开户银行"),
    "account": _("银行账号"),
    "email": _("收票邮箱"),
}
"""The fields of an invoice's details in words."""


class InvalidDetails(InvalidInput):
    """Details of an invoice that cannot be used; figures may hold `name`, the field."""

    code = "trade.invalid_invoice_details"
    message = _("发票信息有误，请核对。")

    def __init__(self, field: str | None = None, **figures: Any) -> None:
        label = LABELS.get(str(figures.get("name", "")), figures.get("name", ""))
        super().__init__(field, **figures, label=label)


class KindUnknown(InvalidDetails):
    """A kind of invoice that there is not."""

    message = _("发票类型只能是普通发票（ordinary）或增值税专用发票（special）。")


class DetailUnknown(InvalidDetails):
    """A field that an invoice does not have, or that is no text."""

    message = _("发票信息里没有“{name}”这一项。")


class DetailTooLong(InvalidDetails):
    """A text is too long."""

    message = _("{label}最多 {limit} 个字，现在有 {length} 个。")


class DetailMissing(InvalidDetails):
    """The kind of invoice needs a field that is empty."""

    message = _("开这种发票需要填写{label}。")


class TaxNumberInvalid(InvalidDetails):
    """No tax number has this form or check digit."""

    message = _("税号不对：应为 18 位统一社会信用代码，最后一位校验不符。请照营业执照核对。")


class AccountInvalid(InvalidDetails):
    """No bank account has this form."""

    message = _("银行账号应为 6 到 32 位数字。")


class EmailInvalid(InvalidDetails):
    """No mailbox has this form."""

    message = _("邮箱格式不对，例如 caiwu@example.com。")


class TooManyProfiles(DomainError):
    """A company keeps no more profiles."""

    code = "trade.too_many_invoice_profiles"
    message = _("最多保存 {limit} 份开票资料，请先删除不用的。")


class NotInvoiceable(DomainError):
    """An order for which no invoice can be asked; figures: number, why."""

    code = "trade.not_invoiceable"
    message = _("订单 {number} 不能申请开票：{why}")


class OrdersOfSeveralSellers(DomainError):
    """One request is about orders of one seller."""

    code = "trade.invoice_of_several_sellers"
    status = 422
    message = _("一次只能为同一个卖家的 1 到 {limit} 个订单申请开票。")


class NotYetPaid(DomainError):
    """Nothing can be invoiced yet; figures: number (of an order)."""

    code = "trade.invoice_not_yet"
    message = _("订单 {number} 还没有付款或正在退款，金额确定后再开票。")


class InvoiceAmountOff(DomainError):
    """A paper's amount is not what is to be invoiced; figures: amount, left."""

    code = "trade.invoice_amount_off"
    status = 422
    message = _(
        "金额必须正好是 {left}，您填写的是 {amount}。分几张开的，除最后一张外请勾选“还有下一张”。"
    )


class InvoiceNumberInvalid(DomainError):
    """No invoice has such a number."""

    code = "trade.invoice_number_invalid"
    status = 422
    message = _("发票号码应为 20 位数字（数电票，不填代码），或 10、12 位代码加 8 位号码。")


class InvoiceNumberUsed(DomainError):
    """The seller recorded this invoice before; figures: number."""

    code = "trade.invoice_number_used"
    message = _("发票 {number} 已经登记过。")


class InvoiceDayOff(DomainError):
    """The day of an invoice cannot be; figures: first, today."""

    code = "trade.invoice_day_off"
    status = 422
    message = _("开票日期须在 {first} 到 {today} 之间。")


class NothingToCredit(DomainError):
    """No credit note is due."""

    code = "trade.nothing_to_credit"
    message = _("这份申请没有需要红冲的金额。")


class CreditTooLarge(DomainError):
    """A credit note is larger than what is left of its invoice; figures: amount, left."""

    code = "trade.credit_too_large"
    status = 422
    message = _("红字金额 {amount} 超过这张发票还剩的 {left}，请按发票分开红冲。")


class FileRefused(DomainError):
    """The file is none that an invoice may be; figures: why."""

    code = "trade.invoice_file_refused"
    status = 422
    message = _("不能使用这个文件：{why}")


class FileTooLarge(FileRefused):
    """More bytes than an invoice may have; figures: limit_mib."""

    code = "trade.invoice_file_too_large"
    status = 413
    message = _("文件超过 {limit_mib} MB，请缩小后重新上传。")
