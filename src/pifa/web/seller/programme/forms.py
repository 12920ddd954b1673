"""What applicants and members type."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from pifa.kernel.money import Money
from pifa.programme.models import Proof
from pifa.programme.rules.entry import Targets, shortfalls
from pifa.programme.rules.season import Department, Season
from pifa.trade.invoices.files import MAX_BYTES
from pifa.web.shared.figures import MoneyField


class EnrolForm(forms.Form):
    """Targets, the yearly revenue, and why an exception is asked for."""

    month = MoneyField(label=_("月目标"))
    peak = MoneyField(label=_("大促当日目标"))
    declared = MoneyField(
        label=_("公司年营业额"), help_text=_("线上线下合计，由小二核实；提交后可以上传证明。")
    )
    exception = forms.CharField(
        label=_("特批理由"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("知名品牌或线下交易规模大的企业可以申请。由两位小二审核，理由会留存。"),
    )

    def __init__(self, *args: object, season: Season, department: Department) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.season, self.department = season, department
        floor = _("不低于 {floor}")
        self.fields["month"].help_text = floor.format(floor=Money(department.month_floor_fen))
        self.fields["peak"].help_text = floor.format(floor=Money(department.peak_floor_fen))
        if season.peak is None:
            del self.fields["peak"]

    @property
    def targets(self) -> Targets:
        """What was typed; a season without a peak day has no second target."""
        peak: Money | None = self.cleaned_data.get("peak")
        month: Money = self.cleaned_data["month"]
        return Targets(month.fen, peak.fen if peak else 0)

    def clean(self) -> None:
        """Name both targets that are too low at once, each beside its field."""
        given = {name: self.cleaned_data.get(name) for name in ("month", "peak")}
        typed = Targets(*(one.fen if one else 10**15 for one in given.values()))
        for short in shortfalls(self.season, self.department, typed):
            if short.target in self.fields:
                self.add_error(
                    short.target,
                    _("不得低于 {floor}，还差 {missing}。请填写 {floor} 或更高。").format(
                        floor=Money(short.floor_fen), missing=Money(short.missing_fen)
                    ),
                )


class ProofForm(forms.Form):
    """One proof: what it shows, in words, perhaps a figure and a file."""

    kind = forms.ChoiceField(label=_("证明内容"), choices=Proof.Kind.choices)
    amount = MoneyField(label=_("金额"), required=False)
    words = forms.CharField(
        label=_("说明"), max_length=500, widget=forms.Textarea({"rows": 2, "maxlength": 500})
    )
    file = forms.FileField(
        label=_("文件"),
        required=False,
        help_text=_("PDF、OFD、PNG 或 JPG，不超过 {limit} MB；只有本企业和平台小二能打开。"),
        widget=forms.FileInput({"accept": ".pdf,.ofd,.png,.jpg,.jpeg"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        words = self.fields["file"].help_text
        self.fields["file"].help_text = str(words).format(limit=MAX_BYTES // 2**20)


class AppealForm(forms.Form):
    """What a member says against a verdict."""

    words = forms.CharField(
        label=_("申诉理由"), max_length=1000, widget=forms.Textarea({"rows": 3, "maxlength": 1000})
    )
