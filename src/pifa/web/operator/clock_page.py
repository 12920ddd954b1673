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


@needs("kernel.change_marketclock")
def market_clock(request: HttpRequest) -> HttpResponse:
    """Show the clock; on POST move it, letting what falls due happen in order."""
    form = ClockForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and clock.has_own_clock():
        target = clock.now() + form.span
        ran = deadlines.advance_to(target)
        events.deliver(limit=10_000)
        audit.record(
            operator_of(request), "clock.advance", "market:clock", to=target.isoformat(), ran=ran
        )
        messages.success(
            request,
            ngettext(
                "时钟已向前拨，期间按时间先后处理了 %(ran)d 件到期事项。",
                "时钟已向前拨，期间按时间先后处理了 %(ran)d 件到期事项。",
                ran,
            )
            % {"ran": ran},
        )
        return redirect("admin:market_clock")
    waiting = Deadline.objects.filter(done_at=None).order_by("due_at", "id")
    return page(
        request,
        "console/clock.html",
        gettext_lazy("市场时钟"),
        form=form,
        now=clock.now(),
        own=clock.has_own_clock(),
        waiting=waiting[:NEXT_SHOWN],
        waiting_count=waiting.count(),
        wall_clock_words=_("这个市场使用真实时间，时钟不能拨动。"),
    )
