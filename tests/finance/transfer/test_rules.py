"""What is certain of a bank line, and that nothing else is ever settled."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pifa.finance.methods.corporate_transfer.proposals import MOST, Candidate, Reason, rank
from pifa.finance.methods.corporate_transfer.rules import (
    SERIALS,
    OpenDue,
    Part,
    Settle,
    Why,
    account_number,
    decide,
    is_account_number,
    legal_key,
    numbers_in,
    plain_number,
    same_name,
    spread,
)

NAME = "顺达建材"
A, B, C = (f"260302000000000{digit}" for digit in (1, 2, 3))


def due(payable_id: int, *fens: int, name: str = "") -> OpenDue:
    parts = tuple(Part(position, fen) for position, fen in enumerate(fens))
    number = name or f"{payable_id:016d}"
    return OpenDue(payable_id, frozenset({number, f"B{number}"}), parts)


def decided(fen: int, dues: Sequence[OpenDue], remark: str = "", payer: str = NAME) -> object:
    known = {name for row in dues for name in row.names} | {"2603020000000009"}
    found = decide(fen, payer, NAME, remark, dues, known)
    return [(row.payable_id, row.fen) for row in found.settles], found.left_fen, found.why


class TestNames:
    @pytest.mark.parametrize(
        "written",
        [
            "顺达（集团）有限公司",
            "顺达(集团)有限公司",
            " 顺达 （集团） 有限公司 ",
            "顺达【集团】有限公司",
        ],
    )
    def test_the_same_name_however_it_is_written(self, written: str) -> None:
        assert same_name(written, "顺达(集团)有限公司")

    def test_latin_letters_in_any_width_and_case(self) -> None:
        assert same_name("ＡＢＣ Trading Co., Ltd.", "abc trading co ltd")

    @pytest.mark.parametrize("other", ["顺达有限公司", "顺达(集团)有限公司云汀分公司", "", " "])
    def test_another_name(self, other: str) -> None:
        assert not same_name(other, "顺达(集团)有限公司")

    def test_no_name_is_nobodys(self) -> None:
        assert not same_name("", "")

    @given(st.text(max_size=40))
    def test_a_key_is_its_own_key(self, name: str) -> None:
        assert legal_key(legal_key(name)) == legal_key(name)


class TestAccountNumbers:
    @given(st.integers(0, SERIALS - 1), st.integers(0, 19), st.integers(1, 9))
    def test_one_wrong_digit_is_found(self, serial: int, at: int, by: int) -> None:
        number = account_number(serial)
        assert is_account_number(number)
        wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
        assert not is_account_number(wrong)

    @given(st.integers(0, SERIALS - 1), st.integers(4, 18))
    def test_two_digits_that_changed_places_are_found(self, serial: int, at: int) -> None:
        number = account_number(serial)
        swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        assert swapped == number or not is_account_number(swapped)

    @pytest.mark.parametrize("serial", [-1, SERIALS])
    def test_no_serial(self, serial: int) -> None:
        with pytest.raises(ValueError, match="serial"):
            account_number(serial)

    def test_written_with_spaces_and_wide_digits(self) -> None:
        number = account_number(7)
        spaced = " ".join(number[at : at + 4] for at in range(0, 20, 4))
        assert plain_number(spaced) == number
        assert plain_number("８８１０-01") == "881001"


class TestRemarks:
    def test_numbers_among_words(self) -> None:
        assert numbers_in(f"货款:{A}，b{B} 谢谢") == {A, f"B{B}"}

    def test_longer_numbers_are_not_ours(self) -> None:
        assert numbers_in(f"1{A} {A}9 x{A}") == frozenset()


class TestDecisions:
    def test_exactly_the_only_one(self) -> None:
        assert decided(100, [due(1, 100)]) == ([(1, 100)], 0, None)

    def test_exactly_one_of_several(self) -> None:
        assert decided(70, [due(1, 100), due(2, 70)]) == ([(2, 70)], 0, None)

    def test_all_together(self) -> None:
        found = decided(170, [due(1, 100), due(2, 70)])
        assert found == ([(1, 100), (2, 70)], 0, None)

    def test_two_of_the_same_amount_are_not_guessed(self) -> None:
        assert decided(100, [due(1, 100), due(2, 100)]) == ([], 100, Why.SEVERAL_FIT)

    def test_the_remark_says_which(self) -> None:
        dues = [due(1, 100, name=A), due(2, 100, name=B)]
        assert decided(100, dues, f"订单{B}") == ([(2, 100)], 0, None)

    def test_some_that_the_remark_names(self) -> None:
        dues = [due(1, 100, name=A), due(2, 70, name=B), due(3, 30, name=C)]
        assert decided(130, dues, f"{A} {C}") == ([(1, 100), (3, 30)], 0, None)

    def test_a_sum_of_some_is_not_certain(self) -> None:
        dues = [due(1, 100), due(2, 70), due(3, 30)]
        assert decided(130, dues) == ([], 130, Why.NO_AMOUNT_FITS)

    def test_too_much_for_all(self) -> None:
        found = decided(200, [due(1, 100), due(2, 70)])
        assert found == ([(1, 100), (2, 70)], 30, Why.TOO_MUCH)

    def test_too_much_for_what_is_named_stays(self) -> None:
        dues = [due(1, 100, name=A), due(2, 70, name=B)]
        assert decided(120, dues, A) == ([(1, 100)], 20, Why.TOO_MUCH)

    def test_too_little_for_the_only_one(self) -> None:
        assert decided(40, [due(1, 100)]) == ([(1, 40)], 0, None)

    def test_too_little_for_several(self) -> None:
        assert decided(40, [due(1, 100), due(2, 70)]) == ([], 40, Why.NO_AMOUNT_FITS)

    def test_too_little_for_the_one_that_is_named(self) -> None:
        dues = [due(1, 100, name=A), due(2, 70, name=B)]
        assert decided(40, dues, f"B{B}") == ([(2, 40)], 0, None)

    def test_another_payer(self) -> None:
        assert decided(100, [due(1, 100)], payer="晨光") == ([], 100, Why.WRONG_NAME)

    def test_a_number_that_is_not_of_the_pair(self) -> None:
        found = decided(100, [due(1, 100)], "2603029999999999")
        assert found == ([], 100, Why.UNKNOWN_REMARK)

    def test_what_is_named_is_paid_already(self) -> None:
        found = decided(100, [due(1, 100)], "2603020000000009")
        assert found == ([], 100, Why.NOTHING_OPEN)

    def test_nothing_is_open(self) -> None:
        assert decided(100, []) == ([], 100, Why.NOTHING_OPEN)

    def test_one_part(self) -> None:
        found = decide(40, NAME, NAME, "", [due(1, 60, 40)], set())
        assert found.settles == (Settle(1, 1, 40),)

    def test_parts_one_after_the_other(self) -> None:
        found = decide(70, NAME, NAME, "", [due(1, 60, 40)], set())
        assert found.settles == (Settle(1, 0, 60), Settle(1, 1, 10))

    @given(
        st.lists(st.lists(st.integers(1, 300), min_size=1, max_size=3), max_size=5),
        st.integers(1, 900),
        st.sets(st.integers(0, 4)),
        st.booleans(),
    )
    def test_no_fen_is_lost_and_nothing_is_paid_twice(
        self, schedules: list[list[int]], fen: int, named: set[int], right_name: bool
    ) -> None:
        dues = [due(number, *parts) for number, parts in enumerate(schedules)]
        known = {name for row in dues for name in row.names}
        remark = " ".join(f"{number:016d}" for number in named if number < len(dues))
        found = decide(fen, NAME if right_name else "晨光", NAME, remark, dues, known)
        assert sum(row.fen for row in found.settles) + found.left_fen == fen
        assert found.left_fen == 0 or found.why is not None
        paid = [(row.payable_id, row.position) for row in found.settles]
        assert len(paid) == len(set(paid))
        for row in found.settles:
            assert 0 < row.fen <= dues[row.payable_id].parts[row.position].fen
            assert not remark or row.payable_id in named
        assert right_name or not found.settles
        # Only the last may be paid in part: an earlier one that is cut would move the others.
        for row in found.settles[:-1]:
            assert row.fen == dues[row.payable_id].parts[row.position].fen

    @given(st.lists(st.integers(1, 50), min_size=1, max_size=3), st.integers(-1, 200))
    def test_an_operators_share_is_spread_whole(self, parts: list[int], fen: int) -> None:
        row = due(1, *parts)
        if 0 < fen <= row.fen:
            assert sum(part.fen for part in spread(row, fen)) == fen
        else:
            with pytest.raises(ValueError, match="asks for"):
                spread(row, fen)


class TestProposals:
    def candidate(self, row: OpenDue, **says: bool) -> Candidate:
        return Candidate(row, **({"named": False, "same_account": True, "same_name": True} | says))

    def test_named_before_the_amount_before_the_rest(self) -> None:
        found = rank(
            100,
            [
                self.candidate(due(1, 30)),
                self.candidate(due(2, 100)),
                self.candidate(due(3, 40), named=True),
            ],
        )
        assert [row.shares for row in found] == [((3, 40),), ((2, 100),), ((1, 30),)]
        assert Reason.NAMED in found[0].reasons
        assert Reason.SAME_AMOUNT in found[1].reasons

    def test_together_they_are_exactly_the_line(self) -> None:
        found = rank(
            100, [self.candidate(due(number, fen)) for number, fen in enumerate((60, 7, 40))]
        )
        assert found[0].shares == ((0, 60), (2, 40))
        assert Reason.SAME_SUM in found[0].reasons

    @given(st.lists(st.integers(1, 200), max_size=16), st.integers(1, 400))
    def test_none_offers_more_than_there_is(self, fens: list[int], fen: int) -> None:
        dues = [due(number, amount) for number, amount in enumerate(fens)]
        found = rank(fen, [self.candidate(row) for row in dues])
        assert len(found) <= MOST
        for row in found:
            assert 0 < sum(share for _payable, share in row.shares) <= fen
            assert all(share <= dues[payable].fen for payable, share in row.shares)
