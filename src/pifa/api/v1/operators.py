"""The market's own side: review queues and verdicts, disputes, penalties, notices, the clock.

For staff tokens only. Each endpoint asks for the permission that its page in the console asks for.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import AwareDatetime, Field

from pifa.api.auth import staff_of
from pifa.api.fields import (
    WHOLE,
    Amount,
    Flag,
    In,
    Line,
    Number,
    Out,
    PageOut,
    Paging,
    PathId,
    Text,
    Yuan,
    listed,
)
from pifa.api.routing import Topic
from pifa.api.v1.after_sale import RefundCaseOut, refund
from pifa.api.v1.company import PenaltyOut, PenaltyPage, penalty_data
from pifa.catalog import commands as catalog
from pifa.catalog.queries.review_queue import offers_waiting
from pifa.finance import commands as finance
from pifa.finance import queries as money
from pifa.kernel import audit, clock, deadlines
from pifa.kernel.errors import InvalidInput
from pifa.kernel.paging import cut, read_cursor
from pifa.parties import commands as parties
from pifa.parties import queries as people
from pifa.parties.rules import MAX_PENALTY_POINTS
from pifa.trade import commands as trade
from pifa.trade import queries as trading

topic = Topic()
QUEUE_LENGTH = 100
FARTHEST = timedelta(days=400)
"""How far the market's clock is moved by one request at most."""

MOVE_SECONDS = 2.0
"""How long a request moves the clock itself; the background worker goes on from there."""


class WaitingVerificationOut(Out):
    """A verification to review."""

    id: int
    company_id: int
    company: str
    kind: str
    legal_name: str
    licence_no: str
    submitted_at: datetime


class WaitingVerificationPage(PageOut):
    items: list[WaitingVerificationOut]


class VerdictIn(In):
    """Yes, or no with the reason that the company will read."""

    approve: Flag
    reason: Line = ""


class WaitingOfferOut(Out):
    """An offer to review."""

    id: int
    code: str
    title: str
    seller_id: int
    seller: str
    changed_at: datetime


class WaitingOfferPage(PageOut):
    items: list[WaitingOfferOut]


class OfferVerdictIn(VerdictIn):
    """`seen` is the offer's `changed_at` when it was read: refused if it was edited since."""

    seen: AwareDatetime | None = None


class TakeDownIn(In):
    """Why an offer is taken off the market."""

    reason: Line


class DisputeRowOut(Out):
    """A dispute with both sides' statements."""

    refund: str
    order: str
    buyer_name: str
    seller_name: str
    asked: Yuan
    statement: str
    seller_statement: str
    verdict: str
    verdict_label: str
    opened_at: datetime
    expected_by: datetime
    is_overdue: bool
    days_open: int


class DisputePage(PageOut):
    items: list[DisputeRowOut]


class RulingIn(In):
    """For the buyer, partly (with the amount) or for the seller; the reason is told to both."""

    verdict: Literal["buyer", "partly", "seller"]
    reason: Text
    amount: Amount | None = None


class GradeIn(In):
    """The integrity grade; an empty one takes it away."""

    grade: Literal["", "A", "AA", "AAA", "B", "BB", "BBB"]
    reason: Line = ""


class PenaltyIn(In):
    """Points with the reason that the company will read."""

    points: Annotated[int, Field(ge=1, le=MAX_PENALTY_POINTS), WHOLE]
    reason: Line


class FlaggedNoticeOut(Out):
    """A gateway's notice that could not be booked."""

    id: int
    gateway: str
    at: datetime
    verdict: str
    verdict_label: str
    payment_number: str
    subject: str | None
    payload: dict[str, str]
    repeats: int


class FlaggedNoticePage(PageOut):
    items: list[FlaggedNoticeOut]


class ClearIn(In):
    """How the notice was dealt with."""

    note: Line


class ClockOut(Out):
    """The market's moment, whether its clock is its own, and where it is being moved to."""

    now: datetime
    has_own_clock: bool
    moving_to: datetime | None = None


class MoveClockIn(In):
    """The moment to move to; all that falls due in between happens in order."""

    to: AwareDatetime


@topic.reads(
    "/operator/verifications",
    WaitingVerificationPage,
    _("待审核的认证"),
    _("等待最久的在前，最多 100 件。"),
)
def waiting_verifications(request: HttpRequest) -> object:
    actor = staff_of(request, "parties.change_verification")
    names = ("kind", "legal_name", "licence_no", "submitted_at", "company_id")
    return listed(
        [
            {"id": row.pk, "company": row.company.name}
            | {name: getattr(row, name) for name in names}
            for row in people.verifications_waiting(actor)[:QUEUE_LENGTH]
        ]
    )


@topic.writes("POST", "/operator/verifications/{verification_id}/verdict", None, _("审核认证"))
def review_verification(request: HttpRequest, verification_id: PathId, said: VerdictIn) -> None:
    actor = staff_of(request, "parties.change_verification")
    parties.review_verification(actor, verification_id, said.approve, said.reason)


@topic.reads("/operator/offers", WaitingOfferPage, _("待审核的货品"), _("等待最久的在前。"))
def waiting_offers(request: HttpRequest, page: Paging) -> object:
    actor = staff_of(request, "catalog.change_offer")
    return offers_waiting(actor, page.cursor, page.size)


@topic.writes("POST", "/operator/offers/{offer_id}/verdict", None, _("审核货品"))
def review_offer(request: HttpRequest, offer_id: PathId, said: OfferVerdictIn) -> None:
    actor = staff_of(request, "catalog.change_offer")
    catalog.review_offer(actor, offer_id, approve=said.approve, reason=said.reason, seen=said.seen)


@topic.writes("POST", "/operator/offers/{offer_id}/take-down", None, _("违规下架货品"))
def take_down_offer(request: HttpRequest, offer_id: PathId, said: TakeDownIn) -> None:
    catalog.take_down(staff_of(request, "catalog.change_offer"), offer_id, said.reason)


@topic.writes("POST", "/operator/offers/{offer_id}/restore", None, _("解除违规下架"))
def restore_offer(request: HttpRequest, offer_id: PathId) -> None:
    catalog.restore(staff_of(request, "catalog.change_offer"), offer_id)


@topic.reads("/operator/disputes", DisputePage, _("纠纷列表"), _("待裁决的，或已裁决的。"))
def disputes(
    request: HttpRequest, page: Paging, waiting: Annotated[bool, Query()] = True
) -> object:
    actor = staff_of(request, "trade.view_dispute")
    return trading.disputes(actor, waiting, page.cursor, page.size)


@topic.writes("POST", "/operator/disputes/{number}/verdict", RefundCaseOut, _("裁决纠纷"))
def rule_dispute(request: HttpRequest, number: Number, said: RulingIn) -> dict[str, Any]:
    actor = staff_of(request, "trade.change_dispute")
    trade.rule_dispute(actor, number, said.verdict, said.reason, said.amount)
    return refund(request, number)


@topic.writes("PUT", "/operator/companies/{company_id}/grade", None, _("设定诚信等级"))
def set_grade(request: HttpRequest, company_id: PathId, said: GradeIn) -> None:
    actor = staff_of(request, "parties.change_company")
    parties.set_integrity_grade(actor, company_id, said.grade, said.reason)


@topic.reads("/operator/companies/{company_id}/penalties", PenaltyPage, _("企业的扣分"))
def company_penalties(request: HttpRequest, company_id: PathId) -> object:
    actor = staff_of(request, "parties.view_penaltyentry")
    return listed([penalty_data(row) for row in people.penalties(actor, company_id)])


@topic.writes(
    "POST", "/operator/companies/{company_id}/penalties", PenaltyOut, _("给企业扣分"), status=201
)
def give_penalty(request: HttpRequest, company_id: PathId, said: PenaltyIn) -> dict[str, Any]:
    actor = staff_of(request, "parties.add_penaltyentry")
    return penalty_data(parties.give_penalty(actor, company_id, said.points, said.reason))


@topic.writes("POST", "/operator/penalties/{penalty_id}/revoke", None, _("撤销扣分"))
def revoke_penalty(request: HttpRequest, penalty_id: PathId, said: TakeDownIn) -> None:
    actor = staff_of(request, "parties.change_penaltyentry")
    parties.revoke_penalty(actor, penalty_id, said.reason)


@topic.reads(
    "/operator/payment-notices", FlaggedNoticePage, _("待处理的支付通知"), _("最早的在前。")
)
def flagged_notices(request: HttpRequest, page: Paging) -> object:
    actor = staff_of(request, "finance.view_gatewaynotice")
    after = read_cursor(page.cursor, int)[0] if page.cursor else None
    rows = money.flagged_notices(actor, after, page.size + 1)
    return cut(rows, page.size, lambda row: (row.id,))


@topic.writes("POST", "/operator/payment-notices/{notice_id}/clear", None, _("处理支付通知"))
def clear_notice(request: HttpRequest, notice_id: PathId, said: ClearIn) -> None:
    finance.clear_flag(staff_of(request, "finance.view_gatewaynotice"), notice_id, said.note)


@topic.reads("/operator/clock", ClockOut, _("市场时钟"))
def market_clock(request: HttpRequest) -> dict[str, Any]:
    people.operator_actor(getattr(request, "staff", None))
    return _clock()


@topic.writes(
    "POST",
    "/operator/clock",
    ClockOut,
    _("向前拨时钟"),
    _(
        "期间到期的事按先后发生；路远时先回答，其余在后台继续，moving_to 是要到的时刻。"
        "只适用于有自己时钟的市场（演示、彩排）。"
    ),
)
def move_clock(request: HttpRequest, wanted: MoveClockIn) -> dict[str, Any]:
    actor = staff_of(request, "kernel.change_marketclock")
    if not clock.has_own_clock():
        raise InvalidInput("to", reason=_("这个市场使用真实时间，时钟不能拨动。"))
    if wanted.to - clock.now() > FARTHEST:
        raise InvalidInput("to", reason=_("一次最多拨 {days} 天。").format(days=FARTHEST.days))
    audit.record(actor, "clock.advance", "market:clock", to=wanted.to.isoformat())
    deadlines.begin_advance(wanted.to)
    deadlines.go_on(MOVE_SECONDS)
    return _clock()


def _clock() -> dict[str, Any]:
    return {
        "now": clock.now(),
        "has_own_clock": clock.has_own_clock(),
        "moving_to": deadlines.moving_to(),
    }
