"""When an order needs approval: pure functions over amounts."""

from __future__ import annotations

from pifa.kernel.money import Money


def limit_for(own: tuple[Money | None] | None, company_wide: Money | None) -> Money | None:
    """The limit that holds for a member: its own if it has one (`(None,)`: no approval), else its
    company's; None means that nothing it orders needs approval."""
    return company_wide if own is None else own[0]


def needs_approval(checkout: Money, limit: Money | None) -> bool:
    """Whether the orders of one checkout, taken together, are above the limit.

    An order split over several sellers is one purchase.
    """
    return limit is not None and checkout > limit


def is_covered(total: Money, approved: Money | None) -> bool:
    """Whether what was approved of an order reaches for what it costs now."""
    return approved is not None and total <= approved
