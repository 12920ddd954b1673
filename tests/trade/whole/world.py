"""The market that the whole test begins with: three companies that trade with each other.

The maker is paid in stages for what it makes, sells to the buyer and buys from the dealer; so one
company has income, debts and purchases at once. Every way to pay is open to everybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Model, QuerySet

from pifa.benefits.commands import sync
from pifa.benefits.labels import COLLECTION_CODE, SECURED_CREDIT
from pifa.benefits.rules import Held, Terms
from pifa.catalog.models import OfferStagedPlan, Sku
from pifa.catalog.rules import StagedPlan
from pifa.finance import commands as finance
from pifa.finance import queries as books
from pifa.finance.commands import LineDraft, NewPayable
from pifa.finance.partner_bank import commands as partner_bank
from pifa.finance.partner_bank.commands import Passwords
from pifa.finance.partner_bank.protocol import Secret
from pifa.finance.partner_bank.rules import Identity
from pifa.finance.sandbox import bank, transfers
from pifa.finance.sandbox.transfers import Transfer
from pifa.kernel import clock
from pifa.kernel.actors import Actor, ActorKind, Role
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money, UnitPrice
from pifa.parties.models import Company
from pifa.trade import commands as trade
from pifa.trade.approval.commands import set_limit
from pifa.trade.commands import CheckoutRequest
from pifa.trade.models import Order, Quote
from pifa.trade.quotes import commands as quotes
from pifa.trade.quotes.commands import AnswerGiven, AskRequest
from pifa.trade.quotes.rules import GoodsWanted
from pifa.trade.quotes.terms import QuoteTerms
from tests.catalog import market as goods
from tests.finance.conftest import grant, grant_instant_payout, open_payee
from tests.trade import market
from tests.trade.market import trade_of

PLAN = StagedPlan(production_days=3, balance_days=2, deposit_bp=3_000)
STAGED = QuoteTerms("staged", deposit=Money(8_00), production_days=2)
ON_CREDIT = QuoteTerms("trade_credit")
PAYMENT = "fu-kuan-2026-x"
BARE = ("order:1", "order:2")
"""Payables that only finance knows of: its verbs are tried on them in every order."""

_callers = count(1)


@contextmanager
def may_refuse() -> Iterator[None]:
    """A command that the market may refuse; then nothing of it stays."""
    with suppress(DomainError), transaction.atomic():
        yield


M = TypeVar("M", bound=Model)


def picked(rows: QuerySet[M], pick: int) -> M | None:
    """One of the rows; None of none."""
    found = list(rows.order_by("pk"))
    return found[pick % len(found)] if found else None


@dataclass(frozen=True)
class Route:
    """Who buys what of whom: a checkout of a hundred or two hundred pieces."""

    buyer: Company
    seller: Company
    address_id: int
    sku_id: int


class Owners(dict[int | None, Actor]):
    """Who acts for a company. For a guest nobody signs in; what it asks for is done in its name."""

    def __missing__(self, company_id: int | None) -> Actor:
        roles = frozenset({Role.OWNER})
        return Actor(ActorKind.MEMBER, company_id=company_id, roles=roles)


class World:
    """The companies, who acts for them, and the moment at which the market stands."""

    def __init__(self) -> None:
        self.now: datetime = clock.now()
        self.operator = goods.operator()
        self.buyer = goods.company("顺达建材行")
        self.maker, self.dealer = goods.seller("晨光铸造厂"), goods.seller("永固紧固件厂")
        self.companies = (self.buyer, self.maker, self.dealer)
        Company.objects.update(verified_name=F("name"))
        self.owner: dict[int | None, Actor] = Owners()
        self.owner.update((row.pk, goods.actor(row)) for row in self.companies)
        self.second_person = {row.pk: goods.actor(row, Role.FINANCE) for row in self.companies}
        self.purchaser = goods.actor(self.buyer, Role.PURCHASER)
        self.made = self._made_to_order()
        self.routes = self._routes()
        self.stock = dict(Sku.objects.values_list("pk", "stock"))
        self._open_every_way()
        for route in (*self.routes, self.routes[0]):
            self.place(self.owner[route.buyer.pk], route, 100)
        self._ask_for_quotes()

    def place(self, actor: Actor, route: Route, pieces: int) -> None:
        """Order pieces by a route."""
        lines = [(route.sku_id, pieces)]
        view = trade.preview_checkout(actor, lines=lines, region="33")
        trade.place_orders(actor, CheckoutRequest(lines, route.address_id, view.total))

    def signed(self, actor: Actor, method: str) -> str:
        """What stands for the payment password, where a way to pay asks for it."""
        if method != "partner_bank":
            return ""
        return partner_bank.authorise(actor, Secret.PAYMENT, PAYMENT)

    def collect(self, company: Company, amount: Money, action: str = "pay") -> None:
        """Somebody pays a company by its code, as the bank is told."""
        token = books.collection_code(company.pk).token
        assert token is not None
        caller = f"10.0.0.{next(_callers)}"
        started = finance.start_collection(token, amount, "", caller)
        bank.act(trade_of(started.payment_number), action)

    def seller_of(self, order: Order) -> Actor:
        return self.owner[order.seller_id]

    def buyer_of(self, order: Order) -> Actor:
        return self.owner[order.buyer_id]

    def _made_to_order(self) -> int:
        offer = goods.offer(self.maker, stock=(5_000,), moq=1, unit="件", scene="custom")
        OfferStagedPlan.objects.create(offer=offer, **asdict(PLAN))
        return goods.sku_ids(offer)[0]

    def _routes(self) -> list[Route]:
        on_stock = goods.sku_ids(goods.offer(self.dealer, stock=(5_000,), moq=1, unit="件"))[0]
        to_buyer, to_maker = market.address(self.buyer).pk, market.address(self.maker).pk
        return [
            Route(self.buyer, self.dealer, to_buyer, on_stock),
            Route(self.buyer, self.maker, to_buyer, self.made),
            Route(self.maker, self.dealer, to_maker, on_stock),
        ]

    def _open_every_way(self) -> None:
        for seller in (self.maker, self.dealer):
            finance.offer_cash(self.owner[seller.pk], True, Money(60_00), ["33"])
        for company in self.companies:
            grant_instant_payout(company.pk)
            grant(company.pk, COLLECTION_CODE)
            finance.renew_collection_code(self.owner[company.pk])
            self.collect(company, Money(40_00))
            open_payee(company.pk)
            open_payee(company.pk, "云汀商业银行")
            self.give_limit(company.pk, Money(80_00))
            self._open_account(company)
            self.sign_mandate(company.pk, Money(70_00), Money(90_00))
        for route in self.routes[:2]:
            finance.join_secured(self.owner[route.seller.pk])
        set_limit(self.owner[self.buyer.pk], Money(50_00))
        terms = (("days", 3), ("monthly", 9), ("days", 2))
        for route, (kind, number) in zip(self.routes, terms, strict=True):
            goods.relate(route.seller, route.buyer)
            draft = LineDraft(Money(60_00), kind, number)
            finance.grant_credit(self.owner[route.seller.pk], route.buyer.login, draft)
        bare = partial(NewPayable, payer_id=self.buyer.pk, payee_id=self.dealer.pk, title="货品")
        finance.open_payables([bare(subject, amount_fen=20_00) for subject in BARE])

    def give_limit(self, company_id: int, limit: Money) -> None:
        """The company's benefit of secured credit from today on."""
        terms = Terms({"limit": str(limit.decimal)})
        sync("test:secured", clock.today(), {Held(company_id, SECURED_CREDIT): terms}, [company_id])

    def sign_mandate(self, company_id: int, per_order: Money, in_all: Money) -> None:
        """The company lets the bank debit its account for what it orders."""
        actor = self.owner[company_id]
        token = partner_bank.authorise(actor, Secret.PAYMENT, PAYMENT)
        finance.sign_trust(actor, token, per_order, in_all)

    def _open_account(self, company: Company) -> None:
        company.refresh_from_db()
        company.licence_no = f"L{company.pk}"
        company.save(update_fields=["licence_no"])
        told = Identity(company.name, company.licence_no, "")
        account = partner_bank.open_account(
            self.owner[company.pk], told, Passwords("kan-yi-kan-2026", PAYMENT)
        )
        transfers.make(Transfer("路人乙", "62221", "云汀商业银行", account.number, Money(45_00)))

    def _ask_for_quotes(self) -> None:
        """Two answers that wait to be taken: on credit of the dealer, in stages of the maker."""
        today, asking = clock.today(), self.owner[self.buyer.pk]
        for route, terms in zip(self.routes, (ON_CREDIT, STAGED), strict=False):
            wanted = [GoodsWanted(quantity=150, sku_id=route.sku_id)]
            ask = AskRequest(wanted, route.address_id, until=today + timedelta(days=5))
            request = quotes.ask_quotes(asking, ask)
            quote = Quote.objects.get(request__number=request)
            answer = AnswerGiven(
                {1: UnitPrice.yuan("0.2")}, Money(1_50), 3, today + timedelta(days=80), terms
            )
            quotes.answer_quote(self.owner[route.seller.pk], quote.number, answer)
