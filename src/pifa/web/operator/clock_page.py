"""The market clock: where it stands, what falls due next, and moving it forward."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pifa.kernel import audit, clock, deadlines, events
from pifa.kernel.models import Deadline
from pifa.web.operator.forms import ClockForm
from pifa.web.operator.queues import needs, operator_of, page

NEXT_SHOWN = 20
WORK_SECONDS = 2.0
"""How long a request moves the clock itself; the background worker goes on from there."""
REFRESH_SECONDS = 2


@needs("kernel.change_marketclock")
def market_clock(request: HttpRequest) -> HttpResponse:
    """Show the clock; on POST move it, letting what falls due happen in order.

    A short way is done when the page comes back; on a long one it tells how far the clock is.
    """
    form = ClockForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and clock.has_own_clock():
        target = clock.now() + form.span
        audit.record(operator_of(request), "clock.advance", "market:clock", to=target.isoformat())
        deadlines.begin_advance(target)
        ran = deadlines.go_on(patience=WORK_SECONDS)
        events.deliver(patience=WORK_SECONDS)
        if deadlines.moving_to() is None:
            messages.success(request, _words(ran))
        return redirect("admin:market_clock")
    waiting = Deadline.objects.filter(done_at=None).order_by("due_at", "id")
    moving_to = deadlines.moving_to()
    shown = page(
        request,
        "console/clock.html",
        gettext_lazy("市场时钟"),
        form=form,
        now=clock.now(),
        own=clock.has_own_clock(),
        moving_to=moving_to,
        to_do=waiting.filter(due_at__lte=moving_to).count() if moving_to else 0,
        waiting=waiting[:NEXT_SHOWN],
        waiting_count=waiting.count(),
        wall_clock_words=_("这个市场使用真实时间，时钟不能拨动。"),
    )
    if moving_to:
        shown.headers["Refresh"] = str(REFRESH_SECONDS)
    return shown


def _words(ran: int) -> str:
    return ngettext(
        "时钟已向前拨，期间按时间先后处理了 %(ran)d 件到期事项。",
        "时钟已向前拨，期间按时间先后处理了 %(ran)d 件到期事项。",
        ran,
    ) % {"ran": ran}
