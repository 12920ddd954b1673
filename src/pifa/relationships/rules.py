"""Claim codes: what a seller hands to a customer so that its company can take over its file.

Pure, but for the randomness of a new code.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from datetime import timedelta

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and capitals that nobody confuses on paper or by telephone."""

CODE_LENGTH = 12
CODE_VALID_FOR = timedelta(days=30)


def new_code() -> str:
    """A random code of 59 bits in groups of four: `7KQM-2W4T-XR9B`."""
    drawn = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(drawn[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def normal_code(typed: str) -> str:
    """A code as it was meant, however it was typed: case, spaces, dashes, full-width letters."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return "".join(character for character in plain if character in CODE_ALPHABET)


def digest_of(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256(normal_code(code).encode()).hexdigest()
