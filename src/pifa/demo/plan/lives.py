"""What people do to one order, from payment to review, with the refunds and disputes between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from pifa.demo import setting
from pifa.demo.plan.rhythm import soon, working
from pifa.demo.plan.script import OrderScript, Step, Verb
from pifa.demo.vocabulary import talk
from pifa.demo.vocabulary.chance import below, between, chance, pick, uniform, weighted

MayRefund = Callable[[OrderScript, datetime, int], bool]
"""Whether so many fen may go back for an order at a moment without upsetting its shop's target."""

ADJUST_REASONS = ("老客户优惠", "减免运费", "量大优惠", "补差价", "抹零")
_CALM = (1.8, 1.5, 1.2, 1.0, 0.8, 0.6, 0.4)
"""How often buyers of L0 … L6 ask for money back, against the usual."""


class DisputeEnd(StrEnum):
    """How a dispute that a plan wants comes out; an open one waits for an operator."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    OPEN = "open"


class Life:
    """Draws the steps of orders; the caller knows the goods' name and the buyer's level."""

    def __init__(self, rng: Random, may_refund: MayRefund) -> None:
        self._rng = rng
        self._may_refund = may_refund

    def pay(self, script: OrderScript, paid_at: datetime) -> None:
        """Begin to pay and pay, once in a while at the second try."""
        rng = self._rng
        begun = paid_at - timedelta(seconds=between(rng, 25, 80))
        if chance(rng, 0.02):
            self._add(script, begun - timedelta(seconds=150), Verb.BEGIN_PAYMENT)
            self._add(script, begun - timedelta(seconds=70), Verb.BANK_FAILS)
        self._add(script, begun, Verb.BEGIN_PAYMENT)
        self._add(script, paid_at, Verb.BANK_PAYS)

    def adjust(self, script: OrderScript, at: datetime, new_total_fen: int) -> None:
        """The seller sets what the order costs in all."""
        if new_total_fen != script.total_fen:
            said = {"new_total_fen": new_total_fen, "reason": pick(self._rng, ADJUST_REASONS)}
            self._add(script, at, Verb.ADJUST, **said)

    def go_unpaid(self, script: OrderScript) -> None:
        """The order is cancelled, closed, or nobody does anything and it closes by itself."""
        rng = self._rng
        mark = rng.random()
        if mark < 0.4:
            at = script.placed_at + soon(rng, 0.1, 30)
            self._add(script, at, Verb.CANCEL, reason=talk.close_reason(rng))
        elif mark < 0.65:
            at = working(rng, script.placed_at + soon(rng, 2, 40))
            self._add(script, at, Verb.CLOSE, reason=talk.close_reason(rng))
        self.stop_at_opening(script)

    def trade(
        self, script: OrderScript, paid_at: datetime, paid_fen: int, level: int, goods: str
    ) -> None:
        """From the payment on: shipped, received and reviewed, or money goes back."""
        rng = self._rng
        mark = rng.random() / _CALM[level]
        if mark < 0.012 and self._cancel_paid(script, paid_at, paid_fen):
            return self.stop_at_opening(script)
        shipped = self._ship(script, paid_at)
        asked = shipped + soon(rng, 30, 110)
        received = shipped + soon(rng, 40, 190)
        if 0.012 <= mark < 0.032 and self._refund(script, asked, paid_fen):
            received = max(received, script.steps[-1].at + soon(rng, 10, 70))
            if self._went_back_whole(script, paid_fen):
                return self.stop_at_opening(script)
        late = 0.032 <= mark < 0.037
        if late and self._refund_after_receipt(script, received, paid_fen):
            return self.stop_at_opening(script)
        if chance(rng, 0.78):
            self._receive(script, received, goods)
        return self.stop_at_opening(script)

    def dispute(
        self, script: OrderScript, asked: datetime, paid_fen: int, goods: str, end: DisputeEnd
    ) -> None:
        """A shipped order whose refund is refused at `asked` and brought before the market."""
        rng = self._rng
        words = talk.dispute(rng, goods, upheld=end is not DisputeEnd.DISMISSED)
        amount = max(1, int(paid_fen * uniform(rng, 0.06, 0.3)))
        reason = talk.refund_reason(rng, shipped=True)
        self._add(script, asked, Verb.ASK_REFUND, kind="money", amount_fen=amount, reason=reason)
        at = asked + soon(rng, 5, 20)
        self._add(script, at, Verb.REFUSE, answer="出库核对无误,请提供凭证。")
        at += soon(rng, 3, 20)
        self._add(script, at, Verb.OPEN_DISPUTE, statement=words.claim)
        if end is not DisputeEnd.OPEN or chance(rng, 0.6):
            at += soon(rng, 3, 14)
            self._add(script, at, Verb.ANSWER_DISPUTE, statement=words.answer)
        if end is DisputeEnd.WITHDRAWN:
            self._add(script, at + soon(rng, 5, 30), Verb.WITHDRAW)
        elif end is DisputeEnd.UPHELD:
            part = chance(rng, 0.5) and amount > 100
            self._add(
                script,
                working(rng, at + soon(rng, 20, 60)),
                Verb.RULE,
                verdict="partly" if part else "buyer",
                reason=words.verdict,
                amount_fen=amount // 2 if part else None,
            )
        elif end is DisputeEnd.DISMISSED:
            at = working(rng, at + soon(rng, 20, 60))
            self._add(
                script, at, Verb.RULE, verdict="seller", reason=words.verdict, amount_fen=None
            )
        self.stop_at_opening(script)

    def ship_at(self, script: OrderScript, at: datetime) -> None:
        """The seller hands the goods to a carrier."""
        rng = self._rng
        carrier = pick(rng, talk.carriers())
        number = f"{'YLTBH'[talk.carriers().index(carrier) % 5]}{below(rng, 10**10):010d}"
        self._add(script, at, Verb.SHIP, carrier=carrier, tracking_no=number)

    def review(self, script: OrderScript, at: datetime, goods: str) -> None:
        """The buyer rates the order; often the seller thanks."""
        rng = self._rng
        stars = weighted(rng, ((5, 62), (4, 24), (3, 8), (2, 4), (1, 2)))
        self._add(script, at, Verb.REVIEW, stars=stars, body=talk.review(rng, stars, goods))
        if chance(rng, 0.4):
            at = working(rng, at + soon(rng, 2, 40))
            self._add(script, at, Verb.ANSWER_REVIEW, answer=talk.review_reply(rng))

    def stop_at_opening(self, script: OrderScript) -> None:
        """What would come after the opening day's first hour is left to visitors."""
        script.steps = [step for step in script.steps if step.at < setting.OPENING]

    def _ship(self, script: OrderScript, paid_at: datetime) -> datetime:
        rng = self._rng
        if chance(rng, 0.03):
            note = pick(rng, ("加急", "老客户,多放几个备用", "等客户确认颜色再发", "随货附质检单"))
            self._add(script, paid_at + soon(rng, 0.2, 1), Verb.NOTE, note=note)
        at = working(
            rng, paid_at + (soon(rng, 50, 90) if chance(rng, 0.04) else soon(rng, 1.5, 40))
        )
        self.ship_at(script, at)
        return at

    def _cancel_paid(self, script: OrderScript, paid_at: datetime, paid_fen: int) -> bool:
        rng = self._rng
        asked = paid_at + soon(rng, 1, 14)
        answered = working(rng, asked + soon(rng, 1, 12))
        if not self._may_refund(script, answered, paid_fen):
            return False
        reason = talk.refund_reason(rng, shipped=False)
        self._add(script, asked, Verb.ASK_REFUND, kind="money", amount_fen=paid_fen, reason=reason)
        self._add(script, answered, Verb.ACCEPT, answer="")
        return True

    def _refund(self, script: OrderScript, asked: datetime, paid_fen: int) -> bool:
        """A refund after shipment in one of its ways; False where it may not be."""
        rng = self._rng
        whole = chance(rng, 0.25)
        amount = paid_fen if whole else max(1, int(paid_fen * uniform(rng, 0.03, 0.3)))
        if not self._may_refund(script, asked + timedelta(days=4), amount):
            return False
        way = weighted(
            rng, (("money", 45), ("return", 25), ("withdraw", 12), ("silent", 6), ("refuse", 12))
        )
        kind = "return" if way == "return" else "money"
        reason = talk.refund_reason(rng, shipped=True)
        self._add(script, asked, Verb.ASK_REFUND, kind=kind, amount_fen=amount, reason=reason)
        if way == "silent":  # the market grants it after the seller's days
            return True
        at = working(rng, asked + soon(rng, 2, 30))
        if way == "withdraw":
            self._add(script, at, Verb.WITHDRAW)
        elif way == "refuse":
            self._add(script, at, Verb.REFUSE, answer="已核对出库记录,数量规格无误。")
            self._add(script, at + soon(rng, 5, 50), Verb.WITHDRAW)
        else:
            self._add(script, at, Verb.ACCEPT, answer="同意,给您添麻烦了。")
        if way == "return":
            sent = at + soon(rng, 8, 60)
            self._add(script, sent, Verb.SEND_RETURN, tracking_no=f"R{below(rng, 10**10):010d}")
            self._add(script, working(rng, sent + soon(rng, 40, 100)), Verb.CONFIRM_RETURN)
        return True

    def _refund_after_receipt(self, script: OrderScript, received: datetime, paid_fen: int) -> bool:
        """Something shows only in use: part of the money comes out of the seller's balance."""
        rng = self._rng
        amount = max(1, int(paid_fen * uniform(rng, 0.03, 0.15)))
        asked = received + soon(rng, 20, 120)
        answered = working(rng, asked + soon(rng, 2, 30))
        if not self._may_refund(script, answered, amount):
            return False
        reason = talk.refund_reason(rng, shipped=True)
        self._add(script, received, Verb.RECEIVE)
        self._add(script, asked, Verb.ASK_REFUND, kind="money", amount_fen=amount, reason=reason)
        self._add(script, answered, Verb.ACCEPT, answer="协商一致,退部分货款。")
        return True

    def _went_back_whole(self, script: OrderScript, paid_fen: int) -> bool:
        """Whether the order ends by its refund (or the market will end it)."""
        asked = next(step for step in script.steps if step.verb is Verb.ASK_REFUND)
        ended = script.steps[-1].verb is Verb.WITHDRAW
        return asked.said["amount_fen"] == paid_fen and not ended

    def _receive(self, script: OrderScript, received: datetime, goods: str) -> None:
        rng = self._rng
        asked = [step for step in script.steps if step.verb is Verb.ASK_REFUND]
        silent = asked and script.steps[-1].verb is Verb.ASK_REFUND
        if silent:
            received = max(received, asked[0].at + timedelta(days=3, hours=5))
        self._add(script, received, Verb.RECEIVE)
        if chance(rng, 0.58):
            self.review(script, received + soon(rng, 1, 210), goods)

    def _add(self, script: OrderScript, at: datetime, verb: Verb, **said: object) -> None:
        script.steps.append(Step(at, verb, said))
