"""What happens to a bond by itself: the reminder, and renewal, the deposit, or leaving at its end."""

from __future__ import annotations

from django.db import transaction

from pifa.finance.commands import protection
from pifa.finance.insurance.bond import rules
from pifa.finance.insurance.bond.closing import close
from pifa.finance.insurance.bond.commands import (
    begin,
    debts,
    lock,
    pay_premium,
    refreeze,
)
from pifa.finance.insurance.bond.events import BondEndsSoon
from pifa.finance.insurance.bond.models import BondPolicy
from pifa.finance.insurance.bond.rules import AtEnd
from pifa.finance.insurance.bond.terms import active, terms_on
from pifa.kernel import audit, clock
from pifa.kernel.actors import SYSTEM
from pifa.kernel.events import emit
from pifa.kernel.money import ZERO, Money
from pifa.ledger.rules import AccountKind


def remind(number: str) -> None:
    """Tell the seller that its bond ends soon, and what the next term would cost."""
    with transaction.atomic():
        company_id = BondPolicy.objects.values_list("company", flat=True).get(number=number)
        row, _locked = lock(company_id)
        bond = active(company_id)
        if bond is None or bond.number != number:
            return
        terms = terms_on(clock.today())
        premium = rules.premium(terms, rules.cover(terms, Money(row.required_fen)))
        emit(
            BondEndsSoon(
                company_id=company_id,
                number=number,
                until=bond.until.isoformat(),
                renews=bond.renews,
                premium_fen=premium.fen,
            )
        )


def end_of_term(number: str) -> None:
    """The last day is over: renew, freeze the deposit again, or leave protection."""
    with transaction.atomic():
        company_id = BondPolicy.objects.values_list("company", flat=True).get(number=number)
        row, locked = lock(company_id)
        bond = active(company_id)
        if bond is None or bond.number != number:
            return
        terms, required = terms_on(bond.until), Money(row.required_fen)
        outcome = rules.at_end(
            renews=bond.renews,
            owes=bool(debts(locked)),
            balance=locked[AccountKind.BALANCE],
            premium_=rules.premium(terms, rules.cover(terms, required)),
            missing=max(required - locked[AccountKind.DEPOSIT], ZERO),
        )
        if outcome is AtEnd.RENEW:
            until, renews = bond.until, bond.renews
            close(bond, "renew", rules.premium(terms, rules.cover(terms, required)))
            following = begin(company_id, required, until)
            following.renews = renews
            following.save(update_fields=["renews"])
            pay_premium(following)
        elif outcome is AtEnd.REFREEZE:
            refreeze(bond, row, locked)
        else:
            close(bond, "lapse", ZERO)
            protection.leave(row, locked[AccountKind.DEPOSIT])
        audit.record(SYSTEM, f"bond.{outcome.value}", bond.subject)
