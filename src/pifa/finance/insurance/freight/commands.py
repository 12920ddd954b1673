"""A seller says whether it gives the insurance; policies are written, paid out and ended.

What is done for a subject is called by the floor that knows it, with the subject's own row locked
(`docs/locking.md`), after the payment or the refund was committed. Every verb may be repeated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from pifa.finance import policies
from pifa.finance.commands.debts import pay_debt
from pifa.finance.insurance.freight import rules
from pifa.finance.insurance.freight.events import (
    FreightGivenBack,
    FreightInsured,
    FreightNotInsured,
    FreightPaidOut,
)
from pifa.finance.insurance.freight.models import FreightGift, FreightPolicy, FreightWish
from pifa.finance.insurance.freight.rules import Quote
from pifa.finance.insurance.freight.states import after
from pifa.finance.insurance.freight.terms import terms_on
from pifa.finance.insurance.registry import insurer
from pifa.kernel import audit, bulk, clock
from pifa.kernel.actors import SYSTEM, Actor
from pifa.kernel.events import emit
from pifa.kernel.ids import public_number
from pifa.kernel.money import Money
from pifa.ledger import commands as ledger
from pifa.ledger import rules as postings
from pifa.ledger.rules import AccountKind, TransferKind


@dataclass(frozen=True, slots=True)
class Cover:
    """What is to be insured, for which quote: a subject's goods, its sides, who pays the premium."""

    subject: str
    buyer_id: int
    seller_id: int
    payer_id: int
    quote: Quote
    quoted_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """The insurance that a buyer takes with a new subject, for the premium that it was shown."""

    subject: str
    buyer_id: int
    quote: Quote


def give_freight_insurance(actor: Actor, on: bool) -> None:
    """Insure the return freight of all orders that are paid from now on, or no more; owner or
    finance role of the seller."""
    company_id = policies.handles_money(actor)
    with transaction.atomic():
        FreightGift.objects.update_or_create(
            company_id=company_id, defaults={"on": on, "changed_at": clock.now()}
        )
        audit.record(actor, "freight.give", f"company:{company_id}", on=on)


def want(wanted: Sequence[Wanted]) -> None:
    """Keep what buyers take with new subjects; set-based, and within `bulk.together` no statement
    of its own."""
    moment = clock.now()
    bulk.insert(
        FreightWish,
        [
            {
                "covers": one.subject,
                "buyer_id": one.buyer_id,
                "premium_fen": one.quote.premium.fen,
                "insured_fen": one.quote.insured.fen,
                "region": one.quote.region,
                **_past(one.quote),
                "quoted_at": moment,
            }
            for one in wanted
        ],
        returning=None,
    )


def insure(cover: Cover) -> str | None:
    """Write the policy of a subject; its premium is taken from the balance of who pays it.

    Returns its number; the earlier one's if there is one. None when the balance lacks the premium:
    then there is no policy, and who was to pay it is told.
    """
    with transaction.atomic():
        earlier = FreightPolicy.objects.filter(covers=cover.subject).values_list(
            "number", flat=True
        )
        if number := earlier.first():
            return number
        premium = cover.quote.premium
        balance = ledger.lock_company(cover.payer_id)[AccountKind.BALANCE]
        if balance < premium:
            emit(
                FreightNotInsured(
                    subject=cover.subject,
                    buyer_id=cover.buyer_id,
                    seller_id=cover.seller_id,
                    payer_id=cover.payer_id,
                    premium_fen=premium.fen,
                    balance_fen=balance.fen,
                )
            )
            return None
        return _write(cover, cover.quote)


def _past(quoted: Quote) -> dict[str, int]:
    return {
        "buyer_orders": quoted.buyer.orders,
        "buyer_returns": quoted.buyer.returns,
        "seller_orders": quoted.seller.orders,
        "seller_returns": quoted.seller.returns,
    }


def _write(cover: Cover, quoted: Quote) -> str:
    policy = FreightPolicy.objects.create(
        number=public_number("E"),
        covers=cover.subject,
        buyer_id=cover.buyer_id,
        seller_id=cover.seller_id,
        payer_id=cover.payer_id,
        region=quoted.region,
        insured_fen=quoted.insured.fen,
        premium_fen=quoted.premium.fen,
        **_past(quoted),
        quoted_at=cover.quoted_at,
        written_at=clock.now(),
    )
    key = f"freight-premium:{policy.number}"
    legs = postings.freight_premium(policy.subject, policy.payer_id, quoted.premium)
    ledger.transfer(key, TransferKind.FREIGHT_PREMIUM, legs)
    insurer().write_policy(
        policy.number, cover.subject, quoted.insured, quoted.premium, None, key
    )  # fmt: skip
    audit.record(
        SYSTEM,
        "freight.insure",
        cover.subject,
        policy=policy.number,
        premium_fen=quoted.premium.fen,
    )
    emit(
        FreightInsured(
            subject=cover.subject,
            buyer_id=cover.buyer_id,
            seller_id=cover.seller_id,
            policy=policy.number,
            payer_id=policy.payer_id,
            premium_fen=policy.premium_fen,
            insured_fen=policy.insured_fen,
        )
    )
    return policy.number


def pay_out(subject: str, refund: str) -> Money | None:
    """Goods of a subject were sent back and their money paid: the insurer pays the return freight
    onto the buyer's balance, once for a policy. None without a policy that runs."""
    with transaction.atomic():
        policy = _running(subject)
        if policy is None:
            return None
        terms = terms_on(clock.today())
        amount = rules.payout(terms, policy.region, Money(policy.insured_fen))
        policy.paid_fen, policy.refund = amount.fen, refund
        _end(policy, "pay_out", "paid_fen", "refund")
        key = f"freight-claim:{policy.number}"
        legs = postings.freight_paid_out(policy.subject, policy.buyer_id, amount)
        ledger.transfer(key, TransferKind.FREIGHT_CLAIM, legs)
        insurer().pay_claim(policy.number, amount, key)
        audit.record(SYSTEM, "freight.pay_out", subject, refund=refund, amount_fen=amount.fen)
        emit(
            FreightPaidOut(
                subject=subject,
                buyer_id=policy.buyer_id,
                seller_id=policy.seller_id,
                policy=policy.number,
                amount_fen=amount.fen,
            )
        )
        pay_debt(policy.buyer_id, key)
        return amount


def give_back(subject: str) -> Money | None:
    """A subject ended with nothing shipped: who paid the premium has it back."""
    with transaction.atomic():
        policy = _running(subject)
        if policy is None:
            return None
        amount = Money(policy.premium_fen)
        _end(policy, "give_back")
        key = f"freight-return:{policy.number}"
        legs = postings.freight_premium_returned(policy.subject, policy.payer_id, amount)
        ledger.transfer(key, TransferKind.FREIGHT_RETURN, legs)
        insurer().return_premium(policy.number, amount, key)
        audit.record(SYSTEM, "freight.give_back", subject, amount_fen=amount.fen)
        emit(
            FreightGivenBack(
                subject=subject,
                buyer_id=policy.buyer_id,
                seller_id=policy.seller_id,
                policy=policy.number,
                payer_id=policy.payer_id,
                premium_fen=amount.fen,
            )
        )
        pay_debt(policy.payer_id, key)
        return amount


def expire(subject: str) -> None:
    """A subject is over and its goods stay: the policy covers nothing more, its premium is kept."""
    with transaction.atomic():
        policy = _running(subject)
        if policy is not None:
            _end(policy, "expire")
            audit.record(SYSTEM, "freight.expire", subject)


def _running(subject: str) -> FreightPolicy | None:
    rows = FreightPolicy.objects.select_for_update(no_key=True)
    return rows.filter(covers=subject, state=FreightPolicy.State.ACTIVE).first()


def _end(policy: FreightPolicy, verb: str, *fields: str) -> None:
    policy.state, policy.ended_at = after(policy.state, verb), clock.now()
    policy.save(update_fields=["state", "ended_at", *fields])
