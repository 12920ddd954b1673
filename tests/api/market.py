"""A small market with something of everything, for calls whose ids would else be guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.db.models import F

from pifa.api.auth import new_staff_token
from pifa.catalog import commands as catalog
from pifa.catalog.models import Shop
from pifa.catalog.rules import FreightBasis
from pifa.finance import commands as money
from pifa.finance import queries as finance
from pifa.finance.methods.corporate_transfer import queries as transfers
from pifa.finance.models import BankMatch, CashBatch, CashFinding, CashItem, Payable
from pifa.finance.sandbox import bill_book, carrier
from pifa.finance.sandbox import transfers as sandbox
from pifa.finance.sandbox.transfers import Transfer
from pifa.kernel import clock
from pifa.kernel.money import Money
from pifa.messages import commands as messages
from pifa.parties import commands as parties
from pifa.parties.models import ApiToken, Company, Member, User
from pifa.posts import commands as posts
from pifa.posts.rules import PostDraft
from pifa.relationships import commands as relationships
from pifa.trade import commands as trade
from pifa.trade.invoices import commands as invoices
from pifa.trade.invoices.profiles import save_profile
from pifa.trade.models import InvoicePaper
from tests.catalog import market as goods
from tests.trade.invoice_files import pdf
from tests.trade.market import Trading, trading
from tests.trade.quotes.market import answer, ask


@dataclass
class SmallMarket:
    """A seller and a buyer who trade, with tokens of their apps and of an operator.

    What else there is comes to be when it is asked for.
    """

    trading: Trading
    token: str
    buyer_token: str
    staff_token: str

    @cached_property
    def order(self) -> str:
        """A paid order."""
        return self.trading.paid().number

    @cached_property
    def payable(self) -> str:
        """Its payable."""
        found = finance.payable(f"order:{self.order}")
        assert found is not None
        return found.number

    @cached_property
    def payment(self) -> str:
        """Its payment."""
        return finance.payments(f"order:{self.order}")[0].number

    @cached_property
    def transfer(self) -> str:
        """A payment by bank transfer, of which a little too much came."""
        Company.objects.filter(verified_name="").update(verified_name=F("name"))
        number = self.trading.place().number
        payable = finance.payable(f"order:{number}")
        assert payable is not None
        buying = self.trading.buying
        begun = money.start_payment(buying, payable.number, "transfer")
        told = transfers.instructions(buying, begun.payment_number)
        order = Transfer(
            told.payer_name, "6222", "", told.account_no, told.amount + Money(1), told.remark
        )
        sandbox.make(order)
        return begun.payment_number

    @cached_property
    def bank_line(self) -> str:
        """Its line, of which some is in suspense."""
        return BankMatch.objects.get(payment__number=self.transfer).line.number

    @cached_property
    def refund(self) -> str:
        """A disputed refund case of another order."""
        number = self.trading.paid().number
        buying, selling = self.trading.buying, self.trading.selling
        case = trade.ask_refund(buying, number, "money", Money.yuan("1.00"), "少发")
        trade.answer_refund(selling, case, False, "已发足")
        trade.open_dispute(buying, case, "有照片")
        return case

    @cached_property
    def thread(self) -> int:
        """A thread about an offer."""
        buyer, seller = self.trading.buyer.pk, self.trading.seller.pk
        subject = f"offer:{self.trading.offer.pk}"
        said = messages.say(self.trading.buying, buyer, seller, subject, "螺栓", "在吗")
        return said.thread_id

    @cached_property
    def relationship(self) -> int:
        """A request for a relationship."""
        return relationships.request(self.trading.buying, self.trading.seller.pk).pk

    @cached_property
    def customer(self) -> int:
        """A noted customer."""
        noted = relationships.note_customers(self.trading.seller.pk, [("k", "远达商行", "浙江")])
        return noted["k"]

    @cached_property
    def template(self) -> int:
        """A freight template that no offer uses."""
        return catalog.save_freight_template(self.trading.selling, "包邮", FreightBasis.FREE)

    @cached_property
    def penalty(self) -> int:
        """Penalty points of the seller's."""
        return parties.give_penalty(self.trading.operator, self.trading.seller.pk, 1, "延迟发货").pk

    @cached_property
    def rfq(self) -> str:
        """A request for quotes."""
        return ask(self.trading)

    @cached_property
    def quote(self) -> str:
        """The seller's answer to it."""
        return answer(self.trading.selling, self.rfq).number

    @cached_property
    def verification(self) -> int:
        """A personal verification under review."""
        number = "11010519491231002X"
        return parties.submit_verification(
            self.trading.selling, "personal", "王小明", number, None
        ).pk

    @cached_property
    def invoice(self) -> str:
        """A request of the buyer's for the invoice of another order, with an invoice recorded."""
        details = {"title": "顺达建材行", "tax_no": "91330000MA27XF6Q0D"}
        number = invoices.ask_invoice(self.trading.buying, [self.trading.paid().number], details)
        paper = invoices.NewPaper(
            number=f"{1:020d}", day=clock.today(), amount=Money.yuan("35.00"), file=pdf()
        )
        invoices.record_invoice(self.trading.selling, number, paper)
        return number

    @cached_property
    def profile(self) -> int:
        """Details of an invoice that the seller keeps for what it buys."""
        details = {"title": "永固紧固件厂", "tax_no": "91330000MA27XF6Q0D"}
        return save_profile(self.trading.selling, details)

    @cached_property
    def cash_batch(self) -> str:
        """A carrier's batch that has a line of a stranger."""
        selling = self.trading.selling
        money.offer_cash(selling, True, Money.yuan("5000.00"), ["33"])
        ways = {self.trading.seller.pk: "cash_on_delivery"}
        order = self.trading.place(ways=ways)
        trade.ship(selling, order.number, "沙箱快运", "T-cash")
        carrier.act(CashItem.objects.get().number, "collect")
        carrier.remit("stranger")
        return CashBatch.objects.get().number

    @cached_property
    def bill(self) -> str:
        """A bill that waits for the seller's answer."""
        Company.objects.filter(verified_name="").update(verified_name=F("name"))
        payable = Payable.objects.get(subject=self.trading.place().subject).number
        begun = money.start_payment(self.trading.buying, payable, "acceptance_bill")
        day = clock.today() + timedelta(days=30)
        number = money.draw_bill(self.trading.buying, begun.payment_number, "sandbox-bank", day)
        bill_book.send_waiting()
        return number

    @cached_property
    def group(self) -> int:
        """A group of the seller's customers."""
        return relationships.save_group(self.trading.selling, "老客户").pk

    @cached_property
    def post(self) -> int:
        """A post of the seller's."""
        return posts.publish(self.trading.selling, PostDraft("到货了", [self.trading.offer.pk]))

    def place(self, path: str) -> Mapping[str, int | str]:
        """Values for an address's parts that lead to something of the seller's."""
        made: Mapping[str, Callable[[], int | str]] = {
            "orders/{number}": lambda: self.order,
            "refunds/{number}": lambda: self.refund,
            "disputes/{number}": lambda: self.refund,
            "payables/{number}": lambda: self.payable,
            "payments/{number}": lambda: self.payment,
            "invoices/{number}": lambda: self.invoice,
            "{profile_id}": lambda: self.profile,
            "{paper_id}": lambda: InvoicePaper.objects.get(request__number=self.invoice).pk,
            "{payment_number}": lambda: self.transfer,
            "{line}": lambda: self.bank_line,
            "{bill}": lambda: self.bill,
            "{batch}": lambda: self.cash_batch,
            "{finding}": lambda: CashFinding.objects.get(batch__number=self.cash_batch).pk,
            "{offer_id}": lambda: self.trading.offer.pk,
            "{company_id}": lambda: self.trading.buyer.pk,
            "{slug}": lambda: Shop.objects.get(company=self.trading.seller).slug,
            "{thread_id}": lambda: self.thread,
            "{post_id}": lambda: self.post,
            "{group_id}": lambda: self.group,
            "customers/{relationship_id}": lambda: self.customer,
            "relationships/{relationship_id}": lambda: self.relationship,
            "{template_id}": lambda: self.template,
            "{penalty_id}": lambda: self.penalty,
            "{verification_id}": lambda: self.verification,
            "{member_id}": lambda: Member.objects.get(company=self.trading.buyer).pk,
            "{token_id}": lambda: (
                ApiToken.objects.filter(member__company=self.trading.seller).latest("pk").pk
            ),
            "{rfq}": lambda: self.rfq,
            "{quote}": lambda: self.quote,
            "{kind}": lambda: "message_got",
            "{account}": lambda: "balance",
        }
        return {
            part.partition("{")[2].rstrip("}"): make()
            for part, make in made.items()
            if part in path
        }


def small_market() -> SmallMarket:
    """A market of one seller and one buyer."""
    made = trading()
    return SmallMarket(
        trading=made,
        token=parties.issue_token(made.selling, "仓库"),
        buyer_token=parties.issue_token(made.buying, "采购"),
        staff_token=operator_token(),
    )


def operator_token() -> str:
    """A token of an operator who may do everything."""
    user = User.objects.create_superuser(f"staff-{goods.company().pk}", password="x")
    return new_staff_token(user)[0]
