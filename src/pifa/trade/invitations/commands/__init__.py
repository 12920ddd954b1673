"""The only writers of order invitations."""

from pifa.trade.invitations.commands.confirming import (
    Confirmation,
    Confirmed,
    check_tries,
    confirm_invitation,
    note_miss,
    note_opened,
    pay_invitation,
)
from pifa.trade.invitations.commands.making import (
    change_invitation,
    draft_invitation,
    invite,
    recall_invitation,
    renew_link,
    repeat_order,
    send_invitation,
)
from pifa.trade.invitations.commands.taking_over import take_over
from pifa.trade.invitations.commands.writing import InvitationGiven

__all__ = [
    "Confirmation",
    "Confirmed",
    "InvitationGiven",
    "change_invitation",
    "check_tries",
    "confirm_invitation",
    "draft_invitation",
    "invite",
    "note_miss",
    "note_opened",
    "pay_invitation",
    "recall_invitation",
    "renew_link",
    "repeat_order",
    "send_invitation",
    "take_over",
]
