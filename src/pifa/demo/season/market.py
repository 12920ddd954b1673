"""The market in which a season is played: its people, and what they do on a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from pifa.catalog.models import Category, Shop
from pifa.demo.vocabulary.categories import TOP_CATEGORIES
from pifa.finance import commands as finance
from pifa.finance.methods.corporate_transfer.accounts import open_account
from pifa.finance.models import SandboxTrade
from pifa.finance.sandbox import bank, transfers
from pifa.finance.sandbox.bank import BankAction
from pifa.finance.sandbox.transfers import Transfer
from pifa.kernel import clock, deadlines, events
from pifa.kernel.actors import Actor, ActorKind, Role
from pifa.kernel.money import Money, UnitPrice
from pifa.parties.commands import AddressInput
from pifa.parties.models import Company, Member, User
from pifa.programme import commands
from pifa.programme.models import Enrolment, Rehearsal
from pifa.programme.rules.entry import Targets
from pifa.standing.models import Kind, Standing
from pifa.trade import commands as trade
from pifa.trade.invitations import commands as invitations
from pifa.trade.invitations import queries as invited
from pifa.trade.invitations.commands import Confirmation, InvitationGiven
from pifa.trade.invitations.rules import GoodsGiven

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
            self._by_gateway(actor, start.payable_number)
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
        seller, to = self.sellers[key], self.buyers[buyer]
        given = InvitationGiven(
            lines=[GoodsGiven(1, UnitPrice.yuan(str(yuan)), title="定制紧固件", unit="批")],
            valid_until=clock.today() + timedelta(days=3),
        )
        number = invitations.invite(seller, given)
        view = invited.invitation(seller, number)
        address = AddressInput(
            consignee="李师傅",
            region="33",
            city="云汀市",
            detail="工业路 2 号",
            mobile="13900001234",
        )
        said = Confirmation(revision=view.said.revision, to=address)
        order = invitations.confirm_invitation(to, view.token, said).order
        if by_bank:
            self._by_transfer(to, seller, Money(yuan * 100), order)
        else:
            token = invited.invitation(seller, number).token
            begun = invitations.pay_invitation(token, Money(yuan * 100), "gateway")
            self._act(begun.payment_number)
        trade.ship(seller, order, "试验快递", f"S{order}")
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

    def _by_transfer(self, to: Actor, seller: Actor, amount: Money, order: str) -> None:
        buyer = Company.objects.get(pk=to.company_id or 0)
        account = open_account(buyer.pk, seller.company_id or 0).number
        payer = f"6222{buyer.pk:012}"
        transfers.make(Transfer(buyer.name, payer, "云汀商业银行", account, amount, order))

    def _by_gateway(self, actor: Actor, payable_number: str) -> None:
        self._act(finance.start_payment(actor, payable_number, "gateway").payment_number)

    def _act(self, payment_number: str) -> None:
        trade_no = SandboxTrade.objects.get(payment_number=payment_number).trade_no
        bank.act(trade_no, BankAction.PAY, payer="6222000011112222")


def hear() -> None:
    """Deliver what was announced, and what is announced on hearing that."""
    while events.deliver():
        pass


def go_to(moment: datetime) -> None:
    """Move the market's clock; what falls due on the way happens in order."""
    deadlines.advance_to(moment)
    hear()
