"""The addresses of invitations, and the codes by which a guest's order is taken over.

Both are made from the number and a key of the market, so that a seller can copy a link again while
the table holds its digest only: who reads the table opens nothing.
"""

from __future__ import annotations

import base64
import hashlib

from django.conf import settings
from django.utils.crypto import salted_hmac

TOKEN_BYTES = 18
"""144 bits: nobody finds a link by trying."""

CODE_LETTERS = 16
"""Letters of a code of 32 each: 80 bits."""


def token_of(number: str, link: int) -> str:
    """What stands at the end of an invitation's address, 24 letters long."""
    made = _keyed("pifa.invitation.link", f"{number}:{link}")[:TOKEN_BYTES]
    return base64.urlsafe_b64encode(made).decode()


def claim_code_of(number: str, order_number: str) -> str:
    """The code by which a member takes over the order that a guest confirmed: ABCD-EFGH-…."""
    made = _keyed("pifa.invitation.claim", f"{number}:{order_number}")
    letters = base64.b32encode(made).decode()[:CODE_LETTERS]
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LETTERS, 4))


def normal_code(code: str) -> str:
    """A code as it is compared: without what people put between its letters."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def digest_of(text: str) -> str:
    """What the table holds of a link or of a code in its normal form."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def origin_of(caller: str) -> str:
    """Where somebody calls from, as it is kept to count tries by."""
    return _keyed("pifa.invitation.origin", caller).hex()


def _keyed(purpose: str, text: str) -> bytes:
    key = settings.LINK_KEY or settings.SECRET_KEY
    return salted_hmac(purpose, text, secret=key, algorithm="sha256").digest()
