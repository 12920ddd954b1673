"""Draws that are the same on every Python.

The language promises only that `Random.random()` keeps its sequence for a seed; `choice`,
`sample` and friends may change between versions. Everything random in the demo market goes
through these functions, which use nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def below(rng: Random, n: int) -> int:
    """A whole number 0 … n − 1. Raises ValueError when n < 1."""
    if n < 1:
        raise ValueError(f"nothing to draw from: n={n}")
    return min(int(rng.random() * n), n - 1)


def between(rng: Random, low: int, high: int) -> int:
    """A whole number low … high, both included."""
    return low + below(rng, high - low + 1)


def uniform(rng: Random, low: float, high: float) -> float:
    """A real number in [low, high)."""
    return low + (high - low) * rng.random()


def pick(rng: Random, items: Sequence[T]) -> T:
    """One of `items`, all equally likely."""
    return items[below(rng, len(items))]


def weighted(rng: Random, items: Sequence[tuple[T, int]]) -> T:
    """One of `items`, each (value, weight) as likely as its whole-number weight says."""
    mark = below(rng, sum(weight for _, weight in items))
    for value, weight in items:
        mark -= weight
        if mark < 0:
            return value
    raise ValueError("weights must be above zero")


def some(rng: Random, items: Sequence[T], count: int) -> list[T]:
    """`count` different members of `items` in their original order (all when there are fewer)."""
    rest = list(range(len(items)))
    taken = [rest.pop(below(rng, len(rest))) for _ in range(min(count, len(items)))]
    return [items[index] for index in sorted(taken)]


def shuffled(rng: Random, items: Sequence[T]) -> list[T]:
    """All of `items` in a drawn order."""
    rest = list(items)
    return [rest.pop(below(rng, len(rest))) for _ in range(len(rest))]


def chance(rng: Random, probability: float) -> bool:
    """True with the given probability (0 … 1)."""
    return rng.random() < probability
