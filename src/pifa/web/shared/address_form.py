"""An address as it is typed, in the address book and at the checkout."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from pifa.parties.commands import AddressInput
from pifa.parties.models import Address
from pifa.web.shared.forms import phone_input
from pifa.web.shared.regions import region_choices

FIELDS = ("consignee", "mobile", "region", "city", "detail", "post_code", "phone")


class AddressForm(forms.Form):
    """A place goods are sent to; the parties' rules say what is acceptable."""

    consignee = forms.CharField(
        label=_("收货人"), max_length=60, widget=forms.TextInput({"autocomplete": "name"})
    )
    mobile = forms.CharField(label=_("手机"), max_length=20, widget=phone_input())
    region = forms.ChoiceField(label=_("省份"), choices=region_choices)
    city = forms.CharField(
        label=_("城市、区县"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "address-level2"}),
    )
    detail = forms.CharField(
        label=_("详细地址"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "street-address"}),
    )
    post_code = forms.CharField(label=_("邮编"), max_length=10, required=False)
    phone = forms.CharField(
        label=_("固定电话"), max_length=30, required=False, widget=phone_input()
    )

    def entry(self) -> AddressInput:
        """What was typed, as the command takes it."""
        return AddressInput(**{name: self.cleaned_data[name] for name in FIELDS})


def initial_of(row: Address) -> dict[str, str]:
    """A kept address as the form shows it."""
    return {name: getattr(row, name) for name in FIELDS}
