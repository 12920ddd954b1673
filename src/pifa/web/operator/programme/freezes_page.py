"""Who may not apply, why and until when, lifted by hand in two steps; and marks for the tracks."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pifa.kernel.errors import NotFound
from pifa.parties.models import Company
from pifa.programme import commands
from pifa.programme.queries import holding_back as queries
from pifa.programme.queries.company_past import past_of_company
from pifa.programme.queries.holding_back import MarkView
from pifa.programme.wording import label_words
from pifa.web.operator.programme.application_page import past_told
from pifa.web.operator.programme.forms import MarkForm, ReasonForm
from pifa.web.operator.queues import decide, needs, operator_of, page
from pifa.web.shared.forms import typed_words

FREEZE_TABS = {"in_force": gettext_lazy("冻结中"), "over": gettext_lazy("已解除或到期")}
LONGEST_ID = 18
MARK_TABS = {"held": gettext_lazy("有效"), "ended": gettext_lazy("已撤销")}


@needs("programme.view_freeze")
def freezes(request: HttpRequest) -> HttpResponse:
    """Freezes in force, or those that are over."""
    tab, words = request.GET.get("tab", "in_force"), typed_words(request)
    tab = tab if tab in FREEZE_TABS else "in_force"
    cursor = request.GET.get("cursor") or None
    found = queries.freezes(operator_of(request), tab, words, cursor, 50)
    return page(
        request,
        "console/programme/freezes.html",
        gettext_lazy("冻结名单"),
        tab=tab,
        tabs=list(FREEZE_TABS.items()),
        words=words,
        rows=found.items,
        next_cursor=found.next_cursor,
    )


@needs("programme.view_freeze")
def freeze(request: HttpRequest, pk: int) -> HttpResponse:
    """One freeze; first the reason, then what it means is shown and confirmed."""
    actor = operator_of(request)
    may = request.user.has_perm("programme.change_freeze")
    form = ReasonForm(request.POST or None)
    confirming = False
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        if form.is_valid() and request.POST.get("confirmed") == "yes":
            if decide(
                request,
                _("冻结已解除，并通知商家。"),
                lambda: commands.lift_freeze(actor, pk, form.cleaned_data["reason"]),
            ):
                return redirect("admin:programme_freeze", pk)
        else:
            confirming = form.is_valid()
    found = queries.freeze(actor, pk)
    return page(
        request,
        "console/programme/freeze.html",
        found.company,
        freeze=found,
        past=past_told(past_of_company(actor, found.company_id)),
        form=form,
        may=may and found.in_force and found.kind == "missed",
        confirming=confirming,
    )


@needs("programme.view_mark")
def marks(request: HttpRequest) -> HttpResponse:
    """Marks that hold, or that were taken back; set one, take one back, each with the reason."""
    actor = operator_of(request)
    may = request.user.has_perm("programme.change_mark")
    form, refused = MarkForm(), ""
    if request.method == "POST":
        if not may:
            raise PermissionDenied
        if "company" in request.POST:
            refused = _take_back(request)
        else:
            form = MarkForm(request.POST)
            refused = "form" if not (form.is_valid() and _set(request, form)) else ""
        if not refused:
            return redirect("admin:programme_marks")
    tab = request.GET.get("tab", "held")
    tab = tab if tab in MARK_TABS else "held"
    cursor = request.GET.get("cursor") or None
    found = queries.marks(actor, ended=tab == "ended", cursor=cursor, size=50)
    return page(
        request,
        "console/programme/marks.html",
        gettext_lazy("赛道标记"),
        tab=tab,
        tabs=list(MARK_TABS.items()),
        rows=[(one, label_words(one.code)) for one in found.items],
        next_cursor=found.next_cursor,
        ending=_ending(request) if may else None,
        form=form,
        may=may,
    )


def _ending(request: HttpRequest) -> tuple[MarkView, str] | None:
    """The mark that the address asks to take back, with its words."""
    company, _colon, code = request.GET.get("end", "").partition(":")
    if not company.isdecimal() or len(company) > LONGEST_ID:
        return None
    held = queries.marks(operator_of(request), company_id=int(company), size=100).items
    return next(((one, label_words(code)) for one in held if one.code == code), None)


def _set(request: HttpRequest, form: MarkForm) -> bool:
    login = form.cleaned_data["login"].strip()
    company = Company.objects.filter(login=login).first()
    if company is None:
        form.add_error("login", _("没有会员名为 {login} 的企业。").format(login=login))
        return False
    actor, data = operator_of(request), form.cleaned_data

    def act() -> None:
        try:
            commands.mark(actor, company.pk, data["code"], data["reason"])
        except NotFound:
            form.add_error("login", _("这家企业不是卖家。"))
            raise

    return decide(request, _("标记已记录。"), act)


def _take_back(request: HttpRequest) -> str:
    """Take one back; empty once that is done."""
    actor, posted = operator_of(request), request.POST
    company = posted.get("company", "")
    if not company.isdecimal():
        raise NotFound
    done = decide(
        request,
        _("标记已撤销。"),
        lambda: commands.unmark(
            actor, int(company), posted.get("code", ""), posted.get("reason", "")
        ),
    )
    return "" if done else company
