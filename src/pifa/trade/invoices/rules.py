"""What the market knows about invoices: what each kind needs, amounts, numbers, parties.

Pure: texts and amounts in, texts and amounts out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from pifa.kernel.money import ZERO, Money
from pifa.parties.rules import is_credit_code, is_resident_id, normal_licence, normal_phone
from pifa.parties.text import clean_line
from pifa.trade.invoices.errors import (
    AccountInvalid,
    DetailMissing,
    DetailTooLong,
    DetailUnknown,
    EmailInvalid,
    InvoiceAmountOff,
    InvoiceDayOff,
    InvoiceNumberInvalid,
    KindUnknown,
    TaxNumberInvalid,
)

ORDINARY, SPECIAL = "ordinary", "special"
NEEDED: Mapping[str, tuple[str, ...]] = {
    ORDINARY: ("title", "tax_no"),
    SPECIAL: ("title", "tax_no", "address", "phone", "bank", "account"),
}
"""What no invoice of a kind can be issued without."""

LONGEST: Mapping[str, int] = {
    "title": 120,
    "tax_no": 30,
    "address": 120,
    "phone": 30,
    "bank": 120,
    "account": 40,
    "email": 120,
}
MAX_ORDERS = 50
"""Orders in one request."""

_CODE = re.compile(r"\d{10}|\d{12}")
_NUMBER = re.compile(r"\d{8}|\d{20}")
_EMAIL = re.compile(r"[^@\s,;<>]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Details:
    """What stands on an invoice about its buyer, cleaned and complete for its kind."""

    kind: str
    title: str
    tax_no: str
    address: str = ""
    phone: str = ""
    bank: str = ""
    account: str = ""
    email: str = ""

    def as_dict(self) -> dict[str, str]:
        """All fields by name, also empty ones."""
        return asdict(self)

    def given(self) -> dict[str, str]:
        """What was said, by name."""
        return {name: text for name, text in asdict(self).items() if text}


def read_details(given: Mapping[str, object], prefix: str = "") -> Details:
    """Details as somebody gave them, cleaned and checked; without a kind it is an ordinary one.

    The first thing wrong is refused, with `prefix` and the field's name: an unknown field, one too
    long, one missing that the kind needs, a tax number, an account or an address that cannot be.
    """
    texts = {name: _text(name, value, prefix) for name, value in given.items()}
    kind = texts.pop("kind", "") or ORDINARY
    if kind not in NEEDED:
        raise KindUnknown(field=f"{prefix}kind", kind=kind)
    texts["tax_no"] = normal_licence(texts.get("tax_no", ""))
    texts["phone"] = normal_phone(texts.get("phone", ""))
    for name in NEEDED[kind]:
        if not texts.get(name):
            raise DetailMissing(field=f"{prefix}{name}", name=name)
    details = Details(kind, **texts)
    if not is_tax_number(details.tax_no, kind):
        raise TaxNumberInvalid(field=f"{prefix}tax_no", number=details.tax_no)
    bare = re.sub(r"[\s-]", "", details.account)
    if details.account and not (bare.isascii() and bare.isdigit() and 6 <= len(bare) <= 32):
        raise AccountInvalid(field=f"{prefix}account")
    if details.email and not _EMAIL.fullmatch(details.email):
        raise EmailInvalid(field=f"{prefix}email")
    return details


def is_tax_number(number: str, kind: str) -> bool:
    """Whether a number may be a tax number: a unified social credit code with its check digit.

    A person in trade may have an ordinary invoice with its identity number.
    """
    return is_credit_code(number) or (kind == ORDINARY and is_resident_id(number))


def _text(name: str, value: object, prefix: str) -> str:
    if name != "kind" and name not in LONGEST:
        raise DetailUnknown(field=f"{prefix}{name}", name=name[:40])
    if not isinstance(value, str):
        raise DetailUnknown(field=f"{prefix}{name}", name=name)
    text = clean_line(value)
    limit = LONGEST.get(name, 20)
    if len(text) > limit:
        raise DetailTooLong(field=f"{prefix}{name}", name=name, limit=limit, length=len(text))
    return text


# ------------------------------------------------------------------------------- amounts


@dataclass(frozen=True, slots=True)
class Sums:
    """A request's amounts: what its orders cost in the end, and what its papers say."""

    paid: Money
    refunded: Money
    invoiced: Money
    credited: Money

    @property
    def net(self) -> Money:
        """What the buyer paid and did not get back."""
        return self.paid - self.refunded

    @property
    def standing(self) -> Money:
        """What the invoices say, less credit notes."""
        return self.invoiced - self.credited

    @property
    def to_invoice(self) -> Money:
        """What is still to be invoiced."""
        return max(self.net - self.standing, ZERO)

    @property
    def to_credit(self) -> Money:
        """What a credit note has to take back."""
        return max(self.standing - self.net, ZERO)


def check_amount(amount: Money, left: Money, *, more_follow: bool) -> None:
    """A paper's amount is exactly what is left; a part only where more papers are to follow.

    `InvoiceAmountOff` with both figures.
    """
    right = ZERO < amount < left if more_follow else ZERO < amount == left
    if not right:
        raise InvoiceAmountOff(field="amount", amount=amount, left=left)


def check_number(code: str, number: str) -> tuple[str, str]:
    """Code and number of an invoice without blanks: 10 or 12 digits with 8, or 20 alone.

    `InvoiceNumberInvalid` for anything else (the fully digital invoice has a number only).
    """
    code, number = normal_licence(code), normal_licence(number)
    paper = _CODE.fullmatch(code) and len(number) == 8
    digital = code == "" and len(number) == 20
    if not (code + number).isascii() or not _NUMBER.fullmatch(number) or not (paper or digital):
        raise InvoiceNumberInvalid(field="number")
    return code, number


def check_day(day: date, first: date, today: date) -> None:
    """The day of an invoice lies between its orders (or the corrected invoice) and today."""
    if not first <= day <= today:
        raise InvoiceDayOff(field="day", first=first.isoformat(), today=today.isoformat())


# ------------------------------------------------------------------------------- parties


@dataclass(frozen=True, slots=True)
class Party:
    """A company with what an operator verified of it: its legal name and its licence."""

    name: str
    verified_name: str
    licence_no: str

    @property
    def has_licence(self) -> bool:
        """Whether a business licence was verified (a person's identity card is none)."""
        return bool(self.verified_name) and is_credit_code(self.licence_no)


BUYER_UNVERIFIED = "buyer_unverified"
TITLE_DIFFERS = "title_differs"
TAX_NO_DIFFERS = "tax_no_differs"
SELLER_UNVERIFIED = "seller_unverified"


def mismatches(title: str, tax_no: str, buyer: Party, seller: Party) -> list[str]:
    """What does not fit between those who trade and those whom the invoice will name; codes.

    The issuer is the seller's legal name, the title the legal name of the company that pays.
    """
    found = []
    if not buyer.verified_name:
        found.append(BUYER_UNVERIFIED)
    else:
        if same_name(title) != same_name(buyer.verified_name):
            found.append(TITLE_DIFFERS)
        if normal_licence(tax_no) != buyer.licence_no:
            found.append(TAX_NO_DIFFERS)
    if not seller.has_licence:
        found.append(SELLER_UNVERIFIED)
    return found


def same_name(name: str) -> str:
    """A name as it is compared: width, brackets, blanks and case make no difference."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).casefold()
