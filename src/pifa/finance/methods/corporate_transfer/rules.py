"""What a bank line pays: decided from the line, what the pair has open, and the payer's legal
name. Pure functions; what they do not call certain stays in suspense, and nothing is guessed.

| the line | what is certain |
| --- | --- |
| names what it pays (a payable's or an order's number) | only that is paid, wholly or in part |
| is as large as all that is open together | all of it |
| is larger | all of it; the rest stays in suspense |
| is as large as one open payable, or one open part, and no other is | that one |
| is smaller than the only open payable | so much of it |
| anything else: another payer's name, several that fit, none | nothing |
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence, Set
from dataclasses import dataclass
from enum import StrEnum

_PREFIX = "8810"
_SERIAL_DIGITS = 14
SERIALS = 10**_SERIAL_DIGITS
"""How many virtual accounts there can be."""

_BRACKETS = str.maketrans("【〔[〖「『】〕]〗」』", "((((((" + "))))))")
_NAME_NOISE = re.compile(r"[\s·・.．,，、'\"“”‘’]+")
_NUMBER = re.compile(r"(?<![0-9A-Za-z])B?[0-9]{16}(?![0-9])")


class Why(StrEnum):
    """Why a line, or some of it, is in suspense."""

    UNKNOWN_ACCOUNT = "unknown_account"
    WRONG_NAME = "wrong_name"
    NOTHING_OPEN = "nothing_open"
    UNKNOWN_REMARK = "unknown_remark"
    SEVERAL_FIT = "several_fit"
    NO_AMOUNT_FITS = "no_amount_fits"
    TOO_MUCH = "too_much"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Part:
    """An open stage of a payable, by its position in the schedule."""

    position: int
    fen: int


@dataclass(frozen=True, slots=True)
class OpenDue:
    """What a payable asks for now, and the numbers by which a remark may name it.

    Given oldest first; the parts are in the order in which they are paid.
    """

    payable_id: int
    names: frozenset[str]
    parts: tuple[Part, ...]

    @property
    def fen(self) -> int:
        """All that is asked for now."""
        return sum(part.fen for part in self.parts)


@dataclass(frozen=True, slots=True)
class Settle:
    """So much of a line pays a part of a payable."""

    payable_id: int
    position: int
    fen: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What a line pays, what of it is left for an operator, and why."""

    settles: tuple[Settle, ...]
    left_fen: int
    why: Why | None


def legal_key(name: str) -> str:
    """A legal name as it is compared: width, spaces, kinds of brackets and dots do not count."""
    key = name
    while True:
        plain = unicodedata.normalize("NFKC", key).translate(_BRACKETS)
        plain = _NAME_NOISE.sub("", plain).casefold()
        # What fell out may bring a letter and its mark together.
        if plain == key:
            return key
        key = plain


def same_name(one: str, other: str) -> bool:
    """Whether two legal names are the same one; an empty name is nobody's."""
    return bool(legal_key(one)) and legal_key(one) == legal_key(other)


def account_number(serial: int) -> str:
    """A virtual account's number: prefix, serial, two check digits (ISO 7064, MOD 97-10)."""
    if not 0 <= serial < SERIALS:
        raise ValueError(f"no serial of an account: {serial}")
    body = f"{_PREFIX}{serial:0{_SERIAL_DIGITS}d}"
    return f"{body}{98 - int(body) * 100 % 97:02d}"


def is_account_number(text: str) -> bool:
    """Whether a number can be a virtual account's: a digit that is wrong, or two that changed
    places, are found."""
    size = len(_PREFIX) + _SERIAL_DIGITS + 2
    shaped = len(text) == size and text.isascii() and text.isdigit() and text.startswith(_PREFIX)
    return shaped and int(text) % 97 == 1


def plain_number(text: str) -> str:
    """An account number as it is compared: without spaces and dashes, in plain digits."""
    return re.sub(r"[\s\-]+", "", unicodedata.normalize("NFKC", text)).upper()


def numbers_in(remark: str) -> frozenset[str]:
    """What looks like a number of ours (a payable's or an order's) in a payer's remark."""
    return frozenset(_NUMBER.findall(unicodedata.normalize("NFKC", remark).upper()))


def decide(
    fen: int,
    payer_name: str,
    legal_name: str,
    remark: str,
    dues: Sequence[OpenDue],
    known: Set[str],
) -> Decision:
    """What a line on a pair's account pays.

    `dues` are the pair's open payables, oldest first; `known` all numbers by which a remark can
    name a payable of this pair, paid ones too.
    """
    if not same_name(payer_name, legal_name):
        return _nothing(fen, Why.WRONG_NAME)
    named = numbers_in(remark)
    if named - known:
        return _nothing(fen, Why.UNKNOWN_REMARK)
    candidates = [due for due in dues if not named or due.names & named]
    if not candidates:
        return _nothing(fen, Why.NOTHING_OPEN)
    total = sum(due.fen for due in candidates)
    if fen >= total:
        settles = [settle for due in candidates for settle in _whole(due)]
        return _decision(settles, fen - total)
    fitting = [due for due in candidates if _fits(due, fen)]
    if len(fitting) == 1:
        return _decision(_exactly(fitting[0], fen), 0)
    if fitting and len(candidates) > 1:
        return _nothing(fen, Why.SEVERAL_FIT)
    if len(candidates) == 1:
        return _decision(_partly(candidates[0], fen), 0)
    return _nothing(fen, Why.NO_AMOUNT_FITS)


def _nothing(fen: int, why: Why) -> Decision:
    return Decision((), fen, why)


def _decision(settles: Sequence[Settle], left_fen: int) -> Decision:
    return Decision(tuple(settles), left_fen, Why.TOO_MUCH if left_fen else None)


def _fits(due: OpenDue, fen: int) -> bool:
    return due.fen == fen or any(part.fen == fen for part in due.parts)


def _exactly(due: OpenDue, fen: int) -> list[Settle]:
    if due.fen == fen:
        return _whole(due)
    part = next(part for part in due.parts if part.fen == fen)
    return [Settle(due.payable_id, part.position, fen)]


def _whole(due: OpenDue) -> list[Settle]:
    return [Settle(due.payable_id, part.position, part.fen) for part in due.parts]


def _partly(due: OpenDue, fen: int) -> list[Settle]:
    """The parts in their order, as far as the money goes."""
    settles, rest = [], fen
    for part in due.parts:
        share = min(rest, part.fen)
        if share:
            settles.append(Settle(due.payable_id, part.position, share))
        rest -= share
    return settles


def spread(due: OpenDue, fen: int) -> list[Settle]:
    """An operator's word: so much for a payable, its parts in their order.

    `ValueError` if that is nothing, or more than is asked for now.
    """
    if not 0 < fen <= due.fen:
        raise ValueError(f"{fen} fen for a payable that asks for {due.fen}")
    return _exactly(due, fen) if _fits(due, fen) else _partly(due, fen)
