"""The terms of staged payment as a seller types them on an offer's page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pifa.catalog.models import StagedTerms
from pifa.catalog.rules import StagedPlan
from pifa.kernel.money import Money
from pifa.web.shared.figures import MoneyField


class StagedForm(forms.Form):
    """Whether orders are paid in stages, and how; `plan` is None if they are not."""

    WAYS = [
        ("", _("一次付清")),
        ("share", _("分阶段付款，定金按比例")),
        ("amount", _("分阶段付款，定金按金额")),
    ]

    way = forms.ChoiceField(
        label=_("付款方式"), choices=WAYS, required=False, widget=forms.RadioSelect
    )
    share = forms.DecimalField(
        label=_("定金比例"), max_digits=4, decimal_places=2, required=False, min_value=1
    )
    amount = MoneyField(label=_("定金金额"), required=False)
    production_days = forms.IntegerField(
        label=_("生产天数"), min_value=1, max_value=180, required=False
    )
    balance_days = forms.IntegerField(
        label=_("付尾款天数"),
        min_value=1,
        max_value=30,
        required=False,
        help_text=_("从完成生产算起，逾期未付订单关闭。"),
    )
    keeper = forms.ChoiceField(
        label=_("逾期未付尾款时定金归"), choices=StagedTerms.Keeper.choices, required=False
    )
    as_default = forms.BooleanField(label=_("新货品也用这个约定"), required=False)

    def clean(self) -> dict[str, Any]:
        """What the chosen way needs must be there."""
        data = super().clean() or {}
        way = data.get("way")
        needed = ["production_days", "balance_days", way] if way else []
        for name in needed:
            if name and data.get(name) is None and name not in self.errors:
                self.add_error(name, _("请填写这一项。"))
        return data

    def plan(self) -> StagedPlan | None:
        """The plan of a valid form."""
        data = self.cleaned_data
        if not data["way"]:
            return None
        by_share = data["way"] == "share"
        return StagedPlan(
            production_days=data["production_days"],
            balance_days=data["balance_days"],
            deposit_bp=int(data["share"] * 100) if by_share else None,
            deposit_fen=None if by_share else data["amount"].fen,
            keeper=data["keeper"] or "seller",
        )


def initial(plan: StagedPlan | None) -> dict[str, Any]:
    """A plan as the form shows it; without one the usual terms, not chosen."""
    if plan is None:
        return {"way": "", "share": 30, "balance_days": 7, "keeper": "seller"}
    return {
        "way": "share" if plan.deposit_bp else "amount",
        "share": Decimal(plan.deposit_bp) / 100 if plan.deposit_bp else None,
        "amount": Money(plan.deposit_fen) if plan.deposit_fen else None,
        "production_days": plan.production_days,
        "balance_days": plan.balance_days,
        "keeper": plan.keeper,
    }
