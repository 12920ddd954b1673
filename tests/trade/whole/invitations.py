"""What sellers and strangers do with order invitations at random."""

from __future__ import annotations

from datetime import timedelta

from pifa.finance.sandbox import bank
from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money, UnitPrice
from pifa.parties.commands import AddressInput
from pifa.trade.invitations import commands, links
from pifa.trade.invitations.commands import Confirmation, InvitationGiven
from pifa.trade.invitations.rules import GoodsGiven
from pifa.trade.models import OrderInvitation
from tests.trade.market import trade_of
from tests.trade.whole.world import World, may_refuse, picked

MOBILES = ("13900000001", "13900000002")
PAYERS = ("6222-one", "6222-two", "")
"""Accounts that strangers pay from; the bank does not tell of the last."""
WAITS = ("open", "confirmed")


class InvitationVerbs(World):
    """A link lies about: whoever has it confirms, pays, or lets it be."""

    def invite(self, pick: int, typed: bool) -> None:
        """A seller sends goods of its own, goods that were typed in, or both."""
        with may_refuse():
            commands.invite(self._seller(pick), self._goods(pick, typed))

    def open_link(self, pick: int, mobile: int, as_member: bool) -> None:
        """Somebody opens a link and confirms; or nobody has one yet."""
        row = picked(OrderInvitation.objects.filter(state__in=WAITS), pick)
        if row is None:
            self.invite(pick, bool(mobile))
            return
        commands.note_opened(_token(row))
        to = AddressInput(
            consignee="李师傅",
            region="33",
            city="义乌市",
            detail="工业路 2 号",
            mobile=MOBILES[mobile],
        )
        with may_refuse():
            commands.confirm_invitation(
                self._stranger(as_member), _token(row), Confirmation(revision=row.revision, to=to)
            )

    def pay_link(self, pick: int, payer: int, action: str) -> None:
        """Whoever has the link of a confirmed one begins to pay, and at the bank goes through."""
        row = picked(OrderInvitation.objects.filter(state__in=("confirmed", "done")), pick)
        if row is None:
            self.open_link(pick, payer % len(MOBILES), as_member=False)
            return
        begun: list[str] = []
        with may_refuse():
            total = Money(row.total_fen)
            begun.append(commands.pay_invitation(_token(row), total, "gateway").payment_number)
        if begun and action:
            bank.act(trade_of(begun[0]), action, payer=PAYERS[payer])

    def change_link(self, pick: int, verb: str) -> None:
        """A seller says something else, takes it back, or gives it another address."""
        if row := picked(OrderInvitation.objects.all(), pick):
            actor = self.owner[row.seller_id]
            with may_refuse():
                if verb == "change":
                    commands.change_invitation(actor, row.number, self._goods(pick, True))
                elif verb == "recall":
                    commands.recall_invitation(actor, row.number)
                else:
                    commands.renew_link(actor, row.number)

    def take_over(self, pick: int) -> None:
        """A member brings what it ordered as a guest into its own history."""
        rows = OrderInvitation.objects.exclude(claim_digest=None).exclude(order=None)
        if row := picked(rows.select_related("order"), pick):
            assert row.order
            with may_refuse():
                code = links.claim_code_of(row.number, row.order.number)
                commands.take_over(self.owner[self.buyer.pk], code)

    def _seller(self, pick: int) -> Actor:
        return self.owner[self.routes[pick % 2].seller.pk]

    def _goods(self, pick: int, typed: bool) -> InvitationGiven:
        lines = [GoodsGiven(50, UnitPrice.yuan("0.2"), sku_id=self.routes[pick % 2].sku_id)]
        if typed:
            lines.append(GoodsGiven(2, UnitPrice.yuan("3.5"), title="定制挂钩", unit="件"))
        return InvitationGiven(
            lines=lines[-(1 + pick % 2) :],
            freight=Money(1_50),
            valid_until=clock.today() + timedelta(days=1 + pick % 4),
        )

    def _stranger(self, as_member: bool) -> Actor | None:
        return self.owner[self.buyer.pk] if as_member else None


def _token(row: OrderInvitation) -> str:
    return links.token_of(row.number, row.link)


def assert_invitations_agree() -> None:
    """An invitation has an order while somebody confirmed it; which is done once it is covered."""
    for row in OrderInvitation.objects.select_related("order"):
        assert (row.order is not None) == (row.state in ("confirmed", "done"))
        if row.order is None:
            continue
        assert row.order.total_fen == row.total_fen or row.state == "done"
        assert (row.state == "confirmed") == (row.order.status == "awaiting_payment")
        if row.order.counts_as_id is not None:
            assert row.order.payments
