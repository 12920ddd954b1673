"""A seller's refund cases in a list: what was asked, what is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pifa.kernel.actors import Actor
from pifa.kernel.models import Deadline
from pifa.kernel.money import Money
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties import policies as parties
from pifa.trade.models import RefundCase
from pifa.trade.states import ENDED_REFUNDS, REFUND, SELLER


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A refund case in a list; `verbs` are the seller's now, `due_at` when it goes on by itself."""

    number: str
    order_number: str
    buyer_name: str
    kind_label: str
    state: str
    state_label: str
    asked: Money
    granted: Money
    reason: str
    asked_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    verbs: tuple[str, ...]


def refund_cases(
    actor: Actor, tab: str = "open", cursor: str | None = None, size: int | None = None
) -> Page[CaseRow]:
    """Cases of the company's orders as seller: `open`, else ended; newest first, two statements."""
    seller_id = parties.require(actor)
    rows = RefundCase.objects.filter(order__seller=seller_id).select_related("order__buyer")
    if tab == "open":
        rows = rows.exclude(state__in=ENDED_REFUNDS)
    else:
        rows = rows.filter(state__in=ENDED_REFUNDS)
    if cursor:
        (last_id,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last_id)
    limit = page_size(size)
    page = cut(list(rows.order_by("-pk")[: limit + 1]), limit, lambda case: (case.pk,))
    subjects = [f"refund:{case.number}" for case in page.items]
    due = dict(
        Deadline.objects.filter(subject__in=subjects, done_at=None).values_list("subject", "due_at")
    )
    return Page([_row(case, due) for case in page.items], page.next_cursor)


def _row(case: RefundCase, due: dict[str, datetime]) -> CaseRow:
    buyer = case.order.buyer
    return CaseRow(
        number=case.number,
        order_number=case.order.number,
        buyer_name=buyer.name if buyer else "",
        kind_label=case.get_kind_display(),
        state=case.state,
        state_label=case.get_state_display(),
        asked=Money(case.asked_fen),
        granted=Money(case.granted_fen),
        reason=case.reason,
        asked_at=case.asked_at,
        ended_at=case.ended_at,
        due_at=due.get(f"refund:{case.number}"),
        verbs=tuple(REFUND.verbs(case.state, SELLER)),
    )
