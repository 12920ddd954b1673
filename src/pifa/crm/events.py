"""What customer files do on others' events: figures follow the orders, files follow claims."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pifa.crm.commands.figures import note_sale, refresh
from pifa.crm.commands.merging import follow_claim
from pifa.crm.commands.morning import expect_mornings
from pifa.kernel.events import consumer, subscribe
from pifa.relationships.events import CustomerClaimed, RelationshipAsked, RelationshipGranted
from pifa.trade.events import OrderPaid, PastTradeImported


@subscribe(CustomerClaimed)
def _on_claimed(event: CustomerClaimed) -> None:
    follow_claim(event.seller_id, event.old_id, event.relationship_id, event.buyer_id)


@consumer("crm.figures", OrderPaid.name, RelationshipAsked.name, RelationshipGranted.name)
def _follow_sale(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    note_sale(payload["seller_id"], payload["buyer_id"])


@consumer("crm.past", PastTradeImported.name)
def _follow_import(name: str, payload: dict[str, Any], happened_at: datetime) -> None:
    expect_mornings(payload["seller_id"])
    refresh(payload["seller_id"])
