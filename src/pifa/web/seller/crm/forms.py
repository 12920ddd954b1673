"""Forms of a customer file."""

from __future__ import annotations

from typing import Any, Self

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.crm.commands import FileDraft
from pifa.crm.queries import FileView
from pifa.crm.rules import cells


class NoteForm(forms.Form):
    """A note, which nobody changes afterwards."""

    note = forms.CharField(
        label=gettext_lazy("写一条备注"),
        max_length=2000,
        strip=True,
        widget=forms.Textarea({"rows": 3}),
    )


class FileForm(forms.Form):
    """What a file says; prices a line each, tags with commas between."""

    code = forms.CharField(
        label=gettext_lazy("客户编号"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("留空则用旺旺ID、电话或名称。"),
    )
    name = forms.CharField(label=gettext_lazy("客户名称"), max_length=120)
    account = forms.CharField(label=gettext_lazy("旺旺ID"), max_length=60, required=False)
    contact = forms.CharField(label=gettext_lazy("客户姓名"), max_length=60, required=False)
    phone = forms.CharField(
        label=gettext_lazy("电话"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"inputmode": "tel"}),
    )
    keeper = forms.TypedChoiceField(
        label=gettext_lazy("客服"), coerce=int, empty_value=None, required=False
    )
    tags = forms.CharField(
        label=gettext_lazy("标签"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("用逗号分开，如 可上门拜访，至尊VIP"),
    )
    address = forms.CharField(label=gettext_lazy("客户地址"), max_length=300, required=False)
    other_contacts = forms.CharField(
        label=gettext_lazy("其他联系人"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    usual_specs = forms.CharField(
        label=gettext_lazy("常用规格"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    prices = forms.CharField(
        label=gettext_lazy("定货价格"),
        required=False,
        max_length=15_000,
        help_text=gettext_lazy("每行一个：规格=单价。只作记录，下单价格不受影响。"),
        widget=forms.Textarea({"rows": 3}),
    )
    usage = forms.CharField(
        label=gettext_lazy("日使用量"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("数字加单位，如 2000个；用来推算何时用完。"),
    )
    next_action = forms.CharField(label=gettext_lazy("下次跟进"), max_length=200, required=False)
    next_day = forms.DateField(
        label=gettext_lazy("跟进日期"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    @classmethod
    def of(
        cls, request: HttpRequest, view: FileView | None, keepers: list[tuple[int, str]]
    ) -> Self:
        """The form of a file, or of a new one, with the company's members to choose from."""
        form = cls(request.POST or None, initial=_initial(view) if view else {})
        row = view.row.file if view else None
        if row and row.keeper and row.keeper_id not in dict(keepers):
            keepers = [*keepers, (row.keeper.pk, row.keeper.name)]
        form.fields["keeper"].choices = [("", _("未指定")), *keepers]  # type: ignore[attr-defined]
        if view:
            del form.fields["code"]
        return form

    def clean_prices(self) -> Any:
        """Prices as they are kept."""
        prices = cells.read_prices("\n".join(self.cleaned_data["prices"].splitlines()))
        if prices is None:
            raise forms.ValidationError(_("每行写 规格=单价，如 28*42加厚=0.35，规格不重复"))
        return tuple(prices.items())

    def clean_usage(self) -> tuple[int | None, str]:
        """Pieces a day and their unit."""
        text = self.cleaned_data["usage"]
        usage = cells.read_usage(text) if text else (None, "")
        if usage is None:
            raise forms.ValidationError(_("写成数字加单位，如 2000个"))
        return usage

    def draft(self, view: FileView | None) -> FileDraft:
        """What the file is to say; what no field shows stays as it was."""
        data = self.cleaned_data
        row = view.row.file if view else None
        return FileDraft(
            name=data["name"],
            account=data["account"],
            contact=data["contact"],
            phone=data["phone"],
            other_contacts=data["other_contacts"],
            keeper_id=data["keeper"],
            address=data["address"],
            usual_specs=data["usual_specs"],
            daily_usage=data["usage"][0],
            usage_unit=data["usage"][1],
            next_action=data["next_action"],
            next_day=data["next_day"],
            tags=tuple(cells.read_words(data["tags"])),
            prices=data["prices"],
            written_purchases=tuple(row.written_purchases) if row else (),
            written_fen=row.written_fen if row else 0,
        )


def _initial(view: FileView) -> dict[str, Any]:
    row = view.row.file
    same = (
        "name",
        "account",
        "contact",
        "phone",
        "other_contacts",
        "address",
        "usual_specs",
        "next_action",
        "next_day",
    )
    return {name: getattr(row, name) for name in same} | {
        "keeper": row.keeper_id or "",
        "tags": cells.write_words(view.row.tags),
        "prices": cells.write_prices(view.prices),
        "usage": cells.write_usage(row.daily_usage, row.usage_unit),
    }
