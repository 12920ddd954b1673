"""What of a seller's papers waits for it: the counts beside the links of its centre."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, Model, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from pifa.kernel.actors import Actor
from pifa.parties import policies as parties
from pifa.parties.models import Company
from pifa.trade.invoices.queries import rows_to_do
from pifa.trade.quotes.queries.lists import inbox_rows


def papers_waiting(actor: Actor) -> tuple[int, int]:
    """How many requests for quotes and for invoices wait for the actor's company; one statement."""
    asked, invoices = _count(inbox_rows(actor)), _count(rows_to_do(actor))
    own = Company.objects.filter(pk=parties.require(actor))
    rows = own.values_list(asked, invoices)
    return rows.first() or (0, 0)


def _count(rows: QuerySet[Model]) -> Any:
    whole = rows.order_by().annotate(all_of_them=Value(1)).values("all_of_them")
    counted = whole.annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
