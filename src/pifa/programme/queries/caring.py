"""An account manager's members: who is behind, what is unpaid, what comes next and what it costs.
Operators only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pifa.kernel import clock
from pifa.kernel.actors import Actor
from pifa.metrics import queries as metrics
from pifa.parties.models import Company, User
from pifa.programme import policies
from pifa.programme.queries.naming import person
from pifa.programme.queries.war_room import MemberLine, Narrow, WarRoom, war_room
from pifa.programme.rules.checkpoints import Ahead, ahead, target_of
from pifa.programme.rules.season import Checkpoint
from pifa.trade.invitations.queries.unpaid import unpaid_of


@dataclass(frozen=True, slots=True)
class Cared:
    """A member before its account manager: the checkpoints that are still to come, and the
    invitations whose buyers have not paid (how many, their sum in fen)."""

    line: MemberLine
    ahead: tuple[Ahead, ...]
    unpaid: int
    unpaid_fen: int
    login: str
    phone: str


@dataclass(frozen=True, slots=True)
class Caring:
    """The members of one account manager in a season, who is behind first."""

    room: WarRoom
    members: tuple[Cared, ...]

    @property
    def unpaid_fen(self) -> int:
        return sum(one.unpaid_fen for one in self.members)


def members_of(actor: Actor, code: str, manager_id: int | None = None) -> Caring:
    """The members that an operator cares for (the actor, if nobody is named). At most eleven
    statements."""
    user_id = policies.may_review(actor)
    room = war_room(actor, code, Narrow(manager=manager_id or user_id))
    companies = [line.company_id for line in room.lines]
    today = clock.today()
    coming = [one for one in room.season.checkpoints if one.span.last >= today]
    spans = {one.code: (one.span.first, one.span.last) for one in coming}
    sales = metrics.sales_in(spans, companies) if companies else {}
    unpaid = unpaid_of(companies, clock.now()) if companies else {}
    contacts = {
        pk: (login, phone)
        for pk, login, phone in Company.objects.filter(pk__in=companies).values_list(
            "pk", "login", "phone"
        )
    }
    return Caring(
        room,
        tuple(
            Cared(
                line,
                _ahead(line, coming, sales.get(line.company_id, {})),
                *unpaid.get(line.company_id, (0, 0)),
                *contacts[line.company_id],
            )
            for line in room.lines
        ),
    )


def staff(actor: Actor) -> list[tuple[int, str]]:
    """Who may care for members: the market's staff at work, by name. One statement."""
    policies.may_review(actor)
    rows = User.objects.filter(is_staff=True, is_active=True)
    return sorted(((one.pk, person(one)) for one in rows), key=lambda one: one[1])


def _ahead(
    line: MemberLine, coming: Sequence[Checkpoint], sales: Mapping[str, int]
) -> tuple[Ahead, ...]:
    today = clock.today()
    return tuple(
        ahead(
            one,
            sales.get(one.code, 0),
            target_of(one.target, line.month_fen, line.peak_fen),
            today,
            line.today_fen,
        )
        for one in coming
    )
