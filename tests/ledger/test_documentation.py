"""docs/money.md shows every account and every posting that the code can make, and no other."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from pifa.kernel.money import Money
from pifa.ledger import rules, words
from pifa.ledger.rules import (
    DEBIT_NORMAL,
    GUARDED,
    MARKET_OWNED,
    AccountKind,
    Leg,
    Purse,
    TransferKind,
)

PAGE = (Path(__file__).parents[2] / "docs" / "money.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| [^|]+ \| `(\w+)` \| `(\w+)` \| (?:\w+'s )?([A-Z]+)[^|]*\| (?:\w+'s )?([A-Z]+)[^|]*\|$",
    re.MULTILINE,
)
ONE = Money(1)
OWN = Purse(AccountKind.BALANCE, 2)
MOVEMENTS: dict[str, tuple[Leg, ...]] = {
    "settlement": (*rules.settlement("s", 1, ONE), *rules.settlement("s", 1, ONE, OWN)),
    "returned": rules.returned("s", 1, ONE),
    "release": rules.release("s", 1, ONE),
    "refund": (
        *rules.refund("s", 1, escrow=ONE, balance=ONE, deposit=ONE, debt=ONE),
        *rules.refund("s", 1, escrow=ONE, balance=ONE, deposit=ONE, debt=ONE, target=OWN),
    ),
    "instant_payout": rules.instant_payout("s", 1, ONE, ONE),
    "fee_returned": rules.fee_returned("s", 1, ONE),
    "debt_paid": rules.debt_paid("s", 1, ONE),
    "collected": rules.collected("s", 1, ONE),
    "protection_paid": rules.protection_paid("s", 1, ONE),
    "deposit_paid_in": rules.deposit_paid_in("s", 1, ONE),
    "deposit_frozen": rules.deposit_frozen("s", 1, ONE),
    "deposit_returned": rules.deposit_returned("s", 1, ONE),
    "fee": rules.fee("s", 1, ONE),
    "withdrawal": rules.withdrawal("s", 1, ONE, ONE),
    "withdrawal_returned": rules.withdrawal_returned("s", 1, ONE, ONE),
    "bond_premium": rules.bond_premium("s", 1, ONE),
    "bond_claimed": rules.bond_claimed("s", 1, ONE),
    "recourse_paid": rules.recourse_paid("s", 1, ONE),
    "freight_premium": rules.freight_premium("s", 1, ONE),
    "freight_premium_returned": rules.freight_premium_returned("s", 1, ONE),
    "freight_paid_out": rules.freight_paid_out("s", 1, ONE),
    "promised": rules.promised("s", 1, 2, ONE),
    "promise_ended": rules.promise_ended("s", 1, 2, ONE),
    "passed_on": rules.passed_on("s", 1, 2, ONE),
    "bank_in": rules.bank_in("s", ONE),
    "claimed": rules.claimed("s", 1, ONE),
    "bank_out": rules.bank_out("s", ONE),
    "at_the_door": rules.at_the_door("s", 1, ONE),
    "remitted": rules.remitted("s", 1, ONE),
    "carrier_fee": rules.carrier_fee("s", 1, ONE, ONE),
    "bill_rest": rules.bill_rest("s", 1, ONE),
    "financed": rules.financed("s", 1, ONE + ONE, service=ONE, early=ONE),
    "financed_waived": rules.financed_waived("s", 1, 2, forgiven=ONE, returned=ONE),
    "financier_repaid": rules.financier_repaid("s", 1, ONE),
    "financier_gets": rules.financier_gets("s", 1, ONE, ONE),
    "financier_returned": rules.financier_returned("s", 1, ONE),
}


def test_the_table_has_exactly_the_postings_of_the_code() -> None:
    documented = {(name, debit, credit) for _kind, name, debit, credit in ROW.findall(PAGE)}
    made = {
        (name, leg.debit.kind.name, leg.credit.kind.name)
        for name, legs in MOVEMENTS.items()
        for leg in legs
    }
    assert documented == made


def test_every_reason_to_move_money_is_in_the_table() -> None:
    assert {kind for kind, *_rest in ROW.findall(PAGE)} == {kind.value for kind in TransferKind}


@pytest.mark.parametrize("kind", AccountKind)
def test_every_account_is_in_the_chart_as_it_is_kept(kind: AccountKind) -> None:
    name = f"| `{kind.name}` {words.account(kind)} |"
    (row,) = [line for line in PAGE.splitlines() if line.startswith(name)]
    _name, owner, side, grows, keeps = (cell.strip() for cell in row.strip("|").split("|"))
    assert owner.startswith("the market") == (kind in MARKET_OWNED)
    assert grows == ("debit" if kind in DEBIT_NORMAL else "credit")
    assert keeps.startswith("yes") == (kind in GUARDED)
    if grows == "credit":
        assert side.startswith(("liability", "income", "memorandum"))


def test_every_function_that_makes_postings_is_in_the_table() -> None:
    made = {
        name
        for name, function in vars(rules).items()
        if inspect.isfunction(function) and function.__annotations__.get("return") == "Legs"
    }
    assert made == set(MOVEMENTS)


def test_every_posting_has_words_of_its_own() -> None:
    for kind, name, debit, credit in ROW.findall(PAGE):
        told = words.of_posting(kind, AccountKind[debit], AccountKind[credit])
        assert "→" not in told, f"{name}: {told}"
