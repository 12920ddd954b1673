"""The script of March 2018: who does what on which day, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pifa.demo.season import doing
from pifa.demo.season.doing import CODE, Does
from pifa.demo.season.market import Market, go_to, hear
from pifa.demo.season.told import OUTCOMES, Ending, Said, Told, Words, say
from pifa.kernel import clock
from pifa.kernel.money import Money
from pifa.programme import commands, shelf
from pifa.programme.models import Freeze, Membership, SeasonRow, Verdict

STAFF = "小二"

SELLERS = {
    "steady": ("永固紧固件", Words("稳步完成", "steady")),
    "late": ("长锋工具", Words("上半月落后，大促追回", "late, catches up on the peak day")),
    "credit": ("积水五金", Words("蓄水一：账期款 28 日到期", "build-up A: trade credit due on the 28th")),
    "invited": ("约付工具", Words("蓄水二：待付款订单 28 日付", "build-up B: invitations paid on the 28th")),
    "fails_peak": ("恒力五金", Words("大促当日不足，申诉被驳回", "fails the peak; its appeal is dismissed")),
    "short": ("金匠工具", Words("只完成九成", "ends at nine tenths")),
    "brushing": ("速发五金", Words("刷单被查", "caught brushing")),
    "returning": ("老山工具", Words("老通天，直接报名；进口大户", "returning; a large importer")),
    "lapsed": ("东辉五金", Words("十二月通天，一月没有续报", "of December, lapsed in January")),
    "exception": ("铭泰精工", Words("诚信等级不够，特批", "graded too low: an exception")),
    "again": ("新起点五金", Words("一月彩排未过，二月再来", "fails January's rehearsal, tries again")),
    "shut_out": ("百试五金", Words("门槛都不够", "every gate is shut")),
    "infringing": ("仿锐五金", Words("知识产权严重侵权", "infringes gravely")),
}  # fmt: skip
"""Each with its name and how it behaves."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something somebody does at a moment; what it comes to is told."""

    at: datetime
    who: str
    does: Does


def play(tell: Callable[[Told], None] = lambda told: None) -> list[Ending]:
    """Play the season on the empty database of this process, and tell it as it goes."""
    market = Market()
    market.open(_at(2017, 10, 31))
    for key, (name, _how) in SELLERS.items():
        if key == "shut_out":
            market.settle_shut_out(key, name)
        else:
            market.settle(key, name, "BB" if key == "exception" else "AA")
    monthly = shelf.find("monthly").read_text()
    for text, month in (
        (monthly, date(2017, 12, 1)),
        (monthly, date(2018, 1, 1)),
        (shelf.find(CODE).read_text(), None),
    ):
        row = commands.publish(market.staff[0], text, month)
        said = say(f"发布《{row.title}》", f"{row.title_en} is published")
        tell(Told(clock.now(), STAFF, said))
    seen = 0
    for step in sorted(_steps(), key=lambda one: one.at):
        go_to(step.at)
        seen = _tell_verdicts(seen, tell)
        who = SELLERS[step.who][0] if step.who else STAFF
        tell(Told(step.at, who, step.does(market)))
        hear()
        seen = _tell_verdicts(seen, tell)
    return [_ending(key, market) for key in SELLERS]


def _at(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return clock.start_of_day(date(year, month, day)) + timedelta(hours=hour)


def _in_2018(month: int, day: int, hour: int, who: str, does: Does) -> Step:
    return Step(_at(2018, month, day, hour), who, does)


# -------------------------------------------------------------------------- the script
def _steps() -> Iterator[Step]:
    yield from _earlier_seasons()
    yield from _entering()
    yield from _kept_out()
    yield from _selling()
    yield from _building_up()
    yield from _watching()
    yield from _fair_play()


def _earlier_seasons() -> Iterator[Step]:
    """The returning one is a member of January; the lapsed one was one of December."""
    for who, code, year, month in (
        ("lapsed", "monthly-2017-12", 2017, 11),
        ("returning", "monthly-2018-01", 2017, 12),
    ):
        yield Step(_at(year, month, 10), who, doing.rehearses(who, code))
        yield Step(_at(year, month, 20), who, doing.enrols(who, code))
    yield Step(_at(2017, 12, 5), "lapsed", doing.sells("lapsed", 1_500_000))
    yield Step(_at(2017, 12, 20), "lapsed", doing.sells("lapsed", 500_000))
    yield Step(_at(2018, 1, 8), "returning", doing.sells("returning", 1_050_000))


def _entering() -> Iterator[Step]:
    for who, month, day in (
        ("steady", 1, 5), ("fails_peak", 1, 12), ("late", 2, 3), ("short", 2, 6), ("brushing", 2, 8),
        ("exception", 2, 9), ("again", 2, 10), ("lapsed", 2, 11), ("invited", 2, 12),
        ("infringing", 2, 13), ("credit", 2, 17),
    ):  # fmt: skip
        yield _in_2018(month, day, 10, who, doing.rehearses(who, CODE))
        if who not in ("exception", "infringing"):
            revenue = Money.yuan("20000000" if who == "late" else "50000000")
            yield _in_2018(month, 20, 10, who, doing.enrols(who, CODE, revenue=revenue))
    yield _in_2018(1, 9, 10, "again", doing.rehearses("again", CODE, enough=False))
    yield _in_2018(1, 18, 10, "returning", doing.enrols("returning", CODE))
    reason = "行业知名品牌，线下年营业额 3 亿元。"
    yield _in_2018(2, 17, 12, "exception", doing.enrols("exception", CODE, reason))


def _kept_out() -> Iterator[Step]:
    """Ways that the calendar or a gate shuts."""
    yield _in_2018(1, 10, 10, "steady", doing.enrols("steady", CODE))
    yield _in_2018(1, 19, 10, "steady", doing.enrols("steady", CODE, month=900_000))
    yield _in_2018(1, 19, 11, "lapsed", doing.enrols("lapsed", CODE))
    yield _in_2018(1, 26, 10, "late", doing.rehearses("late", CODE))
    yield _in_2018(1, 28, 10, "again", doing.enrols("again", CODE))
    yield _in_2018(1, 15, 10, "credit", doing.rehearses("credit", CODE))
    yield _in_2018(2, 16, 10, "credit", doing.enrols("credit", CODE))
    yield _in_2018(2, 16, 11, "exception", doing.enrols("exception", CODE))
    yield _in_2018(1, 3, 10, "shut_out", doing.rehearses("shut_out", CODE))
    yield _in_2018(2, 4, 10, "shut_out", doing.rated("shut_out", 3))
    yield _in_2018(2, 4, 11, "shut_out", doing.rehearses("shut_out", CODE))
    yield _in_2018(2, 5, 10, "shut_out", doing.punished("shut_out", 36))
    yield _in_2018(2, 18, 10, "shut_out", doing.enrols("shut_out", CODE))
    yield _in_2018(2, 20, 11, "infringing", doing.infringes("infringing"))


def _selling() -> Iterator[Step]:
    for who, sales in {
        "steady": ((8, 250_000), (28, 550_000), (30, 300_000)),
        "late": ((20, 100_000), (28, 600_000), (30, 400_000)),
        "credit": ((8, 210_000), (30, 200_000)),
        "invited": ((9, 210_000), (30, 200_000)),
        "fails_peak": ((10, 300_000), (28, 400_000), (30, 400_000)),
        "short": ((12, 200_000), (28, 500_000), (30, 200_000)),
        "returning": ((5, 200_000), (28, 1_200_000), (31, 1_700_000)),
        "lapsed": ((6, 210_000), (28, 520_000), (29, 280_000)),
        "exception": ((7, 220_000), (28, 510_000), (31, 280_000)),
        "again": ((9, 230_000), (28, 530_000), (31, 250_000)),
    }.items():
        for day, yuan in sales:
            yield _in_2018(3, day, 11, who, doing.sells(who, yuan))


def _building_up() -> Iterator[Step]:
    """What is sold before the peak day and paid on it: on credit, and by invitations."""
    for place, day in enumerate((12, 17)):
        sells = doing.sells_on_credit("credit", 300_000, place)
        yield _in_2018(3, day, 10, "credit", sells)
        yield _in_2018(3, 28, 9 + place, "credit", doing.repaid(place))
    for day in (22, 24):
        invites = doing.invites("invited", 300_000, date(2018, 3, 28))
        yield _in_2018(3, day, 10, "invited", invites)
    yield _in_2018(3, 28, 15, "invited", doing.pays_invited("invited", 3))


def _watching() -> Iterator[Step]:
    """What members see: markers, benefits, tracks."""
    for who, day, hour, code in (
        ("credit", 20, 18, "build_up_a"), ("invited", 27, 18, "build_up_b"),
        ("credit", 28, 12, "peak_12"), ("invited", 28, 16, "peak_16"), ("fails_peak", 28, 23, "peak_24"),
    ):  # fmt: skip
        yield _in_2018(3, day, hour, who, doing.marker(who, code))
    for day in (2, 17, 30):
        yield _in_2018(3, day, 9, "late", doing.holds("late"))
    selected = ("selected_brand_station", "selected_corporate", "selected_large_buyers")
    joined = ("reseller_joined", "factory_joined", "cross_border_supplier", "inspected")
    yield _in_2018(3, 1, 15, "steady", doing.marked("steady", selected + joined))
    yield _in_2018(3, 1, 16, "returning", doing.marked("returning", ("importer",)))
    for who in ("steady", "returning"):
        yield _in_2018(4, 1, 9, who, doing.tracks(who))
    yield _in_2018(4, 2, 10, "short", doing.holds("short"))


def _fair_play() -> Iterator[Step]:
    yield _in_2018(3, 11, 10, "brushing", doing.brushes)
    yield _in_2018(3, 18, 10, "", doing.ruled)
    yield _in_2018(3, 29, 15, "fails_peak", doing.appeals("fails_peak"))
    yield _in_2018(3, 31, 15, "", doing.dismisses)


# -------------------------------------------------------------------------- what came of it
def _tell_verdicts(seen: int, tell: Callable[[Told], None]) -> int:
    """Tell the verdicts since one; the last that was told."""
    rows = Verdict.objects.filter(pk__gt=seen).select_related("membership__company", "run")
    for one in rows.order_by("pk"):
        again = Words("（重算）", " (again)") if one.revision > 1 else Words("", "")
        outcome = OUTCOMES[one.outcome]
        words = Words(f"{outcome.zh}{again.zh}", f"{outcome.en}{again.en}")
        said = Said(words, (one.run.code,), one.measured_fen, one.asked_fen)
        tell(Told(one.at, one.membership.company.name, said))
        seen = one.pk
    return seen


def _ending(key: str, market: Market) -> Ending:
    company_id = market.sellers[key].company_id
    row = SeasonRow.objects.get(code=CODE)
    verdicts = Verdict.objects.filter(
        membership__company=company_id, membership__season=row, superseded=False
    ).select_related("run")
    frozen = Freeze.objects.filter(company=company_id, kind="missed", lifted_at=None).first()
    member = Membership.objects.filter(company=company_id, season=row).first()
    return Ending(
        who=key,
        outcomes={one.run.code: one.outcome for one in verdicts.order_by("run__position")},
        state=member.state if member else "",
        frozen_until=frozen.until if frozen else None,
    )
