"""What happens to an invitation by itself: its seller is reminded, its validity ends."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from pifa.kernel import audit, clock, deadlines
from pifa.kernel.actors import SYSTEM
from pifa.kernel.events import emit
from pifa.kernel.ids import number_of
from pifa.trade.invitations import facts
from pifa.trade.invitations.commands.loading import EXPIRE, REMIND, day_of, lock, of_invitation
from pifa.trade.invitations.states import INVITATION, InvitationState


@deadlines.handles(EXPIRE)
def _expire(subject: str) -> None:
    with transaction.atomic():
        row = lock(Q(number=number_of(subject)))
        if row.state != InvitationState.OPEN or clock.now() < row.valid_until:
            return
        row.state = str(INVITATION.check(row.state, "expire").target)
        row.changed_at = clock.now()
        row.save(update_fields=["state", "changed_at"])
        audit.record(SYSTEM, "invitation.expire", row.subject)
        emit(facts.InvitationExpired(**of_invitation(row)))


@deadlines.handles(REMIND)
def _remind(subject: str) -> None:
    with transaction.atomic():
        row = lock(Q(number=number_of(subject)))
        if row.state == InvitationState.OPEN:
            emit(facts.InvitationDue(**of_invitation(row), day=day_of(row)))
