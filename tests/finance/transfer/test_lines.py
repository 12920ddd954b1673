"""Lines by the bank's feed: booked once, matched when certain, in suspense when not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pifa.finance import commands, queries
from pifa.finance.commands import NewStage
from pifa.finance.errors import BankRefuses, MethodNotOffered
from pifa.finance.methods.corporate_transfer import lines, matching
from pifa.finance.methods.corporate_transfer.models import BankLine, BankMatch
from pifa.finance.models import GatewayNotice, Payable, Payment
from pifa.finance.sandbox import keys, transfers
from pifa.finance.sandbox.models import SandboxEntry, SandboxLine
from pifa.finance.sandbox.transfers import Delivery
from pifa.kernel import clock, deadlines
from pifa.kernel.actors import Actor
from pifa.kernel.money import Money
from pifa.ledger import queries as ledger
from pifa.ledger.rules import AccountKind
from pifa.parties.models import Company
from tests.finance.conftest import Begin, Press
from tests.finance.transfer.conftest import Owe, Send, line_of, settled

pytestmark = pytest.mark.django_db


def suspense() -> Money:
    return ledger.balance(None, AccountKind.SUSPENSE)


def test_a_transfer_pays_what_it_is_for(
    owe: Owe, send: Send, purchaser: Actor, seller: Company
) -> None:
    number = owe("order:1", 100)
    begun = commands.start_payment(purchaser, number, "transfer")
    assert begun.redirect_url == f"/buyer/transfers/to/{begun.payment_number}/"
    sent = send(100)
    assert sent.answers == ["settled"]
    line = line_of(sent)
    assert (line.state, line.left_fen, line.why) == ("matched", 0, "")
    # The attempt that waited is the payment.
    match = BankMatch.objects.get()
    assert match.payment.number == begun.payment_number
    assert match.payment.state == "succeeded"
    assert ledger.held("order:1") == Money(100_00)
    assert suspense() == Money(0)
    moved = [(row.debit, row.credit) for row in ledger.entries(line.subject)]
    assert moved == [(AccountKind.GATEWAY, AccountKind.SUSPENSE)]


def test_nobody_has_to_begin(owe: Owe, send: Send) -> None:
    owe("order:1", 100)
    send(100)
    assert Payment.objects.get().method == "transfer"
    assert settled("order:1") == 100


def test_one_line_for_several_and_several_lines_for_one(owe: Owe, send: Send) -> None:
    owe("order:1", 100)
    owe("order:2", 70)
    send(170)
    assert (settled("order:1"), settled("order:2")) == (100, 70)
    owe("order:3", 50)
    first, second = send(20), send(30)
    assert settled("order:3") == 50
    assert [line_of(sent).state for sent in (first, second)] == ["matched", "matched"]
    assert Payable.objects.get(subject="order:3").state == "settled"
    assert ledger.held("order:3") == Money(50_00)


def test_too_much_leaves_the_rest_in_suspense(owe: Owe, send: Send) -> None:
    owe("order:1", 100)
    line = line_of(send(130))
    assert (line.state, line.left_fen, line.why) == ("suspense", 30_00, "too_much")
    assert settled("order:1") == 100
    assert suspense() == Money(30_00)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"name": "晨光贸易有限公司"}, "wrong_name"),
        ({"to": "88100000000000000000"}, "unknown_account"),
        ({"remark": "订单 2603029999999999"}, "unknown_remark"),
    ],
)
def test_what_is_not_certain_waits(owe: Owe, send: Send, more: dict[str, str], why: str) -> None:
    owe("order:1", 100)
    line = line_of(send(100, **more))
    assert (line.state, line.left_fen, line.why) == ("suspense", 100_00, why)
    assert settled("order:1") == 0
    assert suspense() == Money(100_00)


def test_the_number_with_spaces_is_the_number(owe: Owe, send: Send, account: str) -> None:
    owe("order:1", 100)
    send(100, to=" ".join(account[at : at + 4] for at in range(0, 20, 4)))
    assert settled("order:1") == 100


def test_told_twice_is_one_line(owe: Owe, send: Send) -> None:
    owe("order:1", 100)
    sent = send(100, delivery=Delivery.TWICE)
    assert sent.answers == ["settled", "repeated"]
    for line_id in SandboxLine.objects.values_list("pk", flat=True):
        assert transfers.send(line_id) == "repeated"
    assert BankLine.objects.count() == 1
    assert ledger.held("order:1") == Money(100_00)


def test_late_held_back_and_never(owe: Owe, send: Send) -> None:
    owe("order:1", 100)
    sent = send(100, delivery=Delivery.LATE)
    assert not BankLine.objects.exists()
    deadlines.run_due(clock.now() + timedelta(hours=1))
    assert line_of(sent).state == "matched"
    owe("order:2", 40)
    owe("order:3", 40)
    first, second = (send(40, delivery=Delivery.HOLD) for _time in range(2))
    lost = send(5, delivery=Delivery.NEVER)
    assert transfers.deliver_held() == ["settled", "settled"]
    numbers = list(BankLine.objects.order_by("pk").values_list("line_no", flat=True))
    assert numbers == [sent.line_no, second.line_no, first.line_no]
    assert transfers.deliver_held() == []
    assert not BankLine.objects.filter(line_no=lost.line_no).exists()


def test_a_transfer_that_fails_moves_nothing(owe: Owe, send: Send) -> None:
    owe("order:1", 100)
    with pytest.raises(BankRefuses):
        send(100, delivery=Delivery.FAIL)
    assert not SandboxEntry.objects.exists()
    assert not BankLine.objects.exists()


def test_the_same_id_with_other_words_waits_for_an_operator(
    owe: Owe, send: Send, operator: Actor
) -> None:
    owe("order:1", 100)
    send(100)
    payload = {**SandboxLine.objects.get().payload, "amount_fen": "9900000"}
    assert lines.receive_line("sandbox", payload, keys.sign(payload)) == "contradicts"
    assert [row.verdict for row in queries.flagged_notices(operator)] == ["contradicts"]
    assert BankLine.objects.get().amount_fen == 100_00


@pytest.mark.parametrize(
    "change",
    [
        {"amount_fen": "0"},
        {"amount_fen": "-5"},
        {"amount_fen": "1e3"},
        {"payer_name": ""},
        {"value_day": "2026-02-30"},
        {"line_no": 7},
        {"remark": "x" * 201},
        {"payer_name": "a\x00b"},
    ],
)
def test_a_senseless_line_is_refused(send: Send, change: dict[str, object]) -> None:
    send(1, delivery=Delivery.HOLD)
    payload = {**SandboxLine.objects.get().payload, **change}
    assert lines.receive_line("sandbox", payload, keys.sign(payload)) == "malformed"
    assert not BankLine.objects.exists()


def test_a_forged_line_is_refused(send: Send) -> None:
    send(1, delivery=Delivery.HOLD)
    payload = SandboxLine.objects.get().payload
    assert lines.receive_line("sandbox", payload, keys.sign({"a": "b"})) == "bad_signature"
    assert GatewayNotice.objects.get().verdict == "bad_signature"
    assert not BankLine.objects.exists()


def test_a_deposit_then_its_balance(owe: Owe, send: Send) -> None:
    stages = (NewStage("deposit", 30_00), NewStage("balance", 70_00))
    owe("order:1", 100, stages=stages)
    line = line_of(send(100))
    assert (settled("order:1"), line.left_fen) == (30, 70_00)
    send(70)
    assert settled("order:1") == 100


def test_the_part_that_was_begun_by_transfer(
    owe: Owe, send: Send, purchaser: Actor, begin: Begin, press: Press
) -> None:
    number = owe("order:1", 100)
    commands.split_payment(purchaser, number, [Money(60_00), Money(40_00)])
    online = begin("order:1")
    commands.start_payment(purchaser, number, "transfer", part=1)
    send(40)
    rows = Payable.objects.get(subject="order:1").stages.order_by("position")
    assert [row.settled_at is not None for row in rows] == [False, True]
    press(online, "pay")
    assert settled("order:1") == 100
    assert {row.method for row in Payment.objects.filter(state="succeeded")} == {
        "gateway",
        "transfer",
    }


def test_paid_otherwise_while_the_transfer_was_on_its_way(
    owe: Owe, send: Send, begin: Begin, press: Press
) -> None:
    owe("order:1", 100)
    press(begin("order:1"), "pay")
    line = line_of(send(100))
    assert (line.state, line.why) == ("suspense", "nothing_open")
    assert ledger.held("order:1") == Money(100_00)


def test_what_may_not_be_paid_yet_is_not_paid(owe: Owe, send: Send) -> None:
    owe("order:1", 100)
    Payable.objects.update(blocked="waits for approval")
    line = line_of(send(100))
    assert (line.state, line.why) == ("suspense", "nothing_open")
    assert settled("order:1") == 0


def test_a_refund_goes_back_to_the_account_it_came_from(
    owe: Owe, send: Send, operator: Actor
) -> None:
    owe("order:1", 100)
    sent = send(100)
    commands.refund("order:1", Money(30_00), "f1", "少发")
    commands.refund("order:1", Money(30_00), "f1", "少发")
    back = SandboxEntry.objects.get(kind="transfer_back")
    assert (back.credit.number, back.amount_fen) == ("6222000011112222", 30_00)
    assert back.reference == sent.line_no
    assert ledger.held("order:1") == Money(70_00)
    assert queries.reconciliation(operator).difference == Money(0)


def test_a_plan_that_was_interrupted_is_gone_on_with(
    owe: Owe, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe("order:1", 100)
    owe("order:2", 70)
    with monkeypatch.context() as patch:
        patch.setattr(matching, "carry_out", lambda number: None)
        sent = send(170)
    assert line_of(sent).state == "arrived"
    assert suspense() == Money(170_00)
    deadlines.run_due(clock.now() + timedelta(minutes=1))
    assert line_of(sent).state == "matched"
    assert (settled("order:1"), settled("order:2")) == (100, 70)


def test_what_changed_after_the_decision_waits(
    owe: Owe, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    owe("order:1", 100)
    owe("order:2", 70)
    with monkeypatch.context() as patch:
        patch.setattr(matching, "carry_out", lambda number: None)
        sent = send(170)
    commands.close_payable("order:2")
    matching.carry_out(line_of(sent).number)
    line = line_of(sent)
    assert (line.state, line.left_fen, line.why) == ("suspense", 70_00, "changed")
    assert settled("order:1") == 100


class TestOffered:
    def why_not(self, actor: Actor, number: str) -> str | None:
        choices = queries.methods_for(actor, number)
        return next(choice.why_not for choice in choices if choice.code == "transfer")

    def test_to_companies_with_legal_names(
        self, owe: Owe, purchaser: Actor, buyer: Company, seller: Company
    ) -> None:
        number = owe("order:1", 100)
        assert self.why_not(purchaser, number) is None
        Company.objects.filter(pk=seller.pk).update(verified_name="")
        assert "卖家" in (self.why_not(purchaser, number) or "")
        Company.objects.filter(pk=buyer.pk).update(verified_name="")
        assert "贵企业" in (self.why_not(purchaser, number) or "")
        with pytest.raises(MethodNotOffered):
            commands.start_payment(purchaser, number, "transfer")

    def test_without_a_limit(self, owe: Owe, purchaser: Actor) -> None:
        assert self.why_not(purchaser, owe("order:1", 9_999_999_999)) is None
