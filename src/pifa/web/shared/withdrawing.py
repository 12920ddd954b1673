"""Taking money of the balance out to the bank."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from pifa.web.shared.figures import MoneyField


class WithdrawForm(forms.Form):
    """How much goes to the bank. The key makes a form sent twice withdraw once."""

    amount = MoneyField(label=_("提现金额"))
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
