"""Goods for customers in one short form: title, pictures, description, price, freight."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.catalog import queries as catalog
from pifa.catalog.commands import QuickListing, list_quickly
from pifa.catalog.commands.quick import USUAL_STOCK
from pifa.catalog.problems import Unacceptable
from pifa.kernel.errors import DomainError, Forbidden, NotFound
from pifa.web.access import seller_page
from pifa.web.seller.channel.posts import numbers, take_pictures
from pifa.web.seller.frame import CLERK, actor_on, show
from pifa.web.seller.goods.offer_page import UNIT
from pifa.web.shared.figures import PiecesField, PriceField


class QuickForm(forms.Form):
    """All that goods for customers need."""

    title = forms.CharField(label=gettext_lazy("标题"), max_length=120)
    price = PriceField(label=gettext_lazy("单价"))
    unit = forms.CharField(label=gettext_lazy("单位"), max_length=10, initial=UNIT)
    stock = PiecesField(label=gettext_lazy("库存"), initial=USUAL_STOCK)
    freight = forms.TypedChoiceField(
        label=gettext_lazy("运费"), coerce=int, empty_value=None, required=False
    )
    description = forms.CharField(
        label=gettext_lazy("详情"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea({"rows": 5}),
    )

    def __init__(self, *args: Any, templates: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["freight"].choices = [("", _("卖家包邮，不收运费")), *templates]


@seller_page(CLERK)
def quick(request: HttpRequest) -> HttpResponse:
    """List goods for customers alone; they are on sale at once."""
    actor = actor_on(request)
    templates = [(terms.template_id, terms.name) for terms in catalog.freight_templates(actor)]
    form = QuickForm(request.POST or None, templates=templates)
    pictures = numbers(request.POST.getlist("picture"))
    problems = take_pictures(request, pictures)
    if request.method == "POST" and form.is_valid() and not problems:
        offer_id = _list(request, form, pictures)
        if offer_id is not None:
            messages.success(request, _("已上架，只有您的客户看得到。发条动态告诉他们吧。"))
            return redirect(f"{reverse('seller:post_new')}?offer={offer_id}")
    kept = catalog.own_pictures(actor, pictures)
    return show(
        request,
        "seller/quick.html",
        status=422 if form.errors or problems else 200,
        form=form,
        problems=problems,
        pictures=[(key, kept[key]) for key in pictures if key in kept],
    )


def _list(request: HttpRequest, form: QuickForm, pictures: list[int]) -> int | None:
    data = form.cleaned_data
    listing = QuickListing(
        title=data["title"],
        price=data["price"],
        description=data["description"],
        picture_ids=pictures,
        freight_template_id=data["freight"],
        unit=data["unit"],
        stock=data["stock"],
    )
    try:
        return list_quickly(actor_on(request), listing)
    except Unacceptable as error:
        for problem in error.problems:
            name = "freight" if problem.field == "freight_template" else problem.field
            name = "price" if name == "tiers" else name
            known = name if name in form.fields else None
            form.add_error(known, str(problem))
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        form.add_error(None, str(error))
    return None
