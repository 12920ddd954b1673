"""Orders in every state for the two companies that visitors sign in as first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle
from typing import TYPE_CHECKING

from pifa.demo import setting
from pifa.demo.plan.lives import DisputeEnd
from pifa.demo.plan.script import OrderScript, Step, Verb

if TYPE_CHECKING:
    from pifa.demo.plan.trade import Storyteller

_YUAN = 100


def show(teller: Storyteller) -> None:
    """The named buyer buys all around, the named seller sells all around, and to each other."""
    open_sellers = [
        plan.index
        for plan in teller.sellers
        if not plan.target.exact and plan.target.medal >= 2 and plan.index
    ]
    open_buyers = [
        plan.index
        for plan in teller.buyers
        if not plan.target.exact and plan.target.level >= 5 and plan.index
    ]
    _Showcase(teller, cycle([0]), cycle([0, *open_sellers[:9]])).tell()
    _Showcase(teller, cycle(open_buyers), cycle([0])).tell()


class _Showcase:
    def __init__(self, teller: Storyteller, buyers: Iterator[int], sellers: Iterator[int]) -> None:
        self._teller = teller
        self._life = teller.life
        self._buyers = buyers
        self._sellers = sellers

    def tell(self) -> None:
        """One order, or a few, for every tab and every kind of case."""
        for begin in (
            self._unpaid,
            self._to_ship,
            self._to_receive,
            self._asked,
            self._returns,
            self._refused,
            self._disputed,
            self._to_review,
            self._done,
        ):
            begin()

    def _order(self, hours: float, yuan: int) -> tuple[OrderScript, datetime]:
        """An order placed so many hours before the doors open."""
        at = setting.OPENING - timedelta(hours=hours, minutes=3, seconds=17)
        script = self._teller.order(next(self._buyers), next(self._sellers), at, yuan * _YUAN)
        return script, at

    def _paid(self, hours: float, yuan: int) -> tuple[OrderScript, datetime]:
        script, at = self._order(hours, yuan)
        paid_at = at + timedelta(minutes=4)
        self._life.pay(script, paid_at)
        return script, paid_at

    def _shipped(self, hours: float, yuan: int, after: float = 12) -> tuple[OrderScript, datetime]:
        script, paid_at = self._paid(hours, yuan)
        shipped = paid_at + timedelta(hours=after)
        self._life.ship_at(script, shipped)
        return script, shipped

    def _unpaid(self) -> None:
        self._order(0.6, 1280)
        script, at = self._order(26, 3650)
        self._life.adjust(script, at + timedelta(hours=2), script.total_fen * 96 // 100)
        script, at = self._order(30, 560)
        self._add(script, at + timedelta(minutes=2), Verb.BEGIN_PAYMENT)
        self._add(script, at + timedelta(minutes=3), Verb.BANK_FAILS)
        self._order(71, 840)

    def _to_ship(self) -> None:
        self._paid(2, 2200)
        script, paid_at = self._paid(20, 5400)
        self._add(script, paid_at + timedelta(hours=1), Verb.NOTE, note="加急,随货附质检单")
        self._paid(46, 760)

    def _to_receive(self) -> None:
        self._shipped(40, 1850)
        self._shipped(100, 4300)
        self._shipped(24 * 9 + 6, 930, after=3)

    def _asked(self) -> None:
        script, paid_at = self._paid(30, 680)
        self._ask(script, paid_at + timedelta(hours=9), "money", script.total_fen, "重复下单")
        script, shipped = self._shipped(90, 2600)
        asked = shipped + timedelta(hours=56)
        self._ask(script, asked, "return", script.total_fen // 2, "规格发错")

    def _returns(self) -> None:
        script, shipped = self._shipped(150, 1900)
        asked = shipped + timedelta(hours=50)
        self._ask(script, asked, "return", script.total_fen, "质量与描述不符")
        self._add(script, asked + timedelta(hours=8), Verb.ACCEPT, answer="同意退货,请寄回。")
        script, shipped = self._shipped(180, 1500)
        asked = shipped + timedelta(hours=60)
        self._ask(script, asked, "return", script.total_fen // 3, "到货破损")
        self._add(script, asked + timedelta(hours=5), Verb.ACCEPT, answer="同意,请附照片。")
        sent = asked + timedelta(hours=30)
        self._add(script, sent, Verb.SEND_RETURN, tracking_no="R0099172263")

    def _refused(self) -> None:
        script, shipped = self._shipped(120, 1150)
        asked = shipped + timedelta(hours=50)
        self._ask(script, asked, "money", script.total_fen // 5, "数量短少")
        self._add(script, asked + timedelta(hours=20), Verb.REFUSE, answer="出库称重无误。")

    def _disputed(self) -> None:
        script, shipped = self._shipped(170, 2750)
        asked = shipped + timedelta(hours=48)
        goods = self._teller.goods(script)
        self._life.dispute(script, asked, script.total_fen, goods, DisputeEnd.OPEN)

    def _to_review(self) -> None:
        for hours, yuan in ((120, 1420), (260, 3900)):
            script, shipped = self._shipped(hours, yuan)
            self._add(script, shipped + timedelta(hours=70), Verb.RECEIVE)

    def _done(self) -> None:
        for hours, yuan in ((300, 2300), (420, 5200)):
            script, shipped = self._shipped(hours, yuan)
            received = shipped + timedelta(hours=80)
            self._add(script, received, Verb.RECEIVE)
            self._life.review(script, received + timedelta(hours=20), self._teller.goods(script))
            self._life.stop_at_opening(script)
        script, at = self._order(200, 620)
        self._add(script, at + timedelta(hours=3), Verb.CANCEL, reason="重复下单")
        script, at = self._order(210, 870)
        self._add(script, at + timedelta(hours=6), Verb.CLOSE, reason="暂时缺货")
        self._order(220, 710)

    def _ask(self, script: OrderScript, at: datetime, kind: str, fen: int, reason: str) -> None:
        self._add(script, at, Verb.ASK_REFUND, kind=kind, amount_fen=fen, reason=reason)

    @staticmethod
    def _add(script: OrderScript, at: datetime, verb: Verb, **said: object) -> None:
        script.steps.append(Step(at, verb, said))
