"""The rehearsal as its seller follows it, live."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pifa.kernel import clock
from pifa.kernel.errors import NotFound
from pifa.programme import wording
from pifa.programme.queries.rehearsal_board import RehearsalBoard, Why, rehearsal_board
from pifa.programme.states import RehearsalState
from pifa.web.access import seller_page
from pifa.web.kit.formats import day_text
from pifa.web.seller.frame import CENTRE, CLERK, actor_on
from pifa.web.seller.programme import frame
from pifa.web.seller.programme.now import now_of
from pifa.web.seller.programme.way import STATE_KINDS


def whys() -> dict[Why, str]:
    """Why an order does not count, in words."""
    return {
        Why.CHANNEL: _("公开市场的订单不计，只计卖家发起和私域订单"),
        Why.RULED: _("已被裁定为虚假交易"),
        Why.REFUNDED: _("已全额退款"),
        Why.COMING: _("付款正在入账，几秒后计入"),
    }


@seller_page()
@require_safe
def rehearsal(request: HttpRequest) -> HttpResponse:
    """The latest rehearsal: three conditions counting live, which orders count and which do not."""
    view = frame.entering(request)
    if view is None:
        return frame.none(request)
    try:
        found = rehearsal_board(actor_on(request), view.code)
    except NotFound:
        return frame.show(
            request,
            "seller/programme/rehearsal_none.html",
            view.code,
            title=wording.titled(view.row),
            code=view.code,
            now=now_of(request, view),
        )
    return frame.show(
        request,
        "seller/programme/rehearsal.html",
        view.code,
        title=wording.titled(view.row),
        code=view.code,
        live=found.is_open and found.state == RehearsalState.OPEN,
        here=f"{CENTRE.url('programme_rehearsal')}?season={view.code}",
        may_enrol=actor_on(request).has_role(CLERK),
        **_shown(found),
    )


def _shown(found: RehearsalBoard) -> dict[str, Any]:
    today, words = clock.today(), whys()
    season, span = found.season, found.round.rehearsal
    return {
        "found": found,
        "kind": STATE_KINDS[found.state],
        "round": wording.named(found.round) if len(season.rounds) > 1 else "",
        "span": frame.days_words(span.first, span.last),
        "opens": day_text(found.opens, today) if found.opens else "",
        "conditions": frame.rows_of(found.answers, season),
        "counts": [row for row in found.orders if row.why is None],
        "others": [
            {"why": words[why], "rows": rows, "fen": sum(row.fen for row in rows)}
            for why in Why
            if (rows := [row for row in found.orders if row.why is why])
        ],
        "large": season.rehearsing.large_fen,
        "enrol_until": day_text(found.round.enrolment.last, today),
        "enrol_from": day_text(found.round.enrolment.first, today),
    }
