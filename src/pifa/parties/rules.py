"""What the market knows of companies and people: codes, numbers, terms, what is hidden.

Pure: text and dates in, text and dates out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta

from pifa.kernel.actors import Role

CREDIT_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100: digits and capitals without I, O, S, V, Z."""

MAX_MEMBERSHIP_YEARS = 5
MAX_PENALTY_POINTS = 48
MAX_ADDRESSES = 50

_CREDIT_CODE = re.compile(rf"[{CREDIT_CODE_ALPHABET}]{{2}}\d{{6}}[{CREDIT_CODE_ALPHABET}]{{10}}")
_RESIDENT_ID = re.compile(r"[1-9]\d{16}[\dX]")
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS = "10X98765432"
_COMPANY_LOGIN = re.compile(r"[\w][\w.\-]{1,39}")
_MOBILE = re.compile(r"1[3-9]\d{9}|\+[1-9]\d{6,14}")
_LANDLINE = re.compile(r"[+(]?\d[\d()\- ]{4,24}(?:(?:转|#|x)\d{1,6})?")
_POST_CODE = re.compile(r"[A-Z0-9][A-Z0-9 \-]{2,9}")


def credit_code_check_digit(first_17: str) -> str:
    """The 18th character of a unified social credit code (GB 32100), from the first 17."""
    total = sum(
        CREDIT_CODE_ALPHABET.index(character) * pow(3, place, 31)
        for place, character in enumerate(first_17)
    )
    return CREDIT_CODE_ALPHABET[-total % 31]


def is_credit_code(code: str) -> bool:
    """Whether a code is a well-formed unified social credit code, check digit included."""
    return bool(_CREDIT_CODE.fullmatch(code)) and code[17] == credit_code_check_digit(code[:17])


def resident_id_check_digit(first_17: str) -> str:
    """The 18th character of a resident identity number (GB 11643), from the first 17 digits."""
    total = sum(
        int(digit) * weight for digit, weight in zip(first_17, _RESIDENT_WEIGHTS, strict=True)
    )
    return _RESIDENT_CHECKS[total % 11]


def is_resident_id(number: str) -> bool:
    """Whether a number is a well-formed resident identity number: birthday and check digit."""
    if not _RESIDENT_ID.fullmatch(number) or not number.isascii():
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return number[17] == resident_id_check_digit(number[:17])


def normal_licence(code: str) -> str:
    """A licence or identity number as it is kept: capitals, no spaces."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", code)).upper()


def is_company_login(login: str) -> bool:
    """Whether a 会员名 has 2 to 40 letters, digits or Chinese characters (also `. _ -` inside)."""
    return bool(_COMPANY_LOGIN.fullmatch(login))


def is_mobile(number: str) -> bool:
    """Whether a number is a mainland mobile number, or an international one with its `+`."""
    return number.isascii() and bool(_MOBILE.fullmatch(number))


def is_landline(number: str) -> bool:
    """Whether a number may be a telephone number, an extension included (0579-8500000转12)."""
    return bool(_LANDLINE.fullmatch(number))


def is_post_code(code: str) -> bool:
    """Whether a post code has the form of one, domestic (six digits) or foreign."""
    return code.isascii() and bool(_POST_CODE.fullmatch(code))


def normal_phone(number: str) -> str:
    """A number as it is kept: half-width, without spaces, mobile numbers without dashes."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", number))
    bare = plain.replace("-", "")
    return bare if is_mobile(bare) else plain


# ------------------------------------------------------------------------------- masking


def mask_middle(text: str, head: int, tail: int) -> str:
    """Hide all but the first `head` and last `tail` characters, and always at least half.

    The length stays. 13812345678 with 3 and 4 becomes 138****5678.
    """
    shown = min(head + tail, len(text) // 2)
    tail = min(tail, shown)
    head = shown - tail
    return text[:head] + "*" * (len(text) - shown) + text[len(text) - tail :]


def mask_phone(number: str) -> str:
    """A phone number with its middle hidden: 138****5678."""
    if is_mobile(number) and len(number) == 11:
        return f"{number[:3]}****{number[7:]}"
    return mask_middle(number, 3, 2)


def mask_name(name: str) -> str:
    """A person's name with all but its first character hidden: 王**."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""


def mask_document(number: str) -> str:
    """A licence or identity number with its middle hidden: 9133**********4X."""
    return mask_middle(number, 4, 2)


def mask_email(address: str) -> str:
    """An email address with its first part hidden: w***@example.com."""
    local, at, host = address.partition("@")
    return f"{local[:1]}***{at}{host}" if at else mask_middle(address, 1, 0)


# ------------------------------------------------------------------------------- terms


def add_years(day: date, years: int) -> date:
    """The same day some years on; 29 February falls on the 28th in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def membership_term(
    since: date | None, until: date | None, today: date, years: int
) -> tuple[date, date]:
    """First and last day of membership after years are bought on a day; both days count.

    A running membership is lengthened; a lapsed one begins anew, and the years of its first
    day are counted anew with it.
    """
    if since is not None and until is not None and until >= today:
        return since, add_years(until, years)
    return today, add_years(today, years) - timedelta(days=1)


def is_member_on(until: date | None, day: date) -> bool:
    """Whether a membership is valid on a day; its last day counts."""
    return until is not None and day <= until


def keeps_an_owner(rosters: Iterable[Iterable[Role]]) -> bool:
    """Whether among the roles of active members there is an owner left."""
    return any(Role.OWNER in roles for roles in rosters)
