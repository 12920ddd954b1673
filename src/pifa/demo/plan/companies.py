"""The companies of the demo market with their people, each with the standing it is meant for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from pifa.demo import setting
from pifa.demo.plan.programme import Part, parts
from pifa.demo.plan.standing import (
    BuyerTarget,
    SellerTarget,
    buyer_targets,
    seller_targets,
)
from pifa.demo.vocabulary import (
    LINES,
    AddressSpec,
    BuyerSort,
    BuyerSpec,
    Line,
    MedalSystem,
    PersonSpec,
    SellerSpec,
    make_address,
    make_buyer,
    make_person,
    make_seller,
)
from pifa.demo.vocabulary.chance import below, between, chance, pick, shuffled, weighted
from pifa.kernel.actors import Role

OWNER, PURCHASER, CLERK, FINANCE = Role.OWNER, Role.PURCHASER, Role.CLERK, Role.FINANCE
_NAMED_LINE = "fasteners"
ACCEPTED_GRADES = ("AA", "BBB", "AAA", "A")
"""Integrity grades with which a company may enter the programme."""


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """A member of a company and how to sign in."""

    username: str
    name: str
    email: str
    mobile: str
    roles: tuple[Role, ...]
    english: bool = False


@dataclass(frozen=True, slots=True)
class SellerPlan:
    """A seller; `index` tells sellers apart within the plan."""

    index: int
    spec: SellerSpec
    target: SellerTarget
    joined: datetime
    people: tuple[PersonPlan, ...]
    grade: str
    protected: bool
    member_years: int
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class BuyerPlan:
    """A buyer; `index` tells buyers apart within the plan."""

    index: int
    spec: BuyerSpec
    target: BuyerTarget
    joined: datetime
    people: tuple[PersonPlan, ...]
    addresses: tuple[tuple[PersonSpec, AddressSpec], ...]


def make_sellers(rng: Random, scale: float, taken: set[str]) -> list[SellerPlan]:
    """Every seller of the market; `taken` as in `vocabulary.make_seller`."""
    targets = seller_targets(rng, scale)
    lines = _lines_for(rng, targets)
    taking_part = parts(targets)
    sellers = [
        _seller(rng, index, target, line, taken)
        for index, (target, line) in enumerate(zip(targets, lines, strict=True))
    ]
    return [_entered(plan, taking_part.get(plan.index)) for plan in sellers]


def _entered(plan: SellerPlan, part: Part | None) -> SellerPlan:
    """A seller that takes part in the programme has what its entry asks, but for the exception."""
    if part is None:
        return plan
    grade = plan.grade if plan.grade in ACCEPTED_GRADES else "A"
    if part is Part.EXCEPTION:
        grade = "BB"
    return replace(plan, part=part, grade=grade, protected=True)


def make_buyers(rng: Random, scale: float, taken: set[str]) -> list[BuyerPlan]:
    """Every buyer of the market; `taken` as in `vocabulary.make_buyer`."""
    return [
        _buyer(rng, index, target, taken) for index, target in enumerate(buyer_targets(rng, scale))
    ]


def _lines_for(rng: Random, targets: list[SellerTarget]) -> list[Line]:
    """A line of business for each target: of its medal system, every line of it at least once."""
    decks = {}
    for system in MedalSystem:
        lines = [line for line in LINES if line.top_category.medal_system is system]
        decks[system] = _deck(rng, lines, sum(target.system is system for target in targets))
    named = next(line for line in LINES if line.key == _NAMED_LINE)
    _first, *others = targets
    return [named, *(next(decks[target.system]) for target in others)]


def _deck(rng: Random, lines: list[Line], count: int) -> Iterator[Line]:
    shares = [(line, line.market_share) for line in lines]
    more = [weighted(rng, shares) for _ in range(max(count - len(lines), 0))]
    return iter(shuffled(rng, [*lines, *more]))


def _seller(
    rng: Random, index: int, target: SellerTarget, line: Line, taken: set[str]
) -> SellerPlan:
    spec = make_seller(rng, line, taken)
    named = index == 0
    owner = setting.SELLER if named else spec.login
    people = [_person(owner, spec.contact, spec.email, (OWNER,))]
    staff = ((CLERK,), (FINANCE,), (CLERK, FINANCE), (PURCHASER,))
    for number in range(2 if named else below(rng, 3)):
        hired = make_person(rng)
        username = f"{owner}-{number + 2}"
        roles = staff[number] if named else pick(rng, staff)
        people.append(_person(username, hired, f"{username}@{spec.email.split('@')[1]}", roles))
    grades = (("AAA", 2), ("AA", 4), ("A", 6), ("", 5), ("BBB", 2), ("BB", 1))
    return SellerPlan(
        index=index,
        spec=spec,
        target=target,
        joined=_day_in(rng, 0, 200),
        people=tuple(people),
        grade="AA" if named else weighted(rng, grades),
        protected=named or chance(rng, 0.55),
        member_years=(2 if named else between(rng, 2, 3)) if target.member else 0,
    )


def _buyer(rng: Random, index: int, target: BuyerTarget, taken: set[str]) -> BuyerPlan:
    sorts = (
        (BuyerSort.SHOP, 30),
        (BuyerSort.FACTORY, 30),
        (BuyerSort.TRADER, 20),
        (BuyerSort.ONLINE, 20),
    )
    big = target.level >= 4 or target.exact
    spec = make_buyer(rng, BuyerSort.TRADER if big else weighted(rng, sorts), taken)
    named = index == 0
    owner = setting.BUYER if named else spec.login
    people = [_person(owner, spec.contact, spec.email, (OWNER,), english=chance(rng, 0.04))]
    for number in range(2 if named else below(rng, 3) if big else int(chance(rng, 0.25))):
        hired = make_person(rng)
        username = f"{owner}-{number + 2}"
        roles = (PURCHASER,) if number == 0 else (FINANCE,)
        people.append(_person(username, hired, f"{username}@{spec.email.split('@')[1]}", roles))
    addresses = [(spec.contact, spec.address)]
    for _ in range(2 if named else int(chance(rng, 0.3))):
        works = spec.sort is BuyerSort.FACTORY
        addresses.append((make_person(rng), make_address(rng, spec.city, works=works)))
    # Somebody who buys little may have come only this spring.
    late = target.level <= 2 and not target.exact and chance(rng, 0.3)
    return BuyerPlan(
        index=index,
        spec=spec,
        target=target,
        joined=_day_in(rng, 310, 420) if late else _day_in(rng, 10, 290),
        people=tuple(people),
        addresses=tuple(addresses),
    )


def _person(
    username: str,
    person: PersonSpec,
    email: str,
    roles: tuple[Role, ...],
    *,
    english: bool = False,
) -> PersonPlan:
    return PersonPlan(username, person.name, email, person.phone, roles, english)


def _day_in(rng: Random, first: int, last: int) -> datetime:
    """A working moment some days after the market was founded."""
    day = setting.FOUNDED + timedelta(days=between(rng, first, last))
    return day.replace(hour=between(rng, 9, 17), minute=below(rng, 60), second=below(rng, 60))
