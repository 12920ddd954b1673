"""Instant payout (极速到账): a seller has an order's money the moment it is paid, for a fee.

Who may have it says the benefits' register; who wants it, the switch. Both are asked when the
money arrives: what changes later touches later payables only.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.db.models import F

from pifa.benefits import queries as benefits
from pifa.benefits.labels import INSTANT_PAYOUT, label_of
from pifa.finance import policies, rules
from pifa.finance.commands.debts import pay_debt
from pifa.finance.errors import BenefitNotHeld
from pifa.finance.events import PaidOutAtOnce
from pifa.finance.models import InstantPayout, InstantSwitch, Payable
from pifa.kernel import audit, clock
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.events import emit
from pifa.kernel.money import ZERO, Money
from pifa.ledger import commands as ledger
from pifa.ledger import queries as books
from pifa.ledger import rules as postings
from pifa.ledger.rules import TransferKind


def switch_instant_payout(actor: Actor, on: bool) -> None:
    """Want the money of orders at once, or not any more; owner or finance role.

    It holds for orders that are paid from now on. `BenefitNotHeld` without the grant; switching
    off is always possible.
    """
    company_id = policies.handles_money(actor)
    if on and benefits.grant_of(company_id, INSTANT_PAYOUT) is None:
        raise BenefitNotHeld(benefit=label_of(INSTANT_PAYOUT))
    with transaction.atomic():
        InstantSwitch.objects.update_or_create(
            company_id=company_id, defaults={"on": on, "changed_at": clock.now()}
        )
        audit.record(actor, "instant.switch", f"company:{company_id}", on=on)


def pay_out_at_once(subject: str) -> Money:
    """Pay a settled payable's money to its payee now, if the payee may and wants; how much.

    Called by the floor that knows the subject, in the settlement's transaction (which holds
    the payable). The fee is taken in the same transfer. Nothing is left to release.
    """
    wanted = InstantSwitch.objects.filter(on=True, company__receivables__subject=subject)
    if not wanted.exists():
        return ZERO
    payable = Payable.objects.get(subject=subject)
    grant = benefits.grant_of(payable.payee_id, INSTANT_PAYOUT)
    amount = books.held(subject)
    if grant is None or not amount:
        return ZERO
    try:
        rate = rules.fee_rate(grant.value.get("fee_rate"))
    except ValueError:
        return ZERO  # terms that cannot be read hold up nobody's payment: it is held as usual
    fee = rules.instant_fee(amount, rate)
    key = f"instant:{subject}"
    legs = postings.instant_payout(subject, payable.payee_id, amount, fee)
    ledger.transfer(key, TransferKind.INSTANT, legs)
    InstantPayout.objects.create(
        payable=payable,
        amount_fen=amount.fen,
        fee_fen=fee.fen,
        fee_rate=str(rate),
        at=clock.now(),
    )
    Payable.objects.filter(pk=payable.pk).update(released_fen=F("released_fen") + amount.fen)
    pay_debt(payable.payee_id, key)
    audit.record(SYSTEM, "order.instant_payout", subject, amount_fen=amount.fen)
    emit(
        PaidOutAtOnce(
            subject=subject,
            company_id=payable.payee_id,
            amount_fen=amount.fen,
            fee_fen=fee.fen,
        )
    )
    return amount


def give_fee_back(payout: InstantPayout, payable: Payable, amount: Money, key: str) -> Money:
    """Give back what of the fee belongs to a refund, if the market does so; returns how much.

    The caller has locked the payee's accounts.
    """
    if not settings.MARKET["instant_fee_returned"]:
        return ZERO
    back = rules.fee_back(
        Money(payout.fee_fen),
        Money(payout.amount_fen),
        # What went back before the payout (of a deposit) had no fee.
        before=Money(payable.refunded_fen - (payable.settled_fen - payout.amount_fen)),
        now=amount,
    )
    if back:
        legs = postings.fee_returned(payable.subject, payable.payee_id, back)
        ledger.transfer(f"fee-return:{key}", TransferKind.FEE_RETURN, legs)
        InstantPayout.objects.filter(pk=payout.pk).update(
            fee_returned_fen=F("fee_returned_fen") + back.fen
        )
    return back


def end(payable: Payable) -> None:
    """The payable's trade is done: its payout no longer binds the payee to buyer protection."""
    InstantPayout.objects.filter(payable=payable, ended_at=None).update(ended_at=clock.now())
