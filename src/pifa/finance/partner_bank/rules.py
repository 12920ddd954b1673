"""What an account's opening and its passwords have to be. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields

LOCK_AFTER = 5
"""So many wrong passwords in a row lock it."""

LOCK_HOURS = 3

SHOWN_MINUTES = 15
"""For how long the query password opens balance and statement."""

SIGNED_MINUTES = 5
"""Within which a movement has to follow the payment password."""

_BRACKETS = str.maketrans("（）［］【】", "()[][]")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a company says it is, or was verified to be."""

    name: str
    licence_no: str
    representative: str


def differs(told: Identity, verified: Identity) -> str:
    """The first field in which what was told is not what was verified; empty if all agree.

    Width, spaces and kinds of brackets aside. A representative that was not asked for when the
    company was verified is not compared.
    """
    for field in fields(Identity):
        known = normal(getattr(verified, field.name))
        if field.name == "representative" and not known:
            continue
        if not known or normal(getattr(told, field.name)) != known:
            return field.name
    return ""


def normal(text: str) -> str:
    """A name or number without what people write differently."""
    wide = "".join(
        chr(ord(letter) - 0xFEE0) if "！" <= letter <= "～" else letter
        for letter in text.translate(_BRACKETS)
    )
    return "".join(wide.split()).upper()


def is_card_number(number: str) -> bool:
    """Whether it can be the number of an account at a bank: 8 to 30 digits."""
    return number.isascii() and number.isdigit() and 8 <= len(number) <= 30


def digest_of(token: str) -> str:
    """What of an authorisation's token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()
