"""What a seller fills in on an order's page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from pifa.web.shared.figures import MoneyField


class AdjustForm(forms.Form):
    """A new total while the order is unpaid."""

    new_total = MoneyField(
        label=_("新的应付总额"), help_text=_("含运费。买家会收到通知，正在进行的付款会退回。")
    )
    reason = forms.CharField(
        label=_("原因"),
        max_length=200,
        required=False,
        help_text=_("涨价或折扣为什么，买家在通知和订单里会看到。"),
    )


class ProgressForm(forms.Form):
    """How far production is; the pictures are taken from the request."""

    percent = forms.IntegerField(label=_("进度"), min_value=0, max_value=100)
    text = forms.CharField(
        label=_("说明"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("例如 备料完成、已电镀一半。买家会收到通知。"),
    )


class CloseForm(forms.Form):
    """Why an unpaid order is closed."""

    reason = forms.CharField(
        label=_("原因"), max_length=200, required=False, help_text=_("买家会看到。")
    )


class ShipForm(forms.Form):
    """Goods handed to a carrier."""

    carrier = forms.CharField(label=_("物流公司"), max_length=60)
    tracking_no = forms.CharField(label=_("运单号"), max_length=60)


class NoteForm(forms.Form):
    """The seller's own note."""

    note = forms.CharField(
        label=_("卖家备注"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("只有本企业的成员看得到。"),
    )


class AnswerForm(forms.Form):
    """An answer to a refund request; a refusal needs its reason."""

    refund = forms.CharField(widget=forms.HiddenInput)
    answer = forms.CharField(
        label=_("答复"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("拒绝时必须写明原因，买家和平台会看到。"),
    )


class ReturnForm(forms.Form):
    """Returned goods have arrived."""

    refund = forms.CharField(widget=forms.HiddenInput)


class StatementForm(forms.Form):
    """The seller's side of a dispute."""

    refund = forms.CharField(widget=forms.HiddenInput)
    statement = forms.CharField(
        label=_("卖家陈述"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("写清经过和依据；平台客服裁决时会看到。"),
    )


class RulingAnswerForm(forms.Form):
    """The seller's words to a ruling that the order is brushing."""

    words = forms.CharField(
        label=_("申诉"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("只能申诉一次，平台客服会看到。写清交易经过和凭证。"),
    )


class ReplyForm(forms.Form):
    """An answer to a review."""

    answer = forms.CharField(
        label=_("回复评价"),
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("只能回复一次，所有人都能看到。"),
    )
