"""What a buyer types when it asks for quotes or takes one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from pifa.kernel import clock
from pifa.kernel.pictures import PictureLimits
from pifa.parties.models import Address
from pifa.trade.queries import LineView
from pifa.trade.quotes.rules import MAX_LINES, GoodsWanted
from pifa.web.shared.days import DayField
from pifa.web.shared.figures import MoneyField, PiecesField, PriceField

BLANK_ROWS = 3
"""Rows for goods in own words that a page begins with."""

ANSWER_DAYS = 7
"""How long answers are taken unless the buyer says otherwise."""


class SkuForm(forms.Form):
    """A SKU that was chosen: how many, at which price one hopes for."""

    sku = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    quantity = PiecesField(label=_("数量"))
    wanted = PriceField(label=_("期望单价"), required=False)

    line: LineView | None = None
    """What it is, for the page."""

    def goods(self) -> GoodsWanted:
        """The line as it is asked for."""
        data = self.cleaned_data
        return GoodsWanted(data["quantity"] or 0, data["sku"], wanted=data["wanted"])


class TypedForm(forms.Form):
    """Goods in the buyer's own words; a row in which nothing stands is passed over."""

    title = forms.CharField(label=_("货品名称"), max_length=200)
    spec_text = forms.CharField(label=_("规格"), max_length=120, required=False)
    quantity = PiecesField(label=_("数量"))
    unit = forms.CharField(label=_("单位"), max_length=10)
    wanted = PriceField(label=_("期望单价"), required=False)

    def goods(self) -> GoodsWanted:
        """The line as it is asked for."""
        data = self.cleaned_data
        return GoodsWanted(
            data["quantity"] or 0,
            title=data["title"],
            spec_text=data["spec_text"],
            unit=data["unit"],
            wanted=data["wanted"],
        )


SkuForms: type[BaseFormSet[SkuForm]] = formset_factory(
    SkuForm, extra=0, max_num=MAX_LINES, absolute_max=MAX_LINES
)
TypedForms: type[BaseFormSet[TypedForm]] = formset_factory(
    TypedForm, extra=BLANK_ROWS, max_num=MAX_LINES, absolute_max=MAX_LINES
)


class AskForm(forms.Form):
    """Of whom, where to, until when, with which words and picture."""

    sellers = forms.TypedMultipleChoiceField(
        label=_("还向这些卖家询价"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    address = forms.TypedChoiceField(label=_("收货地址"), coerce=int)
    until = DayField(label=_("报价截止日"), help_text=_("卖家可以报价到这一天结束。"))
    needed_by = DayField(label=_("需要日期"), required=False)
    note = forms.CharField(
        label=_("补充说明"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("材质、包装、检测等要求，所有被询价的卖家都能看到。"),
    )
    picture = forms.FileField(
        label=_("附图"), required=False, widget=forms.FileInput({"accept": "image/*"})
    )

    def __init__(
        self,
        *args: Any,
        sellers: Sequence[tuple[int, str]],
        book: Sequence[Address],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sellers"].choices = sellers  # type: ignore[attr-defined]
        self.fields["address"].choices = address_choices(book)  # type: ignore[attr-defined]
        self.fields["until"].initial = clock.today() + timedelta(days=ANSWER_DAYS)
        default = next((row.pk for row in book if row.is_default), None)
        self.fields["address"].initial = default or (book[0].pk if book else None)

    def clean_picture(self) -> bytes | None:
        """The picture's bytes, not more than pictures may have."""
        file = self.cleaned_data["picture"]
        limit = PictureLimits().file_bytes
        if file is None:
            return None
        if file.size > limit:
            raise forms.ValidationError(
                _("图片不能超过 %(mib)d MB。") % {"mib": limit // (1024 * 1024)}
            )
        content: bytes = file.read()
        return content


class AcceptForm(forms.Form):
    """Which answer is taken, where the goods go, a word to the seller."""

    quote = forms.CharField(widget=forms.HiddenInput, max_length=32)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=32_000)
    address = forms.TypedChoiceField(label=_("收货地址"), coerce=int)
    message = forms.CharField(label=_("给卖家留言"), max_length=500, required=False)
    # The box's value is the premium that was read.
    premium = MoneyField(label=_("运费险"), required=False)

    def __init__(self, *args: Any, book: Sequence[Address], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].choices = address_choices(book)  # type: ignore[attr-defined]


class RefuseForm(forms.Form):
    """Why an answer is not taken."""

    quote = forms.CharField(widget=forms.HiddenInput, max_length=32)
    reason = forms.CharField(label=_("原因（卖家能看到）"), max_length=200, required=False)


def address_choices(book: Sequence[Address]) -> list[tuple[int, str]]:
    """Addresses as one chooses among them."""
    return [(row.pk, f"{row.consignee} {row.city}{row.detail}") for row in book]
