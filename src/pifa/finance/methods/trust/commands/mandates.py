"""A buyer signs a mandate, and ends it."""

from __future__ import annotations

from django.db import transaction

from pifa.finance import policies
from pifa.finance.financiers import mandates as banks
from pifa.finance.methods.trust import standing
from pifa.finance.methods.trust.book import terms
from pifa.finance.methods.trust.errors import (
    TrustLimitTooLarge,
    TrustNotOffered,
    TrustNotSigned,
    TrustSigned,
)
from pifa.finance.methods.trust.events import TrustMandateChanged
from pifa.finance.methods.trust.models import TrustMandate
from pifa.finance.methods.trust.states import MANDATE
from pifa.finance.partner_bank.commands.passwords import account_for, spend
from pifa.kernel import audit, clock
from pifa.kernel.actors import Actor
from pifa.kernel.events import emit
from pifa.kernel.ids import public_number
from pifa.kernel.money import ZERO, Money


def sign_trust(
    actor: Actor,
    authorisation: str,
    per_order: Money | None = None,
    in_all: Money | None = None,
) -> TrustMandate:
    """Let the bank debit the company's account at the partner bank for what it orders this way.

    Owner or finance role, with the payment password (`partner_bank.commands.authorise`). Limits:
    what the rulebook lets, or less. `NoAccount`, `NotAuthorised`, `TrustSigned`,
    `TrustLimitTooLarge`, `TrustNotOffered` in a market without it.
    """
    buyer_id = policies.handles_money(actor)
    most = terms()
    if most is None:
        raise TrustNotOffered
    in_all = most.in_all if in_all is None else in_all
    per_order = min(most.per_order, in_all) if per_order is None else per_order
    if not ZERO < per_order <= min(most.per_order, in_all) or in_all > most.in_all:
        raise TrustLimitTooLarge(field="per_order", per_order=most.per_order, in_all=most.in_all)
    account = account_for(buyer_id)
    with transaction.atomic():
        standing.account_of(buyer_id)
        signed = standing.mandate_of(buyer_id)
        if signed is not None:
            raise TrustSigned(tail=signed.tail)
        spend(actor, account, authorisation)
        row = TrustMandate.objects.create(
            number=public_number("M"),
            buyer_id=buyer_id,
            bank=banks.DEFAULT,
            ref=banks.get(banks.DEFAULT).sign(account.number),
            tail=account.number[-4:],
            per_order_fen=per_order.fen,
            in_all_fen=in_all.fen,
            signed_at=clock.now(),
        )
        _tell(actor, row, "signed")
        return row


def end_trust(actor: Actor) -> None:
    """End the mandate: nothing new is ordered under it; what was is debited as promised.

    Owner or finance role; `TrustNotSigned` without one.
    """
    buyer_id = policies.handles_money(actor)
    with transaction.atomic():
        standing.account_of(buyer_id)
        row = standing.mandate_of(buyer_id)
        if row is None:
            raise TrustNotSigned
        MANDATE.check(row.state, "end")
        row.state, row.ended_at = TrustMandate.State.ENDED, clock.now()
        row.save(update_fields=["state", "ended_at"])
        _tell(actor, row, "ended")


def _tell(actor: Actor, row: TrustMandate, what: str) -> None:
    limits = {"per_order_fen": row.per_order_fen, "in_all_fen": row.in_all_fen}
    audit.record(actor, f"trust.{what}", f"company:{row.buyer_id}", tail=row.tail, **limits)
    emit(TrustMandateChanged(buyer_id=row.buyer_id, what=what, tail=row.tail, **limits))
