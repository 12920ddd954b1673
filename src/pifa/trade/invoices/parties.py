"""Who trades and whom an invoice will name, compared; in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.parties.models import Company
from pifa.trade.invoices import rules
from pifa.trade.invoices.rules import Party

_WORDS: dict[str, str | Promise] = {
    rules.BUYER_UNVERIFIED: _(
        "买方“{buyer}”还没有通过认证，平台无法核对发票抬头“{title}”是不是付款企业的法定名称。"
    ),
    rules.TITLE_DIFFERS: _(
        "发票抬头“{title}”与付款企业的法定名称“{legal}”不一致，发票可能不能报销或抵扣。"
    ),
    rules.TAX_NO_DIFFERS: _("税号 {tax_no} 不是付款企业执照上的号码，请核对。"),
    rules.SELLER_UNVERIFIED: _("卖家“{seller}”没有经过认证的营业执照，无法核对开票方是谁。"),
}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that does not fit, for people (`words`) and for programs (`code`)."""

    code: str
    words: str


def party(company: Company) -> Party:
    """A company that was loaded, as invoices know it."""
    return Party(company.name, company.verified_name, company.licence_no or "")


def parties_of(company_ids: Iterable[int]) -> dict[int, Party]:
    """Companies by id as invoices know them, in one statement."""
    rows = Company.objects.filter(pk__in=set(company_ids))
    return {row.pk: party(row) for row in rows}


def compared(title: str, tax_no: str, buyer: Party, seller: Party) -> list[Mismatch]:
    """What does not fit between the parties of the trade and those of the invoice."""
    figures = {
        "buyer": buyer.name,
        "legal": buyer.verified_name,
        "seller": seller.name,
        "title": title,
        "tax_no": tax_no,
    }
    return [
        Mismatch(code, str(_WORDS[code]).format(**figures))
        for code in rules.mismatches(title, tax_no, buyer, seller)
    ]


def without_request(buyer: Party, seller: Party) -> list[Mismatch]:
    """What would not fit whatever the buyer asks for: the issuer."""
    found = compared(buyer.verified_name, buyer.licence_no, buyer, seller)
    return [item for item in found if item.code == rules.SELLER_UNVERIFIED]


def mismatches_at_checkout(
    buyer_id: int, seller_ids: Iterable[int], title: str, tax_no: str
) -> list[Mismatch]:
    """What does not fit for any of the sellers of a checkout, each thing once. One statement."""
    sellers = list(seller_ids)
    known = parties_of([buyer_id, *sellers])
    found: dict[str, Mismatch] = {}
    for seller_id in sellers:
        if seller_id in known and buyer_id in known:
            for item in compared(title, tax_no, known[buyer_id], known[seller_id]):
                found[item.words] = item
    return list(found.values())
