"""The details of an invoice as people type them, the same at the checkout and in the centre."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pifa.trade.invoices.errors import InvalidDetails
from pifa.trade.invoices.rules import LONGEST, NEEDED, Details, read_details
from pifa.trade.models import InvoiceKind
from pifa.web.shared.forms import phone_input


class DetailsForm(forms.Form):
    """What stands on an invoice; what is asked for depends on the kind."""

    kind = forms.ChoiceField(
        label=_("发票类型"),
        choices=InvoiceKind.choices,
        initial=InvoiceKind.ORDINARY,
        widget=forms.RadioSelect,
    )
    title = forms.CharField(label=_("发票抬头"), max_length=120, required=False)
    tax_no = forms.CharField(
        label=_("税号"),
        max_length=30,
        required=False,
        help_text=_("18 位统一社会信用代码。"),
    )
    address = forms.CharField(label=_("注册地址"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("注册电话"), max_length=30, required=False, widget=phone_input()
    )
    bank = forms.CharField(label=_("开户银行"), max_length=120, required=False)
    account = forms.CharField(label=_("银行账号"), max_length=40, required=False)
    email = forms.EmailField(label=_("收票邮箱"), max_length=120, required=False)

    details: Details | None = None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        kind = data.get("kind", "")
        if kind not in NEEDED:
            return data
        for name in NEEDED[kind]:
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("开这种发票需要填写这一项。"))
        if not self.errors:
            named = (*NEEDED[kind], "email") if kind == "ordinary" else tuple(LONGEST)
            try:
                self.details = read_details(
                    {"kind": kind} | {name: data[name] for name in named if data[name]}
                )
            except InvalidDetails as error:
                self.add_error(error.field if error.field in self.fields else None, str(error))
        return data

    def wanted(self) -> dict[str, str]:
        """The details of a valid form, as commands take them; none if no invoice is wanted."""
        return self.details.given() if self.details else {}
