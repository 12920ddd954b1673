"""What a seller types in an invitation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from pifa.finance.queries.by_link import all_ways
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.kernel.pictures import PictureLimits
from pifa.relationships import queries as relationships
from pifa.trade.invitations.commands import InvitationGiven
from pifa.trade.invitations.queries import FoundSku, OwnView
from pifa.trade.invitations.rules import MAX_LINES, VALID_DAYS, Destination, GoodsGiven
from pifa.trade.quotes.rules import MAX_LEAD_DAYS
from pifa.trade.quotes.terms import MAX_PRODUCTION_DAYS, QuoteTerms
from pifa.web.shared.days import DayField
from pifa.web.shared.figures import MoneyField, PiecesField, PriceField
from pifa.web.shared.forms import phone_input
from pifa.web.shared.regions import region_choices

CUSTOMERS = 200
"""How many customers the list offers, the newest first."""


class SkuForm(forms.Form):
    """A SKU that was chosen: how many, at which price."""

    sku = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    quantity = PiecesField(label=_("数量"))
    price = PriceField(label=_("单价"))
    drop = forms.BooleanField(label=_("移除"), required=False)

    line: FoundSku | None = None
    """What it is, with the price that is proposed for so many; for the page."""

    def goods(self) -> GoodsGiven:
        """The line as it is given."""
        data = self.cleaned_data
        return GoodsGiven(data["quantity"], data["price"], sku_id=data["sku"])


class TypedForm(forms.Form):
    """Goods in the seller's own words; a row in which nothing stands is passed over."""

    title = forms.CharField(label=_("货品名称"), max_length=200)
    spec_text = forms.CharField(label=_("规格"), max_length=120, required=False)
    unit = forms.CharField(label=_("单位"), max_length=10)
    quantity = PiecesField(label=_("数量"))
    price = PriceField(label=_("单价"))
    picture = forms.FileField(
        label=_("图片"), required=False, widget=forms.FileInput({"accept": "image/*"})
    )
    keep = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def clean_picture(self) -> bytes | None:
        """The picture's bytes, not more than pictures may have."""
        file = self.cleaned_data["picture"]
        limit = PictureLimits().file_bytes
        return file.read(limit + 1) if file else None

    def goods(self) -> GoodsGiven:
        """The line as it is given."""
        data = self.cleaned_data
        return GoodsGiven(
            data["quantity"],
            data["price"],
            title=data["title"],
            spec_text=data["spec_text"],
            unit=data["unit"],
            picture=data["picture"],
            keep=data["keep"],
        )


SkuForms: type[BaseFormSet[SkuForm]] = formset_factory(
    SkuForm, extra=0, max_num=MAX_LINES, absolute_max=MAX_LINES
)
TypedForms: type[BaseFormSet[TypedForm]] = formset_factory(
    TypedForm, extra=0, max_num=MAX_LINES, absolute_max=MAX_LINES
)


class InvitationForm(forms.Form):
    """An invitation but for its goods."""

    freight = MoneyField(label=_("运费（元）"), required=False, help_text=_("不填就是包邮。"))
    valid_until = DayField(label=_("有效期至"), help_text=_("这一天结束前客户可以确认。"))
    lead_days = forms.IntegerField(
        label=_("付款后几天内发货"), min_value=1, max_value=MAX_LEAD_DAYS, required=False
    )
    way = forms.ChoiceField(
        label=_("分几次付"),
        choices=[("full", _("一次付清")), ("staged", _("先付定金，做好再付尾款"))],
        widget=forms.RadioSelect,
    )
    deposit_percent = forms.IntegerField(
        label=_("定金比例（百分之几）"), min_value=1, max_value=99, required=False
    )
    deposit = MoneyField(label=_("或定金金额（元）"), required=False)
    production_days = forms.IntegerField(
        label=_("生产天数"), min_value=0, max_value=MAX_PRODUCTION_DAYS, required=False
    )
    ways = forms.MultipleChoiceField(
        label=_("可用的付款方式"), required=False, widget=forms.CheckboxSelectMultiple
    )
    customer = forms.TypedChoiceField(label=_("客户"), coerce=int, empty_value=None, required=False)
    note = forms.CharField(
        label=_("备注"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("包装、交货等，客户能看到。"),
    )
    consignee = forms.CharField(label=_("收货人"), max_length=60, required=False)
    mobile = forms.CharField(label=_("手机"), max_length=20, required=False, widget=phone_input())
    region = forms.ChoiceField(label=_("省份"), required=False)
    city = forms.CharField(label=_("城市、区县"), max_length=60, required=False)
    detail = forms.CharField(label=_("详细地址"), max_length=200, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Mapping[str, Sequence[tuple[Any, Any]]] = {
            "ways": list(all_ways().items()),
            "customer": [("", _("不指定，谁打开都可以")), *customers(actor)],
            "region": [("", _("由客户填写")), *region_choices()],
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]

    def given(self, lines: Sequence[GoodsGiven]) -> InvitationGiven:
        """The invitation as the command takes it."""
        data = self.cleaned_data
        # Figures left from before mean nothing with the other way; the page hides them.
        names = ("deposit_percent", "deposit", "production_days")
        staged = data["way"] == "staged"
        return InvitationGiven(
            lines=lines,
            valid_until=data["valid_until"],
            freight=data["freight"] or Money(0),
            ways=data["ways"],
            terms=QuoteTerms(data["way"], *(data[name] if staged else None for name in names)),
            lead_days=data["lead_days"],
            note=data["note"],
            customer_id=data["customer"],
            to=Destination(
                data["consignee"], data["mobile"], data["region"], data["city"], data["detail"]
            ),
        )


def customers(actor: Actor) -> list[tuple[int, str]]:
    """The seller's customers to choose from."""
    rows = relationships.customers(actor, size=100).items[:CUSTOMERS]
    return [(row.pk, row.name or (row.buyer.name if row.buyer else "")) for row in rows]


def blank() -> dict[str, Any]:
    """What a new invitation begins with."""
    return {
        "valid_until": clock.today() + timedelta(days=VALID_DAYS),
        "way": "full",
        "ways": list(all_ways()),
    }


def initial_of(view: OwnView) -> dict[str, Any]:
    """An invitation as the form shows it; one that expired gets a new validity."""
    said, to = view.said, view.to
    fresh = blank()
    return {
        "freight": said.freight,
        "valid_until": max(said.valid_until, clock.today()),
        "lead_days": said.lead_days,
        "way": said.terms.way,
        "deposit_percent": said.terms.deposit_percent,
        "deposit": said.terms.deposit,
        "production_days": said.terms.production_days,
        "ways": list(said.ways) or fresh["ways"],
        "customer": view.customer_id,
        "note": said.note,
        "consignee": to.consignee,
        "mobile": to.mobile,
        "region": to.region,
        "city": to.city,
        "detail": to.detail,
    }


def lines_of(view: OwnView) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Its goods as the two sets of rows show them: SKUs, and goods in words."""
    skus, typed = [], []
    for line in view.said.lines:
        if line.sku_id is not None:
            skus.append({"sku": line.sku_id, "quantity": line.quantity, "price": line.price})
            continue
        typed.append(
            {
                "title": line.title,
                "spec_text": line.spec_text,
                "unit": line.unit,
                "quantity": line.quantity,
                "price": line.price,
                "keep": line.position if line.has_picture else None,
            }
        )
    return skus, typed
