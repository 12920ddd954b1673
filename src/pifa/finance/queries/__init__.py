"""What finance tells, by topic: payables, payments and ways to pay; sellers' money; collection
codes; what waits for operators."""

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
    PurposeMoney,
    StageView,
    methods_for,
    money_by_purpose,
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
    "PurposeMoney",
    "Reconciliation",
    "StageView",
    "collected",
    "collected_one",
    "collection_code",
    "collection_page",
    "flagged_notices",
    "instant_payout",
    "methods_for",
    "money_by_purpose",
    "paid_out_early",
    "payable",
    "payable_by_number",
    "payment",
    "payments",
    "protection",
    "public_name",
    "purchases_statement",
    "reconciliation",
    "stages",
]
