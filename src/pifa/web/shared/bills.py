"""What the pages of acceptance bills share: colours of states, and the tabs."""

from __future__ import annotations

from django.utils.translation import gettext as _

from pifa.finance.queries import bills_of
from pifa.trade.queries import OrderDetail

KINDS = {
    "offered": "warn",
    "presented": "warn",
    "honoured": "ok",
    "cleared": "ok",
    "dishonoured": "bad",
    "refused": "bad",
    "failed": "bad",
}
"""The colour of a state's tag; plain without one."""

BY_BILL = "acceptance_bill"
"""The method's code, as it stands on payments."""


def labels() -> dict[str, str]:
    """The tabs with their names."""
    return {
        "to_answer": _("待签收"),
        "maturing": _("未到期"),
        "dishonoured": _("拒付"),
        "all": _("全部"),
    }


def tabs_of(base: str, tab: str) -> list[tuple[str, str, None, bool]]:
    """The tabs of a list at an address, one of them chosen."""
    return [(label, f"{base}?tab={one}", None, one == tab) for one, label in labels().items()]


def by_bill(detail: OrderDetail) -> bool:
    """Whether what is promised is promised by acceptance bills alone: by no other way."""
    others = (detail.cash, detail.credit, detail.secured, detail.trust)
    return bool(detail.order.promised) and not any(others)


def bill_words(detail: OrderDetail) -> str:
    """What is promised by bill alone: until its day, or now that it was dishonoured."""
    if any(bill.dishonoured for bill in bills_of(detail.order.subject)):
        return _("承兑汇票被拒付，待另付")
    return _("承兑汇票，到期兑付")
