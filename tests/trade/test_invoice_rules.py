"""What each kind of invoice needs, tax numbers, amounts and parties: the pure rules."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.kernel.money import Money
from pifa.parties.rules import CREDIT_CODE_ALPHABET, credit_code_check_digit
from pifa.trade.invoices import rules
from pifa.trade.invoices.errors import (
    AccountInvalid,
    DetailMissing,
    DetailTooLong,
    DetailUnknown,
    EmailInvalid,
    InvoiceAmountOff,
    InvoiceDayOff,
    InvoiceNumberInvalid,
    KindUnknown,
    TaxNumberInvalid,
)
from pifa.trade.invoices.rules import Party, Sums

CODE = "91330000MA27XF6Q0D"
SPECIAL = {
    "kind": "special",
    "title": "顺达建材行",
    "tax_no": CODE,
    "address": "杭州市试验路 1 号",
    "phone": "0571-88000000",
    "bank": "试验银行杭州支行",
    "account": "6222 0000 0000 0000",
    "email": "caiwu@example.com",
}
fen = st.integers(0, 10**9).map(Money)
codes = st.tuples(
    st.text(CREDIT_CODE_ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(CREDIT_CODE_ALPHABET, min_size=9, max_size=9),
).map("".join)


def test_each_kind_needs_its_own_fields() -> None:
    assert rules.read_details(SPECIAL).given() == SPECIAL
    ordinary = rules.read_details({"title": "  顺达　建材行 ", "tax_no": " 91330000ma27xf6q0d "})
    assert ordinary.given() == {"kind": "ordinary", "title": "顺达 建材行", "tax_no": CODE}
    for kind, needed in rules.NEEDED.items():
        for name in needed:
            with pytest.raises(DetailMissing) as missing:
                rules.read_details(SPECIAL | {"kind": kind, name: " \u200b"}, "invoice.")
            assert missing.value.field == f"invoice.{name}"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"kind": "other"}, KindUnknown),
        ({"colour": "红"}, DetailUnknown),
        ({"title": 5}, DetailUnknown),
        ({"title": "长" * 121}, DetailTooLong),
        ({"tax_no": CODE[:-1] + "X"}, TaxNumberInvalid),
        ({"tax_no": "11010519491231002X"}, TaxNumberInvalid),
        ({"account": "六二二二"}, AccountInvalid),
        ({"account": "12345"}, AccountInvalid),
        ({"email": "caiwu"}, EmailInvalid),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        rules.read_details(SPECIAL | change)


def test_a_person_in_trade_has_an_ordinary_invoice_only() -> None:
    assert rules.is_tax_number("11010519491231002X", "ordinary")
    assert not rules.is_tax_number("11010519491231002X", "special")


@given(codes, st.integers(0, 17), st.sampled_from(CREDIT_CODE_ALPHABET))
def test_any_one_wrong_character_of_a_tax_number_is_found(
    first: str, place: int, other: str
) -> None:
    whole = first + credit_code_check_digit(first)
    assert rules.is_tax_number(whole, "special")
    wrong = whole[:place] + other + whole[place + 1 :]
    assert rules.is_tax_number(wrong, "special") is (wrong == whole)


@given(fen, fen, fen, fen)
def test_what_is_left_and_what_is_too_much_meet_exactly(
    paid: Money, back: Money, invoiced: Money, taken: Money
) -> None:
    sums = Sums(paid, min(back, paid), invoiced, min(taken, invoiced))
    assert min(sums.to_invoice, sums.to_credit) == Money(0)
    assert sums.standing + sums.to_invoice - sums.to_credit == sums.net
    assert sums.standing + sums.to_invoice <= max(sums.paid, sums.standing)


@given(fen, fen)
def test_an_amount_is_exact_or_a_part_with_more_to_follow(amount: Money, left: Money) -> None:
    for more in (False, True):
        right = 0 < amount.fen < left.fen if more else 0 < amount.fen == left.fen
        with nullcontext() if right else pytest.raises(InvoiceAmountOff):
            rules.check_amount(amount, left, more_follow=more)


def test_numbers_of_paper_and_of_digital_invoices() -> None:
    assert rules.check_number("", " 2633 2000 0000 1234 5678") == ("", "26332000000012345678")
    assert rules.check_number("033002000111", "12345678") == ("033002000111", "12345678")
    assert rules.check_number("3300200011", "12345678") == ("3300200011", "12345678")
    wrong = [("", "12345678"), ("33", "12345678"), ("3300200011", "26332000000012345678")]
    for code, number in [*wrong, ("", ""), ("", "２６３３２００００００００１２３４５６７８９")]:
        with pytest.raises(InvoiceNumberInvalid):
            rules.check_number(code, number)


def test_the_day_of_an_invoice() -> None:
    first, today = date(2026, 3, 1), date(2026, 3, 9)
    for day in (first, today):
        rules.check_day(day, first, today)
    for day in (first - timedelta(days=1), today + timedelta(days=1)):
        with pytest.raises(InvoiceDayOff):
            rules.check_day(day, first, today)


def test_parties_are_compared_by_what_was_verified() -> None:
    buyer = Party("顺达", "杭州顺达（集团）有限公司", CODE)
    seller = Party("永固", "永固紧固件厂", "91330782MA2EXAMPLA")
    assert rules.mismatches("杭州顺达(集团) 有限公司", CODE.lower(), buyer, seller) == []
    assert rules.mismatches("顺达", "91330782MA2EXAMPLA", buyer, seller) == [
        rules.TITLE_DIFFERS,
        rules.TAX_NO_DIFFERS,
    ]
    nobody = Party("顺达", "", "")
    person = Party("永固", "王小明", "11010519491231002X")
    assert rules.mismatches("顺达", CODE, nobody, person) == [
        rules.BUYER_UNVERIFIED,
        rules.SELLER_UNVERIFIED,
    ]
