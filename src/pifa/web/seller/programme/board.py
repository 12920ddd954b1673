"""A member's dashboard: pace, today, what is coming, the peak day, what to do next; live."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages as toasts
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from pifa.kernel.actors import Actor
from pifa.kernel.errors import InvalidInput
from pifa.programme import commands, wording
from pifa.programme.queries import dashboard as queries
from pifa.programme.queries import seasons as all_seasons
from pifa.programme.queries.dashboard import Dashboard
from pifa.programme.queries.next_steps import NextSteps, Unpaid, next_steps
from pifa.programme.states import MembershipState
from pifa.web.access import seller_page
from pifa.web.kit.formats import day_text
from pifa.web.seller.frame import CENTRE, CLERK, FINANCE, actor_on, company_id_of
from pifa.web.seller.programme import frame
from pifa.web.seller.programme.figures import figures_of, verdict_rows
from pifa.web.seller.programme.forms import AppealForm

STATE_KINDS = {
    MembershipState.WAITING.value: "",
    MembershipState.IN_FORCE.value: "ok",
    MembershipState.RENEWED.value: "ok",
    MembershipState.ENDED.value: "line",
    MembershipState.REMOVED.value: "bad",
}


@seller_page()
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The dashboard of the season that runs; who is no member is led to the way in."""
    code = frame.followed(request)
    if code is None:
        return redirect("seller:programme_way")
    return _board(request, code, AppealForm(), 0)


def _board(request: HttpRequest, code: str, form: AppealForm, appealing: int) -> HttpResponse:
    actor = actor_on(request)
    pulse = queries.pulse(actor, code)
    found = queries.dashboard(actor, company_id_of(actor), code)
    season, today = found.season, found.today
    return frame.show(
        request,
        "seller/programme/board.html",
        code,
        status=422 if form.errors else 200,
        title=wording.titled(season),
        code=code,
        found=found,
        days=frame.days_words(season.span.first, season.span.last),
        left=max((season.span.last - today).days + 1, 0),
        begins=max((season.span.first - today).days, 0),
        state_kind=STATE_KINDS[found.state],
        said=_said(found, today),
        verdicts=verdict_rows(found),
        form=form,
        appealing=appealing,
        may_appeal=actor.has_role(CLERK),
        todo=_todo(actor, next_steps(actor)) if found.member_tag else None,
        others=[
            (wording.titled(one), f"?season={one.code}", None, one.code == code)
            for one in all_seasons.own_seasons(actor)
        ],
        **_live(found, code, pulse),
    )


@seller_page()
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The figures alone, for a page that stays open; nothing (204) while they are as it has them."""
    actor = actor_on(request)
    code = request.GET.get("season", "")
    pulse = queries.pulse(actor, code)
    if pulse == request.GET.get("seen"):
        return HttpResponse(status=204)
    found = queries.dashboard(actor, company_id_of(actor), code)
    return render(request, "seller/programme/_board_fresh.html", _live(found, code, pulse))


def _live(found: Dashboard, code: str, pulse: str) -> dict[str, Any]:
    """What of the page follows the money."""
    runs = found.today in found.season.span
    url = f"{CENTRE.url('programme_live')}?season={code}&seen={pulse}"
    return {"figures": figures_of(found), "live_url": url if runs else ""}


def _said(found: Dashboard, today: date) -> list[tuple[str, str]]:
    """What stands above everything: a freeze, a loss, a season that has not begun."""
    said = []
    if found.barred:
        said.append(
            ("bad", _("因虚假交易裁定，参与资格已取消；裁定撤销后恢复。可以在订单页申诉。"))
        )
    if found.frozen_until is not None:
        day = day_text(found.frozen_until, today)
        said.append(("bad", _("冻结期内不能报名，{day} 起可以重新报名。").format(day=day)))
    if found.removed_reason and not found.barred:
        words = _("已去标：{reason}").format(reason=_(found.removed_reason))
        said.append(("bad", words))
    if found.member_tag and not found.traffic_tag:
        said.append(
            ("warn", _("流量标已去除；通天商家标和看板保留，下一个节点达标即恢复。"))
        )  # fmt: skip
    return said


def _todo(actor: Actor, steps: NextSteps) -> dict[str, Any]:
    """Named actions with where they are done."""
    lines = []
    if steps.credit_due_fen:
        url = CENTRE.url("credit_ageing") if actor.has_role(FINANCE) else ""
        lines.append((_("今天到期的账期"), steps.credit_due_fen, _("提醒买家付款"), url))
    customers = ""
    if steps.customers_due:
        words = ngettext(
            "{count} 位老客户该补货了", "{count} 位老客户该补货了", steps.customers_due
        )
        customers = words.format(count=steps.customers_due)
    return {
        "unpaid": [
            (
                row,
                CENTRE.url("invitation" if row.what is Unpaid.INVITATION else "order", row.number),
            )
            for row in steps.unpaid
        ],
        "unpaid_fen": steps.unpaid_fen,
        "unpaid_more": max(steps.unpaid_count - len(steps.unpaid), 0),
        "lines": lines,
        "customers": customers,
        "may_invite": actor.has_role(CLERK),
        "any": bool(steps.unpaid or lines or customers),
    }


@require_POST
@seller_page(CLERK)
def appeal(request: HttpRequest, verdict_id: int) -> HttpResponse:
    """Say something against a verdict; the words stay if they are refused."""
    form = AppealForm(request.POST)
    code = request.GET.get("season", "")
    if form.is_valid():
        commands.appeal(actor_on(request), verdict_id, form.cleaned_data["words"])
        toasts.success(request, _("申诉已提交，通天商家的申诉优先处理。"))
        return redirect(f"{CENTRE.url('programme')}?season={code}#verdicts")
    if not code:
        raise InvalidInput(field="words", reason=_("请填写申诉理由。"))
    return _board(request, code, form, verdict_id)
