"""Plays a plan's trade in the order of time and writes what it leaves behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction

from pifa.catalog.commands import setwise
from pifa.demo.history.after_sale import AfterSale
from pifa.demo.history.goods import Warehouse
from pifa.demo.history.load import catch_up
from pifa.demo.history.money import Finance
from pifa.demo.history.orders import Ongoing, Orders
from pifa.demo.history.scene import Numbers, Scene, Told
from pifa.demo.history.tables import Tables
from pifa.demo.history.withdrawals import Withdrawals
from pifa.demo.plan.script import (
    SKUS_PER_OFFER,
    OrderScript,
    Step,
    Trade,
    Verb,
    Visit,
    Withdrawal,
    withdrawn,
)
from pifa.demo.world import World
from pifa.kernel.actors import Actor
from pifa.kernel.regions import REGIONS
from pifa.ledger.models import Account
from pifa.ledger.rules import AccountKind, Purse
from pifa.messages.models import Notice
from pifa.parties.events import LoggedIn
from pifa.parties.models import Address, Member
from pifa.trade.commands.order_rows import Delivery
from pifa.trade.rules import PlannedLine

Progress = Callable[[int, int], None]
_PLAYED = 0.35
"""Playing is about so much of the work; the rest is writing."""


def replay(
    trade: Trade,
    world: World,
    *,
    seed: int,
    until: datetime,
    told_since: datetime,
    progress: Progress = lambda done, of: None,
) -> None:
    """Tell a trade to the tables, deadlines included, up to a moment.

    Companies learn of what happened since `told_since` by notices. `progress` hears of
    thousandths. What is not over by `until` goes on by the market's own commands and deadlines.
    """
    with transaction.atomic():
        play = _Play(trade, world, seed, told_since)
        play.run(until, progress)
        play.write(progress)


class _Play:
    def __init__(self, trade: Trade, world: World, seed: int, told_since: datetime) -> None:
        self._world = world
        self._trade = trade
        self._tables = Tables()
        self._scene = Scene(self._tables, Numbers(seed), _members(), told_since)
        self._finance = Finance(self._scene)
        self._withdrawals = Withdrawals(self._scene, self._finance)
        self._warehouse = Warehouse(self._scene)
        self._orders = Orders(self._scene, self._finance, self._warehouse)
        self._after_sale = AfterSale(self._orders)
        self._deliveries = _deliveries()
        self._seen: dict[int, datetime] = {}
        self._going: dict[int, Ongoing] = {}
        self._verbs = self._make_verbs()

    def run(self, until: datetime, progress: Progress) -> None:
        """Let everything happen in its order."""
        steps: list[tuple[datetime, Callable[[], None]]] = []
        for script in self._trade.orders:
            steps.append((script.placed_at, partial(self._place, script)))
            steps += [(step.at, partial(self._do, script, step)) for step in script.steps]
        steps += [(visit.at, partial(self._visit, visit)) for visit in self._trade.visits]
        steps += [(taken.at, partial(self._withdraw, taken)) for taken in self._trade.withdrawals]
        steps.sort(key=lambda step: step[0])
        of = max(len(steps), 1)
        for count, (at, act) in enumerate(steps):
            self._scene.at(at, act)
            if count % 500 == 499:
                self._scene.run(at)
                progress(int(1000 * _PLAYED * count / of), 1000)
        self._scene.run(until)

    def write(self, progress: Progress) -> None:
        """Write every table, then bring in step what was there before."""
        for company_id, at in self._scene.read_before.items():
            Notice.objects.filter(company_id=company_id, read_at=None).update(read_at=at)
        written = []
        for count, model in enumerate(self._tables.write(), start=1):
            written.append(model)
            progress(int(1000 * (_PLAYED + (1 - _PLAYED) * count / 25)), 1000)
        self._warehouse.write()
        setwise.update(Account, ("balance_fen",), self._finance.books.changed())
        setwise.update(Member, ("last_seen_at",), list(self._seen.items()))
        catch_up(written)
        with connection.cursor() as cursor:
            # Without figures about its tables a database reads them in foolish ways.
            cursor.execute("ANALYZE")

    # ---------------------------------------------------------------------- steps
    def _place(self, script: OrderScript) -> None:
        buyer = self._world.buyers[script.buyer]
        lines = [self._line(line, script.seller) for line in script.planned.lines]
        self._going[script.index] = self._orders.place(
            buyer.actors[script.buying],
            self._world.sellers[script.seller].company_id,
            script,
            lines,
            self._deliveries[buyer.address_ids[script.address]],
        )

    def _line(self, line: PlannedLine, seller: int) -> PlannedLine:
        offer, position = divmod(line.of_sku, SKUS_PER_OFFER)
        return replace(
            line, sku_id=self._world.skus[offer][position], offer_id=self._world.offers[offer]
        )

    def _do(self, script: OrderScript, step: Step) -> None:
        going = self._going[script.index]
        by_buyer, act = self._verbs[step.verb]
        if step.verb is Verb.RULE:
            actor = self._world.arbiter
        elif by_buyer:
            actor = self._world.buyers[script.buyer].actors[script.buying]
        else:
            actor = self._world.sellers[script.seller].actors[script.selling]
        act(actor, going, **step.said)

    def _make_verbs(self) -> Mapping[Verb, tuple[bool, Callable[..., None]]]:
        """Each verb: whether the buyer does it, and what it does."""
        orders, after, finance = self._orders, self._after_sale, self._finance

        def begin(actor: Actor, going: Ongoing) -> None:
            finance.begin(actor, going.subject)

        def pays(actor: Actor, going: Ongoing) -> None:
            orders.bank_pays(going)

        def fails(actor: Actor, going: Ongoing) -> None:
            finance.bank_fails(going.subject)

        def cancel(actor: Actor, going: Ongoing, reason: str) -> None:
            orders.close(actor, going, "cancel", reason)

        def close(actor: Actor, going: Ongoing, reason: str) -> None:
            orders.close(actor, going, "close", reason)

        return {
            Verb.ADJUST: (False, orders.adjust),
            Verb.BEGIN_PAYMENT: (True, begin),
            Verb.BANK_PAYS: (True, pays),
            Verb.BANK_FAILS: (True, fails),
            Verb.CANCEL: (True, cancel),
            Verb.CLOSE: (False, close),
            Verb.SHIP: (False, orders.ship),
            Verb.RECEIVE: (True, orders.receive),
            Verb.REVIEW: (True, orders.write_review),
            Verb.ANSWER_REVIEW: (False, orders.answer_review),
            Verb.NOTE: (False, orders.note),
            Verb.ASK_REFUND: (True, after.ask),
            Verb.ACCEPT: (False, after.accept),
            Verb.REFUSE: (False, after.refuse),
            Verb.SEND_RETURN: (True, after.send_return),
            Verb.CONFIRM_RETURN: (False, after.confirm_return),
            Verb.WITHDRAW: (True, after.withdraw),
            Verb.OPEN_DISPUTE: (True, after.open_dispute),
            Verb.ANSWER_DISPUTE: (False, after.answer_dispute),
            Verb.RULE: (False, after.rule),
        }

    def _visit(self, visit: Visit) -> None:
        companies = self._world.sellers if visit.is_seller else self._world.buyers
        actor = companies[visit.company].actors[visit.person]
        company_id, member_id = actor.company_id, actor.member_id
        assert company_id is not None
        assert member_id is not None
        self._seen[member_id] = self._scene.now
        self._scene.audit(actor, "member.log_in", f"company:{company_id}")
        self._scene.emit(LoggedIn(member_id=member_id, company_id=company_id))
        self._scene.read_notices(company_id)

    def _withdraw(self, taken: Withdrawal) -> None:
        owner = self._world.sellers[taken.seller].owner
        balance = self._finance.books.balance(Purse(AccountKind.BALANCE, owner.company_id))
        if fen := withdrawn(balance.fen):
            self._withdrawals.withdraw(owner, fen, taken.key)


def _members() -> dict[int, list[Told]]:
    found: dict[int, list[Told]] = defaultdict(list)
    rows = Member.objects.filter(active=True, user__is_active=True).order_by("id")
    for company_id, member_id, email in rows.values_list("company_id", "id", "user__email"):
        found[company_id].append(Told(member_id, email))
    return found


def _deliveries() -> dict[int, Delivery]:
    """Every address as an order copies it."""
    columns = ("pk", "consignee", "region", "city", "detail", "post_code", "phone", "mobile")
    found: dict[int, Delivery] = {}
    for row in Address.objects.filter(deleted_at=None).values(*columns):
        parts: list[Any] = [REGIONS.get(row["region"], ""), row["city"], row["detail"]]
        found[row["pk"]] = Delivery(
            consignee=row["consignee"],
            region=row["region"],
            address=" ".join(part for part in parts if part),
            post_code=row["post_code"],
            phone=row["phone"],
            mobile=row["mobile"],
        )
    return found
