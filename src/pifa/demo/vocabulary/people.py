"""Invented persons, phones and licence numbers that cannot belong to anybody."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from pifa.demo.vocabulary.chance import below, pick


def spelled(table: str) -> tuple[tuple[str, str], ...]:
    """(characters, spelling) of every blank-separated `characters:spelling` in `table`."""
    pairs = (entry.partition(":") for entry in table.split())
    return tuple((characters, spelling) for characters, _, spelling in pairs)


_SURNAMES = spelled(
    """闻人:wenren 鲜于:xianyu 钟离:zhongli 澹台:tantai 濮阳:puyang 令狐:linghu 第五:diwu
    百里:baili 东郭:dongguo 南门:nanmen 呼延:huyan 羊舌:yangshe 微生:weisheng 梁丘:liangqiu
    左丘:zuoqiu 宰父:zaifu 谷梁:guliang 段干:duangan 巫马:wuma 公冶:gongye"""
)
_GIVEN = spelled(
    """苇:wei 砚:yan 禾:he 榫:sun 汀:ting 桐:tong 朔:shuo 霁:ji 栎:li 芷:zhi 岚:lan 杼:zhu
    槿:jin 沅:yuan 柘:zhe 麓:lu 棠:tang 珂:ke 笙:sheng 屿:yu 粟:su 鸢:yuan 楸:qiu 澜:lan"""
)
_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Characters of a unified social credit code (no I, O, S, V, Z)."""


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """An invented person: name, spelling for a login, and a mobile number nobody can have."""

    name: str
    pinyin: str
    phone: str


def make_person(rng: Random) -> PersonSpec:
    """A person with one of twenty rare two-character surnames and an invented given name."""
    surname, surname_pinyin = pick(rng, _SURNAMES)
    given, given_pinyin = pick(rng, _GIVEN)
    return PersonSpec(surname + given, f"{surname_pinyin}.{given_pinyin}", make_phone(rng))


def make_phone(rng: Random) -> str:
    """Eleven digits beginning with 1540000: no mobile network has numbers beginning with 154."""
    return f"1540000{below(rng, 10_000):04d}"


def make_licence(rng: Random) -> str:
    """A unified social credit code of 18 characters with a right check digit (GB 32100).

    It begins with 91 (enterprise) and names region 000000, which does not exist.
    """
    body = "91000000" + _organisation(rng)
    weights = [pow(3, place, 31) for place in range(17)]
    total = sum(_CODE.index(mark) * weight for mark, weight in zip(body, weights, strict=True))
    return body + _CODE[(31 - total % 31) % 31]


def _organisation(rng: Random) -> str:
    digits = "".join(str(below(rng, 10)) for _ in range(8))
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    check = 11 - sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11
    return digits + {10: "X", 11: "0"}.get(check, str(check))
