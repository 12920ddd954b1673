"""What companies hold now, and held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pifa.kernel.actors import Actor
from pifa.parties import policies
from pifa.standing.labels import step_name
from pifa.standing.models import Kind, Standing
from pifa.standing.profiles import present


@dataclass(frozen=True, slots=True)
class HeldStep:
    """A step and since when it is held; `code` is empty for none."""

    kind: str
    code: str
    rank: int
    name: str
    since: date


@dataclass(frozen=True, slots=True)
class CompanyStanding:
    """What a company holds; None for what it was never rated for."""

    level: HeldStep | None = None
    credit: HeldStep | None = None
    medal: HeldStep | None = None
    tier: HeldStep | None = None


@dataclass(frozen=True, slots=True)
class SpanView:
    """What was held from a day on, until the day before another (None: still)."""

    code: str
    rank: int
    name: str
    since: date
    until: date | None


def standing_of(company_id: int) -> CompanyStanding:
    """What a company holds by the latest rating. One statement."""
    return CompanyStanding(**{kind: spans[-1] for kind, spans in _steps([company_id]).items()})


def levels_of(company_ids: Iterable[int]) -> dict[int, str]:
    """The level of each company that was rated, as it is spoken of (`L3`). One statement."""
    return {key: f"L{rank}" for key, (_code, rank) in _latest(Kind.LEVEL, company_ids).items()}


def medals_of(company_ids: Iterable[int]) -> dict[int, int]:
    """The medal of each seller that holds one: 1 for 1A … 5 for 5A. One statement."""
    found = _latest(Kind.MEDAL, company_ids)
    return {key: rank for key, (code, rank) in found.items() if code}


def is_certified(actor: Actor, company_id: int) -> bool:
    """Whether an operator certified the seller as strong offline. Operators."""
    policies.require_operator(actor)
    found = present([company_id]).get(company_id)
    return found is not None and found.ka_certified


def history(company_id: int, kind: str) -> tuple[SpanView, ...]:
    """What a company held of one kind, oldest first; nothing before it was rated. One statement."""
    rows = list(
        Standing.objects.filter(company=company_id, kind=kind)
        .order_by("since")
        .values_list("code", "rank", "since")
    )
    ends = [*(since for _, _, since in rows[1:]), None][: len(rows)]
    return tuple(
        SpanView(code, rank, step_name(kind, code), since, end)
        for (code, rank, since), end in zip(rows, ends, strict=True)
    )


def _steps(company_ids: list[int]) -> dict[str, list[HeldStep]]:
    found: dict[str, list[HeldStep]] = {}
    rows = Standing.objects.filter(company__in=company_ids).order_by("since")
    for kind, code, rank, since in rows.values_list("kind", "code", "rank", "since"):
        step = HeldStep(kind, code, rank, step_name(kind, code), since)
        found.setdefault(kind, []).append(step)
    return found


def _latest(kind: str, company_ids: Iterable[int]) -> dict[int, tuple[str, int]]:
    rows = Standing.objects.filter(kind=kind, company__in=list(company_ids)).order_by("since")
    return {key: (code, rank) for key, code, rank in rows.values_list("company", "code", "rank")}
