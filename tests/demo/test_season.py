"""March 2018 played through, and every outcome by its rule."""

from __future__ import annotations

from datetime import date

import pytest

from pifa.demo.season.play import SELLERS, Ending, Told, play

pytestmark = [pytest.mark.django_db, pytest.mark.own_clock]


def test_the_season_of_march_2018_ends_as_its_rules_say() -> None:
    story: list[Told] = []
    endings = {one.who: one for one in play(story.append)}
    assert set(endings) == set(SELLERS)

    def of(who: str) -> tuple[list[str], str]:
        one: Ending = endings[who]
        return list(one.outcomes.values()), one.state

    # CHECK-15, CHECK-PEAK, CHECK-MONTH: passed one after the other.
    for who in ("steady", "returning", "lapsed", "exception", "again"):
        assert of(who) == (["kept", "kept", "renewed"], "renewed"), who
    # CHECK-RESTORE: the traffic tag is lost on the 16th and comes back with the peak.
    assert of("late") == (["traffic_lost", "kept", "renewed"], "renewed")
    # CHECK-PEAK is missed, the month is not.
    assert of("fails_peak") == (["kept", "traffic_lost", "renewed"], "renewed")
    # CHECK-FREEZE: nine tenths are not enough in March; three months.
    assert of("short") == (["kept", "kept", "frozen"], "removed")
    assert endings["short"].frozen_until == date(2018, 7, 1)
    # FAIR-BRUSHING, FAIR-RECOMPUTED: CHECK-15 was passed by an order that was ruled out since.
    assert of("brushing") == (["traffic_lost"], "removed")

    told = "\n".join(f"{one.who} {one.what}" for one in story)
    # CAL-RETURNING, CAL-SAME-ROUND, CAL-AGAIN, ENTRY-GRADE, ENTRY-EXCEPTION.
    assert "老山工具 报名《2018 年 3 月通天计划》通过（returning）" in told
    assert "东辉五金 报名被拒：新通天商家要先在当月报名并通过彩排。" in told
    assert "新起点五金 报名被拒：当月彩排还没有通过" in told
    assert "铭泰精工 报名被拒：还不符合报名条件：ENTRY-GRADE" in told
    assert "铭泰精工 申请特批：second → approved" in told
    assert [one.at for one in story] == sorted(one.at for one in story)
