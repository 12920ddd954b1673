"""Forms of the console. Widgets are Unfold's, so that they look like the rest of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from pifa.kernel import clock
from pifa.kernel.money import Money
from pifa.parties.models import Company


class ReviewForm(forms.Form):
    """Approve, or reject with a reason."""

    decision = forms.ChoiceField(
        label=_("结论"),
        choices=[("approve", _("通过")), ("reject", _("驳回"))],
        widget=UnfoldAdminSelectWidget,
    )
    reason = forms.CharField(
        label=_("理由"),
        required=False,
        max_length=300,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("驳回时必填，企业会看到这段话。"),
    )
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "reject" and not data.get("reason"):
            self.add_error("reason", _("请写明驳回的理由，企业才知道怎么改。"))
        return data


class VerdictForm(forms.Form):
    """An operator's verdict on a dispute."""

    verdict = forms.ChoiceField(
        label=_("裁决"),
        choices=[
            ("buyer", _("支持买家：按申请金额退款")),
            ("partly", _("部分支持：按下面的金额退款")),
            ("seller", _("支持卖家：不退款")),
        ],
        widget=UnfoldAdminSelectWidget,
    )
    amount = forms.DecimalField(
        label=_("退款金额（元）"),
        required=False,
        min_value=0,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text=_("仅部分支持时填写。"),
    )
    reason = forms.CharField(
        label=_("裁决理由"),
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        help_text=_("买卖双方都会看到。"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("verdict") == "partly" and not data.get("amount"):
            self.add_error("amount", _("部分支持时请填写退款金额。"))
        return data

    @property
    def money(self) -> Money | None:
        amount = self.cleaned_data.get("amount")
        return Money.yuan(amount) if amount is not None else None


class ClaimForm(forms.Form):
    """Make a claim good, wholly or in part, or refuse it with a reason."""

    decision = forms.ChoiceField(
        label=_("结论"),
        choices=[("approve", _("赔付")), ("refuse", _("不赔付"))],
        widget=UnfoldAdminSelectWidget,
    )
    amount = forms.DecimalField(
        label=_("赔付金额（元）"),
        required=False,
        min_value=0,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text=_("不填写则按申请金额赔付。"),
    )
    reason = forms.CharField(
        label=_("审核意见"),
        required=False,
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("不赔付时必填，买家会看到这段话。"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "refuse" and not data.get("reason"):
            self.add_error("reason", _("请写明不赔付的理由。"))
        return data

    @property
    def money(self) -> Money | None:
        amount = self.cleaned_data.get("amount")
        return Money.yuan(amount) if amount is not None else None


class RulingForm(forms.Form):
    """Why an order is ruled as brushing, or why that is taken back."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("买卖双方都会看到。"),
    )


class TakeDownForm(forms.Form):
    """Take an offer off the market, with the reason its seller sees."""

    reason = forms.CharField(
        label=_("违规下架的理由"),
        max_length=300,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


class GradeForm(forms.Form):
    """A company's integrity grade."""

    grade = forms.ChoiceField(
        label=_("诚信等级"),
        choices=Company.Grade.choices,
        required=False,
        widget=UnfoldAdminSelectWidget,
    )


class PenaltyForm(forms.Form):
    """Penalty points with their reason."""

    points = forms.IntegerField(
        label=_("扣分"), min_value=1, max_value=48, widget=UnfoldAdminIntegerFieldWidget
    )
    reason = forms.CharField(label=_("扣分理由"), max_length=300, widget=UnfoldAdminTextInputWidget)


class DayForm(forms.Form):
    """A market day to look at."""

    day = forms.DateField(
        label=_("市场日"),
        widget=forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "date", "class": " ".join(INPUT_CLASSES)}
        ),
    )


class RatingDayForm(DayForm):
    """A market day to rate."""

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > clock.today():
            raise forms.ValidationError(_("只能评定今天或以前的日子。"))
        return day


class CertifyForm(forms.Form):
    """Certify a seller as a key account, or take it back; always with a reason."""

    decision = forms.ChoiceField(
        label=_("结论"),
        choices=[("certify", _("认证：线下实力强，愿意发展线上")), ("revoke", _("取消认证"))],
        widget=UnfoldAdminSelectWidget,
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=300,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("记入审计日志。"),
    )


class ClockForm(forms.Form):
    """How far to move the market's clock forward."""

    STEPS = {"hour": 1, "day": 24, "three": 72, "week": 168, "month": 720}
    step = forms.ChoiceField(
        label=_("向前拨"),
        choices=[
            ("hour", _("1 小时")),
            ("day", _("1 天")),
            ("three", _("3 天")),
            ("week", _("1 周")),
            ("month", _("30 天")),
        ],
        initial="day",
        widget=UnfoldAdminSelectWidget,
    )

    @property
    def span(self) -> timedelta:
        return timedelta(hours=self.STEPS[self.cleaned_data["step"]])


class StatementForm(forms.Form):
    """A bank's statement as a sheet."""

    sheet = forms.FileField(
        label=_("对账单"),
        help_text=_(
            ".xlsx 或 .csv。列：流水号、收款账号、付款户名、付款账号、付款行、金额、入账日期、附言。"
        ),
        widget=forms.FileInput({"accept": ".xlsx,.csv", "class": " ".join(INPUT_CLASSES)}),
    )


class LineReasonForm(forms.Form):
    """Words on a bank line: a note, or why it goes back."""

    words = forms.CharField(
        label=_("说明"),
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("退回时付款方会看到。"),
    )
