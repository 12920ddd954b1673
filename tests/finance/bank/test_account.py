"""Opening an account, its two passwords, money in and out, the month's statement."""

from __future__ import annotations

import logging
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from pifa.finance import queries as finance
from pifa.finance.models import BankLine, PartnerAccount, SandboxEntry, SandboxPassword
from pifa.finance.partner_bank import commands, queries
from pifa.finance.partner_bank.commands import Passwords
from pifa.finance.partner_bank.errors import (
    AccountExists,
    CardBound,
    IdentityDiffers,
    NotAuthorised,
    NotEnough,
    NotOwnCard,
    NotVerified,
    PasswordLocked,
    PasswordUnfit,
    WrongPassword,
)
from pifa.finance.partner_bank.protocol import Card, Secret
from pifa.finance.partner_bank.rules import Identity, differs
from pifa.finance.sandbox import books, deposits, transfers
from pifa.finance.sandbox.transfers import Transfer
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor, Role
from pifa.kernel.errors import Forbidden, InvalidInput, NotFound
from pifa.kernel.models import AuditEntry, OutboxEvent
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.parties.models import Company, User
from tests.catalog import market as goods
from tests.finance.bank.conftest import (
    IDENTITY,
    LICENCE,
    PAYMENT,
    QUERY,
    bind,
    fund,
    open_account,
    seen,
    signed,
    there,
    verify,
)

GOOD = Passwords(QUERY, PAYMENT)


class TestOpening:
    @pytest.mark.parametrize(
        ("told", "field"),
        [
            (Identity("顺达建材", LICENCE, "王顺"), "name"),
            (Identity("顺达建材行", "91330100MA27Y8X04C", "王顺"), "licence_no"),
            (Identity("顺达建材行", LICENCE, "王二"), "representative"),
            (Identity("顺达建材行", LICENCE, ""), "representative"),
        ],
    )
    def test_what_differs_from_the_verification_is_named(
        self, owner: Actor, told: Identity, field: str
    ) -> None:
        with pytest.raises(IdentityDiffers) as refused:
            commands.open_account(owner, told, GOOD)
        assert refused.value.field == field
        assert not PartnerAccount.objects.exists()

    def test_how_people_write_it_does_not_matter(self) -> None:
        known = Identity("顺达（杭州）建材行", LICENCE, "王顺")
        told = Identity(" 顺达(杭州) 建材行", LICENCE.lower(), "王 顺")
        assert differs(told, known) == ""

    def test_who_is_not_verified_is_told_to_be_first(self, buyer: Company) -> None:
        with pytest.raises(NotVerified):
            commands.open_account(goods.actor(buyer), IDENTITY, GOOD)

    def test_a_verification_without_representative_is_compared_without(
        self, buyer: Company
    ) -> None:
        actor = goods.actor(verify(buyer, representative=""))
        assert open_account(actor).number

    def test_only_the_owner_opens_it_once(self, owner: Actor, cashier: Actor) -> None:
        with pytest.raises(Forbidden):
            open_account(cashier)
        open_account(owner)
        with pytest.raises(AccountExists):
            open_account(owner)

    @pytest.mark.parametrize(
        ("query", "payment", "field"),
        [
            ("kurz", PAYMENT, "query_password"),
            ("password1", PAYMENT, "query_password"),
            (QUERY, "4815162342", "payment_password"),
            (QUERY, QUERY, "payment_password"),
            ("my-own-login-77", PAYMENT, "query_password"),
        ],
    )
    def test_easy_equal_and_login_passwords_are_refused(
        self, owner: Actor, query: str, payment: str, field: str
    ) -> None:
        user = User.objects.get(pk=owner.user_id or 0)
        user.set_password("my-own-login-77")
        user.save()
        with pytest.raises(PasswordUnfit) as refused:
            commands.open_account(owner, IDENTITY, Passwords(query, payment))
        assert refused.value.field == field

    def test_passwords_are_kept_as_hashes_and_written_nowhere(
        self, owner: Actor, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        open_account(owner)
        with pytest.raises(WrongPassword):
            commands.authorise(owner, Secret.QUERY, "not-the-password")
        hashes = list(SandboxPassword.objects.values_list("hash", flat=True))
        assert len(hashes) == 2
        told = [
            *hashes,
            *(str(row) for row in AuditEntry.objects.values_list("action", "detail")),
            *(str(row) for row in OutboxEvent.objects.values()),
            repr(GOOD),
            caplog.text,
        ]
        for secret in (QUERY, PAYMENT, "not-the-password"):
            assert not [text for text in told if secret in text]


class TestPasswords:
    def test_the_fifth_wrong_one_in_a_row_locks_until_the_deadline(
        self, owner: Actor, account: PartnerAccount
    ) -> None:
        lefts = []
        for _time in range(4):
            with pytest.raises(WrongPassword) as wrong:
                commands.authorise(owner, Secret.PAYMENT, "wrong-wrong")
            lefts.append(wrong.value.figures["left"])
        assert lefts == [4, 3, 2, 1]
        for _time in range(2):
            with pytest.raises(PasswordLocked):
                commands.authorise(owner, Secret.PAYMENT, "wrong-wrong")
        with pytest.raises(PasswordLocked):
            signed(owner)
        assert seen(owner)  # the other password is not locked
        locked = OutboxEvent.objects.filter(name="partner_bank.password_locked")
        assert locked.count() == 1
        with clock.frozen(clock.now() + timedelta(hours=3)):
            deadlines.run_due()
            assert set(SandboxPassword.objects.values_list("state", flat=True)) == {"free"}
            assert signed(owner)

    def test_a_right_one_begins_the_count_anew(self, owner: Actor, account: PartnerAccount) -> None:
        for _round in range(2):
            for _time in range(4):
                with pytest.raises(WrongPassword):
                    commands.authorise(owner, Secret.QUERY, "wrong-wrong")
            assert seen(owner)

    def test_it_is_changed_with_the_old_one(self, owner: Actor, account: PartnerAccount) -> None:
        with pytest.raises(WrongPassword):
            commands.change_password(owner, Secret.PAYMENT, QUERY, "etwas-neues-99")
        with pytest.raises(PasswordUnfit):
            commands.change_password(owner, Secret.PAYMENT, PAYMENT, QUERY)
        before = signed(owner)
        commands.change_password(owner, Secret.PAYMENT, PAYMENT, "etwas-neues-99")
        assert commands.authorise(owner, Secret.PAYMENT, "etwas-neues-99")
        with pytest.raises(WrongPassword):
            signed(owner)
        with pytest.raises(NotAuthorised):
            commands.bind_card(owner, Card("62220202", "顺达建材行", "云汀银行"), before)

    def test_a_locked_one_is_reset_by_the_owner_who_proves_the_company(
        self, owner: Actor, cashier: Actor, account: PartnerAccount
    ) -> None:
        for _time in range(5):
            with pytest.raises((WrongPassword, PasswordLocked)):
                commands.authorise(owner, Secret.PAYMENT, "wrong-wrong")
        with pytest.raises(Forbidden):
            commands.reset_password(cashier, Secret.PAYMENT, IDENTITY, "etwas-neues-99")
        commands.reset_password(owner, Secret.PAYMENT, IDENTITY, "etwas-neues-99")
        assert commands.authorise(cashier, Secret.PAYMENT, "etwas-neues-99")

    def test_the_reset_is_closed_after_five_wrong_identities(
        self, owner: Actor, account: PartnerAccount
    ) -> None:
        wrong = Identity("顺达建材行", LICENCE, "王二")
        for _time in range(5):
            with pytest.raises(IdentityDiffers):
                commands.reset_password(owner, Secret.QUERY, wrong, "etwas-neues-99")
        with pytest.raises(PasswordLocked):
            commands.reset_password(owner, Secret.QUERY, IDENTITY, "etwas-neues-99")

    def test_the_payment_password_allows_one_movement_for_five_minutes(
        self, owner: Actor, account: PartnerAccount
    ) -> None:
        card = bind(owner)
        token = signed(owner)
        commands.move_in(owner, card.pk, Money(5_00), token)
        with pytest.raises(NotAuthorised):
            commands.move_in(owner, card.pk, Money(5_00), token)
        late = signed(owner)
        with (
            clock.frozen(clock.now() + timedelta(minutes=5)),
            pytest.raises(NotAuthorised),
        ):
            commands.move_in(owner, card.pk, Money(5_00), late)
        with pytest.raises(NotAuthorised):
            commands.move_in(owner, card.pk, Money(5_00), seen(owner))
        assert there(account) == Money(5_00)

    def test_nobody_uses_what_another_member_or_company_was_allowed(
        self, owner: Actor, cashier: Actor, account: PartnerAccount
    ) -> None:
        card, token = bind(owner), signed(owner)
        with pytest.raises(NotAuthorised):
            commands.move_in(cashier, card.pk, Money(5_00), token)
        with pytest.raises(NotAuthorised):
            queries.account_money(cashier, seen(owner))

    def test_purchasers_and_clerks_do_not_reach_it(
        self, buyer: Company, account: PartnerAccount
    ) -> None:
        for role in (Role.PURCHASER, Role.CLERK):
            actor = goods.actor(buyer, role)
            with pytest.raises(Forbidden):
                seen(actor)
            with pytest.raises(Forbidden):
                queries.account(actor)

    def test_a_state_without_its_time_is_refused_by_the_database(
        self, account: PartnerAccount
    ) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            SandboxPassword.objects.update(state="locked")


class TestMoney:
    def test_a_card_must_be_in_the_companys_own_name(
        self, owner: Actor, account: PartnerAccount
    ) -> None:
        with pytest.raises(NotOwnCard):
            commands.bind_card(owner, Card("62220202", "王顺", "云汀银行"), signed(owner))
        with pytest.raises(InvalidInput):
            commands.bind_card(owner, Card("6222-02", "顺达建材行", "云汀银行"), signed(owner))
        assert bind(owner).tail == "2230"
        with pytest.raises(CardBound):
            bind(owner)

    @pytest.mark.parametrize("number", ["8800000000000001", "own", "62229999"])
    def test_the_banks_own_accounts_and_other_peoples_cards_are_not_bound(
        self, owner: Actor, account: PartnerAccount, number: str
    ) -> None:
        books.account_of(books.MARKET)  # is opened by what first needs it
        transfers.make(Transfer("路人甲", "62229999", "某行", account.number, Money(1_00)))
        card = Card(account.number if number == "own" else number, "顺达建材行", "云汀银行")
        with pytest.raises(NotOwnCard):
            commands.bind_card(owner, card, signed(owner))

    def test_nobody_transfers_from_a_companys_account(self, account: PartnerAccount) -> None:
        fund(account, 10_00)
        order = Transfer("路人甲", account.number, "某行", "8810123", Money(5_00))
        with pytest.raises(InvalidInput) as refused:
            transfers.make(order)
        assert refused.value.field == "payer_account"
        assert there(account) == Money(10_00)

    def test_in_by_card_in_by_transfer_and_out(
        self, owner: Actor, cashier: Actor, account: PartnerAccount, operator: Actor
    ) -> None:
        card = bind(owner)
        commands.move_in(cashier, card.pk, Money(100_00), signed(cashier), "k1")
        commands.move_in(cashier, card.pk, Money(100_00), signed(cashier), "k1")
        fund(account, 50_00)
        with pytest.raises(NotEnough) as refused:
            commands.move_out(owner, card.pk, Money(151_00), signed(owner))
        assert refused.value.figures["missing"] == Money(1_00)
        commands.move_out(owner, card.pk, Money(30_00), signed(owner))
        assert there(account) == Money(120_00)
        # It is the bank's money with the company: the market's books know nothing of it.
        assert finance.reconciliation(operator).agrees
        assert ledger.check() == []

    def test_anothers_card_does_not_exist(
        self, owner: Actor, account: PartnerAccount, seller: Company
    ) -> None:
        card = bind(owner)
        seller.verified_name, seller.licence_no = seller.name, "91330100MA27Y8X05X"
        seller.save()
        other = goods.actor(seller)
        commands.open_account(other, Identity(seller.name, "91330100MA27Y8X05X", "甲"), GOOD)
        with pytest.raises(NotFound):
            commands.move_in(other, card.pk, Money(1_00), signed(other))

    def test_a_transfer_to_a_number_nobody_has_is_the_markets_as_before(
        self, account: PartnerAccount
    ) -> None:
        sent = transfers.make(Transfer("甲", "62220000", "某行", "6210999999999999", Money(1_00)))
        assert len(sent.answers) == 1
        assert BankLine.objects.get().left_fen == 1_00

    def test_the_months_statement_adds_up(self, owner: Actor, account: PartnerAccount) -> None:
        with clock.frozen(clock.start_of_day(date(2026, 2, 27)) + timedelta(hours=9)):
            fund(account, 100_00)
        with clock.frozen(clock.start_of_day(date(2026, 3, 31)) + timedelta(hours=23)):
            card = bind(owner)
            commands.move_out(owner, card.pk, Money(30_00), signed(owner))
            fund(account, 5_00)
        with clock.frozen(clock.start_of_day(date(2026, 4, 1))):
            fund(account, 1_00)
            march = queries.month_statement(owner, seen(owner), date(2026, 3, 15))
        assert (march.opening, march.closing) == (Money(100_00), Money(75_00))
        assert (march.came, march.went) == (Money(5_00), Money(30_00))
        assert [line.balance for line in march.lines] == [Money(70_00), Money(75_00)]
        assert [line.kind for line in march.lines] == ["account_out", "account_in"]
        with pytest.raises(NotAuthorised):
            queries.month_statement(owner, "", date(2026, 3, 15))

    def test_below_zero_is_a_difference_of_the_check(self, account: PartnerAccount) -> None:
        with transaction.atomic():
            own = deposits._own(account.number)
            books.move(SandboxEntry.Kind.ACCOUNT_OUT, "cooked", own, books.PAYERS, Money(1_00))
            assert [row.what for row in ledger.check()] == ["balance below zero"]
            transaction.set_rollback(True)
