"""How values travel: amounts as decimal strings in yuan, ids, texts, days, pages.

What comes in is checked for form only (`In`, answered by 400); whether it makes sense is for
the commands to say. What goes out is taken from the floors' views by name (`Out`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Query, Schema
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    Strict,
)
from pydantic.json_schema import WithJsonSchema
from pydantic_core import PydanticCustomError, PydanticKnownError

from pifa.catalog.rules import MAX_QUANTITY
from pifa.kernel import clock
from pifa.kernel.errors import InvalidInput
from pifa.kernel.money import Money, UnitPrice
from pifa.kernel.paging import DEFAULT_SIZE, MAX_SIZE

MAX_ID = 2**63 - 1
AMOUNT_PATTERN = r"^(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?$"
PRICE_PATTERN = r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,4})?$"
_AMOUNT = re.compile(AMOUNT_PATTERN.strip("^$"))
_PRICE = re.compile(PRICE_PATTERN.strip("^$"))
GRAMS_PATTERN = r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$"
_GRAMS = re.compile(GRAMS_PATTERN.strip("^$"))


def says(words: str | Promise) -> str:
    """Words of the description; they are translated when it is written in some language."""
    return cast(str, words)


class In(BaseModel):
    """A request's body: unknown names are refused, so that a typing error is told.

    It is read from JSON, not from objects, and so is spared the framework's own schema.
    """

    model_config = ConfigDict(extra="forbid")


class Out(Schema):
    """An answer, read from a view or a row by attribute."""


def _read_amount(value: Any) -> Money:
    if isinstance(value, Money):
        return value
    if not isinstance(value, str) or not _AMOUNT.fullmatch(value):
        raise PydanticCustomError("amount", "an amount in yuan such as 12300.00")
    return Money.yuan(value)


def _read_price(value: Any) -> UnitPrice:
    if isinstance(value, UnitPrice):
        return value
    if not isinstance(value, str) or not _PRICE.fullmatch(value):
        raise PydanticCustomError("unit_price", "a unit price in yuan such as 0.0350")
    return UnitPrice.yuan(value)


def _read_weight(value: Any) -> Decimal:
    if not isinstance(value, str) or not _GRAMS.fullmatch(value):
        raise PydanticCustomError("grams", "a weight in grams such as 0.100")
    return Decimal(value)


def _shown_amount(value: Any) -> Money:
    return value if isinstance(value, Money) else Money.yuan(value)


def _shown_price(value: Any) -> UnitPrice:
    return value if isinstance(value, UnitPrice) else UnitPrice.yuan(value)


def _decimal(value: Money | UnitPrice) -> str:
    return str(value.decimal)


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise PydanticKnownError("int_type")
    return value


def _sensible(value: date) -> date:
    if not clock.FIRST_DAY <= value <= clock.LAST_DAY:
        raise InvalidInput(reason=_("日期须在 2000-01-01 到 2999-12-31 之间。"))
    return value


Amount = Annotated[
    Money,
    PlainValidator(_read_amount),
    PlainSerializer(_decimal),
    WithJsonSchema({"type": "string", "pattern": AMOUNT_PATTERN, "examples": ["12300.00"]}),
]
"""An amount a client sends: yuan, not negative, at most two decimals, as a string."""

Yuan = Annotated[
    Money,
    PlainValidator(_shown_amount),
    PlainSerializer(_decimal),
    WithJsonSchema(
        {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$", "examples": ["12300.00"]}
    ),
]
"""An amount in an answer: yuan with two decimals; reductions are negative."""

Price = Annotated[
    UnitPrice,
    PlainValidator(_read_price),
    PlainSerializer(_decimal),
    WithJsonSchema({"type": "string", "pattern": PRICE_PATTERN, "examples": ["0.0350"]}),
]
"""A unit price a client sends: yuan, at most four decimals, as a string."""

UnitYuan = Annotated[
    UnitPrice,
    PlainValidator(_shown_price),
    PlainSerializer(_decimal),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{4}$", "examples": ["0.0350"]}),
]
"""A unit price in an answer: yuan with four decimals."""

Grams = Annotated[
    Decimal,
    PlainValidator(_read_weight),
    WithJsonSchema({"type": "string", "pattern": GRAMS_PATTERN, "examples": ["0.100"]}),
]
"""A weight a client sends: grams, at most three decimals, as a string."""

ShownGrams = Annotated[
    Decimal,
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]+\.[0-9]{3}$", "examples": ["0.100"]}),
]
"""A weight in an answer: grams with three decimals."""

PathId = Annotated[int, Field(ge=1, le=MAX_ID)]
"""An id in an address or a query."""

WHOLE = BeforeValidator(_whole)
"""A whole JSON number (36 and 36.0 are one), never a text that looks like one."""

Id = Annotated[int, Field(ge=1, le=MAX_ID), WHOLE]
"""An id in a body."""

Pieces = Annotated[int, Field(ge=1, le=MAX_QUANTITY), WHOLE]
"""A quantity one can order."""

Count = Annotated[int, Field(ge=0, le=2**31 - 1), WHOLE]
"""A count from zero on."""

Flag = Annotated[bool, Strict()]
Line = Annotated[str, Field(max_length=500)]
"""A short text; commands say what they need of it."""

Text = Annotated[str, Field(max_length=20_000)]
"""A longer text."""

Number = Annotated[str, Field(max_length=32, pattern=r"^[0-9A-Za-z-]+$")]
"""A public number of an order, a refund, a payable or a payment."""

Region = Annotated[str, Field(pattern=r"^[0-9]{2}$", examples=["33"])]
"""A province-level region by its two-digit code (GB/T 2260)."""

Day = Annotated[date, AfterValidator(_sensible)]
"""A market day."""


class PageQuery(Schema):
    """Which page of a list: the cursor of the page before, and how many items."""

    cursor: str | None = Field(
        None, max_length=400, description=says(_("上一页答案里的 next_cursor"))
    )
    size: int = Field(DEFAULT_SIZE, ge=1, le=MAX_SIZE)


Paging = Annotated[PageQuery, Query()]


class PageOut(Out):
    """A page of a list; its subclasses have `items`. Without `next_cursor` it is the last."""

    next_cursor: str | None = None


def listed(items: Any) -> Mapping[str, Any]:
    """A list that is never long, in the same form as a page."""
    return {"items": items, "next_cursor": None}
