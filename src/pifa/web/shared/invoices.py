"""Invoices in both centres: the list with its tabs and filters, one request with its papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, NotFound
from pifa.kernel.uploaded import uploaded_answer
from pifa.trade.invoices import commands, queries
from pifa.trade.invoices.commands import NewPaper
from pifa.trade.invoices.files import CONTENT_TYPES, MAX_BYTES, MIB
from pifa.trade.invoices.queries import Filters, RequestDetail
from pifa.trade.models import InvoiceKind
from pifa.web.shared.centre import Centre, actor_on
from pifa.web.shared.days import read_day
from pifa.web.shared.figures import MoneyField
from pifa.web.shared.forms import attempt, typed_words

TAB_LABELS: dict[str, str | Promise] = {
    "waiting": _("待开票"),
    "credit": _("待红冲"),
    "issued": _("已开票"),
    "ended": _("已结束"),
    "all": _("全部"),
}
STATE_KINDS = {"waiting": "warn", "issued": "ok", "refused": "bad"}


class PaperForm(forms.Form):
    """An invoice or a credit note as its seller issued it."""

    number = forms.CharField(
        label=_("发票号码"),
        max_length=40,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("数电票 20 位；纸质或旧版电子发票 8 位，并填代码。"),
    )
    code = forms.CharField(
        label=_("发票代码"),
        max_length=20,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    day = forms.DateField(
        label=_("开票日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    amount = MoneyField(label=_("价税合计"))
    file = forms.FileField(
        label=_("发票文件"), help_text=_("PDF、OFD、PNG 或 JPG，不超过 10 MB；只有交易双方能下载。")
    )
    more_follow = forms.BooleanField(label=_("还有下一张（分几张开）"), required=False)

    def clean_file(self) -> bytes:
        """The file's bytes, as far as they are worth looking at."""
        given = self.cleaned_data["file"]
        if given.size > MAX_BYTES:
            raise forms.ValidationError(
                gettext("文件超过 {limit} MB，请缩小后重新上传。").format(limit=MAX_BYTES // MIB)
            )
        content: bytes = given.read()
        return content

    def paper(self) -> NewPaper:
        """What a valid form says."""
        data = dict(self.cleaned_data)
        corrects = data.pop("corrects", None)
        return NewPaper(**data, corrects=int(corrects) if corrects else None)


class CreditForm(PaperForm):
    """A credit note names the invoice that it corrects; its amount is typed without a sign."""

    corrects = forms.ChoiceField(label=_("红冲哪张发票"))
    field_order = ("corrects",)

    def __init__(self, *args: Any, detail: RequestDetail, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["corrects"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [
            (str(paper.id), f"{paper.number} · {paper.left}") for paper in detail.correctable
        ]
        self.fields["amount"].label = _("红冲金额（填正数）")


class RefuseForm(forms.Form):
    """Why no invoice is issued."""

    reason = forms.CharField(
        label=_("拒绝原因"), max_length=200, widget=forms.Textarea({"rows": 3})
    )


def invoices(request: HttpRequest, centre: Centre) -> HttpResponse:
    """The side's requests by tab; a seller's queue begins with what waits."""
    actor = actor_on(request)
    tab = request.GET.get("tab", "waiting")
    tab = tab if tab in queries.TABS else "waiting"
    refusal = None
    try:
        filters = filters_of(request)
    except DomainError as error:
        filters, refusal = Filters(), error
    page = queries.requests(actor, centre.side, tab, filters, request.GET.get("cursor"))
    counts = queries.tab_counts(actor, centre.side)
    here = centre.url("invoices")
    return centre.show(
        request,
        "shared/invoices.html",
        tabs=[
            (label, f"{here}?tab={key}", counts[key], key == tab)
            for key, label in TAB_LABELS.items()
        ],
        tab=tab,
        list_url=here,
        filters=filters,
        kinds=InvoiceKind.choices,
        narrowed=any((filters.keyword, filters.kind, filters.since, filters.until)),
        refusal=refusal,
        rows=[
            (row, STATE_KINDS.get(row.state, ""), _link(centre, row.number)) for row in page.items
        ],
        next_cursor=page.next_cursor,
        is_later=bool(request.GET.get("cursor")),
        sheet_query=request.GET.urlencode(),
    )


def filters_of(request: HttpRequest) -> Filters:
    """What the list is narrowed by; `InvalidInput` for days that are none."""
    kind = request.GET.get("kind", "")
    return Filters(
        keyword=typed_words(request),
        kind=kind if kind in InvoiceKind.values else "",
        since=read_day(request.GET.get("since", ""), "since"),
        until=read_day(request.GET.get("until", ""), "until"),
    )


Act = tuple[Callable[[Actor, str, Any], object], str | Promise]

ACTS: dict[str, Act] = {
    "issue": (
        lambda actor, number, form: commands.record_invoice(actor, number, form.paper()),
        _("发票已登记，买家会收到通知。"),
    ),
    "credit": (
        lambda actor, number, form: commands.record_credit_note(actor, number, form.paper()),
        _("红字发票已登记，买家会收到通知。"),
    ),
    "refuse": (
        lambda actor, number, form: commands.refuse_request(
            actor, number, form.cleaned_data["reason"]
        ),
        _("已拒绝，买家会收到通知。"),
    ),
    "withdraw": (
        lambda actor, number, form: commands.withdraw_request(actor, number),
        _("申请已撤回。"),
    ),
}
"""What can be done with a request: the command behind it, what is said after."""


def invoice(request: HttpRequest, centre: Centre, number: str) -> HttpResponse:
    """One request; what is refused keeps what was typed (but for the file)."""
    actor = actor_on(request)
    detail = _of_side(actor, centre, number)
    if request.method != "POST":
        return _show(request, centre, detail, {})
    name = request.POST.get("act", "")
    if name not in ACTS:
        raise NotFound
    act, said = ACTS[name]
    form = _forms(detail, request)[name]
    if form.is_valid():
        attempt(form, lambda: act(actor, number, form))
        if not form.errors:
            toasts.success(request, str(said))
            return redirect(_link(centre, number))
        detail = _of_side(actor, centre, number)
    return _show(request, centre, detail, {name: form}, form)


def paper(request: HttpRequest, centre: Centre, number: str, paper_id: int) -> HttpResponse:
    """The file of an invoice, to be kept and not to be shown within the market."""
    actor = actor_on(request)
    _of_side(actor, centre, number)
    view, content = queries.paper_file(actor, number, paper_id)
    return file_answer(view, content)


def file_answer(view: queries.PaperView, content: bytes) -> HttpResponse:
    """A paper's file as an answer: its own type, never run, never kept by others."""
    name = f"{gettext('发票')}-{view.number}.{view.format}"
    return uploaded_answer(content, CONTENT_TYPES[view.format], name)


def _of_side(actor: Actor, centre: Centre, number: str) -> RequestDetail:
    """A request as this centre's side; what the company has on the other side is there."""
    detail = queries.request(actor, number)
    if detail.side != centre.side:
        raise NotFound
    return detail


def _forms(detail: RequestDetail, request: HttpRequest | None = None) -> dict[str, forms.Form]:
    post, files = (request.POST, request.FILES) if request else (None, None)
    of_issue = {"day": clock.today(), "amount": detail.row.to_invoice}
    of_credit = {"day": clock.today(), "amount": detail.row.credit_due}
    return {
        "issue": PaperForm(post, files, initial=of_issue, auto_id="issue_%s"),
        "credit": CreditForm(post, files, initial=of_credit, auto_id="credit_%s", detail=detail),
        "refuse": RefuseForm(post, auto_id="refuse_%s"),
        "withdraw": forms.Form(post),
    }


def _show(
    request: HttpRequest,
    centre: Centre,
    detail: RequestDetail,
    sent: dict[str, forms.Form],
    failed: forms.Form | None = None,
) -> HttpResponse:
    row = detail.row
    return centre.show(
        request,
        "shared/invoice.html",
        status=422 if failed else 200,
        detail=detail,
        row=row,
        kind=STATE_KINDS.get(row.state, ""),
        facts=_facts(detail),
        sums=_sums(detail),
        forms=_forms(detail) | sent,
        failed=failed,
        failed_act=next(iter(sent), ""),
        papers=[(item, centre.url("invoice_paper", row.number, item.id)) for item in detail.papers],
        orders=[(order, centre.url("order", order.number)) for order in row.orders],
    )


def _facts(detail: RequestDetail) -> list[tuple[Any, Any]]:
    row = detail.row
    lines = [
        (_("发票类型"), row.kind_label),
        (_("发票抬头"), row.title),
        (_("税号"), row.tax_no),
        (_("注册地址"), detail.address),
        (_("注册电话"), detail.phone),
        (_("开户银行"), detail.bank),
        (_("银行账号"), detail.account),
        (_("收票邮箱"), detail.email),
        (_("备注"), detail.note),
        (_("开票方"), detail.issuer_name or row.seller_name),
    ]
    return [(name, value) for name, value in lines if value]


def _sums(detail: RequestDetail) -> list[tuple[Any, Any]]:
    row = detail.row
    lines = [(_("可开票金额（实付减退款）"), row.amount), (_("已开票"), row.invoiced)]
    if row.credited:
        lines.append((_("已红冲"), -row.credited))
    if row.credit_due:
        lines.append((_("待红冲"), row.credit_due))
    if row.to_invoice and row.invoiced:
        lines.append((_("还要开票"), row.to_invoice))
    return lines


def _link(centre: Centre, number: str) -> str:
    return centre.url("invoice", number)
