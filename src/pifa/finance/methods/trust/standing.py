"""How a buyer stands with its mandate at present, and the refusals that follow."""

from __future__ import annotations

from pifa.finance.methods.trust.book import terms
from pifa.finance.methods.trust.errors import (
    TrustNotOffered,
    TrustNotSigned,
    TrustOverLimit,
    TrustOverOrder,
    TrustOwing,
)
from pifa.finance.methods.trust.models import TrustAccount, TrustItem, TrustMandate
from pifa.finance.methods.trust.rules import Refusal, Standing
from pifa.kernel.errors import DomainError
from pifa.kernel.money import ZERO, Money

CODE = "trust_payment"
"""The method's code, as it stands on payments."""


def account_of(buyer_id: int) -> TrustAccount:
    """A buyer's account, locked: after the order and the payable, before the ledger's accounts."""
    TrustAccount.objects.get_or_create(buyer_id=buyer_id)
    return TrustAccount.objects.select_for_update(no_key=True).get(buyer_id=buyer_id)


def mandate_of(buyer_id: int) -> TrustMandate | None:
    """The mandate that runs, with what is used of it; one statement."""
    rows = TrustMandate.objects.filter(buyer=buyer_id, state=TrustMandate.State.SIGNED)
    return rows.select_related("buyer__trust_account").first()


def standing_of(mandate: TrustMandate, account: TrustAccount | None = None) -> Standing:
    """What a mandate allows and what is used of it, by the account or as it was read with it; never
    more than the rulebook of today lets."""
    account = account or getattr(mandate.buyer, "trust_account", None)
    most = terms()
    per_order, in_all = Money(mandate.per_order_fen), Money(mandate.in_all_fen)
    return Standing(
        per_order=min(per_order, most.per_order) if most else ZERO,
        in_all=min(in_all, most.in_all) if most else ZERO,
        used=Money(account.used_fen) if account else ZERO,
        debt=Money(account.debt_fen) if account else ZERO,
    )


def refusal(now: Standing, amount: Money, of_order: Money = ZERO) -> DomainError | None:
    """Why a buyer may not promise so much more of an order, with the figures; None if it may."""
    match now.refusal(amount, of_order):
        case None:
            return None
        case Refusal.OWING:
            return TrustOwing(debt=now.debt)
        case Refusal.ORDER:
            return TrustOverOrder(per_order=now.per_order, needed=of_order + amount)
        case Refusal.ALL:
            return TrustOverLimit(limit=now.in_all, used=now.used, free=now.free, needed=amount)


def refusal_for(payer_id: int, payee_id: int, number: str, amount: Money) -> DomainError | None:
    """The same for a payable by its number."""
    if payer_id == payee_id or terms() is None:
        return TrustNotOffered()
    mandate = mandate_of(payer_id)
    if mandate is None:
        return TrustNotSigned()
    return refusal(standing_of(mandate), amount, used_of(number))


def used_of(payable_number: str) -> Money:
    """What of a payable is promised this way or owed already."""
    row = TrustItem.objects.filter(payable__number=payable_number).first()
    return row.position.used if row else ZERO
