"""Ways of paying that may be agreed on with an order, before it is placed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pifa.finance.methods import registry
from pifa.finance.methods.protocol import Due
from pifa.kernel.money import Money


@dataclass(frozen=True, slots=True)
class AgreedChoice:
    """A way to pay that may be agreed on with an order of this amount that is not placed yet.

    `words` say on which terms, or why it is not offered; `figures` are those of either.
    """

    code: str
    label: str
    amount: Money
    offered: bool
    words: str
    figures: Mapping[str, object]


def agreed_choices(
    payer_id: int,
    amounts: Mapping[int, Money],
    *,
    region: str = "",
    deposits: Collection[int] = (),
) -> dict[int, list[AgreedChoice]]:
    """The ways that may be agreed on with new orders, by payee, whose first payment is of these
    amounts (of `deposits`: a deposit) and whose goods go to a region; as many statements for one as
    for many."""
    dues = [
        Due(
            payable_number="",
            subject="",
            payer_id=payer_id,
            payee_id=payee_id,
            amount=amount,
            title="",
            purpose="deposit" if payee_id in deposits else "full",
            region=region,
        )
        for payee_id, amount in amounts.items()
    ]
    found: dict[int, list[AgreedChoice]] = {payee_id: [] for payee_id in amounts}
    for method in registry.AGREED.values():
        for due, terms in zip(dues, method.terms(dues), strict=True):
            if terms is None:
                continue
            found[due.payee_id].append(
                AgreedChoice(
                    method.code,
                    str(method.label),
                    due.amount,
                    not terms.refused,
                    str(terms.words),
                    terms.figures,
                )
            )
    return found
