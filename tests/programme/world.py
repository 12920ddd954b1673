"""Sellers of a season, what they sell and who reviews them: for the tests of the programme."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from pifa.benefits import queries as benefits
from pifa.benefits.labels import MEMBER_TAG, TRAFFIC_TAG
from pifa.catalog.models import Category, Shop
from pifa.finance.models import Payable, PayableStage, Payment, ProtectionDeposit
from pifa.kernel import clock, deadlines, events
from pifa.kernel.actors import Actor
from pifa.kernel.models import Deadline
from pifa.kernel.money import Money
from pifa.messages.models import Notice
from pifa.messages.wording import wording
from pifa.parties.models import Company
from pifa.programme import commands
from pifa.programme.models import Enrolment, Membership, Rehearsal, SeasonRow, Verdict
from pifa.programme.rules.entry import Targets
from pifa.standing.models import Kind, Standing
from pifa.trade.events.facts import OrderPaid
from pifa.trade.models import Order
from tests.catalog import market as goods
from tests.plugins.clock import MarketClock
from tests.programme.conftest import MARCH

CODE = "march-2018"
MONTH, PEAK = Money.yuan("1000000"), Money.yuan("500000")
_numbers = count(1)


def moment(month: int, day: int, hour: int = 12) -> datetime:
    """An hour of a market day of 2018."""
    return clock.start_of_day(date(2018, month, day)) + timedelta(hours=hour)


@dataclass
class World:
    """A market in the season of March 2018."""

    hand: MarketClock
    operator: Actor = field(default_factory=goods.operator)
    second: Actor = field(default_factory=goods.operator)
    buyers: list[Company] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.at(1, 1, 0)
        self.category = Category.objects.create(
            slug="hardware-tools",
            name="五金、工具",
            name_en="Hardware and tools",
            medal_system="non_consumer",
            department="non_consumer",
        )
        self.buyers = [goods.company(f"采购商{place}") for place in range(3)]

    def at(self, month: int, day: int, hour: int = 12) -> None:
        """Let the clock stand at an hour; what fell due until then has happened, in order."""
        then = moment(month, day, hour)
        if Deadline.objects.filter(done_at=None, due_at__lte=then).exists():
            self.hand.set(then)
            deadlines.run_due(then)
        self.hand.set(then)
        hear()

    def publish(self) -> SeasonRow:
        """The season, published on the last day of 2017 as it ships."""
        return commands.publish(self.operator, MARCH.read_text())

    def seller(self, name: str = "", *, medal: int = 3) -> Company:
        """A seller that entry lets pass: 3A, protected, a member since long ago, graded AA."""
        company = goods.seller(name)
        Shop.objects.filter(company=company).update(main_category=self.category)
        Company.objects.filter(pk=company.pk).update(
            member_since=date(2016, 1, 1), member_until=date(2020, 1, 1), integrity_grade="AA"
        )
        ProtectionDeposit.objects.create(
            company=company, required_fen=100_000, joined_at=clock.now()
        )
        self.rate(company, medal=medal)
        return company

    def rate(self, company: Company, *, medal: int) -> None:
        """Let a company hold a medal and the ACTIVE tier."""
        held = ((Kind.MEDAL, "MEDAL", medal), (Kind.TIER, "TIER-ACTIVE", 2))
        for kind, code, rank in held:
            Standing.objects.update_or_create(
                company=company,
                kind=kind,
                since=date(2017, 1, 1),
                defaults={"code": code, "rank": rank},
            )

    def sell(
        self,
        seller: Company,
        yuan: int,
        buyer: int = 0,
        *,
        channel: str = "invitation",
        scene: str = "stock",
        method: str = "gateway",
    ) -> str:
        """An order that is paid now, heard by everybody; its number."""
        number = f"P{next(_numbers):08}"
        to, fen = self.buyers[buyer], yuan * 100
        Order.objects.create(
            number=number,
            buyer=to,
            seller=seller,
            channel=channel,
            scene=scene,
            status="awaiting_shipment",
            goods_fen=fen,
            total_fen=fen,
            paid_fen=fen,
            payments=1,
            placed_at=clock.now(),
            covered_at=clock.now(),
            paid_at=clock.now(),
        )
        payable = Payable.objects.create(
            number=f"F{number}", subject=f"order:{number}", payer=to, payee=seller,
            amount_fen=fen, settled_fen=fen, state="settled", created_at=clock.now(),
        )  # fmt: skip
        stage = PayableStage.objects.create(payable=payable, amount_fen=fen, settled_at=clock.now())
        Payment.objects.create(
            number=f"Z{number}", payable=payable, stage=stage, method=method, amount_fen=fen,
            state="succeeded", receipt_no=number, started_at=clock.now(), settled_at=clock.now(),
        )  # fmt: skip
        events.emit(
            OrderPaid(
                number=number,
                buyer_id=to.pk,
                seller_id=seller.pk,
                paid_fen=fen,
                channel=channel,
                scene=scene,
                ship_by=clock.now().isoformat(),
            )
        )
        hear()
        return number

    def rehearse(self, seller: Company, month: int, *, enough: bool = True) -> Rehearsal:
        """Sign up on the 10th, be approved, and sell what passes (or one buyer too few)."""
        self.at(month, 10)
        rehearsal = commands.sign_up(goods.actor(seller), CODE)
        commands.decide_rehearsal(self.operator, rehearsal.pk, approve=True)
        self.sell(seller, 50_000, 0, method="transfer")
        self.sell(seller, 100, 1)
        if enough:
            self.sell(seller, 100, 2, channel="private")
        return Rehearsal.objects.get(pk=rehearsal.pk)

    def enrol(self, seller: Company, exception: str = "") -> Enrolment:
        """Enrol with the targets of the floors."""
        return commands.enrol(
            goods.actor(seller),
            CODE,
            Targets(MONTH.fen, PEAK.fen),
            Money.yuan("30000000"),
            exception,
        )

    def member(self, name: str = "") -> Company:
        """A company that rehearsed, enrolled and was approved, all in February."""
        seller = self.seller(name)
        self.rehearse(seller, 2)
        self.at(2, 20)
        enrolment = self.enrol(seller)
        commands.decide(self.operator, enrolment.pk, approve=True, reason="资质齐全")
        return seller


def membership(seller: Company) -> Membership:
    """A company's membership as it is in its table now."""
    return Membership.objects.get(company=seller, season__code=CODE)


def verdict(seller: Company, code: str) -> Verdict:
    """The verdict that holds for a company at a checkpoint."""
    return Verdict.objects.get(
        membership__company=seller, run__code=code, superseded=False, run__season__code=CODE
    )


def hear() -> None:
    """Deliver what was announced, and what is announced on hearing that."""
    while events.deliver():
        pass


def tags(seller: Company) -> tuple[bool, bool]:
    row = membership(seller)
    held = {grant.benefit for grant in benefits.held(seller.pk)}
    found = (MEMBER_TAG in held, TRAFFIC_TAG in held)
    assert found == (row.member_tag, row.traffic_tag)
    # Benefits go with their tag: a slot with traffic, the account manager with membership.
    assert ("account_manager" in held, "result_slot" in held) == found
    return found


def told(seller: Company, kind: str) -> list[str]:
    hear()
    rows = Notice.objects.filter(company=seller, kind=kind).order_by("pk")
    return [wording(row.kind, row.params).body for row in rows]
