"""The market in which a season is played: its people, and what they do on a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count

from pifa.catalog.models import Category, Shop
from pifa.demo import selling
from pifa.demo.selling import By
from pifa.demo.vocabulary.categories import TOP_CATEGORIES
from pifa.finance import commands as finance
from pifa.kernel import clock, deadlines, events
from pifa.kernel.actors import Actor, ActorKind, Role
from pifa.kernel.money import Money
from pifa.parties.models import Company, Member, User
from pifa.programme import commands
from pifa.programme.models import Enrolment, Rehearsal
from pifa.programme.rules.entry import Targets
from pifa.standing.models import Kind, Standing
from pifa.trade import commands as trade

MONTH, PEAK = Money.yuan("1000000"), Money.yuan("500000")
REVENUE = Money.yuan("50000000")
BUYERS = ("云汀顺达建材", "海棠市政工程", "北岭机械装备", "南屏家装集团")


@dataclass(slots=True)
class Market:
    """Sellers by what they are called in the story; the buyers are all the same for everybody."""

    staff: list[Actor] = field(default_factory=list)
    buyers: list[Actor] = field(default_factory=list)
    sellers: dict[str, Actor] = field(default_factory=dict)
    ruled: dict[str, str] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def open(self, moment: datetime) -> None:
        """Categories, two operators and four buyers, at a moment before the first season."""
        clock.set_market_clock(moment)
        for place, top in enumerate(TOP_CATEGORIES):
            Category.objects.create(
                slug=top.slug, name=top.name, name_en=top.name_en, position=place,
                medal_system=top.medal_system, department=top.department,
            )  # fmt: skip
        for name in ("小二甲", "小二乙"):
            user = User.objects.create(username=name, first_name=name, is_staff=True)
            self.staff.append(Actor(ActorKind.OPERATOR, user.pk))
        self.buyers = [self._company(name, is_seller=False) for name in BUYERS]

    def settle(self, key: str, name: str, grade: str = "AA") -> None:
        """A seller of hardware that has long been a member, is protected and rated 3A."""
        actor = self._company(name, is_seller=True, grade=grade)
        self.sellers[key] = actor
        company_id = actor.company_id or 0
        Shop.objects.create(
            company_id=company_id, name=name, slug=f"shop-{company_id}", mobile_open=True,
            main_category=Category.objects.get(slug="hardware-tools"), opened_at=clock.now(),
        )  # fmt: skip
        for kind, code, rank in ((Kind.MEDAL, "MEDAL-3", 3), (Kind.TIER, "TIER-ACTIVE", 2)):
            Standing.objects.create(
                company_id=company_id, kind=kind, code=code, rank=rank, since=date(2017, 1, 1)
            )
        start = finance.join_buyer_protection(actor)
        if start.payable_number is not None:
            selling.pay_online(actor, start.payable_number)
            finance.join_buyer_protection(actor)

    def _company(self, name: str, *, is_seller: bool, grade: str = "") -> Actor:
        company = Company.objects.create(
            name=name, login=f"season-{next(self._numbers)}", verified_name=name, region="33",
            city="云汀市", is_seller=is_seller, integrity_grade=grade,
            member_since=date(2016, 5, 1), member_until=date(2019, 5, 1), created_at=clock.now(),
        )  # fmt: skip
        user = User.objects.create(username=company.login)
        member = Member.objects.create(
            company=company, user=user, name=name, roles=[Role.OWNER.value], invited_at=clock.now()
        )
        return Actor(ActorKind.MEMBER, user.pk, company.pk, member.pk, frozenset({Role.OWNER}))

    # ---------------------------------------------------------------------- what they do
    def sell(self, key: str, yuan: int, buyer: int = 0, *, by_bank: bool = False) -> str:
        """A seller-initiated order that is confirmed, paid and shipped; its number."""
        by = By.TRANSFER if by_bank else By.GATEWAY
        order = selling.sell(self.sellers[key], self.buyers[buyer], Money(yuan * 100), by)
        trade.ship(self.sellers[key], order, "试验快递", f"S{order}")
        hear()
        return order

    def rehearse(self, key: str, season: str, *, enough: bool = True) -> Rehearsal:
        """Sign up, be approved, and sell to three buyers, one of them much and by the bank."""
        rehearsal = commands.sign_up(self.sellers[key], season)
        commands.decide_rehearsal(self.staff[0], rehearsal.pk, approve=True)
        self.sell(key, 52_000, 0, by_bank=True)
        for buyer in range(1, 3 if enough else 2):
            self.sell(key, 800, buyer)
        return Rehearsal.objects.get(pk=rehearsal.pk)

    def enrol(self, key: str, season: str, exception: str = "") -> Enrolment:
        """Enrol with the targets of the floors."""
        targets = Targets(MONTH.fen, PEAK.fen)
        return commands.enrol(self.sellers[key], season, targets, REVENUE, exception)

    def approve(self, enrolment: Enrolment, reason: str, by: int = 0) -> str:
        """An operator approves; the state it comes to."""
        return commands.decide(self.staff[by], enrolment.pk, approve=True, reason=reason)


def hear() -> None:
    """Deliver what was announced, and what is announced on hearing that."""
    while events.deliver():
        pass


def go_to(moment: datetime) -> None:
    """Move the market's clock; what falls due on the way happens in order."""
    deadlines.advance_to(moment)
    hear()
