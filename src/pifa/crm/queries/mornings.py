"""What a keeper opens in the morning: whom to call today, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Case, Count, F, Q, QuerySet, Value, When

from pifa.crm.models import CustomerFile
from pifa.crm.policies import may_read
from pifa.crm.queries.files import FileRow, rows_of
from pifa.crm.rules.standing import SOON
from pifa.kernel import clock
from pifa.kernel.actors import Actor

SHOWN = 50
TOP = 20
NOBODY = 0
"""In the place of a keeper: files that no active member keeps."""


class Section(StrEnum):
    """Why a file is in the list."""

    FOLLOWUP = "followup"
    DUE = "due"
    SLIPPING = "slipping"
    TOP = "top"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many files wait in each section; of the top ones at most `TOP` are named."""

    followups: int = 0
    due: int = 0
    slipping: int = 0
    top: int = 0

    @property
    def any(self) -> bool:
        """Whether there is anybody to call."""
        return bool(self.followups or self.due or self.slipping)


@dataclass(frozen=True, slots=True)
class Morning:
    """The list of a day. `as_of` is the day of the oldest figures in it, None without files."""

    day: date
    counts: Waiting
    followups: tuple[FileRow, ...]
    due: tuple[FileRow, ...]
    slipping: tuple[FileRow, ...]
    top: tuple[FileRow, ...]


def morning(actor: Actor, keeper_id: int | None = None, shown: int = SHOWN) -> Morning:
    """The list of the actor's company for today, of one keeper (`NOBODY`) or of all; ten statements.

    Follow-ups by day, the due by how likely they buy, the slipping by what they paid; each section its first `shown`.
    """
    seller_id, today = may_read(actor), clock.today()
    rows = _of(seller_id, keeper_id)
    due = rows.filter(_loud(today) & _due(today))
    slipping = rows.filter(_loud(today) & _slipping())
    wanted = (
        rows.filter(next_day__lte=today).order_by("next_day", "-figures__amount_fen", "pk"),
        due.order_by("-figures__chance", "-figures__amount_fen", "pk"),
        slipping.order_by("-figures__amount_fen", "pk"),
    )
    top = rows.filter(figures__amount_fen__gt=0).order_by("-figures__amount_fen", "pk")
    picked = [list(one[:shown]) for one in wanted] + [list(top[: min(TOP, shown)])]
    found = rows_of([row for section in picked for row in section])
    sections = [tuple(found[row.pk] for row in section) for section in picked]
    return Morning(today, _counts(rows, today), *sections)


def waiting(seller_id: int, today: date) -> dict[int, Waiting]:
    """How many wait in each section of a seller's list, by keeper (`NOBODY`); one statement."""
    kept = Case(When(keeper__active=True, then=F("keeper_id")), default=Value(NOBODY))
    many = _many(today)
    rows = _of(seller_id, None).annotate(whose=kept).order_by().values("whose").annotate(**many)
    return {
        whose: _waiting(dict(zip(many, counts, strict=True)))
        for whose, *counts in rows.values_list("whose", *many)
    }


def _of(seller_id: int, keeper_id: int | None) -> QuerySet[CustomerFile]:
    rows = CustomerFile.objects.filter(seller=seller_id, merged_into=None)
    if keeper_id == NOBODY:
        return rows.filter(Q(keeper=None) | Q(keeper__active=False))
    return rows if keeper_id is None else rows.filter(keeper=keeper_id)


def _counts(rows: QuerySet[CustomerFile], today: date) -> Waiting:
    return _waiting(rows.aggregate(**_many(today)))


def _waiting(found: dict[str, int]) -> Waiting:
    return Waiting(**found | {"top": min(found["top"], TOP)})


def _many(today: date) -> dict[str, Count]:
    def many(condition: Q) -> Count:
        return Count(Case(When(condition, then=F("pk"))))

    return {
        "followups": many(Q(next_day__lte=today)),
        "due": many(_loud(today) & _due(today)),
        "slipping": many(_loud(today) & _slipping()),
        "top": many(Q(figures__amount_fen__gt=0)),
    }


def _loud(today: date) -> Q:
    """Not snoozed, and not called lately."""
    return Q(quiet_until=None) | Q(quiet_until__lte=today)


def _due(today: date) -> Q:
    return Q(figures__likely=True) | Q(figures__runs_out__lte=today + timedelta(days=SOON))


def _slipping() -> Q:
    return Q(figures__slipping=True)
