"""The script of March 2018: who does what on which day, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pifa.demo.season.market import Market, go_to, hear
from pifa.integrity import commands as integrity
from pifa.kernel import clock
from pifa.kernel.errors import DomainError
from pifa.kernel.money import Money
from pifa.programme import commands, shelf
from pifa.programme.models import Freeze, Membership, SeasonRow, Verdict

CODE = "march-2018"

SELLERS = {
    "steady": ("永固紧固件", "稳步完成"),
    "late": ("长锋工具", "上半月落后，大促追回"),
    "fails_peak": ("恒力五金", "大促当日不足"),
    "short": ("金匠工具", "只完成九成"),
    "brushing": ("速发五金", "刷单被查"),
    "returning": ("老山工具", "老通天，直接报名"),
    "lapsed": ("东辉五金", "十二月通天，一月没有续报"),
    "exception": ("铭泰精工", "诚信等级不够，特批"),
    "again": ("新起点五金", "一月彩排未过，二月再来"),
}
"""Each with its name and how it behaves."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Step:
    """Something somebody does at a moment; what it comes to is told."""

    at: datetime
    who: str
    does: Callable[[Market], str]


@dataclass(frozen=True, slots=True)
class Ending:
    """What became of a seller in the season: outcomes by checkpoint, and its state in the end."""

    who: str
    outcomes: dict[str, str]
    state: str
    frozen_until: date | None


def play(tell: Callable[[Told], None] = lambda told: None) -> list[Ending]:
    """Play the season on the empty database of this process, and tell it as it goes."""
    market = Market()
    market.open(_at(2017, 10, 31))
    for key, (name, _how) in SELLERS.items():
        market.settle(key, name, "BB" if key == "exception" else "AA")
    monthly = shelf.find("monthly").read_text()
    for text, month in (
        (monthly, date(2017, 12, 1)),
        (monthly, date(2018, 1, 1)),
        (shelf.find(CODE).read_text(), None),
    ):
        row = commands.publish(market.staff[0], text, month)
        tell(Told(clock.now(), "小二", f"发布《{row.title}》"))
    seen = 0
    for step in sorted(_steps(), key=lambda one: one.at):
        go_to(step.at)
        seen = _tell_verdicts(seen, tell)
        tell(Told(step.at, SELLERS[step.who][0] if step.who else "小二", step.does(market)))
        hear()
        seen = _tell_verdicts(seen, tell)
    go_to(_at(2018, 4, 2))
    _tell_verdicts(seen, tell)
    return [_ending(key, market) for key in SELLERS]


def _at(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return clock.start_of_day(date(year, month, day)) + timedelta(hours=hour)


# -------------------------------------------------------------------------- the script
def _steps() -> Iterator[Step]:
    yield from _earlier_seasons()
    yield from _entering()
    yield from _selling()
    yield from _brushing()


def _earlier_seasons() -> Iterator[Step]:
    """The returning one is a member of January; the lapsed one was one of December."""
    for who, code, year, month in (
        ("lapsed", "monthly-2017-12", 2017, 11),
        ("returning", "monthly-2018-01", 2017, 12),
    ):
        yield Step(_at(year, month, 10), who, _rehearses(who, code))
        yield Step(_at(year, month, 20), who, _enrols(who, code))
    yield Step(_at(2017, 12, 5), "lapsed", _sells("lapsed", 1_000_000))
    yield Step(_at(2017, 12, 20), "lapsed", _sells("lapsed", 500_000))
    yield Step(_at(2018, 1, 8), "returning", _sells("returning", 1_050_000))


def _entering() -> Iterator[Step]:
    for who, month, day in (
        ("steady", 1, 5), ("fails_peak", 1, 12), ("late", 2, 3), ("short", 2, 6), ("brushing", 2, 8),
        ("exception", 2, 9), ("again", 2, 10), ("lapsed", 2, 11),
    ):  # fmt: skip
        yield Step(_at(2018, month, day), who, _rehearses(who, CODE))
        if who != "exception":
            yield Step(_at(2018, month, 20), who, _enrols(who, CODE))
    yield Step(_at(2018, 1, 9), "again", _rehearses("again", CODE, enough=False))
    yield Step(_at(2018, 1, 18), "returning", _enrols("returning", CODE))
    yield Step(_at(2018, 1, 19), "lapsed", _enrols("lapsed", CODE))
    yield Step(_at(2018, 1, 28), "again", _enrols("again", CODE))
    yield Step(_at(2018, 2, 16), "exception", _enrols("exception", CODE))
    yield Step(_at(2018, 2, 17), "exception", _asks_for_an_exception)


def _selling() -> Iterator[Step]:
    for who, sales in {
        "steady": ((8, 250_000), (28, 550_000), (30, 300_000)),
        "late": ((20, 100_000), (28, 600_000), (30, 400_000)),
        "fails_peak": ((10, 300_000), (28, 400_000), (30, 400_000)),
        "short": ((12, 200_000), (28, 500_000), (30, 200_000)),
        "returning": ((5, 200_000), (28, 500_000), (31, 300_000)),
        "lapsed": ((6, 210_000), (28, 520_000), (29, 280_000)),
        "exception": ((7, 220_000), (28, 510_000), (31, 280_000)),
        "again": ((9, 230_000), (28, 530_000), (31, 250_000)),
    }.items():
        for day, yuan in sales:
            yield Step(_at(2018, 3, day, 11), who, _sells(who, yuan))


def _brushing() -> Iterator[Step]:
    def sells(market: Market) -> str:
        market.ruled["brushing"] = market.sell("brushing", 260_000, by_bank=True)
        return f"一笔大单 {Money.yuan('260000')}"

    def ruled(market: Market) -> str:
        integrity.rule_brushing(market.staff[0], market.ruled["brushing"], "物流单号为空包。")
        return "裁定速发五金的大单为虚假交易"

    yield Step(_at(2018, 3, 11), "brushing", sells)
    yield Step(_at(2018, 3, 18), "", ruled)


# -------------------------------------------------------------------------- what they do
def _rehearses(who: str, code: str, *, enough: bool = True) -> Callable[[Market], str]:
    def does(market: Market) -> str:
        found = market.rehearse(who, code, enough=enough)
        return f"彩排：{found.get_state_display()}"

    return does


def _enrols(who: str, code: str) -> Callable[[Market], str]:
    def does(market: Market) -> str:
        try:
            enrolment = market.enrol(who, code)
        except DomainError as error:
            return f"报名被拒：{error}"
        market.approve(enrolment, "资质齐全")
        return f"报名《{enrolment.season.title}》通过（{enrolment.entry}）"

    return does


def _asks_for_an_exception(market: Market) -> str:
    enrolment = market.enrol("exception", CODE, "行业知名品牌，线下年营业额 3 亿元。")
    first = market.approve(enrolment, "看过工厂", 0)
    second = market.approve(enrolment, "同意", 1)
    return f"申请特批：{first} → {second}"


def _sells(who: str, yuan: int) -> Callable[[Market], str]:
    def does(market: Market) -> str:
        market.sell(who, yuan, by_bank=True)
        return f"成交 {Money(yuan * 100)}"

    return does


# -------------------------------------------------------------------------- what came of it
def _tell_verdicts(seen: int, tell: Callable[[Told], None]) -> int:
    """Tell the verdicts since one; the last that was told."""
    rows = Verdict.objects.filter(pk__gt=seen).select_related("membership__company", "run")
    for one in rows.order_by("pk"):
        words = (
            f"{one.run.code}：{Money(one.measured_fen)} / {Money(one.asked_fen)} → {one.outcome}"
        )
        tell(Told(one.at, one.membership.company.name, words))
        seen = one.pk
    return seen


def _ending(key: str, market: Market) -> Ending:
    company_id = market.sellers[key].company_id
    row = SeasonRow.objects.get(code=CODE)
    verdicts = Verdict.objects.filter(
        membership__company=company_id, membership__season=row, superseded=False
    ).select_related("run")
    frozen = Freeze.objects.filter(company=company_id, kind="missed", lifted_at=None).first()
    return Ending(
        who=key,
        outcomes={one.run.code: one.outcome for one in verdicts.order_by("run__position")},
        state=Membership.objects.get(company=company_id, season=row).state,
        frozen_until=frozen.until if frozen else None,
    )
