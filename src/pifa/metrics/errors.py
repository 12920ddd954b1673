"""What metrics refuse, in words a person can act on and with the figures."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class DayNotOver(DomainError):
    """A market day can be closed when it has ended."""

    code = "metrics.day_not_over"
    message = _("{day} 还没有结束，现在是 {today}；结束后才能关账。")


class FactsIncomplete(DomainError):
    """Events of the day or before have not become facts yet: closing would lose them."""

    code = "metrics.facts_incomplete"
    message = _("{day} 及以前还有 {waiting} 个事件未处理，最早的发生于 {since}；处理完才能关账。")


class ProjectionsDiffer(DomainError):
    """The lake's figures of a day are not those of the projections.

    `rows`: seller, buyer, day, and what each of the two says, up to twenty of them.
    """

    code = "metrics.projections_differ"
    message = _("{days} 的数据湖与汇总表有 {count} 处不一致，请重建这一天：{rows}")


class FactsDiffer(DomainError):
    """Facts in the table are not what the outbox says, or it lacks some (which a rebuild mends)."""

    code = "metrics.facts_differ"
    message = _("{day} 有 {count} 条记录与事件不符：{keys}")


class DaysMissing(DomainError):
    """Days that a measurement looks back on do not lie in the lake; the first twenty are named."""

    code = "metrics.days_missing"
    message = _("评定 {day} 所需的数据缺少 {count} 天：{days}；请先运行 pifa facts close。")
