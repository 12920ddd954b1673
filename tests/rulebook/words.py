"""A vocabulary and figures to try rules with."""

from __future__ import annotations

from pifa.rulebook.rules import MetricWord, Unit

_UNITS = {
    "orders_30d": Unit.COUNT,
    "spend_30d": Unit.FEN,
    "credit_rank": Unit.RANK,
    "sales_30d": Unit.FEN,
    "buyers_30d": Unit.COUNT,
    "member": Unit.FLAG,
    "dispute_rate_90d": Unit.RATIO,
    "disputes_90d": Unit.COUNT,
    "medal": Unit.RANK,
    "tradable_offers": Unit.COUNT,
    "mobile_shop": Unit.FLAG,
    "last_backend_login": Unit.DAYS,
    "last_chat_reply": Unit.DAYS,
    "corporate_transfer": Unit.FLAG,
    "ka_certified": Unit.FLAG,
    "completed_90d": Unit.COUNT,
    "repaid_on_time_90d": Unit.COUNT,
    "disputes_lost_90d": Unit.COUNT,
    "refunds_90d": Unit.COUNT,
    "overdue_days_90d": Unit.DAYS,
    "penalty_points": Unit.POINTS,
}
WORDS = {
    name: MetricWord(name, unit, f"词{name}", name.replace("_", " "))
    for name, unit in _UNITS.items()
}
"""Every metric that the shipped book names."""
