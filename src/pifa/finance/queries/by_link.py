"""What somebody without an account may know of paying: by which ways, and what the same payer paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pifa.finance import rules
from pifa.finance.methods import registry
from pifa.finance.methods.protocol import Due, PaymentMethod
from pifa.finance.models import Payment
from pifa.finance.queries.payables import MethodChoice
from pifa.kernel.actors import Actor, Role
from pifa.kernel.money import Money


def all_ways() -> dict[str, str]:
    """Every method that is in use by its code, with its name, in the order of offering."""
    return {method.code: str(method.label) for method in registry.in_use()}


def agreed_ways() -> frozenset[str]:
    """Methods that take a known payer's word with the order itself."""
    return frozenset(registry.AGREED)


def is_open_to_anybody(method: PaymentMethod) -> bool:
    """Whether a method needs nothing of the payer's here: no word, no account, no balance."""
    return method.code in registry.ONLINE


def ways_to_pay(
    actor: Actor | None, payer_id: int | None, payee_id: int, amount: Money, ways: Sequence[str]
) -> list[MethodChoice]:
    """How an amount may be paid to a payee by who acts for the payer, or by anybody (None).

    Others than `ways` (if any are named) are left out, and so are those that are not open to whoever
    asks; those that are agreed on with an order are asked for by `agreed_choices`.
    """
    due = Due("", "order:", payer_id, payee_id, amount, "")
    choices = []
    for method in registry.in_use():
        if method.code in registry.AGREED or not rules.is_agreed(method.code, ways):
            continue
        if actor is None and not is_open_to_anybody(method):
            continue
        if actor is not None and method.for_finance_only and not actor.has_role(Role.FINANCE):
            continue
        answer = method.offered(due, payer_id)
        why_not = None if answer is None else str(answer)
        choices.append(MethodChoice(method.code, str(method.label), why_not is None, why_not))
    return choices


def begun_since(subject: str, since: datetime) -> int:
    """How many payments of a subject were begun since a moment."""
    return Payment.objects.filter(payable__subject=subject, started_at__gt=since).count()


def paid_by_same(subject: str) -> set[str]:
    """The subjects that whoever paid this one paid as well, itself among them; two statements."""
    paid = Payment.objects.filter(state=Payment.State.SUCCEEDED).exclude(payer_digest="")
    digests = paid.filter(payable__subject=subject).values_list("payer_digest", flat=True)
    rows = paid.filter(payer_digest__in=list(digests))
    return {subject, *rows.values_list("payable__subject", flat=True)}
