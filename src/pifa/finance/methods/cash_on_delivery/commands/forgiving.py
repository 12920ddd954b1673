"""A seller lets go what was not collected at the door."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from pifa.finance import policies
from pifa.finance.commands.locking import lock_payable_on_arrival
from pifa.finance.commands.promises import waive
from pifa.finance.events import PayableRefunded
from pifa.finance.methods.cash_on_delivery import standing
from pifa.finance.models import LAPSED_STAGE, Payable, Payment
from pifa.kernel import audit
from pifa.kernel.actors import Actor
from pifa.kernel.errors import NotFound, WrongState
from pifa.kernel.events import emit
from pifa.kernel.money import Money
from pifa.parties import policies as parties


def forgive_rest(actor: Actor, subject: str) -> Money:
    """A seller lets go what was not collected at the door and is still owed; returns how much.

    Owner or finance role. `NotFound` for anybody else's, `WrongState` if nothing is owed so.
    """
    with transaction.atomic():
        found = Payable.objects.filter(subject=subject).first()
        if found is None:
            raise NotFound
        parties.require_company(actor, found.payee_id)
        policies.handles_money(actor)
        payable = lock_payable_on_arrival(subject)
        # Others may have been tried for it, or lapsed by it: it counts what is promised so still.
        stages = payable.stages.filter(
            LAPSED_STAGE,
            payments__method=standing.CODE,
            payments__state=Payment.State.PROMISED,
        )
        rest = Money(sum(stages.distinct().values_list("amount_fen", flat=True)))
        if not rest:
            raise WrongState(state=payable.get_state_display(), verb=_("减免"))
        key = f"cash:{payable.number}"
        waive(payable, rest, key, method=standing.CODE)
        audit.record(actor, "cash.forgive", subject, amount_fen=rest.fen)
        emit(PayableRefunded(subject=subject, amount_fen=0, waived_fen=rest.fen))
    return rest
