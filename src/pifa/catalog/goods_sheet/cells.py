"""How the goods sheet writes values into cells, and reads what people write there instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pifa.catalog import rules
from pifa.catalog.rules import MAX_QUANTITY, Tier
from pifa.kernel.money import UnitPrice

Pairs = tuple[tuple[str, str], ...]
CLEAR = "-"
"""Written into a cell it empties the value; a blank cell leaves the value as it is."""

_WHOLE = re.compile(r"[+-]?\d+(?:\.0+)?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SEPARATORS, _COLONS = ";；\n", ":："


class CellError(ValueError):
    """What a cell cannot mean, and what to write instead."""

    def __init__(self, reason: str | Promise, remedy: str | Promise) -> None:
        self.reason, self.remedy = reason, remedy
        super().__init__(str(reason))


def read_text(text: str) -> str:
    """A text in one line."""
    return " ".join(text.split())


def read_long_text(text: str) -> str:
    """A text of several lines."""
    return text.replace("\r\n", "\n").replace("_x000D_", "").strip()


def read_whole(text: str) -> int:
    """A whole number; 1,000 and full-width digits are understood."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if not _WHOLE.fullmatch(plain) or len(plain) > 20:
        raise CellError(_("“{text}”不是整数").format(text=text[:40]), _("请填写整数，例如 100"))
    return int(plain.partition(".")[0])


def read_grams(text: str) -> int:
    """Milligrams of a weight in grams; 1,000.5 and full-width digits are understood."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    try:
        return rules.read_grams(plain)
    except ValueError as error:
        raise CellError(
            _("“{text}”不是克数").format(text=text[:40]),
            _("请填写克数，最多三位小数，例如 12 或 0.1"),
        ) from error


def read_yes_no(text: str) -> bool:
    """是 or 否, in the ways people write them."""
    answers = {"是": True, "yes": True, "y": True, "true": True, "1": True, "启用": True}
    answers |= {"否": False, "no": False, "n": False, "false": False, "0": False, "停用": False}
    answer = answers.get(text.strip().casefold())
    if answer is None:
        raise CellError(_("“{text}”看不懂").format(text=text[:40]), _("请填写“是”或“否”"))
    return answer


def read_choice(choices: Mapping[str, str]) -> Callable[[str], str]:
    """A reader for one of some words; each word leads to its stored value."""

    def read(text: str) -> str:
        value = choices.get(text.strip().casefold())
        if value is None:
            raise CellError(
                _("没有“{text}”这个选项").format(text=text[:40]),
                _("请填写：{choices}").format(choices="、".join(choices)),
            )
        return value

    return read


def read_names(text: str) -> tuple[str, ...]:
    """Several names, separated by semicolons or line breaks."""
    return tuple(unescaped(part) for part in _parts(text))


def read_pairs(text: str) -> Pairs:
    """Name and value, as in 材质:304;标准:GB/T 5782."""
    pairs = []
    for part in _parts(text):
        name, *rest = _split(part, _COLONS, at_most=1)
        if not rest:
            raise CellError(
                _("“{part}”里没有冒号").format(part=part[:40]),
                _("请写成“名称:值”，多个之间用分号隔开，例如 尺寸:M8×30;表面:镀锌"),
            )
        pairs.append((read_text(unescaped(name)), read_text(unescaped(rest[0]))))
    return tuple(pairs)


def read_tiers(text: str) -> tuple[Tier, ...]:
    """Price breaks, as in 1:0.35;1000:0.31. A price alone holds from the first piece on."""
    plain = unicodedata.normalize("NFKC", text).replace("¥", "").replace("￥", "")
    tiers = []
    for part in _parts(plain):
        quantity, colon, price = part.rpartition(":")
        tiers.append(Tier(_tier_quantity(quantity, part) if colon else 1, _price(price, part)))
    return tuple(tiers)


def write_pairs(pairs: Sequence[tuple[str, str]]) -> str:
    """The text that `read_pairs` reads back."""
    return ";".join(f"{escaped(name, ':')}:{escaped(value, '')}" for name, value in pairs)


def write_names(names: Sequence[str]) -> str:
    """The text that `read_names` reads back."""
    return ";".join(escaped(name, "") for name in names)


def write_tiers(tiers: Sequence[Tier]) -> str:
    """The text that `read_tiers` reads back."""
    return ";".join(f"{tier.min_quantity}:{_plain_price(tier.price)}" for tier in tiers)


def write_grams(weight_mg: int) -> Decimal:
    """The number that `read_grams` reads back."""
    return Decimal(rules.grams_text(weight_mg))


def escaped(text: str, more: str) -> str:
    """A text in which separators mean themselves."""
    return re.sub(r"([\\;；\n:：])" if more else r"([\\;；\n])", r"\\\1", text)


def unescaped(text: str) -> str:
    """Undo `escaped`."""
    return _ESCAPED.sub(r"\1", text).strip()


def _parts(text: str) -> list[str]:
    """The parts between separators; empty parts are no parts."""
    return [part.strip() for part in _split(text, _SEPARATORS) if part.strip()]


def _split(text: str, separators: str, at_most: int = -1) -> list[str]:
    """Split at separators that no backslash takes their meaning from."""
    parts: list[str] = []
    start = index = 0
    while index < len(text) and len(parts) != at_most:
        if text[index] == "\\":
            index += 1
        elif text[index] in separators:
            parts.append(text[start:index])
            start = index + 1
        index += 1
    parts.append(text[start:])
    return parts


def _tier_quantity(text: str, part: str) -> int:
    try:
        quantity = read_whole(text)
    except CellError as error:
        raise _bad_tier(part) from error
    if not 1 <= quantity <= MAX_QUANTITY:
        raise _bad_tier(part)
    return quantity


def _price(text: str, part: str) -> UnitPrice:
    plain = text.replace(",", "").strip()
    if len(plain) > 20 or not re.fullmatch(r"\d+(?:\.\d+)?", plain):
        raise _bad_tier(part)
    try:
        return UnitPrice.yuan(plain)
    except ValueError as error:
        raise CellError(
            _("单价“{text}”超过四位小数").format(text=plain), _("单价最多四位小数，例如 0.0350")
        ) from error


def _bad_tier(part: str) -> CellError:
    return CellError(
        _("“{part}”不是阶梯价").format(part=part[:40]),
        _("请写成“数量:单价”，多档之间用分号隔开，例如 1:0.35;1000:0.31"),
    )


def _plain_price(price: UnitPrice) -> str:
    text = format(price.decimal, "f")
    return text.rstrip("0").rstrip(".")
