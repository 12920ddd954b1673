"""The checkout: by seller, with address, messages and invoice; what is shown is what is charged."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages as toasts
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from pifa.catalog import queries as catalog
from pifa.catalog.rules import MAX_QUANTITY
from pifa.finance import queries as finance
from pifa.kernel.actors import Actor
from pifa.kernel.errors import DomainError, Forbidden
from pifa.kernel.money import total
from pifa.kernel.regions import REGIONS
from pifa.parties import commands as parties
from pifa.parties import queries as companies
from pifa.parties.models import Address
from pifa.trade import commands, queries
from pifa.trade.commands import CheckoutRequest
from pifa.trade.errors import InvalidQuantity, NotForSale
from pifa.trade.freight_insurance.queries import freight_offers
from pifa.trade.invoices import profiles
from pifa.trade.invoices.parties import Mismatch, mismatches_at_checkout
from pifa.trade.models import InvoiceKind
from pifa.trade.policies import BUYING
from pifa.trade.queries import CheckoutView
from pifa.trade.staged.queries import plan_words
from pifa.web.access import buyer_page
from pifa.web.shared.address_form import AddressForm
from pifa.web.shared.centre import actor_on
from pifa.web.shared.forms import attempt
from pifa.web.shared.regions import region_name
from pifa.web.storefront import checkout_form
from pifa.web.storefront.checkout_form import Asked
from pifa.web.storefront.frame import region_of, show
from pifa.web.storefront.remedies import trouble_of

REFRESH = "refresh"


@buyer_page
def checkout(request: HttpRequest) -> HttpResponse:
    """Show what is about to be ordered; a POST orders it, or only adds it up again."""
    actor = actor_on(request)
    book = companies.addresses(actor)
    sent = request.POST if request.method == "POST" else request.GET
    asked = checkout_form.read(sent, book)
    if not asked.countable:
        if asked.lines:
            quantity = asked.lines[0][1]
            toasts.error(request, str(InvalidQuantity(quantity=quantity, limit=MAX_QUANTITY)))
        return redirect("storefront:purchase_list")
    placing = request.method == "POST" and sent.get("act") != REFRESH
    page = _Page(request, actor, book, asked, placing)
    if getattr(request, "htmx", False) and not placing:
        return render(request, "storefront/_checkout.html", page.context())
    return page.place() if placing else page.answer()


class _Page:
    """One request to the checkout: its forms, and what may come of it."""

    def __init__(
        self, request: HttpRequest, actor: Actor, book: list[Address], asked: Asked, placing: bool
    ) -> None:
        self.request, self.actor, self.book, self.asked = request, actor, book, asked
        data = request.POST if request.method == "POST" else request.GET
        check = asked.wants_new_address and placing
        self.address_form = checkout_form.address_form(data, check, region_of(request))
        self.invoice_form = checkout_form.invoice_form(data, placing, _kept(actor))
        self.refusal: DomainError | None = None
        self.status = 200

    @property
    def region(self) -> str:
        """Where it goes, as far as is known."""
        chosen = self.asked.chosen_address(self.book)
        if chosen:
            return chosen.region
        typed = str(self.address_form["region"].value() or "")
        return typed if typed in REGIONS else region_of(self.request)

    def place(self) -> HttpResponse:
        """Order it, or say what stands against it with everything typed kept."""
        forms_are_right = self.invoice_form.is_valid()
        if self.asked.wants_new_address:
            forms_are_right = self.address_form.is_valid() and forms_are_right
        if not forms_are_right:
            self.status = 422
            return self.answer()
        try:
            with transaction.atomic():
                address_id = self._address_id()
                if address_id is not None:
                    numbers = commands.place_orders(self.actor, self._request(address_id))
        except Forbidden:
            raise
        except DomainError as error:
            self.refusal, self.status = error, error.status
            return self.answer()
        if address_id is None:
            self.status = 422
            return self.answer()
        self._tell_promised(numbers)
        query = urlencode([("order", number) for number in numbers])
        return redirect(f"{reverse('storefront:pay')}?{query}")

    def _tell_promised(self, numbers: list[str]) -> None:
        """Say of which orders the payment is agreed on; the others are to be paid."""
        if not self.asked.ways:
            return
        for number in numbers:
            for payment in finance.payments(f"order:{number}"):
                if payment.state == "promised":
                    said = _("订单 %(number)s 已约定用“%(method)s”付款 %(amount)s。")
                    figures = {"method": payment.method_label, "amount": payment.amount}
                    toasts.success(self.request, said % {"number": number, **figures})

    def answer(self) -> HttpResponse:
        """The whole page."""
        # Somebody who was just refused has not been shown a page of another status before.
        status = self.status if self.status != 404 else 422
        return show(
            self.request,
            "storefront/checkout.html",
            tab="purchase_list",
            status=status,
            **self.context(),
        )

    def context(self) -> dict[str, Any]:
        """What the checkout shows, added up for the chosen region."""
        view = queries.preview_checkout(self.actor, lines=self.asked.countable, region=self.region)
        ways = queries.ways_to_agree(self.actor, view)
        insurance = freight_offers(self.actor, view)
        premiums = total(
            offer.quote.premium
            for seller_id, offer in insurance.items()
            if seller_id in self.asked.freight_insurance
        )
        chosen = [
            way
            for seller_id, found in ways.items()
            for way in found
            if way.offered and way.code == self.asked.ways.get(seller_id)
        ]
        pictures = catalog.first_pictures({n.offer_id for s in view.sellers for n in s.lines})
        return {
            "asked": self.asked,
            "key": self.asked.key or uuid4().hex,
            "book": [
                (row, region_name(row.region), str(row.pk) == self.asked.address)
                for row in self.book
            ],
            "address_form": self.address_form,
            "invoice_form": self.invoice_form,
            "mismatches": self._mismatches(view),
            "refusal": self.refusal,
            "view": view,
            "premiums": premiums,
            "due": view.total + premiums,
            "sellers": [
                {
                    "view": seller,
                    "lines": [(line, pictures.get(line.offer_id, "")) for line in seller.lines],
                    "troubles": [trouble_of(problem, ()) for problem in seller.problems],
                    "ways": [(way, way in chosen) for way in ways.get(seller.seller_id, ())],
                    "may_agree": any(way.offered for way in ways.get(seller.seller_id, ())),
                    "insurance": insurance.get(seller.seller_id),
                    "insured": seller.seller_id in self.asked.freight_insurance,
                    "message": self.asked.messages.get(seller.seller_id, ""),
                    "plan": plan_words(seller.staged, seller.deposit, seller.balance)
                    if seller.staged and seller.deposit
                    else [],
                }
                for seller in view.sellers
            ],
            "agreed": total(way.amount for way in chosen),
            "online": _("、").join(label for _code, label in finance.online_methods()),
            "gone": self._gone(view),
            "may_order": self.actor.has_role(*BUYING),
            "message_length": checkout_form.MESSAGE_LENGTH,
        }

    def _mismatches(self, view: CheckoutView) -> list[Mismatch]:
        """What does not fit between the invoice that is asked for and who trades."""
        kind, title, tax_no = (
            str(self.invoice_form[name].value() or "") for name in ("kind", "title", "tax_no")
        )
        if kind not in InvoiceKind.values or not title:
            return []
        sellers = [seller.seller_id for seller in view.sellers]
        return mismatches_at_checkout(self.actor.company_id or 0, sellers, title, tax_no)

    def _gone(self, view: CheckoutView) -> DomainError | None:
        if not view.missing:
            return None
        return NotForSale(title=f"SKU {view.missing[0][0]}")

    def _request(self, address_id: int) -> CheckoutRequest:
        asked = self.asked
        return CheckoutRequest(
            lines=list(asked.lines),
            address_id=address_id,
            shown_total=asked.shown_total,
            messages={seller: text for seller, text in asked.messages.items() if text.strip()},
            ways=dict(asked.ways),
            invoice=self.invoice_form.wanted(),
            freight_insurance=asked.freight_insurance,
            from_list=asked.from_list,
            idempotency_key=asked.key or None,
        )

    def _address_id(self) -> int | None:
        chosen = self.asked.chosen_address(self.book)
        if chosen:
            return chosen.pk
        form: AddressForm = self.address_form
        if known := checkout_form.same_address(form, self.book):
            return known.pk
        added = attempt(form, lambda: parties.add_address(self.actor, form.entry()))
        return added.pk if added else None


def _kept(actor: Actor) -> dict[str, str]:
    """The company's default details of an invoice, if it keeps some."""
    row = profiles.default_profile(actor)
    return profiles.first_details(actor, row)
