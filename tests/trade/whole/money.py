"""What is done with money at random: every way to pay, the bank's tricks, credit, balances."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

from pifa.finance import commands as finance
from pifa.finance import queries as books
from pifa.finance.methods.corporate_transfer import desk, sheet
from pifa.finance.methods.corporate_transfer.accounts import open_account
from pifa.finance.models import (
    BankLine,
    Collection,
    CreditItem,
    CreditLine,
    PartnerAccount,
    Payable,
    PayeeAccount,
    Payment,
    SandboxLine,
    SandboxNotice,
    SandboxPayout,
    SandboxTrade,
    SandboxWord,
    SecuredAccount,
    SecuredReceivable,
    Withdrawal,
)
from pifa.finance.sandbox import bank, financing, payouts, transfers
from pifa.finance.sandbox.transfers import Delivery, Transfer
from pifa.kernel import clock
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from tests.trade.market import trade_of
from tests.trade.whole.proofs import nothing_changes
from tests.trade.whole.world import BARE, World, may_refuse, picked


class StumbleError(Exception):
    """The market breaks down while it takes a notice or a line."""


STUMBLES = ("pifa.ledger.commands.transfer", "pifa.kernel.audit.record")
"""Where it breaks down: before the money is posted, and after it."""

_ATTEMPTED = Payment.objects.filter(state__in=["started", "failed", "succeeded", "returned"])


class MoneyVerbs(World):
    """A command may be refused; what the bank tells must be taken, whatever was before it."""

    # ------------------------------------------------------------------------------ paying
    def pay(self, pick: int, method: str, part: int, action: str) -> None:
        """Begin to pay something that is open."""
        if payable := picked(Payable.objects.filter(state="open", payer__isnull=False), pick):
            self.pay_for(payable, method, part, action)

    def pay_for(self, payable: Payable, method: str, part: int = 0, action: str = "pay") -> None:
        """Begin to pay a part of a payable, and at the bank go through with it."""
        open_ = [row.position for row in books.stages(payable.subject) if row.payable_now]
        at = open_[part % len(open_)] if open_ else None
        begun: list[str] = []
        with may_refuse():
            actor = self.owner[payable.payer_id]
            token = self.signed(actor, method)
            started = finance.start_payment(actor, payable.number, method, at, authorisation=token)
            begun.append(started.payment_number)
        if not begun or not action:
            return
        if method == "gateway":
            bank.act(trade_of(begun[0]), action)
        elif method == "transfer":
            fen = Payment.objects.get(number=begun[0]).amount_fen
            transfers.make(self._transfer(payable, Money(fen), payable.number))

    def split(self, pick: int, first: Money, whole: bool) -> None:
        payable = picked(Payable.objects.filter(state="open", payer__isnull=False), pick)
        if payable is not None:
            due = self._due(payable)
            parts = [due] if whole else [first, due - first]
            with may_refuse():
                finance.split_payment(self.owner[payable.payer_id], payable.number, parts)

    # ------------------------------------------------------------------------------ the bank
    def press(self, pick: int, action: str) -> None:
        if trade := picked(SandboxTrade.objects.filter(state="open"), pick):
            bank.act(trade.trade_no, action)

    def stumble(self, pick: int, where: str) -> None:
        """A payer pays, and the market breaks down while it hears of it."""
        with patch(where, side_effect=StumbleError), suppress(StumbleError):
            self.press(pick, "pay")

    def tell_again(self, pick: int) -> None:
        """A notice comes again, or one that is late comes before its time."""
        if notice := picked(SandboxNotice.objects.all(), pick):
            with nothing_changes(notice.sent_at is not None):
                bank.send(notice.pk)

    def ask_bank(self, pick: int) -> None:
        if payment := picked(_ATTEMPTED, pick):
            finance.refresh_payment(payment.number)
            with nothing_changes():
                finance.refresh_payment(payment.number)

    def transfer(
        self, pick: int, size: str, honest: bool, named: bool, delivery: str, breaks: bool
    ) -> None:
        """A transfer to the account of a payable's pair, by its buyer or somebody else."""
        payable = picked(Payable.objects.filter(payer__isnull=False), pick)
        if payable is None or payable.payer_id == payable.payee_id:
            return
        order = self._transfer(
            payable, self._sum(payable, size), payable.number if named else "", honest
        )
        if delivery == Delivery.FAIL:
            with may_refuse():
                transfers.make(order, delivery)
        elif breaks:
            where = "pifa.finance.methods.corporate_transfer.matching._pay"
            with patch(where, side_effect=StumbleError), suppress(StumbleError):
                transfers.make(order, delivery)
        else:
            transfers.make(order, delivery)

    def deliver_held(self) -> None:
        transfers.deliver_held()

    def tell_line_again(self, pick: int) -> None:
        if line := picked(SandboxLine.objects.all(), pick):
            with nothing_changes(line.sent_at is not None):
                transfers.send(line.pk)

    def bring_in(self) -> None:
        """The bank's statement of the last weeks as a sheet, twice."""
        since = clock.today() - timedelta(days=40)
        text = io.StringIO()
        rows = sheet.as_rows(transfers.statement(since, clock.today()))
        csv.writer(text).writerows([sheet.sample_columns(), *rows])
        file = text.getvalue().encode()
        assert sheet.bring_in(self.operator, io.BytesIO(file)).errors == []
        with nothing_changes():
            sheet.bring_in(self.operator, io.BytesIO(file))

    def assign(self, pick: int, other: int, size: str) -> None:
        """An operator says what money in suspense pays."""
        line = picked(BankLine.objects.filter(left_fen__gt=0), pick)
        payable = picked(Payable.objects.filter(state="open"), other)
        if line is None:
            self.transfer(pick, "more", True, False, "now", False)
        elif payable is not None:
            left = Money(line.left_fen)
            share = min(left, self._sum(payable, size))
            with may_refuse():
                desk.assign_transfer(self.operator, line.number, {payable.number: share}, left)

    def send_line_back(self, pick: int) -> None:
        line = picked(BankLine.objects.filter(left_fen__gt=0), pick)
        if line is None:
            self.transfer(pick, "half", False, False, "now", False)
        else:
            with may_refuse():
                desk.return_transfer(self.operator, line.number, "随机", Money(line.left_fen))

    # ------------------------------------------------------------------------------ credit
    def repay(self, pick: int, of: str, amount: Money | None, method: str) -> None:
        """Pay what is due of a line, its statement, or single orders; all of it or a part."""
        line = picked(CreditLine.objects.all(), pick)
        if line is None:
            return
        if not line.used_fen:
            self.pay(pick, "trade_credit", 0, "")
            return
        actor, number, started = self.owner[line.buyer_id], "", None
        statement = line.statements.order_by("-pk").values_list("number", flat=True).first()
        items = CreditItem.objects.filter(line=line, open_fen__gt=0)
        subjects = list(items.values_list("payable__subject", flat=True))
        with may_refuse():
            number = finance.repay(
                actor,
                line.pk,
                amount,
                statement=statement if of == "statement" else None,
                subjects=subjects if of == "orders" else (),
            )
        if number and method:
            with may_refuse():
                token = self.signed(actor, method)
                started = finance.start_payment(actor, number, method, authorisation=token)
        if started is not None and method == "gateway":
            bank.act(trade_of(started.payment_number), "pay")

    # ------------------------------------------------------------------------------ financiers
    def repay_secured(self, pick: int, ticked: bool, amount: Money | None, method: str) -> None:
        """A buyer repays its financier: what was received or single orders, all or a part."""
        account = picked(SecuredAccount.objects.all(), pick)
        if account is None or not account.used_fen:
            self.pay(pick, "secured", 0, "")
            return
        actor, number, started = self.owner[account.buyer_id], "", None
        rows = account.receivables.filter(owed_fen__gt=0)
        subjects = list(rows.values_list("payable__subject", flat=True)) if ticked else []
        with may_refuse():
            number = finance.repay_secured(actor, amount, subjects=subjects)
        if number and method:
            with may_refuse():
                started = finance.start_payment(actor, number, method)
        if started is not None and method == "gateway":
            bank.act(trade_of(started.payment_number), "pay")

    def collect_early(self, pick: int, several: bool) -> None:
        """A seller asks for its money before the day: of one order, or of all that it has."""
        row = picked(SecuredReceivable.objects.filter(claim_fen__gt=0), pick)
        if row is None:
            self.pay(pick, "secured", 0, "")
            return
        own = SecuredReceivable.objects.filter(seller=row.seller_id) if several else [row]
        asked = finance.collect_early(
            self.owner[row.seller_id], [one.payable.subject for one in own]
        )
        assert all(one.payout or one.error for one in asked)

    def membership(self, pick: int, join: bool) -> None:
        actor = self.owner[self.routes[pick % 2].seller.pk]
        with may_refuse():
            if join:
                finance.join_secured(actor)
            else:
                finance.leave_secured(actor)

    def change_limit(self, pick: int, limit: Money) -> None:
        """A buyer's benefit becomes larger or smaller."""
        self.give_limit(self.companies[pick % 3].pk, limit)

    def tell_word_again(self, pick: int) -> None:
        """The financier's word comes again, or before its time."""
        if word := picked(SandboxWord.objects.all(), pick):
            with nothing_changes(word.sent_at is not None):
                financing.send(word.pk)

    def change_line(self, pick: int, limit: Money) -> None:
        if line := picked(CreditLine.objects.all(), pick):
            draft = finance.LineDraft(limit, line.terms, 1 + limit.fen % 7)
            with may_refuse():
                finance.change_credit(self.owner[line.seller_id], line.pk, draft)

    def freeze(self, pick: int) -> None:
        """Freeze a line, or open it again."""
        if line := picked(CreditLine.objects.all(), pick):
            actor = self.owner[line.seller_id]
            with may_refuse():
                if line.frozen_at is None:
                    finance.freeze_credit(actor, line.pk, "随机")
                else:
                    finance.unfreeze_credit(actor, line.pk)

    # ------------------------------------------------------------------------------ balances
    def receive(self, pick: int, amount: Money, action: str) -> None:
        self.collect(self.companies[pick % 3], amount, action)

    def give_back(self, pick: int, amount: Money) -> None:
        """Money that came by a code goes back."""
        if row := picked(Collection.objects.select_related("code"), pick):
            with may_refuse():
                actor = self.owner[row.code.company_id]
                finance.refund_collection(actor, row.number, amount, "随机")

    def fund(self, pick: int, amount: Money) -> None:
        """Somebody transfers to a company's account at the partner bank."""
        number = PartnerAccount.objects.get(company=self.companies[pick % 3]).number
        sent = transfers.make(Transfer("路人乙", "62221", "云汀商业银行", number, amount))
        assert sent.answers == []

    def cash(self, pick: int, percent: int, partner: bool) -> None:
        """A company takes so much of its balance out to one of its accounts."""
        company_id = self.companies[pick % 3].pk
        balance = ledger.balance(company_id, AccountKind.BALANCE)
        account = PayeeAccount.objects.get(company=company_id, at_partner_bank=partner)
        with may_refuse():
            amount = Money(balance.fen * percent // 100)
            finance.withdraw(self.owner[company_id], amount, None, account.pk)

    def second(self, pick: int, verb: str) -> None:
        """What waits for a second person is decided."""
        row = picked(Withdrawal.objects.filter(state="asked"), pick)
        if row is None:
            self.cash(pick, 100, False)
            return
        other = self.second_person[row.company_id]
        with may_refuse():
            if verb == "approve":
                finance.approve_withdrawal(other, row.number)
            elif verb == "refuse":
                finance.refuse_withdrawal(other, row.number, "随机")
            else:
                finance.cancel_withdrawal(self.owner[row.company_id], row.number)

    def bounce(self, pick: int) -> None:
        """The bank sends back what was taken out."""
        if row := picked(SandboxPayout.objects.exclude(outcome="returned"), pick):
            payouts.give_back(row.pk)
            with nothing_changes():
                payouts.tell(row.pk)

    def instant(self, pick: int, on: bool) -> None:
        with may_refuse():
            finance.switch_instant_payout(self.owner[self.routes[pick % 2].seller.pk], on)

    def bond(self, pick: int, verb: str) -> None:
        """A seller takes a bond instead of its deposit, or gives it up."""
        actor = self.owner[self.routes[pick % 2].seller.pk]
        with may_refuse():
            if verb == "take":
                finance.take_bond(actor)
            elif verb == "give_up":
                finance.give_bond_up(actor)
            else:
                finance.renew_bond_by_itself(actor, verb == "renew")

    def protect(self, pick: int, join: bool) -> None:
        actor = self.owner[self.routes[pick % 2].seller.pk]
        with may_refuse():
            if join:
                finance.join_buyer_protection(actor)
            else:
                finance.leave_buyer_protection(actor)

    # ------------------------------------------------------------------- finance by itself
    def bare(self, pick: int, verb: str, amount: Money, key: int) -> None:
        """A verb of finance on a payable of which no floor above knows."""
        subject = BARE[pick % len(BARE)]
        with may_refuse():
            if verb == "release":
                finance.release(subject, f"{subject}:{key % 3}")
            elif verb == "at_once":
                finance.pay_out_at_once(subject)
            elif verb == "received":
                finance.note_received(subject)
            elif verb == "refund":
                finance.refund(subject, amount, f"{subject}:{key % 3}", "随机")
            elif verb == "amount":
                finance.change_amount(subject, amount)
            elif verb == "waive":
                finance.waive_rest(subject)
            else:
                finance.close_payable(subject)

    def _transfer(
        self, payable: Payable, amount: Money, remark: str, honest: bool = True
    ) -> Transfer:
        assert payable.payer_id is not None
        payer = next(row for row in self.companies if row.pk == payable.payer_id)
        account = open_account(payer.pk, payable.payee_id)
        name = payer.name if honest else "路人甲商行"
        return Transfer(name, f"6222{payer.pk}", "云汀商业银行", account.number, amount, remark)

    def _due(self, payable: Payable) -> Money:
        rows = books.stages(payable.subject)
        return Money(sum(row.amount.fen for row in rows if row.payable_now))

    def _sum(self, payable: Payable, size: str) -> Money:
        due = self._due(payable).fen or payable.amount_fen
        pair = Payable.objects.filter(
            payer=payable.payer_id, payee=payable.payee_id, state="open", blocked=""
        )
        sums = {"whole": due, "half": due // 2, "more": due + 7_00, "fen": 1}
        every = sum(self._due(row).fen for row in pair)
        return Money(max(sums.get(size, every), 1))
