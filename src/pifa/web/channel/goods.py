"""A supplier's goods, and goods on one screen: SKUs with stock and breaks, address, total, order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pifa.catalog import queries as catalog
from pifa.catalog.queries import OfferView
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, Forbidden, NotFound
from pifa.kernel.money import Money
from pifa.kernel.regions import REGIONS
from pifa.parties import commands as parties
from pifa.parties import queries as companies
from pifa.parties.models import Address
from pifa.posts import queries as posts
from pifa.trade import commands as trade
from pifa.trade.commands import CheckoutRequest
from pifa.trade.policies import BUYING
from pifa.trade.staged.queries import plan_in_short
from pifa.web.access import buyer_page
from pifa.web.channel.frame import company_of, require_supplier, show
from pifa.web.shared.address_form import AddressForm
from pifa.web.shared.centre import actor_on
from pifa.web.shared.forms import attempt, typed_words
from pifa.web.shared.offer_total import PREFIX, OfferTotal, button_step, spec_heads, total_of
from pifa.web.shared.quantities import Typed, read, whole_number
from pifa.web.shared.regions import region_name

NEW = "new"
POSTS_SHOWN = 3
MESSAGE_LENGTH = 500
REGION_OF_NOBODY = "33"
"""Where freight is shown to while no address is known and the company names no region."""


@buyer_page
def seller(request: HttpRequest, seller_id: int) -> HttpResponse:
    """A supplier: its newest posts and all its goods, private and public, at the reader's prices."""
    actor = actor_on(request)
    require_supplier(actor, seller_id)
    words = typed_words(request)
    number = whole_number(request.GET.get("page", "")) or 1
    page = catalog.browse(q=words, sort="new", page=number, viewer=actor, seller_id=seller_id)
    card = companies.cards([seller_id])[seller_id]
    return show(
        request,
        "channel/seller.html",
        tab="suppliers",
        seller=card,
        words=words,
        posts=posts.feed(actor, seller_id=seller_id, size=POSTS_SHOWN).items if not words else [],
        goods=[(card, reverse("channel:goods", args=[card.id])) for card in page.items],
        page=page,
        previous=_address(words, page.page - 1) if page.page > 1 else None,
        next=_address(words, page.page + 1) if page.page < page.pages else None,
    )


def _address(words: str, page: int) -> str:
    return "?" + urlencode([("page", page), *([("q", words)] if words else [])])


@buyer_page
def goods(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Goods of a supplier; a POST orders them, or only adds them up."""
    screen = _Screen(request, offer_id)
    if request.method == "POST" and request.POST.get("act") == "order":
        return screen.order()
    return screen.answer()


@require_POST
@buyer_page
def goods_total(request: HttpRequest, offer_id: int) -> HttpResponse:
    """The parts of the screen that change with the quantities and the address."""
    screen = _Screen(request, offer_id)
    total = screen.total
    moved, judged = total.changed(request.POST.get("amounts", ""), request.POST.get("wrong", ""))
    context = screen.sum() | {"moved": moved, "judged": judged}
    return render(request, "channel/_answer.html", context)


@dataclass(slots=True)
class _Refused:
    """Why nothing was ordered: words, or a rule's refusal; with the answer's status."""

    why: DomainError | str
    status: int = 422


class _Screen:
    """One request to the goods' screen: what was typed, and what may come of it."""

    def __init__(self, request: HttpRequest, offer_id: int) -> None:
        self.request = request
        self.actor: Actor = actor_on(request)
        self.found: OfferView = catalog.offer_page(offer_id, self.actor)
        require_supplier(self.actor, self.found.seller.id)
        self.book: list[Address] = companies.addresses(self.actor)
        data = request.POST if request.method == "POST" else request.GET
        known = {str(row.pk): row for row in self.book}
        first = self.book[0] if self.book else None
        wanted = data.get("address", "")
        self.address = None if wanted == NEW else known.get(wanted, first)
        ordering = request.POST.get("act") == "order" and self.address is None
        self.form = (
            AddressForm(request.POST, prefix=NEW)
            if ordering
            else AddressForm(prefix=NEW, initial={"region": self._company_region()})
        )
        self.typed: Typed = read(data, PREFIX, [sku.id for sku in self.found.skus])
        self.total: OfferTotal = total_of(self.found, self.typed, self.region)
        self.refused: _Refused | None = None

    @property
    def is_own(self) -> bool:
        """Whether the reader's company sells these goods itself."""
        return self.found.seller.id == company_of(self.actor)

    @property
    def region(self) -> str:
        """Where freight is counted to."""
        if self.address is not None:
            return self.address.region
        typed = self.request.POST.get(f"{NEW}-region", "")
        return typed if typed in REGIONS else self._company_region()

    def _company_region(self) -> str:
        card = companies.cards([company_of(self.actor)])[company_of(self.actor)]
        return card.region or REGION_OF_NOBODY

    def order(self) -> HttpResponse:
        """Order what was shown and go on to pay; or say what stands against it, all kept."""
        if not self.total.chosen:
            return self._refuse(_("请先填写要订购的数量。"))
        if self.typed.errors or not self.total.can_be_ordered:
            return self.answer(422)
        shown = whole_number(self.request.POST.get("shown_total", "")) or 0
        if shown != self.total.total.fen:
            return self._refuse(_("合计已重新计算，请核对后再点一次“提交订单”。"))
        if self.address is None and not self.form.is_valid():
            return self.answer(422)
        try:
            with transaction.atomic():
                address_id = self._address_id()
                if address_id is None:
                    return self.answer(422)
                numbers = trade.place_orders(self.actor, self._request(address_id))
        except (NotFound, Forbidden):
            raise
        except DomainError as error:
            return self._refuse(error, error.status)
        query = urlencode([*(("order", number) for number in numbers), ("in", "channel")])
        return redirect(f"{reverse('storefront:pay')}?{query}")

    def _address_id(self) -> int | None:
        if self.address is not None:
            return self.address.pk
        added = attempt(self.form, lambda: parties.add_address(self.actor, self.form.entry()))
        return added.pk if added else None

    def _request(self, address_id: int) -> CheckoutRequest:
        words = self.request.POST.get("message", "").strip()[:MESSAGE_LENGTH]
        return CheckoutRequest(
            lines=self.typed.lines,
            address_id=address_id,
            shown_total=Money(self.total.total.fen),
            messages={self.found.seller.id: words} if words else {},
            in_channel=True,
            idempotency_key=self.request.POST.get("key", "")[:64] or None,
        )

    def _refuse(self, why: DomainError | str, status: int = 422) -> HttpResponse:
        self.refused = _Refused(why, status)
        return self.answer(status)

    def answer(self, status: int = 200) -> HttpResponse:
        """The whole screen."""
        title = self.found.shown_title
        return show(
            self.request,
            "channel/goods.html",
            tab="suppliers",
            status=status,
            pictures=[(picture.url, title) for picture in self.found.pictures],
            refusal=self.refused.why if self.refused else "",
            is_own=self.is_own,
            may_order=self.actor.has_role(*BUYING),
            book=[(row, region_name(row.region), row == self.address) for row in self.book],
            wants_new=self.address is None,
            form=self.form,
            message=self.request.POST.get("message", ""),
            message_length=MESSAGE_LENGTH,
            key=self.request.POST.get("key", "")[:64] or uuid4().hex,
            **self.sum(),
        )

    def sum(self) -> dict[str, Any]:
        """What changes with the quantities."""
        pieces = self.total.priced.quantity
        return {
            "offer": self.found,
            "sum": self.total,
            "heads": spec_heads(self.found.skus) or (_("规格"),),
            "breaks": self.found.price_ranges,
            "reached": max(
                (start for start in self.found.break_quantities if start <= pieces), default=None
            ),
            "step": button_step(self.found),
            "plan": plan_in_short(self.found.staged) if self.found.staged else "",
        }
