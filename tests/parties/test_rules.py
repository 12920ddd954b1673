"""Codes, numbers, masks and terms, over all that can be typed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pifa.kernel.actors import Role
from pifa.parties import rules
from pifa.parties.text import clean_line, clean_text

CODE_BODY = st.tuples(
    st.text(rules.CREDIT_CODE_ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(rules.CREDIT_CODE_ALPHABET, min_size=9, max_size=9),
).map("".join)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
YEARS = st.integers(1, rules.MAX_MEMBERSHIP_YEARS)


class TestCreditCodes:
    @pytest.mark.parametrize("code", ["91350100M000100Y43", "51110000500000000Y"[:17] + "0"])
    def test_the_standards_own_example_is_well_formed(self, code: str) -> None:
        expected = code == "91350100M000100Y43"
        assert rules.is_credit_code(code) is expected

    @given(CODE_BODY)
    def test_exactly_one_check_digit_fits(self, body: str) -> None:
        fitting = [
            digit for digit in rules.CREDIT_CODE_ALPHABET if rules.is_credit_code(body + digit)
        ]
        assert fitting == [rules.credit_code_check_digit(body)]

    @given(CODE_BODY, st.integers(0, 16), st.sampled_from(rules.CREDIT_CODE_ALPHABET))
    def test_one_wrong_character_is_noticed(self, body: str, place: int, other: str) -> None:
        code = body + rules.credit_code_check_digit(body)
        if other != code[place]:
            assert not rules.is_credit_code(code[:place] + other + code[place + 1 :])

    @given(CODE_BODY, st.integers(0, 16))
    def test_two_neighbours_exchanged_are_noticed(self, body: str, place: int) -> None:
        code = body + rules.credit_code_check_digit(body)
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if swapped != code:
            assert not rules.is_credit_code(swapped)

    @given(CODE_BODY)
    def test_it_is_read_however_it_is_typed(self, body: str) -> None:
        code = body + rules.credit_code_check_digit(body)
        spaced = " ".join([code[:6].lower(), code[6:12], f" {code[12:]}\t"])
        assert rules.normal_licence(spaced) == code

    @given(st.text())
    def test_nothing_else_is_taken_for_one(self, text: str) -> None:
        if len(text) != 18 or not text.isascii():
            assert not rules.is_credit_code(text)
            assert not rules.is_resident_id(text)


class TestResidentIds:
    def test_the_standards_own_example_is_well_formed(self) -> None:
        assert rules.is_resident_id("11010519491231002X")
        assert not rules.is_resident_id("110105194912310021")
        assert not rules.is_resident_id("11010519490231002X")

    @given(st.dates(date(1900, 1, 1), date(2020, 12, 31)), st.integers(0, 999), st.integers(0, 16))
    def test_one_wrong_digit_is_noticed(self, birthday: date, order: int, place: int) -> None:
        body = f"330782{birthday:%Y%m%d}{order:03d}"
        number = body + rules.resident_id_check_digit(body)
        assert rules.is_resident_id(number)
        other = str((int(number[place]) + 1) % 10)
        assert not rules.is_resident_id(number[:place] + other + number[place + 1 :])


class TestNumbers:
    @pytest.mark.parametrize(
        "typed", ["199 0000 0001", "199-0000-0001", "１９９００００００００１"[:11]]
    )
    def test_a_mobile_number_is_kept_plain(self, typed: str) -> None:
        assert rules.is_mobile(rules.normal_phone(typed))

    @pytest.mark.parametrize(
        "number", ["", "12000000000", "1990000000", "199000000011", "+0123456789", "+86", "手机"]
    )
    def test_what_is_no_mobile_number(self, number: str) -> None:
        assert not rules.is_mobile(rules.normal_phone(number))

    @pytest.mark.parametrize("number", ["0579-85000000", "(0579)85000000", "0579-85000000转12"])
    def test_landlines_keep_their_form(self, number: str) -> None:
        assert rules.normal_phone(number) == number
        assert rules.is_landline(number)

    @given(st.text())
    def test_no_text_breaks_them(self, text: str) -> None:
        rules.is_landline(rules.normal_phone(text))
        rules.is_post_code(text)
        rules.is_company_login(text)


class TestMasks:
    def test_as_people_know_them(self) -> None:
        assert rules.mask_phone("13812345678") == "138****5678"
        assert rules.mask_phone("0579-85000000") == "057********00"
        assert rules.mask_name("王小明") == "王**"
        assert rules.mask_document("91350100M000100Y43") == "9135************43"
        assert rules.mask_email("wang@example.com") == "w***@example.com"

    @given(st.text(), st.integers(0, 9), st.integers(0, 9))
    def test_at_least_half_is_hidden_and_the_length_stays(
        self, text: str, head: int, tail: int
    ) -> None:
        masked = rules.mask_middle(text, head, tail)
        assert len(masked) == len(text)
        shown = sum(a == b != "*" for a, b in zip(text, masked, strict=True))
        assert shown <= len(text) // 2
        assert shown <= head + tail

    @given(st.text("0123456789+-", min_size=1), st.text("王小明ab", min_size=1))
    def test_nothing_is_ever_shown_whole(self, number: str, name: str) -> None:
        assert "*" in rules.mask_phone(number)
        assert "*" in rules.mask_name(name)
        assert "*" in rules.mask_document(number)
        assert "*" in rules.mask_email(number)


class TestMembership:
    def test_a_year_from_today_ends_the_day_before(self) -> None:
        since, until = rules.membership_term(None, None, date(2026, 3, 2), 1)
        assert (since, until) == (date(2026, 3, 2), date(2027, 3, 1))
        assert rules.is_member_on(until, date(2027, 3, 1))
        assert not rules.is_member_on(until, date(2027, 3, 2))
        assert not rules.is_member_on(None, date(2026, 3, 2))

    @given(DAYS, st.lists(YEARS, min_size=1, max_size=4))
    def test_bought_at_once_or_bit_by_bit_is_the_same(self, today: date, parts: list[int]) -> None:
        since: date | None = None
        until: date | None = None
        for years in parts:
            since, until = rules.membership_term(since, until, today, years)
        assert since == today
        _, at_once = rules.membership_term(None, None, today, sum(parts))
        assert until is not None
        # 28 and 29 February may lie between them, no more.
        assert abs((until - at_once).days) <= 1

    @given(DAYS, DAYS, st.integers(0, 3000), YEARS)
    def test_buying_never_shortens_and_a_lapsed_one_begins_anew(
        self, today: date, since: date, days: int, years: int
    ) -> None:
        until = since + timedelta(days=days)
        new_since, new_until = rules.membership_term(since, until, today, years)
        assert new_until > max(until, today) or (until < today and new_until >= today)
        assert new_since == (since if until >= today else today)


@given(st.lists(st.sets(st.sampled_from(Role))))
def test_an_owner_is_kept_if_any_is_left(rosters: list[set[Role]]) -> None:
    assert rules.keeps_an_owner(rosters) is any(Role.OWNER in roles for roles in rosters)


@given(st.text())
@example("0 \x1b\t0")
@example("e\u200b\u0301")
def test_cleaned_text_has_nothing_hidden_and_stays_as_it_is(text: str) -> None:
    for clean in (clean_line, clean_text):
        once = clean(text)
        assert clean(once) == once
        once.encode()  # no half of a character that a database would refuse
        assert "\x00" not in once
    assert "\n" not in clean_line(text)
    assert (
        clean_line("家庭\U0001f468\u200d\U0001f469 \u202e装") == "家庭\U0001f468\u200d\U0001f469 装"
    )
