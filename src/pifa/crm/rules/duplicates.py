"""Which files may be of one customer, and why it seems so: pure functions."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pifa.parties.rules import normal_phone

SHORTEST_ADDRESS = 6
"""An address with fewer letters says too little."""

CROWD = 5
"""More files than this with one phone or address are a market hall, not a customer."""


class Why(StrEnum):
    """What two files have in common."""

    PHONE = "phone"
    NAME = "name"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of a file; `is_member` that a company stands behind it."""

    id: int
    name: str
    phone: str
    address: str
    is_member: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files, the lower id first, and what they have in common."""

    first: int
    second: int
    why: tuple[Why, ...]


def pairs(files: Iterable[Known]) -> list[Pair]:
    """The pairs that may be one customer, those with most in common first.

    Two members are two companies and no pair. Work grows with the files, not with their pairs.
    """
    known = list(files)
    members = {file.id for file in known if file.is_member}
    found: defaultdict[tuple[int, int], list[Why]] = defaultdict(list)
    for why, key in ((Why.PHONE, _phone), (Why.NAME, _name), (Why.ADDRESS, _address)):
        alike: defaultdict[str, list[int]] = defaultdict(list)
        for file in known:
            if value := key(file):
                alike[value].append(file.id)
        for ids in alike.values():
            if len(ids) <= CROWD:
                _note(found, sorted(ids), members, why)
    answer = [Pair(*ids, tuple(why)) for ids, why in found.items()]
    return sorted(answer, key=lambda pair: (-len(pair.why), pair.first, pair.second))


def _note(
    found: dict[tuple[int, int], list[Why]], ids: list[int], members: set[int], why: Why
) -> None:
    for at, first in enumerate(ids):
        for second in ids[at + 1 :]:
            if not (first in members and second in members):
                found[first, second].append(why)


def _phone(file: Known) -> str:
    digits = "".join(letter for letter in normal_phone(file.phone) if letter.isdigit())
    return digits if len(digits) >= 7 else ""


def _name(file: Known) -> str:
    text = _plain(file.name)
    return text if len(text) >= 2 and not text.isdigit() else ""


def _address(file: Known) -> str:
    text = _plain(file.address)
    return text if len(text) >= SHORTEST_ADDRESS else ""


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
