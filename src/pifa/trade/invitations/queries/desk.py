"""What a seller reads of its invitations, and what it is helped with while it makes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery

from pifa.catalog import queries as catalog
from pifa.catalog.models import Sku
from pifa.catalog.queries import CheckoutGoods
from pifa.catalog.rules import PricedLine
from pifa.kernel.actors import Actor, ActorKind
from pifa.kernel.errors import InvalidInput, NotFound
from pifa.kernel.money import Money, UnitPrice
from pifa.kernel.paging import Page, cut, page_size, read_cursor
from pifa.parties import policies as parties
from pifa.relationships.models import Relationship
from pifa.trade.invitations import links, policies
from pifa.trade.invitations.queries.views import InvitationRow, OwnView, said_of
from pifa.trade.invitations.rules import Destination, seller_verbs
from pifa.trade.invitations.states import InvitationState
from pifa.trade.models import InvitationLine, OrderInvitation
from pifa.trade.quotes.days import last_day

ALL = "all"
TABS = (*(state.value for state in InvitationState), ALL)
"""Tabs of the list: each state, and everything."""

FOUND_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class FoundSku:
    """A SKU of the seller's own with what its price function asks for a quantity."""

    sku_id: int
    offer_id: int
    code: str
    title: str
    spec_text: str
    unit: str
    available: int
    quantity: int
    price: UnitPrice


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture of typed goods, and what kind it is."""

    data: bytes
    kind: str


def invitations(
    actor: Actor,
    tab: str = ALL,
    words: str = "",
    cursor: str | None = None,
    size: int | None = None,
) -> Page[InvitationRow]:
    """The invitations of the actor's company, newest first; one statement.

    `words` are looked for in numbers, goods, customers and consignees. `InvalidInput` for an
    unknown tab.
    """
    if tab not in TABS:
        raise InvalidInput(field="tab", reason=" | ".join(TABS))
    rows = OrderInvitation.objects.filter(policies.own(actor))
    if tab != ALL:
        rows = rows.filter(state=tab)
    if words:
        named = InvitationLine.objects.filter(
            Q(title__icontains=words) | Q(code__iexact=words), invitation=OuterRef("pk")
        )
        rows = rows.filter(
            Q(number__iexact=words)
            | Q(external_no__iexact=words)
            | Q(order__number__iexact=words)
            | Q(customer__name__icontains=words)
            | Q(consignee__icontains=words)
            | Q(pk__in=named.values("invitation").filter(invitation__seller=actor.company_id))
        )
    lines = InvitationLine.objects.filter(invitation=OuterRef("pk"))
    counted = lines.order_by().values("invitation").annotate(n=Count("pk")).values("n")
    rows = rows.select_related("customer", "order").annotate(
        title=Subquery(lines.filter(position=1).values("title")[:1]),
        title_en=Subquery(lines.filter(position=1).values("title_en")[:1]),
        line_count=Subquery(counted),
    )
    if cursor:
        (last_id,) = read_cursor(cursor, int)
        rows = rows.filter(pk__lt=last_id)
    limit = page_size(size)
    page = cut(list(rows.order_by("-pk")[: limit + 1]), limit, lambda row: (row.pk,))
    return Page([_row(row) for row in page.items], page.next_cursor)


def counts(actor: Actor) -> Mapping[str, int]:
    """How many invitations of the actor's company stand in each state; one statement."""
    rows = OrderInvitation.objects.filter(policies.own(actor)).order_by()
    found = dict(rows.values_list("state").annotate(Count("pk")))
    return {state.value: found.get(state.value, 0) for state in InvitationState}


def invitation(actor: Actor, number: str) -> OwnView:
    """One invitation of the actor's company; `NotFound`. Three statements."""
    row = (
        OrderInvitation.objects.filter(policies.own(actor), number=number)
        .select_related("customer__buyer", "order")
        .first()
    )
    if row is None:
        raise NotFound()
    return OwnView(
        said=said_of(row, list(row.lines.order_by("position"))),
        token=links.token_of(row.number, row.link) if row.sent_at else "",
        verbs=tuple(seller_verbs(row.state)),
        customer_id=row.customer_id,
        customer_name=customer_name(row),
        to=Destination(row.consignee, row.mobile, row.region, row.city, row.detail),
        order=row.order.number if row.order else None,
        external_no=row.external_no,
        made_at=row.made_at,
        sent_at=row.sent_at,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
    )


def invitation_of_order(actor: Actor, order_number: str) -> str | None:
    """The invitation that an order of the actor's company came from; one statement."""
    rows = OrderInvitation.objects.filter(policies.own(actor), order__number=order_number)
    return rows.values_list("number", flat=True).first()


def own_picture(actor: Actor, number: str, position: int) -> KeptPicture:
    """The picture of a typed line, for its seller; `NotFound`."""
    return picture_of(Q(policies.own(actor), number=number), position)


def picture_of(which: Q, position: int) -> KeptPicture:
    """The picture of a line of the invitation that this finds; `NotFound`."""
    rows = OrderInvitation.objects.filter(which).values("pk")
    line = InvitationLine.objects.filter(invitation__in=rows, position=position).first()
    if line is None or not line.picture.name:
        raise NotFound()
    with line.picture.open("rb") as file:
        return KeptPicture(file.read(), line.picture.name.rpartition(".")[2])


def find_skus(actor: Actor, words: str, customer_id: int | None = None) -> list[FoundSku]:
    """SKUs of the actor's own company by words of title, specification or code, at most twenty, each
    with the price that the price function asks a customer for one of it."""
    seller_id = parties.require(actor)
    wanted = Q(offer__seller=seller_id, active=True) & ~Q(offer__state="taken_down")
    for word in words.split()[:6]:
        wanted &= (
            Q(offer__title__icontains=word)
            | Q(spec_text__icontains=word)
            | Q(code__icontains=word)
            | Q(offer__code__icontains=word)
        )
    ids = Sku.objects.filter(wanted).order_by("offer_id", "position", "id")
    found = dict.fromkeys(ids.values_list("pk", flat=True)[:FOUND_AT_MOST], 1)
    return proposed(actor, found, customer_id)


def skus_by_code(actor: Actor, codes: Mapping[str, int]) -> dict[str, list[FoundSku]]:
    """The SKUs of the actor's own company by their codes (in any case), each priced for so many."""
    seller_id = parties.require(actor)
    rows = Sku.objects.filter(offer__seller=seller_id, code__in=list(codes))
    pieces = {key: codes[code] for key, code in rows.values_list("pk", "code")}
    found: dict[str, list[FoundSku]] = {}
    for sku in proposed(actor, pieces):
        found.setdefault(sku.code, []).append(sku)
    return found


def proposed(
    actor: Actor, pieces: Mapping[int, int], customer_id: int | None = None
) -> list[FoundSku]:
    """SKUs (id → pieces) of the actor's own company with the price that the one price function asks
    for these pieces together; what is not its own is left out.

    A customer that is a member is asked its own group's prices. Two statements, four with one.
    """
    goods = catalog.checkout_goods(list(pieces), actor)
    own = {
        key: max(pieces[key], 1)
        for key, sku in goods.skus.items()
        if goods.offers[sku.offer_id].seller_id == actor.company_id
    }
    lines = _priced(goods, own)
    buyer_id = _buyer_of(actor, customer_id)
    if buyer_id is not None:
        buyer = Actor(ActorKind.MEMBER, company_id=buyer_id)
        theirs = catalog.checkout_goods(list(own), buyer)
        lines |= _priced(theirs, {key: own[key] for key in own if key in theirs.skus})
    found = []
    for key in pieces:
        if key not in own or key not in lines:
            continue
        sku, line = goods.skus[key], lines[key]
        offer = goods.offers[sku.offer_id]
        found.append(
            FoundSku(
                sku_id=key,
                offer_id=sku.offer_id,
                code=sku.code,
                title=catalog.localized(offer.title, offer.title_en),
                spec_text=sku.spec_text,
                unit=offer.unit,
                available=offer.terms.skus[key].available,
                quantity=own[key],
                price=line.price,
            )
        )
    return found


def _priced(goods: CheckoutGoods, pieces: Mapping[int, int]) -> dict[int, PricedLine]:
    return {line.sku_id: line for offer in goods.price(pieces).values() for line in offer.lines}


def _buyer_of(actor: Actor, customer_id: int | None) -> int | None:
    """The company of one of the actor's customers, if it is a member."""
    if customer_id is None:
        return None
    rows = Relationship.objects.filter(pk=customer_id, seller=actor.company_id)
    return rows.values_list("buyer_id", flat=True).first()


def customer_name(row: OrderInvitation) -> str:
    """What the seller calls the customer that an invitation is for; empty if it is for anybody."""
    customer = row.customer
    if customer is None:
        return ""
    return customer.name or (customer.buyer.name if customer.buyer else "") or ""


def _row(row: Any) -> InvitationRow:
    return InvitationRow(
        number=row.number,
        state=row.state,
        state_label=str(row.get_state_display()),
        title=row.title or "",
        title_en=row.title_en or "",
        lines=row.line_count or 0,
        total=Money(row.total_fen),
        customer_name=row.customer.name if row.customer else "",
        consignee=row.consignee,
        order=row.order.number if row.order else None,
        valid_until=last_day(row.valid_until),
        opened_at=row.opened_at,
        made_at=row.made_at,
    )
