"""Matching the columns of a sheet of past trade by hand, with ten rows as they are understood."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.kernel import clock
from pifa.kernel.errors import DomainError
from pifa.trade.past import commands
from pifa.trade.past import mapping as mappings
from pifa.trade.past.fields import Field
from pifa.trade.past.mapping import ENCODINGS, Mapping
from pifa.trade.past.reader import Preview, open_past_sheet, peek, preview
from pifa.web.access import seller_page
from pifa.web.seller import uploads
from pifa.web.seller.frame import CLERK, actor_on, show

PURPOSE, SHEET, MAPPING = "past", "sheet", "mapping.toml"
SHIPPED = ("order-sheet", "line-export")
"""Mappings tried in this order on a sheet that came without one."""

NEEDED = (Field.ORDER_NO, Field.CREATED_AT)
DATES: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("auto", gettext_lazy("自动（年在前，如 2026-03-28 14:05）"), ()),
    (
        "dmy",
        gettext_lazy("日/月/年（28/03/2026 14:05）"),
        ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y"),
    ),
    (
        "mdy",
        gettext_lazy("月/日/年（03/28/2026 14:05）"),
        ("%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y"),
    ),
    (
        "dmy_dots",
        gettext_lazy("日.月.年（28.03.2026 14:05）"),
        ("%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y"),
    ),
)


class ColumnsForm(forms.Form):
    """Which column means what, and how values are written."""

    name = forms.CharField(label=gettext_lazy("列对应的名称"), max_length=60)
    dates = forms.ChoiceField(label=gettext_lazy("日期写法"))
    decimal = forms.ChoiceField(
        label=gettext_lazy("小数点"),
        choices=[(".", gettext_lazy("点：1,280.50")), (",", gettext_lazy("逗号：1.280,50"))],
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("文字编码"),
        choices=[("auto", gettext_lazy("自动识别")), *((n, n) for n in ENCODINGS if n != "auto")],
    )
    header_row = forms.IntegerField(
        label=gettext_lazy("表头在第几行"), required=False, min_value=1, max_value=1000
    )
    cancel_prefix = forms.CharField(
        label=gettext_lazy("取消单的单号开头"),
        required=False,
        max_length=10,
        help_text=gettext_lazy("例如 C；没有就空着。"),
    )
    cancel_quantities = forms.ChoiceField(
        label=gettext_lazy("取消单的数量"),
        choices=[("negative", gettext_lazy("写成负数")), ("positive", gettext_lazy("写成正数"))],
    )
    continued_rows = forms.BooleanField(
        label=gettext_lazy("没有单号的行属于上面的订单（合并单元格）"), required=False
    )

    def __init__(self, *args: Any, headers: list[str], mapping: Mapping, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        choices = [(key, words) for key, words, _patterns in DATES]
        if _dates_key(mapping) == "kept":
            choices.append(("kept", "、".join(mapping.dates)))
        fields["dates"].choices = choices
        options = [("", "—"), *((header, header) for header in dict.fromkeys(headers) if header)]
        for meaning in Field:
            fields[f"col_{meaning}"] = forms.ChoiceField(
                label=str(meaning.label), choices=options, required=False
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(f"col_{meaning}") for meaning in Field):
            raise forms.ValidationError(_("请至少选择一列。"))
        return data

    @property
    def column_fields(self) -> list[tuple[Any, bool]]:
        """The bound choices of columns, with whether each is needed."""
        return [(self[f"col_{meaning}"], meaning in NEEDED) for meaning in Field]

    def mapping(self, before: Mapping) -> Mapping:
        """The mapping as chosen; what the page does not ask stays as it was."""
        data = self.cleaned_data
        patterns = next((p for key, _words, p in DATES if key == data["dates"]), before.dates)
        return replace(
            before,
            name=data["name"],
            title=data["name"],
            columns={
                meaning: (data[f"col_{meaning}"],) for meaning in Field if data[f"col_{meaning}"]
            },
            encoding=data["encoding"],
            header_row=data["header_row"],
            continued_rows=data["continued_rows"],
            dates=patterns,
            decimal=data["decimal"],
            cancel_prefix=data["cancel_prefix"],
            cancel_quantities=data["cancel_quantities"],
        )


@dataclass(slots=True)
class _Look:
    """The sheet as the page shows it: raw rows always, the understanding of them if it fits."""

    headers: list[str]
    rows: list[list[str]]
    preview: Preview | None = None
    refusal: DomainError | None = None


@seller_page(CLERK)
def columns(request: HttpRequest) -> HttpResponse:
    """Look, correct, look again, start."""
    folder = uploads.kept(request, PURPOSE)
    if folder is None or not (folder / SHEET).exists():
        return redirect("seller:past")
    mapping = mappings.parse((folder / MAPPING).read_text(encoding="utf-8"))
    headers = _look(folder, mapping).headers
    form = ColumnsForm(
        request.POST or None, headers=headers, mapping=mapping, initial=_initial(mapping, headers)
    )
    if request.method == "POST" and form.is_valid():
        mapping = form.mapping(mapping)
        (folder / MAPPING).write_text(mappings.dump(mapping), encoding="utf-8")
    look = _look(folder, mapping)
    ready = look.preview is not None and (request.method != "POST" or form.is_valid())
    if request.POST.get("act") == "start" and ready:
        return _start(request, folder, mapping)
    failed = request.method == "POST" and not ready
    return show(
        request,
        "seller/past_columns.html",
        status=422 if failed else 200,
        form=form,
        file_name=uploads.name_of(folder),
        look=look,
        understood=_understood(look.preview) if look.preview else None,
        used=_used(mapping, look.headers),
    )


@seller_page(CLERK)
def mapping_file(request: HttpRequest) -> HttpResponseBase:
    """The mapping as TOML, to be kept and used again, here or on the command line."""
    folder = uploads.kept(request, PURPOSE)
    if folder is None:
        return redirect("seller:past")
    response = HttpResponse((folder / MAPPING).read_bytes(), content_type="application/toml")
    response["Content-Disposition"] = f'attachment; filename="{MAPPING}"'
    return response


def first_mapping(folder: Path) -> Mapping:
    """The shipped mapping that fits a sheet, or the best guess. Raises `SheetError`."""
    headers: list[str] = []
    for name in SHIPPED:
        mapping = mappings.load(name)
        with open_past_sheet(folder / SHEET, mapping, name=uploads.name_of(folder)) as sheet:
            headers = sheet.table(unique=False).headers
            try:
                mapping.bind(headers, sheet.name)
            except DomainError:
                continue
        return mapping
    guessed = mappings.guess(headers, _("手工对应"))
    # A mapping without a single column is none; the first header stands in until one chooses.
    return (
        guessed
        if guessed.columns
        else replace(guessed, columns={Field.ORDER_NO: (next(filter(None, headers)),)})
    )


def _start(request: HttpRequest, folder: Path, mapping: Mapping) -> HttpResponse:
    with (folder / SHEET).open("rb") as file:
        batch = commands.start_import(actor_on(request), file, uploads.name_of(folder), mapping)
    uploads.forget(request, PURPOSE)
    return redirect("seller:past_result", batch_id=batch.pk)


def _look(folder: Path, mapping: Mapping) -> _Look:
    name = uploads.name_of(folder)
    try:
        with open_past_sheet(folder / SHEET, mapping, name=name) as sheet:
            headers, rows = peek(sheet, header_row=mapping.header_row)
            look = _Look(headers, rows)
            try:
                look.preview = preview(sheet, mapping, zone=clock.zone(), not_after=clock.now())
            except DomainError as error:
                look.refusal = error
    except DomainError as error:
        look = _Look([], [], refusal=error)
    return look


def _initial(mapping: Mapping, headers: list[str]) -> dict[str, Any]:
    by_normal = {mappings.normal(header): header for header in headers if header}
    chosen = {
        f"col_{meaning}": next(
            (by_normal[key] for name in names if (key := mappings.normal(name)) in by_normal), ""
        )
        for meaning, names in mapping.columns.items()
    }
    return {
        "name": mapping.name,
        "dates": _dates_key(mapping),
        "decimal": mapping.decimal,
        "encoding": mapping.encoding,
        "header_row": mapping.header_row,
        "cancel_prefix": mapping.cancel_prefix,
        "cancel_quantities": mapping.cancel_quantities,
        "continued_rows": mapping.continued_rows,
        **chosen,
    }


def _dates_key(mapping: Mapping) -> str:
    return next((key for key, _words, patterns in DATES if patterns == mapping.dates), "kept")


def _used(mapping: Mapping, headers: list[str]) -> list[tuple[str, str]]:
    """Each header with what it means, for the head of the raw rows."""
    chosen = _initial(mapping, headers)
    meanings = {
        chosen[f"col_{meaning}"]: str(meaning.label)
        for meaning in mapping.columns
        if chosen.get(f"col_{meaning}")
    }
    return [(header, meanings.get(header, "")) for header in headers]


def _understood(found: Preview) -> dict[str, Any]:
    """The first rows field by field, with what is wrong in them."""
    meanings = list(found.bound)
    wrong = {problem.row: problem for problem in found.problems}
    return {
        "labels": [meaning.label for meaning in meanings],
        "rows": [
            (number, [values.get(meaning, "") for meaning in meanings], wrong.get(number))
            for (number, _cells), values in zip(found.rows, found.read, strict=True)
        ],
    }
