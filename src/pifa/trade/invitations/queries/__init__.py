"""What sellers and whoever has a link read of order invitations; bounded numbers of statements."""

from pifa.trade.invitations.queries.desk import (
    ALL,
    TABS,
    FoundSku,
    KeptPicture,
    counts,
    find_skus,
    invitation,
    invitation_of_order,
    invitations,
    own_picture,
    proposed,
    skus_by_code,
)
from pifa.trade.invitations.queries.opened import opened, opened_picture, parcels
from pifa.trade.invitations.queries.views import (
    InvitationRow,
    InvitationView,
    InvitedLine,
    Masked,
    OpenedView,
    OwnView,
)

__all__ = [
    "ALL",
    "TABS",
    "FoundSku",
    "InvitationRow",
    "InvitationView",
    "InvitedLine",
    "KeptPicture",
    "Masked",
    "OpenedView",
    "OwnView",
    "counts",
    "find_skus",
    "invitation",
    "invitation_of_order",
    "invitations",
    "opened",
    "opened_picture",
    "own_picture",
    "parcels",
    "proposed",
    "skus_by_code",
]
