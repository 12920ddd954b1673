"""What a buyer says at the checkout, read from the form: lines, address, messages,
ways to pay, invoice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from pifa.catalog.rules import MAX_QUANTITY
from pifa.kernel.money import ZERO, Money
from pifa.parties.models import Address
from pifa.trade.models import InvoiceKind
from pifa.web.shared.address_form import FIELDS, AddressForm
from pifa.web.shared.invoice_form import DetailsForm
from pifa.web.shared.quantities import whole_number

NEW = "new"
INVOICE = "invoice"
MESSAGE_LENGTH = 500


class InvoiceForm(DetailsForm):
    """The invoice a buyer wants, or none."""

    kind = forms.ChoiceField(
        label=_("发票"),
        choices=[("none", _("不开发票")), *InvoiceKind.choices],
        initial="none",
        widget=forms.RadioSelect,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """The checkout's form as it was sent (or first opened): nothing in it is trusted."""

    lines: tuple[tuple[int, int], ...]
    from_list: bool
    address: str
    messages: Mapping[int, str] = field(default_factory=dict)
    ways: Mapping[int, str] = field(default_factory=dict)
    freight_insurance: frozenset[int] = frozenset()
    shown_total: Money = ZERO
    key: str = ""

    @property
    def line_texts(self) -> list[str]:
        """The lines as the form and the address carry them."""
        return [f"{sku_id}:{quantity}" for sku_id, quantity in self.lines]

    @property
    def countable(self) -> list[tuple[int, int]]:
        """The lines that can be added up; the others are refused when they are ordered."""
        return [line for line in self.lines if 0 < line[1] <= MAX_QUANTITY]

    @property
    def wants_new_address(self) -> bool:
        """Whether an address was typed rather than chosen."""
        return self.address == NEW

    def chosen_address(self, book: Iterable[Address]) -> Address | None:
        """The address of the book that is chosen, if one is."""
        return next((row for row in book if str(row.pk) == self.address), None)


def read(data: QueryDict, book: list[Address]) -> Asked:
    """Read a request's data; lines that are no lines are left out."""
    address = data.get("address", "")
    known = {str(row.pk) for row in book}
    if address not in known and (address != NEW or not book):
        address = str(book[0].pk) if book else NEW
    return Asked(
        lines=tuple(_lines(data.getlist("line"))),
        from_list=data.get("from") == "list",
        address=address,
        messages=dict(_by_seller(data, "message_")),
        ways={seller: code[:40] for seller, code in _by_seller(data, "way_") if code},
        freight_insurance=frozenset(
            seller for seller, text in _by_seller(data, "freight_insurance_") if text
        ),
        shown_total=Money(whole_number(data.get("shown_total", "")) or 0),
        key=data.get("key", "")[:64],
    )


def address_form(data: QueryDict, check: bool, region: str) -> AddressForm:
    """A new address; unless it is to be checked, what was typed so far is only shown again."""
    if check:
        return AddressForm(data, prefix=NEW)
    typed = {name: data.get(f"{NEW}-{name}", "") for name in FIELDS}
    return AddressForm(prefix=NEW, initial=typed | {"region": typed["region"] or region})


def invoice_form(data: QueryDict, check: bool, kept: Mapping[str, str]) -> InvoiceForm:
    """The invoice's details, likewise; what the company keeps is filled in where nothing is said."""
    if check:
        return InvoiceForm(data, prefix=INVOICE)
    names = InvoiceForm.base_fields
    typed = {name: data[f"{INVOICE}-{name}"] for name in names if f"{INVOICE}-{name}" in data}
    return InvoiceForm(prefix=INVOICE, initial=typed or dict(kept))


def same_address(form: AddressForm, book: Iterable[Address]) -> Address | None:
    """An address of the book that says exactly what was typed: sent twice, it is kept once."""
    typed = {name: form.cleaned_data[name].strip() for name in FIELDS}
    return next(
        (row for row in book if all(getattr(row, name) == text for name, text in typed.items())),
        None,
    )


def _lines(texts: Iterable[str]) -> Iterable[tuple[int, int]]:
    for text in texts:
        sku_id, _colon, quantity = text.partition(":")
        count = whole_number(quantity)
        if sku_id.isascii() and sku_id.isdigit() and len(sku_id) < 19 and count is not None:
            yield int(sku_id), count


def _by_seller(data: QueryDict, prefix: str) -> Iterable[tuple[int, str]]:
    """What was said for single sellers: fields whose name ends with a seller's id."""
    for name in data:
        seller_id = name.removeprefix(prefix)
        if (
            seller_id != name
            and seller_id.isascii()
            and seller_id.isdigit()
            and len(seller_id) < 19
        ):
            yield int(seller_id), data.get(name, "")
