"""The story of a season as it is told: lines, endings, and their words in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, NamedTuple

from django.utils.translation import override

from pifa.kernel.errors import DomainError

Language = Literal["zh", "en"]


class Words(NamedTuple):
    """The same in Chinese and English."""

    zh: str
    en: str

    def of(self, language: Language) -> str:
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True)
class Said:
    """What something came to, and by which rules; `reached` and `asked` are fen where it was measured."""

    words: Words
    rules: tuple[str, ...] = ()
    reached: int | None = None
    asked: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story."""

    at: datetime
    who: str
    said: Said


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a seller in the season: outcomes by checkpoint, and its state in the end (none:
    it did not become a member)."""

    who: str
    outcomes: dict[str, str]
    state: str
    frozen_until: date | None


OUTCOMES: Final = {
    "kept": Words("达标，流量标保留或恢复", "passed; traffic tag kept or restored"),
    "renewed": Words("达标，留存到下一季", "passed; stays for the next season"),
    "traffic_lost": Words("未达标，摘除流量标", "missed; traffic tag removed"),
    "not_renewed": Words("未达标，不再留存", "missed; does not stay"),
    "frozen": Words("未达标，去标并冻结", "missed; tags removed, frozen"),
}

STATES: Final = {
    "": Words("未入选", "not a member"),
    "waiting": Words("待开始", "waiting"),
    "in_force": Words("进行中", "in force"),
    "renewed": Words("已留存", "renewed"),
    "ended": Words("已结束", "ended"),
    "removed": Words("已去标", "removed"),
}


def say(zh: str, en: str, *rules: str) -> Said:
    """Something said in both languages."""
    return Said(Words(zh, en), rules)


def refused(error: DomainError, what: Words, rules: Iterable[str]) -> Said:
    """A refusal in the market's own words."""
    with override("zh-hans"):
        zh = str(error)
    with override("en"):
        en = str(error)
    return Said(Words(f"{what.zh}被拒：{zh}", f"{what.en} refused: {en}"), tuple(rules))
