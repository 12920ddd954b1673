"""How commands find and lock what they change.

Lock order (`docs/locking.md`): of an invitation that is an order already, the order and its payable
come first; then the invitation; stock, credit lines and accounts of a new order after it.
"""

from __future__ import annotations

from django.db.models import Q

from pifa.kernel import deadlines
from pifa.kernel.errors import NotFound
from pifa.trade.invitations import facts
from pifa.trade.invitations.rules import REMINDER
from pifa.trade.models import OrderInvitation
from pifa.trade.quotes.days import last_day
from pifa.trade.rules import reminder

EXPIRE, REMIND = "invitation.expire", "invitation.remind"
"""Kinds of deadlines."""


def lock(own: Q) -> OrderInvitation:
    """Lock the one invitation that this finds; `NotFound` when there is none."""
    rows = OrderInvitation.objects.select_for_update(of=("self",), no_key=True)
    found = rows.filter(own).first()
    if found is None:
        raise NotFound()
    return found


def set_deadlines(row: OrderInvitation) -> None:
    """What happens by itself to an invitation that is open until its `valid_until`."""
    remind_at = reminder(row.changed_at, row.valid_until, REMINDER)
    deadlines.set_deadline(EXPIRE, row.subject, row.valid_until)
    deadlines.set_deadline(REMIND, row.subject, remind_at)


def clear_deadlines(row: OrderInvitation) -> None:
    """Nothing happens by itself to it any more."""
    deadlines.clear(row.subject, EXPIRE, REMIND)


def of_invitation(row: OrderInvitation) -> facts.InvitationKeys:
    """What every event of an invitation says."""
    return {
        "invitation": row.number,
        "seller_id": row.seller_id,
        "total_fen": row.total_fen,
    }


def day_of(row: OrderInvitation) -> str:
    """The last market day on which it holds."""
    return last_day(row.valid_until).isoformat()
