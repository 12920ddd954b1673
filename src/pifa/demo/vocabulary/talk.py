"""What people write on the market: reviews, questions, refund reasons, disputes.

All texts come from `data/talk.toml`. Where a text speaks of the goods, pass the kind's name.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from pifa.demo.vocabulary.chance import pick


@dataclass(frozen=True, slots=True)
class Chat:
    """A buyer's question about goods and the seller's answer."""

    ask: str
    answer: str


@dataclass(frozen=True, slots=True)
class DisputeText:
    """A dispute's three texts, and whether the operator upheld the buyer's claim."""

    claim: str
    answer: str
    verdict: str
    upheld: bool


@cache
def _talk() -> dict[str, Any]:
    file = files(__package__).joinpath("data", "talk.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def review(rng: Random, stars: int, goods: str) -> str:
    """A review text fit for 1 … 5 stars. Raises KeyError for other stars."""
    return str(pick(rng, _talk()["reviews"][str(stars)])).format(goods=goods)


def review_reply(rng: Random) -> str:
    """A seller's answer to a review."""
    return str(pick(rng, _talk()["reviews"]["replies"]))


def chat(rng: Random, goods: str) -> Chat:
    """A question and its answer about `goods`."""
    found = pick(rng, _talk()["chats"])
    return Chat(found["ask"].format(goods=goods), found["answer"].format(goods=goods))


def order_messages() -> tuple[tuple[str, str], ...]:
    """Messages on an order in their usual order: ("buyer" or "seller", text)."""
    return tuple((entry["from"], entry["text"]) for entry in _talk()["order_messages"])


def buyer_note(rng: Random) -> str:
    """A buyer's message to the seller at checkout."""
    return str(pick(rng, _talk()["buyer_notes"]["texts"]))


def refund_reason(rng: Random, *, shipped: bool) -> str:
    """Why a buyer asks for money back, before or after shipment."""
    key = "after_shipment" if shipped else "before_shipment"
    return str(pick(rng, _talk()["refund_reasons"][key]))


def close_reason(rng: Random) -> str:
    """Why an unpaid order was closed by a person."""
    return str(pick(rng, _talk()["close_reasons"]["texts"]))


def dispute(rng: Random, goods: str, *, upheld: bool) -> DisputeText:
    """The texts of a dispute that ended for (`upheld`) or against the buyer."""
    found = pick(rng, [entry for entry in _talk()["disputes"] if entry["upheld"] is upheld])
    return DisputeText(
        found["claim"].format(goods=goods),
        found["answer"].format(goods=goods),
        found["verdict"].format(goods=goods),
        upheld,
    )


def takedown_reason(rng: Random) -> str:
    """Why an operator took an offer down."""
    return str(pick(rng, _talk()["operator"]["takedown"]))


def penalty_reason(rng: Random) -> str:
    """Why an operator gave penalty points."""
    return str(pick(rng, _talk()["operator"]["penalty"]))


def licence_rejection(rng: Random) -> str:
    """Why an operator sent a business licence back."""
    return str(pick(rng, _talk()["operator"]["licence_rejected"]))


def channel_post(rng: Random, goods: str) -> str:
    """A seller's update to its customers."""
    return str(pick(rng, _talk()["operator"]["posts"])).format(goods=goods)


def carriers() -> tuple[str, ...]:
    """Invented carriers."""
    return tuple(_talk()["carriers"]["names"])
