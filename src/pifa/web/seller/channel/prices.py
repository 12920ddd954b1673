"""The price list of a group: a line a SKU, its breaks in one cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from pifa.catalog import commands
from pifa.catalog import queries as catalog
from pifa.catalog.problems import Unacceptable
from pifa.catalog.queries import GridSku
from pifa.catalog.rules import Tier
from pifa.kernel.errors import DomainError, NotFound
from pifa.kernel.money import UnitPrice
from pifa.relationships import queries as relationships
from pifa.web.access import seller_page
from pifa.web.seller.frame import CLERK, actor_on, show
from pifa.web.shared.figures import price_text, typed_number
from pifa.web.shared.forms import typed_words

FOUND = 10
"""Offers that a search adds to the list."""
MOST = 300
_BREAK = re.compile(r"(?:(\d{1,9})\s*[:：])?\s*([0-9.]+)")


@dataclass(slots=True)
class Line:
    """A SKU of the list: what all pay, and what was typed for the group."""

    sku: GridSku
    usual: str
    text: str
    stored: str
    problem: str = ""

    @property
    def field(self) -> str:
        """The name of its cell."""
        return f"price-{self.sku.sku_id}"


@seller_page(CLERK)
def prices(request: HttpRequest, group_id: int) -> HttpResponse:
    """What a group pays: goods that have prices of its own, and those that are looked for."""
    actor = actor_on(request)
    group = relationships.group(actor, group_id)
    words = typed_words(request)
    offers = catalog.group_priced_offers(actor, group_id)
    if words:
        offers += [row.id for row in catalog.goods(actor, q=words, size=FOUND).items]
    own = catalog.group_prices(actor, group_id)
    lines = [
        Line(sku, breaks_text(sku.tiers), text, text)
        for sku in catalog.sku_grid(actor, list(dict.fromkeys(offers)))[:MOST]
        if sku.active
        for text in (breaks_text(own.get(sku.sku_id, ())),)
    ]
    failure: DomainError | None = None
    if request.method == "POST":
        changed = _read(request, lines)
        if not any(line.problem for line in lines):
            try:
                count = commands.set_group_prices(actor, group_id, changed)
                messages.success(request, _("已保存 %(n)d 个规格的价格。") % {"n": count})
                return redirect(request.get_full_path())
            except NotFound:
                raise
            except Unacceptable as error:
                _blame(lines, error)
                failure = error
    wrong = failure is not None or any(line.problem for line in lines)
    return show(
        request,
        "seller/group_prices.html",
        status=422 if wrong else 200,
        group=group,
        lines=lines,
        words=words,
        wrong=wrong,
    )


def breaks_text(tiers: Sequence[Tier]) -> str:
    """Breaks as they are typed: `1:0.35 1000:0.31`; one from the first piece on: `0.35`."""
    if len(tiers) == 1 and tiers[0].min_quantity == 1:
        return price_text(tiers[0].price)
    return " ".join(f"{tier.min_quantity}:{price_text(tier.price)}" for tier in tiers)


def read_breaks(text: str) -> list[Tier]:
    """Breaks as typed, with blanks, commas or line breaks between; `ValueError` for anything else."""
    found = []
    for part in re.split(r"[\s,，;；]+", re.sub(r"\s*[:：]\s*", ":", text.strip())):
        if not part:
            continue
        match = _BREAK.fullmatch(typed_number(part))
        if match is None:
            raise ValueError(part)
        found.append(Tier(int(match[1] or 1), UnitPrice.yuan(match[2])))
    return found


def _read(request: HttpRequest, lines: list[Line]) -> dict[int, list[Tier]]:
    changed: dict[int, list[Tier]] = {}
    for line in lines:
        line.text = request.POST.get(line.field, line.stored)[:300].strip()
        if line.text == line.stored:
            continue
        try:
            changed[line.sku.sku_id] = read_breaks(line.text)
        except ValueError:
            line.problem = _("请写成 0.35，或 1:0.35 1000:0.31（起批量:单价）。")
    return changed


def _blame(lines: list[Line], error: Unacceptable) -> None:
    for problem in error.problems:
        for line in lines:
            if line.sku.code == problem.sku:
                line.problem = str(problem)
