"""Which orders are of a kind, for floors above that count them with the facts of the metrics."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Concat

from pifa.trade.models import Order, Provenance


def subjects_of(
    sellers: QuerySet[Any] | Collection[int],
    *,
    channels: Collection[str] = (),
    scenes: Collection[str] = (),
) -> QuerySet[Any]:
    """The subjects (`order:<number>`) of sellers' orders on this market that came by one of these
    channels and are of one of these scenes (none named: any). To be put into another statement."""
    rows = Order.objects.filter(seller__in=sellers, provenance=Provenance.MARKET)
    if channels:
        rows = rows.filter(channel__in=list(channels))
    if scenes:
        rows = rows.filter(scene__in=list(scenes))
    subject = Concat(Value("order:"), "number", output_field=CharField())
    return rows.annotate(told_as=subject).values("told_as")
