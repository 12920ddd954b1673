"""Forms of the programme's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from pifa.kernel.money import Money
from pifa.programme.commands.reviewing import NOTED
from pifa.programme.vocabulary import MARKS
from pifa.programme.wording import label_words


def _words(label: Any, limit: int, *, required: bool = True, rows: int = 3, help: Any = "") -> Any:
    return forms.CharField(
        label=label,
        max_length=limit,
        required=required,
        help_text=help,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": rows}),
    )


class DecisionForm(forms.Form):
    """Approve or refuse, with the reason that is kept."""

    decision = forms.ChoiceField(
        label=_("结论"),
        choices=[("approve", _("通过")), ("refuse", _("驳回"))],
        widget=UnfoldAdminSelectWidget,
    )
    reason = _words(_("理由"), 300, help=_("记入审核意见；驳回时商家会看到。"))

    @property
    def approve(self) -> bool:
        return bool(self.cleaned_data["decision"] == "approve")


class RehearsalForm(DecisionForm):
    """A rehearsal is approved without many words; a refusal says why."""

    reason = _words(_("理由"), 300, required=False, help=_("驳回时必填，商家会看到。"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "refuse" and not data.get("reason"):
            self.add_error("reason", _("请写明驳回的理由，企业才知道怎么改。"))
        return data


class EvidenceForm(forms.Form):
    """What a reviewer found out: a revenue in yuan, or whether it infringed gravely."""

    metric = forms.ChoiceField(label=_("核实什么"), widget=UnfoldAdminSelectWidget)
    yuan = forms.DecimalField(
        label=_("核实金额（元）"),
        required=False,
        min_value=0,
        max_digits=15,
        decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text=_("核实营业额时填写。"),
    )
    grave = forms.ChoiceField(
        label=_("是否存在"),
        required=False,
        choices=[("0", _("否")), ("1", _("是"))],
        widget=UnfoldAdminSelectWidget,
        help_text=_("核实严重侵权时选择。"),
    )
    words = _words(_("依据"), 500, help=_("看了什么材料、结论从哪里来。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["metric"]
        field.choices = [(name, label_words(name)) for name in NOTED]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("metric") == "yearly_revenue" and data.get("yuan") is None:
            self.add_error("yuan", _("请填写核实到的年营业额。"))
        return data

    @property
    def value(self) -> int:
        """What was found, as the metric counts it."""
        if self.cleaned_data["metric"] == "yearly_revenue":
            return Money.yuan(self.cleaned_data["yuan"]).fen
        return int(self.cleaned_data["grave"] or 0)


class AnswerForm(forms.Form):
    """The verdict on an appeal, with the answer that the member reads."""

    decision = forms.ChoiceField(
        label=_("结论"),
        choices=[("uphold", _("申诉成立：考核结果改为通过")), ("dismiss", _("申诉不成立"))],
        widget=UnfoldAdminSelectWidget,
    )
    answer = _words(_("答复"), 500, rows=4, help=_("商家会看到这段话。"))


class ReasonForm(forms.Form):
    """A reason that is kept."""

    reason = _words(_("理由"), 300)


class MarkForm(forms.Form):
    """What is noted of a company for the tracks."""

    login = forms.CharField(
        label=_("会员名"),
        max_length=60,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("商家的会员名，见企业档案。"),
    )
    code = forms.ChoiceField(label=_("标记"), widget=UnfoldAdminSelectWidget)
    reason = _words(_("依据"), 300, help=_("入选名单、验厂报告编号等。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["code"]
        field.choices = [(name, label_words(name)) for name in MARKS]


class SeasonForm(forms.Form):
    """A season's text: a template of the market, an uploaded file, or pasted."""

    template = forms.ChoiceField(
        label=_("从模板开始"), required=False, widget=UnfoldAdminSelectWidget
    )
    month = forms.CharField(
        label=_("月份"),
        required=False,
        max_length=7,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "2018-05", "type": "month"}),
        help_text=_("按月的模板才需要，例如 2018-05。"),
    )
    file = forms.FileField(
        label=_("上传文件"), required=False, help_text=_(".toml，UTF-8 编码，不超过 512 KB。")
    )
    text = forms.CharField(
        label=_("或粘贴内容"),
        required=False,
        strip=False,
        max_length=512 * 1024,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 10, "spellcheck": "false"}),
    )
