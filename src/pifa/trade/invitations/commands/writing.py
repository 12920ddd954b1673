"""What a seller gives becomes the rows of an invitation: goods looked up, sums made, pictures kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction

from pifa.catalog import queries as catalog
from pifa.catalog.models import Offer
from pifa.catalog.queries import CheckoutGoods
from pifa.finance.queries.by_link import all_ways
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import ZERO, Money
from pifa.kernel.pictures import clean_picture
from pifa.parties import commands as parties
from pifa.parties.commands import AddressInput
from pifa.relationships.models import Relationship
from pifa.trade import rules as orders
from pifa.trade.invitations import rules
from pifa.trade.invitations.errors import NOTE, NotYourCustomer, NotYourGoods
from pifa.trade.invitations.rules import Destination, GoodsGiven, Sums
from pifa.trade.models import InvitationLine, OrderInvitation
from pifa.trade.quotes.days import end_of
from pifa.trade.quotes.rules import check_lead_days
from pifa.trade.quotes.terms import QuoteTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationGiven:
    """What a seller says in an invitation.

    `ways` are codes of methods (none: all that are offered), `customer_id` a relationship of the
    seller's. `valid_until` is the last day on which it holds.
    """

    lines: Sequence[GoodsGiven]
    valid_until: date
    freight: Money = ZERO
    ways: Sequence[str] = ()
    terms: QuoteTerms = field(default_factory=QuoteTerms)
    lead_days: int | None = None
    note: str = ""
    customer_id: int | None = None
    to: Destination = field(default_factory=Destination)


@dataclass(frozen=True, slots=True)
class Checked:
    """What was given, looked up and found good."""

    lines: Sequence[GoodsGiven]
    goods: CheckoutGoods
    sums: Sums
    fields: Mapping[str, object]


def check(actor: Actor, seller_id: int, given: InvitationGiven) -> Checked:
    """Look everything up; refused whole by the first thing that is wrong, nothing is written."""
    lines = rules.check_lines(given.lines)
    found = rules.sums(lines, given.freight)
    terms = rules.check_terms_of(given.terms, found.total)
    rules.check_valid_day(given.valid_until, clock.today())
    goods = _goods(actor, seller_id, lines)
    fields: dict[str, object] = {
        "goods_fen": found.goods.fen,
        "freight_fen": found.freight.fen,
        "total_fen": found.total.fen,
        "terms": terms.as_json(),
        "ways": rules.check_ways(given.ways, all_ways()),
        "lead_days": None if given.lead_days is None else check_lead_days(given.lead_days),
        "note": orders.optional_text(given.note, NOTE, 500, "note"),
        "customer_id": _customer(seller_id, given.customer_id),
        "valid_until": end_of(given.valid_until),
        **_destination(given.to),
    }
    return Checked(lines, goods, found, fields)


def write(row: OrderInvitation, checked: Checked) -> None:
    """Give an invitation (new, or locked) what was checked; its lines are written anew."""
    for name, value in checked.fields.items():
        setattr(row, name, value)
    row.save()
    before = {line.position: str(line.picture.name or "") for line in row.lines.all()}
    row.lines.all().delete()
    made = [
        _line(row, position, line, checked.goods, before)
        for position, line in enumerate(checked.lines, start=1)
    ]
    InvitationLine.objects.bulk_create(made)
    for name in set(filter(None, before.values())) - {line.picture.name for line in made}:
        transaction.on_commit(partial(made[0].picture.storage.delete, name))


def _goods(actor: Actor, seller_id: int, lines: Sequence[GoodsGiven]) -> CheckoutGoods:
    """The seller's own SKUs, on sale or not; one that the market took down cannot be sold."""
    wanted = [line.sku_id for line in lines if line.sku_id is not None]
    goods = catalog.checkout_goods(wanted, actor)
    for sku_id in goods.missing(wanted):
        raise NotYourGoods(field="lines", title=f"SKU {sku_id}", sku_id=sku_id)
    for offer in goods.offers.values():
        if offer.seller_id != seller_id:
            raise NotYourGoods(field="lines", title=offer.title)
    down = Offer.objects.filter(pk__in=list(goods.offers), state=Offer.State.TAKEN_DOWN)
    if goods.offers and (title := down.values_list("title", flat=True).first()):
        raise NotYourGoods(field="lines", title=title)
    return goods


def _customer(seller_id: int, customer_id: int | None) -> int | None:
    if customer_id is None:
        return None
    rows = Relationship.objects.filter(pk=customer_id, seller=seller_id)
    if not rows.exclude(state=Relationship.State.MERGED).exists():
        raise NotYourCustomer(field="customer_id")
    return customer_id


def _destination(to: Destination) -> dict[str, str]:
    rules.check_destination(to)
    if to.is_empty:
        return {"consignee": "", "region": "", "city": "", "detail": "", "mobile": ""}
    entry = AddressInput(
        consignee=to.consignee,
        region=to.region,
        city=to.city,
        detail=to.detail,
        mobile=to.mobile,
    )
    kept = parties.checked_address(entry)
    return {name: kept[name] for name in ("consignee", "region", "city", "detail", "mobile")}


def _line(
    row: OrderInvitation,
    position: int,
    given: GoodsGiven,
    goods: CheckoutGoods,
    before: Mapping[int, str],
) -> InvitationLine:
    line = InvitationLine(
        invitation=row,
        position=position,
        quantity=given.quantity,
        price_e4=given.price.e4,
        amount_fen=given.amount.fen,
        title=given.title,
        spec_text=given.spec_text,
        unit=given.unit,
    )
    if given.sku_id is not None:
        sku = goods.skus[given.sku_id]
        offer = goods.offers[sku.offer_id]
        line.sku_id, line.offer_id, line.code = sku.sku_id, sku.offer_id, sku.code
        line.title, line.title_en = offer.title, offer.title_en
        line.spec_text, line.unit = sku.spec_text, offer.unit
    elif given.picture is not None:
        picture = clean_picture(given.picture)
        name = f"{row.number}-{position}.{picture.format}"
        line.picture.save(name, ContentFile(picture.data), save=False)
    elif given.keep is not None:
        line.picture.name = before.get(given.keep, "")
    return line
