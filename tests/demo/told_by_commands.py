"""Plays a plan's trade by the market's own commands, the clock standing at each step's moment.

The slow twin of `pifa.demo.history.replay`: every step is a command, deadlines run in between,
the worker delivers events and mail at once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

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
from pifa.finance import commands as finance
from pifa.finance.models import Payable, SandboxTrade
from pifa.finance.sandbox import bank
from pifa.finance.sandbox.bank import BankAction
from pifa.kernel import clock, deadlines, events
from pifa.kernel.actors import Actor
from pifa.kernel.models import Deadline
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.messages import commands as messages
from pifa.parties import commands as parties
from pifa.parties.models import Member
from pifa.trade import commands
from pifa.trade.commands import CheckoutRequest
from pifa.trade.models import RefundCase


def play(trade: Trade, world: World, until: datetime) -> None:
    """Play everything up to a moment."""
    stage = _Stage(world)
    steps: list[tuple[datetime, Callable[[], None]]] = []
    for script in trade.orders:
        steps.append((script.placed_at, partial(stage.place, script)))
        steps += [(step.at, partial(stage.do, script, step)) for step in script.steps]
    steps += [(visit.at, partial(stage.visit, visit)) for visit in trade.visits]
    steps += [(taken.at, partial(stage.withdraw, taken)) for taken in trade.withdrawals]
    for at, act in sorted(steps, key=lambda step: step[0]):
        _let_fall_due(at)
        with clock.frozen(at):
            act()
            _work()
    _let_fall_due(until)


def _let_fall_due(until: datetime) -> None:
    while True:
        waiting = Deadline.objects.filter(done_at=None, due_at__lte=until).order_by("due_at", "id")
        due_at = waiting.values_list("due_at", flat=True).first()
        if due_at is None:
            return
        with clock.frozen(due_at):
            deadlines.run_due(due_at)
            _work()


def _work() -> None:
    events.deliver()
    messages.deliver_mail()


class _Stage:
    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers: dict[int, str] = {}

    def place(self, script: OrderScript) -> None:
        buyer = self._world.buyers[script.buyer]
        seller = self._world.sellers[script.seller]
        lines = [
            (self._world.skus[offer][position], line.quantity)
            for line in script.planned.lines
            for offer, position in [divmod(line.of_sku, SKUS_PER_OFFER)]
        ]
        request = CheckoutRequest(
            lines=lines,
            address_id=buyer.address_ids[script.address],
            shown_total=script.planned.total,
            messages={seller.company_id: script.message},
        )
        (number,) = commands.place_orders(buyer.actors[script.buying], request)
        self._numbers[script.index] = number

    def do(self, script: OrderScript, step: Step) -> None:
        buyer = self._world.buyers[script.buyer].actors[script.buying]
        seller = self._world.sellers[script.seller].actors[script.selling]
        _ACTS[step.verb](self, buyer, seller, self._numbers[script.index], **step.said)

    def visit(self, visit: Visit) -> None:
        companies = self._world.sellers if visit.is_seller else self._world.buyers
        actor = companies[visit.company].actors[visit.person]
        assert actor.member_id is not None
        parties.note_login(Member.objects.get(pk=actor.member_id))
        messages.mark_all_read(actor)

    def withdraw(self, taken: Withdrawal) -> None:
        owner = self._world.sellers[taken.seller].owner
        assert owner.company_id is not None
        balance = ledger.balance(owner.company_id, AccountKind.BALANCE)
        if fen := withdrawn(balance.fen):
            finance.withdraw(owner, Money(fen), taken.key)

    def rule(self, refund: str, verdict: str, reason: str, amount_fen: int | None) -> None:
        amount = Money(amount_fen) if amount_fen is not None else None
        commands.rule_dispute(self._world.arbiter, refund, verdict, reason, amount)


def _begin(buyer: Actor, number: str) -> None:
    payable = Payable.objects.get(subject=f"order:{number}")
    finance.start_payment(buyer, payable.number, "gateway")


def _bank(number: str, action: BankAction) -> None:
    trades = SandboxTrade.objects.filter(
        payment_number__in=Payable.objects.filter(subject=f"order:{number}").values(
            "payments__number"
        )
    )
    bank.act(trades.latest("pk").trade_no, action)


def _case(number: str) -> str:
    return RefundCase.objects.filter(order__number=number).latest("pk").number


_ACTS: dict[Verb, Callable[..., Any]] = {
    Verb.ADJUST: lambda _s, _b, s, n, new_total_fen, reason: commands.adjust_price(
        s, n, Money(new_total_fen), reason
    ),
    Verb.BEGIN_PAYMENT: lambda _s, b, s, n: _begin(b, n),
    Verb.BANK_PAYS: lambda _s, b, s, n: _bank(n, BankAction.PAY),
    Verb.BANK_FAILS: lambda _s, b, s, n: _bank(n, BankAction.FAIL),
    Verb.CANCEL: lambda _s, b, s, n, reason: commands.cancel_order(b, n, reason),
    Verb.CLOSE: lambda _s, b, s, n, reason: commands.close_order(s, n, reason),
    Verb.SHIP: lambda _s, b, s, n, carrier, tracking_no: commands.ship(s, n, carrier, tracking_no),
    Verb.RECEIVE: lambda _s, b, s, n: commands.confirm_receipt(b, n),
    Verb.REVIEW: lambda _s, b, s, n, stars, body: commands.write_review(b, n, stars, body),
    Verb.ANSWER_REVIEW: lambda _s, b, s, n, answer: commands.answer_review(s, n, answer),
    Verb.NOTE: lambda _s, b, s, n, note: commands.note_seller(s, n, note),
    Verb.ASK_REFUND: lambda _s, b, s, n, kind, amount_fen, reason: commands.ask_refund(
        b, n, kind, Money(amount_fen), reason
    ),
    Verb.ACCEPT: lambda _s, b, s, n, answer: commands.answer_refund(s, _case(n), True, answer),
    Verb.REFUSE: lambda _s, b, s, n, answer: commands.answer_refund(s, _case(n), False, answer),
    Verb.SEND_RETURN: lambda _s, b, s, n, tracking_no: commands.send_return(
        b, _case(n), tracking_no
    ),
    Verb.CONFIRM_RETURN: lambda _s, b, s, n: commands.confirm_return(s, _case(n)),
    Verb.WITHDRAW: lambda _s, b, s, n: commands.withdraw_refund(b, _case(n)),
    Verb.OPEN_DISPUTE: lambda _s, b, s, n, statement: commands.open_dispute(b, _case(n), statement),
    Verb.ANSWER_DISPUTE: lambda _s, b, s, n, statement: commands.answer_dispute(
        s, _case(n), statement
    ),
    Verb.RULE: lambda stage, b, s, n, verdict, reason, amount_fen: stage.rule(
        _case(n), verdict, reason, amount_fen
    ),
}
