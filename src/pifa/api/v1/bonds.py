"""The performance bond: a premium instead of the frozen deposit."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pifa.api.auth import actor_of
from pifa.api.fields import Flag, In, Out, Yuan
from pifa.api.routing import Topic
from pifa.finance import commands
from pifa.finance.insurance.bond import queries

topic = Topic()


class BondTermOut(Out):
    """A term of a bond, from `since` to `last_day`; `claimed` is what the insurer paid."""

    number: str
    cover: Yuan
    premium: Yuan
    claimed: Yuan
    left: Yuan
    since: date
    last_day: date
    renews: bool
    state: str
    state_label: str
    taken_at: datetime
    ended_at: datetime | None


class BondOut(Out):
    """What a bond would cost today, the one that runs, what the insurer is owed, and all terms."""

    joined: bool
    required: Yuan
    deposit: Yuan
    cover: Yuan
    premium: Yuan
    premium_rate: Decimal
    term_days: int
    insurer: str
    owed: Yuan
    current: BondTermOut | None
    history: list[BondTermOut]


class BondTakenOut(Out):
    """The number of the bond."""

    number: str


class RenewalIn(In):
    """Whether the bond is renewed at its end."""

    on: Flag


class RefrozenOut(Out):
    """What of the deposit was frozen again from the balance."""

    frozen: Yuan


@topic.reads("/company/bond", BondOut, _("履约保证金险"), _("主账号和财务。"))
def bond(request: HttpRequest) -> object:
    return queries.bond(actor_of(request))


@topic.writes(
    "POST",
    "/company/bond",
    BondTakenOut,
    _("投保履约保证金险"),
    _("主账号和财务。付一年保费，保证金回到余额。"),
    status=201,
)
def take_bond(request: HttpRequest) -> dict[str, str]:
    return {"number": commands.take_bond(actor_of(request))}


@topic.writes("PUT", "/company/bond/renewal", None, _("到期自动续保"), _("主账号和财务。"))
def renewal(request: HttpRequest, wanted: RenewalIn) -> None:
    commands.renew_bond_by_itself(actor_of(request), wanted.on)


@topic.writes(
    "DELETE", "/company/bond", RefrozenOut, _("改回冻结保证金"), _("主账号和财务。保费不退。")
)
def give_up(request: HttpRequest) -> dict[str, object]:
    return {"frozen": commands.give_bond_up(actor_of(request))}
