"""What finance tells, by topic: payables, payments and ways to pay; sellers' money; collection
codes; what waits for operators."""

from pifa.finance.methods.trade_credit.standing import shipment_refusals
from pifa.finance.queries.collections import (
    CodeView,
    CollectedView,
    collected,
    collected_one,
    collection_code,
    collection_page,
    public_name,
)
from pifa.finance.queries.operators import FlaggedNotice, flagged_notices
from pifa.finance.queries.payables import (
    MethodChoice,
    PayableView,
    PaymentView,
    StageView,
    methods_for,
    payable,
    payable_by_number,
    payment,
    payments,
    purchases_statement,
    stages,
)
from pifa.finance.queries.reconciling import Difference, Reconciliation, reconciliation
from pifa.finance.queries.sellers import (
    InstantView,
    Protection,
    instant_payout,
    paid_out_early,
    protection,
)

__all__ = [
    "CodeView",
    "CollectedView",
    "Difference",
    "FlaggedNotice",
    "InstantView",
    "MethodChoice",
    "PayableView",
    "PaymentView",
    "Protection",
    "Reconciliation",
    "StageView",
    "collected",
    "collected_one",
    "collection_code",
    "collection_page",
    "flagged_notices",
    "instant_payout",
    "methods_for",
    "paid_out_early",
    "payable",
    "payable_by_number",
    "payment",
    "payments",
    "protection",
    "public_name",
    "purchases_statement",
    "reconciliation",
    "shipment_refusals",
    "stages",
]
