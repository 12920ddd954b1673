"""Amounts and unit prices: exact, in fen and in ten-thousandths of a yuan.

Floats never take part. An amount is whole fen; a unit price has four decimals, because
a washer may cost ¥0.0350. A line's amount is rounded half up to the fen, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

FEN_PER_YUAN = 100
E4_PER_YUAN = 10_000
E4_PER_FEN = 100
MAX_FEN = 10**15


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in whole fen (¥0.01); may be negative."""

    fen: int

    @classmethod
    def yuan(cls, value: str | int | Decimal) -> Money:
        """Read yuan exactly; `ValueError` if there is less than a fen in it."""
        try:
            fen = Decimal(value) * FEN_PER_YUAN
        except InvalidOperation as error:
            raise ValueError(f"not an amount: {value!r}") from error
        if not fen.is_finite() or fen != fen.to_integral_value():
            raise ValueError(f"not whole fen: {value!r}")
        return cls(int(fen))

    @property
    def decimal(self) -> Decimal:
        """The amount in yuan with two decimals."""
        return Decimal(self.fen).scaleb(-2)

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __mul__(self, count: int) -> Money:
        return Money(self.fen * count)

    def __bool__(self) -> bool:
        return self.fen != 0

    def __str__(self) -> str:
        sign = "-" if self.fen < 0 else ""
        return f"{sign}¥{abs(self.decimal):,.2f}"

    def split(self, weights: Sequence[int]) -> list[Money]:
        """Share the amount out by non-negative weights; the parts always add up to it.

        Fen left over after rounding down go to the largest remainders, first come first.
        """
        total = sum(weights)
        if total <= 0 or any(weight < 0 for weight in weights):
            raise ValueError("weights must be non-negative and not all zero")
        size, sign = abs(self.fen), (-1 if self.fen < 0 else 1)
        shares = [size * weight // total for weight in weights]
        remainders = sorted(
            range(len(weights)), key=lambda index: (-(size * weights[index] % total), index)
        )
        for index in remainders[: size - sum(shares)]:
            shares[index] += 1
        return [Money(sign * share) for share in shares]


ZERO = Money(0)


def total(amounts: Iterable[Money]) -> Money:
    """The sum of amounts; nothing adds up to ¥0.00."""
    return Money(sum(amount.fen for amount in amounts))


@dataclass(frozen=True, slots=True, order=True)
class UnitPrice:
    """A price per piece in 1/10,000 yuan."""

    e4: int

    @classmethod
    def yuan(cls, value: str | int | Decimal) -> UnitPrice:
        """Read yuan exactly; `ValueError` if there are more than four decimals."""
        try:
            e4 = Decimal(value) * E4_PER_YUAN
        except InvalidOperation as error:
            raise ValueError(f"not a unit price: {value!r}") from error
        if not e4.is_finite() or e4 != e4.to_integral_value():
            raise ValueError(f"more than four decimals: {value!r}")
        return cls(int(e4))

    @property
    def decimal(self) -> Decimal:
        """The price in yuan with four decimals."""
        return Decimal(self.e4).scaleb(-4)

    def __str__(self) -> str:
        """At least two decimals, up to four: ¥0.35, ¥0.035, ¥0.0355."""
        whole, part = divmod(abs(self.e4), E4_PER_YUAN)
        digits = f"{part:04d}"
        digits = digits[:2] + digits[2:].rstrip("0")
        return f"{'-' if self.e4 < 0 else ''}¥{whole:,}.{digits}"


def line_amount(price: UnitPrice, quantity: int) -> Money:
    """Unit price × quantity, rounded half up (away from zero) to the fen, once."""
    exact = Decimal(price.e4 * quantity) / E4_PER_FEN
    return Money(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)))
