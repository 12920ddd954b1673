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
from pifa.finance.commands import LineDraft
from pifa.kernel import clock, deadlines, events
from pifa.kernel.actors import Actor, ActorKind, Role
from pifa.kernel.money import Money
from pifa.parties import commands as parties
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
    lines: dict[int, int] = field(default_factory=dict)
    invited: list[tuple[str, str, Money]] = field(default_factory=list)
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
        self._open_shop(key, name, actor)
        self.rate(key, medal=3, tier=2)
        start = finance.join_buyer_protection(actor)
        if start.payable_number is not None:
            selling.pay_online(actor, start.payable_number)
            finance.join_buyer_protection(actor)

    def settle_shut_out(self, key: str, name: str) -> None:
        """A seller that lacks what entry asks: new, unprotected, 2A, graded B."""
        actor = self._company(name, is_seller=True, grade="B", since=date(2017, 12, 20))
        self._open_shop(key, name, actor)
        self.rate(key, medal=2, tier=1)

    def _open_shop(self, key: str, name: str, actor: Actor) -> None:
        self.sellers[key] = actor
        Shop.objects.create(
            company_id=actor.company_id or 0, name=name, slug=f"shop-{actor.company_id}",
            mobile_open=True, opened_at=clock.now(),
            main_category=Category.objects.get(slug="hardware-tools"),
        )  # fmt: skip

    def rate(self, key: str, *, medal: int, tier: int) -> None:
        """Let a seller hold a medal and a tier from today on."""
        codes = ((Kind.MEDAL, f"MEDAL-{medal}", medal), (Kind.TIER, f"TIER-{tier}", tier))
        for kind, code, rank in codes:
            Standing.objects.create(
                company_id=self.sellers[key].company_id or 0, kind=kind, code=code, rank=rank,
                since=clock.today(),
            )  # fmt: skip

    def punish(self, key: str, points: int) -> None:
        """Give a seller penalty points."""
        parties.give_penalty(
            self.staff[0], self.sellers[key].company_id or 0, points, "多次延迟发货"
        )
        hear()

    def _company(
        self, name: str, *, is_seller: bool, grade: str = "", since: date = date(2016, 5, 1)
    ) -> Actor:
        company = Company.objects.create(
            name=name, login=f"season-{next(self._numbers)}", verified_name=name, region="33",
            city="云汀市", is_seller=is_seller, integrity_grade=grade,
            member_since=since, member_until=date(2019, 5, 1), created_at=clock.now(),
        )  # fmt: skip
        user = User.objects.create(username=company.login)
        member = Member.objects.create(
            company=company, user=user, name=name, roles=[Role.OWNER.value], invited_at=clock.now()
        )
        return Actor(ActorKind.MEMBER, user.pk, company.pk, member.pk, frozenset({Role.OWNER}))

    # ---------------------------------------------------------------------- what they do
    def sell(self, key: str, yuan: int, buyer: int = 0, by: By = By.TRANSFER) -> str:
        """A seller-initiated order that is confirmed, paid, shipped and received; its number."""
        seller, to = self.sellers[key], self.buyers[buyer]
        order = selling.sell(seller, to, Money(yuan * 100), by)
        self._hand_over(seller, to, order)
        return order

    def _hand_over(self, seller: Actor, to: Actor, order: str) -> None:
        trade.ship(seller, order, "试验快递", f"S{order}")
        trade.confirm_receipt(to, order)
        hear()

    def grant_credit(self, key: str, yuan: int, buyer: int) -> None:
        """Let a buyer pay a seller on the 28th of each month."""
        login = Company.objects.get(pk=self.buyers[buyer].company_id or 0).login
        draft = LineDraft(Money(yuan * 100), "monthly", 28)
        self.lines[buyer] = finance.grant_credit(self.sellers[key], login, draft).pk

    def repay(self, buyer: int) -> None:
        """A buyer pays all that it owes on its line."""
        to = self.buyers[buyer]
        selling.pay_online(to, finance.repay(to, self.lines[buyer]))
        hear()

    def invite(self, key: str, yuan: int, until: date) -> None:
        """An invitation that is to be paid by a day."""
        amount = Money(yuan * 100)
        number = selling.invite(self.sellers[key], amount, until=until)
        self.invited.append((key, number, amount))

    def pay_invited(self, key: str, buyer: int) -> None:
        """A buyer confirms and pays all that a seller invited to."""
        seller, to = self.sellers[key], self.buyers[buyer]
        for of, number, amount in self.invited:
            if of == key:
                order = selling.confirm(seller, to, number)
                selling.pay(seller, to, number, order, amount, By.TRANSFER)
                self._hand_over(seller, to, order)

    def rehearse(self, key: str, season: str, *, enough: bool = True) -> Rehearsal:
        """Sign up, be approved, and sell to three buyers, one of them much and by the bank; or little,
        to two, and by the gateway."""
        rehearsal = commands.sign_up(self.sellers[key], season)
        commands.decide_rehearsal(self.staff[0], rehearsal.pk, approve=True)
        if enough:
            self.sell(key, 52_000)
        for buyer in (1, 2):
            self.sell(key, 800, buyer, By.GATEWAY)
        return Rehearsal.objects.get(pk=rehearsal.pk)

    def enrol(
        self,
        key: str,
        season: str,
        exception: str = "",
        *,
        month: Money = MONTH,
        revenue: Money = REVENUE,
    ) -> Enrolment:
        """Enrol with the targets of the floors, unless others are given."""
        targets = Targets(month.fen, PEAK.fen)
        return commands.enrol(self.sellers[key], season, targets, revenue, exception)

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
