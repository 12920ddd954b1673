"""What this floor refuses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pifa.kernel.errors import DomainError


class DayNotRated(DomainError):
    """There is no rating of that day (yet)."""

    code = "standing.day_not_rated"
    status = 404
    message = _("{day} 没有评定结果。最近一次评定是 {last}。")


class DayAhead(DomainError):
    """A day is rated from its first moment on, when the days before it are over."""

    code = "standing.day_ahead"
    message = _("{day} 还没有到，今天是 {today}。")
