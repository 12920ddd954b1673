"""What an emulated provider keeps: trades, their refunds, and how it is to misbehave next."""

from __future__ import annotations

import base64
import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

BITS = 2048


@dataclass
class KeyPair:
    """An RSA key; both halves as PEM for who is to have them."""

    private: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    )

    @property
    def private_pem(self) -> str:
        return self.private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()

    @property
    def public_pem(self) -> str:
        return (
            self.private.public_key()
            .public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            .decode()
        )

    def sign(self, text: str) -> str:
        """RSA with SHA-256 (PKCS #1 1.5), in base64."""
        made = self.private.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return base64.b64encode(made).decode()

    def is_signed(self, text: str, signature: str) -> bool:
        """Whether this key signed exactly this text."""
        try:
            given = base64.b64decode(signature, validate=True)
            self.private.public_key().verify(
                given, text.encode(), padding.PKCS1v15(), hashes.SHA256()
            )
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass
class Trade:
    """A trade of one merchant's number. `refunds` are fen by the merchant's refund number."""

    number: str
    fen: int
    title: str
    notify_url: str
    words: str
    state: str = "open"
    receipt_no: str = ""
    refunds: dict[str, int] = field(default_factory=dict)

    @property
    def refunded(self) -> int:
        return sum(self.refunds.values())


@dataclass
class Fault:
    """One call that goes wrong: `how` is 500 or hang, and whether the work is done before.

    `forged`: the answer is signed by another key.
    """

    verb: str
    how: str
    done: bool = False


class Refused(Exception):
    """A refusal with the provider's own code."""

    def __init__(self, code: str, status: int = 400) -> None:
        self.code, self.status = code, status
        super().__init__(code)


class Books:
    """The trades of an emulated provider, and everything that it was asked."""

    def __init__(self) -> None:
        self.trades: dict[str, Trade] = {}
        self.faults: list[Fault] = []
        self.asked: list[str] = []
        self.lock = threading.Lock()

    def times(self, verb: str) -> int:
        """How often something was asked."""
        return self.asked.count(verb)

    def fault(self, verb: str) -> Fault | None:
        """The next fault of a verb, used up by this."""
        found = next((fault for fault in self.faults if fault.verb == verb), None)
        if found is not None:
            self.faults.remove(found)
        return found

    def open(self, trade: Trade, another: str) -> Trade:
        """Open a trade, or find it: another trade of the same number is refused with a code."""
        known = self.trades.setdefault(trade.number, trade)
        if (known.fen, known.words) != (trade.fen, trade.words):
            raise Refused(another)
        return known

    def find(self, number: str, unknown: str) -> Trade:
        trade = self.trades.get(number)
        if trade is None:
            raise Refused(unknown, 404)
        return trade

    def pay(self, number: str, fen: int | None = None) -> Trade:
        """Its payer pays a trade (or `fen` instead of what it has)."""
        trade = self.trades[number]
        trade.state = "paid"
        trade.receipt_no = trade.receipt_no or f"{secrets.randbelow(10**27):028d}"
        trade.fen = trade.fen if fen is None else fen
        return trade

    def refund(self, number: str, refund_no: str, fen: int, codes: tuple[str, str]) -> Trade:
        """Send money back once for a number; `codes` for one not paid, and for too much."""
        trade = self.trades[number]
        if refund_no in trade.refunds:
            if trade.refunds[refund_no] != fen:
                raise Refused(codes[1])
            return trade
        if trade.state != "paid":
            raise Refused(codes[0])
        if trade.refunded + fen > trade.fen or fen <= 0:
            raise Refused(codes[1])
        trade.refunds[refund_no] = fen
        return trade


def write(folder: Path, name: str, text: str) -> str:
    """Keep a key in a file that only its owner reads; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text, encoding="ascii")
    file.chmod(0o600)
    return str(file)
